"""What a file already does in other words than those that a rule would add."""

import pytest

from patcher.edits.kinds import IfTest, ImportFrom, Statement
from patcher.engine.safety import newly_called
from patcher.model import State
from tests.rule_check import RuleCheck, made_up, trial

HOOK = trial("", "params['tip'] = FLAGS.tip", Statement(within="sell", follows="params = take()"))
FLAG = trial("", "f.DEFINE_bool('tip', True, '')", Statement(within="flags", follows="start()"))
CALL = RuleCheck(
    "trial-2",
    made_up(
        ("", "from shop import wrap", ImportFrom()),
        ("pay(cart)", "pay(wrap(cart))", Statement(within="sell")),
        ("", "bank.pay(wrap(2))", Statement()),
    ),
)
SELL = "def sell():\n    params = take()\n    {}\n"


@pytest.mark.parametrize(
    "line",
    [
        "more[ 'tip' ] = 3",
        'more["tip"] = 3',
        "params.update({'tip': 3})",
        'params.update({"tip": 3})',
        "params.update(tip=3)",
        "params = dict(params, tip=3)",
        "params.setdefault('tip', 3)",
    ],
)
def test_a_key_that_is_set_is_not_set_again(line: str) -> None:
    why = "sets `'tip'` already"
    HOOK.drifts(SELL.format(line), line=3, why=why)


@pytest.mark.parametrize(
    "line",
    [
        "params['tips'] = 3",
        "a(tip=3)",
        "print(params['tip'])",
        "params[tip] = 3",
        "a.setdefault()",
        "a[1:2] = 3",
    ],
)
def test_what_is_like_it_does_not_matter(line: str) -> None:
    assert HOOK.outcome(SELL.format(line)).state is State.PENDING


def test_a_key_that_another_function_sets_does_not_matter() -> None:
    code = f"{SELL.format('a()')}def FLAGS():\n    params['tip'] = 3\n"  # which the quote names
    assert HOOK.outcome(code).state is State.PENDING


def test_one_of_two_keys_is_enough() -> None:
    both = trial("", "a['tip'] = 1\na['sum'] = 2", Statement(within="sell", follows="a = take()"))
    both.drifts("def sell():\n    a = take()\n    b['sum'] = 3\n", line=3, why="sets `'sum'`")


def test_a_flag_that_another_function_defines_is_not_defined_again() -> None:
    flags = "def flags():\n    start()\n\ndef more():\n    f.DEFINE_{}\n"
    FLAG.drifts(flags.format("bool('tip', False)"), line=5, why="defines the flag 'tip' already")
    FLAG.drifts(flags.format("enum('tip', 1)"), line=5, why="defines the flag 'tip' already")
    FLAG.drifts(
        flags.format("bool('tip', False)").replace("f.D", "TIP = f.D"),
        line=5,
        why="defines the flag 'tip' already",
    )
    assert FLAG.outcome(flags.format("bool('tips', False)")).state is State.PENDING


@pytest.mark.parametrize(
    ("code", "line"),
    [
        pytest.param("def sell():\n    pay(cart)\n    wrap(1)\n", 3, id="in its function"),
        pytest.param("wrap(1)\ndef sell():\n    pay(cart)\n", 1, id="in the module"),
        pytest.param("from shop import wrap as w\ndef sell():\n    pay(cart)\n    a(w(1))\n", 4,
                     id="under another name"),
    ],
)  # fmt: skip
def test_what_is_called_already_is_not_called_again(code: str, line: int) -> None:
    name = "w" if " as w" in code else "wrap"
    CALL.drifts(code, line=line, why=f"calls `{name}` already")


def test_what_else_is_called_does_not_matter() -> None:
    code = "from shop import bag as b\ndef sell():\n    pay(cart)\n    b(1)\n    wrap = 1\n"
    assert CALL.outcome(code.replace("wrap = 1", "a.b")).state is State.PENDING


def test_what_a_function_calls_does_not_keep_a_module_from_it() -> None:
    """Nothing may ever call the function."""
    check = RuleCheck("trial-3", CALL.section)
    assert check.outcome("import a\n\ndef sell():\n    wrap(1)\n").state is State.PENDING
    check.drifts("import a\nwrap(1)\n", line=2, why="calls `wrap` already")


def test_only_what_the_added_imports_bring_in_is_newly_called() -> None:
    first, second, third = CALL.section.rules
    assert newly_called(first, CALL.section.rules) == set()
    assert newly_called(second, CALL.section.rules) == {"wrap"}
    assert newly_called(second, [second, third]) == set()
    assert newly_called(third, CALL.section.rules) == {"wrap"}
    taken = made_up(
        ("from shop import bag", "from shop import bag, wrap", ImportFrom()),
        ("pay(cart)", "pay(wrap(cart))", Statement()),
    ).rules
    assert newly_called(taken[1], taken) == set()


def test_nothing_but_statements_that_stay_calls_anything() -> None:
    bring = ("", "from shop import wrap", ImportFrom())
    ask, gone = ("if a:", "if wrap():", IfTest()), ("wrap()", "", Statement())
    rules = made_up(bring, ask, gone).rules
    assert [newly_called(rule, rules) for rule in rules] == [set(), set(), set()]
