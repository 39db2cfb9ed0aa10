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
    out.show("one\ntwo [red]", "three")
    assert capsys.readouterr().out.splitlines() == [
        ("word " * 100).rstrip(),
        "one\\ntwo [red]",
        "three",
    ]


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
