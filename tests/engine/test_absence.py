"""Rules whose subject a file lacks, distinguished from those that do not fit."""

import pytest

from patcher.edits.kinds import (
    CallArgument,
    FlagDefault,
    IfTest,
    ImportFrom,
    ImportModule,
    Statement,
)
from patcher.engine.absence import missing_names
from patcher.model import State
from tests.code.modules import outlined
from tests.rule_check import RuleCheck, trial

PAY = trial("total = bank.pay(cart)", "total = 0", Statement(within="sell"))
TAKE = trial("from shop import till, cart", "from bank import till", ImportFrom())
WHOLE = trial("import shop as s", "import bank as s", ImportModule())
FLAG = trial("f.DEFINE_bool('tip', 0)", "f.DEFINE_bool('tip', 1)", FlagDefault())
CALL = trial("tip=0", "tip=1", CallArgument(within="sell", call="shop.bill"))
ASK = trial("if till.open:", "if ready():", IfTest(within="sell"))


@pytest.mark.parametrize(
    ("check", "code", "missing"),
    [
        pytest.param(
            PAY, "def sell():\n    a()\n", {"total"}, id="the target alone is its subject"
        ),
        pytest.param(PAY, "def sell():\n    a(total=1)\n", set(), id="the name anywhere"),
        pytest.param(TAKE, "import a\n", {"till", "cart"}, id="all names of an import"),
        pytest.param(TAKE, "a(cart)\n", set(), id="an import may bring in fewer"),
        pytest.param(TAKE, "from a import *\n", set(), id="a star may stand for any"),
        pytest.param(WHOLE, "import a\n", {"s"}, id="the name of a module here"),
        pytest.param(CALL, "shop()\n", {"bill"}, id="one of two names"),
        pytest.param(FLAG, "f.DEFINE_bool('tips', 0)\n", {"'tip'"}, id="a text"),
        pytest.param(FLAG, 'a("tip")\n', set(), id="a text in other quotes"),
        pytest.param(ASK, "a(till)\n", set(), id="a name of Python is none"),
    ],
)
def test_knows_the_names_that_a_file_lacks(check: RuleCheck, code: str, missing: set[str]) -> None:
    assert missing_names(check.rule, outlined(code).module) == missing


def test_a_rule_about_what_is_not_there_is_absent() -> None:
    PAY.misses("def sell():\n    a()\n", "total")
    TAKE.misses("import a\n", "cart", "till")


def test_the_names_are_said_in_order() -> None:
    take = trial("from shop import e, b, a, d, c", "from bank import a", ImportFrom())
    take.misses("import shop\n", *"abcde")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("sum = bank.pay(cart)", id="under another name"),
        pytest.param("return bank.pay(cart)", id="without one"),
    ],
)
def test_one_that_stands_there_in_other_words_is_drifted(body: str) -> None:
    assert PAY.ignores(f"def sell():\n    {body}\n").state is State.DRIFTED


def test_an_addition_is_about_nothing_that_a_file_could_lack() -> None:
    add = trial("", "pay(cart)", Statement(within="sell", follows="cart = take()"))
    assert add.ignores("import a\n").state is State.DRIFTED
