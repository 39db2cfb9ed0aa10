"""What a file already does in other words than those that a rule would add."""

import pytest

from patcher.edits.kinds import IfTest, ImportFrom, Statement
from patcher.engine.already_done import newly_called
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


def test_a_key_that_another_function_sets_is_not_set_again() -> None:
    code = f"{SELL.format('a()')}def FLAGS():\n    params['tip'] = 3\n"  # which the quote names
    HOOK.drifts(code, line=5, why="sets `'tip'` already")


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


@pytest.mark.parametrize(
    "call",
    ["a()\n    wrap(1)", "if a:\n        wrap(1)", "if b:\n        a(wrap(1))",
     "from shop import wrap as w\n    w()", "b()\n    if wrap(1):\n        a()"],
)  # fmt: skip
def test_what_a_function_calls_is_not_called_by_the_module_as_well(call: str) -> None:
    check = RuleCheck("trial-3", CALL.section)
    check.drifts(f"import a\n\ndef sell():\n    {call}\n", line=5, why="already")
    check.drifts("import a\nwrap(1)\n", line=2, why="calls `wrap` already")


BRANCHES = "def sell():\n    if a:\n        params = take()\n    {}:\n        params['tip'] = {}\n"


@pytest.mark.parametrize("branch", ["else", "elif b"])
@pytest.mark.parametrize("value", ["3", "FLAGS.tip"])
def test_what_another_branch_sets_is_something_else(branch: str, value: str) -> None:
    code = BRANCHES.format(branch, value)
    HOOK.changes(code, code.replace("take()\n", "take()\n        params['tip'] = FLAGS.tip\n"))


def test_the_same_line_in_two_branches_is_there_once() -> None:
    code = BRANCHES.format("else", "FLAGS.tip").replace(
        "take()\n", "take()\n        params['tip'] = FLAGS.tip\n"
    )
    assert HOOK.outcome(code).state is State.APPLIED
    twice = f"{SELL.format('a()')}    if b:\n        params['tip'] = FLAGS.tip\n    else: c()\n"
    assert HOOK.outcome(twice).state is State.PENDING


def test_a_line_on_a_condition_of_its_own_is_neither_there_nor_added_again() -> None:
    code = SELL.format("if b:\n        params['tip'] = FLAGS.tip")
    HOOK.drifts(code, line=4, why="is under `if b:`")


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
