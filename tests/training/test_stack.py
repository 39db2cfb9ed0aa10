"""`effpatch stack check`: what a Python has for training."""

import json
import sys
from pathlib import Path

import pytest

from patcher.training.probes import library
from patcher.training.stack import LABELS, find_python
from tests.commands import run
from tests.stacks import has_mpi


def python_at(folder: Path, script: str) -> Path:
    """A folder whose Python is a script, in place of one that is not available here."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return folder


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A stack whose Python has only the standard library."""
    return python_at(tmp_path / "bare", f'exec {sys.executable} -S "$@"')


def test_a_python_without_tensorflow_is_refused(bare: Path) -> None:
    done = run("stack", "check", bare)
    assert done.exit_code == 4
    assert "TensorFlow             missing          no module tensorflow" in done.stdout
    assert done.stderr == (
        f"{bare}/bin/python: no TensorFlow (no module tensorflow), expected TensorFlow 2.15.1 with "
        "estimators; pass the folder of a stack, or set EFFPATCH_STACK; "
        "`effpatch stack create DIR` makes one\n"
    )


def test_json(bare: Path) -> None:
    done = run("stack", "check", bare, "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["ready"]) == (4, False)
    assert found["tensorflow"] == {"version": None, "problem": "no module tensorflow"}
    assert found["python"]["version"] == ".".join(map(str, sys.version_info[:3]))


def test_a_tensorflow_without_estimators_is_refused(bare: Path, tmp_path: Path) -> None:
    """As TensorFlow 2.16 is; a module of its name stands in for it."""
    (tmp_path / "tensorflow.py").write_text(
        "class compat:\n    v1 = None\n__version__ = '2.16.1'\n"
    )
    python_at(tmp_path / "new", f'shift; PYTHONPATH={tmp_path} exec {sys.executable} -S "$@"')
    done = run("stack", "check", tmp_path / "new")
    assert done.exit_code == 4
    assert "no estimators (TensorFlow 2.16.1 has none), expected" in done.stderr


def test_a_folder_without_a_python_is_no_stack(tmp_path: Path) -> None:
    done = run("stack", "check", tmp_path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr.startswith(
        f"{tmp_path}: no bin/python in it, expected a virtual environment"
    )


def test_a_python_that_crashes_is_reported(tmp_path: Path) -> None:
    done = run("stack", "check", python_at(tmp_path, "echo 'no such CPU' >&2; exit 132"))
    assert (done.exit_code, done.stdout) == (4, "")
    assert "bin/python: probe.py ended with exit code 132 (no such CPU); repair" in done.stderr
    pyenv = "echo 'pyenv: python3.10: command not found' >&2; exit 127"
    done = run("stack", "check", python_at(tmp_path / "shims", pyenv))
    assert "bin/python: does not run (pyenv: python3.10: command not found); re" in done.stderr


@pytest.mark.parametrize(
    ("script", "found"),
    [("exit 0", "printed nothing"), ("echo hello; echo you", "printed `hello`")],
)
def test_a_python_that_prints_something_else_is_reported(
    script: str, found: str, tmp_path: Path, miniature: Path
) -> None:
    stack = python_at(tmp_path, script)
    run("apply", miniature)
    train = ("train", miniature, "--sample-data", "--stack")
    for command, asked in ((("stack", "check"), "probe.py"), (train, "installed.py")):
        done = run(*command, stack)
        assert (done.exit_code, done.stdout) == (4, "")
        assert f"bin/python: {asked} {found}, expected JSON; repair that" in done.stderr


def test_a_variable_names_one(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EFFPATCH_STACK", str(bare))
    assert find_python(None) == bare / "bin" / "python"
    monkeypatch.delenv("EFFPATCH_STACK")
    assert find_python(None) == Path(sys.executable)


def test_a_complete_stack_is_ready(stack: Path) -> None:
    found = run("stack", "check", stack, "--json")
    parts = json.loads(found.stdout)
    assert (found.exit_code, found.stderr, parts["ready"]) == (0, "", True)
    horovod = {"version": "0.28.1", "problem": None, "frameworks": ["tensorflow"]}
    controllers = ["gloo", "mpi"] if has_mpi(stack) else ["gloo"]
    assert parts["horovod"] == {**horovod, "controllers": controllers}
    assert parts["imports"]["problem"] is None
    assert "CPU:0" in parts["devices"]["seen"]
    shown = run("stack", "check", stack).stdout
    assert f"frameworks tensorflow; controllers {', '.join(controllers)}\n" in shown
    assert shown.endswith("/bin/python: ready to train\n")


def test_a_horovod_whose_mpi_is_gone_is_reported(
    mpi_stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where MPI was uninstalled; a broken library stands in for that."""
    (tmp_path / "libmpi.so.40").write_text("none")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    found = json.loads(run("stack", "check", mpi_stack, "--json").stdout)["horovod"]
    assert found["problem"].startswith(f"{tmp_path}/libmpi.so.40: ")
    assert (found["version"], found["controllers"]) == ("0.28.1", [])


def package(folder: Path, code: str) -> Path:
    """A stack whose Python has a TensorFlow without anything, and a library of Habana's name."""
    modules = folder / "modules"
    (modules / "habana_frameworks" / "tensorflow" / "tf2_15_0").mkdir(parents=True)
    (modules / "habana_frameworks" / "tensorflow" / "__init__.py").write_text(code)
    (modules / "tensorflow").mkdir()
    (modules / "tensorflow" / "__init__.py").write_text(
        "class compat:\n    v1 = None\n"
        "class config:\n    list_physical_devices = lambda *_: []\n"
        "__version__ = '2.15.0'\n"
    )
    (modules / "tensorflow_estimator").mkdir()
    return python_at(folder / "stack", f'shift; PYTHONPATH={modules} exec {sys.executable} -S "$@"')


LOAD = "def load_habana_module(): "


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        pytest.param(f"{LOAD}...", "it sees no HPU", id="no device"),
        pytest.param(f"{LOAD}raise Exception('broken')", "Exception: broken", id="fails"),
        pytest.param("import os; os.abort()", "it ends the process that loads it", id="aborts"),
        pytest.param("import nothing_here", "no module nothing_here", id="lacks a module"),
    ],
)
@pytest.mark.parametrize("lacking", ["", "the kernel lists no HPU"])
def test_the_library_is_probed_in_a_process_of_its_own(
    code: str, problem: str, lacking: str, tmp_path: Path
) -> None:
    """The reason is that of the machine, where it has one."""
    python = package(tmp_path, code) / "bin" / "python"
    wanted = lacking if lacking and "no module" not in problem else problem
    found = {"version": None, "problem": wanted, "tensorflow": ["2.15.0"]}
    assert library(python, lacking) == found


def test_a_library_for_another_tensorflow_says_which(tmp_path: Path) -> None:
    stack = package(tmp_path, "import os; os.abort()")
    (stack.parent / "modules" / "tensorflow" / "__init__.py").write_text("__version__ = '2.15.1'\n")
    problem = library(stack / "bin" / "python", "")["problem"]
    assert problem == "made for TensorFlow 2.15.0, found 2.15.1"


def test_what_ends_its_probe_leaves_the_others(tmp_path: Path) -> None:
    stack = package(tmp_path, "...")
    abort = "import os, sys; print('no such CPU', file=sys.stderr); os.abort()\n"
    (stack.parent / "modules" / "horovod.py").write_text(abort)
    done = run("stack", "check", stack, "--json")
    found = json.loads(done.stdout)
    assert found["horovod"] == {
        "version": None,
        "problem": "its probe ended with SIGABRT (no such CPU)",
    }
    assert found["tensorflow"]["version"] == "2.15.0"
    assert [*found][2:-1] == [*LABELS]
