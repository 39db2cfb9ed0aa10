"""What is in the way of something new is renamed and never removed."""

import os
from itertools import count
from pathlib import Path


def set_aside(place: Path) -> Path:
    """Rename what is at a place to the first free one of `place.1`, `place.2`, ...; gives that.

    Nothing that is there is replaced, also where it comes to be there just then.

    Raises:
        OSError: It cannot be renamed.
    """
    for number in count(1):
        free = place.with_name(f"{place.name}.{number}")
        if os.path.lexists(free):
            continue
        try:
            _move(place, free)
        except OSError:
            if os.path.lexists(free):
                continue
            raise
        return free
    raise AssertionError("there is always another number")


def put_back(aside: Path, place: Path) -> None:
    """Undo `set_aside`, unless something else is at the place by now."""
    if not os.path.lexists(place):
        _move(aside, place)


def _move(place: Path, free: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        place.rename(free)  # which fails where a file or a folder with something in it is there
    else:
        os.link(place, free, follow_symlinks=False)
        place.unlink()
