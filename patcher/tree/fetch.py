"""A checkout of a pin: without history, without the files it omits, and verified."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from patcher import reading
from patcher.errors import GitError, TreeError, WriteError, reason
from patcher.model import Pin
from patcher.tree.aside import put_back, set_aside
from patcher.tree.files import Tree, digest
from patcher.tree.git import HOOK_VARIABLES, Settings, environment, failed, prepare_gitpython
from patcher.tree.repository import LARGEST

if TYPE_CHECKING:
    from git import Git, RemoteProgress

_PIECE = 1 << 16
_KEPT = 100  # lines of what git says


@dataclass(frozen=True, slots=True)
class Fetched:
    """What `fetch` did.

    Attributes:
        fresh: Whether it made the checkout; False where a good one was there.
        moved: What was in the way, and where it is now.
    """

    fresh: bool
    moved: tuple[tuple[Path, Path], ...] = ()


def destination(dest: Path) -> Path:
    """The folder that a path names, behind links, with a name of its own.

    Raises:
        TreeError: It is the root of the file system.
    """
    folder = Path(os.path.realpath(dest))
    if not folder.name:
        next_step = "name a folder in it"
        raise TreeError(str(dest), "the root of the file system", "a new folder", next_step)
    return folder if str(dest) in (".", "") or dest.is_symlink() else dest


def fetch(
    dest: Path, pin: Pin, *, force: bool = False, progress: RemoteProgress | None = None
) -> Fetched:
    """Make `dest` a checkout of a pin, unless it is one already.

    The checkout is made next to `dest` and moved there once it is complete. Nothing is removed but
    what this very call has made.

    Args:
        dest: The folder to make.
        pin: What to fetch, from where; with no SHA-256 in it, no file is verified.
        force: Set aside a folder that is at `dest`, and what is where the checkout is made.
        progress: Receives the progress of the download.

    Raises:
        TreeError: Something else is at `dest`, or a file is not the pinned one.
        GitError: git could not fetch.
        WriteError: The folder cannot be written. In each case all is as it was.
    """
    if os.path.lexists(dest) and not dest.is_dir():
        raise TreeError(str(dest), "not a folder", "room for a checkout", "name another place")
    there = dest.exists() and any(dest.iterdir())
    fault = _fault(dest, pin) if there else ""
    if there and not fault:
        return Fetched(fresh=False)
    part = dest.with_name(f".{dest.name}.part")
    for place, found in ((dest, fault), (part, _in_the_way(part))):
        if found and not force:
            next_step = f"`effpatch fetch {dest} --force` moves the folder aside and fetches again"
            if "patched" in found:
                next_step = f"`effpatch revert {dest}` undoes edits of effpatch; {next_step}"
            raise TreeError(str(place), found, f"a checkout of {pin.commit[:12]}", next_step)
    made = [folder for folder in part.parents if not folder.exists()]
    try:
        with _room_for(part) as part_aside:
            _check_out(part, pin, progress)
            _verify(part, dest, pin.sha256)
            aside = _move(part, dest, occupied=bool(fault))
    except OSError as error:
        next_step = "fix that, or name another place"
        raise WriteError(str(dest), f"cannot be written ({reason(error)})", "", next_step) from None
    finally:
        for folder in made:
            with suppress(OSError):  # where the checkout is now
                folder.rmdir()
    moved = ((part, part_aside), (dest, aside))
    return Fetched(True, tuple((place, now) for place, now in moved if now))


def _in_the_way(part: Path) -> str:
    """What is where a checkout is made; "" for nothing."""
    if not os.path.lexists(part):
        return ""
    is_folder = part.is_dir() and not part.is_symlink()
    return "a fetch that was interrupted, or is still running" if is_folder else "not a folder"


@contextmanager
def _room_for(part: Path) -> Iterator[Path | None]:
    """Make a folder, which is removed if it is not moved; what was there is set aside.

    That comes back if nothing is made of the folder. Gives where it is meanwhile.
    """
    aside = set_aside(part) if os.path.lexists(part) else None
    try:
        part.mkdir(parents=True)
        made = part.lstat()
        try:
            yield aside
        finally:
            if os.path.lexists(part) and os.path.samestat(made, part.lstat()):
                shutil.rmtree(part, ignore_errors=True)
    except BaseException:
        if aside:
            put_back(aside, part)
        raise


def _move(part: Path, dest: Path, *, occupied: bool) -> Path | None:
    """Move a checkout to its place; gives where what was there is now."""
    aside = set_aside(dest) if occupied else None
    try:
        part.replace(dest)
    except OSError:
        if aside:
            put_back(aside, dest)
        raise
    return aside


def _fault(dest: Path, pin: Pin) -> str:
    """What is wrong with the checkout at `dest`; "" for nothing."""
    if not (dest / ".git").exists():
        return "not a checkout"
    tree = Tree(str(dest), dest.resolve())
    try:
        head = tree.commit()
    except GitError:
        return "a checkout that git cannot read"
    if head != pin.commit:
        return f"a checkout of {head[:12]}" if head else "a checkout without a commit"
    missing = [path for path in pin.sha256 if not (dest / path).is_file()]
    if missing or not (dest / pin.root).is_dir():
        return f"a checkout that lacks {(*missing, f'{pin.root}/')[0]}"
    edited = [path for path, wanted in pin.sha256.items() if _digest(dest / path) != wanted]
    edited = edited or tree.modified()
    more = f" and {len(edited) - 1} more" if edited[1:] else ""
    return f"a checkout that was patched or edited in {edited[0]}{more}" if edited else ""


def _check_out(part: Path, pin: Pin, progress: RemoteProgress | None) -> None:
    prepare_gitpython()
    import git

    if re.match(r"[\w+.-]+::", pin.repository):
        found, wanted = "names a program for git to run", "the address of a repository"
        raise GitError(pin.repository, found, wanted, "name one by file, git, http, https or ssh")
    for name in HOOK_VARIABLES:  # GitPython passes them on
        os.environ.pop(name, None)
    patterns = ("/*", *(f"!{pattern}" for pattern in pin.omit))
    how = {"as_process": True, "progress": True}
    try:
        with git.Repo.init(part) as repo:
            repo.git.update_environment(**environment(Settings.FETCH, part))
            attributes = part / ".git/info/attributes"
            attributes.parent.mkdir(exist_ok=True)
            attributes.write_text("* -filter\n")  # of the user's programs, upstream names none
            with repo.config_writer() as config:  # by itself, git would obey GIT_CONFIG
                config.set_value("core", "autocrlf", "false")
            repo.git.sparse_checkout("set", "--no-cone", *patterns)
            repo.create_remote("origin", pin.repository)
            options = {"depth": 1, "filter": "blob:none", "no_tags": True, **how}
            _follow(repo.git.fetch("origin", pin.commit, **options), pin, progress)
            _follow(repo.git.checkout("FETCH_HEAD", detach=True, **how), pin, progress)
            attributes.unlink()
    except git.GitError as error:
        said = str(getattr(error, "stderr", "") or error).strip()
        quoted = said.removeprefix("stderr: '").removesuffix("'")
        raise failed(pin.repository, _reason(quoted.splitlines())) from None


def _follow(process: Git.AutoInterrupt, pin: Pin, progress: RemoteProgress | None) -> None:
    """Follow a command of git to its end; what it says may be the other side's, and anything.

    Raises:
        GitError: It fails.
    """
    import git

    handle = (progress or git.RemoteProgress()).new_message_handler()
    said, rest, program = list[str](), b"", process.proc
    assert program is not None
    assert program.stderr is not None
    with program, program.stderr as stream:
        while piece := os.read(stream.fileno(), _PIECE):
            *lines, rest = re.split(rb"[\r\n]", rest + piece)
            for line in (each.decode("utf-8", "replace") for each in lines):
                said = [*said[-_KEPT:], line]
                handle(line)
    if program.returncode:
        raise failed(pin.repository, _reason([*said, rest.decode("utf-8", "replace")]))


def _reason(lines: Sequence[str]) -> str:
    """Why git failed, by the lines that it printed."""
    last = [line for line in lines if line.strip()] or ["no reason given"]
    fatal = next((line for line in last if "fatal: " in line), last[-1])
    return fatal.rpartition("fatal: ")[2].strip()


def _verify(part: Path, dest: Path, digests: Mapping[str, str]) -> None:
    for path, wanted in digests.items():
        found = _digest(part / path) if (part / path).is_file() else "missing"
        if found != wanted:
            next_step = "check --url and --commit, or the sha256 of the pin"
            said = f"SHA-256 is {found[:12]}...", f"{wanted[:12]}..."
            raise TreeError(f"{dest}/{path}", *said, next_step)


def _digest(file: Path) -> str:
    return digest(reading.read(file, LARGEST))
