"""The modules that a pack ships for its edits to import."""

from patcher import reading
from patcher.errors import PackError, reason
from patcher.model import Runtime

_MOST = 1_000  # modules
_LARGEST = 4_000_000  # bytes of all of them


def runtime_files(runtime: Runtime) -> dict[str, bytes]:
    """The bytes of each module, by its path below the runtime's folder.

    Raises:
        PackError: One is no regular file or cannot be read, or they are too many or too large.
    """
    found, left = dict[str, bytes](), _LARGEST
    place = runtime.folder / runtime.package
    for file in sorted(place.rglob("*.py")):
        if len(found) == _MOST:
            raise PackError(str(place), f"more than {_MOST:,} modules", "a small package")
        try:
            content = reading.read(file, left)
        except OSError as error:
            raise PackError(str(file), f"cannot be read ({reason(error)})") from None
        found[file.relative_to(runtime.folder).as_posix()] = content
        left -= len(content)
    return found
