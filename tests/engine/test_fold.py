"""Rules folded over a file: each sees what the ones before it have left."""

import pytest

from patcher.edits.kinds import IfTest, ImportFrom, Statement
from patcher.model import FilePlan, State
from tests.rule_check import made_up, planned, trial

COUNT = ("count = 1", "count = 2", Statement(within="sell"))
AGAIN = ("count = 2", "count = 3\npay()", Statement(within="sell"))
SELL = "def sell():\n    {}\n"


def states(plan: FilePlan) -> list[State]:
    return [outcome.state for outcome in plan.outcomes]


def test_a_rule_sees_what_the_one_before_has_left() -> None:
    section = made_up(COUNT, AGAIN)
    plan = planned(section, SELL.format("count = 1"))
    assert states(plan) == [State.PENDING, State.PENDING]
    assert plan.after.decode() == SELL.format("count = 3\n    pay()")
    assert states(planned(section, plan.after)) == [State.APPLIED, State.APPLIED]


def test_a_rule_alone_lacks_what_another_would_leave() -> None:
    section = made_up(COUNT, AGAIN)
    (outcome,) = planned(section, SELL.format("count = 1"), {"trial-2"}).outcomes
    assert outcome.state is State.DRIFTED
    assert outcome.wants == "`count = 2` in `sell` as trial-1 leaves it"


def test_an_edit_that_a_later_rule_has_replaced_is_applied() -> None:
    (outcome,) = planned(
        made_up(COUNT, AGAIN), SELL.format("count = 3; pay()"), {"trial-1"}
    ).outcomes
    assert outcome.state is State.DRIFTED
    (outcome,) = planned(
        made_up(COUNT, AGAIN), SELL.format("count = 3\n    pay()"), {"trial-1"}
    ).outcomes
    assert outcome.state is State.APPLIED


TWO = ("", "one(cart)\ntwo(cart)", Statement(within="sell", follows="cart = take()"))


@pytest.mark.parametrize(
    ("body", "state"),
    [
        pytest.param(["cart = take()"], State.PENDING, id="none of two is there"),
        pytest.param(["cart = take()", "one(cart)", "two(cart)"], State.APPLIED, id="both are"),
        pytest.param(["cart = take()", "one(cart)"], State.PARTIAL, id="one is"),
        pytest.param(["cart = take()", "cart = take()"], State.AMBIGUOUS, id="two places for each"),
        pytest.param(["one(cart)"], State.PARTIAL, id="one is, the other has no place"),
        pytest.param(["cart = make()"], State.DRIFTED, id="no place"),
    ],
)
def test_the_state_follows_from_the_places(body: list[str], state: State) -> None:
    plan = planned(made_up(TWO), SELL.format("\n    ".join(body)))
    assert states(plan) == [state]
    assert (plan.after == plan.before) == (state is not State.PENDING)


def test_a_removal_is_applied_only_where_its_place_is_there() -> None:
    gone = trial("pay(cart)", "", Statement(within="sell"))
    assert gone.outcome(SELL.format("wrap()")).state is State.APPLIED
    assert gone.outcome(SELL.format("pay(bag)")).state is State.DRIFTED
    assert gone.outcome("def buy():\n    a()\n").state is State.ABSENT
    assert gone.outcome(SELL.format("pay(bag)")).state is State.DRIFTED
    assert gone.outcome("def buy():\n    pay()\n").state is State.DRIFTED


def test_code_is_followed_to_a_function_of_the_same_class() -> None:
    move = trial("total = price(cart)", "total = 0", Statement(within="Shop.sell"))
    moved = "class Shop:\n    def sell(self):\n        a()\n    def buy(self):\n        {}\n"
    move.changes(moved.format("total = price(cart)"), moved.format("total = 0"))
    elsewhere = "class Bank:\n    def buy(self):\n        total = price(cart)\n"
    for code in (
        f"class Shop:\n    def sell(self):\n        a()\n{elsewhere}",
        f"{moved.format('total = price(cart)')}{elsewhere}",
        moved.format("total = price(cart)\n        total = price(cart)"),
    ):
        assert move.ignores(code).state is State.DRIFTED


def test_a_removal_is_followed_where_nothing_is_like_it() -> None:
    gone = trial("total = price(cart)", "", Statement(within="sell"))
    code = "def buy():\n    total = price(cart)\n    {}\n"
    assert gone.plan(code.format("a()")).after.decode() == "def buy():\n    a()\n"
    assert gone.ignores(code.format("total = 1")).state is State.DRIFTED


def test_code_is_not_followed_to_the_module_nor_a_test_that_can_stand_anywhere() -> None:
    move = trial("total = price(cart)", "total = 0", Statement(within="sell"))
    assert move.ignores("def sell():\n    a()\ntotal = price(cart)\n").state is State.DRIFTED
    ask = trial("if till is not None:", "if is_open():", IfTest(within="sell"))
    assert ask.ignores("def buy():\n    if till is not None: a()\n").state is State.DRIFTED


def test_functions_that_other_rules_name_are_theirs() -> None:
    mine = ("total = price(cart)", "total = 0", Statement(within="sell"))
    theirs = ("wrap()", "", Statement(within="buy"))
    code = "def sell():\n    a()\ndef buy():\n    total = price(cart)\n"
    assert states(planned(made_up(mine), code)) == [State.PENDING]
    assert states(planned(made_up(mine, theirs), code)) == [State.DRIFTED, State.APPLIED]


def test_no_edit_uses_what_another_could_not_bring_in() -> None:
    bring = ("from shop import till", "from shop import till, is_open", ImportFrom())
    ask = ("if till is not None:", "if is_open():", IfTest(within="sell"))
    code = "from {} import till\ndef sell():\n    if till is not None:\n        pay()\n"
    assert states(planned(made_up(bring, ask), code.format("shop"))) == [State.PENDING] * 2
    plan = planned(made_up(bring, ask), code.format("bank"))
    assert states(plan) == [State.DRIFTED] * 2
    nearest = plan.outcomes[1].nearest
    assert nearest
    assert (nearest.line, nearest.why) == (1, "binds `till` to something else")
    assert not plan.outcomes_after
    code = code.replace("import till", "import till as drawer, till")
    plan = planned(made_up(bring, ask), code.format("shop").replace(", till", "; a()"))
    nearest = plan.outcomes[1].nearest
    assert nearest
    assert nearest.why == "needs `is_open`, which trial-1 would bring in but cannot"
