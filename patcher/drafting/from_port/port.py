"""A hand-made port: what differs between the tree that it was made from and the port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from patcher.drafting.trees import Entry
from patcher.paths import is_plain


class Other(NamedTuple):
    """A difference that no rule is about: a file, and what of it differs."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class Port:
    """What a port changes.

    Attributes:
        files: The bytes before and after of each Python file that it edits, by path.
        others: All else in which the trees differ.
        python: The bytes of every Python file of the tree before, by path.
    """

    files: Mapping[str, tuple[bytes, bytes]]
    others: tuple[Other, ...]
    python: Mapping[str, bytes]


def compared(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Port:
    """What differs between two trees, given by the files of each."""
    files, others = dict[str, tuple[bytes, bytes]](), list[Other]()
    for path in sorted(old.keys() | new.keys()):
        one, other = old.get(path), new.get(path)
        if one == other:
            continue
        if one is None or other is None:
            others.append(Other(path, "removed" if one else "added"))
            continue
        if one.is_link or other.is_link:
            others.append(Other(path, "a link"))
            continue
        if one.is_program != other.is_program:
            others.append(Other(path, "its mode"))
        if one.content != other.content and path.endswith(".py") and is_plain(path):
            files[path] = one.content, other.content
        elif one.content != other.content:
            what = "not Python" if is_plain(path) else "a name that no pack may have"
            others.append(Other(path, what))
    python = {path: e.content for path, e in old.items() if path.endswith(".py") and not e.is_link}
    return Port(files, tuple(others), python)
