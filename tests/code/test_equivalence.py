"""Code that means the same, and code that does not."""

import libcst as cst
import pytest

from patcher.code.equivalence import (
    equivalent,
    known_signatures,
    negated,
    none_test,
    opposite,
    simple_statements,
    slots,
    statements_of,
)
from patcher.code.quotes import code


def parse(code: str) -> cst.BaseExpression:
    return cst.parse_expression(code)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("f('a')", 'f("a")', id="quotes"),
        pytest.param("f('ab')", "f('a' 'b')", id="joined strings"),
        pytest.param("f('a' f'{b}')", "f('a' f'{b}')", id="joined with a formatted one"),
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
        pytest.param("f(a)", "f('a')", id="a string"),
        pytest.param("f('a' f'{b}')", "f('a' f'{c}')", id="another formatted string"),
        pytest.param("a is None", "b is None", id="another thing that is tested"),
        pytest.param("a < 1", "a is None", id="a test for None"),
        pytest.param("a is None", "a < 1", id="no test for None"),
        pytest.param("f(1, 2)", "f(2, 1)", id="order of positions"),
        pytest.param("f(x=1)", "f(1)", id="keyword or position"),
        pytest.param("f(*a)", "f(a)", id="star"),
        pytest.param("f(*a, b)", "f(*a, c)", id="behind a star"),
        pytest.param("f(*a)", "f(*a, b)", id="more behind a star"),
        pytest.param("f(x=1)", "f(y=1)", id="another keyword"),
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


def test_a_block_may_stand_on_its_own_lines_or_not() -> None:
    one, other = (
        cst.parse_statement(c) for c in ("if a: b; c", "if a:\n    # why\n    b\n    c\n")
    )
    assert equivalent(one, other)
    assert not equivalent(one, cst.parse_statement("if a: b"))


@pytest.mark.parametrize(
    ("test", "missing"),
    [
        ("x is None", True), ("None == x", True), ("not x is not None", True),
        ("x is not None", False), ("None != x", False), ("not (x is None)", False),
    ],
)  # fmt: skip
def test_a_test_for_none_is_known_in_each_form(test: str, missing: bool) -> None:
    found = none_test(parse(test))
    assert found
    subject, holds = found
    assert (holds, equivalent(subject, parse("x"))) == (missing, True)
    assert equivalent(parse("x is None"), parse(test)) == missing


@pytest.mark.parametrize(
    "test", ["x", "not x", "x is y", "x < None", "x is None is y", "None is None"]
)
def test_leaves_other_tests_alone(test: str) -> None:
    assert none_test(parse(test)) is None


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        pytest.param("x is None", "x != None", True, id="tests for None"),
        pytest.param("x is None", "y is not None", False, id="of different things"),
        pytest.param("x is None", "None == x", False, id="the same test"),
        pytest.param("f()", "not f()", True, id="a negation"),
        pytest.param("not f()", "f()", True, id="a negation, the other way round"),
        pytest.param("f()", "-f()", False, id="another operator"),
        pytest.param("f()", "not g()", False, id="a negation of something else"),
        pytest.param("x is None", "not y", False, id="a negation, no test for None"),
    ],
)
def test_opposite_tests(one: str, other: str, result: bool) -> None:
    assert opposite(parse(one), parse(other)) == result


@pytest.mark.parametrize(("test", "result"), [("a()", "not a()"), ("not a()", "a()")])
def test_a_test_is_negated(test: str, result: str) -> None:
    assert code(negated(parse(test))) == result


def test_a_conditional_expression_may_be_turned_round() -> None:
    one = parse("a if x is None else b")
    assert equivalent(one, parse("b if x is not None else a"))
    assert not equivalent(one, parse("a if x is not None else b"))


def test_arguments_of_known_functions_are_known_by_position_too() -> None:
    one, other = parse("shop.sell(cart, price=1)"), parse("shop.sell(item=cart, price=1)")
    assert not equivalent(one, other)
    with known_signatures({"shop.sell": ("item", "price")}):
        assert equivalent(one, other)
        assert equivalent(one, parse("shop.sell(cart, 1)"))
        assert not equivalent(one, parse("shop.sell(1, cart)"))
        assert not equivalent(parse("bank.sell(cart)"), parse("bank.sell(item=cart)"))
    assert not equivalent(one, other)


def test_an_argument_is_for_a_parameter_or_known_by_its_place() -> None:
    node = cst.ensure_type(parse("f(1, 2, c=3)"), cst.Call)
    for words, places in (((), [0, 1, "c"]), (("a",), ["a", 1, "c"]), ("abcd", ["a", "b", "c"])):
        found = slots(node.args, words)
        assert [place for place, _ in found] == places
        assert [code(arg.value) for _, arg in found] == ["1", "2", "3"]


def test_statements_on_one_line_are_counted_each() -> None:
    branch = cst.ensure_type(cst.parse_statement("if a:\n    b; c\n    while d: e\n"), cst.If)
    assert [type(each) for each in statements_of(branch.body)] == [cst.Expr, cst.Expr, cst.While]
    assert len(simple_statements(cst.parse_statement("if a: b; c"))) == 2
    assert simple_statements(branch) == ()
