"""How rules stand, in lines and in words."""

import pytest

from patcher.code.source import parse
from patcher.edits.kinds import IfTest, ImportFrom, Statement
from patcher.engine.nearest import near_misses
from patcher.model import State
from tests.rule_check import made_up, planned, trial

ASK = ("if till:", "if is_open():", IfTest(within="sell"))
NESTED = "def sell():\n    if a:\n        if till:\n            b()\n    if till: c()\n"


def test_sites_are_in_the_order_of_the_file() -> None:
    """Blocks are searched outer before inner."""
    outcome = trial(*ASK).ignores(NESTED)
    assert outcome.state is State.AMBIGUOUS
    assert [(site.line, site.column) for site in outcome.sites] == [(3, 9), (5, 5)]


def test_sites_behind_edits_are_in_that_order_too() -> None:
    add = trial("", "one()\ntwo()", Statement(within="sell", follows="a()"))
    plan = add.plan("def sell():\n    if b:\n        a()\n    two()\n    one()\n")
    assert [site.line for site in plan.outcomes_after[0].sites] == [4, 5]


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        pytest.param([ASK], "def other(): pass\n# x\ndef sell():\n    if till: a()\n", id="a line"),
        pytest.param(
            [("", "from shop import a", ImportFrom()), ("from shop import b", "", ImportFrom())],
            "from shop import b\nc()\n", id="an import where another goes",
        ),
        pytest.param([("pay()", "", Statement())], "if a:\n    pay()\n", id="a line that goes"),
        pytest.param(
            [("", "from shop import a", ImportFrom()),
             ("from bank import b", "from shop import b, a", ImportFrom())],
            "from bank import b\nc()\n", id="an import of which another line has a name",
        ),
        pytest.param(
            [("", "one()\ntwo()", Statement(follows="a()")), ("a()", "", Statement())],
            "# x\na()\nb()\n", id="two lines behind one that goes",
        ),
        pytest.param(
            [("a = 1", "a = 2", Statement()), ("a = 2", "b()\na = 3", Statement())],
            "x()\na = 1\n", id="a line that a later rule replaces",
        ),
        pytest.param(
            [("from a import b", "from a import b, c", ImportFrom()),
             ("from a import d", "from a import d, c", ImportFrom())],
            "from a import b\nfrom a import d\n", id="a name that stands on another's line",
        ),
    ],
)  # fmt: skip
def test_after_the_edits_rules_stand_as_planning_again_finds(
    edits: list[tuple[str, str, IfTest]], code: str
) -> None:
    section = made_up(*edits)
    plan = planned(section, code)
    assert not any(outcome.state.is_unresolved for outcome in plan.outcomes)
    assert plan.outcomes_after
    assert plan.outcomes_after == planned(section, plan.after).outcomes


def test_nothing_is_said_of_the_file_behind_edits_where_a_rule_does_not_fit() -> None:
    section = made_up(ASK, ("gone()", "here()", Statement()))
    plan = planned(section, "def sell():\n    if till: a()\ngone(1)\n")
    assert [outcome.state for outcome in plan.outcomes] == [State.PENDING, State.DRIFTED]
    assert plan.outcomes_after == ()


def test_nor_where_another_edit_has_replaced_a_part_of_one() -> None:
    add = ("", "one()\ntwo()", Statement(follows="a()"))
    plan = planned(made_up(add, ("two()", "three()\nfour()", Statement())), "a()\n")
    assert plan.after == b"a()\none()\nthree()\nfour()\n"
    assert plan.outcomes_after == ()


def test_only_a_rule_that_does_not_fit_may_want_another_first() -> None:
    section = made_up(("a = 1", "a = 2", Statement()), ("a = 2", "b()\na = 3", Statement()))
    wants = ["`a = 1` at module level", "`a = 2` at module level"]
    assert [outcome.wants for outcome in planned(section, "a = 1\n").outcomes] == wants
    wants[1] += " as trial-1 leaves it"
    assert [outcome.wants for outcome in planned(section, "a = 4\n").outcomes] == wants


def test_lookalikes_are_sites_of_a_removal() -> None:
    gone = trial("pay(1)", "", Statement(within="sell"))
    outcome = gone.ignores("def sell():\n    pay(2)\n    pay(1)\n")
    assert [(site.line, site.state) for site in outcome.sites] == [
        (2, State.PENDING),
        (3, State.PENDING),
    ]


def test_the_closest_near_miss_is_shown_first() -> None:
    check = trial("pay(cart, 1)", "pay(cart, 2)", Statement(within="sell"))
    code = "def sell():\n    play(cart, 1)\n    pay(cart, 3)\n"
    check.drifts(code, line=3, why="found `3`, expected `1`")
    found = near_misses(check.section, check.rule, parse("shop.py", code.encode()))
    assert (found[0].line, found[0].text) == (3, "pay(cart, 3)")
    assert 2 in {each.line for each in found}


def test_a_file_without_anything_like_it_has_no_near_miss() -> None:
    add = trial("", "pay(cart)", Statement(within="sell", follows="cart = take()"))
    outcome = add.ignores("x\n")
    assert (outcome.state, outcome.nearest) == (State.DRIFTED, None)
