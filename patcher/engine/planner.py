"""What packs would do to a tree. Pure: bytes in, a plan out.

Each file is parsed once, outlined in one visit, edited by its rules in order, printed once. Where
that leaves a rule without what it needs in another file, its file is planned again without it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Generic, TypeVar

from patcher.code import source
from patcher.code.bindings import reads, released
from patcher.code.outline import Outline, outline
from patcher.engine.aliases import local_aliases
from patcher.engine.blockers import Refusal
from patcher.engine.defined_flags import defined_elsewhere, left_out
from patcher.engine.excerpt import Excerpt, views
from patcher.engine.fold import RuleMatch, fold, settled
from patcher.engine.in_vain import in_vain
from patcher.engine.needs import refusals
from patcher.engine.outcomes import Edited, absent_outcomes, outcomes, outcomes_after, read_as
from patcher.engine.reexports import still_imported
from patcher.engine.shared_edits import makers
from patcher.engine.unused_imports import unused_imports
from patcher.errors import UnparsableError
from patcher.model import FilePlan, Pack, Plan, Section, State

_T = TypeVar("_T")


def plan(
    packs: Sequence[Pack],
    files: Mapping[str, bytes],
    chosen: Collection[str] | None = None,
    refused: Mapping[str, Refusal] = MappingProxyType({}),
    *,
    stepwise: bool = False,
) -> Plan:
    """What the packs would do to a tree.

    Args:
        packs: Their rules are applied in this order.
        files: The bytes of each file that the packs name, also of those that rules only need, by
            path; those the tree lacks left out.
        chosen: Ids of the rules to plan; None for all.
        refused: Why rules are not to be applied although they are pending, by their ids.
        stepwise: Whether to note each file after each of its edits, which takes longer.

    Raises:
        UnparsableError: A file cannot be parsed, or would not survive an edit.
    """
    found, known = plan_alone(packs, files, chosen, stepwise=stepwise), dict[str, Refusal]()
    sections, more = _by_path(packs, chosen), refused or _refusals(packs, found, files)
    while more:
        known |= more
        again = {outcome.file for outcome in found.outcomes if outcome.id in more}
        with _collector_paused():
            anew = {
                path: _planned(files[path], sections[path], chosen, known, stepwise=stepwise)
                for path in sorted(again)
            }
        found = replace(found, files=tuple(anew.get(file.path, file) for file in found.files))
        more = _refusals(packs, found, files)
    return found


def _refusals(packs: Sequence[Pack], found: Plan, files: Mapping[str, bytes]) -> dict[str, Refusal]:
    """Why rules that are pending in a plan are not to be applied after all, by their ids."""
    left = {**files, **{file.path: file.after for file in found.changed}}
    return {
        **in_vain(packs, found.outcomes),
        **still_imported(packs, found.outcomes, left),
        **defined_elsewhere(packs, found.outcomes, left),
        **left_out(packs, found.outcomes, left),
        **refusals(packs, found.outcomes, left),
    }


def plan_alone(
    packs: Sequence[Pack],
    files: Mapping[str, bytes],
    chosen: Collection[str] | None = None,
    *,
    stepwise: bool = False,
) -> Plan:
    """What the packs would do to each file by itself, whatever their rules need in others.

    For rules that were applied already, and for code that is no tree. Arguments and errors are
    those of `plan`.
    """
    with _collector_paused():
        plans = list[FilePlan]()
        for path, mine in _by_path(packs, chosen).items():
            if path not in files:
                plans.append(FilePlan(path, b"", b"", absent_outcomes(mine, chosen)))
                continue
            try:
                plans.append(_planned(files[path], mine, chosen, stepwise=stepwise))
            except UnparsableError as error:
                raise _compared_with_pin(error, path, files[path], packs) from None
    return Plan(tuple(pack.name for pack in packs), tuple(plans))


def _compared_with_pin(
    error: UnparsableError, path: str, content: bytes, packs: Iterable[Pack]
) -> UnparsableError:
    """The error of a file, with the advice to compare it where a pin knows it otherwise."""
    pinned = {pack.upstream.sha256.get(path) for pack in packs if pack.upstream} - {None}
    if not pinned or sha256(content).hexdigest() in pinned:
        return error
    step = f"{error.next_step}, or restore the pinned version"
    return UnparsableError(error.place, error.found, error.wanted, step)


def _by_path(
    packs: Sequence[Pack], chosen: Collection[str] | None
) -> Mapping[str, Sequence[Section]]:
    """The sections that have chosen rules, by their files."""
    by_path: dict[str, list[Section]] = {}
    for section in (section for pack in packs for section in pack.sections):
        if chosen is None or any(section.id_of(rule) in chosen for rule in section.rules):
            by_path.setdefault(section.path, []).append(section)
    return by_path


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
        folded = _folded(content, sections, chosen, _version_of())
    return [each for each in folded.noted if each]


def _version_of() -> Callable[[_Opened, RuleMatch], tuple[str, bytes] | None]:
    """What notes the bytes of a file after each rule that is applied to it."""
    printer = source.Printer()

    def note(opened: _Opened, found: RuleMatch) -> tuple[str, bytes] | None:
        if found.state is not State.PENDING:
            return None
        content = printer.content(opened.outline.rebuild().module)
        return found.id, opened.view.restored(content)

    return note


def redone(sections: Sequence[Section], content: bytes, ids: Collection[str]) -> bytes:
    """A file, given without them, with the edits of some rules of its sections."""
    versions = [after for _, after in steps(sections, content, ids)] if sections else []
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
        if self.view.whole:
            return True
        is_found = not (found.state.is_unresolved or found.relocated)
        return not self.names and (self.view.is_last or is_found)


@dataclass(frozen=True, slots=True)
class _Folded(Generic[_T]):
    """A file once its rules are applied: how they stood, what was noted of each.

    Attributes:
        released: The names of imports that counted as unused, as later rules take away their uses.
    """

    opened: _Opened
    found: Sequence[RuleMatch]
    noted: Sequence[_T]
    released: frozenset[str] = frozenset()


def _folded(
    content: bytes,
    sections: Sequence[Section],
    chosen: Collection[str] | None,
    note: Callable[[_Opened, RuleMatch], _T],
    refused: Mapping[str, Refusal] = MappingProxyType({}),
) -> _Folded[_T]:
    """The view of a file that shows its rules enough, edited, and what is noted of each rule.

    Imports whose last uses go with later rules are dropped as well: the rules are folded again.
    """
    first = _folded_once(content, sections, chosen, note, refused)
    if names := unused_imports(first.found, first.opened.outline):
        with released(names):
            again = _folded_once(content, sections, chosen, note, refused)
        if not names & {*reads(again.opened.outline.rebuild().module)}:
            return replace(again, released=names)
    return first


def _folded_once(
    content: bytes,
    sections: Sequence[Section],
    chosen: Collection[str] | None,
    note: Callable[[_Opened, RuleMatch], _T],
    refused: Mapping[str, Refusal],
) -> _Folded[_T]:
    for view in views(content, sections):
        try:
            opened = _open(view, sections)
        except UnparsableError:
            if view.whole:
                raise
            continue
        matches, noted = list[RuleMatch](), list[_T]()
        for found in fold(sections, opened.names, opened.outline, chosen, refused):
            if not opened.shows_enough(found):
                break
            matches.append(found)
            noted.append(note(opened, found))
        else:
            return _Folded(opened, matches, noted)
    raise AssertionError("the last view is the whole file")


def _open(view: Excerpt, sections: Sequence[Section]) -> _Opened:
    parse = source.parse if view.whole else source.parse_unchecked
    parsed = parse(sections[0].path, view.content)
    blocks = outline(parsed)
    names = local_aliases([rule for section in sections for rule in section.rules], blocks)
    return _Opened(view, parsed, blocks, names)


def _planned(
    content: bytes,
    sections: Sequence[Section],
    chosen: Collection[str] | None,
    refused: Mapping[str, Refusal] = MappingProxyType({}),
    *,
    stepwise: bool = False,
) -> FilePlan:
    version = _version_of()

    def note(opened: _Opened, found: RuleMatch) -> tuple[str, bytes] | None:
        return version(opened, found) if stepwise else None

    try:
        with read_as(sections):
            folded = _folded(content, sections, chosen, note, refused)
            opened, found = folded.opened, settled(folded.found)
            view, parsed, rebuilt = opened.view, opened.parsed, opened.outline.rebuild()
            with released(folded.released):
                by = makers(found, sections, opened.names, lambda: outline(parsed))
            edited = source.printed(rebuilt.module)
            numbers = view.numbers(edited.content)
            after = Edited(opened.outline, rebuilt, edited, numbers, opened.names)
            return FilePlan(
                sections[0].path,
                content,
                view.restored(edited.content),
                outcomes(found, parsed, view.numbers(parsed.content), by),
                outcomes_after(found, after),
                tuple(step for step in folded.noted if step),
            )
    except RecursionError:
        raise source.not_python(sections[0].path, 0, "nested too deeply") from None
