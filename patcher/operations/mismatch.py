"""Rules that do not fit a tree, each as an error that says what was found instead."""

from collections.abc import Sequence

from patcher.code.differences import cut
from patcher.code.source import lines
from patcher.errors import ErrorList, MismatchError, SourceLine
from patcher.model import FilePlan, Nearest, Outcome, Plan, Site, State


def mismatches(plan: Plan, option: str = "--skip") -> ErrorList:
    """An error for each rule of a plan that can neither be applied nor has been.

    `option` skips a rule; a command without such an option names it with its command.
    """
    pairs = [(file, outcome) for file in plan.files for outcome in file.outcomes]
    unfit = [(file, found) for file, found in pairs if found.state.is_unresolved]
    return ErrorList([_mismatch(file, found, _skip(found, option)) for file, found in unfit])


def _mismatch(file: FilePlan, outcome: Outcome, skip: str) -> MismatchError:
    """The error of a rule; `skip` says how to leave the rule out."""
    near = outcome.nearest
    if outcome.sites:
        return _miscounted(outcome, skip, lines(file.before))
    if near and near.text:
        return _drifted(outcome, near, skip, lines(file.before)[near.line - 1])
    if outcome.state is State.ABSENT and near:
        found, wants = f"{outcome.id} is absent ({near.why})", ""
    elif outcome.state is State.ABSENT:
        found, wants = f"{outcome.id} is absent", outcome.wants
    else:
        found, wants = f"{outcome.id}: found nothing like it", outcome.wants
    return MismatchError(outcome.file, found, wants, skip)


def _drifted(outcome: Outcome, near: Nearest, skip: str, text: str) -> MismatchError:
    """The error of a rule that is blocked or found only something close, in a line of this text."""
    verb = " is not applied" if near.is_blocker else ""
    return MismatchError(
        f"{outcome.file}:{near.line}",
        f"{outcome.id}{verb}: {near.why}",
        next_step=f"{near.remedy or 'edit the line by hand'}, or {skip}",
        detail="" if near.is_blocker or near.text in near.why else f"(`{cut(near.text)}`)",
        source=[SourceLine(near.line, near.column, text, width=near.width)],
    )


def _miscounted(outcome: Outcome, skip: str, lines: list[str]) -> MismatchError:
    """The error of a rule that has too many places or too few, or of which some are edited."""
    sites, step, wanted = outcome.sites, "edit the right place by hand", ""
    due = [site for site in sites if site.state is not State.APPLIED]
    if len(sites) != outcome.expected:
        wanted = f"{outcome.expected}: {outcome.wants}"
    elif due:
        step = f"edit {_lines_of(due)} by hand"
    places = "1 place" if len(sites) == 1 else f"{len(sites)} places"
    found = f"found {places}, in {_lines_of(sites)}{_done(sites)}"
    return MismatchError(
        f"{outcome.file}:{sites[0].line}",
        f"{outcome.id} is {outcome.state}: {found}",
        wanted,
        f"{step}, or {skip}",
        source=[SourceLine(s.line, s.column, lines[s.line - 1], s.state) for s in sites],
    )


def _done(sites: Sequence[Site]) -> str:
    """Which of some places are edited already, as the end of a sentence; "" for none."""
    done = [site for site in sites if site.state is State.APPLIED]
    rest = {site.line for site in sites if site.state is not State.APPLIED}
    if not done or not rest:
        return ", edited already" if done else ""
    number = len({site.line for site in done})
    if rest.intersection(site.line for site in done):
        return f"; {len(done)} of them {'is' if len(done) == 1 else 'are'} edited already"
    return f"; {_lines_of(done)} {'is' if number == 1 else 'are'} edited already"


def _lines_of(sites: Sequence[Site]) -> str:
    """The lines of some places in words, each once: `lines 1, 3 and 7`."""
    *most, last = [str(line) for line in dict.fromkeys(site.line for site in sites)]
    return f"lines {', '.join(most)} and {last}" if most else f"line {last}"


def _skip(outcome: Outcome, option: str) -> str:
    command = f"{option} {outcome.id}"
    return f"skip the rule with {f'`{command}`' if ' ' in option else command}"
