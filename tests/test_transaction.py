import os
from pathlib import Path

import pytest

from patcher import engine, transaction
from patcher.errors import OutsideTree, Unwritable
from patcher.model import TreePlan
from patcher.tree import Tree, open_tree
from tests.checks import DOCUMENTED, MINIATURE
from tests.commands import contents


@pytest.fixture
def planned(miniature: Path) -> tuple[Tree, TreePlan]:
    """The miniature and its plan."""
    tree = open_tree(miniature, MINIATURE)
    return tree, engine.plan([DOCUMENTED], tree.read(MINIATURE))


def test_writes_every_file_and_leaves_nothing_else(planned: tuple[Tree, TreePlan]) -> None:
    tree, plan = planned
    names = contents(tree.root).keys()
    assert transaction.commit(tree, plan.changed) == tuple(MINIATURE)
    after = contents(tree.root)
    assert after.keys() == names
    assert {file.path: file.after for file in plan.files}.items() <= after.items()


@pytest.mark.parametrize("count", range(9))
def test_a_rename_that_fails_leaves_the_old_tree(
    count: int, planned: tuple[Tree, TreePlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, plan = planned
    before = contents(tree.root)
    replace, calls = os.replace, iter(range(100))

    def fail(source: Path, target: Path) -> None:
        if next(calls) == count:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(Unwritable, match=r"^efficientdet/.*\(no space left on device\)"):
        transaction.commit(tree, plan.changed)
    assert contents(tree.root) == before


def test_a_file_that_changed_meanwhile_is_not_overwritten(planned: tuple[Tree, TreePlan]) -> None:
    tree, plan = planned
    file = tree.root / "efficientdet" / "utils.py"
    file.write_text("mine\n")
    before = contents(tree.root)
    with pytest.raises(Unwritable, match=r"utils.py: .* changed since it was read"):
        transaction.commit(tree, plan.changed)
    assert contents(tree.root) == before


def test_a_file_that_became_a_link_is_not_followed(planned: tuple[Tree, TreePlan]) -> None:
    tree, plan = planned
    file = tree.root / "efficientdet" / "utils.py"
    outside = tree.root.parent / "outside.py"
    file.rename(outside)
    file.symlink_to(outside)
    with pytest.raises(OutsideTree):
        transaction.commit(tree, plan.changed)
    assert outside.read_bytes() == MINIATURE["efficientdet/utils.py"]
