"""The entry point: what holds where the command line cannot even be loaded."""

import sys
from pathlib import Path

import pytest

from tests.commands import process

BROKEN = """
import sys
class Finder:
    def find_spec(self, name, *_):
        if name == {name!r}: raise {error}
sys.meta_path.insert(0, Finder())
from patcher.__main__ import main; main()
"""


@pytest.mark.parametrize(
    "name", ["click", "patcher.cli.main", "patcher.cli.rules", "patcher.model"]
)
@pytest.mark.parametrize(
    "error", ["ImportError('\\x1b[8m')", "SyntaxError('no')", "OSError(5, 'x')"]
)
def test_what_cannot_be_loaded_is_a_sentence(name: str, error: str, tmp_path: Path) -> None:
    code = BROKEN.format(name=name, error=error)
    done = process(sys.executable, "-c", code, "rules", cwd=tmp_path)
    assert done.returncode in (4, 70)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    assert done.stderr.startswith("effpatch")
    assert done.stderr.rstrip("\n").isprintable()


def test_an_error_in_a_destructor_or_a_thread_is_no_traceback(state_home: Path) -> None:
    code = "import threading, patcher.cli.main as m\nclass Bad:\n def __del__(self): 1 / 0\n"
    code += "def work(self, *_):\n Bad()\n t = threading.Thread(target=lambda: [][1])\n"
    code += " t.start(); t.join(); print('done')\n"
    code += "m.Commands.invoke = work\nfrom patcher.__main__ import main; main()"
    done = process(sys.executable, "-c", code, "rules")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (0, "done\n", 1)
    assert "unexpected IndexError: list index out of range; please report this" in done.stderr


def test_a_warning_about_a_quote_is_not_shown(tmp_path: Path) -> None:
    code = "import warnings, patcher.cli.main as m\n"
    code += "m.Commands.invoke = lambda *_: warnings.warn('odd', SyntaxWarning)\n"
    code += "from patcher.__main__ import main; main()"
    assert process(sys.executable, "-c", code, "rules").stderr == ""
    assert "odd" in process(sys.executable, "-Wdefault", "-c", code, "rules").stderr
