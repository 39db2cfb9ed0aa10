"""Edits that rules of two packs make: the second one finds its own made, in the plan alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from patcher.code.outline import Outline
from patcher.engine.fold import RuleMatch, examined, fold
from patcher.model import Section, State


def makers(
    found: Sequence[RuleMatch],
    sections: Sequence[Section],
    names: Mapping[str, str],
    unedited: Callable[[], Outline],
) -> dict[str, str]:
    """The pending rule that makes the edit of an applied one as well, by the ids of the latter.

    Args:
        found: How all rules stand on the file, in the order in which they were folded.
        sections: All of the file.
        names: The file's names for what quotes import, where they differ.
        unedited: Gives an outline of the file as it was read.
    """
    waiting = list(_behind_others(found))
    if not waiting:
        return {}
    outline, by = unedited(), dict[str, str]()
    waiting = [each for each in waiting if not _is_applied(each, names, outline)]
    chosen = {each.id for each in found if each.state is State.PENDING}
    for step in fold(sections, names, outline, chosen, {}) if waiting else ():
        done = [each for each in waiting if _is_applied(each, names, outline)]
        by |= {each.id: step.id for each in done if each.section is not step.section}
        waiting = [each for each in waiting if each not in done]
    return by


def _behind_others(found: Sequence[RuleMatch]) -> Iterator[RuleMatch]:
    """The applied rules that come after a pending rule of another section."""
    pending = list[Section]()
    for each in found:
        if each.state is State.PENDING:
            pending.append(each.section)
        elif each.state is State.APPLIED and any(one is not each.section for one in pending):
            yield each


def _is_applied(each: RuleMatch, names: Mapping[str, str], outline: Outline) -> bool:
    return examined(each.section, each.rule, names, outline).state is State.APPLIED
