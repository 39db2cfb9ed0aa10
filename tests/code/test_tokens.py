"""Code and quotes as tokens."""

import pytest

from patcher.code.tokens import is_code, is_deep, names_in, rows_of, run_of, variables_in, word_in


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        pytest.param("return till.pay(", "return till . pay (", id="a bracket that opens"),
        pytest.param("tip=1, vat=2):", "tip = 1 , vat = 2 ) :", id="a bracket that closes"),
        pytest.param("a] + (b", "a ] + ( b", id="both"),
        pytest.param("a=1,  # c\nb=2,", "a = 1 , b = 2 ,", id="lines and comments"),
        pytest.param("'é' f'{a[0]!r:>{b}}{{' b", "'é' f'{a[0]!r:>{b}}{{' b", id="strings"),
        pytest.param("f'''a\n{b}''', 1", "f'''a\n{b}''' , 1", id="an f-string of two lines"),
        pytest.param("'(' + \"[\" # )", "'(' + \"[\"", id="brackets in strings and comments"),
        pytest.param("a + \\\n  b", "a + b", id="a backslash"),
        pytest.param("# a", "", id="a comment"),
    ],
)
def test_a_quote_may_be_cut_out_anywhere(quote: str, words: str) -> None:
    run = run_of(quote)
    assert run is not None
    assert " ".join(each.text for each in run) == words
    assert all(quote[each.start : each.end] == each.text for each in run)


@pytest.mark.parametrize("quote", ["a (]", "it's", "`a`", "a ? b", "a $", "'''a", "x!"])
def test_what_has_no_tokens_of_python(quote: str) -> None:
    assert run_of(quote) is None
    assert not is_code(quote)
    assert names_in(quote) == variables_in(quote) == frozenset()
    assert word_in(quote) == ""


@pytest.mark.parametrize(
    ("quote", "is_part"),
    [
        ("tip: How much is given.", False),
        ("10am", False),
        ("f(a) b", False),
        ("None of it", False),
        ("a = 1\nb = 2", False),
        ("a=1,\nb=2", True),
        ("match a:", True),
        ("'a' 'b'", True),
        ("not a", True),
        ("x: int.", True),
        ("lambda a: b", True),
        ("...", True),
    ],
)
def test_prose_is_no_code(quote: str, is_part: bool) -> None:
    assert is_code(quote) == is_part


def test_strings_are_compared_by_value() -> None:
    def keys(quote: str) -> list[str]:
        return [each.key for each in run_of(quote) or ()]

    assert keys("'a\\x62'") == keys('"ab"') == keys("r'''ab'''")
    assert keys("f'a{b}'") == keys('f"a{b}"')
    assert keys("'a'") != keys("b'a'")
    assert keys("'a'") != keys("a")
    assert keys(r"'\d'") == keys(r"'\\d'")


def test_names_and_variables_of_a_quote() -> None:
    assert names_in("f(a.b, c=d, e='g'") == {"f", "a", "b", "c", "d", "e"}
    assert variables_in("f(a.b, c=d, e='g'") == {"f", "a", "d"}
    assert variables_in("a = b.c") == {"a", "b"}


@pytest.mark.parametrize(
    ("quote", "word"),
    [("a.bcd(e", "bcd"), ("'one two'", "one"), ("b'ab'", "ab"), ("1e-4", "1e"), ("...", "")],
)
def test_a_word_that_is_wherever_the_quote_is(quote: str, word: str) -> None:
    assert word_in(quote) == word


def test_rows_are_logical_lines() -> None:
    rows = rows_of("@a\n# b\ndef f(c,\n  d): pass; e\n")
    assert ["".join(each.text for each in row) for row in rows] == ["@a", "deff(c,d):pass;e"]
    with pytest.raises(SyntaxError):
        rows_of("f(")


def test_too_many_brackets_are_deep() -> None:
    assert is_deep("(" * 101)
    assert is_deep(")" * 101)
    assert not is_deep("()" * 101)
