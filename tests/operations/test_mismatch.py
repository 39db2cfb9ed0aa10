import pytest

from patcher.errors import MismatchError, SourceLine
from patcher.model import FilePlan, Nearest, Outcome, Plan, Site, State
from patcher.operations.mismatch import mismatches

CONTENT = b"one()\n  two()\none()\n"
STEP = "skip the rule with --skip main-1"


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


def test_drift_shows_the_part_that_differs() -> None:
    why = "found `two`, expected `x`"
    found = error(State.DRIFTED, nearest=Nearest(2, "two()", why, column=3, width=3))
    assert str(found) == f"main.py:2: main-1: {why} (`two()`); edit the line by hand, or {STEP}"
    assert found.summary == f"main.py:2: main-1: {why}"
    assert found.source == (SourceLine(2, 3, "  two()", width=3),)


def test_what_is_said_of_the_line_is_not_repeated() -> None:
    near = Nearest(2, "two()", "found `two()`, expected `x()`", column=3, width=5)
    assert str(error(State.DRIFTED, nearest=near)).count("two()") == 1


def test_a_long_line_is_cut_in_a_sentence() -> None:
    near = Nearest(2, f"two('{'x' * 200}')", "found `two`, expected `x`")
    assert f"(`two('{'x' * 72}...`)" in str(error(State.DRIFTED, nearest=near))


@pytest.mark.parametrize(
    ("remedy", "step"),
    [
        pytest.param("", "edit the line by hand", id="the line"),
        pytest.param("make init-1 fit first", "make init-1 fit first", id="another rule"),
        pytest.param("correct hparams.py first", "correct hparams.py first", id="another file"),
    ],
)
def test_a_blocked_rule_says_what_helps(remedy: str, step: str) -> None:
    near = Nearest(2, "two()", "needs `y`", column=3, width=5, is_blocker=True, remedy=remedy)
    found = error(State.DRIFTED, nearest=near)
    assert str(found) == f"main.py:2: main-1 is not applied: needs `y`; {step}, or {STEP}"


@pytest.mark.parametrize(
    ("state", "nearest", "sentence"),
    [
        pytest.param(
            State.DRIFTED,
            None,
            "main-1: found nothing like it, expected `x()`",
            id="nothing-like-it",
        ),
        pytest.param(
            State.ABSENT,
            Nearest(1, "", "`x` is nowhere in this file"),
            "main-1 is absent (`x` is nowhere in this file)",
            id="subject-missing",
        ),
        pytest.param(State.ABSENT, None, "main-1 is absent, expected `x()`", id="file-missing"),
    ],
)
def test_without_a_line_the_file_is_named(
    state: State, nearest: Nearest | None, sentence: str
) -> None:
    found = error(state, nearest=nearest)
    assert (str(found), found.source) == (f"main.py: {sentence}; {STEP}", ())


def sites(*places: str) -> list[Site]:
    """Places as `1` or, where they are edited, `1 done`."""
    return [
        Site(int(place.split()[0]), 1, State.APPLIED if "done" in place else State.PENDING)
        for place in places
    ]


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (["1", "3"], "found 2 places, in lines 1 and 3"),
        (["1", "3 done"], "found 2 places, in lines 1 and 3; line 3 is edited already"),
        (["1", "1"], "found 2 places, in line 1"),
        (["1", "1 done"], "found 2 places, in line 1; 1 of them is edited already"),
        (["1 done", "1 done"], "found 2 places, in line 1, edited already"),
        (["1", "2 done", "3 done"], "found 3 places, in lines 1, 2 and 3; "
                                    "lines 2 and 3 are edited already"),
    ],
)  # fmt: skip
def test_each_line_of_an_ambiguous_rule_is_named_once(places: list[str], found: str) -> None:
    said = error(State.AMBIGUOUS, *sites(*places))
    assert str(said) == (
        f"main.py:1: main-1 is ambiguous: {found}, expected 1: `x()`; "
        f"edit the right place by hand, or {STEP}"
    )


def test_every_place_of_an_ambiguous_rule_is_shown() -> None:
    assert error(State.AMBIGUOUS, *sites("1", "3 done")).source == (
        SourceLine(1, 1, "one()", "pending"),
        SourceLine(3, 1, "one()", "applied"),
    )


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["2"], "found 1 place, in line 2, expected 2: `x()`; edit the right place by hand"),
        (["2 done"], "found 1 place, in line 2, edited already, expected 2: `x()`; "
                     "edit the right place by hand"),
        (["1 done", "3"], "found 2 places, in lines 1 and 3; line 1 is edited already; "
                          "edit line 3 by hand"),
    ],
)  # fmt: skip
def test_a_partial_rule_says_what_is_left(places: list[str], said: str) -> None:
    found = error(State.PARTIAL, *sites(*places), expected=2)
    line = places[0].split()[0]
    assert str(found) == f"main.py:{line}: main-1 is partial: {said}, or {STEP}"
