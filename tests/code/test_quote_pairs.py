"""What a file may have in place of what both quotes of an edit say, and that the edit keeps it."""

import ast
from itertools import permutations

import pytest
from hypothesis import strategies as st

from patcher.code import quotes
from patcher.code.equivalence import equivalent, known_signatures
from patcher.code.quote_pairs import captured, filled, open_quotes
from tests.variants import depth, try_often

SIGNATURES = {"pay": ("cart", "till", "tip")}
TIP = ("pay(cart(a), till=b.till)", "pay(cart(a), till=b.till, tip=tip)")
SHAPE = ("wrap([a, 1, b.size, c])", "wrap([a * 2, 1, b.size, c])")


def made(pair: tuple[str, str], found: str, renamed: str = "") -> str | None:
    """What an edit makes of code; None where that does not mean the quote.

    `renamed` has the variables of the quotes that may have other names.
    """
    with known_signatures(SIGNATURES):
        old, new = open_quotes(*pair)
        own = captured(old, quotes.statements(found), lambda name, _: name in renamed.split())
        return None if own is None else "; ".join(map(quotes.code, filled(new, own)))


@pytest.mark.parametrize(
    ("found", "result"),
    [
        pytest.param("pay(bag(), till=b.till)", "pay(bag(), till=b.till, tip=tip)", id="another"),
        pytest.param("pay({'a': 1}, till=x)", "pay({'a': 1}, till=x, tip=tip)", id="two others"),
        pytest.param(
            "pay(cart(a), till=b.till, all=1)",
            "pay(cart(a), till=b.till, tip=tip, all=1)",
            id="a further one",
        ),
        pytest.param("pay(cart(a))", "pay(cart(a), tip=tip)", id="one less"),
        pytest.param("pay(till=x, cart=y)", "pay(y, till=x, tip=tip)", id="in another order"),
    ],
)
def test_a_call_that_gets_an_argument_may_have_others(found: str, result: str) -> None:
    assert made(TIP, found) == result


@pytest.mark.parametrize(
    "found",
    [
        pytest.param("pay(cart(a), till=b.till, tip=0)", id="the new argument"),
        pytest.param("pay(cart(a), b.till, 0)", id="the new argument by position"),
        pytest.param("pay(cart(a), **options)", id="any argument"),
        pytest.param("pay(None, till=b.till)", id="nothing for an argument"),
        pytest.param("pays(cart(a), till=b.till)", id="another function"),
        pytest.param("a = pay(cart(a), till=b.till)", id="another statement"),
    ],
)
def test_what_gives_the_argument_or_is_no_such_call_is_another(found: str) -> None:
    assert made(TIP, found) is None


def is_code(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a, b=b, **o", "a, b=b, c=c, **o"),
        ("a, b=b, **o", "a, b=b, **o, c=c"),
        ("a, **o", "a, c=c, **o"),
        ("a, *i", "a, *i, c=c"),
        ("a, *i, b=b", "a, *i, b=b, c=c"),
        ("*i, **o", "*i, **o, c=c"),
    ],
)
def test_arguments_in_any_order_make_code_or_are_another(before: str, after: str) -> None:
    """A file's argument by position came to stand after `**o`, which is no code."""
    some = ["a", "z", "b=b", "b=1", "d=1", "*i", "*j", "**o", "**p"]
    rows = (each for count in range(4) for each in permutations(some, count))
    calls = [call for each in rows if is_code(call := f"f({', '.join(each)})")]
    assert len(calls) > 100
    results = [made((f"f({before})", f"f({after})"), call) for call in calls]
    assert all(result is None or is_code(result) for result in results)


@pytest.mark.parametrize(
    ("found", "result"),
    [
        ("wrap([a, 1, b.size, c])", "wrap([a * 2, 1, b.size, c])"),
        ("wrap([a, 1, 2, d()])", "wrap([a * 2, 1, 2, d()])"),
        ("wrap([a, 2, b.size, c])", None),
        ("wrap([a + 1, 1, b.size, c])", None),
        ("wrap([a, 1, b.size])", None),
    ],
)
def test_the_elements_around_those_that_change_may_be_others(
    found: str, result: str | None
) -> None:
    assert made(SHAPE, found) == result


@pytest.mark.parametrize(
    ("found", "renamed", "result"),
    [
        pytest.param("sum = bag * 2\nend = sum - bag", "cart sum", "end = bag", id="another"),
        pytest.param("sum = bag * 2\nend = sum - bag", "", None, id="one that may not have it"),
        pytest.param("sum = bag * 2\nend = sum - box", "cart sum", None, id="two for one"),
    ],
)
def test_a_variable_may_have_one_other_name(found: str, renamed: str, result: str | None) -> None:
    assert made(("sum = cart * 2\nend = sum - cart", "end = cart"), found, renamed) == result


ARGUMENTS = st.sampled_from(["a", "f(x)", "b.c", "{'d': e}", "[g]", "lambda: h", "1", "'i'"])


@depth(50, 1000)
def test_an_edit_keeps_all_arguments(count: int) -> None:
    keywords = st.dictionaries(st.sampled_from(["till", "j", "k", "l"]), ARGUMENTS, max_size=3)
    try_often(check_arguments, count, st.lists(ARGUMENTS, max_size=1), keywords)


def check_arguments(by_place: list[str], keywords: dict[str, str]) -> None:
    arguments = [*by_place, *(f"{name}={value}" for name, value in keywords.items())]
    result = made(TIP, f"pay({', '.join(arguments)})")
    wanted = quotes.statement(f"pay({', '.join([*arguments, 'tip=tip'])})")
    assert result is not None
    with known_signatures(SIGNATURES):
        assert equivalent(wanted, quotes.statement(result)), result
