"""What is shown of a text that could command a terminal or break a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patcher.errors import ErrorList, MismatchError, PatchError, TreeError
from patcher.errors.visible import visible

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("src/main.py", "src/main.py", id="a plain name"),
        pytest.param("gr\u00fcn \u6811", "gr\u00fcn \u6811", id="other scripts"),
        pytest.param("a\\b", "a\\b", id="a backslash"),
        pytest.param("\x1b[31m", "\\x1b[31m", id="an escape sequence"),
        pytest.param("a\r\n\tb\x00\x07\x08", "a\\r\\n\\tb\\x00\\x07\\x08", id="C0"),
        pytest.param("\x7f\x85\x9b", "\\x7f\\x85\\x9b", id="DEL and C1"),
        pytest.param("\u061c\u200e\u200f", "\\u061c\\u200e\\u200f", id="direction marks"),
        pytest.param("\u202a\u202e\u2066\u2069", "\\u202a\\u202e\\u2066\\u2069", id="directions"),
        pytest.param("\u2028\u2029", "\\u2028\\u2029", id="line and paragraph separators"),
        pytest.param("a\u200bb\ufeff\U000e0041", "a\\u200bb\\ufeff\\U000e0041", id="invisible"),
        pytest.param(b"b\xff".decode("utf-8", "surrogateescape"), "b\\xff", id="a byte"),
        pytest.param("\ud800", "\\ud800", id="half a character"),
    ],
)  # fmt: skip
def test_what_is_dangerous_is_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANY_TEXT)
def test_every_text_becomes_printable_once_and_for_all(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert shown.encode().decode() == shown
    assert visible(shown) == shown
    assert [each for each in text if visible(each) == each and each not in shown] == []


@pytest.mark.parametrize(
    "hidden", ["\u034f", "\u115f", "\u17b4", "\u180b", "\u2800", "\u3164", "\ufe0f", "\U000e0100"]
)
def test_what_cannot_be_seen_is_not_printable(hidden: str) -> None:
    """Although Python says that it is: `x` and a filler is another name than `x`."""
    assert hidden.isprintable()
    assert visible(f"x{hidden} = 1") == f"x{ascii(hidden)[1:-1]} = 1"
    assert visible("häßlich 漢字 é") == "häßlich 漢字 é"


def test_characters_may_be_kept() -> None:
    assert visible("a\n\tb\r", keep="\n\t") == "a\n\tb\\r"


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_an_error_is_one_printable_line(place: str, found: str, wanted: str, step: str) -> None:
    for error in (
        TreeError(place, found, wanted, step),
        MismatchError(place, found, wanted, step, detail=wanted),
    ):
        assert str(error).isprintable()
        assert all(map(str.isprintable, (error.place, error.found, error.wanted, error.next_step)))


def test_errors_are_a_line_each() -> None:
    errors = ErrorList([PatchError("a\nb", "x\x1b"), PatchError("c")])
    assert str(errors) == "a\\nb: x\\x1b\nc"
    assert errors.exit_code == PatchError.exit_code
