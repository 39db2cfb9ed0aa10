"""Lists of ids and patterns: which rules they mean, and what is said of those that mean none."""

from pathlib import Path

import pytest

from patcher.errors import SelectionError, TreeError
from patcher.operations.apply import apply
from patcher.operations.revert import open_patched, revert
from patcher.operations.select import select
from patcher.packs import load_pack
from tests.commands import contents, run
from tests.counts import FILES, RULES
from tests.operations.packs import foreign

DOCUMENTED, SUPPLEMENT = load_pack("documented"), load_pack("supplement")
MAIN = {id_ for id_, _, _ in DOCUMENTED.entries() if id_.startswith("main-")}
EVERY_SUPPLEMENT = {id_ for id_, _, _ in SUPPLEMENT.entries()}


def test_a_list_is_its_ids() -> None:
    assert select(only=["main-3,main-4", "utils-1"]).ids == {"main-3", "main-4", "utils-1"}
    assert select(only=["main-3, documented/main-4"]).ids == {"main-3", "main-4"}
    assert select().ids - select(skip=["main-3,main-4"]).ids == {"main-3", "main-4"}


@pytest.mark.parametrize("pattern", ["main-*", "documented/main-*", "main-?,main-??"])
def test_a_pattern_is_all_that_it_matches(pattern: str) -> None:
    assert select(only=[pattern]).ids == MAIN
    assert select().ids - select(skip=[pattern]).ids == MAIN


def test_a_pattern_brings_the_pack_in_front_of_it() -> None:
    selection = select(only=["supplement/*"])
    assert [pack.name for pack in selection.packs] == ["supplement"]
    assert selection.ids == EVERY_SUPPLEMENT


def test_a_pattern_of_packs_means_those_chosen() -> None:
    both = [DOCUMENTED, SUPPLEMENT]
    found = select(both, ["*/hooks-1"]).ids
    assert found == {"hooks-1", "supplement/hooks-1"}
    assert select(both, ["hooks-1*"]).ids == {"hooks-1"}, "the default pack's alone"


@pytest.mark.parametrize(
    ("only", "said"),
    [
        pytest.param(
            "mian-*",
            "--only: 'mian-*' matches no rule of pack documented; did you mean main-*?",
            id="pattern",
        ),
        pytest.param(
            "main-3,",
            "--only: no rule '' in pack documented; `effpatch rules` lists them",
            id="comma-at-the-end",
        ),
        pytest.param(
            "main-3,man-4",
            "--only: no rule 'man-4' in pack documented; did you mean main-4?",
            id="one-of-a-list",
        ),
        pytest.param(
            "suplement/*",
            "--only: 'suplement/*' matches no rule of pack documented; "
            "did you mean the pack supplement?",
            id="pack",
        ),
    ],
)
def test_a_word_that_means_no_rule(only: str, said: str) -> None:
    with pytest.raises(SelectionError) as caught:
        select(only=[only])
    assert str(caught.value) == said


def test_a_pattern_for_a_pack_without_its_name() -> None:
    with pytest.raises(SelectionError) as caught:
        select([foreign()], ["utils-*"])
    said = "--only: 'utils-*' matches no rule of packs mine and documented"
    assert str(caught.value) != said  # the default pack is not brought in for it
    assert str(caught.value).endswith("of pack mine; did you mean mine/utils-*?")


def test_what_is_skipped_of_a_pack_that_is_not_chosen() -> None:
    with pytest.raises(SelectionError, match=r"choose its pack as well, with --pack supplement$"):
        select(skip=["supplement/*"])


def test_a_pattern_undoes_what_was_made(miniature: Path) -> None:
    before = contents(miniature)
    tree, selection = select(only=["main-3,main-4,main-5", "hooks-1"]).open(miniature)
    apply(selection, tree)
    undone = revert(open_patched(miniature), ["main-[34]", "main-4"]).undone
    assert undone == ("main-3", "main-4")
    for word, said in (
        ("main-[34]", "main-[34]: matches none of the edits that effpatch made here"),
        ("man-5", "man-5: not among the edits that effpatch made here; did you mean main-5?"),
        (
            "main-4",
            "main-4: not among the edits that effpatch made here; "
            "`effpatch status` shows how the rules stand",
        ),
    ):
        with pytest.raises(TreeError) as caught:
            revert(open_patched(miniature), [word])
        assert str(caught.value).startswith(said)
    revert(open_patched(miniature), ["*"])
    assert contents(miniature) == before


def test_commands_take_lists_and_patterns(miniature: Path) -> None:
    made = run("apply", miniature, "--only", "*", "--skip", "main-3,main-4")
    assert made.stdout == f"{miniature}: made {RULES - 2} edits in {FILES} files\n"
    undone = run("revert", miniature, "--only", "main-[56],utils-1")
    assert undone.stdout == f"{miniature}: undid main-5, main-6, utils-1, 2 files written\n"
    both = run("rules", "main-3,main-4").stdout
    assert both == f"{run('rules', 'main-3').stdout}\n{run('rules', 'main-4').stdout}"
    both = run("status", miniature, "--explain", "main-3,main-4").stdout
    one, other = (run("status", miniature, "--explain", id_).stdout for id_ in ("main-3", "main-4"))
    assert both == f"{one}\n{other}"
