"""Rules that only bring in what others would use, where none of these can be made."""

from collections.abc import Iterable, Mapping, Sequence

from patcher.code.imports import keys, quoted_import, source
from patcher.edits.additions import follows
from patcher.engine.blockers import Refusal
from patcher.engine.safety import newly_used, provides
from patcher.model import Outcome, Pack, Rule, Section, State


def in_vain(packs: Sequence[Pack], outcomes: Iterable[Outcome]) -> dict[str, Refusal]:
    """Why rules that are pending need not be applied after all, by their ids.

    An import or a flag is brought in for the rules of its section that newly use it; and nothing
    is added behind the imports of a file that has nothing of what its section changes.
    """
    states = {outcome.id: outcome.state for outcome in outcomes}
    reasons = dict[str, Refusal]()
    for id_, section, rule in (entry for pack in packs for entry in pack.entries()):
        if states.get(id_) is not State.PENDING:
            continue
        if rule.adds and not follows(rule) and _is_about_else(section, states):
            reason = "nothing that its section changes is in this file"
            reasons[id_] = Refusal(reason, "check that this is the file that is meant")
        elif _only_adds(rule):
            users = _users(rule, section, states)
            if users and all(states[user].is_unresolved for user in users):
                every, verb = " and ".join(users), "does" if len(users) == 1 else "do"
                reason = f"only {every}, which {verb} not fit, would use it"
                reasons[id_] = Refusal(reason, f"make {every} fit first")
    return reasons


def _is_about_else(section: Section, states: Mapping[str, State]) -> bool:
    """Whether a file has nothing of what several rules of a section would change."""
    changed = (section.id_of(rule) for rule in section.rules if rule.before and rule.after)
    found = [states[id_] for id_ in changed if id_ in states]
    return len(found) > 1 and all(state is State.ABSENT for state in found)


def _only_adds(rule: Rule) -> bool:
    """Whether a rule adds code, or names to an import, and changes nothing else."""
    if rule.adds or rule.removes or not rule.edit.is_import:
        return rule.adds
    before, after = quoted_import(rule.before), quoted_import(rule.after)
    return source(before) == source(after) and keys(before) <= keys(after)


def _users(rule: Rule, section: Section, states: Mapping[str, State]) -> list[str]:
    """The rules of a section, as far as they are planned, that newly use what another brings in."""
    brought = provides(rule)
    users = (each for each in section.rules if each is not rule and newly_used(each) & brought)
    return [id_ for id_ in map(section.id_of, users) if id_ in states]
