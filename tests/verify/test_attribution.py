from pathlib import Path

import pytest

from patcher.verify import attribution
from patcher.verify.attribution import replays
from patcher.verify.baseline import Origin
from patcher.verify.model import Finding
from patcher.verify.replay import Replay
from tests.checks import DOCUMENTED, MINIATURE

IDS = frozenset(id_ for id_, _, _ in DOCUMENTED.entries())
ORIGIN = Origin((DOCUMENTED,), IDS, MINIATURE)
MAIN, UTILS = "efficientdet/main.py", "efficientdet/utils.py"


@pytest.fixture(scope="module")
def replayed() -> list[Replay]:
    return replays(ORIGIN)


def changed(replayed: list[Replay], path: str, old: str, new: str) -> list[Finding]:
    """What is found where one text of a patched file was changed."""
    files = {each.path: each.after for each in replayed}
    text = files[path].decode()
    assert text.count(old) == 1
    files[path] = text.replace(old, new).encode()
    return attribution.check(ORIGIN, replayed, files)


def line_of(replayed: list[Replay], path: str, text: str) -> int:
    (after,) = (each.after.decode() for each in replayed if each.path == path)
    return after[: after.index(text)].count("\n") + 1


def test_a_tree_as_its_rules_leave_it_is_whole(replayed: list[Replay]) -> None:
    files = {each.path: each.after for each in replayed}
    assert attribution.check(ORIGIN, replayed, files) == []


def test_every_rule_is_known_by_its_lines(replayed: list[Replay]) -> None:
    counts = {id_: count for each in replayed for id_, count in each.counts.items()}
    assert set(counts) == IDS
    assert min(counts.values()) > 0
    for each in replayed:
        lines = each.after.splitlines(keepends=True)
        assert len(each.owners) == len(lines)
        kept = [line for line, owner in zip(lines, each.owners, strict=True) if not owner]
        left = iter(each.before.splitlines(keepends=True))
        assert all(line in left for line in kept), "what no rule wrote was there, in that order"


def test_the_owner_of_a_line_is_the_last_rule_that_wrote_it(replayed: list[Replay]) -> None:
    """det_model_fn-7 rewrites what det_model_fn-4 leaves."""
    (model,) = (each for each in replayed if each.path.endswith("det_model_fn.py"))
    lines = model.after.decode().splitlines()
    owners = {owner for line, owner in zip(lines, model.owners, strict=True) if "Examples" in line}
    assert "det_model_fn-7" in owners


def test_a_line_added_by_hand_is_named(replayed: list[Replay]) -> None:
    anchor = "FLAGS = flags.FLAGS\n"
    found = changed(replayed, MAIN, anchor, f"{anchor}SPEED = 2\n")
    line = line_of(replayed, MAIN, anchor) + 1
    assert found == [Finding(MAIN, line, "`SPEED = 2` belongs to no rule")]


def test_a_line_of_a_rule_that_is_changed_is_named(replayed: list[Replay]) -> None:
    (finding,) = changed(replayed, MAIN, "'use_tpu', False", "'use_tpu', True")
    assert finding.line == line_of(replayed, MAIN, "'use_tpu', False")
    assert " of main-3, and belongs to no rule" in finding.text


def test_a_line_that_is_gone_is_named(replayed: list[Replay]) -> None:
    text = "library_loader.load_habana_module()\n"
    (finding,) = changed(replayed, MAIN, text, "")
    assert finding.line == line_of(replayed, MAIN, text)
    assert "of main-2 is gone, and no rule takes it away" in finding.text


def test_a_file_that_is_gone_is_named(replayed: list[Replay]) -> None:
    files = {each.path: each.after for each in replayed if each.path != UTILS}
    assert [each.file for each in attribution.check(ORIGIN, replayed, files)] == [UTILS]


def test_a_line_end_counts(replayed: list[Replay]) -> None:
    (finding,) = changed(replayed, MAIN, "FLAGS = flags.FLAGS\n", "FLAGS = flags.FLAGS \n")
    assert "`FLAGS = flags.FLAGS` differs in its white space or line end" in finding.text
    assert finding.line == line_of(replayed, MAIN, "FLAGS = flags.FLAGS\n")


def test_a_rule_without_a_line_is_named(replayed: list[Replay]) -> None:
    """The tree had its edit before: whoever says that effpatch made it is wrong."""
    (utils,) = (each.after for each in replayed if each.path == UTILS)
    origin = Origin((DOCUMENTED,), IDS, {**MINIATURE, UTILS: utils})
    again = replays(origin)
    files = {each.path: each.after for each in again}
    assert attribution.check(origin, again, files) == [
        Finding(UTILS, 1, "utils-1 was applied, but changes no line")
    ]


def test_the_pin_is_accounted_for_to_the_line(upstream: Path) -> None:
    files = {path: (upstream / path).read_bytes() for path in MINIATURE}
    origin = Origin((DOCUMENTED,), IDS, files)
    again = replays(origin)
    assert attribution.check(origin, again, {each.path: each.after for each in again}) == []
    assert sum(count for each in again for count in each.counts.values()) == 136
