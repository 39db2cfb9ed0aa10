"""Bandwidth on paper, and the text with what was measured."""

import pytest

from benchmarks.bandwidth import left, ring, wanted
from benchmarks.results import with_section
from benchmarks.scaling import Measured, Run, Setting, Traced, read, section
from benchmarks.timeline import Step

REPORT = {
    "reductions": [
        {"part": "gradient", "elements": 1_000_000, "bytes": 4_000_000},
        {"part": "gradient", "elements": 250_000, "bytes": 1_000_000},
        {"part": "forward", "elements": 32, "bytes": 128},
        {"part": "backward", "elements": 32, "bytes": 128},
    ],
    "variables": [
        {"elements": 1_000_000, "bytes": 4_000_000},
        {"elements": 250_000, "bytes": 1_000_000},
    ],
    "rounds": {"gradient": 1, "forward": 100, "backward": 100, "all": 201},
}


def test_what_a_ring_sends() -> None:
    assert ring(80, 1) == 0
    assert ring(80, 2) == 80
    assert ring(80, 8) == 140
    assert ring(80, 10**9) == pytest.approx(160)


@pytest.mark.parametrize("workers", [2, 8, 64])
def test_with_the_wanted_bandwidth_allreduce_is_that_share(workers: int) -> None:
    seconds = ring(15e6, workers) / wanted(15e6, workers, 0.1, share=0.25)
    assert seconds / (0.1 + seconds) == pytest.approx(0.25)


def test_what_is_left_for_a_round() -> None:
    rounds = 201 * left(0.1, 201, share=0.25)
    assert rounds / (0.1 + rounds) == pytest.approx(0.25)


def test_the_report_of_a_graph() -> None:
    counted = read(REPORT)
    assert counted.variables == (2, 1_250_000, 5_000_000)
    assert counted.parts["gradient"] == (2, 1_250_000, 5_000_000)
    assert counted.parts["forward"] == (1, 32, 128)


def test_the_section_of_the_results() -> None:
    alone = Measured([Run([0.1] * 5, 0.2, 3, 2, 0.5), Run([0.1] * 5, 0.2, 3, 2, 0.5)], None)
    traced = Traced(Run([0.4] * 5, 1.0, 3, 2, 0.5), [Step(0.4, 0.1, 0.02, 201, 4)] * 3)
    pair = Measured([Run([0.25] * 5, 0.5, 3, 1, 2.5)] * 2, traced)
    text = section({Setting(1): alone, Setting(2): pair}, read(REPORT), 2, "horovod 0.1", 60)
    assert (
        "| 1 | 1 | 0.100 | 0.100 to 0.100 | 20.0 | 1.00 | 0.20 |  |  |  |  | 3.00 to 2.00 |" in text
    )
    row = "| 2 | 1 | 0.250 | 0.250 to 0.250 | 16.0 | 0.80 | 0.50 | 25% | 5% | 201 | 0.400 |"
    assert row in text
    load = "before a run, which is largely that of the run before, was 0.5 to 2.5.\n"
    assert f"The load average of a minute\n{load}" in text
    assert "2 gradients of 1,250,000 numbers (all that are trained), 5.00 MB" in text
    # 2 * 7 / 8 * 5 MB in a ninth of 50 ms
    assert "| 50 | 12.6 | " in text


def test_a_section_takes_the_place_of_the_one_before() -> None:
    page = "# Results\n\nText.\n\n## One\n\nOld.\n\n### Part\n\nOf it.\n\n## Two\n\nKept.\n"
    changed = with_section(page, "One", "New.\n")
    assert changed == "# Results\n\nText.\n\n## One\n\nNew.\n\n## Two\n\nKept.\n"
    assert with_section(changed, "Two", "2.") == changed.replace("Kept.", "2.")
    assert with_section(changed, "Three", "3.") == f"{changed}\n## Three\n\n3.\n"
