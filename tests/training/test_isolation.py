"""Nothing that lies in the current folder is run, as a module or as a program."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from patcher.training import processes
from patcher.training.graph_run import measure
from patcher.training.isolation import find_program, launcher_command, program_command
from patcher.training.recipe import Recipe
from patcher.training.stack import find_python, installed
from tests.commands import run
from tests.stacks import makes_stacks
from tests.training.conftest import trained
from tests.training.test_stack import python_at


def ran(witness: Path) -> str:
    """What of the current folder ran."""
    return witness.read_text() if witness.exists() else ""


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        pytest.param({"PYTHONPATH": ""}, ["-m", "json.tool", "-h"], id="-m"),
        pytest.param({"PYTHONPATH": ""}, ["-c", "import json"], id="-c"),
        pytest.param({}, ["../tiny/bin/horovodrun"], id="PYTHONPATH"),
    ],
)
def test_the_traps_work(
    variables: dict[str, str], words: list[str], witness: Path, tiny: Path
) -> None:
    """Without isolation, modules and programs of the current folder run."""
    python = tiny / "bin" / "python"
    subprocess.run([python, *words], env={**os.environ, **variables}, capture_output=True)
    assert ".py" in ran(witness)
    subprocess.run(["cmake"], check=False)
    assert "cmake" in ran(witness)


def test_a_stack_is_inspected_without_it(witness: Path, tiny: Path) -> None:
    assert run("stack", "check", tiny).exit_code == 4
    assert installed(tiny / "bin" / "python", "six", "numpy").missing == ["six", "numpy"]
    assert ran(witness) == ""


@pytest.mark.parametrize(
    "options",
    [
        pytest.param((), id="one worker"),
        pytest.param(("--np", "2"), id="a launcher that starts Pythons"),
        pytest.param(("--hosts", "localhost:2"), id="hosts"),
    ],
)
def test_training_runs_without_it(
    options: tuple[str, ...], witness: Path, tiny: Path, recorded: Path
) -> None:
    trained(recorded, tiny, *options)
    assert ran(witness) == ""


@pytest.mark.parametrize("options", [(), ("--np", "2")], ids=["alone", "launched"])
def test_the_program_has_its_own_folder_and_the_runtime_on_its_path(
    options: tuple[str, ...], witness: Path, tiny: Path, recorded: Path
) -> None:
    """As with `python main.py` and a PYTHONPATH; its paths are relative to the user's folder."""
    record = json.loads(trained(recorded, tiny, *options).read_text())
    variables, path, arguments, folder = record
    program = recorded / "efficientdet" / "main.py"
    assert path[0] == str(program.parent)
    assert path[1].endswith("habana_common")
    here = str(witness.with_name("traps"))
    assert not {"", ".", here} & set(map(os.path.normpath, path))
    assert not [name for name in variables if name.startswith("PYTHON") and here in variables[name]]
    assert (arguments[0], folder) == (str(program), here)
    assert variables["PATH"].split(os.pathsep) == [
        each for each in os.environ["PATH"].split(os.pathsep) if each.startswith("/")
    ]


def test_a_graph_is_built_without_it(
    witness: Path, tiny: Path, miniature: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as TensorFlow, for which a module stands in that notes what it is given."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    (module,) = tiny.glob("lib/python*/site-packages/tensorflow.py")
    module.write_text(
        f"import os, sys\nopen({str(tmp_path / 'note')!r}, 'w').write(str(os.environ))"
    )
    found = measure(miniature / "efficientdet" / "main.py", None, tiny / "bin" / "python", 5)
    log = Path(found.failure.rpartition("log in ")[2])
    assert "tensorflow" in log.read_text()
    log.unlink()
    assert "s3cret" not in (tmp_path / "note").read_text()
    assert ran(witness) == ""


def test_a_stack_is_made_without_it(witness: Path, tmp_path: Path) -> None:
    """As far as its first step, which starts pip as well; the rest is in `test_indexes`."""
    recipe = Recipe(tmp_path / "stack", sys.executable)
    recipe.temporary.mkdir(parents=True)
    step = next(recipe.steps())
    output: list[str] = []
    done = processes.run(step.command, step.environment, output.append, recipe.temporary)
    assert done == 0, output
    assert (recipe.folder / "bin" / "pip").exists()
    assert ran(witness) == ""


@makes_stacks
def test_programs_of_the_current_folder_are_no_programs(
    witness: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", "bin", str(tmp_path / "empty")]))
    shutil.copytree(".", "bin")
    assert find_program("python") is None
    done = run("stack", "create", tmp_path / "stack", "--python", "python")
    assert done.stderr.startswith("python: no such file or directory")
    done = run("stack", "create", tmp_path / "stack", "--python", sys.executable)
    assert "PATH: no C++ compiler" in done.stderr
    assert ran(witness) == ""


def test_a_launcher_of_the_current_folder_is_none(
    witness: Path, tiny: Path, recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tiny / "bin" / "mpirun").unlink()
    (empty := tiny / "empty").mkdir()  # without a PATH, the system's own would be looked through
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", "../traps", str(empty)]))
    result = run(
        *("train", recorded, "--stack", tiny, "--np", "2", "--launcher", "mpirun"),
        *("--", f"--training_file_pattern={sys.executable}*"),
    )
    assert f"mpirun: neither in {tiny}/bin nor on PATH" in result.stderr
    assert ran(witness) == ""


def test_a_stack_or_python_may_be_named_by_a_relative_path(
    witness: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the one meant then, and not one of that name on PATH."""
    python = Path("..", tiny.name, "bin", "python")
    assert find_python(Path("..", tiny.name)) == Path.cwd() / ".." / tiny.name / "bin" / "python"
    assert find_program(str(python)) == str(tiny / "bin" / "python")
    python_at(Path("mine"), "exit 3")
    monkeypatch.chdir("mine/bin")
    done = run("stack", "create", "stack", "--python", "./python")
    assert "./python: installed.py ended with exit code 3" in done.stderr
    assert ran(witness) == ""


@pytest.mark.parametrize(
    ("head", "isolated"),
    [
        pytest.param("#!/opt/stack/bin/python3.11\n", True, id="a Python script"),
        pytest.param("#!/usr/bin/env python3\n", True, id="by env"),
        pytest.param("#!/bin/sh\n'''exec' /a long/path/python \"$0\"\n", True, id="a long path"),
        pytest.param("#!/bin/sh\nexec python -c 1\n", False, id="a shell script"),
        pytest.param("\x7fELF", False, id="a binary"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_launcher_for_python_is_isolated(head: str, isolated: bool, tmp_path: Path) -> None:
    launcher = tmp_path / "run"
    launcher.write_text(head)
    alone = [str(launcher)]
    wanted = ["/bin/python", "-I", *alone] if isolated else alone
    assert launcher_command(Path("/bin/python"), str(launcher)) == wanted


def test_a_program_finds_modules_as_a_script_does(tmp_path: Path) -> None:
    """Next to the file that a link to it names, in the path given, and then in the library."""
    folders = [tmp_path / "program", tmp_path / "more"]
    for folder in folders:
        folder.mkdir()
        (folder / "both.py").write_text(f"print({folder.name!r})")
    (folders[1] / "json.py").write_text("print('given')")
    (folders[0] / "main.py").write_text("import both, json, sys; print(__name__, sys.argv[1:])")
    (tmp_path / "link.py").symlink_to(folders[0] / "main.py")
    command = program_command(Path(sys.executable), tmp_path / "link.py", str(folders[1]), "-x", "")
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout.split("\n")[:3] == ["program", "given", "__main__ ['-x', '']"]
