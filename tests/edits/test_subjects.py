"""What statements are about."""

import pytest

from patcher.code.quotes import code, statement
from patcher.edits.subjects import (
    about,
    callers,
    is_mostly,
    rivals,
    setting_of,
    states,
    subject_of,
)
from tests.code.modules import outlined


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        pytest.param("pay(a, b)", "pay(a,\n    b)  # why", id="laid out otherwise"),
        pytest.param("from shop import a", "from shop import b, a", id="an import of more names"),
        pytest.param("f.DEFINE_bool('a', 1, 'b')", "f.DEFINE_bool('a', 1, help='c')", id="a flag"),
    ],
)
def test_a_line_states_the_same(wanted: str, line: str) -> None:
    assert states(statement(wanted), statement(line))


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        pytest.param("pay(a, b)", "pay(b, a)", id="other arguments"),
        pytest.param("pay(a)", "x = pay(a)", id="another kind of statement"),
        pytest.param("from shop import a, b", "from shop import a", id="fewer names"),
        pytest.param("from shop import a", "from bank import a", id="another source"),
        pytest.param("from shop import a", "from shop import a; b()", id="other code as well"),
        pytest.param("from shop import a; b()", "from shop import a", id="less code"),
        pytest.param(
            "f.DEFINE_bool('a', 1, 'b')", "f.DEFINE_bool('a', 2, 'b')", id="another default"
        ),
        pytest.param("f.DEFINE_bool('a', 1, 'b')", "f.DEFINE_bool('c', 1, 'b')", id="another flag"),
        pytest.param(
            "f.DEFINE_bool('a', 1, 'b')", "g.DEFINE_bool('a', 1, 'b')", id="another module"
        ),
        pytest.param("f.DEFINE_bool('a', 1, 'b')", "f.DEFINE_enum('a', 1, 'b')", id="another type"),
    ],
)
def test_a_line_like_it_does_not(wanted: str, line: str) -> None:
    assert not states(statement(wanted), statement(line))


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        pytest.param("a = b = 1", ["a", "b"], id="what is assigned to"),
        pytest.param("a: int = 1", ["a"], id="with a type"),
        pytest.param("pay(b)", ["pay"], id="what is called"),
        pytest.param("pay('b', c)", ["pay", "'b'"], id="and the thing that it names first"),
        pytest.param("pay('b')", ["pay"], id="but not its only argument"),
        pytest.param("f.DEFINE_bool('a', 1)", ["flag", "'a'"], id="a flag"),
        pytest.param("a = 1; b = 2", ["a"], id="the first assignment of a row"),
        pytest.param("pay(a); pay(b)", [], id="no other row"),
        pytest.param("return a", [], id="nothing else"),
        pytest.param("if a:\n    b()", [], id="no block"),
    ],
)
def test_what_a_statement_is_about(line: str, parts: list[str]) -> None:
    found = subject_of(statement(line))
    assert [each if isinstance(each, str) else code(each) for each in found] == parts  # type: ignore[arg-type]


def test_a_setting_is_what_is_assigned_and_what_is_called_for_it() -> None:
    one, other = (setting_of(statement(line)) for line in ("a = take(1)", "a = take"))
    assert (len(one), len(other)) == (2, 1)


MODULE = outlined("""\
pay(1)
def sell():
    pay(2); a()
    pay(3)
    x = bank.take(pay)
""")


def test_finds_the_lines_about_it() -> None:
    found = about(statement("pay(3)"), MODULE.lines())
    assert [code(line.node) for line in found] == ["pay(1)", "pay(2); a()", "pay(3)"]
    assert about(statement("return"), MODULE.lines()) == []


def test_what_a_call_names_first_counts_unless_it_is_left_out() -> None:
    lines = list(outlined("add('a', 1)\nadd('b', 2)\n").lines())
    assert [code(line.node) for line in about(statement("add('a', 3)"), lines)] == ["add('a', 1)"]
    assert len(about(statement("add('a', 3)"), lines, depth=1)) == 2


def test_rivals_state_something_else_of_it() -> None:
    found = rivals(statement("pay(3)"), MODULE.lines("sell"))
    assert [code(line.node) for line in found] == ["pay(2); a()"]


def test_finds_the_lines_that_call_for_the_same_value() -> None:
    assert [code(line.node) for line in callers(statement("y = bank.take()"), MODULE)] == [
        "x = bank.take(pay)"
    ]
    assert callers(statement("bank.take()"), MODULE) == []
    assert callers(statement("y = take()"), MODULE) == []


@pytest.mark.parametrize(
    ("line", "mostly"),
    [
        pytest.param("if a:\n    b()\n    d()", True, id="another line"),
        pytest.param("if a:\n    b()\n    c()\n    d()", True, id="a line more"),
        pytest.param("if x:\n    y()\n    z()", False, id="all"),
        pytest.param("while a:\n    b()\n    c()", False, id="another kind of block"),
        pytest.param("b()", False, id="a line of it"),
    ],
)
def test_a_block_may_be_mostly_another(line: str, mostly: bool) -> None:
    assert is_mostly(statement("if a:\n    b()\n    c()"), statement(line)) == mostly
