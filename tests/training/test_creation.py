"""`effpatch stack create`, up to what takes its time; `.ci/run` makes a whole stack."""

import fcntl
import json
import os
import shutil
import sys
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest
from click.testing import Result

from patcher.errors import NoRoom, PatchError, StepFailed, Unreachable
from patcher.training import failure, log, processes
from patcher.training.recipe import Recipe, commands, environment
from tests.commands import run
from tests.training.test_stack import python_at

MARKER = "effpatch-stack.json"
INFO = "habana_tensorflow-1.0.dist-info"
WHEEL = {
    "habana_frameworks/tensorflow/__init__.py": "def load_habana_module(): ...",
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: habana-tensorflow\nVersion: 1.0\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/RECORD": "",
}


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, with a compiler and `make` that are only looked for."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("c++", "make"):
        (folder / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CXX", raising=False)
    return folder


def refused(result: Result, *parts: str) -> None:
    """The command ends with one sentence that has these parts."""
    assert (result.exit_code, result.stdout) == (4, "")
    sentence = result.stderr.splitlines()[-1]
    assert all(part in sentence for part in parts), sentence


def unfinished(folder: Path, **members: object) -> Path:
    folder.mkdir()
    marker = {"packages": Recipe(folder, "python").packages, "finished": False, **members}
    (folder / MARKER).write_text(json.dumps(marker))
    return folder


def test_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    for place in (tmp_path, tmp_path / "mine"):
        for force in ([], ["--force"]):
            done = run("stack", "create", place, *force)
            refused(done, f"{place}: is there and no stack that effpatch has made")
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_one_that_was_never_finished_is_said(tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "stack")
    refused(run("stack", "create", folder), "never finished, expected a whole stack", "--force")


def test_one_that_is_being_made_is_left_alone(tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "stack")
    with (folder / MARKER).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for force in ([], ["--force"]):
            done = run("stack", "create", folder, *force)
            refused(done, f"{folder}: in use by another `effpatch stack create`, expected it alone")
    assert [each.name for each in folder.iterdir()] == [MARKER]


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"finished": True, "packages": ["tensorflow-cpu==2.5.3"]}, "a stack of other packages"),
        ({"finished": True}, "a stack whose Python does not run"),
    ],
)
def test_one_that_is_not_as_wanted_is_said(
    members: dict[str, object], found: str, tmp_path: Path
) -> None:
    refused(run("stack", "create", unfinished(tmp_path / "stack", **members)), found)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{"])
def test_a_broken_marker_is_said(text: str, tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "stack")
    (folder / MARKER).write_text(text)
    refused(run("stack", "create", folder), "a stack whose marker is broken")


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("echo 3.12", "is Python 3.12, expected Python 3.9 to 3.11, for TensorFlow 2.15.1"),
        (
            "echo \"ModuleNotFoundError: No module named 'ensurepip'\" >&2; exit 1",
            "cannot make environments (ModuleNotFoundError: No module named 'ensurepip')",
        ),
    ],
)
def test_another_python_is_refused(script: str, found: str, tmp_path: Path) -> None:
    python = python_at(tmp_path / "other", script) / "bin" / "python"
    done = run("stack", "create", tmp_path / "stack", "--python", python)
    refused(done, f"{python}: {found}", "name another with --python")
    assert not (tmp_path / "stack").exists()


def test_a_python_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = run("stack", "create", tmp_path / "stack", "--python", "python-of-mine")
    refused(done, "python-of-mine: no such file or directory, expected Python 3.9 to 3.11")


@pytest.mark.parametrize(
    ("missing", "variables", "found"),
    [
        ("c++", {}, "PATH: no C++ compiler, expected one to build Horovod; install g++"),
        ("make", {}, "PATH: no make, expected it to build Horovod; install make"),
        ("", {"CXX": "mine -O2"}, "CXX=mine -O2: no such program, expected one to build Horovod"),
    ],
)
def test_a_missing_tool_is_said(
    missing: str,
    variables: dict[str, str],
    found: str,
    tools: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if missing:
        (tools / missing).unlink()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    refused(run("stack", "create", tmp_path / "stack"), found)
    assert not (tmp_path / "stack").exists()


@pytest.mark.usefixtures("tools")
def test_a_full_disk_is_said_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No disk can be filled here: what is free is made up."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**10, 10**10, 10**8))
    done = run("stack", "create", tmp_path / "new" / "stack")
    refused(done, "0.1 GB free, expected about 3 GB; make room")


@pytest.mark.usefixtures("tools")
def test_what_fails_is_not_taken_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens at the port where the package index is said to be."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    folder = tmp_path / "stack"
    done = run("stack", "create", folder)
    reason = "the package index cannot be reached (Failed to establish a new connection)"
    refused(done, "what Horovod is built with: ", reason, f"log in {folder}/effpatch-stack.log")
    assert done.stderr.startswith("virtual environment: ")
    refused(run("stack", "create", folder), "never finished")


@pytest.mark.parametrize(
    ("said", "error", "reason"),
    [
        ("ERROR: [Errno 28] No space left on device\n", NoRoom, "the disk is full (Horovod)"),
        ("WARNING: Retrying\n... Connection refused'))\nERROR: none\n", Unreachable, "refused"),
        ("CMake Error at x: no\n  more\n", StepFailed, "(CMake Error at x: no)"),
        ("  error: one\nERROR: Failed building wheel\n\nhint\n", StepFailed, "(ERROR: Failed"),
        ("it went wrong\n\n", StepFailed, "(it went wrong)"),
        ("", StepFailed, "(it said nothing)"),
    ],
)
def test_a_reason_is_found_in_the_log(
    said: str, error: type[PatchError], reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "log"
    file.write_text(f"== TensorFlow: pip\nConnection refused\n== Horovod: pip x\n{said}")
    found = failure.of("Horovod", file)
    assert type(found) is error
    assert reason in str(found)


def test_a_good_one_is_left_alone(stack: Path, tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "stack", finished=True)
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / name).symlink_to(stack / name)
    for force in ([], ["--force"]):
        done = run("stack", "create", folder, *force)
        assert (done.exit_code, done.stderr) == (0, "")
        assert "already there, TensorFlow 2.15.1 and Horovod 0.28.1" in done.stdout


def test_one_without_horovod_is_not_whole(tmp_path: Path) -> None:
    """A package with estimators stands in for TensorFlow."""
    folder = unfinished(tmp_path / "stack", finished=True)
    (folder / "tensorflow").mkdir()
    code = "__version__ = '2.15.1'\nclass compat:\n    class v1:\n        estimator = None\n"
    (folder / "tensorflow" / "__init__.py").write_text(code)
    info = folder / "tensorflow_estimator-2.15.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: tensorflow-estimator\nVersion: 2.15.0\n")
    python_at(folder, f'PYTHONPATH={folder} exec {sys.executable} -S "$@"')
    refused(run("stack", "create", folder), "horovod: no module horovod, expected a whole stack")


def test_hpu_and_its_index_go_together(tmp_path: Path) -> None:
    for words in (["--hpu"], ["--index-url", "file:///nowhere"]):
        assert run("stack", "create", tmp_path / "stack", *words).exit_code == 2


def test_habana_comes_from_its_own_index(tmp_path: Path) -> None:
    """The vendor's index cannot be had here: a folder with a wheel of that name stands in."""
    page = tmp_path / "simple" / "habana-tensorflow" / "index.html"
    page.parent.mkdir(parents=True)
    wheel = "habana_tensorflow-1.0-py3-none-any.whl"
    page.write_text(f'<a href="{wheel}">{wheel}</a>')
    with zipfile.ZipFile(page.with_name(wheel), "w") as file:
        for path, text in WHEEL.items():
            file.writestr(path, text)
    recipe = Recipe(tmp_path / "stack", sys.executable, (tmp_path / "simple").as_uri())
    steps = dict(commands(recipe))
    recipe.temporary.mkdir(parents=True)
    with log.opened(tmp_path / "log") as told:
        for title in ("virtual environment", "Habana's library"):
            done = processes.run(steps[title], environment(recipe), told)
            assert done == 0, (tmp_path / "log").read_text()
    found = json.loads(run("stack", "check", recipe.folder, "--json").stdout)
    assert found["habana"] == {"version": "1.0", "problem": None}
    assert {"habana-tensorflow", "tensorflow-cpu==2.15.1"} < set(steps["what it needs"])
