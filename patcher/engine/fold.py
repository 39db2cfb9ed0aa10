"""Rules folded over an outline: each sees what the ones before it have left."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from patcher.code.changes import make
from patcher.code.outline import Line, Outline
from patcher.edits.base import Match, edit_kind
from patcher.engine.absence import is_absent
from patcher.engine.aliases import localized
from patcher.engine.safety import Blocker, find_blocker, provides, unavailable
from patcher.model import Rule, Section, State


@dataclass(frozen=True, slots=True, eq=False)
class RuleMatch:
    """How a rule stands on a file.

    Attributes:
        section: The rule's section.
        rule: The rule.
        state: Its state.
        matches: Its places.
        lookalikes: What is only like the code that it removes, where that makes it ambiguous.
        relocated: Whether the places are in another function than the rule names.
        blocker: Why a place that fits is not edited.
        lines: The lines where the edit stands once it is made, one per match that leaves any.
    """

    section: Section
    rule: Rule
    state: State
    matches: Sequence[Match] = ()
    lookalikes: Sequence[cst.CSTNode] = ()
    relocated: bool = False
    blocker: Blocker | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.section.id_of(self.rule)


def fold(
    sections: Sequence[Section],
    names: Mapping[str, str],
    outline: Outline,
    chosen: Collection[str] | None,
    refused: Mapping[str, str],
) -> Iterator[RuleMatch]:
    """Apply each chosen rule that is pending and not refused, in order; None chooses all.

    Args:
        sections: All of the same file.
        names: The file's names for what quotes import, where they differ.
        outline: The file's outline, which is edited.
        chosen: Ids of the rules.
        refused: Why rules are not to be applied although they are pending, by their ids.
    """
    missing: dict[str, str] = {}
    for section in sections:
        for rule in section.rules:
            if chosen is not None and section.id_of(rule) not in chosen:
                continue
            found = _examined(section, rule, names, outline)
            found = _available(found, names, missing, refused, outline)
            if found.state is State.PENDING:
                made = make(match.replacement or () for match in found.matches)
                found.lines.extend(line for line in made if line and not rule.removes)
            elif found.state is State.APPLIED:
                found.lines.extend(match.line for match in found.matches if match.line)
            else:
                missing.update(dict.fromkeys(provides(rule), found.id))
            yield found


def _available(
    found: RuleMatch,
    names: Mapping[str, str],
    missing: Mapping[str, str],
    refused: Mapping[str, str],
    outline: Outline,
) -> RuleMatch:
    """The match, unless its edit is refused, or needs what a rule that does not fit brings in."""
    if found.state is not State.PENDING:
        return found
    reason = refused.get(found.id, "")
    if needed := unavailable(localized(found.rule, names), missing, outline):
        reason = f"needs `{needed}`, which {missing[needed]} would bring in and cannot"
    if not reason:
        return found
    node = next(match.node for match in found.matches if match.replacement is not None)
    return replace(found, state=State.DRIFTED, matches=(), blocker=Blocker(node, reason))


def _examined(
    section: Section, rule: Rule, names: Mapping[str, str], outline: Outline
) -> RuleMatch:
    """How a rule stands: at its place, else where its code has moved to."""
    said = localized(rule, names)
    for look in (_in_place, _relocated):
        found = look(section, said, outline)
        if found.state is not State.DRIFTED:
            found = replace(found, rule=rule)
            blocker = None
            if found.state is State.PENDING:
                blocker = find_blocker(section.rules, said, names, outline, found.matches)
            return RuleMatch(section, rule, State.DRIFTED, blocker=blocker) if blocker else found
        for later in section.superseding_rules(rule):
            found = look(section, localized(later, names), outline)
            if found.state is State.APPLIED:
                return replace(found, rule=rule)
    state = State.ABSENT if is_absent(said, outline) else State.DRIFTED
    return RuleMatch(section, rule, state)


def _in_place(section: Section, rule: Rule, outline: Outline) -> RuleMatch:
    """How a rule stands at the place that it names; drifted where it finds nothing there."""
    kind = edit_kind(rule.edit)
    found = kind.find(rule, outline)
    similar = kind.lookalikes(rule, outline, found) if rule.removes else []
    if rule.removes and not found and not similar and rule.edit.within in outline.scopes:
        return RuleMatch(section, rule, State.APPLIED)
    if found and similar:
        return RuleMatch(section, rule, State.AMBIGUOUS, found, similar)
    return RuleMatch(section, rule, _state(found, kind.expected(rule)), found)


def _state(matches: Sequence[Match], expected: int) -> State:
    due = sum(match.state is State.PENDING for match in matches)
    if not matches:
        return State.DRIFTED
    if len(matches) > expected:
        return State.AMBIGUOUS
    if len(matches) < expected or 0 < due < expected:
        return State.PARTIAL
    return State.PENDING if due else State.APPLIED


def _relocated(section: Section, rule: Rule, outline: Outline) -> RuleMatch:
    """How a rule stands in another function, if what it is about has left its own.

    That is a function of the same class, or one of the module; functions that other rules name
    are theirs. Drifted where more than one place can be meant, and for a test by itself, such as
    `if lock is not None:`, which can stand anywhere.
    """
    kind, drifted = edit_kind(rule.edit), RuleMatch(section, rule, State.DRIFTED)
    if not kind.can_relocate(rule, outline):
        return drifted
    family = rule.edit.within.rpartition(".")[0]
    own = _scopes_of(family, section, outline)
    found = {scope: kind.find(_moved_to(scope, rule), outline) for scope in outline.scopes}
    inside = [match for scope in own for match in found[scope]]
    outside = any(found[scope] for scope in outline.scopes - set(own))
    similar = rule.removes and kind.lookalikes(rule, outline, inside)
    if outside or similar or len(inside) != kind.expected(rule):
        return drifted
    state = _state(inside, kind.expected(rule))
    return RuleMatch(section, rule, state, inside, relocated=True)


def _scopes_of(family: str, section: Section, outline: Outline) -> list[str]:
    """The functions of a class, or with "" of the module, that no other rule names."""
    head = f"{family}." if family else ""
    others = tuple(f"{rule.edit.within}." for rule in section.rules if rule.edit.within)
    scopes = (suite.scope for suite in outline.suites if suite.scope.startswith(head))
    return [s for s in dict.fromkeys(scopes) if s and not f"{s}.".startswith(others)]


def _moved_to(scope: str, rule: Rule) -> Rule:
    return replace(rule, edit=replace(rule.edit, within=scope))
