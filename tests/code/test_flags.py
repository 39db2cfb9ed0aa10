"""Lines that define flags, and their arguments."""

import libcst as cst
import pytest

from patcher.code.flags import argument, defined_flag, flag_default, sole_call
from patcher.code.quotes import call, code, statement


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("flags.DEFINE_bool('open', True, 'help')", id="by position"),
        pytest.param('DEFINE_bool("open", True, "help")', id="bare, in other quotes"),
        pytest.param("flags.DEFINE_bool(help='help', default=True, name='open')", id="by keyword"),
    ],
)
def test_knows_a_flag_and_its_default(line: str) -> None:
    assert defined_flag(statement(line)) == "'open'"
    default = flag_default(call(line))
    assert default
    assert code(default) == "True"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("flags.define_bool('open', True, 'help')", id="another function"),
        pytest.param("flags.DEFINE_bool(OPEN, True, 'help')", id="a name that is computed"),
        pytest.param("flags.DEFINE_bool()", id="no arguments"),
        pytest.param("x = flags.DEFINE_bool('open', True, 'help')", id="an assignment"),
        pytest.param("flags.DEFINE_bool('open', True, 'help'); x()", id="not alone on its line"),
        pytest.param("if a: flags.DEFINE_bool('open', True, 'help')", id="behind a colon"),
        pytest.param("FLAGS['DEFINE_bool']('open', True, 'help')", id="no name"),
    ],
)
def test_leaves_what_is_like_one_alone(line: str) -> None:
    assert defined_flag(statement(line)) == ""


def test_a_flag_may_have_no_default() -> None:
    assert flag_default(call("flags.DEFINE_bool('open', help='help')")) is None


def test_finds_an_argument_by_place_or_keyword() -> None:
    node = call("f(1, b=2)")
    values = [argument(node, *each) for each in ((0, "a"), (1, "b"), (1, "c"), (0, "b"))]
    assert [value and code(value) for value in values] == ["1", "2", None, "1"]


def test_a_call_is_all_of_a_line() -> None:
    assert isinstance(sole_call(statement("f(g())  # why")), cst.Call)
    assert sole_call(statement("f()()[0]")) is None
