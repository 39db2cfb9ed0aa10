"""How `hvd` stands in a process that somebody launched, or nobody, with Horovod and without."""

from pathlib import Path

import pytest

from tests.runtime.processes import Command, python, said

IMPORT = "from TensorFlow.common.horovod_helpers import hvd, hvd_init, horovod_enabled\n"
RANKS = "print(horovod_enabled(), hvd.size(), hvd.rank(), hvd.local_size(), hvd.local_rank())\n"
ALONE = "False 1 0 1 0"


@pytest.mark.parametrize(
    "environment",
    [{}, {"HOROVOD_SIZE": "1"}, {"HOROVOD_SIZE": ""}, {"OMPI_COMM_WORLD_SIZE": "1"}],
    ids=["by nobody", "by horovodrun", "nothing said", "by mpirun"],
)
def test_a_process_alone_needs_no_horovod(environment: dict[str, str]) -> None:
    assert said(python(IMPORT + RANKS, launched=environment)) == [ALONE]


def test_a_process_alone_has_started_no_horovod() -> None:
    assert said(python(f"{IMPORT}print(hvd.is_initialized())")) == ["False"]


def test_once_it_is_started_horovod_says_so(launcher: Command) -> None:
    code = f"{IMPORT}hvd_init()\nprint(hvd.is_initialized())"
    done = python(code, command=launcher)
    assert {line.rpartition(":")[2] for line in said(done)} == {"True"}


def test_the_closest_launcher_counts() -> None:
    environment = {"HOROVOD_SIZE": "1", "SLURM_STEP_NUM_TASKS": "2"}
    assert said(python(IMPORT + RANKS, launched=environment)) == [ALONE]


@pytest.mark.parametrize(
    "variable",
    [
        "HOROVOD_SIZE",
        "OMPI_COMM_WORLD_SIZE",
        "MV2_COMM_WORLD_SIZE",
        "PMI_SIZE",
        "SLURM_STEP_NUM_TASKS",
    ],
)
def test_many_workers_without_horovod_end_at_once(variable: str) -> None:
    done = python(IMPORT + RANKS, launched={variable: "4"})
    assert (done.returncode, done.stdout) == (1, "")
    assert f"this is one of 4 workers ({variable}), and Horovod is not installed" in done.stderr
    assert "pip install" in done.stderr


@pytest.mark.parametrize("asked", ["hvd.allreduce", "hvd.DistributedOptimizer", "hvd.init()"])
def test_what_only_horovod_can_do_says_what_to_install(asked: str) -> None:
    done = python(IMPORT + asked)
    assert done.returncode == 1
    name = asked.removesuffix("()")
    assert f"HorovodMissing: {name} is Horovod's, and Horovod is not installed" in done.stderr
    assert "pip install" in done.stderr


def test_starting_what_is_missing_says_what_to_install() -> None:
    done = python(IMPORT + "hvd_init()")
    assert done.returncode == 1
    assert "HorovodMissing: hvd_init() starts Horovod, and Horovod is not" in done.stderr


def test_a_stand_in_can_be_looked_at() -> None:
    code = IMPORT + "import inspect\nprint(inspect.unwrap(hvd) is hvd)"
    assert said(python(code)) == ["True"]


def test_habanas_module_is_loaded_before_horovod(stack_python: Command, tmp_path: Path) -> None:
    """An HPU cannot be had here: a package of Habana's name stands in for it."""
    package = tmp_path / "habana_frameworks" / "tensorflow"
    package.mkdir(parents=True)
    loads = """
import sys
def load_habana_module():
    print("horovod.tensorflow" in sys.modules)
"""
    (package / "__init__.py").write_text(loads)
    code = IMPORT + "import sys\nprint(hvd is sys.modules['horovod.tensorflow'])"
    done = python(
        code, tmp_path, command=stack_python, device="hpu", launched={"HOROVOD_SIZE": "2"}
    )
    assert said(done) == ["False", "True"]


def test_a_process_alone_loads_horovod_when_asked(stack_python: Command) -> None:
    code = f"""{IMPORT}
import sys
{RANKS}
print("horovod" in sys.modules)
hvd_init()
{RANKS}
print(hvd.allreduce is sys.modules["horovod.tensorflow"].allreduce, hvd.is_initialized())
"""
    done = python(code, command=stack_python)
    assert said(done) == [ALONE, "False", ALONE, "True True"]


def test_workers_that_do_not_find_each_other_say_so(gloo_stack: Path) -> None:
    """Its Horovod has no MPI: under `mpirun` each process would be alone."""
    launched = {"OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0"}
    command = (gloo_stack / "bin" / "python",)
    done = python(IMPORT + "hvd_init()", command=command, launched=launched)
    assert done.returncode == 1
    assert "one of 2 workers (OMPI_COMM_WORLD_SIZE), and Horovod finds 1" in done.stderr


def test_two_workers_are_one_training(stack: Path) -> None:
    code = f"""{IMPORT}
import sys
before = horovod_enabled()
hvd_init()
import horovod.tensorflow, tensorflow as tf
total = hvd.allreduce(tf.constant([hvd.rank() + 1.0]), op=hvd.Sum)
print("worker", hvd.rank(), before, horovod_enabled(), hvd is horovod.tensorflow, hvd.size(), *total.numpy())
"""  # noqa: E501
    launcher = (stack / "bin" / "horovodrun", "--gloo", "-np", "2", stack / "bin" / "python")
    done = python(code, command=launcher)
    lines = [line.partition(":")[2] for line in said(done) if "worker" in line]
    assert sorted(lines) == [f"worker {rank} True True True 2 3.0" for rank in range(2)]
