"""A run of three hosts goes on where a host, a worker or the launcher is lost at a random moment.

`EFFPATCH_ATTEMPTS=10 pytest tests/training/test_restarts.py` tries each of them ten times; without
that, two are tried, once each.
"""

import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean

import psutil
import pytest

from patcher.errors import LostError, StackError, StoppedError
from patcher.training import hosts as named
from patcher.training.fitness import Fault
from patcher.training.launchers import Launch
from patcher.training.preflight import Inspection, Report
from patcher.training.program import for_workers, last_step
from patcher.training.progress import losses_in
from patcher.training.restarts import Job, Restarts
from patcher.training.session import Session
from tests.training.hosts import Host, hosts
from tests.training.test_hosts import command
from tests.training.test_interruption import wait_for
from tests.training.test_workers import add_witness

pytestmark = pytest.mark.xdist_group("hosts")
STEPS = 200
ATTEMPTS = int(os.environ.get("EFFPATCH_ATTEMPTS", "0"))
Kill = Callable[[list[Host], random.Random], str]


def kill_host(made: list[Host], chance: random.Random) -> str:
    """Take the power from a host with a worker, for good or for some seconds."""
    host = chance.choice(made[1:])
    host.power_off()
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, 20))
        host.boot()
    return host.name


def workers_of(made: list[Host]) -> list[psutil.Process]:
    """The workers on some hosts, once there is one on each but the first."""
    found: list[psutil.Process] = []

    def all_there() -> bool:
        found[:] = [each for host in made[1:] for each in host.marked("main.py", "--model_dir=")]
        return len(found) == len(made) - 1

    wait_for(all_there, 60)
    return found


def kill_worker(made: list[Host], chance: random.Random) -> str:
    worker = chance.choice(workers_of(made))
    worker.kill()
    return str(worker)


def ask_first_worker(made: list[Host], chance: random.Random) -> str:
    """As a scheduler does that wants the host for something else."""
    (first,) = (each for each in workers_of(made) if each.environ()["HOROVOD_RANK"] == "0")
    first.terminate()
    return str(first)


def kill_launcher(made: list[Host], chance: random.Random) -> str:
    workers_of(made)
    (launcher,) = (each for each in made[0].marked("horovodrun") if "-np" in each.cmdline())
    launcher.kill()
    return str(launcher)


@pytest.fixture
def four(hosts_folder: Path) -> Iterator[list[Host]]:
    """A host that launches, and three with a worker each."""
    with hosts(hosts_folder, ["login", "one", "two", "three"]) as made:
        yield made


def wait_for_a_moment(log: Path, started: subprocess.Popen[str], chance: random.Random) -> str:
    """Wait until some moment: while workers start, or after one of the steps."""
    if chance.random() < 0.2:
        wait_for(lambda: log.exists() or started.poll() is not None, 60)
        seconds = chance.uniform(1, 10)
        time.sleep(seconds)
        return f"{seconds:.1f} s after the start"
    step = chance.randrange(0, STEPS - 10)
    wait_for(
        lambda: (
            (log.exists() and max(losses_in(log), default=-1) >= step) or started.poll() is not None
        ),
        180,
    )
    return f"after step {step}"


KILLS = [kill_host, kill_worker, kill_launcher, ask_first_worker]


@pytest.mark.parametrize("attempt", range(ATTEMPTS or 1))
@pytest.mark.parametrize("kill", KILLS if ATTEMPTS else KILLS[:2])
def test_a_run_survives(
    kill: Kill,
    attempt: int,
    four: list[Host],
    ported: Path,
    stack: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed = random.randrange(10**6)
    chance, notes, folder = random.Random(seed), tmp_path / "notes", tmp_path / "model"
    log = folder / "train.log"
    notes.mkdir()
    add_witness(ported)
    words = command(
        *(ported, stack, folder, "--max-restarts", "3", "--min-np", "2"),
        *("--pass-env", "WITNESS"),
        steps=STEPS,
        hosts="one:1,two:1,three:1",
    )
    monkeypatch.setenv("WITNESS", str(notes))
    started = four[0].begin(*words)
    moment = wait_for_a_moment(log, started, chance)
    assert started.poll() is None, started.communicate()
    what = kill(four, chance)
    output, errors = started.communicate(timeout=400)
    told = f"{what} {moment}, seed {seed}\n{output}\n{errors}"
    print(told)
    assert started.returncode == 0, told
    early = " after the start" in moment  # a host may be back before it is missed
    assert early or "; restart 1 of 3 in 5 s, from " in errors, told
    assert (folder / f"model.ckpt-{STEPS}.index").exists(), told
    assert not [process for host in four if host.keeper for process in host.marked()], told
    check_parts(log.read_text(), folder)
    check_weights(notes, int(re.findall(r"first of (\d) workers", log.read_text())[-1]))


def check_parts(log: str, folder: Path) -> None:
    """Each part goes on from the checkpoint of the one before, at its step and with its loss."""
    steps = re.compile(r"(?<![\w/:])loss = ([-+.\de]+), step = (\d+)")
    before: dict[int, float] = {}
    for part in re.split(r"^effpatch: .*", log, flags=re.MULTILINE):
        found = {int(step): float(loss) for loss, step in steps.findall(part)}
        restored = re.search(rf"Restoring parameters from {folder}/model.ckpt-(\d+)", part)
        if found and restored and int(restored[1]):
            start, first = int(restored[1]), min(found)
            assert start <= first <= start + 5
            near = [before[step] for step in sorted(before, key=lambda step: abs(step - start))[:5]]
            assert 0.2 * mean(near) < found[first] < 5 * mean(near), (start, near, found)
        assert max(found, default=0) <= STEPS
        before |= found


def check_weights(notes: Path, workers: int) -> None:
    """All workers that have ended the run have the same weights."""
    assert workers in (2, 3)
    files = [notes / f"weights-{rank}" for rank in range(workers)]
    first, *others = [json.loads(file.read_text().splitlines()[-1]) for file in files]
    assert len(first) > 5
    assert all(each == first for each in others)


@pytest.mark.parametrize(
    "flags",
    [
        ("--num_epochs=1", "--num_examples_per_epoch=796", "--train_batch_size=4"),
        ("--num_epochs=300", "--num_examples_per_epoch=120000", "--train_batch_size=8"),
        ("--num_epochs=7", "--num_examples_per_epoch=1000", "--train_batch_size=3"),
        ("--mode=train_and_eval", "--num_epochs=5", "--num_examples_per_epoch=1000"),
    ],
)
@pytest.mark.parametrize(("before", "now"), [(3, 2), (64, 56), (8, 1)])
def test_fewer_workers_end_at_the_same_step(
    before: int, now: int, flags: tuple[str, ...], miniature: Path
) -> None:
    """As far as a whole number of examples in an epoch can say it."""
    program = miniature / "efficientdet" / "main.py"
    adjusted = for_workers(program, flags, before, now)
    planned, found = last_step(program, flags, before), last_step(program, adjusted, now)
    assert planned is not None
    assert found is not None
    epochs = int(flags[0].rpartition("=")[2]) if "epochs" in flags[0] else 1
    assert planned <= found <= planned + epochs / now


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """One of a worker on a host, which has saved a checkpoint."""
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-20"\n')
    launch = Launch(hosts=(named.Host("two.invalid", 1),))
    return Session(Path("main.py"), Path("python"), tmp_path, launch=launch, results=str(tmp_path))


def test_a_host_that_stays_unfit_is_named(session: Session, tmp_path: Path) -> None:
    """As what a run waits for, and as why it ends, which is not before it began."""
    clock = Fault("its clock is 90 s behind", "at most 60 s", "set it")
    row, told = Inspection(session.launch.hosts[0], faults=[clock]), list[str]()
    job = Job(session, Restarts(1), lambda: Report([row], ""))
    with pytest.raises(LostError) as ended:
        job.run(print, told.append)
    why = "training cannot start again: two.invalid: its clock is 90 s behind"
    assert told == [f"{tmp_path}: {why}; restart 1 of 1 in 5 s, from {tmp_path}/model.ckpt-20"]
    assert str(ended.value) == (
        f"{tmp_path}/train.log: {why}, expected at most 60 s; set it; the same --model_dir "
        f"continues from {tmp_path}/model.ckpt-20"
    )


def test_fewer_workers_want_a_known_last_step(session: Session) -> None:
    """Which a file of flags hides; that is said before anything starts."""
    assert session.progress.total is None
    with pytest.raises(StackError, match=r"^ARGS: it is not known at which step .* pass --num_"):
        Job(session, Restarts(1, 1), lambda: Report([], "")).place(None)
    Job(session, Restarts(1), lambda: Report([], "")).place(None)


def test_ctrl_c_while_hosts_are_looked_at_says_how_to_go_on(session: Session) -> None:
    def find() -> Report:
        signal.raise_signal(signal.SIGINT)
        return Report([], "")

    with pytest.raises(StoppedError, match=r"before it was started again; .* continues from "):
        Job(session, Restarts(1), find).run(print, print)
