"""An edit that is searched in a file, and the file as it is searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from patcher import engine
from patcher.code import source
from patcher.code.outline import Outline, outline
from patcher.drafting.draft import Mark
from patcher.drafting.from_document.candidates import Candidate
from patcher.drafting.from_document.quoted import Quoted
from patcher.model import Edit, FilePlan, Pack, Rule, Section


@dataclass(frozen=True, slots=True)
class View:
    """A file as it is searched."""

    parsed: source.Printed
    outline: Outline

    def line(self, node: cst.CSTNode) -> int:
        """The line of a node of the file, 1-based."""
        return self.parsed.positions([node])[0][0]


@dataclass(slots=True)
class Wanted:
    """An edit that is searched, and what is known of it so far.

    Attributes:
        item: The number of its rule.
        given: The rule where the document has it itself, with kind and place.
        found: In words, how it was found, or what was tried.
        waits: In words, what keeps it from being made although it was found; "" for nothing.
        options: The places that it can have, those taken by others left out.
    """

    item: int
    quoted: Quoted
    given: Rule | None = None
    edit: Edit | None = None
    mark: Mark = Mark.UNRESOLVED
    found: str = ""
    waits: str = ""
    options: list[Candidate] = field(default_factory=list)

    def rule(self) -> Rule:
        """The edit as a rule, without title and reason unless the document has it itself."""
        if self.given:
            return self.given
        edit = self.edit or Edit()
        return Rule(
            item=self.item,
            title="",
            before=self.quoted.before,
            after=self.quoted.after,
            edit=edit,
            why="",
        )


def view(place: str, content: bytes) -> View:
    """A file, ready to be searched; its place is named in errors.

    Raises:
        UnparsableError: It is not Python.
    """
    parsed = source.parse(place, content)
    return View(parsed, outline(parsed))


def planned(path: str, content: bytes, wanted: Sequence[Wanted]) -> FilePlan:
    """What the edits that have a place would do to a file; their ids are `trial-` and the item."""
    section = Section("", path, tuple(each.rule() for each in wanted if each.edit), "trial")
    (plan,) = engine.plan_alone([Pack("trial", (section,))], {path: content}).files
    return plan
