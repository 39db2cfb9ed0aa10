"""The progress of a run, read from its log, and how it is shown."""

import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from patcher.report import training as report
from patcher.report.training import chart, sentence
from patcher.training.progress import Progress, losses_in, separated
from patcher.training.session import Session

UPSTREAM = (
    "[0]<stderr>:INFO:tensorflow:hvd only rank0/2 in host: logging tensors: lrn_rate = 0.007, "
    "trainloss/box_loss = 0.0283, trainloss/loss = 4.75, loss = 4.5, gnorm = 8.5, step = 2, "
    "step_time = 34.2"
)
MINIATURE = (
    "INFO:tensorflow:trainloss/cls_loss = 0.67, trainloss/loss = 0.788316, loss = 0.788316, "
    "step = 5, step_time = 0.176 s"
)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        pytest.param(UPSTREAM, {2: 4.5}, id="the upstream, a worker of several"),
        pytest.param(MINIATURE, {5: 0.788316}, id="the miniature, alone"),
        pytest.param(MINIATURE.replace("0.788316", "2e-05"), {5: 2e-05}, id="a small loss"),
        pytest.param("INFO:tensorflow:loss = 0.5, step = 101 (0.5 sec)", {}, id="TensorFlow's own"),
        pytest.param("INFO:tensorflow:Loss for final step: 0.2.", {}, id="no step"),
    ],
)
def test_losses_are_read(line: str, wanted: dict[int, float]) -> None:
    progress = Progress()
    progress.read(line)
    assert progress.losses == wanted


def test_the_sentence_states_what_is_known() -> None:
    progress = Progress(total=25)
    assert sentence(progress) == "starting, no step logged yet"
    progress.read(MINIATURE)
    assert sentence(progress) == "step 5 of 25, loss 0.7883"
    progress.read("[1,0]<stderr>:INFO:tensorflow:global_step/sec: 0.25")
    progress.read("INFO:tensorflow:examples/sec: 52.876")
    assert sentence(progress) == "step 5 of 25, loss 0.7883, 52.9 examples/sec, 0:01:20 left"


def test_the_last_checkpoint_and_error_are_kept() -> None:
    progress = Progress()
    progress.read("[0]<stderr>:INFO:tensorflow:Saving checkpoints for 20 into /m/model.ckpt.")
    assert progress.saved == "/m/model.ckpt-20"
    for line in ("Note: all is well", *traceback(1, "some.module.TooBad: it fails"), "Note: over"):
        progress.read(line)
    assert progress.error == "some.module.TooBad: it fails"


def traceback(rank: int, error: str) -> list[str]:
    lines = ["Traceback (most recent call last):", '  File "a.py", line 1', "", error]
    return [f"[{rank}]<stderr>:{line}" for line in lines]


def test_the_error_is_that_of_the_worker_that_failed_first() -> None:
    progress = Progress()
    first, other = traceback(1, "OSError: no disk"), traceback(0, "LostError: rank 1 is gone")
    mixed = [*first[:2], *other[:2], *first[2:], *other[2:], *traceback(1, "Error: for good")]
    for line in mixed:
        progress.read(line)
    assert progress.error == "Error: for good"
    progress = Progress()
    progress.read("FATAL Flags parsing error: none such")
    assert progress.error == "FATAL Flags parsing error: none such"


def test_a_worker_that_prints_nothing_is_named() -> None:
    progress = Progress()
    for line in (
        "Process 1 exit with status code 139.",
        "Traceback (most recent call last):",
        "Error: Horovod detected that one or more processes exited",
    ):
        progress.read(line)
    assert progress.error == "worker 1 ended with exit code 139"
    for line in traceback(0, "HorovodInternalError: lost it"):
        progress.read(line)
    assert progress.error == "HorovodInternalError: lost it"


def test_an_old_log_gives_its_losses(tmp_path: Path) -> None:
    log = tmp_path / "train.log"
    assert losses_in(log) == {}
    log.write_text(f"loss = ..., step = 5\n{MINIATURE}\n{UPSTREAM}\nnothing\n")
    assert losses_in(log) == {2: 4.5, 5: 0.788316}
    progress = Progress(earlier=losses_in(log), losses={4: 1.0, 6: 0.5})
    assert progress.curve == [(2, 4.5), (4, 1.0), (6, 0.5)]


def test_no_step_is_left_to_do() -> None:
    progress = Progress()
    progress.read("INFO:tensorflow:Skipping training since max_steps has already saved.")
    assert progress.done_before


def test_the_chart() -> None:
    assert chart([4, 2, 1, 0], height=2) == ["       4 █", "       0 ██▄"]
    assert chart([float("nan")], height=2) == ["       0 ", "       0 "]
    assert chart([0.0, 2.0] * 100, width=2, height=2) == ["       1 ██", "       0 ██"]


SAVING = "[{}]<stderr>:INFO:tensorflow:Saving checkpoints for 0 into /tmp/run/model.ckpt."


def test_one_worker_saves_for_all() -> None:
    progress = Progress()
    progress.read(UPSTREAM)
    for line in (SAVING.format(0), SAVING.format("1,0"), SAVING.format(0)):
        progress.read(line)
    assert progress.separation(2) == ""


def test_two_that_save_train_apart() -> None:
    progress = Progress()
    for rank in (0, 1):
        assert progress.separation(2) == ""
        progress.read(SAVING.format(rank))
    assert progress.separation(2) == "workers 0 and 1 save checkpoints"


@pytest.mark.parametrize("line", [UPSTREAM, UPSTREAM.replace("hvd only rank0", "hvd rank1")])
def test_a_worker_that_counts_others_trains_apart(line: str) -> None:
    progress = Progress()
    progress.read(line)
    assert progress.separation(2) == ""
    assert progress.separation(4) == "a worker counts 2 of them"


def test_workers_that_go_on_count_fewer() -> None:
    """Each does the steps of one that trains alone, where Horovod started too late."""
    progress = Progress(total=5)
    progress.read(MINIATURE)
    assert progress.separation(2) == ""
    progress.read(MINIATURE.replace("step = 5", "step = 10"))
    assert progress.separation(1) == ""
    assert progress.separation(2) == "step 10 was done, of 5 for so many"


def test_a_run_that_starts_again_goes_on() -> None:
    """With what it has logged and saved; what failed the part before is forgotten."""
    progress = Progress(total=9, places="2 workers on 2 hosts")
    progress.read(f"[0]<stderr>:{MINIATURE}")
    for line in (SAVING.format(0).replace(" 0 ", " 5 "), *traceback(1, "ValueError: no")):
        progress.read(line)
    assert (progress.has_begun, progress.has_own_error, progress.saved_step) == (True, True, 5)
    progress.start_again(9, "1 worker")
    assert (progress.restarts, progress.places, progress.losses) == (1, "1 worker", {})
    assert (progress.has_begun, progress.has_own_error, progress.saved_step) == (False, False, 5)
    assert sentence(progress) == "starting again, no step logged yet, 1 worker, restart 1"
    progress.read(MINIATURE.replace("step = 5", "step = 6"))
    assert progress.curve == [(5, 0.788316), (6, 0.788316)]
    assert ", restart 1" in sentence(progress)


def test_lines_that_mpirun_mixes_are_told_apart() -> None:
    mixed = "[1,0]<stdout>:init[1,1]<stderr>:loss = 1, step = 2"
    assert separated(mixed) == ["[1,0]<stdout>:init", "[1,1]<stderr>:loss = 1, step = 2"]
    assert separated("a [1] b") == ["a [1] b"]
    assert separated("") == [""]


def test_a_plain_line_follows_a_restart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that starts again has fewer losses than before, and is shown all the same."""
    clock = count(0, 30)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    session = Session(tmp_path / "main.py", Path(sys.executable), tmp_path, progress=Progress(25))

    def run(on_line: Callable[[str], None], _: object) -> None:
        for step in (5, 10):
            line = MINIATURE.replace("step = 5", f"step = {step}")
            session.progress.read(line)
            on_line(line)
        session.progress.start_again(25, "")
        session.progress.read(MINIATURE.replace("step = 5", "step = 15"))
        on_line("")

    report.train(session, run)
    shown = [line for line in capsys.readouterr().err.splitlines() if line.startswith("step ")]
    assert [line.split(",")[0] for line in shown] == [f"step {n} of 25" for n in (5, 10, 15)]
    assert shown[-1].endswith(", restart 1")
