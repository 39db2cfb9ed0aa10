"""Tests of `if` statements: alone, among further clauses, inverted."""

import libcst as cst
import pytest

from patcher.code.conditions import is_inverted, matches_test, negated, rewrite_test
from patcher.code.quotes import statement

expression = cst.parse_expression


def code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


@pytest.mark.parametrize(
    ("wanted", "test"),
    [
        pytest.param("till is not None", "not (None == till)", id="another form"),
        pytest.param("till", "till and (open)", id="further clauses"),
        pytest.param("till", "(a or b) and c and till", id="in any place"),
        pytest.param("till and open", "open and a and till", id="two clauses, apart"),
        pytest.param("not till.x", "not till.x and y", id="a negation"),
    ],
)
def test_a_test_may_have_more_clauses(wanted: str, test: str) -> None:
    assert matches_test(expression(wanted), expression(test))


@pytest.mark.parametrize(
    ("wanted", "test"),
    [
        pytest.param("till is not None", "till is None", id="the opposite"),
        pytest.param("till", "till or closed", id="an alternative"),
        pytest.param("till", "not (till and a)", id="clauses that are denied"),
        pytest.param("till", "f(till)", id="inside a call"),
        pytest.param("till is not None", "till is not None and till.on", id="a clause on the same"),
        pytest.param("till and a", "till", id="a clause less"),
        pytest.param("till", "till and till", id="twice"),
        pytest.param("till and a", "till and till", id="one twice, the other not"),
    ],
)
def test_leaves_what_is_like_it_alone(wanted: str, test: str) -> None:
    assert not matches_test(expression(wanted), expression(test))


@pytest.mark.parametrize(
    ("test", "result"),
    [
        pytest.param("till  is not None", "on()", id="alone"),
        pytest.param("(till is not None)", "(on())", id="in brackets"),
        pytest.param("a and  (till != None) and (b or c)", "a and  (on()) and (b or c)", id="one"),
    ],
)
def test_only_the_wanted_clause_is_rewritten(test: str, result: str) -> None:
    wanted = expression("till is not None")
    assert code(rewrite_test(wanted, expression("on()"), expression(test))) == result


def test_each_of_two_clauses_is_rewritten() -> None:
    quotes = expression("a and not b"), expression("c and not d")
    assert code(rewrite_test(*quotes, expression("not b and x and a"))) == "not d and x and c"


def test_one_clause_may_become_two_among_others() -> None:
    quotes = expression("a"), expression("b and c")
    assert code(rewrite_test(*quotes, expression("x and a"))) == "x and b and c"


@pytest.mark.parametrize(
    ("branch", "inverted"),
    [
        pytest.param("if till is None:\n    a()\nelse:\n    b()", True, id="the opposite"),
        pytest.param("if till is not None:\n    a()\nelse:\n    b()", False, id="the same"),
        pytest.param("if till is None:\n    a()", False, id="no else"),
        pytest.param("if till is None:\n    a()\nelif c:\n    b()", False, id="an elif"),
    ],
)
def test_a_test_is_inverted_where_an_else_is(branch: str, inverted: bool) -> None:
    node = cst.ensure_type(statement(branch), cst.If)
    assert is_inverted(expression("till is not None"), node) == inverted


@pytest.mark.parametrize(("test", "result"), [("a()", "not a()"), ("not a()", "a()")])
def test_a_test_is_negated(test: str, result: str) -> None:
    assert code(negated(expression(test))) == result
