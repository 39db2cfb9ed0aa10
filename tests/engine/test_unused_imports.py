"""Imports whose last uses go with rules that come after theirs, as in documents that go by line."""

from dataclasses import replace

import pytest

from patcher import engine
from patcher.edits.kinds import ImportFrom, ImportModule, Statement
from patcher.model import Edit, Pack, State
from tests.rule_check import made_up

Quoted = tuple[str, str, Edit]
MODULE = ("import till", "import bank", ImportModule())
NAME = ("from till import pay", "from bank import give", ImportFrom())
GONE = ("from till import pay", "", ImportFrom())
GIVE = ("pay(cart)", "give(cart)", Statement(within="sell"))
CODE = "from till import pay\n\ndef sell(cart):\n    pay(cart)\n"
MORE = f"{CODE}\ndef buy(cart):\n    pay(cart)\n"


def after(code: str, *edits: Quoted) -> tuple[list[State], str]:
    """How rules stand, and what they leave; which they must know as their own."""
    packs = [Pack("tried", (made_up(*edits),))]
    (file,) = engine.plan(packs, {"shop/trial.py": code.encode()}).files
    (again,) = engine.plan(packs, {"shop/trial.py": file.after}).files
    states = [each.state for each in file.outcomes]
    if set(states) == {State.PENDING}:
        assert {each.state for each in again.outcomes} == {State.APPLIED}
        assert not again.changed
    return states, file.after.decode()


@pytest.mark.parametrize(
    ("edit", "head"),
    [
        pytest.param(NAME, "from bank import give\n", id="a name is replaced"),
        pytest.param(GONE, "", id="a name is removed"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_the_order_of_an_import_and_of_its_last_use_does_not_matter(
    edit: Quoted, head: str, is_first: bool
) -> None:
    edits = (edit, GIVE) if is_first else (GIVE, edit)
    states, code = after(CODE, *edits)
    assert states == [State.PENDING] * 2
    assert code == f"{head}\ndef sell(cart):\n    give(cart)\n"


def test_a_module_is_dropped_as_well() -> None:
    code = "import till\n\ndef sell(cart):\n    till.pay(cart)\n"
    edits = MODULE, ("till.pay(cart)", "bank.give(cart)", Statement(within="sell"))
    assert after(code, *edits) == (
        [State.PENDING] * 2,
        "import bank\n\ndef sell(cart):\n    bank.give(cart)\n",
    )


def test_two_packs_may_drop_it() -> None:
    sections = made_up(GONE), replace(made_up(GONE, GIVE), prefix="two/")
    packs = [Pack(name, (each,)) for name, each in zip(("one", "two"), sections, strict=True)]
    (file,) = engine.plan(packs, {"shop/trial.py": CODE.encode()}).files
    assert [each.state for each in file.outcomes] == [State.PENDING, State.APPLIED, State.PENDING]
    assert [each.made_by for each in file.outcomes] == ["", "trial-1", ""]
    assert file.after == b"\ndef sell(cart):\n    give(cart)\n"


def test_what_is_still_used_elsewhere_stays_and_the_edit_is_known_as_made() -> None:
    states, code = after(MORE, NAME, GIVE)
    assert states == [State.PENDING] * 2
    assert code.startswith("from till import pay\nfrom bank import give\n")
    assert after(MORE, GONE, GIVE)[0] == [State.DRIFTED, State.PENDING]


def test_what_a_rule_that_is_not_made_would_take_away_stays() -> None:
    other = CODE.replace("pay(cart)\n", "pay(cart, 1)\n")
    assert after(other, GONE, GIVE)[0] == [State.DRIFTED] * 2
    states, code = after(other, NAME, GIVE)
    assert states == [State.PENDING, State.DRIFTED]
    assert code.startswith("from till import pay\nfrom bank import give\n")


def test_what_only_some_rules_would_take_away_stays() -> None:
    packs = [Pack("tried", (made_up(NAME, GIVE),))]
    (file,) = engine.plan(packs, {"shop/trial.py": CODE.encode()}, ["trial-1"]).files
    assert file.after.decode().startswith("from till import pay\nfrom bank import give\n")


def test_what_is_listed_for_others_stays() -> None:
    states, _ = after(f"__all__ = ['pay']\n{CODE}", GONE, GIVE)
    assert states == [State.DRIFTED, State.PENDING]
