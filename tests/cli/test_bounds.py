"""Attacks by size: each ends within the limits that the kernel sets the command here."""

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import patcher
from tests.commands import process, run

MAIN = "efficientdet/main.py"
# Generous: it takes a few seconds and 300 MB. What is to fail would take minutes or gigabytes.
SECONDS, BYTES = 60, 1_500_000_000


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def limited(*arguments: str | Path) -> tuple[int, str, str]:
    """The exit code of a command under the limits, and what it prints on both outputs."""
    env = {**os.environ, "PYTHONPATH": str(Path(patcher.__file__).parents[1])}
    words = (sys.executable, "-m", "patcher", *arguments)
    done = process(*words, preexec_fn=_limits, env=env, cwd="/", timeout=10 * SECONDS)
    return done.returncode, done.stdout, done.stderr


def _many(line: str, size: int) -> str:
    return line * (size // len(line))


HARMLESS = {
    "equal lines": _many("pass\n", 63_000),
    "blank lines": _many("\n", 63_000),
    "comments": _many("# a\n", 63_000),
    "decorators": _many("@a\n", 63_000) + "def f(): pass\n",
    "imports": "".join(f"import m{n}\n" for n in range(5000)),
    "undefined names": _many("del x\n", 63_000),
    "functions": "".join(f"def f{n}(a): return a\n" for n in range(8000)),
    "a long text": '"""' + _many("text\n", 3_900_000) + '"""\n',
}
TOO_MUCH = {
    "equal lines of 4 MB": _many("x\n", 3_900_000),
    "100,000 functions": "".join(f"def f{n}(a): return a\n" for n in range(100_000)),
    "100,000 imports": "".join(f"import m{n}\n" for n in range(100_000)),
    "nested lists": _many("x = " + "[" * 90 + "]" * 90 + "\n", 60_000),
    "a row of tests": "x = a" + _many(" or a", 60_000) + "\n",
    "a chain": "x = a" + _many(".a", 60_000) + "\n",
    "an f-string": 'x = f"' + _many("{a}", 1_000_000) + '"\n',
    "a number": "x = 0x" + "f" * 1_000_000 + "\n",
    "open brackets": _many("(", 3_900_000),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_repeats_itself_is_patched_and_verified(what: str, miniature: Path) -> None:
    with (miniature / MAIN).open("a") as file:
        file.write(f"\n{HARMLESS[what]}")
    assert limited("status", miniature)[0] == 1
    assert limited("apply", miniature)[0] == 0
    code, output, errors = limited("verify", miniature)
    assert (code, errors) in ((0, ""), (5, ""))
    assert "all 7 checks hold" in output


@pytest.mark.parametrize("what", HARMLESS)
def test_what_is_added_afterwards_is_compared(what: str, miniature: Path) -> None:
    assert run("apply", miniature).exit_code == 0
    with (miniature / MAIN).open("a") as file:
        file.write(f"\n{HARMLESS[what]}")
    code, output, _ = limited("verify", miniature)
    assert code == 5
    assert "belongs to no rule" in output


@pytest.mark.parametrize("command", ["status", "verify"])
@pytest.mark.parametrize("what", TOO_MUCH)
def test_what_is_too_much_is_refused(what: str, command: str, miniature: Path) -> None:
    with (miniature / MAIN).open("a") as file:
        file.write(f"\n{TOO_MUCH[what]}")
    code, output, errors = limited(command, miniature)
    assert (code, output, errors.count("\n")) == (4, "", 1)
    assert errors.startswith(MAIN)


def test_a_file_of_a_megabyte_is_patched_though_a_rule_does_not_fit(miniature: Path) -> None:
    function = "\n\ndef work_{0}(value, other):\n" + "    value = other.work(value, [1, 2])\n" * 20
    text = (miniature / MAIN).read_text().replace("num_shards = hvd.size()", "num_shards = 1")
    text += "".join(function.format(number) for number in range(1300))
    (miniature / MAIN).write_text(text)
    assert len(text) > 1_000_000
    assert text.count("\n") > 20_000
    code, output, errors = limited("apply", miniature, "--partial")
    assert (code, errors.count("\n")) == (3, 1), errors
    assert "main-11" in errors
    assert "made 4" in output


def _zeros(file: Path) -> None:
    file.symlink_to("/dev/zero")


def _sparse(file: Path) -> None:
    file.touch()
    os.truncate(file, 1 << 40)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(os.mkfifo, "not a regular file", id="a pipe"),
        pytest.param(_zeros, "not a regular file", id="zeros without end"),
        pytest.param(_sparse, "larger than 4,000,000 bytes", id="a sparse file"),
    ],
)
def test_a_document_that_is_none(make: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    make(tmp_path / "document.md")
    code, output, errors = limited("coverage", "--doc", tmp_path / "document.md")
    assert (code, output, errors.count("\n")) == (4, "", 1)
    assert said in errors


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(os.mkfifo, "not a regular file", id="a pipe"),
        pytest.param(_zeros, "not a regular file", id="zeros without end"),
        pytest.param(_sparse, " bytes", id="a sparse file"),
    ],
)
@pytest.mark.parametrize("name", ["pack.toml", "main.toml"])
def test_a_pack_that_is_none(
    make: Callable[[Path], None], name: str, said: str, tmp_path: Path
) -> None:
    pin = f'{{repository = "https://example.org/a.git", commit = "{"0" * 40}"}}'
    settings = f'title = "A"\nsections = ["main"]\nupstream = {pin}\n'
    (tmp_path / "pack.toml").write_text(settings)
    (tmp_path / "main.toml").write_text('path = "a.py"\n')
    (tmp_path / name).unlink()
    make(tmp_path / name)
    code, output, errors = limited("rules", "--pack", tmp_path)
    assert (code, output, errors.count("\n")) == (4, "", 1)
    assert said in errors
