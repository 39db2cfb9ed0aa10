"""What a person sees of a run on a terminal: one live line, and the curve at the end."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

PROGRAM = """
    import time
    for step in range(0, 21, 5):
        print(f"INFO:tensorflow:lrn_rate = 1, loss = {2 / (step + 1)}, step = {step}, n = 1")
        print("INFO:tensorflow:global_step/sec: 10\\nINFO:tensorflow:examples/sec: 40")
        time.sleep(0.3)
"""
SHOW = """
    import sys
    from pathlib import Path
    from patcher.report import training as report
    from patcher.training.progress import Progress
    from patcher.training.session import Session

    program, folder = map(Path, sys.argv[1:])
    report.train(Session(program, Path(sys.executable), folder, progress=Progress(20)))
"""


def shown(command: list[str]) -> str:
    """All that a command prints on a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LANG": "C.UTF-8"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as program:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # on Linux: the other side is closed
                break
            if not part:
                break
            parts.append(part)
    os.close(ours)
    assert program.returncode == 0, b"".join(parts)
    return re.sub(r"\x1b\[[\d;?]*\w", "", b"".join(parts).decode())


def test_one_live_line_and_the_curve(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(dedent(PROGRAM))
    output = shown([sys.executable, "-c", dedent(SHOW), str(file), str(tmp_path)])
    assert "starting" in output
    assert "step 10 of 20, loss 0.1818, 40 examples/sec, 0:00:01 left" in output
    assert "       2 █" in output
    assert output.splitlines()[-1] == f"{tmp_path}: loss 2 at step 0, 0.09524 at step 20"
