"""What effpatch keeps of a tree: lock, journal and receipt, where no clone can bring them.

They are in the folder of git, next to what git keeps itself, or where there is none in the user's
state folder. What is read there was sealed by this user's key before, or else it is not obeyed: an
unpacked archive can bring a folder of git as well.
"""

import hmac
import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from patcher import reading
from patcher.errors import StateError, reason
from patcher.resources import state_home
from patcher.tree.files import Tree
from patcher.tree.repository import Repository

# The largest journal or receipt that is read, in bytes.
LARGEST = 64_000_000
RECEIPT = "receipt"
_SEAL = b"effpatch seal "
_KEY_SIZE = 32  # bytes
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def folder_of(tree: Tree) -> Path:
    """The folder of a tree's lock, journal and receipt, which need not exist.

    All trees in a repository share lock and journal, as one can be in another.
    """
    found = _repository(tree)
    return found.folder / "effpatch" if found else state_home() / "trees" / _short(str(tree.root))


def top_of(tree: Tree) -> Path:
    """The folder that holds all trees which share a tree's lock and journal."""
    found = _repository(tree)
    return found.top if found else tree.root


def receipt_of(tree: Tree) -> str:
    """The name of a tree's receipt; each tree in a repository has its own."""
    below = tree.root.relative_to(top_of(tree)).as_posix()
    return RECEIPT if below == "." else f"{RECEIPT}-{_short(below)}"


def open_folder(tree: Tree) -> int:
    """The descriptor of the folder of a tree's state, which only the user can read or change.

    Raises:
        OSError: It cannot be made, or is a link or something else.
    """
    folder = folder_of(tree)
    for each in reversed([folder, *_own_parents(folder)]):
        _make(each)
    descriptor = os.open(folder, _FOLDER)
    if os.fstat(descriptor).st_mode & 0o077:
        os.fchmod(descriptor, 0o700)
    return descriptor


def read(tree: Tree, name: str) -> bytes | None:
    """A file of a tree's state as it is; None where there is none, or it is another user's.

    Raises:
        StateError: It cannot be read.
    """
    file = folder_of(tree) / name
    try:
        return reading.read(file, LARGEST, follow_links=False)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except OSError as error:
        raise _unusable(file, f"cannot be read ({reason(error)})") from None


def names(tree: Tree) -> list[str]:
    """The names of the files of a tree's state; none where they cannot be looked at."""
    with suppress(OSError):
        descriptor = os.open(folder_of(tree), _FOLDER)
        try:
            return os.listdir(descriptor)
        finally:
            os.close(descriptor)
    return []


def sealed(content: bytes, kind: str) -> bytes:
    """Content with the seal of this user's key, which is made where there is none.

    Args:
        content: What is to be obeyed later.
        kind: What it is; it is obeyed as nothing else.

    Raises:
        StateError: The key cannot be made or read.
    """
    return _SEAL + _seal(content, kind, _key(make=True)) + b"\n" + content


def unsealed(content: bytes, kind: str) -> bytes | None:
    """Content without its seal; None where the seal is not of this user, or of another kind.

    Raises:
        StateError: The key cannot be read.
    """
    head, _, rest = content.partition(b"\n")
    key = _key(make=False)
    if not head.startswith(_SEAL) or not key:
        return None
    good = hmac.compare_digest(head.removeprefix(_SEAL), _seal(rest, kind, key))
    return rest if good else None


def without_seal(content: bytes) -> bytes:
    """Content without a seal, whoever's it is."""
    return content.partition(b"\n")[2] if content.startswith(_SEAL) else content


def _repository(tree: Tree) -> Repository | None:
    found = tree.repository
    return found if found and found.is_ours else None


def _make(folder: Path) -> None:
    """Make a folder of the user's alone, if there is none; its name has reached the disk then."""
    if folder == state_home():
        os.makedirs(folder.parent, exist_ok=True)
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Sync the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _short(name: str) -> str:
    return sha256(os.fsencode(name)).hexdigest()[:32]


def _own_parents(folder: Path) -> list[Path]:
    """The folders above one that are effpatch's as well, the nearest first."""
    return [folder.parent, state_home()] if folder.is_relative_to(state_home()) else []


def _seal(content: bytes, kind: str, key: bytes) -> bytes:
    return hmac.new(key, b"%s\n%s" % (kind.encode(), content), sha256).hexdigest().encode()


def _key(*, make: bool) -> bytes:
    """The user's key; b"" where there is none and none is to be made."""
    file = state_home() / "key"
    try:
        if make and not os.path.lexists(file):
            _make_key(file)
        key = reading.read(file, _KEY_SIZE, follow_links=False)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unusable(file, f"cannot be {'made' if make else 'read'} ({reason(error)})") from None
    found = file.stat()
    if len(key) != _KEY_SIZE or found.st_mode & 0o077 or found.st_uid != os.geteuid():
        raise _unusable(file, "not a key of yours that only you can read")
    return key


def _make_key(file: Path) -> None:
    """Make a key; of two processes that do, one keeps its own."""
    _make(file.parent)
    new = file.with_name(f"key.{secrets.token_hex(4)}")
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
            output.write(secrets.token_bytes(_KEY_SIZE))
            output.flush()
            os.fsync(output.fileno())
        with suppress(FileExistsError):
            os.link(new, file)
        _sync(file.parent)
    finally:
        new.unlink(missing_ok=True)


def _unusable(file: Path, found: str) -> StateError:
    advice = "correct that, or set XDG_STATE_HOME to a folder of yours that can be written"
    return StateError(str(file), found, next_step=advice)
