"""Lines that define flags, and their arguments."""

import libcst as cst
import pytest

from patcher.code.flags import calls_in, defined_flag, flag_default, sole_call
from patcher.code.quotes import call, code, statement
from tests.code.modules import outlined


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
        pytest.param("x = y(flags.DEFINE_bool('open', True, 'help'))", id="inside a call"),
        pytest.param("flags.DEFINE_bool('open', True, 'help'); x()", id="not alone on its line"),
        pytest.param("if a: flags.DEFINE_bool('open', True, 'help')", id="behind a colon"),
        pytest.param("FLAGS['DEFINE_bool']('open', True, 'help')", id="no name"),
    ],
)
def test_leaves_what_is_like_one_alone(line: str) -> None:
    assert defined_flag(statement(line)) == ""


def test_a_flag_may_have_no_default() -> None:
    assert flag_default(call("flags.DEFINE_bool('open', help='help')")) is None


def test_finds_the_calls_in_simple_statements() -> None:
    lines = list(outlined("x = f(g(1)); g(2)\nif g(3):\n    f()\n").lines())
    assert [code(each) for _, each in calls_in(lines)] == ["f(g(1))", "g(1)", "g(2)", "f()"]
    found = [(code(line.node), code(each)) for line, each in calls_in(lines, cst.Name("g"))]
    assert found == [("x = f(g(1)); g(2)", "g(1)"), ("x = f(g(1)); g(2)", "g(2)")]


def test_a_call_is_all_of_a_line() -> None:
    assert isinstance(sole_call(statement("f(g())  # why")), cst.Call)
    assert sole_call(statement("f()()[0]")) is None
