"""How rules stand, in lines and columns of the whole file, and in words where they do not fit."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import repeat
from typing import NamedTuple

import libcst as cst

from patcher.code.equivalence import known_signatures
from patcher.code.imports import imported_in
from patcher.code.outline import Line, Outline, Rebuilt
from patcher.code.quote_pairs import adding
from patcher.code.source import Printed
from patcher.edits.base import edit_kind
from patcher.engine.absence import missing_names
from patcher.engine.aliases import localized
from patcher.engine.blockers import needs_rule
from patcher.engine.fold import RuleMatch
from patcher.engine.nearest import blocked, near_misses
from patcher.model import Nearest, Outcome, Rule, Section, Site, State


@contextmanager
def read_as(sections: Sequence[Section]) -> Iterator[None]:
    """Have code read as that of a file, with what is known of the functions that quotes call."""
    first, attempts = sections[0], {k: v for s in sections for k, v in s.attempts.items()}
    signatures = {name: each for s in sections for name, each in s.signatures.items()}
    rules = [rule for section in sections for rule in section.rules]
    edits = [(e.before, e.after) for e in rules if e.edit.owns_statements and e.before and e.after]
    imports = imported_in(first.path, first.root, attempts)
    with known_signatures(signatures), imports, adding(edits):
        yield


def outcomes(
    found: Iterable[RuleMatch],
    parsed: Printed,
    numbers: Sequence[int],
    makers: Mapping[str, str],
) -> tuple[Outcome, ...]:
    """How rules stand on the part of a file that they saw.

    `numbers` has the number in the whole file, 1-based, of each line of that part; `makers` the
    rules that make the edits of others as well, by the ids of the latter.
    """
    made, fits = [], dict[str, bool]()
    for each in found:
        fits[each.id] = not each.state.is_unresolved
        nodes = [*(match.node for match in each.matches), *each.lookalikes]
        states = [
            *(match.state for match in each.matches),
            *repeat(State.PENDING, len(each.lookalikes)),
        ]
        sites = _sites(nodes, states, parsed, numbers)
        near = _nearest(each, parsed, fits)
        outcome = _reported(each.section, each.rule, each.state, sites, near)
        made.append(replace(outcome, made_by=makers.get(each.id, "")))
    return tuple(made)


class Edited(NamedTuple):
    """A file that rules have edited.

    Attributes:
        outline: Its outline as the rules have left it.
        rebuilt: The module that this makes.
        printed: The same, printed.
        numbers: The number in the whole file of each printed line, 1-based.
        names: The file's names for what quotes import, where they differ.
    """

    outline: Outline
    rebuilt: Rebuilt
    printed: Printed
    numbers: Sequence[int]
    names: Mapping[str, str]


def outcomes_after(found: Sequence[RuleMatch], edited: Edited) -> tuple[Outcome, ...]:
    """How rules stand on the file that they have made; none unless all of them fit.

    That is known without planning again: an edit stands where its lines are now or, once a later
    rule has replaced these, where that rule's are.
    """
    after = list[Outcome]()
    for each in found:
        nodes = None if each.state.is_unresolved else _standing(each, found, edited)
        if nodes is None:
            return ()
        states = [State.APPLIED] * len(nodes)
        sites = _sites(nodes, states, edited.printed, edited.numbers)
        after.append(_reported(each.section, each.rule, State.APPLIED, sites))
    return tuple(after)


def _standing(
    each: RuleMatch, found: Sequence[RuleMatch], edited: Edited
) -> list[cst.CSTNode] | None:
    """The nodes where an edit stands in the module that rules have made; None if unknown."""
    later = [other for other in found if other.rule in each.section.superseding_rules(each.rule)]
    for candidate in (each, *later):
        lines = _lines(candidate, edited)
        nodes = [node for line in lines if (node := edited.rebuilt.nodes.get(id(line)))]
        if len(nodes) == len(lines) and (nodes or each.rule.removes):
            return list(nodes)
    return None


def _lines(found: RuleMatch, edited: Edited) -> Sequence[Line]:
    """The lines where an edit stands; names of an import may have come to stand on others."""
    rule = found.rule
    if rule.removes or not rule.edit.is_import:
        return found.lines
    matches = edit_kind(rule.edit).find(localized(rule, edited.names), edited.outline)
    return [match.line for match in matches if match.line]


def absent_outcomes(
    sections: Sequence[Section], chosen: Collection[str] | None
) -> tuple[Outcome, ...]:
    """How rules stand on a file that the tree lacks."""
    place = " in a file that the tree lacks"
    rules = ((section, rule) for section in sections for rule in section.rules)
    return tuple(
        _reported(section, rule, State.ABSENT, (), place=place)
        for section, rule in rules
        if chosen is None or section.id_of(rule) in chosen
    )


def _sites(
    nodes: Sequence[cst.CSTNode],
    states: Sequence[State],
    printed: Printed,
    numbers: Sequence[int],
) -> list[Site]:
    places = zip(printed.positions(nodes), states, strict=True)
    return [Site(numbers[line - 1], column, state) for (line, column), state in places]


def _nearest(found: RuleMatch, parsed: Printed, fits: Mapping[str, bool]) -> Nearest | None:
    """What to show for a rule that does not fit; only whole files have such rules.

    `fits` says of the earlier rules, by their ids, whether they do.
    """
    if found.blocker:
        return blocked(found.blocker, parsed)
    if found.state is State.DRIFTED:
        near = next(iter(near_misses(found.section, found.rule, parsed)), None)
        return near and _after_others(near, found, fits)
    if found.state is State.ABSENT:
        names = sorted(missing_names(found.rule, parsed.module))
        words = " and ".join(f"`{name}`" for name in names) or "what it and its neighbours change"
        verb = "are" if len(names) > 1 else "is"
        return Nearest(1, "", f"{words} {verb} nowhere in this file: nothing to do?")
    return None


def _after_others(near: Nearest, found: RuleMatch, fits: Mapping[str, bool]) -> Nearest:
    """What comes close to a rule that may rewrite what earlier ones leave: those go first."""
    section = found.section
    earlier = [section.id_of(each) for each in section.prerequisites(found.rule)]
    if unfit := [id_ for id_ in earlier if not fits.get(id_, True)]:
        why, remedy = needs_rule(unfit[0])
        return replace(near, why=why, is_blocker=True, remedy=remedy)
    others = ", ".join(id_ for id_ in earlier if id_ not in fits)
    return replace(near, why=f"{near.why}, as {others} leaves it") if others else near


def _reported(
    section: Section,
    rule: Rule,
    state: State,
    sites: Sequence[Site],
    nearest: Nearest | None = None,
    place: str = "",
) -> Outcome:
    kind = edit_kind(rule.edit)
    earlier = ", ".join(section.id_of(each) for each in section.prerequisites(rule))
    ready = f" as {earlier} leaves it" if earlier and state is State.DRIFTED else ""
    return Outcome(
        id=section.id_of(rule),
        file=section.path,
        title=rule.title,
        state=state,
        expected=kind.expected(rule),
        sites=tuple(sorted(sites, key=lambda site: (site.line, site.column))),
        wants=f"{kind.wants(rule)}{ready}{place}",
        nearest=nearest,
    )
