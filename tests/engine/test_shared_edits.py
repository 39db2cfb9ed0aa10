"""Edits that rules of two packs make: which of them is said to make it."""

from dataclasses import replace

import pytest

from patcher import engine
from patcher.edits.kinds import ImportFrom, Statement
from patcher.model import Edit, Pack, State
from tests.rule_check import made_up

Quoted = tuple[str, str, Edit]
SWAP = ("from bank import till", "from cash import till, count", ImportFrom())
ADD = ("", "from cash import count", ImportFrom())
DROP = ("pay(cart)", "", Statement(within="sell"))
PRICE = ("tip = 1", "tip = 2", Statement(within="sell"))
CODE = "from bank import till\n\ndef sell():\n    tip = 1\n    pay(cart)\n    a()\n"


def makers(code: str, first: list[Quoted], second: list[Quoted]) -> list[tuple[State, str]]:
    """The states of the second pack's rules, and the rules that make their edits."""
    packs = [
        Pack("one", (made_up(*first),)),
        Pack("two", (replace(made_up(*second), prefix="two/"),)),
    ]
    plan = engine.plan(packs, {"shop/trial.py": code.encode()})
    return [(each.state, each.made_by) for each in plan.outcomes if each.id.startswith("two/")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(SWAP, ADD, id="an import, with other names"),
        pytest.param(DROP, DROP, id="a removal, which leaves no line"),
        pytest.param(PRICE, PRICE, id="a statement"),
    ],
)
def test_the_rule_that_makes_it_is_named(first: Quoted, second: Quoted) -> None:
    assert makers(CODE, [first], [second]) == [(State.APPLIED, "trial-1")]


def test_it_is_the_rule_that_makes_it_and_no_other_pending_one() -> None:
    found = makers(CODE, [PRICE, SWAP, DROP], [ADD, DROP])
    assert found == [(State.APPLIED, "trial-2"), (State.APPLIED, "trial-3")]


def test_what_the_file_has_already_is_made_by_no_rule() -> None:
    """The second import is there, though the first rule writes its name on another line."""
    code = CODE.replace("\n", "\nfrom cash import count\n", 1)
    assert makers(code, [SWAP], [ADD]) == [(State.APPLIED, "")]
    assert makers(CODE.replace("    pay(cart)\n", ""), [PRICE], [DROP]) == [(State.APPLIED, "")]


def test_nor_is_what_was_applied_before() -> None:
    code = CODE.replace("from bank import till", "from cash import till, count")
    assert makers(code, [SWAP], [ADD]) == [(State.APPLIED, "")]


def test_a_rule_that_still_has_to_be_made_is_pending() -> None:
    assert makers(CODE, [PRICE], [ADD]) == [(State.PENDING, "")]
