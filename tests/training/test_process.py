"""No program that effpatch starts outlives it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pytest

from patcher.training import process

# A program that starts another, which heeds no SIGTERM.
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
    from patcher.training import process
    with open(sys.argv[1], "wb") as file:
        process.run([sys.executable, "-c", sys.argv[2]], file, os.environ)
"""


def alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc to look into")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_end_with_it(number: signal.Signals, tmp_path: Path) -> None:
    output = tmp_path / "output"
    words = [sys.executable, "-c", dedent(CALL), str(output), dedent(FAMILY)]
    caller = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not (output.exists() and output.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    started = int(output.read_text())
    assert alive(started)
    caller.send_signal(number)
    assert caller.wait(20) != 0
    deadline = time.monotonic() + 5
    while alive(started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(started)


def test_what_it_says_and_ends_with_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with file.open("wb") as log:
        code = "import sys; print('first'); print('last', file=sys.stderr); print(' '); sys.exit(3)"
        assert process.run([sys.executable, "-c", code], log, os.environ) == 3
    assert process.last_line(file) in ("first", "last")
    file.write_text("\n")
    assert process.last_line(file) == "no output"
