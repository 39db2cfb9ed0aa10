"""What a launch runs, and what it wants first; nothing here needs TensorFlow."""

import os
import sys
from pathlib import Path

import pytest

from patcher.errors import NoLauncher
from patcher.training import flags
from patcher.training.interpreter import Interpreter
from patcher.training.launch import Launch
from tests.commands import run

PROGRAM = Path("main.py")


@pytest.fixture
def python(tmp_path: Path) -> Interpreter:
    """A Python beside which the launchers are."""
    for name in ("horovodrun", "mpirun"):
        (tmp_path / name).touch(mode=0o755)
    return Interpreter(tmp_path / "python")


def test_one_worker_needs_no_launcher() -> None:
    launch = Launch(PROGRAM, Interpreter(Path("python")), ("--mode=train",))
    assert launch.command == ["python", "main.py", "--mode=train"]


def test_several_are_started_by_a_launcher(python: Interpreter) -> None:
    folder, workers = str(python.path.parent), ["-np", "2", "-H", "a:1,b:1"]
    alone = [str(python.path), "main.py"]
    launch = Launch(PROGRAM, python, (), 2, "a:1,b:1")
    assert launch.command == [f"{folder}/horovodrun", *workers, *alone]
    launch = Launch(PROGRAM, python, (), 2, "a:1,b:1", "mpirun")
    assert launch.command[:5] == [f"{folder}/mpirun", *workers]
    assert launch.command[-2:] == alone
    assert {"PYTHONPATH", "EFFPATCH_DEVICE"} <= set(launch.command)


def test_a_missing_launcher_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoLauncher, match="no-such-run: neither in"):
        Interpreter(tmp_path / "python").launcher("no-such-run")


def test_the_runtime_comes_last(monkeypatch: pytest.MonkeyPatch, python: Interpreter) -> None:
    monkeypatch.setenv("PYTHONPATH", "/mine")
    first, last = Launch(PROGRAM, python, ()).environment["PYTHONPATH"].split(os.pathsep)
    assert first == "/mine"
    assert last.endswith("habana_common")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        pytest.param((), None, id="not given"),
        pytest.param(("--name=a", "-name=b=c"), "b=c", id="the last one counts"),
        pytest.param(("--name", "a"), "a", id="a word of its own"),
        pytest.param(("--names=a", "name=a"), None, id="another"),
        pytest.param(("--name",), "", id="without a value"),
    ],
)
def test_flags_are_read_as_absl_does(arguments: tuple[str, ...], wanted: str | None) -> None:
    assert flags.value(arguments, "name") == wanted


def test_the_last_step_follows_from_flags_and_their_defaults(miniature: Path) -> None:
    program = miniature / "efficientdet" / "main.py"
    assert flags.steps(program, (), 1) == 15 * 120000 // 64 + 1
    few = ("--num_epochs=1", "--num_examples_per_epoch=80", "--train_batch_size=4")
    assert flags.steps(program, few, 2) == 11
    assert flags.steps(program, ("--num_epochs=many",), 1) is None


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        pytest.param(("--np", "0"), 2, "0 is not in the range", id="no worker"),
        pytest.param(("--hosts", "a"), 2, "'a' is not like a:8,b:8", id="hosts without slots"),
        pytest.param(("--hosts", "-x:1"), 2, "is not like", id="an option for a host"),
        pytest.param(("--stack", "/nowhere"), 4, "/nowhere: no bin/python in it", id="no stack"),
        pytest.param(
            (), 4, f"{sys.executable}: finds no tensorflow and", id="a stack without TensorFlow"
        ),
    ],
)
def test_what_cannot_be_run_is_said(
    options: tuple[str, ...], code: int, said: str, miniature: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EFFPATCH_STACK", raising=False)
    run("apply", miniature)
    result = run("train", miniature, *options)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_tree_without_the_edits_is_refused(miniature: Path) -> None:
    result = run("train", miniature)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "and 39 more not applied, wanted all 42 documented edits" in result.stderr
    run("apply", miniature, "--skip", "main-12")
    result = run("train", miniature)
    assert result.exit_code == 4
    assert result.stderr.startswith(f"{miniature}: main-12 not applied")


def test_a_tree_that_the_rules_do_not_fit_is_refused(miniature: Path) -> None:
    run("apply", miniature)
    file = miniature / "efficientdet" / "utils.py"
    file.write_text(file.read_text().replace("horovod_enabled", "enabled"))
    result = run("train", miniature)
    assert (result.exit_code, result.stderr.split(":")[0]) == (3, "efficientdet/utils.py")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param((), "ARGS: no --training_file_pattern", id="none named"),
        pytest.param(("--training_file_pattern=/no/*",), "/no/*: no such file", id="none there"),
    ],
)
def test_without_data_nothing_starts(
    arguments: tuple[str, ...], said: str, miniature: Path, stack: Path
) -> None:
    run("apply", miniature)
    result = run("train", miniature, "--stack", stack, "--", *arguments)
    assert result.exit_code == 4
    assert result.stderr.startswith(said)


def test_a_program_that_fails_fails_the_command(
    miniature: Path, stack: Path, tmp_path: Path
) -> None:
    run("apply", miniature, "--pack", "documented", "--pack", "tensorflow_2_15")
    flags = ("--training_file_pattern=*", f"--model_dir={tmp_path / 'model'}", "--bogus=1")
    result = run("train", miniature, "--stack", stack, "--device", "cpu", "--", *flags)
    assert result.exit_code == 5
    assert "exit code 1 (FATAL Flags parsing error: Unknown command line flag" in result.stderr


def test_a_folder_that_cannot_be_made_is_said(miniature: Path, stack: Path, tmp_path: Path) -> None:
    run("apply", miniature)
    (tmp_path / "model").touch()
    flag = f"--model_dir={tmp_path / 'model'}"
    result = run("train", miniature, "--stack", stack, "--sample-data", "--", flag)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith(f"{tmp_path / 'model'}: file exists")
