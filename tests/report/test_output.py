import io
import sys

import pytest
from rich.text import Text

from patcher.report import count
from patcher.report.output import Output


@pytest.mark.parametrize(
    ("number", "nouns", "words"),
    [
        (1, ("file",), "1 file"),
        (0, ("file",), "0 files"),
        (2, ("patch", "patches"), "2 patches"),
    ],
)
def test_a_number_and_its_noun(number: int, nouns: tuple[str, ...], words: str) -> None:
    assert count(number, *nouns) == words


def test_a_pipe_gets_whole_lines_without_padding(capsys: pytest.CaptureFixture[str]) -> None:
    out = Output()
    out.show(Text("word " * 100, style="bold"))
    out.rows(("rule", "state", "line", "edit"), [Text("file.py"), ("  main-1", "", "7", "title")])
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        ("word " * 100).rstrip(),
        "rule                   state       line edit",
        "file.py",
        "  main-1                              7 title",
    ]


def test_a_long_name_widens_the_first_column_of_every_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "x" * 30
    Output().rows(("rule", "", "", ""), [(name, "a", "", ""), ("short", "b", "", "")])
    lines = capsys.readouterr().out.splitlines()
    assert [line.index(cell) for line, cell in zip(lines[1:], "ab", strict=True)] == [31, 31]


def test_a_terminal_wraps_plain_text_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "xterm")
    Output().show("/a/path/that/is/longer/than/the/terminal: and a sentence")
    assert terminal.getvalue() == "/a/path/that/is/longer/than/the/terminal: and a sentence\n"
