"""Code with another meaning and its old layout."""

import libcst as cst
import pytest

from patcher.code.rewriting import rewritten

parse = cst.parse_expression


@pytest.mark.parametrize(
    ("before", "after", "node", "result"),
    [
        pytest.param("f(1, a)", "f(2, a)", "f( 1,a )", "f( 2,a )", id="one argument"),
        pytest.param("f(a)", "f(a, b=1)", "f(a)", "f(a, b=1)", id="a further keyword"),
        pytest.param(
            "f(a, b)", "f(a, b, c)", "f(\n  a,\n  b,\n)", "f(\n  a,\n  b,\n  c,\n)", id="as rows"
        ),
        pytest.param("f(x=1, y=2)", "f(x=1, y=3)", "f(y=2, x=1)", "f(y=3, x=1)", id="by keyword"),
        pytest.param(
            "x if a is None else y", "x if b() else y", "x if (a is None) else y",
            "x if (b()) else y", id="brackets stay",
        ),
        pytest.param("a is not None", "b is not None", "None is not a", "b is not None",
                     id="a comparison turned round"),
        pytest.param("x if a is None else y", "x if a is None else z", "y if a != None else x",
                     "x if a is None else z", id="branches turned round"),
        pytest.param("f('a b')", "f('a c')", "f('a ' 'b')", "f('a c')", id="a string in pieces"),
        pytest.param("(a).b", "c.b", "( a ) . b", "( c ) . b", id="brackets that only group"),
        pytest.param("f(a)", "g", "(f(a))", "(g)", id="other code, in the brackets there were"),
        pytest.param("[1, a]", "[2, a]", "[ 1,a ]", "[ 2,a ]", id="an element"),
        pytest.param("f()", "f(a)", "f()", "f(a)", id="a first argument"),
        pytest.param("g([1, 2])", "g([1, 2, 3])", "g( [1,2] )", "g( [1, 2, 3] )", id="a list"),
        pytest.param("f(a, b)", "f(b)", "f(a,b)", "f(b)", id="an argument less"),
    ],
)  # fmt: skip
def test_rewrites_only_what_differs(before: str, after: str, node: str, result: str) -> None:
    new = rewritten(parse(before), parse(after), parse(node))
    assert cst.Module([]).code_for_node(new) == result


def test_another_kind_of_statement_is_written_as_quoted() -> None:
    before, after, node = map(cst.parse_statement, ("a = 1", "b( )", "a  =  1"))
    assert cst.Module([]).code_for_node(rewritten(before, after, node)) == "b( )\n"
    assert rewritten(before, before, node) is node


@pytest.mark.parametrize("names", ["a, b", "(a, b)", "*"])
def test_an_import_may_become_one_of_everything(names: str) -> None:
    before, after, node = map(
        cst.parse_statement, (f"from m import {names}", "from m import *", f"from m import {names}")
    )
    assert cst.Module([]).code_for_node(rewritten(before, after, node)) == "from m import *\n"
