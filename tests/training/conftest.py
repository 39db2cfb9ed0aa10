import os
import sys
import venv
from pathlib import Path

import pytest

from tests.commands import run
from tests.runtime.conftest import workers

__all__ = ["workers"]

# Modules that a Python, pip, Horovod or a program imports early.
IMPORTED = (
    *("codecs", "contextlib", "encodings", "ensurepip", "horovod", "importlib", "io", "json"),
    *("logging", "multiprocessing", "numpy", "os", "pathlib", "pickle", "pip", "random", "re"),
    *("runpy", "selectors", "setuptools", "shutil", "signal", "sitecustomize", "site", "six"),
    *("socket", "string", "subprocess", "tempfile", "tensorflow", "threading", "types", "typing"),
    *("usercustomize", "uuid", "venv", "warnings", "zipfile"),
)
# Also where a Python that has just begun cannot open files in the usual way.
TRAP = """\
import posix
posix.write(posix.open({file!r}, posix.O_CREAT | posix.O_APPEND | posix.O_WRONLY), b"{name}.py ")
"""
# Programs that a stack or a launcher runs.
RUN = (
    *(
        "c++",
        "cmake",
        "env",
        "g++",
        "git",
        "horovodrun",
        "make",
        "mpirun",
        "orted",
        "pip",
        "python",
    ),
    *("python3", "sh", "ssh"),
)
# What a Horovod of some workers does, as far as it matters here: it starts Pythons of its own, one
# of them by `-m`, and each worker by a shell that is given all variables.
LAUNCHER = """\
import json, multiprocessing, os, shlex, subprocess, sys

def work(command):
    subprocess.run(command, shell=True, check=True)

if __name__ == "__main__":
    if record := os.environ.get("TF_RECORD"):
        with open(record + "-launcher", "w") as file:
            json.dump(dict(os.environ), file)
    subprocess.run([sys.executable, "-m", "stubtask"], check=True)
    words = sys.argv[1 + sys.argv[1:].index(sys.executable):]
    variables = " ".join(f"{name}={shlex.quote(text)}" for name, text in os.environ.items())
    command = variables + " " + shlex.join(words)
    process = multiprocessing.get_context("spawn").Process(target=work, args=(command,))
    process.start()
    process.join()
    sys.exit(process.exitcode)
"""
# At the beginning of a program: it notes what it was given, logs a step, and ends.
RECORDER = """\
import json, os, sys
with open(os.environ["TF_RECORD"], "w") as file:
    json.dump([dict(os.environ), sys.path, sys.argv, os.getcwd()], file)
print("loss = 1.5, step = 1")
sys.exit()
"""


@pytest.fixture(params=["miniature", "upstream"])
def tree(request: pytest.FixtureRequest) -> Path:
    """Each of the trees that train, a copy of a test's own."""
    copy: Path = request.getfixturevalue(request.param)
    return copy


@pytest.fixture
def ported(miniature: Path) -> Path:
    """The miniature with all edits that training on several hosts wants."""
    packs = ("documented", "tensorflow_2_15", "supplement")
    result = run("apply", miniature, *(word for name in packs for word in ("--pack", name)))
    assert result.exit_code == 0, result.output
    return miniature


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, with a compiler and `make` that are never run."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("c++", "make"):
        (folder / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CXX", raising=False)
    return folder


@pytest.fixture
def witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is made if anything of the current folder runs, which is full of traps."""
    traps, file = tmp_path / "traps", tmp_path / "witness"
    traps.mkdir()
    for name in IMPORTED:
        (traps / f"{name}.py").write_text(TRAP.format(file=str(file), name=name))
    for name in RUN:
        (traps / name).write_text(f"#!/bin/sh\necho {name} >> {file}\nexit 1\n")
        (traps / name).chmod(0o755)
    monkeypatch.chdir(traps)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"], "bin/.."]))
    for name in ("PYTHONPATH", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, f":.:{traps / '..' / 'traps'}:")
    monkeypatch.setenv("PYTHONSTARTUP", str(traps / "json.py"))
    monkeypatch.setenv("PYTHONUSERBASE", ".")
    return file


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A stack that can be launched and has modules of the right names, all of them empty."""
    folder = tmp_path / "tiny"
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in ("horovod", "stubtask", "tensorflow", "tensorflow_estimator"):
        (site / f"{name}.py").touch()
    python = folder / "bin" / "python"
    (folder / "bin" / "horovodrun").write_text(f"#!{python}\n{LAUNCHER}")
    (folder / "bin" / "mpirun").write_text('#!/bin/sh\necho "$@" > "$TF_RECORD"\nexec env\n')
    for name in ("horovodrun", "mpirun"):
        (folder / "bin" / name).chmod(0o755)
    return folder


@pytest.fixture
def recorded(miniature: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree that can be trained; its program only notes in a file what it was given."""
    run("apply", miniature, "--pack", "documented", "--pack", "tensorflow_2_15")
    program = miniature / "efficientdet" / "main.py"
    program.write_text(program.read_text("utf-8").replace("import ", f"{RECORDER}import ", 1))
    monkeypatch.setenv("TF_RECORD", str(tmp_path / "record"))
    monkeypatch.delenv("EFFPATCH_STACK", raising=False)
    return miniature


def trained(tree: Path, stack: Path, *options: str) -> Path:
    """Train a recorded tree; gives the file with the record."""
    flags = (f"--training_file_pattern={sys.executable}*", f"--model_dir={tree}/../model")
    result = run("train", tree, "--stack", stack, *options, "--", *flags)
    assert result.exit_code == 0, result.stderr + Path(f"{tree}/../model/train.log").read_text()
    return Path(os.environ["TF_RECORD"])
