"""What the log of a run tells, and how it is shown."""

import pytest

from patcher.report.chart import chart
from patcher.report.training import sentence
from patcher.training.progress import Course

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
    course = Course()
    course.read(line)
    assert course.losses == wanted


def test_the_sentence_tells_what_is_known() -> None:
    course = Course(total=25)
    assert sentence(course) == "starting, no step logged yet"
    course.read(MINIATURE)
    assert sentence(course) == "step 5 of 25, loss 0.7883"
    course.read("[1,0]<stderr>:INFO:tensorflow:global_step/sec: 0.25")
    course.read("INFO:tensorflow:examples/sec: 52.876")
    assert sentence(course) == "step 5 of 25, loss 0.7883, 52.9 examples/sec, 0:01:20 left"


def test_the_last_checkpoint_and_error_are_kept() -> None:
    course = Course()
    course.read("[0]<stderr>:INFO:tensorflow:Saving checkpoints for 20 into /m/model.ckpt.")
    assert course.saved == "/m/model.ckpt-20"
    for line in ("Note: all is well", *traceback(1, "some.module.TooBad: it fails"), "Note: over"):
        course.read(line)
    assert course.error == "some.module.TooBad: it fails"


def traceback(rank: int, error: str) -> list[str]:
    lines = ["Traceback (most recent call last):", '  File "a.py", line 1', "", error]
    return [f"[{rank}]<stderr>:{line}" for line in lines]


def test_the_worker_that_failed_first_says_why() -> None:
    course = Course()
    first, other = traceback(1, "OSError: no disk"), traceback(0, "LostError: rank 1 is gone")
    mixed = [*first[:2], *other[:2], *first[2:], *other[2:], *traceback(1, "Error: for good")]
    for line in mixed:
        course.read(line)
    assert course.error == "Error: for good"
    course = Course()
    course.read("FATAL Flags parsing error: none such")
    assert course.error == "FATAL Flags parsing error: none such"


def test_a_worker_that_says_nothing_is_named() -> None:
    course = Course()
    said = "Error: Horovod detected that one or more processes exited"
    for line in (
        "Process 1 exit with status code 139.",
        "Traceback (most recent call last):",
        said,
    ):
        course.read(line)
    assert course.error == "worker 1 ended with exit code 139"
    for line in traceback(0, "HorovodInternalError: lost it"):
        course.read(line)
    assert course.error == "HorovodInternalError: lost it"


def test_no_step_is_left_to_do() -> None:
    course = Course()
    course.read("INFO:tensorflow:Skipping training since max_steps has already saved.")
    assert course.done_before


def test_the_chart() -> None:
    assert chart([4, 2, 1, 0], height=2) == ["       4 █", "       0 ██▄"]
    assert chart([float("nan")], height=2) == ["       0 ", "       0 "]
    assert chart([0.0, 2.0] * 100, width=2, height=2) == ["       1 ██", "       0 ██"]
