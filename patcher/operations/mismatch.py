"""Rules that do not fit a tree, each as an error that says what was found instead."""

from patcher.code.source import lines
from patcher.errors import ErrorList, MismatchError, SourceLine
from patcher.model import FilePlan, Nearest, Outcome, Plan, State


def mismatches(plan: Plan) -> ErrorList:
    """An error for each rule of a plan that can neither be applied nor has been."""
    pairs = [(file, outcome) for file in plan.files for outcome in file.outcomes]
    return ErrorList([_mismatch(file, found) for file, found in pairs if found.state.is_unresolved])


def _mismatch(file: FilePlan, outcome: Outcome) -> MismatchError:
    near = outcome.nearest
    if outcome.sites:
        return _miscounted(outcome, lines(file.before))
    if near and near.text:
        return _drifted(outcome, near, lines(file.before)[near.line - 1])
    why = near.why if near else "nothing like it was found"
    verb = "is absent" if outcome.state is State.ABSENT else "has drifted"
    found = f"{outcome.id} {verb} ({why})"
    return MismatchError(outcome.file, found, outcome.wants, _leave_out(outcome))


def _drifted(outcome: Outcome, near: Nearest, text: str) -> MismatchError:
    """The error of a rule that found only something close, in a line of this text."""
    return MismatchError(
        f"{outcome.file}:{near.line}",
        f"{outcome.id} has drifted",
        outcome.wants,
        f"edit the line by hand, or {_leave_out(outcome)}",
        detail=f"found `{near.text}` ({near.why})",
        source=[SourceLine(near.line, len(text) - len(text.lstrip()) + 1, text, near.why)],
    )


def _miscounted(outcome: Outcome, lines: list[str]) -> MismatchError:
    """The error of a rule that has too many places, or of which some are edited already."""
    done = sum(site.state is State.APPLIED for site in outcome.sites)
    numbers = [str(site.line) for site in outcome.sites]
    places = "place in line" if len(numbers) == 1 else "places in lines"
    found = f"{len(numbers)} {places} {', '.join(numbers)}, {done} edited already"
    return MismatchError(
        f"{outcome.file}:{numbers[0]}",
        f"{outcome.id} is {outcome.state}: found {found}",
        f"{outcome.expected} in all: {outcome.wants}",
        f"edit the right place by hand, or {_leave_out(outcome)}",
        source=[SourceLine(s.line, s.column, lines[s.line - 1], s.state) for s in outcome.sites],
    )


def _leave_out(outcome: Outcome) -> str:
    return f"leave the rule out with `effpatch apply --skip {outcome.id}`"
