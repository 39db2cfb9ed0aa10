"""Generated files of the documentation are as their sources have it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import docs.generate
from docs.generate import ROOT, __main__, generators, left_over, pages
from docs.generate.cli import Entry, program, walk
from docs.generate.markdown import code, fenced, prose, table
from tests.commands import process

COMMANDS = [pytest.param(each, id=each.name) for each in walk(program())]


@pytest.mark.parametrize("path", generators())
def test_generated_files_are_current(path: str) -> None:
    assert (ROOT / path).read_bytes() == generators()[path](), "run `python -m docs.generate`"


def test_no_generated_file_is_left_over() -> None:
    assert left_over() == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which one file is generated, and one was once."""
    made: dict[str, Callable[[], bytes]] = {"docs/man/new.1": lambda: b"new\n"}
    for module in (docs.generate, __main__):
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "generators", lambda: made)
    (tmp_path / "docs/man").mkdir(parents=True)
    (tmp_path / "docs/man/old.1").write_bytes(b"old\n")
    return tmp_path


def test_a_check_names_what_is_stale_and_writes_nothing(folder: Path) -> None:
    result = CliRunner().invoke(__main__.generate, ["--check"])
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "docs/man/old.1: nothing generates it; run python -m docs.generate",
        "docs/man/new.1: is stale; run python -m docs.generate",
    ]
    assert [file.name for file in folder.glob("docs/man/*")] == ["old.1"]


def test_what_is_stale_is_written_and_what_is_left_over_removed(folder: Path) -> None:
    result = CliRunner().invoke(__main__.generate, [])
    assert (result.exit_code, result.stdout) == (
        0,
        "docs/man/old.1: removed\ndocs/man/new.1: written\n",
    )
    assert [file.read_text() for file in folder.glob("docs/man/*")] == ["new\n"]
    assert CliRunner().invoke(__main__.generate, ["--check"]).exit_code == 0


def test_a_name_that_nothing_generates_is_refused(folder: Path) -> None:
    result = CliRunner().invoke(__main__.generate, ["docs/man/other.1"])
    assert result.exit_code == 2
    assert "nothing is generated at docs/man/other.1" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!-- generated: exit codes -->\nold\n", "is not closed"),
        ("<!-- generated: exit code -->\n<!-- end -->\n", "no generated part is called"),
    ],
)
def test_a_mark_that_is_wrong_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    (tmp_path / "page.md").write_text(text)
    with pytest.raises(ValueError, match=rf"page\.md: .*{said}"):
        pages.filled("page.md")


@pytest.mark.parametrize("entry", COMMANDS)
def test_a_manual_page_has_all_that_the_help_has(entry: Entry) -> None:
    page = generators()[f"docs/man/{entry.name.replace(' ', '-')}.1"]().decode()
    plain = re.sub(r"\\f[BIR]|\\&", "", page).replace("\\-", "-").replace("\\e", "\\")
    for option in entry.options:
        assert f"\n.TP\n{' '.join(filter(None, (option.names, option.value)))}\n" in plain
    for example in entry.examples:
        assert f"\n{example.words}\n" in plain
    assert re.search(r"\n\.SH NAME\n\S+ - [^\n]+\n\.SH SYNOPSIS\n", plain)


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff")
@pytest.mark.parametrize("entry", COMMANDS)
def test_a_manual_page_is_set_without_a_warning(entry: Entry) -> None:
    file = ROOT / "docs/man" / f"{entry.name.replace(' ', '-')}.1"
    result = process("groff", "-man", "-Tutf8", "-ww", "-z", file)
    assert (result.returncode, result.stderr) == (0, "")


def test_markdown_is_what_the_text_says() -> None:
    assert prose("main_loop and __init__ of `a_b|*`\n in <b>") == (
        r"main_loop and \_\_init\_\_ of `a_b|*` in \<b\>"
    )
    assert table(["a"], [["`x|y`"], ["two\nlines"]]) == (
        "| a |\n| --- |\n| `x\\|y` |\n| two lines |"
    )
    assert code("a ` b`") == "`` a ` b` ``"
    assert fenced("```\n", "text") == "````text\n```\n````"
