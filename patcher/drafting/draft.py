"""A pack as it is drafted: rules with how each was found, and edits without a rule."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from itertools import count
from pathlib import Path

from patcher.model import Pack, Pin, Rule, Section

_PACK = "pack"  # a name that the pack's own file has
_LONGEST = 60  # characters of a name


class Mark(str, Enum):
    """How the kind and the place of a drafted rule were found."""

    UNIQUE = "unique"  # nothing else in the file can be meant
    BY_ORDER = "by order"  # several places are alike, and as many edits are in the same order
    BY_PORT = "by port"  # where a hand-made port has it
    UNRESOLVED = "unresolved"

    __str__ = str.__str__


@dataclass(frozen=True, slots=True)
class Draft:
    """An edit, and the rule that makes it.

    Attributes:
        rule: The rule; unresolved, its edit is a plain `Edit`, of no kind.
        mark: How kind and place were found.
        found: The same in words; for what is unresolved, what was tried and why nothing fits.
        line: Where the document has it, 1-based; 0 where there is no document.
        waits: In words, what keeps the rule from being applied as yet; "" for nothing.
    """

    rule: Rule
    mark: Mark
    found: str = ""
    line: int = 0
    waits: str = ""


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A file of the upstream and what was drafted for it, in order.

    Attributes:
        heading: The document's heading, else the file's name.
        path: The file, below the tree's root, with forward slashes; "" where none was found.
    """

    heading: str
    path: str
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class DraftPack:
    """A pack as it is drafted.

    Attributes:
        document: The document that its rules quote, which goes into the pack's folder.
    """

    name: str
    title: str
    upstream: Pin
    sections: tuple[DraftSection, ...]
    document: Path | None = None

    def names(self) -> tuple[str, ...]:
        """What the rules of each section are called by, as in `main-3`; each name once."""
        plain = [_name(section.path or section.heading) for section in self.sections]
        times = Counter([*plain, _PACK])
        names = list[str]()
        for name, section in zip(plain, self.sections, strict=True):
            path = section.path.removesuffix(".py").replace("/", "_")
            full = path if path and times[name] > 1 else name
            numbered = (f"{full}_{number}" for number in count(2))
            taken = {*names, _PACK}
            names.append(full if full not in taken else next(n for n in numbered if n not in taken))
        return tuple(names)

    def pack(self) -> Pack:
        """The pack with the rules that were found."""
        sections = (
            Section(
                each.heading,
                each.path,
                tuple(d.rule for d in each.drafts if d.mark is not Mark.UNRESOLVED),
                name,
                f"{self.name}/",
                self.upstream.root,
            )
            for name, each in zip(self.names(), self.sections, strict=True)
        )
        return Pack(
            self.name, tuple(s for s in sections if s.rules), self.title, upstream=self.upstream
        )

    @property
    def summary(self) -> dict[Mark, int]:
        """Number of drafts of each mark, every mark named."""
        counts = Counter(draft.mark for section in self.sections for draft in section.drafts)
        return {mark: counts[mark] for mark in Mark}


def _name(text: str) -> str:
    """A file's name without its end, or what of a heading can be one."""
    name = text.rpartition("/")[2].removesuffix(".py")
    return re.sub(r"[^\w.-]+", "_", name).strip("_.-")[:_LONGEST] or "section"
