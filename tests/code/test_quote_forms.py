"""What a pack may quote for each edit kind."""

import ast

import pytest

from patcher.code.quote_forms import QuoteForm, completed, defaults, fault

GOOD = [
    (QuoteForm.STATEMENTS, "a = 1\nif b:\n    c()"),
    (QuoteForm.STATEMENTS, "if a:"),
    (QuoteForm.IMPORT, "import a as b"),
    (QuoteForm.IMPORT, "from . import (a,\n    b)"),
    (QuoteForm.IF, "if a and b:"),
    (QuoteForm.IF, "if a:\n    b()\nelse:\n    c()"),
    (QuoteForm.FUNCTION, "def f(a, *, b=1):"),
    (QuoteForm.FLAG, "flags.DEFINE_bool('a', True"),
    (QuoteForm.FLAG, "DEFINE_string(name='a', default=f(1),\n"),
    (QuoteForm.STATEMENT, "if a:"),
    (QuoteForm.ARGUMENT, "a=1"),
    (QuoteForm.ARGUMENT, "a=f(1),"),
    (QuoteForm.COMMENTS, "# a\n  # b = 1"),
]


@pytest.mark.parametrize(("form", "quote"), GOOD)
def test_takes_what_is_of_its_form(form: QuoteForm, quote: str) -> None:
    assert fault(form, quote) == ""
    assert ast.parse(completed(form, quote)).body or form is QuoteForm.COMMENTS


@pytest.mark.parametrize(
    ("form", "quote", "why"),
    [
        pytest.param(QuoteForm.STATEMENTS, "a b", "not valid Python (", id="no Python"),
        pytest.param(QuoteForm.STATEMENTS, "# a", "no statement in it", id="a comment alone"),
        pytest.param(QuoteForm.IMPORT, "a = 1", "not one import statement", id="no import"),
        pytest.param(QuoteForm.IMPORT, "import a\nimport b", "not one import", id="two imports"),
        pytest.param(QuoteForm.IF, "while a:", "not one `if`", id="a loop"),
        pytest.param(QuoteForm.IF, "if a: b\nif c: d", "not one `if`", id="two ifs"),
        pytest.param(QuoteForm.FUNCTION, "class A:", "not the header", id="a class"),
        pytest.param(QuoteForm.FLAG, "a.b", "not one call", id="no call"),
        pytest.param(QuoteForm.FLAG, "a = f(", "not one call", id="an assignment"),
        pytest.param(QuoteForm.FLAG, "f('a', 1", "not one call that defines", id="no flag"),
        pytest.param(QuoteForm.FLAG, "DEFINE_bool('a'", "not one call that", id="no default"),
        pytest.param(QuoteForm.FLAG, "DEFINE_bool(a, 1", "not one call that", id="a name unknown"),
        pytest.param(QuoteForm.STATEMENT, "a\nb", "not one statement", id="two statements"),
        pytest.param(QuoteForm.ARGUMENT, "1", "not one keyword argument", id="by position"),
        pytest.param(QuoteForm.ARGUMENT, "a=1, b=2", "not one keyword", id="two arguments"),
        pytest.param(QuoteForm.ARGUMENT, "**a", "not one keyword", id="many keywords"),
        pytest.param(QuoteForm.COMMENTS, "# a\nb", "`b` is not a comment line", id="code"),
    ],
)  # fmt: skip
def test_says_what_is_not(form: QuoteForm, quote: str, why: str) -> None:
    quoted = f"`{quote.splitlines()[0]}` is {why}"
    assert fault(form, quote).startswith((why, quoted))


@pytest.mark.parametrize("form", QuoteForm)
@pytest.mark.parametrize("quote", ["", "\n"])
def test_nothing_is_of_no_form(form: QuoteForm, quote: str) -> None:
    assert fault(form, quote)


def test_defaults_of_a_header() -> None:
    header = "def f(a, b='x', /, c=1, *d, e, g=[1,2], **h):"
    assert defaults(header) == {"b": "'x'", "c": "1", "g": "[1, 2]"}
    assert defaults("def f(a, *, b):") == {}
