"""Which line is shown for a rule that does not fit, and what in it."""

import pytest

from patcher.edits.kinds import IfTest, ImportFrom, Statement
from patcher.model import Nearest, State
from tests.rule_check import RuleCheck, trial

PAY = trial("pay(cart, 1)", "pay(cart, 2)", Statement(within="sell"))
IMPORT = trial("from shop import till", "from bank import till", ImportFrom())
TEST = trial("if till is not None:", "if is_open():", IfTest(within="sell"))
TRY = trial("try:\n    import a\nexcept ImportError:\n    a = None", "from b import a", Statement())
ATTEMPT = "import os\ntry:\n    import a\nexcept ImportError:\n    a = None\n"


def nearest(check: RuleCheck, code: str) -> Nearest:
    found = check.ignores(code).nearest
    assert found
    return found


@pytest.mark.parametrize(
    ("check", "code", "part"),
    [
        pytest.param(PAY, "def sell():\n    pay(cart, tip)\n", "tip", id="an argument"),
        pytest.param(PAY, "def sell():\n\tpay(cart, tip)\n", "tip", id="behind a tab"),
        pytest.param(PAY, "def sell():\r\n    pay(cart, tip)\r\n", "tip", id="CRLF"),
        pytest.param(PAY, "\ufeffdef sell():\n    pay(cart, tip)\n", "tip", id="a BOM"),
        pytest.param(PAY, "def sell():\n    '\u00e9'; pay(cart, 1)\n", "'\u00e9'",
                     id="a line with more"),
        pytest.param(PAY, "def sell():\n    pay(cart,\n        tip)\n", "tip", id="two lines"),
        pytest.param(TEST, "def sell():\n    if till:  # why\n        a()\n", "till", id="a test"),
        pytest.param(IMPORT, "from shop import tills  # why\ntill\n", "tills", id="a name"),
        pytest.param(TRY, ATTEMPT.replace("Import", "Key"), "KeyError", id="what is caught"),
        pytest.param(TRY, ATTEMPT.replace("None", "1"), "1", id="a block"),
    ],
)  # fmt: skip
def test_points_at_the_part_that_differs(check: RuleCheck, code: str, part: str) -> None:
    found = nearest(check, code)
    line = code.removeprefix("\ufeff").replace("\r", "").split("\n")[found.line - 1]
    assert line[found.column - 1 : found.column - 1 + found.width] == part


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param("def sell():\n    if False:\n        pay(cart, 1)\n",
                     "is under `if False:`, which never runs", id="a dead block"),
        pytest.param("def sell():\n    if 0:\n        if a:\n            pay(cart, 1)\n",
                     "is under `if 0:`, which never runs", id="deep in a dead block"),
        pytest.param("def sell():\n    pay(cart, 3)\n    if False:\n        pay(cart, 1)\n",
                     "found `3`, expected `1`", id="a line that runs goes first"),
        pytest.param("def sell():\n    pay(cart)\ndef buy():\n    pay(cart, 1)\n",
                     "lacks `1`", id="a line at its place goes first"),
    ],
)  # fmt: skip
def test_says_where_the_code_stands(code: str, why: str) -> None:
    assert nearest(PAY, code).why == why


def test_says_in_which_function_the_code_stands() -> None:
    code = "class A:\n    def sells(self):\n        if till is not None:\n            a()\n"
    found = nearest(TEST, f"def other():\n    if till is not None:\n        b()\n{code}")
    assert found.why == "stands in `A.sells`, expected in `sell`"


@pytest.mark.parametrize(
    ("check", "code"),
    [
        pytest.param(IMPORT, "from __future__ import division\nprint(till)\n", id="an import"),
        pytest.param(TEST, "def sell():\n    till()\n    if a == b:\n        c()\n", id="a test"),
        pytest.param(PAY, "def sell():\n    x(cart)\npay\n", id="a call"),
    ],
)
def test_shows_nothing_that_is_only_of_the_same_class(check: RuleCheck, code: str) -> None:
    found = check.ignores(code)
    assert (found.state, found.nearest) == (State.DRIFTED, None)
