import libcst as cst
import pytest

from patcher.code.bindings import mentions
from patcher.code.equivalence import equivalent


def parse(code: str) -> cst.BaseExpression:
    return cst.parse_expression(code)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("f('a')", 'f("a")', id="quotes"),
        pytest.param("f('ab')", "f('a' 'b')", id="joined strings"),
        pytest.param("f(a, b)", "f(\n    a,  # first\n    b,\n)", id="line breaks"),
        pytest.param("f(x=1, y=2)", "f(y=2, x=1)", id="order of keywords"),
        pytest.param("a is not None", "((a) is not None)", id="grouping"),
        pytest.param("[1,2]", "[1, 2,]", id="trailing comma"),
        pytest.param("f(...)", "f(1, b=2)", id="any arguments"),
        pytest.param("f('a', ...)", "f('a')", id="no further arguments"),
    ],
)
def test_layout_means_nothing(one: str, other: str) -> None:
    assert equivalent(parse(one), parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("f('a')", "f(b'a')", id="bytes"),
        pytest.param("f('a')", "f(a)", id="a name"),
        pytest.param("f(1, 2)", "f(2, 1)", id="order of positions"),
        pytest.param("f(x=1)", "f(1)", id="keyword or position"),
        pytest.param("f(*a)", "f(a)", id="star"),
        pytest.param("f(x=1)", "f(x=1, y=2)", id="more keywords"),
        pytest.param("a is not None", "a is None", id="operator"),
        pytest.param("a.b", "a.c", id="attribute"),
        pytest.param("(a, b)", "[a, b]", id="kind of sequence"),
        pytest.param("f('a', ...)", "f('b', 1)", id="first argument before any"),
        pytest.param("lambda x: x", "lambda *x: x", id="star of a parameter"),
    ],
)
def test_all_else_does(one: str, other: str) -> None:
    assert not equivalent(parse(one), parse(other))


def test_finds_names_but_no_texts() -> None:
    node = cst.parse_statement("if a:\n    b.c = d(e=1)  # f\n    'g'\n")
    assert [name for name in "abcdefgh" if mentions(node, name)] == list("abcde")
