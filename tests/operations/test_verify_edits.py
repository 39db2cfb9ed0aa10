"""`verify` counts the edits, and knows which are meant to be missing: by receipt or --expect."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import patcher
from tests import receipts
from tests.commands import contents, git, run
from tests.counts import EVERY_RULE, RULES
from tests.rule_check import PACKS

Rewrite = Callable[[str, str, str], Path]


def verified(tree: Path, *options: str) -> tuple[bool, str, list[str]]:
    """Whether the first check holds, what it says of the number, and which rules it names."""
    result = run("verify", tree, *options)
    row = result.stdout.splitlines()[1]
    found = json.loads(run("verify", tree, *options, "--json").stdout)
    check = found["checks"][0]
    assert (row.split()[0], check["name"]) == ("edits", "edits")
    assert row.endswith(check["note"])
    named = [each["text"].split()[0] for each in check["findings"]]
    assert result.exit_code == (0 if found["holds"] else 5)
    assert result.stderr.count(": edits: ") == len(named)
    missing, total = found["edits"]["missing"], found["edits"]["total"]
    assert check["note"].startswith(f"{total - len(missing)} of {total} edits")
    return check["holds"], check["note"], named


@pytest.mark.parametrize("packs", [["documented"], ["supplement"], [*PACKS]], ids=" and ".join)
def test_all_edits_of_the_packs_are_counted(packs: list[str], miniature: Path) -> None:
    run("apply", miniature, *(part for pack in packs for part in ("--pack", pack)))
    count = sum(len(list(PACKS[pack].entries())) for pack in packs)
    assert verified(miniature) == (True, f"{count} of {count} edits", [])
    assert verified(miniature, "--expect", str(count)) == (True, f"{count} of {count} edits", [])


@pytest.mark.parametrize("options", [["--only", "main-3"], ["--skip", "main-3"]], ids=" ".join)
def test_what_the_user_left_out_is_not_missed(options: list[str], miniature: Path) -> None:
    run("apply", miniature, *options)
    there = 1 if "--only" in options else RULES - 1
    note = f"{there} of {RULES} edits, {RULES - there} left out on purpose"
    assert verified(miniature) == (True, note, [])


@pytest.mark.parametrize(
    ("runs", "there", "left_out"),
    [
        pytest.param(["--only main-3", ""], RULES, 0, id="one, then all"),
        pytest.param(["--only main-3", "--only main-4"], 2, RULES - 2, id="one, then another"),
        pytest.param(["--only main-3", "--only main-3"], 1, RULES - 1, id="one twice"),
        pytest.param(["--skip main-3", ""], RULES, 0, id="all but one, then all"),
        pytest.param(["", "--skip main-3"], RULES, 0, id="all, then all but one"),
        pytest.param(["--skip main-3", "--skip main-4"], RULES, 0, id="all but one each time"),
        pytest.param(
            ["--skip main-3 --skip main-4", "--skip main-3"], RULES - 1, 1, id="fewer left out"
        ),
    ],
)
def test_several_runs_add_up(runs: list[str], there: int, left_out: int, miniature: Path) -> None:
    for options in runs:
        run("apply", miniature, *options.split())
    more = f", {left_out} left out on purpose" if left_out else ""
    assert verified(miniature) == (True, f"{there} of {RULES} edits{more}", [])


@pytest.mark.parametrize(
    ("name", "old", "new", "id_"),
    [
        pytest.param("main.py", "'use_tpu', True", "'use_tpu', 1", "main-3", id="drifted"),
        pytest.param("main.py", "'use_tpu'", "'tpu'", "main-3", id="absent"),
        pytest.param("hparams_config.py", "", "", "", id="none"),
    ],
)
def test_what_does_not_fit_was_asked_for(
    name: str, old: str, new: str, id_: str, miniature: Path
) -> None:
    file = miniature / "efficientdet" / name
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    run("apply", miniature, "--partial", "--no-verify")
    named = [id_] if id_ else []
    count = RULES - len(named)
    assert verified(miniature) == (not named, f"{count} of {RULES} edits", named)
    assert verified(miniature, "--expect", str(count))[::2] == (True, [])
    if id_:  # as its error says
        before = receipts.place(miniature).read_bytes()
        assert "nothing to do" in run("apply", miniature, "--skip", id_).stdout
        assert verified(miniature)[0]
        run("apply", miniature, "--partial")
        assert verified(miniature)[::2] == (False, named)
        assert receipts.place(miniature).read_bytes() == before


def test_a_run_with_nothing_to_do_leaves_the_receipt_alone(miniature: Path) -> None:
    run("apply", miniature)
    before = receipts.place(miniature).read_bytes()
    for options in ([], ["--skip", "main-3"], ["--only", "main-3"], ["--partial"]):
        assert "nothing to do" in run("apply", miniature, *options).stdout
        assert receipts.place(miniature).read_bytes() == before


def test_a_dry_run_chooses_nothing(miniature: Path) -> None:
    run("apply", miniature, "--only", "main-3")
    run("apply", miniature, "--dry-run")
    assert verified(miniature)[0]


@pytest.mark.parametrize("ids", [["main-3"], ["utils-1"], ["main-3", "hooks-6"]], ids=len)
def test_an_edit_that_was_undone_is_not_missed(ids: list[str], miniature: Path) -> None:
    run("apply", miniature)
    run("revert", miniature, *(part for id_ in ids for part in ("--only", id_)))
    count = len(ids)
    note = f"{RULES - count} of {RULES} edits, {count} left out on purpose"
    assert verified(miniature) == (True, note, [])
    run("apply", miniature)
    assert verified(miniature) == (True, f"{RULES} of {RULES} edits", [])


def test_files_restored_by_hand_are_patched_again(miniature: Path) -> None:
    before = contents(miniature)
    run("apply", miniature)
    for path, content in before.items():
        (miniature / path).write_bytes(content)
    assert "made 42 edits" in run("apply", miniature).stdout
    assert verified(miniature)[0]


def test_an_edit_of_a_file_restored_by_hand_can_be_skipped(miniature: Path) -> None:
    file = miniature / "efficientdet/main.py"
    before = file.read_bytes()
    run("apply", miniature)
    file.write_bytes(before)
    run("apply", miniature, "--skip", "main-3")
    note = f"{RULES - 1} of {RULES} edits, 1 left out on purpose"
    assert verified(miniature) == (True, note, [])


def test_another_revision_can_be_applied_to_files_restored_by_hand(miniature: Path) -> None:
    before = contents(miniature)
    run("apply", miniature)
    for path, content in before.items():
        (miniature / path).write_bytes(content)
    result = run("apply", miniature, "--pack", "documented_1_1")
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize(
    ("options", "there"),
    [
        pytest.param(["--skip", "main-3"], RULES - 1, id="one is skipped"),
        pytest.param(["--only", "main-3"], 1, id="one alone is made"),
        pytest.param([], RULES, id="what was skipped before is made"),
    ],
)
def test_a_run_on_files_restored_by_hand_is_the_first(
    options: list[str], there: int, miniature: Path
) -> None:
    """As after `git checkout .`, which leaves the receipt of the first run."""
    before = contents(miniature)
    run("apply", miniature, *([] if options else ["--skip", "main-4"]))
    for path, content in before.items():
        (miniature / path).write_bytes(content)
    run("apply", miniature, *options)
    more = f", {RULES - there} left out on purpose" if there < RULES else ""
    assert verified(miniature) == (True, f"{there} of {RULES} edits{more}", [])
    assert run("revert", miniature).exit_code == 0
    assert contents(miniature) == before


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        pytest.param("main.py", "'use_tpu', False", "'use_tpu', True", ["main-3"], id="a value"),
        pytest.param(
            "normalization_v2.py", "if horovod_enabled():", "if hvd is not None:",
            ["normalization_v2-2"], id="a test",
        ),
        pytest.param("horovod_estimator/hooks.py", "tag=tag", "tag='x'", ["hooks-6"], id="drift"),
        pytest.param("main.py", "'use_tpu', False", "'use_tpu',  False", [], id="layout alone"),
    ],
)  # fmt: skip
def test_an_edit_undone_by_hand_is_missed(
    name: str, old: str, new: str, named: list[str], miniature: Path
) -> None:
    run("apply", miniature)
    file = miniature / "efficientdet" / name
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")
    note = f"{RULES - len(named)} of {RULES} edits"
    assert verified(miniature) == (not named, note, named)
    result = run("verify", miniature)
    for id_ in named:
        line = text[: text.index(old)].count("\n") + 1
        assert f"efficientdet/{name}:{line}: edits: {id_} " in result.stderr
    assert run("verify", miniature, "--expect", str(RULES - len(named))).exit_code == 5, (
        "it is said to be there, and no rule accounts for what is"
    )


@pytest.mark.parametrize(
    ("damage", "count"),
    [
        pytest.param(lambda file: file.write_text("def\n"), 1, id="no Python"),
        pytest.param(lambda file: file.unlink(), 1, id="gone"),
        pytest.param(lambda file: file.write_bytes(b"\xff\n"), 1, id="in no encoding"),
    ],
)
def test_the_edits_of_a_file_that_is_spoiled_are_missed(
    damage: Callable[[Path], object], count: int, miniature: Path
) -> None:
    run("apply", miniature)
    damage(miniature / "efficientdet" / "utils.py")
    holds, note, named = verified(miniature)
    assert (holds, note, named) == (False, f"{RULES - count} of {RULES} edits", ["utils-1"])


def test_an_edit_that_the_upstream_had_is_there(miniature: Path, rewrite: Rewrite) -> None:
    rewrite("main.py", "'use_tpu', True", "'use_tpu', False")
    assert f"made {RULES - 1} edits" in run("apply", miniature).stdout
    assert verified(miniature) == (True, f"{RULES} of {RULES} edits", [])


def test_packs_applied_one_after_another_add_up(miniature: Path) -> None:
    for pack in PACKS:
        run("apply", miniature, "--pack", pack)
    assert verified(miniature) == (True, f"{EVERY_RULE} of {EVERY_RULE} edits", [])
    run("apply", miniature, "--only", "supplement/utils-1")
    assert verified(miniature)[0]


def test_rules_of_a_pack_named_by_their_ids_leave_out_its_others(miniature: Path) -> None:
    run("apply", miniature)
    run("apply", miniature, "--only", "supplement/utils-2", "--no-verify")
    # supplement/utils-1 is there as well: a documented edit has imported what it imports.
    others = len(list(PACKS["supplement"].entries())) - 2
    note = f"{RULES + 2} of {RULES + 2 + others} edits, {others} left out on purpose"
    assert verified(miniature) == (True, note, [])


def test_an_old_receipt_says_nothing_of_a_choice(miniature: Path) -> None:
    run("apply", miniature, "--only", "main-3", "--only", "main-4")
    values = receipts.values(miniature)
    assert len(values.pop("left_out")) == RULES - 2
    receipts.write(miniature, json.dumps(values))
    holds, note, named = verified(miniature)
    assert (holds, note, len(named)) == (False, f"2 of {RULES} edits", RULES - 2)
    assert verified(miniature, "--expect", "2")[::2] == (True, [])
    assert run("apply", miniature).exit_code == 0
    assert verified(miniature)[0]


@pytest.mark.parametrize("value", ["3", "[[1]]", '"main-3"', "null", "{}"])
def test_a_receipt_with_a_list_of_no_use_is_refused_or_read(value: str, miniature: Path) -> None:
    run("apply", miniature)
    text = receipts.text(miniature)
    assert text.count('"left_out": []') == 1
    receipts.write(miniature, text.replace('"left_out": []', f'"left_out": {value}'))
    result = run("verify", miniature)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith(f"{receipts.place(miniature)}: not a receipt of effpatch")


@pytest.mark.parametrize("options", [[], ["--only", "main-3"], ["--skip", "main-3"]], ids=len)
def test_without_a_receipt_all_edits_are_expected(options: list[str], repository: Path) -> None:
    run("apply", repository, *options, "--no-verify")
    git(repository, "add", "efficientdet")
    git(repository, "commit", "--quiet", "--message", "some edits")
    receipts.place(repository).unlink()
    there = {0: RULES, 2: 1 if "--only" in options else RULES - 1}[len(options)]
    holds, note, named = verified(repository)
    assert (holds, note) == (there == RULES, f"{there} of {RULES} edits")
    assert len(named) == RULES - there
    assert verified(repository, "--expect", str(there))[::2] == (True, [])


@pytest.mark.parametrize("expected", [0, RULES - 1, RULES + 1, 1000])
def test_another_number_than_expected_fails(expected: int, miniature: Path) -> None:
    run("apply", miniature)
    result = run("verify", miniature, "--expect", str(expected))
    assert result.exit_code == 5
    said = f"{RULES} of {RULES} edits are there, expected {expected}"
    assert result.stderr.startswith(f"--expect: edits: {said}; ")
    assert f"\n  --expect  {said}\n" in result.stdout
    assert result.stderr.count("\n") == 1


def test_the_advice_leads_to_a_tree_that_is_sound(miniature: Path) -> None:
    run("apply", miniature)
    file = miniature / "efficientdet/main.py"
    file.write_text(file.read_text("utf-8").replace("'use_tpu', False", "'use_tpu', True"))
    said = run("verify", miniature).stderr
    assert f"run `effpatch apply {miniature}`; or pass --expect 41 if" in said
    run("apply", miniature, "--allow-dirty")
    assert run("verify", miniature).exit_code == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        pytest.param(["--expect", "some"], "not a valid integer", id="no number"),
        pytest.param(["--expect", "-1"], "-1 is not in the range", id="negative"),
        pytest.param(["--expect", "42", "--against", "."], "cannot be used together", id="a port"),
    ],
)
def test_wrong_usage(options: list[str], sentence: str, miniature: Path) -> None:
    run("apply", miniature)
    result = run("verify", miniature, *options)
    assert (result.exit_code, sentence in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("expect", "holds"), [(None, True), (RULES - 1, True), (RULES, False), (3, False)]
)
def test_the_library_counts_as_well(expect: int | None, holds: bool, miniature: Path) -> None:
    patcher.apply(miniature, skip=["main-3"])
    edits = patcher.verify(miniature, expect=expect)[0]
    assert (edits.label, edits.holds) == ("edits", holds)
    assert re.match(rf"{RULES - 1} of {RULES} edits, 1 left out", edits.note)
