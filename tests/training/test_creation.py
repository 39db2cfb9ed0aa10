"""`effpatch stack create`, as far as it is quick; `.ci/run` makes a whole stack."""

import errno
import fcntl
import json
import os
import shutil
import sys
import zipfile
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from patcher.training import inventory, processes
from patcher.training.creation import explain
from patcher.training.recipe import Recipe
from tests.commands import contents, run
from tests.stacks import makes_stacks
from tests.training.releases import hpu
from tests.training.test_stack import python_at

MARKER = "effpatch-stack.json"
VERSION = hpu().release.library
INFO = f"habana_tensorflow-{VERSION}.dist-info"
WHEEL = {
    "habana_frameworks/tensorflow/__init__.py": "def load_habana_module(): ...",
    f"{INFO}/METADATA": f"Metadata-Version: 2.1\nName: habana-tensorflow\nVersion: {VERSION}\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/RECORD": "",
}


def refused(result: Result, *parts: str) -> None:
    """Check that the command ends with one sentence that has these parts."""
    assert (result.exit_code, result.stdout) == (4, "")
    sentence = result.stderr.splitlines()[-1]
    assert all(part in sentence for part in parts), sentence


def unfinished(folder: Path, **members: object) -> Path:
    folder.mkdir()
    marker = {"packages": Recipe(folder, "python").packages, "finished": False, **members}
    (folder / MARKER).write_text(json.dumps(marker))
    return folder


def answer(python: str, *missing: str) -> str:
    """A shell script that answers as `installed.py` does."""
    found = {"python": python, "missing": missing, "packages": {}}
    return f"echo '{json.dumps(found)}'"


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    for place in (tmp_path, tmp_path / "mine"):
        for force in ([], ["--force"]):
            done = run("stack", "create", place, *force)
            refused(done, f"{place}: exists and is not a stack that effpatch made")
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_an_unfinished_one_is_reported(tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "stack")
    refused(
        run("stack", "create", folder), "an unfinished stack, expected a complete stack", "--force"
    )


def test_a_check_says_that_one_is_unfinished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = unfinished(tmp_path / "stack")
    again = "start over with `effpatch stack create --force`"
    refused(run("stack", "check", folder), f"{folder}: an unfinished stack; {again}")
    monkeypatch.setenv("EFFPATCH_STACK", str(folder))
    refused(run("stack", "check"), f"{folder}: an unfinished stack; {again}")
    with (folder / MARKER).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused(run("stack", "check", folder), f"{folder}: in use by another `effpatch stack crea")


@makes_stacks
def test_ctrl_c_says_that_it_is_unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As while its first step runs."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "run", interrupted)
    done = run("stack", "create", tmp_path / "stack")
    again = (
        f"{tmp_path}/stack: an unfinished stack; start over with `effpatch stack create --force`"
    )
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (130, f"interrupted; {again}")


def test_one_that_is_being_made_is_left_alone(tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "stack")
    with (folder / MARKER).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for force in ([], ["--force"]):
            done = run("stack", "create", folder, *force)
            refused(done, f"{folder}: in use by another `effpatch stack create`; wait until it")
    assert [each.name for each in folder.iterdir()] == [MARKER]


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"finished": True, "packages": ["tensorflow-cpu==2.5.3"]}, "a stack with other packages"),
        ({"finished": True}, "a stack whose Python does not run"),
    ],
)
def test_one_that_does_not_fit_the_recipe_is_reported(
    members: dict[str, object], found: str, tmp_path: Path
) -> None:
    refused(run("stack", "create", unfinished(tmp_path / "stack", **members)), found)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{"])
def test_a_broken_marker_is_reported(text: str, tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "stack")
    (folder / MARKER).write_text(text)
    refused(run("stack", "create", folder), "a stack with a broken marker")


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (
            answer("3.12"),
            "is Python 3.12, expected Python 3.9 to 3.11 with venv, for TensorFlow 2.15.1",
        ),
        (answer("3.11", "ensurepip"), "cannot make environments (no module ensurepip), expected"),
        ("echo 'no such CPU' >&2; exit 132", "exit code 132 (no such CPU), expected Python 3.9 to"),
    ],
)
def test_an_unsuitable_python_is_refused(script: str, found: str, tmp_path: Path) -> None:
    python = python_at(tmp_path / "other", script) / "bin" / "python"
    done = run("stack", "create", tmp_path / "stack", "--python", python)
    refused(done, f"{python}: ", found, "choose another with --python")
    assert not (tmp_path / "stack").exists()


def test_a_missing_python_is_reported(tmp_path: Path) -> None:
    done = run("stack", "create", tmp_path / "stack", "--python", "python-of-mine")
    refused(done, "python-of-mine: no such file or directory, expected Python 3.9 to 3.11")


@makes_stacks
@pytest.mark.parametrize(
    ("missing", "variables", "found"),
    [
        ("c++", {}, "PATH: no C++ compiler, expected one to build Horovod; install g++"),
        ("make", {}, "PATH: no make, expected one to build Horovod; install make"),
        ("", {"CXX": "mine -O2"}, "CXX=mine -O2: no such program, expected one to build Horovod"),
    ],
)
def test_a_missing_tool_is_reported(
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


@makes_stacks
@pytest.mark.usefixtures("tools")
def test_a_missing_mpi_is_reported(tmp_path: Path) -> None:
    refused(
        run("stack", "create", tmp_path / "stack", "--mpi"),
        "PATH: no mpicxx, expected one to build Horovod; install libopenmpi-dev and openmpi-bin "
        "(Debian: apt install libopenmpi-dev openmpi-bin) and run again",
    )
    assert not (tmp_path / "stack").exists()


@makes_stacks
@pytest.mark.usefixtures("tools")
def test_a_full_disk_is_reported_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No disk can be filled here: the free space is made up."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**10, 10**10, 10**8))
    done = run("stack", "create", tmp_path / "new" / "stack")
    refused(done, "0.1 GB free, expected about 3 GB; free some space")


@makes_stacks
@pytest.mark.usefixtures("tools")
def test_a_failed_one_is_reported_as_unfinished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing listens at the port that is given for the package index."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    folder = tmp_path / "stack"
    done = run("stack", "create", folder)
    reason = "the package index cannot be reached (Failed to establish a new connection)"
    refused(done, "build tools for Horovod: ", reason, f"log in {folder}/effpatch-stack.log")
    assert done.stderr.startswith("virtual environment: ")
    refused(run("stack", "create", folder), "an unfinished stack")


def finished(folder: Path, stack: Path, **members: object) -> Path:
    """A stack that is another one, under a marker of its own."""
    unfinished(folder, finished=True, **members)
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / name).symlink_to(stack / name)
    return folder


def test_a_complete_one_is_left_alone(stack: Path, tmp_path: Path) -> None:
    folder = finished(tmp_path / "stack", stack)
    for force in ([], ["--force"]):
        done = run("stack", "create", folder, *force)
        assert (done.exit_code, done.stderr) == (0, "")
        assert "already there, TensorFlow 2.15.1 and Horovod 0.28.1\n" in done.stdout


def test_one_with_mpi_is_left_alone(mpi_stack: Path, tmp_path: Path) -> None:
    """Asked for or not: it does all that one without does."""
    folder = finished(tmp_path / "stack", mpi_stack)
    for options, title in (((), "Horovod 0.28.1\n"), (("--mpi",), "Horovod 0.28.1 with MPI\n")):
        done = run("stack", "create", folder, *options)
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout.endswith(f"already there, TensorFlow 2.15.1 and {title}")


def test_one_without_horovod_is_not_complete(tmp_path: Path) -> None:
    """A package with estimators stands in for TensorFlow."""
    folder = unfinished(tmp_path / "stack", finished=True)
    (folder / "tensorflow").mkdir()
    code = "__version__ = '2.15.1'\nclass compat:\n    class v1:\n        estimator = None\n"
    (folder / "tensorflow" / "__init__.py").write_text(code)
    info = folder / "tensorflow_estimator-2.15.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: tensorflow-estimator\nVersion: 2.15.0\n")
    python_at(folder, f'shift; PYTHONPATH={folder} exec {sys.executable} -S "$@"')
    refused(run("stack", "create", folder), "horovod: no module horovod, expected a complete stack")


FAILS_LATER = f"""case "$2" in *installed.py) {answer("3.11")} ;; *) echo stopped; exit 1 ;; esac"""


@pytest.fixture
def again(tools: Path, tmp_path: Path) -> Callable[..., Result]:
    """Run `stack create --force`; it gets as far as making the virtual environment."""
    (tools / "dirname").symlink_to("/usr/bin/dirname")
    python = python_at(tmp_path / "python", FAILS_LATER) / "bin" / "python"

    def create(folder: Path, *options: str) -> Result:
        return run("stack", "create", folder, "--force", "--python", python, *options)

    return create


def failed(result: Result) -> None:
    """Check that a stack was begun, which ends with an error here."""
    assert (result.exit_code, "virtual environment: failed (stopped)" in result.stderr) == (4, True)


def test_one_without_mpi_is_not_one_with_it(
    gloo_stack: Path, again: Callable[..., Result], tools: Path, tmp_path: Path
) -> None:
    packages = Recipe(tmp_path, "python").packages
    folder = finished(tmp_path / "stack", gloo_stack, packages=packages)
    wanted = "expected a complete stack with MPI; name another, or start over with --force"
    refused(run("stack", "create", folder, "--mpi"), f"horovod: built without MPI, {wanted}")
    refused(again(folder, "--mpi"), "PATH: no mpicxx")
    assert (folder / "lib").exists()
    (tools / "mpicxx").touch(mode=0o755)
    failed(again(folder, "--mpi"))
    assert not (folder / "lib").exists()


@pytest.mark.parametrize(
    "marker",
    [
        pytest.param('{"packages": [], "finished": false}', id="as of a stack"),
        pytest.param("my own notes", id="of the user"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_not_its_own_is_set_aside_as_a_whole(
    marker: str, again: Callable[..., Result], tmp_path: Path
) -> None:
    """A file of the marker's name proves nothing; not even with a list that names all files."""
    folder = tmp_path / "stack"
    (folder / "work" / "deep").mkdir(parents=True)
    (folder / "work" / "deep" / "thesis.txt").write_text("years")
    (folder / ".hidden").symlink_to("nowhere")
    (folder / MARKER).write_text(marker)
    listed = {str(each.relative_to(folder)): [1, 1] for each in folder.rglob("*")}
    (folder / "effpatch-stack-files.json").write_text(json.dumps(listed))
    before = contents(folder)
    result = again(folder)
    failed(result)
    assert result.stdout == f"{folder}: what was there is now {folder}.1\n"
    assert contents(tmp_path / "stack.1") == before
    assert os.readlink(tmp_path / "stack.1" / ".hidden") == "nowhere"
    assert not (folder / "work").exists()


def test_what_is_next_to_it_stays(again: Callable[..., Result], tmp_path: Path) -> None:
    """Also where it has the name of what would be set aside, or leads nowhere."""
    folder = unfinished(tmp_path / "stack")
    (tmp_path / "stack.1").write_text("mine")
    (tmp_path / "stack.2").symlink_to("nowhere")
    (tmp_path / "stack.3").mkdir()
    (tmp_path / ".stack.part").mkdir()
    assert again(folder).stdout.endswith(f" is now {folder}.4\n")
    assert (tmp_path / "stack.1").read_text() == "mine"
    assert os.readlink(tmp_path / "stack.2") == "nowhere"
    assert (tmp_path / "stack.3").is_dir()
    assert (tmp_path / ".stack.part").is_dir()


def test_what_it_made_is_removed(again: Callable[..., Result], tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    failed(again(folder))
    result = again(folder)
    failed(result)
    assert result.stdout == ""
    assert sorted(each.name for each in tmp_path.glob("stack*")) == ["stack"]
    assert (folder / "effpatch-stack.log").read_text().count("== virtual environment") == 1


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda folder: (folder / "notes").touch(), id="a file more"),
        pytest.param(lambda folder: (folder / "tmp" / "notes").mkdir(), id="a folder more"),
        pytest.param(lambda folder: (folder / "a").symlink_to("b"), id="a link more"),
        pytest.param(lambda folder: (folder / "tmp" / "was").write_text("new"), id="a change"),
        pytest.param(
            lambda folder: (folder / "effpatch-stack-files.json").write_text("[]"), id="no list"
        ),
        pytest.param(
            lambda folder: (folder / "effpatch-stack-files.json").write_text('{"tmp": 1}'),
            id="a wrong list",
        ),
        pytest.param(
            lambda folder: (folder / "effpatch-stack-files.json").write_text("[" * 200_000),
            id="a deep list",
        ),
        pytest.param(
            lambda folder: (folder / "tmp" / "__pycache__").write_text("mine"),
            id="a file with the name of a folder of Python's",
        ),
    ],
)
def test_what_somebody_added_or_changed_is_kept(
    spoil: Callable[[Path], object], again: Callable[..., Result], tmp_path: Path
) -> None:
    folder = tmp_path / "stack"
    failed(again(folder))
    (folder / "tmp" / "was").write_text("old")
    inventory.write(folder)
    assert inventory.is_complete(folder)
    spoil(folder)
    before = contents(folder)
    result = again(folder)
    failed(result)
    assert result.stdout == f"{folder}: what was there is now {folder}.1\n"
    assert contents(tmp_path / "stack.1") == before


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda place: place.mkdir(), id="a folder"),
        pytest.param(lambda place: place.symlink_to("mine"), id="a link"),
        pytest.param(os.mkfifo, id="a pipe"),
    ],
)
def test_a_marker_of_another_kind_is_none(
    make: Callable[[Path], object], again: Callable[..., Result], tmp_path: Path
) -> None:
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "mine").write_text("mine")
    make(folder / MARKER)
    refused(again(folder), f"{folder}: exists and is not a stack that effpatch made")
    assert (folder / "mine").read_text() == "mine"


def test_what_cannot_be_set_aside_is_left(
    again: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where it is a mounted disk, which no test here may have."""
    folder = unfinished(tmp_path / "stack")

    def busy(self: Path, target: Path) -> Path:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(Path, "rename", busy)
    refused(again(folder), f"{folder}: cannot be set aside (device or resource busy); move it")
    assert [each.name for each in folder.iterdir()] == [MARKER]


def library_at(folder: Path, **files: str) -> str:
    """An index with a wheel in place of the vendor's library, as this Python could not use that."""
    page = folder / "simple" / "habana-tensorflow" / "index.html"
    page.parent.mkdir(parents=True)
    wheel = f"habana_tensorflow-{VERSION}-py3-none-any.whl"
    page.write_text(f'<a href="{wheel}">{wheel}</a>')
    with zipfile.ZipFile(page.with_name(wheel), "w") as file:
        for path, text in {**WHEEL, **files}.items():
            file.writestr(path, text)
    return (folder / "simple").as_uri()


def test_the_library_comes_from_an_index_of_its_own(tmp_path: Path) -> None:
    recipe = Recipe(tmp_path / "stack", sys.executable, hpu(library_at(tmp_path)))
    recipe.temporary.mkdir(parents=True)
    commands = {}
    for step in recipe.steps():
        commands[step.title], output = step.command, list[str]()
        if step.title in ("virtual environment", f"habana-tensorflow {VERSION}"):
            assert processes.run(step.command, step.environment, output.append) == 0, output
    found = json.loads(run("stack", "check", recipe.folder, "--json").stdout)
    assert found["habana"]["version"] == VERSION
    needed = commands[f"dependencies of habana-tensorflow {VERSION}"]
    framework = f"tensorflow-cpu=={hpu().release.framework[0]}"
    assert {f"habana-tensorflow=={VERSION}", framework} < set(needed)


@pytest.mark.parametrize(
    ("module", "code"),
    [
        pytest.param("", 0, id="it imports"),
        pytest.param("raise Exception('Found unsupported TF version')", 1, id="it does not"),
    ],
)
def test_the_library_has_to_import(module: str, code: int, tmp_path: Path) -> None:
    """The last step says why it does not."""
    files = {"habana_frameworks/tensorflow/__init__.py": module}
    recipe = Recipe(tmp_path / "stack", sys.executable, hpu(library_at(tmp_path, **files)))
    recipe.temporary.mkdir(parents=True)
    output: list[str] = []
    for step in recipe.steps():
        if step.title in ("virtual environment", f"habana-tensorflow {VERSION}"):
            assert processes.run(step.command, step.environment, output.append) == 0, output
    assert step.title == "import of habana_frameworks.tensorflow"
    assert processes.run(step.command, step.environment, output.append) == code
    assert ("Found unsupported" in output[-1]) == bool(code)


@pytest.mark.parametrize(
    ("options", "exit_code", "found"),
    [
        pytest.param(
            ("--hpu",),
            4,
            f"is Python 3.11, expected Python 3.10 with venv, for habana-tensorflow {VERSION}; "
            "choose another with --python",
            id="the newest",
        ),
        pytest.param(
            ("--hpu", "--release", "1.10"),
            4,
            "is Python 3.11, expected Python 3.8 or 3.10 with venv, for habana-tensorflow 1.10.0",
            id="an older one",
        ),
        pytest.param(
            ("--hpu", "--release", "1.2"),
            4,
            "--release: no habana-tensorflow of 1.2.0 on the public package index, expected one of",
            id="one that cannot be had",
        ),
        pytest.param(
            ("--hpu", "--release", "1.41"),
            2,
            "--release: no release 1.41, expected one of",
            id="an unknown one",
        ),
        pytest.param(("--release", "1.14"), 2, "--release requires --hpu", id="for CPUs"),
        pytest.param(("--index-url", "x"), 2, "--index-url requires --hpu", id="an index more"),
    ],
)
def test_a_release_that_cannot_be_made_is_refused(
    options: tuple[str, ...], exit_code: int, found: str, tmp_path: Path
) -> None:
    python = python_at(tmp_path / "other", answer("3.11")) / "bin" / "python"
    done = run("stack", "create", tmp_path / "stack", "--python", python, *options)
    assert (done.exit_code, done.stdout) == (exit_code, "")
    assert found in done.stderr
    assert not (tmp_path / "stack").exists()


def test_a_complete_stack_for_a_release_is_left_alone(stack: Path, tmp_path: Path) -> None:
    """It has the packages of a stack without the library, which are not looked at again."""
    packages = Recipe(tmp_path, "python", hpu()).packages
    folder = finished(tmp_path / "stack", stack, packages=packages)
    done = run("stack", "create", folder, "--hpu")
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"already there, TensorFlow {hpu().release.framework[0]}, Horovod 0.28.1" in done.stdout
    refused(run("stack", "create", folder), "a stack with other packages")
    refused(run("stack", "create", folder, "--hpu", "--release", "1.10"), "with other packages")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        pytest.param(
            "ERROR: [Errno 28] No space left on device\n",
            "{folder}: the disk is full (Horovod), expected about 3 GB; free some space and run "
            "again with --force",
            id="a full disk",
        ),
        pytest.param(
            "WARNING: Retrying\n... Connection refused'))\nERROR: none\n",
            "Horovod: the package index cannot be reached (Connection refused); check the network, "
            "or pip's index-url and proxy, and run again with --force; log in {folder}/log",
            id="no network",
        ),
        pytest.param("CMake Error at x: no\n  more\n", "(CMake Error at x: no)", id="CMake"),
        pytest.param(
            "  error: one\nERROR: Failed building wheel\n\nhint\n",
            "Horovod: failed (ERROR: Failed building wheel); fix the cause and run again with "
            "--force; log in {folder}/log",
            id="the last error",
        ),
        pytest.param("it went wrong\n\n", "failed (it went wrong);", id="the last line"),
        pytest.param("", "failed (no output);", id="nothing"),
    ],
)
def test_the_reason_is_found_in_the_log(output: str, sentence: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"== TensorFlow: pip\nConnection refused\n== Horovod: pip x\n{output}")
    assert sentence.format(folder=tmp_path) in str(explain("Horovod", log))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(os.mkfifo, id="a pipe"),
        pytest.param(lambda file: os.symlink("/dev/zero", file), id="zeros without end"),
    ],
)
def test_a_marker_that_is_no_file_is_none(make: Callable[[Path], object], tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    folder.mkdir()
    make(folder / MARKER)
    refused(run("stack", "create", folder), "is not a stack that effpatch made")


def test_of_a_long_log_the_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    os.truncate(log, 1 << 33)
    with log.open("ab") as file:
        file.write(b"\n== a step: command\nERROR: no such thing\n")
    assert "no such thing" in str(explain("a step", log))
