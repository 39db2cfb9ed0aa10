"""A source line on a terminal, and the carets below it."""

import pytest

from patcher.cli.source_lines import pointed_at
from patcher.errors import SourceLine


def shown(text: str, part: str, columns: int = 100, note: str = "") -> list[str]:
    """The two lines for a part of a line, without their gutters."""
    source = SourceLine(7, text.index(part) + 1, text, note, len(part))
    one, two = pointed_at(source, columns)
    assert (one[:6], two[:6]) == ("  7 | ", "    | "[:6])
    return [one[6:], two[6:]]


@pytest.mark.parametrize(
    ("text", "part", "carets"),
    [
        pytest.param("pay(cart, 1)", "cart", "    ^^^^", id="a part"),
        pytest.param("\tpay(cart)", "cart", "\t    ^^^^", id="behind a tab"),
        pytest.param("x = '\u65e5\u672c', cart", "cart", " " * 12 + "^^^^", id="behind wide ones"),
        pytest.param("x = '\u65e5\u672c'", "\u65e5\u672c", "     ^^^^", id="wide characters"),
        pytest.param("x = 'e\u0301', cart", "cart", "         ^^^^", id="behind an accent"),
        pytest.param("x = '\x07', cart", "cart", "            ^^^^", id="behind an escape"),
    ],
)  # fmt: skip
def test_the_carets_stand_below_the_part(text: str, part: str, carets: str) -> None:
    line, below = shown(text, part)
    assert line == text.replace("\x07", "\\x07")
    assert below == carets


def test_a_note_follows_the_carets() -> None:
    assert shown("pay(cart)", "pay", note="pending") == ["pay(cart)", "^^^ pending"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("cart" + "x" * 500, "cart", id="at the start"),
        pytest.param("x" * 500 + "cart" + "x" * 500, "cart", id="in the middle"),
        pytest.param("x" * 500 + "cart", "cart", id="at the end"),
        pytest.param("\u65e5" * 500 + "cart" + "\u65e5" * 500, "cart", id="wide characters"),
    ],
)
@pytest.mark.parametrize("columns", [80, 100, 200])
def test_a_long_line_is_cut_around_the_part(text: str, part: str, columns: int) -> None:
    line, below = shown(text, part, columns)
    wide = sum(each == "\u65e5" for each in line)
    assert len(line) + wide + 6 <= columns
    start = len(line[: line.index(part)]) + sum(e == "\u65e5" for e in line[: line.index(part)])
    assert below == " " * start + "^" * len(part)
    assert line.startswith("...") == (not text.startswith(part))
    assert line.endswith("...") == (not text.endswith(part))


def test_carets_end_where_the_line_is_cut() -> None:
    line, below = shown("x" * 500, "x" * 400, 80)
    assert len(below) <= len(line)
