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


TEXTS = [
    "f'avg/{tag}'",
    "'avg/{}'.format(tag)",
    "'avg/{0}'.format(tag)",
    "'avg/{name}'.format(name=tag)",
    "'avg/%s' % tag",
    "'avg/%s' % (tag,)",
    "'avg/' + tag",
    "('avg' '/{}').format(tag)",
    "F'''avg/{ tag }'''",
    "'av' + 'g/' + tag",
    "'avg/' + str(tag)",
    "'avg/' f'{tag!s}'",
    "'avg/{:s}'.format(tag)",
]


@pytest.mark.parametrize("other", TEXTS)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_with_a_value_in_it_is_the_same_in_any_form(text: str, other: str) -> None:
    assert equivalent(*map(cst.parse_expression, (text, other)))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("f'avg/{name}'", id="another value"),
        pytest.param("f'avg{tag}'", id="another text"),
        pytest.param("f'avg/{tag!r}'", id="another conversion"),
        pytest.param("f'avg/{tag:5}'", id="a width"),
        pytest.param("f'avg/{tag=}'", id="with its own code"),
        pytest.param("f'avg/{{tag}}'", id="braces"),
        pytest.param("rf'avg/{tag}\\n'", id="more behind it"),
        pytest.param("'avg/%5s' % tag", id="a width after a percent sign"),
        pytest.param("'avg/%d' % tag", id="a number"),
        pytest.param("'avg/%s' % {'a': tag}", id="a dictionary"),
        pytest.param("'avg/{}'.format(*tag)", id="many values"),
        pytest.param("'avg/{}'.join(tag)", id="another method"),
        pytest.param("'avg/{}'.format(tag, tag).x", id="a part of it"),
        pytest.param("'avg/{a.b}'.format(a=tag)", id="an attribute"),
        pytest.param("tag + 'avg/'", id="the other way round"),
        pytest.param("b'avg/' + tag", id="bytes"),
    ],
)
def test_a_text_with_another_value_or_text_is_not(other: str) -> None:
    quote = cst.parse_expression("'avg/{}'.format(tag)")
    assert not equivalent(quote, cst.parse_expression(other))


ATTEMPT = "try:\n    import a as b\nexcept {}:\n    b = None\n"


@pytest.mark.parametrize(
    ("caught", "same"),
    [
        ("ImportError", True),
        ("(ImportError, OSError)", True),
        ("(OSError, ImportError) as error", True),
        ("ImportError as e", True),
        ("ModuleNotFoundError", True),
        ("Exception", True),
        ("BaseException", True),
        ("ImportError:\n    b = None\nexcept OSError", True),
        ("OSError", False),
        ("(OSError, ValueError)", False),
        ("ImportError:\n    b = 1\nexcept OSError", False),
        ("ImportError:\n    log()\nexcept OSError", False),
    ],
)
def test_an_attempt_may_catch_more(caught: str, same: bool) -> None:
    quote, other = (cst.parse_statement(ATTEMPT.format(each)) for each in ("ImportError", caught))
    assert equivalent(quote, other) is same


def test_an_attempt_may_catch_everything_but_do_no_more() -> None:
    quote = cst.parse_statement(ATTEMPT.format("ImportError"))
    bare = ATTEMPT.replace("except {}:", "except:")
    assert equivalent(quote, cst.parse_statement(bare))
    assert not equivalent(cst.parse_statement(bare), quote)
    for more in ("else:\n    c()\n", "finally:\n    c()\n"):
        assert not equivalent(quote, cst.parse_statement(bare + more))
