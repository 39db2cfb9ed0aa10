"""The upstream trains as before the documented edits: the same loss at every step."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from benchmarks.training import COMPARED, NOISE, PACKS, difference, patched, trained
from patcher.training.program import sample_run
from patcher.training.stack import find_python

Losses = dict[str, list[float]]

pytestmark = pytest.mark.xdist_group("equality")


@pytest.fixture(scope="module")
def losses(pristine: Path, stack: Path, tmp_path_factory: pytest.TempPathFactory) -> Losses:
    """Those of the tree before, after, and after with a wrong upsampling."""
    work, python = tmp_path_factory.mktemp("equality"), find_python(stack)
    data = sample_run(python, work / "data", 1)
    programs = {name: patched(pristine, work / name, packs) for name, packs in PACKS.items()}
    programs["wrong"] = patched(pristine, work / "wrong", PACKS["after"])
    spoil(programs["wrong"].with_name("efficientdet_arch.py"))

    def train(name: str) -> list[float]:
        run = trained(programs[name], python, data, work / f"{name}-run", COMPARED)
        return list(run.losses)

    with ThreadPoolExecutor() as pool:
        return dict(zip(programs, pool.map(train, programs), strict=True))


def spoil(file: Path) -> None:
    """Make it repeat a row where it should repeat each pixel; every shape still fits."""
    text = file.read_text("utf-8")
    for right, wrong in (
        ("[bs * h, 1, w, 1, c]", "[bs * h, 1, 1, w, c]"),
        ("[1 * 1, scale, 1, scale, 1]", "[1 * 1, scale, scale, 1, 1]"),
    ):
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    file.write_text(text, "utf-8")


def test_the_edits_change_no_loss(losses: Losses) -> None:
    before = losses["before"]
    assert len(before) == COMPARED
    assert np.isfinite(before).all()
    assert len(set(before)) == COMPARED, "no two steps have the same"
    assert difference(before, losses["after"]) <= NOISE


def test_a_wrong_edit_would_show(losses: Losses) -> None:
    """In the first step already, before rounding is amplified."""
    assert difference(losses["before"][:1], losses["wrong"][:1]) > 1000 * NOISE
