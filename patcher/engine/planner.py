"""What packs would do to a tree. Pure: bytes in, a plan out.

Each file is parsed once, outlined in one visit, edited by its rules in order, printed once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from patcher.code import source
from patcher.code.outline import Outline, outline
from patcher.engine.aliases import local_aliases
from patcher.engine.excerpt import Excerpt, views
from patcher.engine.fold import RuleMatch, fold, settled
from patcher.engine.outcomes import Edited, absent_outcomes, outcomes, outcomes_after, read_as
from patcher.errors import UnparsableError
from patcher.model import FilePlan, Pack, Plan, Section, State

_T = TypeVar("_T")


def plan(
    packs: Sequence[Pack], files: Mapping[str, bytes], chosen: Collection[str] | None = None
) -> Plan:
    """What the packs would do to a tree.

    Args:
        packs: Their rules are applied in this order.
        files: The bytes of each file that the packs name, by path; those the tree lacks left out.
        chosen: Ids of the rules to plan; None for all.

    Raises:
        UnparsableError: A file cannot be parsed, or would not survive an edit.
    """
    by_path: dict[str, list[Section]] = {}
    for section in (section for pack in packs for section in pack.sections):
        if chosen is None or any(section.id_of(rule) in chosen for rule in section.rules):
            by_path.setdefault(section.path, []).append(section)
    with _collector_paused():
        plans = [
            _planned(files[path], mine, chosen)
            if path in files
            else FilePlan(path, b"", b"", absent_outcomes(mine, chosen))
            for path, mine in by_path.items()
        ]
    return Plan(tuple(pack.name for pack in packs), tuple(plans))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Spare the garbage collector's visits, a third of the time: syntax trees are one cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def steps(
    sections: Sequence[Section], content: bytes, chosen: Collection[str] | None = None
) -> list[tuple[str, bytes]]:
    """A file after each rule that is applied to it, by the rule's id.

    Args:
        sections: All of the file.
        content: The file's bytes.
        chosen: Ids of the rules to apply; None for all.

    Raises:
        UnparsableError: The file cannot be parsed, or would not survive an edit.
    """
    with read_as(sections):
        _, versions = _folded(content, sections, chosen, _version)
    return [each for each in versions if each]


def _version(opened: _Opened, found: RuleMatch) -> tuple[str, bytes] | None:
    if found.state is not State.PENDING:
        return None
    module = opened.outline.rebuild().module
    return found.id, opened.view.restored(source.printed(module).content)


def redone(sections: Sequence[Section], content: bytes, ids: Collection[str]) -> bytes:
    """A file, given without them, with the edits of some rules of its sections."""
    versions = [after for _, after in steps(sections, content, ids)]
    return versions[-1] if versions else content


@dataclass(frozen=True, slots=True)
class _Opened:
    """A view of a file, ready for rules, and the file's names for what these import."""

    view: Excerpt
    parsed: source.Printed
    outline: Outline
    names: Mapping[str, str]

    def shows_enough(self, found: RuleMatch) -> bool:
        """Whether a rule need not see what the view leaves out."""
        return self.view.whole or not (self.names or found.state.is_unresolved or found.relocated)


def _folded(
    content: bytes,
    sections: Sequence[Section],
    chosen: Collection[str] | None,
    note: Callable[[_Opened, RuleMatch], _T],
) -> tuple[_Opened, list[_T]]:
    """The view of a file that shows its rules enough, edited, and what is noted of each rule."""
    for view in views(content, sections):
        try:
            opened = _open(view, sections)
        except UnparsableError:
            if view.whole:
                raise
            continue
        noted = list[_T]()
        for found in fold(sections, opened.names, opened.outline, chosen):
            if not opened.shows_enough(found):
                break
            noted.append(note(opened, found))
        else:
            return opened, noted
    raise AssertionError("the last view is the whole file")


def _open(view: Excerpt, sections: Sequence[Section]) -> _Opened:
    parse = source.parse if view.whole else source.parse_unchecked
    parsed = parse(sections[0].path, view.content)
    blocks = outline(parsed)
    names = local_aliases([rule for section in sections for rule in section.rules], blocks)
    return _Opened(view, parsed, blocks, names)


def _planned(
    content: bytes, sections: Sequence[Section], chosen: Collection[str] | None
) -> FilePlan:
    try:
        with read_as(sections):
            opened, matches = _folded(content, sections, chosen, lambda _, found: found)
            found = settled(matches)
            view, parsed, rebuilt = opened.view, opened.parsed, opened.outline.rebuild()
            edited = source.printed(rebuilt.module)
            numbers = view.numbers(edited.content)
            after = Edited(opened.outline, rebuilt, edited, numbers, opened.names)
            return FilePlan(
                sections[0].path,
                content,
                view.restored(edited.content),
                outcomes(found, parsed, view.numbers(parsed.content)),
                outcomes_after(found, after),
            )
    except RecursionError:
        raise source.not_python(sections[0].path, 0, "nested too deeply") from None
