"""No program that effpatch starts outlives it."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from textwrap import dedent

import psutil
import pytest

from patcher.errors import WriteError
from patcher.training import processes
from patcher.training.processes import append, last_line
from patcher.training.scripts import marked

# A program that starts another, which ignores SIGTERM.
FAMILY = """
    import signal, subprocess, sys, time
    child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    started = subprocess.Popen([sys.executable, "-c", child])
    time.sleep(0.5)
    print(started.pid, flush=True)
    time.sleep(60)
"""
CALL = """
    import os, sys
    from functools import partial
    from pathlib import Path
    from patcher.training import processes
    from patcher.training.scripts import marked
    marked._GRACE = 1
    add = partial(processes.append, Path(sys.argv[1]))
    processes.run([sys.executable, "-c", sys.argv[2]], os.environ, add)
"""


def alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def family(output: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A process that runs a program, and the last of those that the program has started."""
    words = [sys.executable, "-c", dedent(CALL), str(output), dedent(FAMILY)]
    caller = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not (output.exists() and output.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    started = int(output.read_text())
    assert alive(started)
    return caller, started


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc to look into")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_end_with_it(number: signal.Signals, tmp_path: Path) -> None:
    caller, started = family(tmp_path / "output")
    caller.send_signal(number)
    assert caller.wait(20) != 0
    deadline = time.monotonic() + 5
    while alive(started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(started)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc to look into")
@pytest.mark.parametrize("gap", [0, 0.001, 0.05])
def test_all_end_however_often_it_is_asked(gap: float, tmp_path: Path) -> None:
    caller, started = family(tmp_path / "output")
    for _ in range(8):
        caller.send_signal(signal.SIGINT)
        time.sleep(gap)
    assert caller.wait(20) != 0
    assert not alive(started)


def test_what_is_logged_need_not_be_text(tmp_path: Path) -> None:
    append(tmp_path / "log", "$ train \udcff")
    assert (tmp_path / "log").read_bytes() == b"$ train \xff\n"


def test_ignored_signals_stay_ignored(tmp_path: Path) -> None:
    """As under nohup, when the terminal is closed."""
    output = tmp_path / "output"
    code = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{dedent(CALL)}"
    program = "print('started', flush=True); import time; time.sleep(3)"
    caller = subprocess.Popen([sys.executable, "-c", code, str(output), program])
    deadline = time.monotonic() + 20
    while not (output.exists() and output.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    caller.send_signal(signal.SIGHUP)
    assert caller.wait(20) == 0


def test_output_and_exit_code_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "log"
    code = "import sys; print('first'); print('last', file=sys.stderr); print(' '); sys.exit(3)"
    assert processes.run([sys.executable, "-c", code], os.environ, partial(append, file)) == 3
    assert sorted(file.read_text().split()) == ["first", "last"]
    assert last_line(file.read_text().split("\n")) in ("first", "last")
    assert last_line(["", " "]) == "no output"


def test_a_log_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    full = "/dev/full: cannot be written (no space left on device)"
    add = partial(append, Path("/dev/full"))
    with pytest.raises(WriteError, match=re.escape(full)):
        processes.run(["sh", "-c", "echo started; sleep 4322"], os.environ, add)
    assert not sleepers("4322")
    with pytest.raises(WriteError, match="is a directory"):
        append(tmp_path, "line")


def sleepers(seconds: str) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", seconds]]


def test_what_outlives_its_launcher_is_ended() -> None:
    lines: list[str] = []
    script = "setsid sleep 4321 & echo started; exit 3"
    assert processes.run(["sh", "-c", script], os.environ, lines.append) == 3
    assert lines == ["started"]
    assert not sleepers("4321")


def test_what_does_not_end_when_asked_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "_GRACE", 1)
    script = "trap '' TERM; echo started; while :; do sleep 0.1; done"

    def interrupt(_: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        processes.run(["sh", "-c", script], {**os.environ, "HERE": "marked"}, interrupt)
    assert not [p for p in psutil.process_iter(["cmdline"]) if script in (p.info["cmdline"] or [])]
