from pathlib import Path

import pytest

from patcher.checks import attribution
from patcher.checks.baseline import Baseline
from patcher.checks.model import Finding, Subject
from patcher.checks.sources import Sources
from patcher.model import FilePlan, State
from tests.checks.subjects import checked
from tests.rule_check import DOCUMENTED, MINIATURE

IDS = frozenset(id_ for id_, _, _ in DOCUMENTED.entries())
BASELINE = Baseline((DOCUMENTED,), IDS, MINIATURE)
MAIN, UTILS = "efficientdet/main.py", "efficientdet/utils.py"


@pytest.fixture(scope="module")
def replayed() -> tuple[FilePlan, ...]:
    return BASELINE.replays


def check(files: dict[str, bytes], baseline: Baseline = BASELINE) -> list[Finding]:
    """What is found in a tree whose patched files have these bytes."""
    subject = Subject(Sources(baseline.files), Sources(files), baseline=baseline)
    return checked(attribution.check(subject))


def changed(replayed: tuple[FilePlan, ...], path: str, old: str, new: str) -> list[Finding]:
    """What is found where one text of a patched file was changed."""
    files = {each.path: each.after for each in replayed}
    text = files[path].decode()
    assert text.count(old) == 1
    files[path] = text.replace(old, new).encode()
    return check(files)


def line_of(replayed: tuple[FilePlan, ...], path: str, text: str) -> int:
    (after,) = (each.after.decode() for each in replayed if each.path == path)
    return after[: after.index(text)].count("\n") + 1


def test_a_tree_as_its_rules_leave_it_is_whole(replayed: tuple[FilePlan, ...]) -> None:
    files = {each.path: each.after for each in replayed}
    assert check(files) == []


def test_a_tree_that_nothing_was_done_to_is_not_checked() -> None:
    assert attribution.check(Subject(Sources(MINIATURE), Sources(MINIATURE))) is None


def test_every_rule_is_known_by_its_lines(replayed: tuple[FilePlan, ...]) -> None:
    counts = BASELINE.counts
    outcomes = [each for file in replayed for each in file.outcomes]
    assert set(counts) == IDS == {each.id for each in outcomes if each.state is State.PENDING}
    assert list(counts) == [id_ for id_, _, _ in DOCUMENTED.entries()]
    assert min(counts.values()) > 0
    for each in replayed:
        lines, owners = each.after.splitlines(keepends=True), BASELINE.owners(each)
        assert len(owners) == len(lines)
        kept = [line for line, owner in zip(lines, owners, strict=True) if not owner]
        left = iter(each.before.splitlines(keepends=True))
        assert all(line in left for line in kept), "what no rule wrote was there, in that order"


def test_a_line_that_two_rules_made_belongs_to_both(replayed: tuple[FilePlan, ...]) -> None:
    """det_model_fn-7 rewrites what det_model_fn-4 leaves."""
    (model,) = (each for each in replayed if each.path.endswith("det_model_fn.py"))
    lines = model.after.decode().splitlines()
    owners = zip(lines, BASELINE.owners(model), strict=True)
    both = {"det_model_fn-4", "det_model_fn-7"}
    assert both in [owner for line, owner in owners if "Examples" in line]


def test_a_line_added_by_hand_is_named(replayed: tuple[FilePlan, ...]) -> None:
    anchor = "FLAGS = flags.FLAGS\n"
    found = changed(replayed, MAIN, anchor, f"{anchor}SPEED = 2\n")
    line = line_of(replayed, MAIN, anchor) + 1
    assert found == [Finding(MAIN, line, "`SPEED = 2` belongs to no rule")]


def test_a_line_of_a_rule_that_is_changed_is_named(replayed: tuple[FilePlan, ...]) -> None:
    (finding,) = changed(replayed, MAIN, "'use_tpu', False", "'use_tpu', True")
    assert finding.line == line_of(replayed, MAIN, "'use_tpu', False")
    assert " of main-3, and belongs to no rule" in finding.text


def test_a_line_that_is_gone_is_named(replayed: tuple[FilePlan, ...]) -> None:
    text = "library_loader.load_habana_module()\n"
    (finding,) = changed(replayed, MAIN, text, "")
    assert finding.line == line_of(replayed, MAIN, text)
    assert "of main-2 is gone, and no rule removes it" in finding.text


def test_a_file_that_is_gone_is_named(replayed: tuple[FilePlan, ...]) -> None:
    files = {each.path: each.after for each in replayed if each.path != UTILS}
    assert [each.file for each in check(files)] == [UTILS]


def test_a_line_end_counts(replayed: tuple[FilePlan, ...]) -> None:
    (finding,) = changed(replayed, MAIN, "FLAGS = flags.FLAGS\n", "FLAGS = flags.FLAGS \n")
    assert "`FLAGS = flags.FLAGS` differs in its white space or line end" in finding.text
    assert finding.line == line_of(replayed, MAIN, "FLAGS = flags.FLAGS\n")


def test_a_rule_without_a_line_is_named(replayed: tuple[FilePlan, ...]) -> None:
    """The tree had its edit before: whoever says that effpatch made it is wrong."""
    (utils,) = (each.after for each in replayed if each.path == UTILS)
    baseline = Baseline((DOCUMENTED,), IDS, {**MINIATURE, UTILS: utils})
    files = {each.path: each.after for each in baseline.replays}
    assert check(files, baseline) == [Finding(UTILS, 1, "utils-1 was applied, but changes no line")]


def test_the_pin_is_accounted_for_to_the_line(upstream: Path) -> None:
    files = {path: (upstream / path).read_bytes() for path in MINIATURE}
    baseline = Baseline((DOCUMENTED,), IDS, files)
    again = baseline.replays
    assert check({each.path: each.after for each in again}, baseline) == []
    assert sum(baseline.counts.values()) == 136
