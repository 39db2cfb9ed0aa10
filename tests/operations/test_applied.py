"""`status` shows the packs that were applied; the commands that edit keep their default."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from patcher.errors import PackError
from patcher.operations.applied import AppliedPacks, applied_packs, unknown_packs
from patcher.resources import VENDOR
from tests import receipts
from tests.cli.conftest import CopyPack, copy_pack
from tests.commands import contents, run
from tests.counts import RULES
from tests.rule_check import PACKS

__all__ = ["copy_pack"]

ORDERS = [
    ["supplement"],
    ["supplement", "documented"],
    ["documented", "tensorflow_2_15"],
    ["tensorflow_2_15", "documented", "supplement"],
]
UNKNOWN = (
    "the receipt: names the pack mine, which is not known here, "
    "expected the packs that were applied; pass --pack FOLDER, or install it\n"
)


def count(packs: Sequence[str]) -> int:
    return sum(len(list(PACKS[pack].entries())) for pack in packs)


@pytest.mark.parametrize("packs", ORDERS, ids=" then ".join)
def test_status_shows_all_packs_that_were_applied(packs: list[str], miniature: Path) -> None:
    for pack in packs:
        run("apply", miniature, "--pack", pack)
    assert applied_packs(miniature) == AppliedPacks(tuple(packs))
    assert applied_packs(miniature / "efficientdet") == AppliedPacks(tuple(packs))
    result = run("status", miniature)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith(f": {count(packs)} applied\n")
    found = json.loads(run("status", miniature, "--json").stdout)
    assert found["packs"] == packs
    ids = {id_ for pack in packs for id_, _, _ in PACKS[pack].entries()}
    assert {rule["id"] for rule in found["rules"]} == ids


def test_each_of_several_trees_has_its_own(tmp_path: Path) -> None:
    trees = [tmp_path / f"tree-{index}" for index in range(len(ORDERS))]
    plain = shutil.copytree(VENDOR / "miniature", tmp_path / "plain")
    for tree, packs in zip(trees, ORDERS, strict=True):
        shutil.copytree(VENDOR / "miniature", tree)
        for pack in packs:
            run("apply", tree, "--pack", pack)
    result = run("status", plain, *trees)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        f"{plain}: {RULES} pending",
        *(f"{tree}: {count(packs)} applied" for tree, packs in zip(trees, ORDERS, strict=True)),
    ]
    found = map(json.loads, run("status", plain, *trees, "--json").stdout.splitlines())
    assert [each["packs"] for each in found] == [["documented"], *ORDERS]


def test_an_edit_that_is_pending_in_one_pack_is_shown(miniature: Path) -> None:
    for pack in PACKS:
        run("apply", miniature, "--pack", pack)
    run("revert", miniature, "--only", "supplement/utils-2")
    result = run("status", miniature)
    assert result.exit_code == 1
    assert result.stdout.endswith(f": 1 pending, {count([*PACKS]) - 1} applied\n")


@pytest.mark.parametrize(
    "others", [["documented"], ["tensorflow_2_15"], ["documented", "tensorflow_2_15"]]
)
def test_a_pack_that_is_not_known_is_named_and_the_others_shown(
    others: list[str], miniature: Path, tmp_path: Path, copy_pack: CopyPack
) -> None:
    run("apply", miniature, "--pack", copy_pack("mine"))
    for pack in others:
        run("apply", miniature, "--pack", pack)
    assert applied_packs(miniature) == AppliedPacks(tuple(others), ("mine",))
    result = run("status", miniature)
    assert (result.exit_code, result.stderr) == (0, UNKNOWN)
    assert result.stdout.endswith(f": {count(others)} applied\n")
    result = run("status", miniature, "--json")
    assert (json.loads(result.stdout)["packs"], result.stderr) == (others, UNKNOWN)
    plain = shutil.copytree(VENDOR / "miniature", tmp_path / "plain")
    result = run("status", plain, miniature)
    assert result.stderr == f"{miniature}: {UNKNOWN}"
    assert result.stdout.splitlines()[1] == f"{miniature}: {count(others)} applied"


def test_packs_of_which_none_is_known_are_an_error(miniature: Path, copy_pack: CopyPack) -> None:
    folder = copy_pack("mine")
    run("apply", miniature, "--pack", folder)
    for command in ("status", "verify"):
        result = run(command, miniature)
        assert (result.exit_code, result.stdout, result.stderr) == (4, "", UNKNOWN)
        assert run(command, miniature, "--pack", folder).exit_code == 0
    assert run("status", miniature, "--pack", "documented").exit_code == 1


def test_apply_names_the_packs_whose_edits_may_be_in_the_way(
    miniature: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pack.toml").write_text('title = "Mine"\nrevises = "documented"\n')
    (folder / "main.toml").write_text(
        '[[rule]]\nitem = 3\nwhy = "To try it."\nwhose = "ours"\n'
        "before = \"flags.DEFINE_bool('use_tpu', True,\"\n"
        "after = \"flags.DEFINE_bool('use_tpu', None,\"\n"
    )
    assert run("apply", miniature, "--pack", folder).exit_code == 0
    result = run("apply", miniature)
    assert result.exit_code == 3
    assert result.stderr.splitlines()[0] == (
        f"{miniature}: has edits of mine, which effpatch cannot find by name; to use that pack, "
        "pass --pack FOLDER"
    )


def test_a_pack_that_was_edited_since_is_named(miniature: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pack.toml").write_text('title = "Mine"\nrevises = "documented"\n')
    assert run("apply", miniature, "--pack", folder).exit_code == 0
    (folder / "main.toml").write_text(
        '[[rule]]\nitem = 3\nwhy = "To try it."\nwhose = "ours"\n'
        "before = \"flags.DEFINE_bool('use_tpu', True,\"\n"
        "after = \"flags.DEFINE_bool('use_tpu', None,\"\n"
    )
    result = run("apply", miniature, "--pack", folder)
    assert result.exit_code == 3
    assert result.stderr.splitlines()[0] == (
        f"{miniature}: mine was edited after it was applied here; "
        "to apply it as it is now, run `effpatch revert` first"
    )
    differs = "the rules of mine have changed since the edits were made"
    assert differs in run("verify", miniature, "--pack", folder).stderr
    assert run("revert", miniature).exit_code == 0


def test_several_packs_that_are_not_known_are_one_sentence() -> None:
    error = unknown_packs(["mine", "yours"])
    assert isinstance(error, PackError)
    assert str(error) == (
        "the receipt: names mine and yours, which are not known here, "
        "expected the packs that were applied; pass --pack FOLDER, or install them"
    )


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"effpatch": "0.1.0"}'])
def test_a_receipt_of_no_use_is_said_once(content: str, miniature: Path) -> None:
    run("apply", miniature)
    receipts.write(miniature, content)
    assert applied_packs(miniature) == AppliedPacks()
    result = run("status", miniature)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)


@pytest.mark.parametrize(
    "packs", [["supplement"], ["tensorflow_2_15"], ["supplement", "tensorflow_2_15"]]
)
def test_diff_and_apply_keep_their_default(packs: list[str], miniature: Path) -> None:
    before = contents(miniature)
    for pack in packs:
        run("apply", miniature, "--pack", pack)
    found = json.loads(run("diff", miniature, "--json").stdout)
    assert (found["packs"], len(found["rules"])) == (["documented"], RULES)
    found = json.loads(run("apply", miniature, "--json").stdout)
    assert (found["packs"], found["summary"]["applied"]) == (["documented"], RULES)
    assert applied_packs(miniature) == AppliedPacks((*packs, "documented"))
    assert run("revert", miniature).exit_code == 0
    assert contents(miniature) == before
    assert applied_packs(miniature) == AppliedPacks()
    assert f"{RULES} pending" in run("status", miniature).stdout
