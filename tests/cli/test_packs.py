"""Selecting packs: by name or folder, for one command or for any, and by the ids of their rules."""

import json
import os
from pathlib import Path

import pytest

from patcher.packs import DEFAULT, known_packs
from tests import small
from tests.cli.conftest import CopyPack
from tests.commands import INSTALLED, contents, git, process, run
from tests.counts import RULES


def test_a_pack_is_selected_by_its_name(miniature: Path) -> None:
    status = json.loads(run("status", miniature, "--json", "--pack", "supplement").stdout)
    assert status["packs"] == ["supplement"]
    assert {rule["id"].partition("/")[0] for rule in status["rules"]} == {"supplement"}


def test_a_pack_is_selected_by_its_folder(miniature: Path, copy_pack: CopyPack) -> None:
    folder = copy_pack("mine")
    status = json.loads(run("status", miniature, "--json", "--pack", folder).stdout)
    assert status["packs"] == ["mine"]
    assert {rule["id"].partition("/")[0] for rule in status["rules"]} == {"mine"}
    one = run("apply", miniature, "--pack", folder, "--only", "mine/hooks-1")
    assert "made 1 edit in 1 file\n" in one.stdout


def test_a_pack_named_before_the_command_is_its_default(miniature: Path) -> None:
    inside = run("status", miniature, "--pack", "supplement").stdout
    assert run("--pack", "supplement", "status", miniature).stdout == inside
    assert run("--pack", "supplement", "rules").stdout.endswith(" rules\n")


def test_a_command_prefers_its_own_pack(miniature: Path) -> None:
    status = run("--pack", "supplement", "status", miniature, "--pack", DEFAULT, "--json").stdout
    assert json.loads(status)["packs"] == [DEFAULT]


def test_several_packs_in_their_order(miniature: Path) -> None:
    options = ["--pack", "supplement", "--pack", DEFAULT, "--pack", "supplement"]
    status = json.loads(run("status", miniature, "--json", *options).stdout)
    assert status["packs"] == ["supplement", DEFAULT]


@pytest.mark.parametrize("command", ["fetch", "status", "diff", "apply", "export", "rules"])
def test_an_unknown_pack(command: str, tmp_path: Path) -> None:
    words = {"fetch": [], "rules": [], "export": [str(tmp_path), "-o", str(tmp_path / "new")]}
    result = run(command, *words.get(command, [str(tmp_path)]), "--pack", "suplement")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert result.stderr.startswith("pack suplement: no pack of this name, ")
    assert result.stderr.endswith("; did you mean supplement?\n")


def test_a_file_of_a_pack_is_not_its_folder(miniature: Path, copy_pack: CopyPack) -> None:
    file = Path(copy_pack("mine")) / "pack.toml"
    result = run("status", miniature, "--pack", file)
    said = f"{file}: is a file, expected the folder of a pack; name {file.parent}\n"
    assert (result.exit_code, result.stderr) == (4, said)


def test_packs_for_different_upstreams(miniature: Path, copy_pack: CopyPack) -> None:
    other = copy_pack("other", upstream=f'{{ repository = "elsewhere", commit = "{"0" * 40}" }}')
    for command in (["apply", str(miniature)], ["fetch"]):
        result = run(*command, "--pack", DEFAULT, "--pack", other)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"--pack: {DEFAULT} and other are for different upstreams")


def test_two_packs_of_one_name(miniature: Path, copy_pack: CopyPack) -> None:
    one, two = copy_pack("one/mine"), copy_pack("two/mine")
    result = run("status", miniature, "--pack", one, "--pack", two)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith("mine: two packs of this name")


def test_a_rule_named_with_its_pack_needs_no_other_option(miniature: Path) -> None:
    result = run("apply", miniature, "--only", "supplement/hooks-1", "--json")
    status = json.loads(result.stdout)
    assert (status["packs"], status["summary"]["applied"]) == (["supplement"], 1)
    ids = ["supplement/hooks-1", f"{DEFAULT}/main-3"]
    words = (word for id_ in ids for word in ("--only", id_))
    status = json.loads(run("status", miniature, "--pack", DEFAULT, "--json").stdout)
    assert status["summary"]["pending"] == RULES
    assert "made 1 edit in 1 file (1 already applied)" in run("apply", miniature, *words).stdout


def test_an_edit_of_two_packs_is_that_of_the_first(miniature: Path) -> None:
    packs = ("--pack", DEFAULT, "--pack", "supplement")
    status = run("status", miniature, *packs).stdout
    assert "supplement/utils-1             applied" in status
    assert "import horovod_enabled (made by utils-1)\n" in status
    assert status.endswith(" pending, 1 made by others\n")
    rules = json.loads(run("status", miniature, *packs, "--json").stdout)["rules"]
    shared = {rule["id"]: rule["made_by"] for rule in rules if rule["made_by"]}
    assert shared == {"supplement/utils-1": "utils-1"}
    number = len(rules) - 1
    said = run("apply", miniature, *packs).stdout
    assert f"made {number} edits in 12 files (1 made by another rule)" in said
    assert "made by" not in run("status", miniature, *packs).stdout


def test_a_rule_is_undone_by_its_long_id(miniature: Path) -> None:
    run("apply", miniature)
    patched = contents(miniature)
    result = run("revert", miniature, "--only", f"{DEFAULT}/main-3")
    assert result.stdout == f"{miniature}: undid main-3, 1 file written\n"
    changed = {path for path, content in contents(miniature).items() if content != patched[path]}
    assert changed == {"efficientdet/main.py"}


def test_the_pin_is_that_of_the_packs(repository: Path, copy_pack: CopyPack) -> None:
    head = git(repository, "rev-parse", "HEAD").strip()
    mine = copy_pack("mine", upstream=f'{{ repository = "elsewhere", commit = "{head}" }}')
    for place, pinned in ((mine, True), (DEFAULT, False)):
        status = json.loads(run("status", repository, "--json", "--pack", place).stdout)
        assert (status["commit"], status["pinned"]) == (head, pinned)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("", [f"plain,{name}" for name in known_packs()], id="names"),
        pytest.param("sup", ["plain,supplement"], id="a-name"),
        pytest.param("./mi", ["dir,./mi"], id="a-folder"),
    ],
)
def test_completion_offers_packs(typed: str, offered: list[str]) -> None:
    words = f"effpatch status --pack {typed}"
    more = {"_EFFPATCH_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "3"}
    done = process(INSTALLED, env={**os.environ, **more})
    assert done.stdout.splitlines() == offered


@pytest.mark.parametrize("command", ["status", "rules", "coverage"])
def test_a_pack_without_rules(command: str, tmp_path: Path) -> None:
    options = small.pack(tmp_path / "pack")
    for section in ("app", "tools"):
        (tmp_path / "pack" / f"{section}.toml").write_text(f'path = "src/{section}.py"\n')
    (tmp_path / "CHANGES.md").write_text("# Changes\n")
    more: dict[str, list[str | Path]] = {"status": [tmp_path], "rules": []}
    more["coverage"] = ["--doc", tmp_path / "CHANGES.md"]
    result = run(command, *more[command], *options)
    said = "small: the pack has no rules, expected at least one; write one first\n"
    assert (result.exit_code, result.stdout, result.stderr) == (4, "", said)
