"""A tree that cannot be patched as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from patcher.errors.base import PatchError


class TreeMissing(PatchError):
    """The folder that was named is not there."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: no such folder, expected a checkout of the upstream; "
            "get one with `effpatch fetch`"
        )


class NotUpstream(PatchError):
    """The folder holds none of the files that the rules are about."""

    def __init__(self, place: str, wanted: str) -> None:
        super().__init__(
            f"{place}: this is no upstream tree, expected {wanted} in it; "
            "name the checkout's root or its efficientdet/ folder"
        )


class Unreadable(PatchError):
    """A file cannot be read."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: cannot be read ({reason}), expected a file; "
            "mend it or its permissions and run again"
        )


class Unwritable(PatchError):
    """A file that has to change must not or cannot be written."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: cannot be written ({reason}), nothing was changed; "
            "make it writable and run again"
        )


class OutsideTree(PatchError):
    """A file of the tree is a link that leads out of it."""

    def __init__(self, place: str, target: str) -> None:
        mend = "correct the path" if ".." in place.split("/") else "replace the link by a copy"
        super().__init__(
            f"{place}: leads out of the tree to {target}, expected a file inside it; {mend}"
        )


class RuntimeBarred(PatchError):
    """The runtime cannot be put where something else of its name is."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: this is not the runtime of effpatch, expected nothing of that name there; "
            "move it away, or apply without --with-runtime and use what is there"
        )


class Unparsable(PatchError):
    """A file is not Python that can be read."""

    def __init__(self, place: str, line: int, reason: str) -> None:
        where = f"{place}:{line}" if line else place
        super().__init__(
            f"{where}: not valid Python ({reason}), nothing was changed; "
            "correct the file or check the pin"
        )


class TooLong(PatchError):
    """A file is too long to be parsed in reasonable time."""

    def __init__(self, place: str, size: int, most: int) -> None:
        super().__init__(
            f"{place}: {size:,} bytes, expected at most {most:,}, nothing was changed; "
            "correct the file or check the pin"
        )


class Irreproducible(PatchError):
    """LibCST does not print a file as it was read, so an edit could lose something."""

    def __init__(self, place: str, line: int) -> None:
        super().__init__(
            f"{place}:{line}: holds control characters or line ends that would not survive "
            "an edit, nothing was changed; remove them and run again"
        )


class DirtyTree(PatchError):
    """Files that would change hold work that is not committed."""

    def __init__(self, place: str, files: Sequence[str]) -> None:
        super().__init__(
            f"{place}: uncommitted changes in {', '.join(files)}, expected a clean checkout; "
            "commit or stash them, or pass --allow-dirty"
        )
