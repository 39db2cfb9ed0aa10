import pytest

from patcher.errors import MismatchError, SourceLine
from patcher.model import FilePlan, Nearest, Outcome, Plan, Site, State
from patcher.operations.mismatch import mismatches

CONTENT = b"one()\n  two()\none()\n"
STEP = "leave the rule out with `effpatch apply --skip main-1`"


def error(
    state: State, *sites: Site, nearest: Nearest | None = None, expected: int = 1
) -> MismatchError:
    """The error of a rule that is in a state."""
    outcome = Outcome("main-1", "main.py", "try", state, expected, sites, "`x()`", nearest)
    fits = Outcome("main-2", "main.py", "fit", State.PENDING, 1, (), "`y()`")
    plan = Plan((), (FilePlan("main.py", CONTENT, CONTENT, (outcome, fits)),))
    (found,) = mismatches(plan).errors
    assert isinstance(found, MismatchError)
    assert (found.exit_code, mismatches(plan).exit_code) == (3, 3)
    return found


def test_drift_shows_the_nearest_line() -> None:
    found = error(State.DRIFTED, nearest=Nearest(2, "two()", "the closest line"))
    assert str(found) == (
        "main.py:2: main-1 has drifted: found `two()` (the closest line), expected `x()`; "
        f"edit the line by hand, or {STEP}"
    )
    assert found.summary == "main.py:2: main-1 has drifted, expected `x()`"
    assert found.source == (SourceLine(2, 3, "  two()", "the closest line"),)


@pytest.mark.parametrize(
    ("state", "nearest", "sentence"),
    [
        pytest.param(
            State.DRIFTED,
            None,
            "main-1 has drifted (nothing like it was found), expected `x()`",
            id="nothing-like-it",
        ),
        pytest.param(
            State.ABSENT,
            Nearest(1, "", "`x` is nowhere in this file"),
            "main-1 is absent (`x` is nowhere in this file), expected `x()`",
            id="subject-missing",
        ),
        pytest.param(
            State.ABSENT,
            None,
            "main-1 is absent (nothing like it was found), expected `x()`",
            id="file-missing",
        ),
    ],
)
def test_without_a_line_the_file_is_named(
    state: State, nearest: Nearest | None, sentence: str
) -> None:
    found = error(state, nearest=nearest)
    assert (str(found), found.source) == (f"main.py: {sentence}; {STEP}", ())


def test_every_place_of_an_ambiguous_rule_is_named() -> None:
    found = error(State.AMBIGUOUS, Site(1, 1, State.PENDING), Site(3, 1, State.APPLIED))
    assert str(found) == (
        "main.py:1: main-1 is ambiguous: found 2 places in lines 1, 3, 1 edited already, "
        f"expected 1 in all: `x()`; edit the right place by hand, or {STEP}"
    )
    assert found.source == (
        SourceLine(1, 1, "one()", "pending"),
        SourceLine(3, 1, "one()", "applied"),
    )


def test_the_one_place_of_a_partial_rule_is_named() -> None:
    found = error(State.PARTIAL, Site(2, 3, State.PENDING), expected=2)
    sentence = "main-1 is partial: found 1 place in line 2, 0 edited already, expected 2 in all"
    assert str(found).startswith(f"main.py:2: {sentence}: `x()`; ")
