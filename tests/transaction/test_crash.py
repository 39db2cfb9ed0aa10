"""A run over files that is killed before each of its changes in turn."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher import transaction
from patcher.errors import RecoveryError, WriteError
from patcher.transaction import hold, renames
from patcher.tree import state
from patcher.tree.files import Change, Tree
from tests.transaction.kills import killed, killed_at
from tests.transaction.test_transaction import AFTER, CHANGES, FILES, everything, planted

STAGES = ("staging", "renaming", "finishing", "undoing")
CutOff = Callable[[str, int], Tree]


def run_of(root: Path) -> None:
    """A run that makes all changes."""
    with hold(Tree(str(root), root), "a test") as held:
        held.commit(CHANGES)


def failing_run_of(root: Path) -> None:
    """A run that cannot put one of its files in place, in a process of its own."""
    rename = renames._rename

    def refuse(source: str, target: str, folders: tuple[int, int], how: int) -> bool:
        if target == "b.py" and source.endswith(".new"):
            raise OSError(5, "Input/output error")
        return bool(rename(source, target, folders, how))

    renames._rename = refuse
    run_of(root)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Tree]]:
    """Trees in which a run was killed, in order, by the stage that its journal says."""
    found: dict[str, list[Tree]] = {stage: [] for stage in ("", *STAGES)}
    for name, run in (("made", run_of), ("failed", failing_run_of)):
        start = planted(tmp_path_factory.mktemp(name) / "tree").root
        for root in killed(start, run):
            stage = next((each for each in STAGES if journal(root, each).exists()), "")
            if name == "made" or stage == "undoing":
                found[stage].append(Tree(str(root), root))
    return found


@pytest.fixture
def cut_off(runs: dict[str, list[Tree]], tmp_path: Path) -> CutOff:
    """A copy of a tree in which a run was killed some changes after its journal said a stage."""
    return lambda stage, changes: copied(runs[stage][changes], tmp_path / f"{stage}-{changes}")


def copied(tree: Tree, root: Path) -> Tree:
    """A copy of a tree with whatever a run has left in it, hard links among that."""
    subprocess.run(["cp", "-a", tree.root, root], check=True)
    return Tree(str(root), root.resolve())


def journal(root: Path, stage: str) -> Path:
    return root / ".git/effpatch" / f"journal.{stage}"


def test_a_run_is_old_or_new_wherever_it_is_killed(
    runs: dict[str, list[Tree]], cut_off: CutOff
) -> None:
    assert min(len(runs[stage]) for stage in STAGES) > 3
    assert sum(map(len, runs.values())) > 40
    for stage, trees in runs.items():
        done = set()
        for count in range(len(trees)):
            tree = cut_off(stage, count)
            said = transaction.recover(tree).rpartition("; it was ")[2]
            now = everything(tree)
            done.add((said, now == AFTER))
            assert now in (FILES, AFTER), (stage, count)
            assert state.names(tree) == []
            assert transaction.recover(tree) == ""
        finished = stage in ("renaming", "finishing")
        wanted = {("finished", True)} if finished else {("undone", False)}
        assert done == (wanted if stage else {("", False), ("", True)})


@pytest.mark.parametrize("stage", STAGES)
def test_a_recovery_may_be_killed_too(stage: str, cut_off: CutOff) -> None:
    """Killed in each stage, then before every change of its recovery, then recovered."""
    assert recovered_wherever_it_is_killed(cut_off(stage, 1), stage) > 5


@pytest.mark.long
@pytest.mark.parametrize("stage", STAGES)
def test_every_recovery_may_be_killed(
    stage: str, runs: dict[str, list[Tree]], cut_off: CutOff
) -> None:
    for count in range(len(runs[stage])):
        recovered_wherever_it_is_killed(cut_off(stage, count), stage)


def recovered_wherever_it_is_killed(start: Tree, stage: str) -> int:
    """How many changes a recovery makes that is killed before each of them in turn."""
    count, again = 0, True
    while again:
        tree = copied(start, start.root.with_name(f"{start.root.name}-{count}"))
        again = killed_at(count, lambda tree=tree: transaction.recover(tree))  # type: ignore[misc]
        transaction.recover(tree)
        wanted = AFTER if stage in ("renaming", "finishing") else FILES
        assert everything(tree) == wanted, count
        assert state.names(tree) == []
        count += 1
    return count


@pytest.mark.parametrize(
    ("changes", "edited", "wanted"),
    [
        pytest.param(0, "sub/b.py", FILES, id="before it was changed"),
        pytest.param(1, "a.py", AFTER, id="after it was changed"),
    ],
)
def test_what_was_edited_since_a_crash_is_kept(
    changes: int, edited: str, wanted: dict[str, bytes], cut_off: CutOff
) -> None:
    tree = cut_off("renaming", changes)
    (tree.root / "mine.py").write_bytes(b"mine\n")
    (tree.root / "mine.py").replace(tree.root / edited)
    transaction.recover(tree)
    assert everything(tree) == {**wanted, edited: b"mine\n"}


def test_edits_that_bar_both_ways_are_not_overwritten(cut_off: CutOff) -> None:
    tree = cut_off("renaming", 1)
    assert everything(tree)["a.py"] == AFTER["a.py"]
    assert everything(tree)["sub/b.py"] == FILES["sub/b.py"]
    for path in ("a.py", "sub/b.py"):
        (tree.root / path).unlink()
        (tree.root / path).write_bytes(b"mine\n")
    with pytest.raises(RecoveryError, match=r"a.py: edited since a run was interrupted") as said:
        transaction.recover(tree)
    assert (tree.root / "a.py").read_bytes() == b"mine\n"
    advice = re.search(r"move (\S+) in its place", str(said.value))
    assert advice
    (tree.root / advice[1]).replace(tree.root / "a.py")
    assert "it was undone" in transaction.recover(tree)
    assert everything(tree) == {**FILES, "sub/b.py": b"mine\n"}


def test_edits_that_bar_both_ways_are_said_where_nothing_is_kept(cut_off: CutOff) -> None:
    tree = cut_off("renaming", 1)
    for path in ("a.py", "sub/b.py"):
        (tree.root / path).unlink()
        (tree.root / path).write_bytes(b"mine\n")
    for file in (*tree.root.rglob("*.new"), *(tree.root / ".git/effpatch").glob("old.*")):
        file.unlink()
    with pytest.raises(RecoveryError, match="your copy elsewhere, restore the file and run"):
        transaction.recover(tree)
    assert (tree.root / "a.py").read_bytes() == b"mine\n"


STEPS = (
    '{"files": [{"target": "%s", "new": "%s", "old": "", "before": "", "after": "%s"}], '
    '"commits": null}'
)


@pytest.mark.parametrize("stage", ["staging", "renaming", "finishing", "undoing"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[", id="cut off"),
        pytest.param('{"a": 1}', id="another thing"),
        pytest.param(
            STEPS % ("a.py", "../victim", ""),
            id="about a file outside",
        ),
        pytest.param(STEPS % ("a.py", "sub/b.py", ""), id="about a file of another folder"),
        pytest.param(
            STEPS % ("../planted", "a.py", "z"),
            id="to a place outside",
        ),
        pytest.param(STEPS % ("a\\u0000.py", "", "z"), id="of no name"),
        pytest.param(STEPS % ("a\\ud800.py", "", "z"), id="of no name that can be written"),
        pytest.param("[" * 100_000, id="deeply nested"),
        pytest.param('{"files": [], "commits": {"branch": "HEAD"}}', id="of no commits"),
        pytest.param(
            '{"files": [], "commits": {"branch": "", "base": "--all", "tip": "x", '
            '"before": {}, "after": {}}}',
            id="of commits that git would take for options",
        ),
    ],
)
def test_what_is_no_journal_of_the_tree_is_not_followed(
    stage: str, text: str, tmp_path: Path
) -> None:
    tree = planted(tmp_path / "tree")
    (tmp_path / "victim").write_text("mine")
    folder = tree.root / ".git/effpatch"
    folder.mkdir()
    (folder / f"journal.{stage}").write_text(text)
    with pytest.raises(RecoveryError, match="not a journal"):
        transaction.recover(tree)
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (tmp_path / "planted").exists()
    assert everything(tree) == FILES


@pytest.mark.parametrize(
    ("stage", "changes", "found", "after"),
    [
        pytest.param("renaming", 1, "changed files; it was finished", AFTER, id="finished"),
        pytest.param("undoing", 1, "undid its changes; it was undone", FILES, id="undone"),
    ],
)
def test_whoever_takes_the_lock_recovers_first(
    stage: str, changes: int, found: str, after: dict[str, bytes], cut_off: CutOff
) -> None:
    tree = cut_off(stage, changes)
    assert everything(tree) != after
    with hold(tree, "a test") as held:
        assert everything(tree) == after
        assert found in held.recovered
    with hold(tree, "a test") as held:
        assert held.recovered == ""


def test_a_change_on_top_of_a_crash_is_made_whole(cut_off: CutOff) -> None:
    tree = cut_off("renaming", 1)
    with hold(tree, "a test") as held:
        held.commit([Change("a.py", AFTER["a.py"], b"a = 3\n")])
    assert everything(tree) == {**AFTER, "a.py": b"a = 3\n"}


def test_an_edit_after_a_crash_before_any_change_is_kept(cut_off: CutOff) -> None:
    tree = cut_off("staging", 1)
    (tree.root / "mine.py").write_bytes(b"mine\n")
    (tree.root / "mine.py").replace(tree.root / "a.py")  # as editors save
    assert "it was undone" in transaction.recover(tree)
    assert everything(tree) == {**FILES, "a.py": b"mine\n"}


def test_files_put_back_after_a_crash_have_the_run_undone(cut_off: CutOff) -> None:
    tree = cut_off("renaming", 1)
    assert everything(tree)["a.py"] == AFTER["a.py"]
    for path, content in FILES.items():  # as `git checkout .` does
        (tree.root / path).unlink(missing_ok=True)
        (tree.root / path).write_bytes(content)
    assert "while it changed files; it was undone" in transaction.recover(tree)
    assert everything(tree) == FILES


def test_a_folder_of_its_own_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    tree = planted(tmp_path / "tree")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "journal.new").write_text("mine")
    (tree.root / ".git/effpatch").symlink_to(outside)
    with pytest.raises(WriteError, match="cannot be written"), hold(tree, "a test"):
        pass
    assert transaction.recover(tree) == ""
    assert [file.name for file in outside.iterdir()] == ["journal.new"]


def test_a_lock_with_another_name_is_not_written(tmp_path: Path) -> None:
    tree = planted(tmp_path / "tree")
    (tmp_path / "outside").write_text("mine")
    (tree.root / ".git/effpatch").mkdir()
    os.link(tmp_path / "outside", tree.root / ".git/effpatch" / "lock")
    with hold(tree, "a test"):
        assert (tree.root / ".git/effpatch/lock").read_text().startswith("a test, process ")
    assert (tmp_path / "outside").read_text() == "mine"


def test_what_is_lost_after_a_crash_is_said(cut_off: CutOff) -> None:
    """Both files of a run are gone, and another was put back: it can neither end nor be undone."""
    tree = cut_off("renaming", 1)
    assert everything(tree)["a.py"] == AFTER["a.py"]
    for file in (*tree.root.rglob("*.new"), *(tree.root / ".git/effpatch").glob("old.*")):
        file.unlink()
    with pytest.raises(RecoveryError, match=r"a.py: changed by a run that was interrupted"):
        transaction.recover(tree)
    (tree.root / "a.py").write_bytes(FILES["a.py"])
    assert "it was undone" in transaction.recover(tree)
    assert everything(tree) == FILES


def test_edits_while_a_run_is_taken_back_are_kept(
    runs: dict[str, list[Tree]], cut_off: CutOff
) -> None:
    for count in range(len(runs["undoing"])):
        tree = cut_off("undoing", count)
        (tree.root / "mine.py").write_bytes(b"mine\n")
        (tree.root / "mine.py").replace(tree.root / "sub/b.py")
        assert "it was undone" in transaction.recover(tree)
        assert everything(tree) == {**FILES, "sub/b.py": b"mine\n"}
