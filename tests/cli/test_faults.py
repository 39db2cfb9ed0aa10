"""A failure in one tree is reported for that tree, and the others are still worked on."""

import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import pytest

from patcher.cli.trees import worst_exit_code
from patcher.errors import TreeError
from patcher.resources import VENDOR, __version__
from tests import receipts, small
from tests.commands import INSTALLED, process, run

UTILS = "efficientdet/utils.py"


def _nest(depth: int) -> int:
    return _nest(depth + 1)


def _work(place: Path, fault: str) -> int:
    """Print a row for a tree; for the one called `bad`, end in some way instead."""
    if place.name != "bad":
        print(f"{place}: done")
        return 0
    match fault:
        case "RecursionError":
            return _nest(0)
        case "MemoryError":
            return len(bytearray(1 << 62))
        case "AssertionError":
            raise AssertionError("so much for that")
        case "SystemExit":
            raise SystemExit("as if it were a script")
        case "UnicodeEncodeError":
            print("\udcff".encode())
        case "BrokenPipeError":
            raise BrokenPipeError(32, "Broken pipe")
        case "Exit":
            raise click.exceptions.Exit(0)
    raise GeneratorExit


_FAULTS = [
    "RecursionError",
    "MemoryError",
    "AssertionError",
    "SystemExit",
    "UnicodeEncodeError",
    "BrokenPipeError",
    "Exit",
    "GeneratorExit",
]


@pytest.mark.parametrize("fault", _FAULTS)
def test_an_unforeseen_error_is_the_row_of_its_tree(
    fault: str, state_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = worst_exit_code(partial(_work, fault=fault), [Path("one"), Path("bad"), Path("two")])
    said = capsys.readouterr()
    assert said.out == "one: done\ntwo: done\n"
    assert code == 70
    assert said.err.startswith(f"bad: effpatch {__version__}: unexpected {fault}")
    assert said.err.count("\n") == 1
    log = Path(said.err.rstrip().rpartition(" ")[2])
    assert log.parent == state_home / "effpatch"
    assert f"\n{fault}" in log.read_text("utf-8").replace("click.exceptions.", "")


def test_an_exit_in_the_work_on_a_sole_tree_is_unforeseen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert worst_exit_code(partial(_work, fault="SystemExit"), [Path("bad")]) == 70
    assert "unexpected SystemExit: as if it were a script; please" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(OSError(28, "No space left"), "x/bad: no space left; ", id="no file"),
        pytest.param(OSError(5, "I/O error", "f.py"), "x/bad: f.py: i/o error; ", id="a file"),
        pytest.param(PermissionError(13, "Denied"), "x/bad: denied; ", id="permission"),
    ],
)
def test_what_the_system_refuses_is_about_the_tree(
    error: OSError, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    places = [Path("one"), Path("x/bad")]
    assert worst_exit_code(partial(_raise, error=error), places) == 4
    found = capsys.readouterr()
    assert (found.out, found.err.count("\n")) == ("one: done\n", 1)
    assert found.err.startswith(said)


def _raise(place: Path, error: OSError) -> int:
    if place.name == "bad":
        raise error
    print(f"{place}: done")
    return 0


def _refuse(place: Path) -> int:
    raise TreeError(str(place), "no use")


def test_each_worker_has_its_own_error(capsys: pytest.CaptureFixture[str]) -> None:
    places = [Path(name) for name in ("a", "x/bad", "b", "y/bad")]
    assert worst_exit_code(partial(_work, fault="AssertionError"), places) == 70
    said = capsys.readouterr()
    assert said.out == "a: done\nb: done\n"
    first, second = said.err.splitlines()
    assert first.startswith("x/bad: effpatch ")
    assert second.startswith("y/bad: effpatch ")
    assert first.rpartition(" ")[2] != second.rpartition(" ")[2]


def test_an_error_that_was_foreseen_has_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert worst_exit_code(_refuse, [Path("bad"), Path("x/bad")]) == 4
    assert capsys.readouterr().err == "bad: no use\nx/bad: no use\n"


@pytest.mark.parametrize("encoding", ["ascii:strict", "latin-1:strict", "utf-8:strict"])
@pytest.mark.parametrize("name", ["gr\u00fcn", "\u6811", "b\udcffd"])
def test_a_name_that_the_terminal_cannot_show_hides_no_row(
    encoding: str, name: str, tmp_path: Path
) -> None:
    trees = [small.tree(tmp_path / each) for each in ("one", name, "two")]
    pack = small.pack(tmp_path / "small")
    (trees[1] / "src/app.py").write_text("def\n")
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    done = process(INSTALLED, "status", *pack, *trees, env=env, errors="replace")
    assert done.returncode == 4
    assert [line.endswith("one: 3 pending") for line in done.stdout.splitlines()] == [True, False]
    assert done.stdout.endswith("two: 3 pending\n")
    assert "not valid Python" in done.stderr


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _circle(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def _nothing(file: Path) -> None:
    file.write_bytes(bytes(2000))


def _long(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"x = 1\n" * 100_000)


def _brackets(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"x = " + b"[" * 20_000 + b"]" * 20_000 + b"\n")


def _signs(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"x = " + b"-" * 20_000 + b"1\n")


_LOOP = "symlink loop" if sys.version_info < (3, 13) else "too many levels of symbolic links"
_HOSTILE = {
    "a pipe": (_pipe, "cannot be read (not a regular file)"),
    "a folder": (_folder, "cannot be read (not a regular file)"),
    "a circle of links": (_circle, f"cannot be read ({_LOOP}"),
    "bytes of zero": (_nothing, "not valid Python"),
    "600 kB of statements": (_long, "takes 300 MB to parse, expected at most 250"),
    "deep brackets": (_brackets, "not valid Python (too many nested parentheses)"),
    "many signs": (_signs, "not valid Python (nested too deeply)"),
}


@pytest.mark.parametrize("command", ["status", "apply", "diff", "verify"])
@pytest.mark.parametrize("what", _HOSTILE)
def test_a_file_of_no_use_is_a_sentence(command: str, what: str, miniature: Path) -> None:
    spoil, sentence = _HOSTILE[what]
    spoil(miniature / UTILS)
    result = run(command, miniature)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert result.stderr.startswith(UTILS)
    assert sentence in result.stderr


@pytest.mark.parametrize("command", ["status", "apply"])
def test_files_of_no_use_leave_the_other_trees_alone(command: str, tmp_path: Path) -> None:
    trees = {name: tmp_path / name.replace(" ", "-") for name in ["first", *_HOSTILE, "last"]}
    for name, place in trees.items():
        shutil.copytree(VENDOR / "miniature", place)
        if name in _HOSTILE:
            _HOSTILE[name][0](place / UTILS)
    result = run(command, *trees.values())
    assert result.exit_code == 4
    places = [line.partition(": ")[0] for line in result.stdout.splitlines()]
    assert places == [str(trees["first"]), str(trees["last"])]
    errors = dict(line.split(": ", 1) for line in result.stderr.splitlines())
    assert list(errors) == [str(trees[name]) for name in _HOSTILE]
    for name, (_, sentence) in _HOSTILE.items():
        assert sentence in errors[str(trees[name])]


@pytest.mark.parametrize("command", ["status", "apply"])
def test_a_file_that_must_not_be_read_leaves_the_other_trees_alone(
    command: str, tmp_path: Path
) -> None:
    trees = [small.tree(tmp_path / name) for name in ("one", "bad", "two")]
    pack = small.pack(tmp_path / "small")
    (trees[1] / "src/app.py").chmod(0)
    # Root reads everything unless it gives up the capability.
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root reads every file, and setpriv is not there to give that up")
    prefix = drop if os.geteuid() == 0 else []
    done = process(*prefix, INSTALLED, command, *pack, *trees)
    assert (done.returncode, done.stdout.count("\n"), done.stderr.count("\n")) == (4, 2, 1)
    assert done.stderr.startswith(f"{trees[1]}: src/app.py: cannot be read (permission denied)")


@pytest.mark.parametrize("spoil", [_pipe, _folder, _circle])
@pytest.mark.parametrize("command", ["status", "apply", "verify", "revert"])
def test_a_receipt_of_no_use_is_a_sentence(
    command: str, spoil: Callable[[Path], None], miniature: Path
) -> None:
    run("apply", miniature)
    spoil(receipts.place(miniature))
    result = run(command, miniature)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert result.stderr.startswith(f"{receipts.place(miniature)}: cannot be read")


@pytest.mark.parametrize("spoil", [_pipe, _folder, _circle])
def test_what_no_rule_names_does_not_matter(spoil: Callable[[Path], None], miniature: Path) -> None:
    file = miniature / "efficientdet" / "more.py"
    file.touch()
    spoil(file)
    assert run("apply", miniature).exit_code == 0
    assert run("verify", miniature).exit_code == 0
