"""Code with another meaning and its old layout."""

import libcst as cst
import pytest

from patcher.code.equivalence import known_signatures
from patcher.code.rewriting import denies_test, matches_test, rewrite_test, rewritten

parse = cst.parse_expression


def code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


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
    assert code(new) == result


def test_an_argument_that_is_given_twice_stays() -> None:
    before, after, node = map(parse, ("f(1, b=2)", "f(1, b=2, c=3)", "f(1, z, b=2)"))
    with known_signatures({"f": ("a", "b", "c")}):
        assert code(rewritten(before, after, node)) == "f(1, z, b=2, c=3)"


def test_another_kind_of_statement_is_written_as_quoted() -> None:
    before, after, node = map(cst.parse_statement, ("a = 1", "b( )", "a  =  1"))
    assert code(rewritten(before, after, node)) == "b( )\n"
    assert rewritten(before, before, node) is node


@pytest.mark.parametrize("names", ["a, b", "(a, b)", "*"])
def test_an_import_may_become_one_of_everything(names: str) -> None:
    before, after, node = map(
        cst.parse_statement, (f"from m import {names}", "from m import *", f"from m import {names}")
    )
    assert code(rewritten(before, after, node)) == "from m import *\n"


@pytest.mark.parametrize(
    ("wanted", "test"),
    [
        pytest.param("till is not None", "not (None == till)", id="another form"),
        pytest.param("till", "till and (open)", id="further clauses"),
        pytest.param("till", "(a or b) and c and till", id="in any place"),
        pytest.param("till and open", "open and a and till", id="two clauses, apart"),
        pytest.param("not till.x", "not till.x and y", id="a negation"),
        pytest.param("till is not None", "till is not None and till.on", id="a clause on the same"),
    ],
)
def test_a_test_may_have_more_clauses(wanted: str, test: str) -> None:
    assert matches_test(parse(wanted), parse(test))


@pytest.mark.parametrize(
    ("wanted", "test"),
    [
        pytest.param("till is not None", "till is None", id="the opposite"),
        pytest.param("till", "till or closed", id="an alternative"),
        pytest.param("till", "not (till and a)", id="clauses that are denied"),
        pytest.param("till", "f(till)", id="inside a call"),
        pytest.param("till and a", "till", id="a clause less"),
        pytest.param("till", "till and till", id="twice"),
        pytest.param("till and a", "till and till", id="one twice, the other not"),
    ],
)
def test_leaves_what_is_like_it_alone(wanted: str, test: str) -> None:
    assert not matches_test(parse(wanted), parse(test))


@pytest.mark.parametrize(
    ("test", "result"),
    [
        pytest.param("till  is not None", "on()", id="alone"),
        pytest.param("(till is not None)", "(on())", id="in brackets"),
        pytest.param("a and  (till != None) and (b or c)", "a and  (on()) and (b or c)", id="one"),
    ],
)
def test_only_the_wanted_clause_is_rewritten(test: str, result: str) -> None:
    wanted = parse("till is not None")
    assert code(rewrite_test(wanted, parse("on()"), parse(test))) == result


def test_each_of_two_clauses_is_rewritten() -> None:
    quotes = parse("a and not b"), parse("c and not d")
    assert code(rewrite_test(*quotes, parse("not b and x and a"))) == "not d and x and c"


def test_one_clause_may_become_two_among_others() -> None:
    quotes = parse("a"), parse("b and c")
    assert code(rewrite_test(*quotes, parse("x and a"))) == "x and b and c"


@pytest.mark.parametrize(
    ("after", "test", "result"),
    [
        pytest.param("c()", "a and b and x", "c() and x", id="one in front"),
        pytest.param("c()", "b and x and a", "x and c()", id="one, apart"),
        pytest.param("c()", "(x and a and\n b)", "(x and c())", id="one, the last on its row"),
        pytest.param("c()", "x and (a and b)", "x and (c())", id="one, as a group"),
        pytest.param("c or d", "a and b and x", "(c or d) and x", id="an `or`"),
        pytest.param("c and d and e", "x and a and b", "x and c and d and e", id="three"),
        pytest.param("c()", "not a or x or not b", "not c() or x", id="one, denied"),
        pytest.param("c or d", "not a or not b or x", "not (c or d) or x", id="an `or`, denied"),
        pytest.param("c and d", "x or not (a and b)", "x or not (c and d)", id="denied as a group"),
        pytest.param("c and d", "x or not b or not a", "x or not d or not c", id="denied each"),
        pytest.param("c and d and e", "not a or not b or x", "not (c and d and e) or x",
                     id="three, denied"),
    ],
)  # fmt: skip
def test_two_clauses_may_become_any_number_among_others(after: str, test: str, result: str) -> None:
    before, wanted, parsed = parse("a and b"), parse(after), parse(test)
    is_there = matches_test if "not" not in test else denies_test
    assert is_there(before, parsed)
    new = rewrite_test(before, wanted, parsed)
    assert code(new) == result
    assert is_there(wanted, parse(code(new)))
    assert not is_there(before, parse(code(new)))
