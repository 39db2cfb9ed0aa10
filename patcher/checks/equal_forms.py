"""Equal forms: a function gives after the edits, bit for bit, what it gave before."""

from patcher.checks import forms
from patcher.checks.evaluation import Form
from patcher.checks.limits import NUMBERS, RANK
from patcher.checks.model import Finding, Subject, Unchecked
from patcher.checks.trials import Trial, inputs

_INTEGER = 1 << 63


def check(
    subject: Subject,
    *,
    file: str,
    function: str,
    array_rank: int,
    module: str,
    alias: str,
    sides: tuple[int, int] = (1, 5),
    integer: tuple[int, int] = (1, 5),
) -> list[Finding] | None:
    """What the edits changed in what a function gives: the first input of each sort.

    The form before and the form after are evaluated over their syntax trees, on random arrays and
    integers; nothing of the tree is run. Only advice is that a form needs to know the first side
    of its array beforehand where the other did not. None where there is no such function, or was
    none before.

    Args:
        subject: A tree.
        file: The file that holds the function.
        function: Its name; it takes an array, and an integer for the next parameter and for each
            behind that which has no default.
        array_rank: The number of dimensions of the array.
        module: The module of tensors that it uses.
        alias: What it calls that module.
        sides: The smallest and the largest side of the array.
        integer: The smallest and the largest integer.
    """
    then, now = subject.old.module(file), subject.new.module(file)
    old, new = (forms.definitions(each, function) for each in (then, now))
    if not then or not old:
        return None
    if not now or not new:
        return [Finding(file, 1, f"has no function {function} to try, expected one")]
    found = set[Finding]()
    for line, name in forms.rebound(then, now, new, module, alias):
        text = f"`{name}` is bound anew, expected what {function} is tried with"
        found.add(Finding(file, line, text))
    trials = [
        Trial(file, Form(then_form, alias), Form(now_form, alias))
        for then_form, now_form in forms.changed(old, new)
    ]
    if trials and not _can_be_made(array_rank, sides, integer):
        text = f"cannot be tried on {array_rank} dimensions of {sides[0]} to {sides[1]}"
        return [Finding(file, 1, f"{text}, expected an array of {NUMBERS:,} numbers at most")]
    for each in trials:
        tried = list(inputs(array_rank, sides, integer, len(each.names)))
        found.update(each.findings(tried))
    compared = all(each.compared for each in trials)
    return sorted(found) if compared else Unchecked(sorted(found))


def _can_be_made(rank: int, sides: tuple[int, int], integer: tuple[int, int]) -> bool:
    """Whether inputs of the sizes that a pack asks for are small enough to try."""
    small = all(abs(each) < _INTEGER for each in (*sides, *integer))
    return small and 0 <= rank <= RANK and sides[0] >= 0 and sides[1] ** rank <= NUMBERS
