"""A tree trains as before the edits: the same loss at every step.

The seed, the records and their order are the same, so that only the graph can make a difference:
`supplement` shuffles files by a seed of its own, and here nothing is shuffled.

With `supplement`, weights are in variables of another kind. As built, the graph still computes the
same, to the last bit. TensorFlow's optimizer rewrites it otherwise than one with legacy variables,
which changes the last places of the first loss, and training amplifies that.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from benchmarks.training import COMPARED, FIRST, NOISE, PACKS, difference, patched, trained
from patcher.resources import VENDOR
from patcher.training.program import sample_run
from patcher.training.stack import find_python

# The list of packs, whether TensorFlow may rewrite the graph, and how many steps there are.
RUNS = {
    "before": ("before", True, COMPARED),
    "after": ("after", True, COMPARED),
    "wrong": ("wrong", True, 1),
    "supplement": ("supplement", True, 1),
}
AS_BUILT = {
    "before": ("before", False, COMPARED),
    "supplement": ("supplement", False, COMPARED),
}
Losses = dict[str, list[float]]

pytestmark = pytest.mark.xdist_group("equality")


@pytest.fixture(scope="module", params=["miniature", "upstream"])
def losses(
    request: pytest.FixtureRequest, stack: Path, tmp_path_factory: pytest.TempPathFactory
) -> Losses:
    """Those of a tree before and with some packs, one time with a wrong upsampling."""
    return losses_of(RUNS, request, stack, tmp_path_factory.mktemp("equality"))


# It takes the upstream minutes.
@pytest.fixture(params=["miniature", pytest.param("upstream", marks=pytest.mark.extended)])
def as_built(request: pytest.FixtureRequest, stack: Path, tmp_path: Path) -> Losses:
    """Those of a tree without and with resource variables, its graph as it was built."""
    return losses_of(AS_BUILT, request, stack, tmp_path)


def losses_of(
    runs: Mapping[str, tuple[str, bool, int]],
    request: pytest.FixtureRequest,
    stack: Path,
    work: Path,
) -> Losses:
    """What the tree that a fixture is asked for has in some runs."""
    is_small = request.param == "miniature"
    tree = VENDOR / "miniature" if is_small else request.getfixturevalue("pristine")
    python = find_python(stack)
    data = sample_run(python, work / "data", 1)
    packs = {**PACKS, "wrong": PACKS["after"]}
    names = {name for name, *_ in runs.values()}
    programs = {name: patched(tree, work / name, packs[name]) for name in names}
    if "wrong" in programs:
        spoil(programs["wrong"].with_name("efficientdet_arch.py"))

    def train(run: str) -> list[float]:
        name, optimized, steps = runs[run]
        folder = work / f"{run}-run"
        made = trained(programs[name], python, data, folder, steps, optimized=optimized)
        return list(made.losses)

    with ThreadPoolExecutor() as pool:
        return dict(zip(runs, pool.map(train, runs), strict=True))


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
    require_equal(losses["before"], losses["after"])


def test_resource_variables_change_no_loss_of_the_graph_as_built(as_built: Losses) -> None:
    require_equal(as_built["before"], as_built["supplement"])


def test_resource_variables_change_the_last_places_of_the_first_loss_at_most(
    losses: Losses,
) -> None:
    assert difference(losses["before"][:1], losses["supplement"]) <= FIRST


def require_equal(before: list[float], after: list[float]) -> None:
    """Check that two trainings have the same losses, and that these tell one from another."""
    assert len(before) == COMPARED
    assert np.isfinite(before).all()
    assert len(set(before)) == COMPARED, "no two steps have the same"
    assert difference(before, after) <= NOISE


def test_a_wrong_edit_would_show(losses: Losses) -> None:
    """In the first step already, before rounding is amplified."""
    assert difference(losses["before"][:1], losses["wrong"]) > 1000 * NOISE
