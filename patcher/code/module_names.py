"""The names that the files of a tree are imported by."""

from collections.abc import Sequence


def module_parts(path: str, root: str) -> tuple[str, ...]:
    """The parts of the name of a file's module, below the root folder where the file is there."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return below(parts, root) or tuple(parts)


def below(parts: Sequence[str], root: str) -> tuple[str, ...]:
    """The parts of a module's place that lie below the root folder; none where it is not there."""
    folder = [part for part in root.split("/") if part]
    return tuple(parts[len(folder) :]) if list(parts[: len(folder)]) == folder else ()
