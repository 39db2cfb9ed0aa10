"""Whatever the command is started with, it ends with an exit code of its own, and no traceback."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import small
from tests.commands import INSTALLED, process, screen

MODULE = f'"{sys.executable}" -m patcher'
ALARMS = (
    "Traceback",
    "Exception ignored",
    "Error in atexit",
    "; please report",
    "Fatal Python error",
)
FULL = "standard output: no space left on device, so the report is incomplete; "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small pack, a tree, and a tree of no use; commands only look at them."""
    folder = tmp_path_factory.mktemp("small")
    small.pack(folder / "pack")
    small.tree(folder / "tree")
    (small.tree(folder / "bad") / "src/app.py").write_bytes(b"# coding: idna\nx = 1\n")
    return folder


STATUS, BAD = "status --pack ./pack tree", "status --pack ./pack bad"
DIFF, MANY = "diff --pack ./pack tree", "status --pack ./pack tree bad tree/src"


def runs(folder: Path, commands: Sequence[str], ending: str) -> list[tuple[int, str, str]]:
    """The exit code, output and errors of each command, with an ending for the shell.

    Every other one is run in both ways, which has to make no difference.
    """
    found = list[tuple[int, str, str]]()
    for command in commands:
        both = list[tuple[int, str, str]]()
        for program in (MODULE, str(INSTALLED))[: 1 + commands.index(command) % 2]:
            line = f"{program} {command} {ending}"
            done = process("bash", "-c", line, cwd=folder, errors="surrogateescape")
            assert [word for word in ALARMS if word in done.stderr] == [], done.stderr
            errors = done.stderr.replace("python -m patcher", "effpatch")
            both.append((done.returncode, done.stdout, errors))
        assert both[0] == both[-1]
        found.append(both[0])
    return found


def test_closed_streams(folder: Path) -> None:
    commands = [STATUS, BAD, "status --bogus", MANY, DIFF]
    plain = runs(folder, commands, "")
    assert [code for code, _, _ in plain] == [1, 4, 2, 4, 0]
    for ending in (">&-", "<&-", "2>&-", "<&- >&- 2>&-"):
        found = runs(folder, commands, ending)
        out, err = ">&-" not in ending.replace("2>&-", ""), "2>&-" not in ending
        assert found == [(code, o if out else "", e if err else "") for code, o, e in plain]


def test_output_that_is_full(folder: Path) -> None:
    for code, _, errors in runs(folder, [STATUS, DIFF, "--help", "rules"], ">/dev/full"):
        assert (code, errors.startswith(FULL), errors.count("\n")) == (4, True, 1)
    found = runs(folder, [STATUS, BAD, "status --bogus", MANY], "2>/dev/full")
    assert [code for code, _, _ in found] == [1, 4, 2, 4]
    assert [code for code, _, _ in runs(folder, [STATUS, BAD], ">/dev/full 2>/dev/full")] == [4, 4]


def test_a_reader_that_has_left(folder: Path) -> None:
    ending = "| true; exit ${PIPESTATUS[0]}"
    commands = [
        STATUS,
        MANY,
        DIFF,
        "--help",
        "--version",
        "rules",
        "status --json --pack ./pack tree",
    ]
    found = runs(folder, commands, ending)
    assert [code for code, _, _ in found] == [1, 4, 0, 0, 0, 0, 1]
    assert "src/app.py: not valid Python" in found[1][2]
    (code, _, errors) = runs(folder, [BAD], "2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}")[0]
    assert (code, errors) == (4, "")


def test_arguments_that_are_not_utf_8(folder: Path) -> None:
    commands = ["status {0}", "{0}", "status tree --only {0}", "status --pack {0} tree", "--{0}"]
    commands += ["fetch {0}/x --commit {0}", "coverage --doc {0}", "train {0} -- {0}", "rules {0}"]
    commands += ["status --from-file {0}", "status --root {0} tree", "stack check {0}"]
    commands += ["apply tree --dry-run --commit --branch {0}", "diff tree -- {0}"]
    for found in runs(folder, [each.format("$'\\xff\\n\\x1b'") for each in commands], ""):
        code, output, errors = found
        assert code in (2, 3, 4)
        assert f"{output}{errors}".replace("\n", "").isprintable()


def test_a_list_of_trees_that_is_not_utf_8(folder: Path) -> None:
    (folder / "list").write_bytes(b"tree\n\xff\x1b\n\0\n")
    (code, output, errors), _ = runs(folder, [f"{STATUS} --from-file list", STATUS], "")
    assert code == 4
    assert output.startswith("tree: 3 pending\n")
    assert "\\xff\\x1b: no such folder" in errors


def test_a_folder_that_was_deleted(folder: Path) -> None:
    for command, code, said in (
        ("status .", 4, "current folder: does not exist any more; "),
        ("status x", 4, "x: no such folder, "),
        (f"status --pack {folder}/pack {folder}/tree", 1, ""),
        ("fetch", 4, ""),
        ("rules", 0, ""),
    ):
        line = f"mkdir gone && cd gone && rmdir ../gone && {MODULE} {command}"
        done = process("bash", "-c", line, cwd=folder)
        assert (done.returncode, [word for word in ALARMS if word in done.stderr]) == (code, [])
        assert done.stderr.startswith(said)


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"HOME": None}, id="no home"),
        pytest.param({"HOME": "/nowhere", "XDG_STATE_HOME": "/proc/x"}, id="no place for a log"),
        pytest.param({"LANG": "C", "LC_ALL": "C"}, id="C"),
        pytest.param(
            {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="really ASCII"
        ),
        pytest.param({"PYTHONIOENCODING": "ascii"}, id="ASCII output"),
        pytest.param({"PYTHONIOENCODING": "utf-16"}, id="UTF-16 output"),
        pytest.param({"PYTHONIOENCODING": "utf-8:strict"}, id="strict output"),
    ],
)
def test_an_environment(folder: Path, variables: dict[str, str | None]) -> None:
    env = {k: v for k, v in {**os.environ, **variables}.items() if v is not None}
    tree = small.tree(folder / "gr\u00fcn")
    (tree / "src/more.py").write_text("\u6811 = 1\n", "utf-8")
    command = [str(INSTALLED), "status", "--pack", str(folder / "pack")]
    for words in ([*command, str(tree)], [*command, "--json", str(tree)], [*command, "\udcff"]):
        done = subprocess.run(words, capture_output=True, env=env, check=False)
        output = (done.stdout + done.stderr).decode("utf-8")
        assert [word for word in ALARMS if word in output] == []
        assert done.returncode == (4 if words[-1] == "\udcff" else 1)


@pytest.mark.parametrize("columns", ["0", "1", "-5", "99999999999", "\u00b2", "abc", ""])
def test_a_width_that_is_none(columns: str, folder: Path) -> None:
    command = ("status", "--pack", folder / "pack", folder / "tree")
    code, written = screen(*command, COLUMNS=columns, LINES=columns)
    assert code == 1
    assert b"set A to two" in written
    assert b"Traceback" not in written


@pytest.mark.parametrize("name", ["dumb", "unknown", "nonsense", ""])
def test_a_terminal_of_any_name(name: str, folder: Path) -> None:
    code, written = screen("diff", "--pack", folder / "pack", folder / "tree", TERM=name)
    assert code == 0
    assert (b"\x1b[" in written) == (name not in ("dumb", "unknown"))


def test_as_many_arguments_as_the_system_takes(folder: Path) -> None:
    words = [word for number in range(20_000) for word in ("--skip", f"no-{number}")]
    done = process(INSTALLED, "status", "--from-file", os.devnull, *words[:2], cwd=folder)
    assert done.returncode == 2
    done = process(INSTALLED, "apply", "--dry-run", *words, "tree", cwd=folder)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("--skip: no rule 'no-0' in pack documented")
