"""Running the commands, in this process and as installed, and git next to them."""

import os
import pty
import re
import subprocess
import sys
import termios
import time
from pathlib import Path

from click.testing import CliRunner, Result

from patcher.cli.main import main
from tests import json_output

INSTALLED = Path(sys.executable).with_name("effpatch")


def run(*arguments: str | Path) -> Result:
    """Run a command in this process; what it prints with --json has to be as its schema says."""
    words = [str(argument) for argument in arguments]
    result = CliRunner().invoke(main, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code != 70, result.stderr
    if "--json" in words:
        json_output.check(words, result.stdout)
    return result


def contents(tree: Path) -> dict[str, bytes]:
    """Every file of a tree, those that git and effpatch keep in it left out."""
    own = {".git", ".effpatch", ".effpatch.json"}
    files = (f for f in tree.rglob("*") if f.is_file() and not own & set(f.parts))
    return {str(file.relative_to(tree)): file.read_bytes() for file in files}


def git(tree: Path, *arguments: str) -> str:
    who = ["-c", "user.name=tester", "-c", "user.email=tester@localhost"]
    command = ["git", "-C", str(tree), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def process(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [*map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def screen(*arguments: str | Path, keys: str = "", **variables: str) -> tuple[int, bytes]:
    """The exit code of the installed command, and what it writes to a terminal of 100 columns.

    Whenever it asks for a key, the next one of `keys` is pressed.
    """
    ours, theirs = pty.openpty()
    looks = {"TERM": "xterm", "COLUMNS": "100", "LANG": "C.UTF-8", "PAGER": "cat"}
    env = {**os.environ, **looks, **variables}
    words = [str(INSTALLED), *map(str, arguments)]
    parts, left = list[bytes](), [*keys.encode()]
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as command:
        os.close(theirs)
        try:
            while part := os.read(ours, 65536):
                parts.append(part)
                asked = b"".join(parts).count(b"any key")
                if left and asked > len(keys) - len(left):
                    press(ours, left.pop(0))
        except OSError:  # how Linux says that the other side is closed
            pass
    os.close(ours)
    return command.returncode, b"".join(parts)


def press(terminal: int, key: int) -> None:
    """Press a key on a terminal once a program waits for one; what comes before is discarded."""
    while termios.tcgetattr(terminal)[3] & termios.ICANON:
        time.sleep(0.01)
    os.write(terminal, bytes([key]))


def terminal(*arguments: str | Path) -> tuple[int, list[str]]:
    """The exit code of the installed command, and the lines that it shows on a terminal."""
    code, written = screen(*arguments)
    return code, re.sub(r"\x1b\[[\d;?]*\w", "", written.decode()).splitlines()
