"""Several packs on one tree, named at once or one after another."""

import json
import shutil
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from patcher.resources import RULES
from tests.commands import contents, run
from tests.counts import EVERY_FILE, EVERY_RULE
from tests.rule_check import PACKS, REVISIONS, SHIPPED

EVERY = [part for pack in PACKS for part in ("--pack", pack)]


def test_packs_named_at_once(miniature: Path) -> None:
    before = contents(miniature)
    done = json.loads(run("apply", miniature, *EVERY, "--json").stdout)
    assert (set(done["written"]), done["summary"]["applied"]) == (EVERY_FILE, EVERY_RULE)
    assert f"{EVERY_RULE} applied" in run("status", miniature, *EVERY).stdout
    assert run("revert", miniature).exit_code == 0
    assert contents(miniature) == before


@pytest.mark.parametrize("order", list(permutations(PACKS)), ids=" then ".join)
def test_packs_one_after_another(order: tuple[str, ...], miniature: Path) -> None:
    before = contents(miniature)
    for pack in order:
        done = run("apply", miniature, "--pack", pack)
        assert (done.exit_code, done.stderr) == (0, "")
    for pack in order:
        status = run("status", miniature, "--pack", pack)
        assert (status.exit_code, status.stderr) == (0, "")
    assert run("revert", miniature).exit_code == 0
    assert contents(miniature) == before


def test_one_edit_of_one_pack_is_undone(miniature: Path) -> None:
    run("apply", miniature)
    alone = contents(miniature)
    run("apply", miniature, "--pack", "supplement")
    ids = [id_ for id_, _, _ in PACKS["supplement"].entries() if id_ != "supplement/utils-1"]
    undone = run("revert", miniature, *(part for id_ in ids for part in ("--only", id_)))
    assert undone.exit_code == 0, undone.stderr
    assert contents(miniature) == alone


def test_edits_by_hand_between_two_packs_are_kept(
    miniature: Path, rewrite: Callable[[str, str, str], Path]
) -> None:
    run("apply", miniature)
    file = rewrite("utils.py", "def focal_loss(", "# mine\ndef focal_loss(")
    by_hand = file.read_bytes()
    run("apply", miniature, "--pack", "supplement")
    assert file.read_bytes() != by_hand
    undone = run("revert", miniature, "--only", "supplement/utils-2")
    assert undone.exit_code == 0, undone.stderr
    assert file.read_bytes() == by_hand


def test_a_file_of_another_pack_is_named_once_it_is_edited(
    miniature: Path, rewrite: Callable[[str, str, str], Path]
) -> None:
    run("apply", miniature)
    rewrite("main.py", "def evaluate(", "# mine\ndef evaluate(")
    done = run("status", miniature, "--pack", "tensorflow_2_15")
    assert done.stderr == "efficientdet/main.py: edited since it was patched\n"


@pytest.mark.usefixtures("author")
def test_one_pack_of_two_is_exported(miniature: Path, tmp_path: Path) -> None:
    run("apply", miniature, *EVERY)
    series = tmp_path / "series"
    done = run("export", miniature, "--pack", "tensorflow_2_15", "-o", series)
    patches = len(list(PACKS["tensorflow_2_15"].entries()))
    assert done.stdout == f"{series}: {patches} patches for `git am`\n"


def test_no_id_is_cut(miniature: Path) -> None:
    for output in (run("rules", *EVERY).stdout, run("status", miniature, *EVERY).stdout):
        for pack in PACKS.values():
            assert all(f"  {id_} " in output for id_, _, _ in pack.entries())


def test_a_rule_of_another_pack_is_explained() -> None:
    text = run("rules", "supplement/hooks-1", "--pack", "supplement").stdout
    assert "supplement/hooks.py, item 1 (changed)" in text


REVISED = [
    (first, second)
    for first in ("documented", *REVISIONS)
    for second in ("documented", *REVISIONS)
    if first != second
]


@pytest.mark.parametrize(("first", "second"), REVISED, ids=" then ".join)
def test_of_revisions_a_tree_has_one(first: str, second: str, miniature: Path) -> None:
    """What they have in common is applied; where they differ, nothing is pending by mistake."""
    run("apply", miniature, "--pack", first)
    before = contents(miniature)
    plan = json.loads(run("status", miniature, "--pack", second, "--json").stdout)
    states = {rule["id"]: rule["state"] for rule in plan["rules"]}
    had = {(s.path, rule.before, rule.after) for _, s, rule in SHIPPED[first].entries()}
    assert len(states) == len([*SHIPPED[second].entries()])
    for id_, section, rule in SHIPPED[second].entries():
        if (section.path, rule.before, rule.after) in had:
            assert states[id_] == "applied"
    done = run("apply", miniature, "--pack", second)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr == (
        f"{miniature}: has edits of {first}, and {second} is a revision of the same document, "
        f"expected only edits of {second}; run `effpatch revert {miniature}` first\n"
    )
    assert contents(miniature) == before
    run("revert", miniature)
    assert run("apply", miniature, "--pack", second).exit_code == 0


def test_revisions_are_not_applied_together(miniature: Path) -> None:
    first, second = REVISED[0]
    done = run("apply", miniature, "--pack", first, "--pack", second)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"--pack: {first} and {second} are revisions of one pack")


@pytest.mark.parametrize("pack", REVISIONS)
def test_a_revision_holds_on_the_pin(pack: str, upstream: Path) -> None:
    """Alone and with all other packs but the one that it revises."""
    before = contents(upstream)
    others = [name for name in PACKS if name != REVISIONS[pack].revises[-1]]
    for packs in ([pack], [pack, *others]):
        named = [part for name in packs for part in ("--pack", name)]
        assert run("apply", upstream, *named).exit_code == 0
        verified = run("verify", upstream)
        assert (verified.exit_code, verified.stderr) == (0, "")
        assert run("revert", upstream).exit_code == 0
        assert contents(upstream) == before


def test_a_pack_in_a_folder_is_known_by_its_revision(miniature: Path, tmp_path: Path) -> None:
    own, later = shutil.copytree(RULES / "documented", tmp_path / "own"), tmp_path / "later"
    settings = (own / "pack.toml").read_text("utf-8")
    (own / "pack.toml").write_text(settings.replace('name = "documented"', 'name = "own"'), "utf-8")
    later.mkdir()
    (later / "pack.toml").write_text('title = "later"\nrevises = "own"\n')
    assert run("apply", miniature, "--pack", own).exit_code == 0
    done = run("apply", miniature, "--pack", later)
    assert (done.exit_code, done.stdout) == (4, "")
    found = "has edits of own, and later is a revision of the same document"
    assert f"{miniature}: {found}" in done.stderr
