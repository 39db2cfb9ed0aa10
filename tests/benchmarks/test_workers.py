"""What the benchmark of several workers measures and counts, on the miniature."""

from pathlib import Path

from benchmarks.scaling import Setting
from benchmarks.timeline import spans, steps
from benchmarks.workers import Bench, reductions
from patcher.training.stack import find_python
from tests.training.test_train import patch

STEPS, SKIPPED = 21, 2


def test_two_workers_reduce_what_their_graph_says(
    miniature: Path, stack: Path, tmp_path: Path
) -> None:
    patch(miniature, "supplement")
    file = tmp_path / "timeline.json"
    bench = Bench(miniature, stack, tmp_path, STEPS, ())
    run = bench.run(Setting(2), "pair", HOROVOD_TIMELINE=str(file))
    found = steps(spans(file.read_text()), SKIPPED)
    counted = reductions(miniature, find_python(stack), tmp_path, train_batch_size=2)
    assert len(found) == STEPS - SKIPPED - 1
    assert {each.tensors for each in found} == {sum(n.tensors for n in counted.parts.values())}
    # Those that depend on each other cannot be reduced together.
    assert min(each.operations for each in found) >= counted.rounds["all"]
    assert all(0 < each.allreduce < each.allreduce + each.waiting < each.seconds for each in found)
    assert counted.parts["gradient"] == counted.variables
    assert counted.rounds["all"] == sum(counted.rounds[part] for part in counted.parts)
    assert run.cpu > 0
    assert run.last < run.first
    # A line after every second step but the last, of which those of ten steps are left out.
    assert len(run.seconds) == (STEPS - 1) // 2 - 5
