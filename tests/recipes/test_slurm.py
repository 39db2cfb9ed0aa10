"""The scripts for Slurm, as they are: a Slurm of two hosts runs them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import run
from tests.recipes.runs import flags, log, restored, saved
from tests.recipes.slurm import Slurm, slurm
from tests.recipes.test_shell import RECIPES
from tests.training.test_interruption import wait_for

SCRIPT, SRUN = RECIPES / "slurm.sbatch", RECIPES / "srun.sbatch"
STEPS, LONG = 50, 1_000_000
SMALL = ("--ntasks-per-node=1", "--time=10")


@pytest.fixture
def cluster(place: Path, hosts_folder: Path) -> Iterator[Slurm]:
    with slurm(hosts_folder, ["one", "two"]) as made:
        yield made


def printed(place: Path, job: str) -> str:
    file = place / f"effdet-{job}.log"
    return file.read_text() if file.exists() else ""


def ended(cluster: Slurm, job: str, seconds: int = 240) -> str:
    """The state in which a job ends."""
    over = {"CANCELLED", "COMPLETED", "FAILED", "NODE_FAIL", "TIMEOUT"}
    cluster.wait(job, lambda state: state["JobState"] in over, seconds)
    return cluster.state(job)["JobState"]


def queued_again(cluster: Slurm, job: str) -> None:
    """Wait until a job is queued again, and let it begin sooner than Slurm's two minutes."""
    cluster.wait(job, lambda state: (state["JobState"], state["Restarts"]) == ("PENDING", "1"), 240)
    time.sleep(10)  # steps of the first turn, which have the names of new ones, are ending
    cluster.run("scontrol", "update", f"JobId={job}", "StartTime=now", "TimeLimit=10")


@pytest.mark.long
@pytest.mark.parametrize("launcher", ["horovodrun", "mpirun"])
def test_a_job_trains_on_its_nodes(
    cluster: Slurm,
    place: Path,
    launcher: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if launcher == "mpirun":
        request.getfixturevalue("mpi_stack")
    monkeypatch.setenv("LAUNCHER", launcher)
    job = cluster.submit(SCRIPT, *SMALL, arguments=flags(STEPS))
    assert ended(cluster, job) == "COMPLETED", printed(place, job)
    assert f"at step {STEPS}" in printed(place, job)
    assert "first of 2 workers" in log(place)
    assert "started on two" in log(place)
    assert max(saved(place)) == STEPS + 1


@pytest.mark.extended
def test_a_job_continues_after_its_time_limit(cluster: Slurm, place: Path, mpi_stack: Path) -> None:
    """Slurm sends the notice 90 s before the end; no checkpoint would be saved without it."""
    job = cluster.submit(SCRIPT, "--ntasks-per-node=1", "--time=3", arguments=flags(LONG))
    queued_again(cluster, job)
    assert len(saved(place)) == 2
    first = max(saved(place))
    assert first > 0
    wait_for(lambda: log(place).partition("Restoring parameters")[2].count("step = ") > 3, 240)
    assert restored(log(place)) == [first]
    cluster.run("scancel", "--batch", "--signal=TERM", job)
    assert ended(cluster, job) == "FAILED", "as effpatch ends with 130"
    assert cluster.state(job)["ExitCode"] == "130:0"
    assert max(saved(place)) > first


@pytest.mark.extended
def test_a_job_continues_after_a_preemption(
    place: Path, cluster: Slurm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHER", "horovodrun")
    job = cluster.submit(SCRIPT, *SMALL, arguments=flags(LONG))
    wait_for(lambda: "step = 20" in log(place), 240)
    other = place / "urgent.sh"
    other.write_text("#!/bin/sh\nsleep 1\n")
    urgent = cluster.submit(other, "--partition=urgent", "--nodes=2")
    assert ended(cluster, urgent) == "COMPLETED"
    queued_again(cluster, job)
    (_, first) = saved(place)
    wait_for(lambda: restored(log(place)), 240)
    assert restored(log(place)) == [first]
    cluster.run("scancel", job)


@pytest.mark.extended
def test_a_job_continues_after_a_node_is_lost(
    cluster: Slurm, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHER", "horovodrun")
    job = cluster.submit(SCRIPT, *SMALL, arguments=flags(STEPS * 10, every=20))
    wait_for(lambda: 40 in saved(place) or printed(place, job).count("failed"), 240)
    cluster.nodes[1].power_off()
    cluster.wait(job, lambda state: state["JobState"] == "PENDING", 120)
    cluster.nodes[1].boot()
    queued_again(cluster, job)
    assert ended(cluster, job) == "COMPLETED", printed(place, job)
    assert restored(log(place))
    assert max(saved(place)) == STEPS * 10 + 1


@pytest.mark.long
def test_srun_alone_trains(cluster: Slurm, place: Path, mpi_stack: Path) -> None:
    assert run("apply", place / "automl", "--with-runtime").exit_code == 0
    job = cluster.submit(SRUN, *SMALL, arguments=flags(STEPS))
    assert ended(cluster, job) == "COMPLETED", printed(place, job)
    assert "0: " in printed(place, job)
    assert "1: " in printed(place, job)
    assert max(saved(place)) == STEPS + 1


@pytest.mark.extended
def test_a_notice_to_srun_saves_a_checkpoint(cluster: Slurm, place: Path, mpi_stack: Path) -> None:
    assert run("apply", place / "automl", "--with-runtime").exit_code == 0
    job = cluster.submit(SRUN, *SMALL, arguments=flags(LONG))
    wait_for(lambda: "step = 20" in printed(place, job), 240)
    cluster.run("scancel", "--batch", "--signal=USR1", job)
    queued_again(cluster, job)
    first = max(saved(place))
    assert first >= 20
    wait_for(lambda: restored(printed(place, job)), 240)
    assert restored(printed(place, job))[-1] == first
    cluster.run("scancel", job)
