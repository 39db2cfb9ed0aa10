"""What packs would do to a tree. Pure: bytes in, a plan out.

Each file is parsed once, outlined in one visit, edited by its rules in order, printed once.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from patcher.code import source
from patcher.code.equivalence import known_signatures
from patcher.code.outline import Outline, outline
from patcher.engine.aliases import local_aliases
from patcher.engine.excerpt import Excerpt, views
from patcher.engine.fold import RuleMatch, fold
from patcher.engine.outcomes import Edited, absent_outcomes, outcomes, outcomes_after
from patcher.errors import UnparsableError
from patcher.model import FilePlan, Pack, Plan, Section, State


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
            _planned(files[path], mine, chosen) if path in files else _missing(path, mine, chosen)
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
    with known_signatures(_signatures(sections)):
        for view in views(content, sections):
            made = _steps(view, sections, chosen)
            if made is not None:
                return made
    raise AssertionError("the last view is the whole file")


def redone(sections: Sequence[Section], content: bytes, ids: Collection[str]) -> bytes:
    """A file, given without them, with the edits of some rules of its sections."""
    versions = [after for _, after in steps(sections, content, ids)]
    return versions[-1] if versions else content


def _signatures(sections: Sequence[Section]) -> dict[str, Sequence[str]]:
    return {name: each for section in sections for name, each in section.signatures.items()}


@dataclass(frozen=True, slots=True)
class _Opened:
    """A view of a file, ready for rules."""

    view: Excerpt
    parsed: source.Printed
    outline: Outline
    names: Mapping[str, str]

    def shows_enough(self, found: RuleMatch) -> bool:
        """Whether a rule need not see what the view leaves out."""
        return self.view.whole or not (found.state.misfit or found.relocated)


def _open(view: Excerpt, sections: Sequence[Section]) -> _Opened | None:
    """A view, parsed; None where it leaves out what its rules may have to see."""
    try:
        parse = source.parse if view.whole else source.parse_unchecked
        parsed = parse(sections[0].path, view.content)
    except UnparsableError:
        if view.whole:
            raise
        return None
    blocks = outline(parsed)
    names = local_aliases([rule for section in sections for rule in section.rules], blocks)
    return None if names and not view.whole else _Opened(view, parsed, blocks, names)


def _steps(
    view: Excerpt, sections: Sequence[Section], chosen: Collection[str] | None
) -> list[tuple[str, bytes]] | None:
    opened = _open(view, sections)
    made = list[tuple[str, bytes]]()
    for found in fold(sections, opened.names, opened.outline, chosen) if opened else ():
        if not opened or not opened.shows_enough(found):
            return None
        if found.state is State.PENDING:
            module = opened.outline.rebuild().module
            made.append((found.id, view.restored(source.printed(module).content)))
    return made if opened else None


def _planned(
    content: bytes, sections: Sequence[Section], chosen: Collection[str] | None
) -> FilePlan:
    try:
        with known_signatures(_signatures(sections)):
            for view in views(content, sections):
                if made := _folded(view, sections, chosen):
                    return made
    except RecursionError:
        raise source.not_python(sections[0].path, 0, "nested too deeply") from None
    raise AssertionError("the last view is the whole file")


def _folded(
    view: Excerpt, sections: Sequence[Section], chosen: Collection[str] | None
) -> FilePlan | None:
    opened = _open(view, sections)
    if not opened:
        return None
    found = list[RuleMatch]()
    for each in fold(sections, opened.names, opened.outline, chosen):
        if not opened.shows_enough(each):
            return None
        found.append(each)
    rebuilt = opened.outline.rebuild()
    edited = source.printed(rebuilt.module)
    numbers = view.numbers(edited.content)
    after = Edited(opened.outline, rebuilt, edited, numbers, opened.names)
    return FilePlan(
        sections[0].path,
        view.restored(opened.parsed.content),
        view.restored(edited.content),
        outcomes(found, opened.parsed, view.numbers(opened.parsed.content)),
        outcomes_after(found, after),
    )


def _missing(path: str, sections: Sequence[Section], chosen: Collection[str] | None) -> FilePlan:
    """The plan of a file that the tree lacks."""
    return FilePlan(path, b"", b"", absent_outcomes(sections, chosen))
