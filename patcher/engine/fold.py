"""Rules folded over an outline: each sees what the ones before it have left."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import is_bound
from patcher.code.changes import make
from patcher.code.outline import Line, Outline
from patcher.edits.base import Match, edit_kind
from patcher.edits.kinds import CommentBlock, Fragment
from patcher.edits.subjects import is_nearly
from patcher.engine.absence import is_absent
from patcher.engine.aliases import calls_under_other_names, localized
from patcher.engine.blockers import Blocker, Refusal, needs_rule
from patcher.engine.names import imported_otherwise, lacks_variables
from patcher.engine.safety import find_blocker, provides, unavailable
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

    @property
    def nodes(self) -> list[cst.CSTNode]:
        """What its places point at."""
        return [match.node for match in self.matches]

    @property
    def is_lost(self) -> bool:
        """Whether nothing of what the rule is about was found."""
        return self.state is State.ABSENT or (self.rule.adds and self.state is State.DRIFTED)


def fold(
    sections: Sequence[Section],
    names: Mapping[str, str],
    outline: Outline,
    chosen: Collection[str] | None,
    refused: Mapping[str, Refusal],
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
        unfit = dict[str, Refusal | None](refused)
        for rule in section.rules:
            if chosen is not None and section.id_of(rule) not in chosen:
                continue
            found = examined(section, rule, names, outline)
            if found.state is State.PENDING:
                found = _available(found, names, missing, unfit, outline)
            if found.state is State.PENDING:
                made = make(match.replacement or () for match in found.matches)
                found.lines.extend(line for line in made if line and not rule.removes)
            elif found.state is State.APPLIED:
                found.lines.extend(match.line for match in found.matches if match.line)
            else:
                unfit.setdefault(found.id, None)
            missing.update(dict.fromkeys(_not_brought_in(found, outline), found.id))
            yield found


def _not_brought_in(found: RuleMatch, outline: Outline) -> set[str]:
    """What a rule does not bring in, as it does not fit, or as only a function imports it."""
    names = provides(found.rule)
    if found.state is State.PENDING:
        return set()
    if found.state is not State.APPLIED:
        return names
    return {name for name in names if not name.startswith("FLAGS.") and not is_bound(name, outline)}


def _available(
    found: RuleMatch,
    names: Mapping[str, str],
    missing: Mapping[str, str],
    unfit: Mapping[str, Refusal | None],
    outline: Outline,
) -> RuleMatch:
    """The match, unless its edit is refused, or needs what a rule that does not fit would leave.

    `unfit` says why, by the id of the rule or of one that it stands on.
    """
    section, rule = found.section, found.rule
    earlier = [id_ for id_ in map(section.id_of, section.prerequisites(rule)) if id_ in unfit]
    needed = unavailable(localized(rule, names), missing, outline)
    if refusal := unfit.get(found.id):
        reason, remedy = refusal
    elif earlier:
        reason, remedy = needs_rule(earlier[0])
    elif needed:
        reason = f"needs `{needed}`, which {missing[needed]} would bring in but cannot"
        remedy = f"make {missing[needed]} fit first"
    else:
        return found
    node = next(match.node for match in found.matches if match.replacement is not None)
    return replace(found, state=State.DRIFTED, matches=(), blocker=Blocker(node, reason, remedy))


def examined(section: Section, rule: Rule, names: Mapping[str, str], outline: Outline) -> RuleMatch:
    """How a rule stands: at its place, else where its code has moved to."""
    said = localized(rule, names)
    if blocker := _under_another_name(section, said, outline):
        return RuleMatch(section, rule, State.DRIFTED, blocker=blocker)
    for look in (_in_place, _relocated):
        found = look(section, said, outline)
        if found.state is not State.DRIFTED:
            found = replace(found, rule=rule)
            blocker = None
            if any(match.state is State.PENDING for match in found.matches):
                blocker = find_blocker(section.rules, said, names, outline, found.matches)
            if blocker and (found.state is State.PENDING or blocker.node not in found.nodes):
                return RuleMatch(section, rule, State.DRIFTED, blocker=blocker)
            return found
        for later in section.superseding_rules(rule):
            found = look(section, localized(later, names), outline)
            if found.state is State.APPLIED:
                return replace(found, rule=rule)
    state = State.ABSENT if is_absent(said, outline) else State.DRIFTED
    return RuleMatch(section, rule, state)


def _under_another_name(section: Section, rule: Rule, outline: Outline) -> Blocker | None:
    """The line that is, but for a name, what a rule removes; its kind does not see it."""
    if not rule.removes or isinstance(rule.edit, CommentBlock):
        return None
    renamed = None if rule.edit.is_import else imported_otherwise(rule, section.rules, outline)
    if renamed or isinstance(rule.edit, Fragment):
        return renamed
    kind, wanted = edit_kind(rule.edit), quotes.statements(rule.before)[0]
    found = kind.find(rule, outline)
    known = {*(match.node for match in found), *kind.lookalikes(rule, outline, found)}
    for line in calls_under_other_names(rule, section.rules, outline):
        if line.origin not in known:
            reason = f"does what `{quotes.header(wanted)}` does"
            return Blocker(line.origin, reason, is_other_code=True)
    for line in () if known else outline.lines():
        if is_nearly(wanted, line.node):
            reason = f"expected `{quotes.header(wanted)}`"
            return Blocker(line.origin, reason, is_other_code=True)
    return None


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


def settled(found: Sequence[RuleMatch]) -> list[RuleMatch]:
    """How rules stand once all are known: nothing is removed from a file about something else.

    Such a file has nothing that another rule of the section would change or has changed.
    """
    fits = {each.section.path for each in found if not (each.rule.removes or each.is_lost)}
    others = {each.section.path for each in found if not each.rule.removes}
    return [
        replace(each, state=State.ABSENT)
        if each.rule.removes and each.state is State.APPLIED and each.section.path in others - fits
        else each
        for each in found
    ]


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
    places = {scope for scope in own if found[scope]}
    if any(lacks_variables(rule, scope, outline) for scope in places):
        return drifted
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
