"""Habana's own library, in the environment that EFFPATCH_HPU_STACK names.

No HPU can be had here. What needs none runs as it is; for the rest, `null_hpu.py` stands in for the
device alone. The library, the runtime's loader, placement, Horovod and the program are the real
ones. What no test here sees is what an HPU computes.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import Result

from patcher.report.training import stack_table
from patcher.training.probes import inspect, library
from tests.commands import process, run
from tests.runtime.processes import RUNTIME, Command
from tests.training.test_train import check, patch, short
from tests.training.test_workers import add_witness, differing, notes, shares

__all__ = ["notes"]

STAND_IN = Path(__file__).with_name("null_hpu.py")
LAUNCH = """\
import sys
from horovod.runner.launch import run_commandline
if __name__ == "__main__":
    sys.exit(run_commandline())
"""
NO_DRIVER = "the kernel module habanalabs is not loaded"


@pytest.fixture(scope="session")
def hpu_stack() -> Path:
    """The folder of a virtual environment with Habana's library and Horovod."""
    folder = os.environ.get("EFFPATCH_HPU_STACK")
    if not folder:
        pytest.skip("EFFPATCH_HPU_STACK names no environment with Habana's library")
    if Path("/sys/module/habanalabs").is_dir():
        pytest.skip("there may be an HPU here, and these tests are for machines without")
    return Path(folder)


@pytest.fixture(scope="session")
def null_stack(hpu_stack: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the stand-in: an environment of its own that takes all packages from there."""
    folder = tmp_path_factory.mktemp("null") / "stack"
    python = hpu_stack / "bin" / "python"
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = hpu_stack.glob("lib/python3*/site-packages")
    site = folder / packages.relative_to(hpu_stack)
    (site / "stack.pth").write_text(f"{packages}\n")
    shutil.copy(STAND_IN, site / "sitecustomize.py")
    launcher = folder / "bin" / "horovodrun"
    launcher.write_text(f"#!{folder}/bin/python\n{LAUNCH}")
    launcher.chmod(0o755)
    return folder


@pytest.fixture
def null_python(null_stack: Path) -> Command:
    return (null_stack / "bin" / "python",)


def train(tree: Path, stack: Path, *options: str, folder: Path, flags: tuple[str, ...]) -> Result:
    arguments: tuple[str | Path, ...] = (
        "--stack",
        stack,
        *options,
        "--sample-data",
        "--pass-env",
        "WITNESS",
    )
    return run("train", tree, *arguments, "--", f"--model_dir={folder}", *flags)


def test_check_says_why_the_library_cannot_be_used(
    hpu_stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would end the process that asks it for devices, which the probe of TensorFlow is not."""
    found = inspect(hpu_stack)
    library = found.parts["habana"]
    assert library["problem"] == found.parts["driver"]["problem"] == NO_DRIVER
    assert re.fullmatch(r"1\.\d+\.\d+\.\d+", library["version"])
    assert found.parts["tensorflow"]["version"] in library["tensorflow"]
    assert found.parts["horovod"]["frameworks"] == ["tensorflow"]
    assert found.parts["imports"]["problem"] is None
    assert found.problem is None
    stack_table(found)
    table = capsys.readouterr().out
    assert re.search(rf"Habana library +unusable +[\d.]+; {NO_DRIVER}\n", table)
    assert table.endswith("/bin/python: ready to train with --device cpu\n")


@pytest.mark.parametrize("hosts", [(), ("--hosts", "localhost:1,no-such-host.invalid:1")])
@pytest.mark.parametrize("device", ["hpu", "auto"])
def test_train_says_before_it_starts_that_there_is_no_hpu(
    device: str, hosts: tuple[str, ...], miniature: Path, hpu_stack: Path, tmp_path: Path
) -> None:
    patch(miniature)
    folder = tmp_path / "model"
    result = train(miniature, hpu_stack, "--device", device, *hosts, folder=folder, flags=())
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert f"cannot be used: {NO_DRIVER}, expected an HPU for --device {device}; " in result.stderr
    assert result.stderr.endswith("or pass --device cpu to train without HPUs\n")
    assert not folder.exists()


def test_the_program_trains_on_a_cpu_where_the_library_is_left_alone(
    miniature: Path, hpu_stack: Path, tmp_path: Path
) -> None:
    patch(miniature)
    result = train(
        miniature, hpu_stack, "--device", "cpu", folder=tmp_path / "model", flags=short(workers=1)
    )
    assert result.exit_code == 0, result.stderr
    assert "HPU" not in (tmp_path / "model" / "train.log").read_text().split("\n", 1)[1]


def test_the_library_wants_more_than_the_type_of_a_device(
    null_stack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given that, it loads, and ends the process that asks it for devices."""
    monkeypatch.setenv("TF_STAND_IN", "type")
    problem = library(null_stack / "bin" / "python", "")["problem"]
    assert problem.startswith("it ends the process that asks for devices: no libSynapse.so, ")


def test_the_stand_in_is_a_device_of_the_library(null_stack: Path) -> None:
    found = library(null_stack / "bin" / "python", "")
    assert (found["problem"], found["version"][:2]) == (None, "1.")


def test_the_patched_program_trains_with_the_library(
    miniature: Path,
    null_stack: Path,
    workers: int,
    null_python: Command,
    notes: Path,
    tmp_path: Path,
) -> None:
    """Each worker loads it, and has an HPU in its session, but every operation is on the CPU.

    So the device for the broadcast, `/device:HPU:0`, exists and has no kernel for it. Two workers
    hold equal weights from the broadcast on.
    """
    patch(miniature, "supplement")
    add_witness(miniature)
    folder, options = tmp_path / "model", ("--device", "hpu", "--np", str(workers))
    result = train(miniature, null_stack, *options, folder=folder, flags=short(workers))
    assert result.exit_code == 0, result.stderr + (folder / "train.log").read_text()[-3000:]
    check(folder, null_python, steps=3, batch=2)
    version = library(null_stack / "bin" / "python", "")["version"]
    assert loaded(folder) == [version.rpartition(".")[0]] * workers
    if workers > 1:
        assert devices_of(folder, "HorovodBroadcast") == {"/device:HPU:0"}
        first, *later = differing(notes)
        assert first
        assert not any(later)
        assert shares(notes)


def loaded(folder: Path) -> list[str]:
    """The versions in what the library prints when it has a device, one for each process."""
    log = (folder / "train.log").read_text()
    return re.findall(r"HPU initialization done for library version (\d+\.\d+\.\d+)_", log)


def devices_of(folder: Path, operation: str) -> set[str]:
    """The devices that operations of a type ask for, in the graph that was trained."""
    nodes = (folder / "graph.pbtxt").read_text().split("\nnode {")
    asked = (
        re.search(r'^  device: "(.*)"', each, re.MULTILINE)
        for each in nodes
        if f'op: "{operation}"' in each
    )
    return {found[1] if found else "" for found in asked}


PLACE = """
    import tensorflow.compat.v1 as tf
    from TensorFlow.common.library_loader import load_habana_module
    load_habana_module()
    tf.disable_v2_behavior()
    with tf.device(DEVICE):
        value = tf.get_variable("value", [2, 2], use_resource=RESOURCE)
        product = tf.matmul(value, value, name="product")
    config = tf.ConfigProto(allow_soft_placement=True, log_device_placement=True)
    with tf.Session(config=config) as session:
        session.run(tf.global_variables_initializer())
        session.run(product)
"""


def placed(python: Path, *, resource: bool, device: str | None = None) -> str:
    """What a session prints of the places of operations, on the library's null hardware."""
    code = PLACE.replace("RESOURCE", str(resource)).replace("DEVICE", repr(device))
    variables = {"PYTHONPATH": str(RUNTIME), "EFFPATCH_DEVICE": "hpu", "TF_STAND_IN": "null"}
    done = process(python, "-c", dedent(code), env={**os.environ, **variables})
    return done.stdout + done.stderr


def test_the_library_takes_resource_variables(null_stack: Path) -> None:
    """Legacy ones stay on the CPU with what assigns them; on an HPU they are refused."""
    python = null_stack / "bin" / "python"
    output = placed(python, resource=True)
    assert re.search(r"^value: \(VarHandleOp\): .*device:HPU:0$", output, re.MULTILINE), output
    assert re.search(r"^product: \(MatMul\): .*device:HPU:0$", output, re.MULTILINE)
    output = placed(python, resource=False)
    assert re.search(r"^value: \(VariableV2\): .*device:CPU:0$", output, re.MULTILINE), output
    assert re.search(r"^product: \(MatMul\): .*device:HPU:0$", output, re.MULTILINE)
    output = placed(python, resource=False, device="/device:HPU:0")
    assert "User shouldn't use legacy variables" in output
