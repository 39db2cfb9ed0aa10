"""Several hosts by SSH: they train one model, and when a run ends, nothing of it is left on any."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.commands import INSTALLED
from tests.stacks import has_mpi
from tests.training.hosts import Host, hosts
from tests.training.test_interruption import wait_for
from tests.training.test_train import SIZE

pytestmark = pytest.mark.xdist_group("hosts")  # three workers at a time are enough for a machine
STEPS = 50
LAUNCHERS = ("horovodrun", "mpirun")


def command(
    tree: Path,
    stack: Path,
    folder: Path,
    *options: str,
    steps: int = STEPS,
    hosts: str = "one:1,two:1",
) -> list[str]:
    """What trains a tree with a worker on each of some hosts."""
    common = ("--stack", stack, "--hosts", hosts, "--device", "cpu", "--sample-data", *options)
    examples = 4 * len(hosts.split(",")) * (steps - 1)
    flags = (SIZE, f"--model_dir={folder}", f"--num_examples_per_epoch={examples}")
    every = ("--log_every_n_steps=5", "--cp_every_n_steps=20")
    return [*map(str, (INSTALLED, "train", tree, *common, "--", *flags, *every))]


def by(launcher: str, stack: Path) -> tuple[str, ...]:
    """The options for a launcher; the test is skipped where a stack cannot be launched by it."""
    if launcher != "mpirun":
        return ()
    if not (shutil.which(launcher) and has_mpi(stack)):
        pytest.skip("there is no mpirun, or the Horovod of EFFPATCH_STACK is built without MPI")
    return ("--launcher", launcher, "--allow-run-as-root")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "model"


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_two_hosts_train_one_model(
    launcher: str, ported: Path, stack: Path, hosts_folder: Path, folder: Path
) -> None:
    options = by(launcher, stack)
    with hosts(hosts_folder, ["one", "two"]) as (first, second):
        done = first.run(*command(ported, stack, folder, *options))
        assert not [*first.marked(), *second.marked()]
    assert done.returncode == 0, done.stderr
    assert "2 hosts: ready" in done.stdout
    assert "at step 45" in done.stdout
    assert ", 2 workers on 2 hosts" in done.stderr
    log = (folder / "train.log").read_text()
    assert "first of 2 workers" in log
    assert "worker 1 of 2" in log
    lines = [line for line in log.splitlines() if "started on two" in line]
    assert lines
    assert all(line.startswith(("[1]<std", "[1,1]<std")) for line in lines)
    assert (folder / f"model.ckpt-{STEPS}.index").exists()


@pytest.fixture
def three(hosts_folder: Path) -> Iterator[list[Host]]:
    with hosts(hosts_folder, ["one", "two", "three"]) as made:
        yield made


def begin(
    launching: Host, made: list[Host], tree: Path, stack: Path, folder: Path, *options: str
) -> subprocess.Popen[str]:
    """A run with a worker on each host that goes on for long, once it has taken some steps."""
    listed = ",".join(f"{host.name}:1" for host in made)
    words = command(tree, stack, folder, *options, steps=100_000, hosts=listed)
    started = launching.begin(*words)
    log = folder / "train.log"
    wait_for(lambda: (log.exists() and " step = 10" in log.read_text()) or started.poll(), 180)
    assert started.poll() is None, started.communicate()
    assert all(host.marked(f"--model_dir={folder}") for host in made)
    return started


def send(started: subprocess.Popen[str], sign: signal.Signals) -> None:
    """Send a signal to what was started on a host."""
    (child,) = psutil.Process(started.pid).children()
    child.send_signal(sign)


@pytest.mark.parametrize(
    ("sign", "launcher"),
    [
        (signal.SIGINT, "horovodrun"),
        (signal.SIGTERM, "mpirun"),
        pytest.param(signal.SIGINT, "mpirun", marks=pytest.mark.extended),
        pytest.param(signal.SIGTERM, "horovodrun", marks=pytest.mark.extended),
    ],
)
def test_a_request_to_end_leaves_no_process(
    sign: signal.Signals, launcher: str, three: list[Host], ported: Path, stack: Path, folder: Path
) -> None:
    """On any host; and SIGTERM saves a checkpoint first, though the first worker is elsewhere."""
    elsewhere = [three[1], three[2], three[0]]
    started = begin(three[0], elsewhere, ported, stack, folder, *by(launcher, stack))
    saved = {file.stem for file in folder.glob("*.index")}
    send(started, sign)
    _, errors = started.communicate(timeout=90)
    assert started.returncode == 130, errors
    assert "training was interrupted and every worker ended" in errors
    assert not [process for host in three for process in host.marked()]
    step = int(errors.rpartition("model.ckpt-")[2].split()[0])
    if sign is signal.SIGTERM:
        assert f"model.ckpt-{step}" not in saved
        assert step % 20, "it was saved because of the request"


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_cut_link_leaves_no_process(
    launcher: str, three: list[Host], ported: Path, stack: Path, folder: Path
) -> None:
    """Nor on the host that nobody reaches: what runs there ends by itself."""
    started = begin(three[0], three, ported, stack, folder, *by(launcher, stack))
    three[1].cut()
    _, errors = started.communicate(timeout=120)
    assert started.returncode == 5, errors
    assert "training failed: host two is lost: " in errors
    assert f"; the same --model_dir continues from {folder}/model.ckpt-" in errors
    assert (folder / "loss.png").exists()
    assert not [*three[0].marked(), *three[2].marked()]
    wait_for(lambda: not three[1].marked(), 60)


@pytest.mark.extended
def test_where_a_host_has_no_link_it_is_said(
    three: list[Host], ported: Path, stack: Path, folder: Path
) -> None:
    """When the user ends a run while what is on a host cannot be ended."""
    started = begin(three[0], three, ported, stack, folder)
    three[1].cut()
    send(started, signal.SIGINT)
    _, errors = started.communicate(timeout=120)
    assert started.returncode == 130, errors
    assert "every worker ended but for those on two, where nobody answers" in errors
    wait_for(lambda: not three[1].marked(), 60)
