"""The pin of a pack: a shipped one by name, or a table of its own."""

from patcher.model import Pin
from patcher.packs.tables import ANY, TABLE, TEXT, TEXTS, Key, Table, read
from patcher.paths import is_plain
from patcher.resources import VENDOR

_FOLDER = VENDOR / "upstreams"
_NAME = (r"\w[\w.-]*", "a name that can be a folder's")
_NAMELESS = "upstream"  # a pin without a name and a repository
DIGEST = Key(pattern=("[0-9a-f]{64}", "a SHA-256, 64 hex digits"))
KEYS = {
    "name": Key(TEXT, "", pattern=_NAME),
    "repository": Key(TEXT, "", "Its address; left out together with the commit."),
    "commit": Key(TEXT, "", pattern=("[0-9a-f]{40}", "a full commit id, 40 hex digits")),
    "date": Key(ANY, ""),
    "root": Key(TEXT, "", "The folder that imports start from."),
    "program": Key(TEXT, "", "The file that the upstream is run by."),
    "omit": Key(TEXTS, [], "Patterns of files that a checkout leaves out."),
    "sha256": Key(TABLE, {}),
}


def pin_of(pack: Table) -> Pin:
    """The pin that a pack names in `upstream`.

    Raises:
        PackError: There is none of that name, or it is not a pin.
    """
    named = pack.values.get("upstream")
    if not isinstance(named, str):
        return _pin(pack.get("upstream", Key(TABLE)))
    known = sorted(file.stem for file in _FOLDER.glob("*.toml"))
    if named not in known:
        wanted = f"one of {', '.join(known)}, or a table"
        raise pack.error("upstream", f"no shipped upstream `{named}`", wanted)
    return _pin(read(_FOLDER / f"{named}.toml"))


def _pin(table: Table) -> Pin:
    address: str = table.get("repository", KEYS["repository"])
    name = address.rstrip("/").rpartition("/")[2].removesuffix(".git") if address else _NAMELESS
    values = Table(table.place, {"name": name, **table.values}).read(KEYS)
    for key, other in (("repository", "commit"), ("commit", "repository")):
        if values[other] and not values[key]:
            raise table.error(key, "missing key", f"one with `{other}`", "add it")
    if not (address or values["sha256"].values):
        wanted = "the digests of the files, where there is no `repository`"
        raise table.error("sha256", "missing key", wanted, "add them")
    for key in ("root", "program"):
        if values[key]:
            require_path(table, key, values[key])
    digests: Table = values["sha256"]
    for path in digests.values:
        require_path(digests, path, path)
    del values["date"]
    return Pin(**{**values, "sha256": digests.read_all(DIGEST)})


def require_path(table: Table, key: str, path: str, root: str = "the checkout's root") -> None:
    """Check that a path names something below a folder; `root` says which, for the sentence.

    Raises:
        PackError: It does not.
    """
    if not is_plain(path):
        raise table.error(key, f"found {path!r}", f"a path below {root}, with `/`")
