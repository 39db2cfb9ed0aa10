"""What rules need in other files: made only where it holds, on the files as a plan leaves them."""

from dataclasses import replace

import pytest

from patcher import engine
from patcher.edits.kinds import ImportFrom, Statement
from patcher.engine.needs import holds
from patcher.model import Edit, Nearest, Need, Outcome, Pack, Plan, Section, State
from patcher.operations.export import single_edits
from tests.rule_check import made_up

TILL, SHOP = "shop/till.py", "shop/trial.py"
SELL = b"def sell():\n    pay(1)\n"
ASK = ("pay(1)", "pay(tip)", Statement(within="sell"))


def needing(need: Need) -> Pack:
    """A pack of one rule, with a need."""
    section = made_up(ASK)
    (rule,) = section.rules
    return Pack("tried", (replace(section, rules=(replace(rule, needs=(need,)),)),))


def outcome(need: Need, files: dict[str, bytes], code: bytes = SELL) -> Outcome:
    (found,) = engine.plan([needing(need)], {SHOP: code, **files}).outcomes
    return found


TIP = Need(TILL, sets=("tip",), within="defaults")
DEFAULTS = b"def defaults():\n    h = Config()\n    h.tip = 1\n    return h\n"


def test_a_rule_is_applied_where_its_need_holds() -> None:
    plan = engine.plan([needing(TIP)], {SHOP: SELL, TILL: DEFAULTS})
    assert [(file.path, file.after) for file in plan.changed] == [
        (SHOP, b"def sell():\n    pay(tip)\n")
    ]
    assert plan.outcomes_after[0].state is State.APPLIED


LACKING = "needs the key `tip`, which `defaults` in shop/till.py "


def blocked(why: str) -> Nearest:
    """What is shown of a rule for lack of something in the other file."""
    remedy = f"correct {TILL} first"
    return Nearest(2, "pay(1)", why, column=5, width=6, is_blocker=True, remedy=remedy)


@pytest.mark.parametrize(
    ("till", "why"),
    [
        pytest.param(DEFAULTS.replace(b"h.tip", b"h.tips"), f"{LACKING}does not set",
                     id="renamed"),
        pytest.param(DEFAULTS.replace(b"h.tip", b"# h.tip"), f"{LACKING}does not set",
                     id="commented out"),
        pytest.param(DEFAULTS.replace(b"h.tip", b"if a: h.tip"), f"{LACKING}sets only at times",
                     id="under a condition"),
        pytest.param(DEFAULTS.replace(b"    return", b"    del h.tip\n    return"),
                     f"{LACKING}does not set", id="deleted afterwards"),
        pytest.param(DEFAULTS.replace(b"tip", b"fee").replace(b"defaults", b"others"),
                     "needs the key `tip`, but shop/till.py has no `defaults`",
                     id="in no function of any name"),
        pytest.param(b"def defaults(:\n", "needs the key `tip`, but shop/till.py is not valid "
                     "Python", id="no Python"),
        pytest.param(b"x = 1\n" * 100_000, "needs the key `tip`, but shop/till.py is too large "
                     "to be parsed", id="too large"),
        pytest.param(DEFAULTS.replace(b"h.tip", b"h" + b".a" * 2000), "needs the key `tip`, but "
                     "shop/till.py is nested too deeply", id="nested too deeply"),
        pytest.param(None, "needs the key `tip`, but shop/till.py is not in the tree",
                     id="no such file"),
    ],
)  # fmt: skip
def test_a_rule_drifts_where_its_need_does_not_hold(till: bytes | None, why: str) -> None:
    found = outcome(TIP, {} if till is None else {TILL: till})
    assert (found.state, found.sites) == (State.DRIFTED, ())
    assert found.nearest == blocked(why)


@pytest.mark.parametrize(
    "till",
    [
        pytest.param(DEFAULTS.replace(b"defaults", b"others"), id="the function was renamed"),
        pytest.param(b"def defaults():\n    return dict(tip=1)\n", id="a dictionary"),
        pytest.param(b"def defaults(h):\n    setattr(h, 'tip', 1)\n", id="setattr"),
        pytest.param(b"DEFAULTS = {'tip': 1}\n", id="a constant in its place"),
    ],
)
def test_it_does_not_matter_how_a_need_is_met(till: bytes) -> None:
    assert outcome(TIP, {TILL: till}).state is State.PENDING


@pytest.mark.parametrize(
    ("need", "till", "why"),
    [
        pytest.param(Need(TILL, sets=("tip", "fee")), b"h.a = 1\n",
                     "needs the keys `tip` and `fee`, which shop/till.py does not set", id="keys"),
        pytest.param(Need(TILL, binds=("tip",)), b"fee = 1\n",
                     "needs the name `tip`, which shop/till.py does not define", id="a name"),
        pytest.param(Need(TILL, "Till.pay", takes=("tip",)),
                     b"class Till:\n  def pay(self, fee): pass\n",
                     "needs the parameter `tip`, which `Till.pay` in shop/till.py does not take",
                     id="a parameter"),
        pytest.param(Need(TILL, "Till.pay", takes=("tip",)), b"class Till: pass\n",
                     "needs the parameter `tip`, but shop/till.py has no function `Till.pay`",
                     id="a parameter of no function"),
    ],
)  # fmt: skip
def test_says_what_is_lacking_where(need: Need, till: bytes, why: str) -> None:
    assert outcome(need, {TILL: till}).nearest == blocked(why)
    assert not holds(need, till)


def test_a_rule_that_is_applied_is_not_checked() -> None:
    found = outcome(TIP, {}, SELL.replace(b"1", b"tip"))
    assert found.state is State.APPLIED


def section(name: str, need: Need | None, *edits: tuple[str, str, Edit]) -> Section:
    """A section of a file of that name, whose first rule needs something."""
    first, *rest = made_up(*edits).rules
    needs = (need,) if need else ()
    rules = (replace(first, needs=needs), *rest)
    return Section(f"{name}.py", f"shop/{name}.py", rules, name)


# Rules of three files: each needs what one of the file before brings in.
CHAIN = Pack(
    "tried",
    (
        section(
            "sale",
            Need("shop/sum.py", binds=("total",)),
            ("from shop import a", "from shop import a, total", ImportFrom()),
            ("a(1)", "total(1)", Statement()),
        ),
        section("sum", Need(TILL, binds=("tip",)), ("a = 1", "total = tip", Statement())),
        section("till", None, ("from bank import fee", "from bank import fee, tip", ImportFrom())),
    ),
)
FILES = {
    TILL: b"from bank import fee\n",
    "shop/sum.py": b"a = 1\n",
    "shop/sale.py": b"from shop import a\n\na(1)\n",
}


def states(plan: Plan) -> dict[str, State]:
    return {each.id: each.state for each in plan.outcomes}


def reasons(plan: Plan) -> dict[str, str]:
    return {each.id: each.nearest.why for each in plan.outcomes if each.nearest}


def test_a_rule_of_another_file_can_bring_in_what_is_needed() -> None:
    plan = engine.plan([CHAIN], FILES)
    assert set(states(plan).values()) == {State.PENDING}
    assert len(plan.outcomes_after) == len(plan.outcomes)


def test_one_rule_that_does_not_fit_takes_all_that_build_on_it_along() -> None:
    plan = engine.plan([CHAIN], {**FILES, TILL: b"from safe import fee\n"})
    assert set(states(plan).values()) == {State.DRIFTED}
    assert not plan.changed
    found = reasons(plan)
    assert found["sum-1"] == (
        "needs the name `tip`, which shop/till.py does not define; "
        "till-1 would bring it in but cannot"
    )
    assert found["sale-1"] == (
        "needs the name `total`, which shop/sum.py does not define; "
        "sum-1 would bring it in but cannot"
    )
    assert found["sale-2"] == "needs `total`, which sale-1 would bring in but cannot"


def test_a_rule_that_was_not_chosen_is_named() -> None:
    plan = engine.plan([CHAIN], FILES, {"sum-1"})
    assert states(plan) == {"sum-1": State.DRIFTED}
    why = "needs the name `tip`, which shop/till.py does not define; till-1 brings it in"
    assert reasons(plan) == {"sum-1": why}
    assert not plan.changed


def test_what_one_rule_takes_away_another_does_not_have() -> None:
    taken = section("till", None, ("tip = 1", "", Statement()))
    packs = [Pack("tried", (CHAIN.sections[1], taken))]
    files = {TILL: b"tip = 1\n", "shop/sum.py": b"a = 1\n"}
    plan = engine.plan(packs, files)
    assert states(plan) == {"sum-1": State.DRIFTED, "till-1": State.PENDING}
    assert reasons(plan) == {"sum-1": "needs the name `tip`, which shop/till.py does not define"}


def test_steps_of_a_refused_rule_are_none() -> None:
    plan = engine.plan([CHAIN], FILES, {"sum-1", "sale-2"})
    assert [id_ for id_, _, _ in single_edits(plan, [CHAIN])] == ["sale-2"]


def test_alone_a_file_is_planned_whatever_its_rules_need() -> None:
    (found,) = engine.plan_alone([needing(TIP)], {SHOP: SELL}).outcomes
    assert found.state is State.PENDING
