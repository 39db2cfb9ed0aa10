"""Nothing that a stranger has named or written commands the terminal or looks like our own line."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.errors.visible import visible
from patcher.report.training import train
from patcher.training.session import Session
from tests import small
from tests.commands import INSTALLED, git, process, run, screen

Rewrite = Callable[[str, str, str], Path]
NAMES = [
    "new\nline: 3 applied",
    "return\rspoof",
    "\x1b[31mred\x1b[8mhidden",
    "\x1b]0;title\x07",
    "\x1b]8;;http://example.org\x1b\\link",
    "\x9b31mC1\x85",
    "\x7f\x08\x08",
    "\u202egnol\u2066\u061c\u200f",
    "\u2028separated\u2029",
    "[red]markup[/red][link=http://example.org]:smile:",
    "b\udcff\udc9b31m",
]
EVIL = "\x1b[8m\u202e\x9b[red]\x07"
SHOWN = visible(EVIL)
# What rich writes: colours, moves of the cursor, and whether it is shown.
OURS = re.compile(r"\x1b\[[\d;]*m|\x1b\[\?25[lh]|\x1b\[\d*[AK]|\r")


def text_of(written: bytes) -> str:
    """What a terminal shows of what is written to it, which holds nothing else of our making."""
    text = OURS.sub("", written.decode())
    assert [each for each in text if not (each.isprintable() or each in "\n\t")] == []
    return text


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    return small.pack(tmp_path_factory.mktemp("packs") / "small")


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A tree of each of the names."""
    folder = tmp_path_factory.mktemp("trees")
    return [small.tree(folder / name) for name in NAMES]


def test_the_names_of_folders_in_a_pipe(pack: tuple[str, ...], trees: list[Path]) -> None:
    done = process(INSTALLED, "status", *pack, *trees)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [f"{visible(str(tree))}: 3 pending" for tree in trees]


def test_the_names_of_folders_on_a_terminal(pack: tuple[str, ...], trees: list[Path]) -> None:
    text = text_of(screen("status", *pack, *trees, COLUMNS="900")[1])
    assert [visible(str(tree)) in text for tree in trees] == [True] * len(trees)


def test_the_names_of_folders_in_errors(pack: tuple[str, ...], trees: list[Path]) -> None:
    places = [tree / "nowhere" for tree in trees]
    done = process(INSTALLED, "status", *pack, *places)
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (4, "")
    assert [line.partition(": no such folder")[0] for line in lines] == [
        visible(str(place)) for place in places
    ]
    for place in places[:3]:
        assert text_of(screen("status", *pack, place)[1]).startswith(f"{visible(str(place))}: no")


def test_json_is_utf_8_whatever_the_paths_are(pack: tuple[str, ...], trees: list[Path]) -> None:
    command = [str(INSTALLED), "status", "--json", *pack, *map(str, trees)]
    done = subprocess.run(command, capture_output=True, check=False)
    found = [json.loads(line)["root"] for line in done.stdout.decode("utf-8").splitlines()]
    assert [root.encode() for root in found]
    assert found == [re.sub("[\udc80-\udcff]", _byte, str(tree)) for tree in trees]
    assert text_of(done.stdout)


def _byte(found: re.Match[str]) -> str:
    return visible(found[0])


@pytest.fixture
def drifted(rewrite: Rewrite) -> Path:
    """The miniature with a line that a rule nearly fits, and that has everything in it."""
    old = "flags.DEFINE_bool('use_tpu', True, '"
    return rewrite("main.py", old, f"flags.DEFINE_bool('use_tpu', 1, '{EVIL}")


def test_a_source_line(drifted: Path, miniature: Path) -> None:
    for command in (["status"], ["diff"], ["apply"], ["status", "--explain", "main-3"]):
        done = process(INSTALLED, *command, miniature)
        assert command == ["diff"] or text_of(f"{done.stdout}{done.stderr}".encode())
        shown = text_of(screen(*command, miniature)[1])
        assert SHOWN in done.stderr + done.stdout
        assert f"'{SHOWN}" in shown


def test_the_carets_stand_below_a_source_line_with_escapes(miniature: Path) -> None:
    file = miniature / "efficientdet" / "main.py"
    text = file.read_text()
    old = "flags.DEFINE_bool('use_tpu', True, 'Use TPUs rather than CPUs/GPUs')"
    assert old in text
    new = f"flags.DEFINE_bool('use_tpu', help='{EVIL}', default=1)"
    file.write_text(text.replace(old, new))
    lines = text_of(screen("apply", miniature)[1]).splitlines()
    (line,) = (number for number, each in enumerate(lines) if " | flags.DEFINE_bool" in each)
    assert lines[line + 1].index("^") == lines[line].index("default=1") + len("default=")


def test_a_diff_is_shown_on_a_terminal_and_exact_in_a_pipe(
    pack: tuple[str, ...], tmp_path: Path
) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    content = f"A = 1  # {EVIL}\r\nB = 1\n".encode() + b"# \xff\n"
    (tree / "src/app.py").write_bytes(b"# coding: latin-1\n" + content)
    patch = subprocess.run([str(INSTALLED), "diff", *pack, str(tree)], capture_output=True).stdout
    assert b"-A = 1  # " + EVIL.encode() + b"\r\n" in patch
    shown = text_of(screen("diff", *pack, tree)[1])
    assert f"-A = 1  # {SHOWN}\\r\n" in shown
    assert " # \\xff\n" in shown
    assert "# small/app-1: set A to two\n" in text_of(screen("diff", "--by-rule", *pack, tree)[1])
    subprocess.run(["git", "-C", str(tree), "apply"], input=patch, check=True)
    assert run("status", *pack, tree).stdout.endswith("3 applied\n")


def test_a_link_that_leads_out_of_the_tree(pack: tuple[str, ...], tmp_path: Path) -> None:
    tree = small.tree(tmp_path / "tree")
    target = tmp_path / f"{EVIL}\nok"
    target.write_text("A = 1\n")
    (tree / "src/app.py").unlink()
    (tree / "src/app.py").symlink_to(target)
    result = run("status", *pack, tree)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert f"{SHOWN}\\nok" in result.stderr


def test_a_file_that_moved(pack: tuple[str, ...], tmp_path: Path) -> None:
    tree = small.tree(tmp_path / "tree")
    folder = tree / f"src/{EVIL}\nx"
    folder.mkdir()
    (tree / "src/app.py").rename(folder / "app.py")
    result = run("status", *pack, tree)
    assert text_of(f"{result.stdout}{result.stderr}".encode())
    assert f"using src/{SHOWN}\\nx/app.py instead\n" in result.stderr
    assert f"src/{SHOWN}\\nx/app.py\n" in result.stdout
    assert f"{SHOWN}\\nx/app.py" in text_of(screen("diff", "--stat", *pack, tree)[1])


def evil_pack(folder: Path) -> tuple[str, ...]:
    """The small pack, with texts of a stranger's."""
    pack = small.pack(folder)
    text = json.dumps(f"{EVIL}\nmain-1 applied").replace("\\ud", "\\\\ud").replace("\x7f", "")
    for key, file in (("title", "app"), ("why", "app"), ("heading", "tools")):
        path = folder / f"{file}.toml"
        lines = path.read_text().splitlines()
        lines = [f"{key} = {text}" if line.startswith(f"{key} = ") else line for line in lines]
        if key == "heading":
            lines.insert(0, f"{key} = {text}")
        path.write_text("\n".join(lines))
    return pack


def test_what_a_pack_says(tmp_path: Path) -> None:
    pack, tree = evil_pack(tmp_path / "small"), small.tree(tmp_path / "tree")
    document = tmp_path / "document.md"
    document.write_text(f"# {EVIL}\n\n1. Changed\n\n   ```\n   A = 1\n   ```\n\n   to {EVIL}\n")
    rows = run("rules", *pack).stdout.splitlines()
    assert [row.split()[0] for row in rows if row.startswith("  ")] == [
        "small/app-1",
        "small/app-2",
        "small/tools-1",
    ]
    for command in (
        ["rules", *pack],
        ["rules", *pack, "small/app-1"],
        ["status", *pack, tree],
        ["status", *pack, "--explain", "small/app-1", tree],
        ["diff", "--by-rule", *pack, tree],
        ["coverage", *pack, "--doc", document],
    ):
        result = run(*command)
        lines = text_of(f"{result.stdout}{result.stderr}".encode()).splitlines()
        assert [line for line in lines if line.startswith("main-1 applied")] == []
        assert SHOWN in "".join(lines)
    assert f"{SHOWN}\\nmain-1 applied" in text_of(screen("rules", *pack, "small/app-1")[1])


@pytest.mark.parametrize("line", ["[\x1b[8m\n", "[core]\n\x1b[8m\n", "[user]\nname = \x1b[8m\n"])
def test_what_git_says(line: str, pack: tuple[str, ...], tmp_path: Path) -> None:
    tree = small.tree(tmp_path / f"{EVIL}\nx", under_git=True)
    with (tree / ".git/config").open("a") as file:
        file.write(line)
    for command in (["apply", "--commit", "--branch", f"{EVIL}"], ["status"], ["verify"]):
        done = process(INSTALLED, *command, *pack, tree)
        assert done.returncode in (0, 1, 4, 5)
        assert text_of(f"{done.stdout}{done.stderr}".encode())


def test_an_author_in_latin_1(pack: tuple[str, ...], tmp_path: Path) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    with (tree / ".git/config").open("ab") as file:
        file.write(b"[user]\nname = M\xfcller\n")
    for command in (["export", "-o", tmp_path / "out"], ["apply", "--commit"], ["verify"]):
        done = process(INSTALLED, *command, *pack, tree, errors="surrogateescape")
        assert (done.returncode, done.stderr) == (0, "")
    name = subprocess.check_output(["git", "-C", str(tree), "log", "-1", "--format=%an"])
    assert "ller" in name.decode("latin-1")
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_what_training_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "program.py"
    lines = f"{EVIL}\nloss = 1, step = 5\n".encode() + b"\xff\rover\n"
    file.write_text(f"import sys; sys.stdout.buffer.write({lines!r})")
    train(Session(file, Path(sys.executable), tmp_path), raw=True)
    shown = text_of(capsys.readouterr().out.encode())
    assert shown.splitlines()[0] == SHOWN
    assert "over" in shown


def test_the_completion_of_words(tmp_path: Path) -> None:
    shutil.copytree(small.pack(tmp_path / "small")[1], tmp_path / "packs" / f"{EVIL}")
    words = f"effpatch status --pack {tmp_path}/packs/"
    more = {"_EFFPATCH_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "3"}
    assert text_of(process(INSTALLED, env={**os.environ, **more}).stdout.encode())


def test_git_has_no_say_in_a_branch_name(pack: tuple[str, ...], tmp_path: Path) -> None:
    tree = small.tree(tmp_path / "tree", under_git=True)
    git(tree, "branch", "taken\u202e")
    result = run("apply", *pack, "--commit", "--branch", "taken\u202e", tree)
    assert result.exit_code == 4
    assert "taken\\u202e" in text_of(result.stderr.encode())
