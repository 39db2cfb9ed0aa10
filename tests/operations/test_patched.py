"""Reverting by the receipt alone: which tree is meant, and packs that are not known any more."""

import shutil
from pathlib import Path

import pytest

from patcher.errors import PackError, TreeError
from patcher.operations.apply import apply
from patcher.operations.revert import open_patched, revert
from patcher.operations.select import select
from patcher.packs import load_pack
from patcher.resources import VENDOR
from patcher.transaction.journal import waits
from patcher.tree import state
from patcher.tree.files import Tree
from tests import receipts, small
from tests.commands import contents, git, run
from tests.operations.packs import foreign
from tests.transaction.kills import killed

UTILS = "efficientdet/utils.py"


@pytest.fixture
def mixed(miniature: Path) -> Path:
    """A tree with the edits of the default pack and of one that is not known by name."""
    for packs in ([load_pack("documented")], [foreign()]):
        tree, selection = select(packs).open(miniature)
        assert apply(selection, tree).written
    return miniature


def test_all_is_restored_without_the_pack(mixed: Path, tmp_path: Path) -> None:
    assert run("revert", mixed).exit_code == 0
    assert contents(mixed) == contents(VENDOR / "miniature")


def test_one_edit_is_undone_where_its_pack_is_known(mixed: Path) -> None:
    """In a file that the other pack has no rules for."""
    before = contents(mixed)
    assert run("revert", mixed, "--only", "normalization_v2-2").exit_code == 0
    assert {p for p, now in contents(mixed).items() if now != before[p]} == {
        "efficientdet/normalization_v2.py"
    }


@pytest.mark.parametrize("id_", ["mine/utils-2", "utils-1"], ids=["its rule", "its file"])
def test_an_unknown_pack_is_named_where_its_rules_are_needed(id_: str, mixed: Path) -> None:
    before = contents(mixed)
    result = run("revert", mixed, "--only", id_)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert result.stderr.startswith("mine: no pack of this name is known, but mine/utils-")
    assert "pass --pack FOLDER, or install" in result.stderr
    assert contents(mixed) == before
    revert(open_patched(mixed), [id_], [foreign()])
    assert {p for p, now in contents(mixed).items() if now != before[p]} == {UTILS}


def test_another_pack_of_that_name_is_noticed(mixed: Path) -> None:
    before = contents(mixed)
    other = load_pack("tensorflow_2_15")
    changed = foreign().sections[:1] + other.sections
    pack = type(other)("mine", changed)
    with pytest.raises(TreeError, match=r"^mine: the edits were made by other rules"):
        revert(open_patched(mixed), ["mine/utils-2"], [pack])
    assert contents(mixed) == before


def test_an_edit_by_hand_takes_the_rules_of_its_file_alone(mixed: Path) -> None:
    """When a pack is applied on top of it, what was there before is worked out by the rules."""
    newer = load_pack("tensorflow_2_15")
    utils = mixed / UTILS
    by_hand = utils.read_bytes() + b"# mine\n"
    for path in (UTILS, "efficientdet/main.py"):
        (mixed / path).write_bytes((mixed / path).read_bytes() + b"# mine\n")
    tree, selection = select([newer], skip=["tensorflow_2_15/normalization-1"]).open(mixed)
    with pytest.raises(PackError, match=r"^mine: no pack of this name is known"):
        apply(selection, tree)
    assert utils.read_bytes() == by_hand
    tree, selection = select([newer], ["tensorflow_2_15/normalization-1"]).open(mixed)
    assert apply(selection, tree).written == ("efficientdet/normalization.py",)


@pytest.mark.parametrize("inside", ["", "efficientdet"])
def test_a_tree_is_found_by_its_root_folder_too(inside: str, mixed: Path) -> None:
    assert open_patched(mixed / inside).root == mixed
    assert run("revert", mixed / inside).exit_code == 0
    assert contents(mixed) == contents(VENDOR / "miniature")


def test_a_folder_that_holds_a_part_of_the_edits_is_no_tree(mixed: Path) -> None:
    before = contents(mixed)
    result = run("revert", mixed / "efficientdet" / "horovod_estimator")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "you have no receipt for this tree, expected a tree that" in result.stderr
    assert contents(mixed) == before


def test_a_receipt_outside_the_repository_is_not_followed(mixed: Path) -> None:
    git(mixed / "efficientdet", "init", "--quiet")
    with pytest.raises(TreeError, match="you have no receipt for this tree"):
        open_patched(mixed / "efficientdet")


def test_what_is_no_folder_is_no_tree(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match="no such folder"):
        open_patched(tmp_path / "nowhere")


def test_a_run_that_was_killed_is_found_by_its_journal(tmp_path: Path) -> None:
    """From the root folder too, where the receipt is not there yet."""
    start, pack = small.tree(tmp_path / "tree"), small.pack(tmp_path / "pack")
    ways = set()
    for tree in killed(start, lambda copy: run("apply", copy, *pack, *small.SOME)):
        found = Tree(str(tree), tree)
        if state.RECEIPT not in state.names(found) and waits(state.names(found)):
            result = run("revert", tree / small.ROOT)
            ways.add((result.exit_code, result.stderr.rpartition("; ")[2]))
            assert contents(tree) == contents(start)
            assert state.names(found) == []
    name = "name the folder that was patched, or restore the files with git\n"
    assert ways == {(4, name), (0, "it was finished\n")}


def test_the_receipt_of_a_tree_comes_before_one_around_it(mixed: Path) -> None:
    inner = shutil.copytree(VENDOR / "miniature", mixed / "efficientdet" / "inner")
    assert run("apply", inner).exit_code == 0
    assert open_patched(inner).root == inner
    receipt = receipts.values(inner)
    assert all(not path.startswith("efficientdet/inner") for path in receipt["files"])
