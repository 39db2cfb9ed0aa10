import re
import sys
from pathlib import Path

import pytest

from patcher.report.demonstration import TITLES
from tests.commands import git, run, screen
from tests.counts import RULES
from tests.rule_check import ENTRIES

CLEARED = "\x1b[H\x1b[J"
CTRL_C, CTRL_D = "\x03", "\x04"
SUMMARY = f"the miniature: {RULES} edits made, checked and undone; all 8 checks hold"


def screens(*options: str, keys: str = "  ", **variables: str) -> tuple[int, list[list[str]]]:
    """The exit code of the demo, and the lines of each screen that it shows on a terminal."""
    code, written = screen("demo", *options, keys=keys, **{"COLUMNS": "80", **variables})
    shown = written.decode().replace("\r", "").split(CLEARED)[1:]
    plain = (re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", each) for each in shown)
    return code, [each.rstrip("\n").split("\n") for each in plain]


def test_a_pipe_gets_three_parts_and_a_summary() -> None:
    result = run("demo")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    titles = [line for line in lines if re.match(r"\d of \d: ", line)]
    assert titles == [f"{n} of {len(TITLES)}: {each}" for n, each in enumerate(TITLES, 1)]
    assert f"the miniature: {RULES} pending" in lines
    assert any(line.startswith("revert                 holds") for line in lines)
    assert lines[-1] == SUMMARY
    assert "\x1b" not in result.stdout
    assert "any key" not in result.stdout


@pytest.mark.parametrize(
    ("columns", "lines", "edits"),
    [
        pytest.param(80, 24, 1, id="the least that terminals have"),
        pytest.param(120, 40, 2, id="room for another edit"),
        pytest.param(60, 24, 1, id="narrow"),
    ],
)
def test_each_screen_fits_the_terminal(columns: int, lines: int, edits: int) -> None:
    code, shown = screens(COLUMNS=str(columns), LINES=str(lines))
    assert (code, len(shown)) == (0, len(TITLES))
    for number, each in enumerate(shown, 1):
        assert each[0] == f"{number} of {len(TITLES)}: {TITLES[number - 1]}"
        assert sum(max(-(-len(line) // columns), 1) for line in each) <= lines
    assert sum(line.startswith("# ") for line in shown[1]) == edits
    assert "Press any key to go on, q to quit" in shown[1][-1]
    assert shown[-1][-1].endswith(SUMMARY) or columns < len(SUMMARY)


def test_an_edit_is_shown_with_its_place_and_the_documents_reason() -> None:
    _, shown = screens()
    id_ = shown[1][2].removeprefix("# ").partition(":")[0]
    section, rule = ENTRIES[id_]
    assert shown[1][3].strip() == (
        f"document: {section.heading}, item {rule.item} (changed); its reason:"
    )
    assert shown[1][4].strip() == rule.why
    assert rule.whose == "document"
    assert any(line.startswith("+") for line in shown[1][7:])


@pytest.mark.parametrize("key", ["q", "Q", CTRL_D])
def test_the_demo_can_be_left(key: str, tmp_path: Path) -> None:
    code, shown = screens(keys=f" {key}", TMPDIR=str(tmp_path))
    assert (code, len(shown)) == (0, 2)
    assert shown[1][-1].endswith("q to quit")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_the_demo(tmp_path: Path) -> None:
    code, shown = screens(keys=CTRL_C, TMPDIR=str(tmp_path))
    assert (code, len(shown)) == (130, 1)
    assert shown[0][-1].endswith("interrupted")
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_that_prints_lines_only_gets_no_screens() -> None:
    code, written = screen("demo", TERM="dumb")
    assert (code, b"\x1b" in written, b"any key" in written) == (0, False, False)
    assert written.decode().splitlines()[-1] == SUMMARY


def test_screens_without_colours() -> None:
    colour = rb"\x1b\[(?:\d+;)*3\d"
    assert re.search(colour, screen("demo", keys="  ")[1])
    assert not re.search(colour, screen("demo", keys="  ", NO_COLOR="1")[1])


def pack(folder: Path, path: str) -> Path:
    """A pack of one rule, which no file fits."""
    folder.mkdir()
    (folder / "pack.toml").write_text(
        'name = "mine"\ntitle = "Mine"\nupstream = "automl"\nsections = ["main"]\n'
    )
    rule = 'item = 1\ntitle = "try it"\nkind = "statement"\nwhy = "To try it."\n'
    quotes = 'before = "no_such_call()"\nafter = "another_call()"\n'
    (folder / "main.toml").write_text(f'path = "{path}"\n[[rule]]\n{rule}{quotes}')
    return folder


def test_a_rule_that_does_not_fit_ends_the_demo(tmp_path: Path) -> None:
    result = run("demo", "--pack", pack(tmp_path / "mine", "efficientdet/main.py"))
    assert result.exit_code == 3
    assert "efficientdet/main.py" in result.stdout
    assert "mine/main-1 is absent" in result.stderr
    assert "2 of 3" not in result.stdout


def test_a_pack_for_another_upstream_is_refused(tmp_path: Path) -> None:
    result = run("demo", "--pack", pack(tmp_path / "mine", "elsewhere.py"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "--pack: mine has no rule for a file of the miniature, expected a pack for its upstream; "
        "`effpatch test` tries a pack on its own upstream\n"
    )


def test_two_ways_to_train_are_one_too_many() -> None:
    result = run("demo", "--train", "--detect")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--train and --detect cannot be used together" in result.stderr


def test_the_next_commands_name_the_pack() -> None:
    lines = run("demo", "--pack", "supplement").stdout.splitlines()
    named = [line.split() for line in lines if line.startswith("  effpatch --pack supplement ")]
    assert [words[3] for words in named] == ["fetch", "diff", "apply", "verify"]


def test_the_demo_in_a_folder_under_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run("demo").exit_code == 0


def test_a_stack_that_cannot_train_ends_the_demo_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("demo", "--train", "--stack", tmp_path)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith(f"{tmp_path}: no bin/python in it")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    (tmp_path / "bin" / "python").chmod(0o755)
    result = run("demo", "--train", "--stack", tmp_path)
    assert (result.exit_code, result.stdout) == (4, "")
    assert f"{tmp_path}/bin/python: no module tensorflow or " in result.stderr


def test_what_to_know_is_explained() -> None:
    lines = run("demo").stdout.splitlines()
    assert any(line.endswith(" note") for line in lines)
    assert "Notes fail no check; `effpatch verify` shows them." in lines
    assert any(line.endswith("  check the result") for line in lines)


def test_the_demo_of_another_pack() -> None:
    result = run("demo", "--pack", "supplement")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\n# supplement/" in result.stdout
    assert "\n# main-" not in result.stdout


@pytest.mark.parametrize("option", [("--miniature",), ("--output", "results")])
def test_options_of_the_demo_that_detects_go_with_it(option: tuple[str, ...]) -> None:
    result = run("demo", *option)
    assert result.exit_code == 2
    assert "--miniature and --output go with --detect" in result.stderr


def test_the_demo_that_detects_needs_a_stack(tmp_path: Path) -> None:
    result = run("demo", "--detect", "--stack", tmp_path)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith(f"{tmp_path}: no bin/python in it")
