"""What one rule looked for in a file, and what it found there."""

from patcher.edits.kinds import Statement
from patcher.engine.explain import Explanation, explain
from patcher.model import Nearest, Pack, State
from tests.rule_check import made_up

SECTION = made_up(
    ("count = 1", "count = 2", Statement(within="sell")),
    ("pay(cart, 1)", "pay(cart, 2)", Statement(within="sell")),
    pay=("what", "tip"),
)


def explained(code: str, id_: str = "trial-2") -> Explanation:
    return explain(Pack("tried", (SECTION,)), {SECTION.path: code.encode()}, id_)


def test_shows_the_places_that_it_found() -> None:
    found = explained("def sell():\n    # why\n    pay(cart, 1)  # that\n")
    assert found.outcome.state is State.PENDING
    assert found.sites == (Nearest(3, "    pay(cart, 1)  # that", "pending"),)
    assert found.near == ()


def test_sees_what_the_rules_before_have_left() -> None:
    found = explained("def sell():\n    count = 1\n    pay(what=cart, tip=1)\n")
    assert [(each.line, each.why) for each in found.sites] == [(3, "pending")]


def test_shows_what_comes_close_the_closest_first_each_line_once() -> None:
    near = explained(
        "def sell():\n    pay(cards, 1)\n    pay(cart, 3)\ndef buy():\n    pay(cart)\n"
    ).near
    assert near[0] == Nearest(3, "pay(cart, 3)", "found `3`, expected `1`", column=15)
    assert sorted(each.line for each in near) == [2, 3, 5]


def test_shows_only_what_blocks_a_rule_that_is_blocked() -> None:
    section = made_up(("count = 1", "pay()", Statement(within="sell")))
    code = b"def sell():\n    count = 1\n    bill(count)\n    count = 2\n"
    found = explain(Pack("tried", (section,)), {section.path: code}, "trial-1")
    assert found.outcome.state is State.DRIFTED
    (near,) = found.near
    assert (near.line, near.is_blocker) == (2, True)
    assert near.remedy == "remove the other uses of `count`"


def test_shows_at_most_five() -> None:
    lines = "".join(f"    pay(cart, {number})\n" for number in range(3, 10))
    assert len(explained(f"def sell():\n{lines}").near) == 5


def test_shows_nothing_of_a_file_that_is_about_something_else() -> None:
    found = explained("import a\n")
    assert found.outcome.state is State.ABSENT
    assert (found.sites, found.near) == ((), ())
