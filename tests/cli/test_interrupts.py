"""Ctrl-C: one ends a command with 130, and eight of them change nothing about that."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from patcher.cli import interrupts
from patcher.cli.main import main
from patcher.report import overview
from tests import small
from tests.commands import process

ALARMS = ("Traceback", "Exception ignored", "Error in atexit", "KeyboardInterrupt")
# Says when effpatch has a say in what Ctrl-C does, which is before it loads the command line.
STARTED = """
import sys
from patcher import __main__ as entry
from patcher.cli import interrupts
heed_first = interrupts.heed_first
interrupts.heed_first = lambda: (heed_first(), print("started", file=sys.stderr, flush=True))
entry.main()
"""


def interrupted(command: list[str], pause: float, gap: float) -> tuple[int, str]:
    """The exit code and errors of a command that gets Ctrl-C eight times, as from a terminal."""
    words = [sys.executable, "-c", STARTED, *command]
    with subprocess.Popen(
        words,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stderr is not None
        program.stderr.readline()
        time.sleep(pause)
        for _ in range(8):
            os.killpg(program.pid, signal.SIGINT)
            time.sleep(gap)
        errors = program.stderr.read()
    return program.returncode, errors


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """On one tree, on many, and with an error to print."""
    folder = tmp_path_factory.mktemp("small")
    pack = small.pack(folder / "pack")
    trees = [str(small.tree(folder / f"tree-{number}")) for number in range(8)]
    return [
        ["apply", "--dry-run", *pack, trees[0]],
        ["apply", "--dry-run", *pack, *trees],
        ["status", *pack, str(folder / "nowhere")],
    ]


@pytest.mark.parametrize("seed", range(15))
def test_eight_times_ctrl_c(seed: int, commands: list[list[str]]) -> None:
    """While it is loaded, while it works, while trees are worked on, and while it prints."""
    chosen = random.Random(seed)
    pause, gap = chosen.uniform(0, 0.6), chosen.choice([0, 0.0005, 0.01])
    code, errors = interrupted(commands[seed % 3], pause, gap)
    assert [word for word in ALARMS if word in errors] == [], errors
    assert code in (0, 4, 130), errors
    assert (code == 130) == ("interrupted\n" in errors)


def test_ctrl_c_at_once_ends_a_command(commands: list[list[str]]) -> None:
    code, errors = interrupted(commands[1], pause=0, gap=0.01)
    assert (code, "interrupted\n" in errors) == (130, True)


@pytest.mark.parametrize("length", [2, 3000])
def test_ctrl_c_is_found_however_far_back_it_is(length: int) -> None:
    last: BaseException = KeyboardInterrupt()
    for _ in range(length):
        error = OSError()
        error.__context__ = last
        last = error
    assert interrupts.is_one(last)
    last.__cause__ = last
    assert interrupts.is_one(last)
    error.__context__ = None
    assert not interrupts.is_one(last)


def test_ctrl_c_while_the_command_line_is_loaded() -> None:
    code = "import os, signal, sys\nclass Finder:\n def find_spec(self, name, *_):\n"
    code += "  if name == 'click': os.kill(os.getpid(), signal.SIGINT)\n"
    code += "sys.meta_path.insert(0, Finder())\nfrom patcher.__main__ import main; main()"
    done = process(sys.executable, "-c", code, "rules")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_ctrl_c_that_became_another_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python makes a RuntimeError of one in `__set_name__`, while a class is made."""

    def fail(_: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise RuntimeError("Error calling __set_name__") from error

    monkeypatch.setattr(overview, "catalogue", fail)
    result = CliRunner().invoke(main, ["rules"])
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_of_one_that_a_destructor_lost_the_next_is_heeded() -> None:
    code = "import signal, patcher.cli.main as m\nclass Lost:\n def __del__(self):\n"
    code += "  signal.raise_signal(signal.SIGINT)\n"
    code += "def work(self, *_):\n Lost()\n print('went on', flush=True)\n"
    code += " signal.raise_signal(signal.SIGINT)\n print('no more')\nm.Commands.invoke = work\n"
    code += "from patcher.__main__ import main; main()"
    done = process(sys.executable, "-c", code, "rules")
    assert (done.returncode, done.stdout) == (130, "went on\n")
    assert done.stderr.strip() == "interrupted"


def test_ctrl_c_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    code = "import os, signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    code += "import patcher.cli.errors as e; show = e.exit_code_of_command\n"
    code += "def slow(run): os.kill(os.getpid(), signal.SIGINT); return show(run)\n"
    code += "import patcher.cli.main as m; m.exit_code_of_command = slow\n"
    code += "from patcher.__main__ import main; main()"
    done = process(sys.executable, "-c", code, "rules", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def handler() -> object:
    before = signal.getsignal(signal.SIGINT)
    yield before
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("handler")
@pytest.mark.parametrize("heed", [interrupts.heed_first, interrupts.heed_none])
def test_only_the_first_is_raised(heed: Callable[[], None]) -> None:
    raised = 0
    heed()
    for _ in range(8):
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raised += 1
    assert raised == (heed is interrupts.heed_first)
