import io
import re
import sys

import pytest

from patcher.report.rows import Row, print_rows
from tests.commands import process

HEAD = ("rule", "state", "line", "edit")
ROWS: list[Row] = [
    [("file.py", "bold")],
    ("  main-1", ("pending", "yellow"), "7", "title"),
    ("  main-2", ("applied", "green"), "10, 20, 30", "first\n\x1b[8msecond [red]"),
    [("  file.py:3", "red"), "  is [not] Python"],
]
SHOWN = [
    "rule                   state       line edit",
    "file.py",
    "  main-1               pending        7 title",
    "  main-2               applied   10, 2… first\\n\\x1b[8msecond [red]",
    "  file.py:3  is [not] Python",
    "",
    "tree: 1 pending",
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_rows_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(HEAD, ROWS, "tree: 1 pending")
    assert capsys.readouterr().out.splitlines() == SHOWN


def test_a_terminal_gets_the_same_rows_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    print_rows(HEAD, ROWS, "tree: 1 pending")
    shown = terminal.getvalue()
    assert "\x1b[33mpending" in shown
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert [line.rstrip() for line in plain.splitlines()] == SHOWN


@pytest.mark.parametrize("value", ["1", ""])
def test_colour_may_be_forced_in_a_pipe(
    value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", value)
    print_rows(HEAD, ROWS, "tree: 1 pending")
    shown = capsys.readouterr().out
    assert ("\x1b[33mpending" in shown) == bool(value)
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert [line.rstrip() for line in plain.splitlines()] == SHOWN


def test_a_long_name_widens_the_first_column_of_every_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_rows(("rule", "", "", ""), [("x" * 30, "a", "", ""), ("short", "b", "", "")], "")
    lines = capsys.readouterr().out.splitlines()
    assert [line.index(cell) for line, cell in zip(lines[1:3], "ab", strict=True)] == [31, 31]


def test_a_pipe_needs_no_rich() -> None:
    command = "import sys, patcher.cli.main as m; sys.argv[1:] = ['rules']\ntry: m.main()\n"
    command += "except SystemExit: print('rich' in sys.modules)"
    done = process(sys.executable, "-c", command)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "False")
