"""The pin, and a checkout of it: blobless, sparse, one commit deep, verified."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patcher.errors import BrokenCheckout, GitFailed, NotAFolder, Unwritable, WrongContent, reason
from patcher.resources import VENDOR
from patcher.tree.files import Tree

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from git import RemoteProgress

# Notebooks and pictures are most of the upstream and of no use here.
_SPARSE = ("/*", "!*.ipynb", "!*.png")


@dataclass(frozen=True, slots=True)
class Pin:
    """What the rules are written against.

    Attributes:
        repository: Address of the upstream.
        commit: Full id of the commit.
        sha256: Hex digest of each file that rules touch, by path.
    """

    repository: str
    commit: str
    sha256: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What `fetch` did.

    Attributes:
        fresh: False where a good checkout was there already.
        aside: Where the folder that stood in the way is now, if there was one.
    """

    fresh: bool
    aside: Path | None = None


def read_pin() -> Pin:
    """The pin in `vendor/upstream.toml`."""
    values: dict[str, Any] = tomllib.loads(
        (VENDOR / "upstreams" / "automl.toml").read_text("utf-8")
    )
    return Pin(values["repository"], values["commit"], values["sha256"])


def destination(dest: Path) -> Path:
    """The folder that a path names, behind links, with a name of its own.

    Raises:
        BrokenCheckout: It is the root of the file system.
    """
    folder = Path(os.path.realpath(dest))
    if not folder.name:
        raise BrokenCheckout(str(dest), "the root of the file system")
    return folder if str(dest) in (".", "") or dest.is_symlink() else dest


def fetch(
    dest: Path,
    url: str,
    commit: str,
    *,
    force: bool = False,
    progress: RemoteProgress | None = None,
) -> Fetched:
    """Make `dest` a checkout of `commit`, unless it is one already.

    The checkout is made beside `dest` and moved there when it is whole.

    Args:
        dest: The folder to make.
        url: Where to fetch from.
        commit: Full id of the commit.
        force: Set aside what stands at `dest` in the way, and what a broken-off fetch left.
        progress: Told how the download goes.

    Returns:
        What was done.

    Raises:
        NotAFolder: A file, a device or the like is at `dest`.
        BrokenCheckout: Another folder is at `dest`, and `force` is not given.
        WrongContent: A file is not the pinned one; `dest` is as it was.
        GitFailed: git could not fetch; `dest` is as it was.
    """
    pin = read_pin()
    digests = pin.sha256 if commit == pin.commit else {}
    if os.path.lexists(dest) and not dest.is_dir():
        raise NotAFolder(str(dest))
    fault = _fault(dest, commit, digests)
    if fault == "":
        return Fetched(fresh=False)
    part = dest.with_name(f".{dest.name}.part")
    if fault and not force:
        raise BrokenCheckout(str(dest), fault)
    if part.exists() and not force:
        raise BrokenCheckout(str(part), "a fetch that was broken off, or is still running")
    made = [folder for folder in part.parents if not folder.exists()]
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _check_out(part, url, commit, progress)
        _verify(part, dest, digests)
        aside = _set_aside(dest) if fault else None
        part.replace(dest)
    except OSError as error:
        raise Unwritable(str(dest), reason(error)) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
        for folder in made:
            with suppress(OSError):  # where the checkout is now
                folder.rmdir()
    return Fetched(fresh=True, aside=aside)


def _fault(dest: Path, commit: str, digests: Mapping[str, str]) -> str | None:
    """What is wrong with the checkout at `dest`: "" for nothing, None where there is none."""
    if not dest.exists() or (dest.is_dir() and not any(dest.iterdir())):
        return None
    if not (dest / ".git").exists():
        return "not a checkout"
    tree = Tree(str(dest), dest.resolve())
    try:
        head = tree.commit()
    except GitFailed:
        return "a checkout that git cannot read"
    if head != commit:
        return f"a checkout of {head[:12]}" if head else "a checkout without a commit"
    missing = [path for path in digests if not (dest / path).is_file()]
    if missing or not (dest / "efficientdet").is_dir():
        return f"a checkout that lacks {(*missing, 'efficientdet/')[0]}"
    edited = [path for path in digests if _digest(dest / path) != digests[path]]
    edited = edited or tree.modified()
    more = f" and {len(edited) - 1} more" if edited[1:] else ""
    return f"a checkout that was patched or edited in {edited[0]}{more}" if edited else ""


def _check_out(part: Path, url: str, commit: str, progress: RemoteProgress | None) -> None:
    import git
    from git.cmd import handle_process_output
    from git.util import finalize_process

    try:
        with git.Repo.init(part) as repo:
            repo.git.update_environment(GIT_TERMINAL_PROMPT="0")
            with repo.config_writer() as config:
                config.set_value("core", "autocrlf", "false")
            repo.git.sparse_checkout("set", "--no-cone", *_SPARSE)
            remote = repo.create_remote("origin", url)
            remote.fetch(commit, progress=progress, depth=1, filter="blob:none", no_tags=True)
            process = repo.git.checkout("--detach", "--progress", "FETCH_HEAD", as_process=True)
            lines = (progress or git.RemoteProgress()).new_message_handler()
            handle_process_output(process, None, lines, finalize_process)
    except git.GitError as error:
        raise GitFailed(url, _last_line(error)) from None


def _last_line(error: Exception) -> str:
    said = str(getattr(error, "stderr", "") or error).strip().splitlines()
    fatal = next((line for line in said if "fatal: " in line), said[-1])
    return fatal.rpartition("fatal: ")[2].strip(" '")


def _verify(part: Path, dest: Path, digests: Mapping[str, str]) -> None:
    for path, wanted in digests.items():
        found = _digest(part / path) if (part / path).is_file() else "missing"
        if found != wanted:
            raise WrongContent(f"{dest}/{path}", found, wanted)


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _set_aside(dest: Path) -> Path:
    for number in count(1):
        aside = dest.with_name(f"{dest.name}.{number}")
        if not aside.exists():
            return dest.rename(aside)
    raise AssertionError("count() does not end")
