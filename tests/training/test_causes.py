"""Why a run failed: the sentence names the cause and the cure."""

import os
import shutil
from pathlib import Path

import pytest

from patcher.training import causes
from patcher.training.progress import Progress
from tests.commands import run
from tests.training.test_train import patch

GLOO = "what():  [/horovod/third_party/gloo/transport/tcp/pair.cc:799] "
LOST = "[/third_party/gloo/transport/tcp/unbound_buffer.cc:81] Timed out waiting 30000ms for recv"
BROKEN = "[0]<stderr>:[/gloo/transport/tcp/pair.cc:598] Connection closed by peer [10.0.0.2]:58599"
TRACEBACK = "Traceback (most recent call last):"
KILLED = "Process 1 exit with status code 137."


def failure(*lines: str, code: int = 1, oom_killed: bool = False) -> tuple[str, str]:
    """The cause that a run's lines and exit code give, and the cure."""
    progress = Progress()
    for line in lines:
        progress.read(line)
    found = progress.failure(code, oom_killed=oom_killed)
    return (found.found, found.cure) if found else ("", "")


@pytest.mark.parametrize(
    ("line", "found", "cure"),
    [
        pytest.param(
            "mpirun has detected an attempt to run as root.",
            "mpirun does not run as root",
            "--allow-run-as-root",
            id="mpirun as root",
        ),
        pytest.param(
            "There are not enough slots available in the system to satisfy the 4",
            "mpirun has fewer slots than --np",
            "--hosts",
            id="too few slots",
        ),
        pytest.param(
            "[1,0]<stderr>:x.WorkersApart: this is one of 2 workers (OMPI_COMM_WORLD_SIZE), and",
            "Horovod was built without MPI",
            "leave out --launcher mpirun",
            id="no MPI",
        ),
        pytest.param(
            "KeyError: 'every_n_iter'",
            "the tree lacks edits that evaluation needs",
            "--pack supplement",
            id="no supplement",
        ),
        pytest.param(
            "[0]<stderr>:ResourceExhaustedError: /m/model.ckpt-5_temp; No space left on device",
            "the disk is full",
            "free some space",
            id="disk full",
        ),
        pytest.param("std::bad_alloc", "memory ran out", "--train_batch_size", id="memory"),
        pytest.param(
            f"[0]<stderr>:  {GLOO}connect [127.0.1.1]:22934: Connection refused",
            "a host gives 127.0.1.1 as its own address",
            "/etc/hosts",
            id="an address that is refused",
        ),
        pytest.param(LOST, "a worker was not heard from for 30 s", "network", id="lost host"),
        pytest.param(
            "ssh: connect to host h2 port 2222: Connection refused",
            "host h2 cannot be reached over SSH at port 2222 (Connection refused)",
            "--ssh-port",
            id="another port",
        ),
        pytest.param(
            "ssh: connect to host h2 port 22: No route to host",
            "host h2 cannot be reached over SSH (No route to host)",
            "--hosts",
            id="no SSH",
        ),
        pytest.param(
            "ssh: Could not resolve hostname h3: Name or service not known",
            "there is no host h3",
            "--hosts",
            id="no such host",
        ),
        pytest.param(
            "root@h2: Permission denied (publickey).",
            "root@h2 refuses",
            "authorized_keys",
            id="key",
        ),
        pytest.param(
            "Host key verification failed.",
            "SSH does not know the key that the host has now",
            "ssh-keygen -R",
            id="another host's key",
        ),
        pytest.param(
            "Timeout, server h2 not responding.",
            "host h2 is lost: it no longer answers over SSH",
            "network",
            id="a host that is silent",
        ),
        pytest.param(
            "  Remote daemon: [[46051,0],1] on node h2",
            "host h2 is lost: mpirun has lost its daemon there",
            "network",
            id="a host that Open MPI 4 has lost",
        ),
        pytest.param(
            "  Remote daemon: [prterun-h1-15986@0,1] on node h2",
            "host h2 is lost: mpirun has lost its daemon there",
            "network",
            id="a host that Open MPI 5 has lost",
        ),
        pytest.param(
            "ORTE was unable to reliably start one or more daemons.",
            "mpirun could not start its daemon on a host",
            "same Open MPI",
            id="a daemon that does not start",
        ),
    ],
)
def test_causes_are_known_by_what_is_printed(line: str, found: str, cure: str) -> None:
    cause, advice = failure("INFO: all is well", line, "Error: something else")
    assert found in cause
    assert cure in advice


def test_a_kill_counts_more_than_what_others_say_of_it() -> None:
    assert failure(BROKEN, KILLED)[0].startswith("worker 1 was killed (SIGKILL), by a user")
    memory = "memory ran out, and the kernel killed worker 1"
    assert failure(BROKEN, KILLED, oom_killed=True)[0] == memory
    assert failure(BROKEN)[0] == "a worker ended its connections"


def test_an_error_of_a_worker_counts_more_than_that_it_is_gone() -> None:
    raised = [f"[0]<stderr>:{line}" for line in (TRACEBACK, "ValueError: label 92")]
    assert failure(*raised, BROKEN) == ("", "")
    others = [f"[1]<stderr>:{line}" for line in (TRACEBACK, "x.UnknownError: Horovod is shut down")]
    assert failure(*others, LOST)[0].startswith("a host is lost")


def test_the_first_of_several_causes_counts() -> None:
    full = "OSError: [Errno 28] No space left on device"
    assert failure(LOST, full, KILLED)[0] == "the disk is full"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        pytest.param(-9, "the program was killed (SIGKILL)", id="of this process's own child"),
        pytest.param(-11, "the program was ended by SIGSEGV", id="a crash"),
        pytest.param(134, "the program was ended by SIGABRT", id="by way of a shell"),
        pytest.param(1, "", id="no signal"),
        pytest.param(255, "", id="no signal, although above 128"),
    ],
)
def test_signals_are_named(code: int, found: str) -> None:
    assert failure(code=code)[0][: len(found) or None] == found


@pytest.mark.parametrize(
    ("line", "is_loss"),
    [
        (LOST, True),
        (BROKEN, True),
        (KILLED, True),
        ("Timeout, server h2 not responding.", True),
        ("ssh: connect to host h2 port 22: No route to host", True),
        ("Process 0 exit with status code 255.", True),
        ("ssh: Could not resolve hostname h2: Temporary failure in name resolution", True),
        ("Connection timed out during banner exchange", True),
        ("ssh: Could not resolve hostname h2: Name or service not known", False),
        ("root@h2: Permission denied (password).", False),
        ("OSError: [Errno 28] No space left on device", False),
        ("std::bad_alloc", False),
        ("mpirun has detected an attempt to run as root.", False),
        ("root@h2: Permission denied (publickey).", False),
        ("Host key verification failed.", False),
    ],
)
def test_only_what_may_pass_is_a_loss(line: str, is_loss: bool) -> None:
    """After which a run may be started again."""
    progress = Progress()
    progress.read(line)
    cause = progress.failure(1, oom_killed=False)
    assert cause is not None
    assert cause.is_loss is is_loss


def test_a_worker_on_another_host_may_be_killed() -> None:
    """Before any has printed anything; an error of its own says more."""
    ended = "Process 0 exit with status code 255."
    assert failure(ended)[0] == "worker 0 was killed, or the SSH connection to it was lost"
    assert failure(ended, BROKEN)[0] == "a worker ended its connections"
    raised = [f"[0]<stderr>:{line}" for line in (TRACEBACK, "ValueError: label 92")]
    assert failure(*raised, ended) == ("", "")


def test_mpirun_names_the_worker() -> None:
    line = "mpirun noticed that process rank 1 with PID 7 on node h exited on signal 9 (Killed)."
    assert failure(line)[0].startswith("worker 1 was killed")


def test_the_kernel_counts_what_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(causes, "_COUNTERS", tmp_path / "vmstat")
    assert causes.oom_kills() == 0
    (tmp_path / "vmstat").write_text("nr_free_pages 7\noom_kill 3\noom_kill_more 4\n")
    assert causes.oom_kills() == 3


@pytest.fixture
def mpirun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open MPI's launcher, which refuses root."""
    if os.getuid() or not shutil.which("mpirun"):
        pytest.skip("this is for root, and where Open MPI is installed")
    monkeypatch.delenv("OMPI_ALLOW_RUN_AS_ROOT", raising=False)


def by_mpirun(tree: Path, stack: Path, *options: str) -> tuple[int, str]:
    """The exit code of `train --dry-run` with two workers, and what it says."""
    patch(tree)
    words = ("--stack", stack, "--np", "2", "--launcher", "mpirun", "--sample-data", "--dry-run")
    result = run("train", tree, *words, "--device", "cpu", *options)
    return result.exit_code, result.stderr


@pytest.mark.usefixtures("mpirun")
def test_mpirun_as_root(miniature: Path, stack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, found = by_mpirun(miniature, stack)
    assert code == 4
    assert found.startswith("mpirun: does not run as root; run as another user, pass --allow-run-")
    monkeypatch.setenv("OMPI_ALLOW_RUN_AS_ROOT", "1")
    assert by_mpirun(miniature, stack)[0] == 4
    monkeypatch.setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
    assert "as root" not in by_mpirun(miniature, stack)[1]


@pytest.mark.usefixtures("mpirun")
def test_mpirun_with_a_horovod_that_has_no_mpi(miniature: Path, gloo_stack: Path) -> None:
    code, found = by_mpirun(miniature, gloo_stack, "--allow-run-as-root")
    assert code == 4
    assert "/bin/python: its Horovod was built without MPI, expected one with; leave out" in found
