"""The guard at standard output and error, and that nothing is printed around it."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patcher.report.json import envelope
from patcher.report.streams import guarded, say, unguarded, write_exactly
from tests.commands import process

PACKAGE = Path(__file__).parents[2] / "patcher"
ANY_TEXT = st.text(st.characters(exclude_categories=[]))
# The two that know how, and one that hands on lines of other processes, made visible.
PRINTERS = {"report/streams.py", "report/output.py", "cli/trees.py"}
PRINTS = r"click\.(echo|secho|style)|(?<![\w.])print\(|(?<!Safe)Console\(|std(out|err)\.buffer"


def written(text: str, encoding: str = "utf-8") -> str:
    """What arrives on a standard output of some encoding."""
    binary, before = io.BytesIO(), sys.stdout
    sys.stdout = io.TextIOWrapper(binary, encoding, write_through=True)
    try:
        with guarded():
            sys.stdout.write(text)
        return binary.getvalue().decode(encoding)
    finally:
        sys.stdout = before


@given(ANY_TEXT)
def test_nothing_but_lines_and_tabs_gets_through(text: str) -> None:
    shown = written(text)
    assert all(each.isprintable() or each in "\n\t" for each in shown)
    assert shown.count("\n") == text.count("\n")


def test_what_an_encoding_lacks_is_an_escape() -> None:
    assert written("k\u00e4\x1b\udcff", "ascii") == "k\\xe4\\x1b\\xff"


def test_a_message_of_click_is_guarded_as_well() -> None:
    code = "import click, sys\nfrom patcher.report.streams import guarded\n"
    code += (
        "with guarded(): click.echo('\\x1b]0;t\\x07k\\xe4'); click.echo(b'\\x1b\\xff', err=True)"
    )
    for encoding, name in (("utf-8", "k\u00e4"), ("ascii", "k\\xe4")):
        env = {**os.environ, "PYTHONIOENCODING": encoding}
        done = process(sys.executable, "-c", code, env=env)
        assert done.stdout == f"\\x1b]0;t\\x07{name}\n"
        assert done.stderr == "\\x1b\\xff\n"


def test_a_sentence_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with guarded():
        say("a\nb\tc\x1b")
        say("d\u2028e", error=True)
    assert capsys.readouterr() == ("a\\nb\\tc\\x1b\n", "d\\u2028e\n")


def test_bytes_are_written_as_they_are(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with guarded():
        write_exactly(b"\x1b\xff\r\n")
    assert capfdbinary.readouterr().out == b"\x1b\xff\r\n"


def test_what_is_behind_the_guard_can_be_found() -> None:
    with guarded():
        assert unguarded(sys.stdout) is not sys.stdout
        assert unguarded(unguarded(sys.stdout)) is unguarded(sys.stdout)


def test_the_streams_come_back() -> None:
    before = sys.stdin, sys.stdout, sys.stderr
    with pytest.raises(click.Abort), guarded():
        raise click.Abort
    assert (sys.stdin, sys.stdout, sys.stderr) == before


def test_a_closed_descriptor_is_not_given_to_the_next_file(tmp_path: Path) -> None:
    code = "import os, sys\nfrom patcher.report.streams import guarded\n"
    code += "with guarded(): file = open(sys.argv[1], 'w'); os.write(2, b'lost'); os.write(1, b'x')"
    shell = f'"{sys.executable}" -c "$1" "$2" <&- >&- 2>&-; exit $?'
    done = subprocess.run(["bash", "-c", shell, "bash", code, str(tmp_path / "file")], check=False)
    assert (done.returncode, (tmp_path / "file").read_bytes()) == (0, b"")


def test_json_is_valid_unicode_whatever_it_is_about() -> None:
    raw = {"p\udcff": ["\udcff", {"a": "\ud800x"}], "text": "\x1b\x7f\u202e\n\U0001f333"}
    text = envelope(**raw)
    assert text.isascii()
    assert text.isprintable()
    found = json.loads(text)
    assert found["p\\xff"] == ["\\xff", {"a": "\\ud800x"}]
    assert found["text"] == raw["text"]
    json.dumps(found, ensure_ascii=False).encode()


@given(st.dictionaries(ANY_TEXT, st.lists(ANY_TEXT)))
def test_json_keeps_every_valid_text(members: dict[str, list[str]]) -> None:
    text = envelope(members=members)
    assert text.isprintable()
    json.dumps(json.loads(text), ensure_ascii=False).encode()
    if not re.search("[\ud800-\udfff]", repr(members)) and "\\ud" not in repr(members):
        assert json.loads(text)["members"] == members


def test_nothing_is_printed_around_the_guard() -> None:
    """A new message is safe by default: there is no other way to print one."""
    found: dict[str, str] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if name not in PRINTERS and "scripts" not in file.parts:
            lines = enumerate(file.read_text("utf-8").splitlines(), 1)
            found |= {f"{name}:{number}": line for number, line in lines if re.search(PRINTS, line)}
    assert found == {}
