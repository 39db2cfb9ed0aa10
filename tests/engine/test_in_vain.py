"""Rules that only bring in what others would use, where none of these can be made."""

import pytest

from patcher import engine
from patcher.edits.kinds import CallArgument, IfTest, ImportFrom, Statement
from patcher.model import Edit, Outcome, Pack, State
from tests.rule_check import made_up

Quoted = tuple[str, str, Edit]
ADD = ("", "from bank import count", ImportFrom())
MORE = ("from bank import till", "from bank import till, count", ImportFrom())
SWAP = ("from bank import till", "from cash import till, count", ImportFrom())
FLAG = ("", "flags.DEFINE_integer('tip', 1, 'Tip.')", Statement(follows="start()"))
USE = ("pay(cart)", "pay(count(cart))", Statement(within="sell"))
ASK = ("if till:", "if count(till):", IfTest(within="buy"))
TIP = ("tip=1)", "tip=FLAGS.tip)", CallArgument(within="sell", call="pay"))
CODE = "from bank import till\nstart()\ndef sell():\n    {}\ndef buy():\n    {}\n"


def outcomes(code: str, *edits: Quoted) -> list[Outcome]:
    return list(
        engine.plan([Pack("tried", (made_up(*edits),))], {"shop/trial.py": code.encode()}).outcomes
    )


@pytest.mark.parametrize(
    ("bring", "use", "line"),
    [
        pytest.param(ADD, USE, "pay(cart)", id="an import"),
        pytest.param(MORE, USE, "pay(cart)", id="a name of an import"),
        pytest.param(FLAG, TIP, "pay(cart, tip=1)", id="a flag"),
    ],
)
def test_what_no_rule_would_use_is_not_brought_in(bring: Quoted, use: Quoted, line: str) -> None:
    made = outcomes(CODE.format(line, "a()"), bring, use)
    assert [each.state for each in made] == [State.PENDING] * 2
    first, second = outcomes(CODE.format("paid(cart)", "a()"), bring, use)
    assert (first.state, second.state.is_unresolved) == (State.DRIFTED, True)
    assert first.nearest
    assert first.nearest.why == "only trial-2, which does not fit, would use it"


def test_one_rule_that_would_use_it_is_enough() -> None:
    code = CODE.format("paid(cart)", "if till: a()")
    states = [each.state for each in outcomes(code, ADD, USE, ASK)]
    assert states == [State.PENDING, State.ABSENT, State.PENDING]
    first, *_ = outcomes(CODE.format("paid(cart)", "a(till)"), ADD, USE, ASK)
    assert first.nearest
    assert first.nearest.why == "only trial-2 and trial-3, which do not fit, would use it"


def test_what_does_something_else_as_well_is_made() -> None:
    states = [each.state for each in outcomes(CODE.format("paid(cart)", "a()"), SWAP, USE)]
    assert states == [State.PENDING, State.ABSENT]


def test_what_no_rule_uses_at_all_is_made() -> None:
    (only,) = outcomes(CODE.format("a()", "b()"), ADD)
    assert only.state is State.PENDING


GONE = (("f(1)", "f(2)", Statement()), ("g()", "h()", Statement()))
LOAD = ("", "load(1)", Statement())
NEXT = ("", "load(1)", Statement(follows="start()"))


def test_nothing_is_added_behind_the_imports_of_a_file_about_something_else() -> None:
    other = CODE.format("b()", "c()")
    first, *rest = outcomes(other, LOAD, *GONE)
    assert [each.state for each in (first, *rest)] == [State.DRIFTED, State.ABSENT, State.ABSENT]
    assert first.nearest
    assert first.nearest.why == "nothing that its section changes is in this file"
    one, *_ = outcomes(f"{other}g()\n", LOAD, *GONE)
    assert one.state is State.PENDING
    sole, *_ = outcomes(other, LOAD, GONE[0])
    assert sole.state is State.PENDING


def test_an_addition_whose_line_is_there_is_made() -> None:
    found = outcomes(CODE.format("b()", "c()"), NEXT, *GONE)
    assert [each.state for each in found] == [State.PENDING, State.ABSENT, State.ABSENT]
