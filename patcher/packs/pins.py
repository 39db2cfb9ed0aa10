"""The pin of a pack: a shipped one by name, or a table of its own."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from patcher.model import Pin
from patcher.packs.tables import Table, read
from patcher.resources import VENDOR

_FOLDER = VENDOR / "upstreams"
KEYS = ("name", "repository", "commit", "date", "root", "program", "omit", "sha256")


def pin_of(pack: Table) -> Pin:
    """The pin that a pack names in `upstream`.

    Raises:
        PackError: There is none of that name, or it is not a pin.
    """
    named = pack.values.get("upstream")
    if not isinstance(named, str):
        return _pin(pack.table("upstream"))
    known = sorted(file.stem for file in _FOLDER.glob("*.toml"))
    if named not in known:
        wanted = f"one of {', '.join(known)}, or a table"
        raise pack.error("upstream", f"no shipped upstream `{named}`", wanted)
    return _pin(read(_FOLDER / f"{named}.toml"))


def _pin(table: Table) -> Pin:
    table.require_known(KEYS)
    commit = table.get("commit", str)
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise table.error("commit", f"found {commit!r}", "a full commit id, 40 hex digits")
    digests = table.table("sha256", {})
    for path in digests.values:
        require_path(digests, path, path)
        if not re.fullmatch("[0-9a-f]{64}", found := digests.get(path, str)):
            raise digests.error(path, f"found {found!r}", "a SHA-256, 64 hex digits")
    root, program = table.get("root", str, ""), table.get("program", str, "")
    for key, path in (("root", root), ("program", program)):
        if path:
            require_path(table, key, path)
    repository = table.get("repository", str)
    name = table.get("name", str, repository.rstrip("/").rpartition("/")[2].removesuffix(".git"))
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise table.error("name", f"found {name!r}", "a name that can be a folder's")
    omit = table.strings("omit", [])
    sha256 = {path: str(value) for path, value in digests.values.items()}
    return Pin(name, repository, commit, root, program, omit, sha256)


def require_path(table: Table, key: str, path: str) -> None:
    """Check that a path names something below the checkout's root.

    Raises:
        PackError: It does not.
    """
    parts = path.split("/")
    plain = PurePosixPath(path).as_posix() == path and path.isprintable() and "\\" not in path
    if not plain or {"", ".", "..", ".git"} & {part.lower() for part in parts}:
        raise table.error(key, f"found {path!r}", "a path below the checkout's root, with `/`")
