"""What a pack may quote for each edit kind."""

import ast

import pytest

from patcher.code.quote_forms import QuoteForm, completed, fault

GOOD = [
    (QuoteForm.STATEMENTS, "a = 1\nif b:\n    c()"),
    (QuoteForm.STATEMENTS, "if a:"),
    (QuoteForm.IMPORT, "import a as b"),
    (QuoteForm.IMPORT, "from . import (a,\n    b)"),
    (QuoteForm.IF, "if a and b:"),
    (QuoteForm.IF, "if a:\n    b()\nelse:\n    c()"),
    (QuoteForm.FUNCTION, "def f(a, *, b=1):"),
    (QuoteForm.CALL, "flags.DEFINE_bool('a', True"),
    (QuoteForm.CALL, "f(a,\n"),
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
        pytest.param(QuoteForm.CALL, "a.b", "not one call", id="no call"),
        pytest.param(QuoteForm.CALL, "a = f(", "not one call", id="an assignment"),
        pytest.param(QuoteForm.ARGUMENT, "1", "not one keyword argument", id="by position"),
        pytest.param(QuoteForm.ARGUMENT, "a=1, b=2", "not one keyword", id="two arguments"),
        pytest.param(QuoteForm.ARGUMENT, "**a", "not one keyword", id="many keywords"),
        pytest.param(QuoteForm.COMMENTS, "# a\nb", "`b` is not a comment line", id="code"),
    ],
)  # fmt: skip
def test_says_what_is_not(form: QuoteForm, quote: str, why: str) -> None:
    quoted = f"`{quote.splitlines()[0]}` is {why}"
    assert fault(form, quote).startswith((why, quoted))
