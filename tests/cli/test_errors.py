"""Errors: one line in a pipe, the source as well on a terminal, and those that nobody foresaw."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from patcher.cli.main import main
from patcher.report import overview
from patcher.resources import __version__
from tests.commands import INSTALLED, run, terminal
from tests.counts import RULES

Rewrite = Callable[[str, str, str], Path]
USE_TPU = "flags.DEFINE_bool('use_tpu', True, "


def test_output_that_cannot_be_written(miniature: Path) -> None:
    with open("/dev/full", "w") as full:
        command = [str(INSTALLED), "status", str(miniature)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr == (
        "standard output: no space left on device, so the report is incomplete; "
        "`effpatch status` shows the state of the tree\n"
    )


def test_a_reader_may_leave_early(miniature: Path) -> None:
    line = f"{INSTALLED} status {miniature} | head -n 1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (done.stdout.split()[0], done.stderr) == ("rule", "")


def test_drift_is_one_line_in_a_pipe(miniature: Path, rewrite: Rewrite) -> None:
    file = rewrite("main.py", USE_TPU, "flags.DEFINE_bool('use_tpu', 1, ")
    line = file.read_text().split("'use_tpu'")[0].count("\n") + 1
    result = run("diff", miniature)
    assert result.exit_code == 3
    assert result.stderr == (
        f"efficientdet/main.py:{line}: main-3: default of flag 'use_tpu' is 1, expected True "
        "(`flags.DEFINE_bool('use_tpu', 1, 'Use TPUs rather than CPUs/GPUs')`); "
        "edit the line by hand, or skip the rule with --skip main-3\n"
    )


def test_drift_is_shown_in_its_source_on_a_terminal(miniature: Path, rewrite: Rewrite) -> None:
    file = rewrite("main.py", USE_TPU, "flags.DEFINE_bool('use_tpu', 1, ")
    line = file.read_text().split("'use_tpu'")[0].count("\n") + 1
    code, shown = terminal("apply", miniature)
    assert (code, shown) == (
        3,
        [
            f"efficientdet/main.py:{line}: main-3: default of flag 'use_tpu' is 1, expected True",
            f"  {line} | flags.DEFINE_bool('use_tpu', 1, 'Use TPUs rather than CPUs/GPUs')",
            f"  {' ' * len(str(line))} | {' ' * 29}^",
            "  hint: edit the line by hand, or skip the rule with --skip main-3",
            f"{miniature}: nothing was changed; --partial makes the {RULES - 1} edits that fit",
        ],
    )


def test_every_place_of_an_ambiguous_rule_is_shown(miniature: Path) -> None:
    file = miniature / "efficientdet" / "main.py"
    text = file.read_text()
    (line,) = (each for each in text.splitlines(keepends=True) if each.startswith(USE_TPU))
    file.write_text(text.replace(line, f"{line}if True:\n\t{line}"))
    first = text[: text.index(line)].count("\n") + 1
    code, shown = terminal("apply", miniature)
    assert code == 3
    margin = " " * len(str(first))
    assert shown[1:5] == [
        f"  {first} | {line.rstrip()}",
        f"  {margin} | ^ pending",
        f"  {first + 2} | \t{line.rstrip()}",
        f"  {margin} | \t^ pending",
    ]


def test_an_error_without_a_source_line_is_one_line_on_a_terminal(tmp_path: Path) -> None:
    assert terminal("status", tmp_path / "nowhere") == (
        4,
        run("status", tmp_path / "nowhere").stderr.splitlines(),
    )


def _failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Result:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(overview, "catalogue", fail)
    return CliRunner().invoke(main, ["rules"])


class _Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no word")


_UNFORESEEN = [
    (KeyError("name"), "unexpected KeyError: 'name'"),
    (ValueError("one\n\ttwo"), "unexpected ValueError: one two"),
    (AssertionError(), "unexpected AssertionError"),
    (_Mute(), "unexpected _Mute"),
]


@pytest.mark.parametrize(("error", "found"), _UNFORESEEN)
def test_an_unforeseen_error_names_its_log(
    error: Exception, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EFFPATCH_TRACEBACK", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    result = _failing(monkeypatch, error)
    (log,) = (tmp_path / "effpatch").iterdir()
    assert result.exit_code == 70
    assert result.stderr == f"effpatch {__version__}: {found}; please report this with {log}\n"
    assert type(error).__name__ in log.read_text("utf-8")


@pytest.mark.parametrize(("error", "found"), _UNFORESEEN)
def test_without_a_log_the_traceback_is_asked_for(
    error: Exception, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EFFPATCH_TRACEBACK", raising=False)
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    result = _failing(monkeypatch, error)
    step = "please report this, with the command and what it prints under EFFPATCH_TRACEBACK=1"
    assert result.exit_code == 70
    assert result.stderr == f"effpatch {__version__}: {found}; {step}\n"


def test_the_traceback_of_an_unforeseen_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EFFPATCH_TRACEBACK", "1")
    result = _failing(monkeypatch, KeyError("name"))
    lines = result.stderr.splitlines()
    assert result.exit_code == 70
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-2:] == ["KeyError: 'name'", lines[-1]]
    assert lines[-1].startswith(f"effpatch {__version__}: unexpected KeyError: 'name'; ")


def test_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _failing(monkeypatch, KeyboardInterrupt())
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_a_file_that_the_system_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _failing(monkeypatch, OSError(28, "No space left on device", "/tmp/file"))
    step = "free some space or correct its permissions, and run again"
    assert result.exit_code == 4
    assert result.stderr == f"/tmp/file: no space left on device; {step}\n"
