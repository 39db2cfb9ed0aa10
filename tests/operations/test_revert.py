import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from patcher.receipt import storage
from patcher.tree.files import Tree
from tests import receipts
from tests.commands import contents, git, process, run
from tests.counts import FILES, MADE, RULES
from tests.rule_check import DOCUMENTED

Rewrite = Callable[[str, str, str], Path]


def everything(tree: Path) -> dict[str, tuple[int, bytes]]:
    files = (file for file in tree.rglob("*") if file.is_file() and ".git" not in file.parts)
    return {str(f.relative_to(tree)): (f.stat().st_mode, f.read_bytes()) for f in files}


def states(tree: Path) -> dict[str, str]:
    status = json.loads(run("status", tree, "--json").stdout)
    return {rule["id"]: rule["state"] for rule in status["rules"]}


def test_apply_and_revert_are_nothing(miniature: Path) -> None:
    (miniature / "efficientdet" / "main.py").chmod(0o755)
    before = everything(miniature)
    run("apply", miniature)
    result = run("revert", miniature)
    assert result.stdout == f"{miniature}: restored, {FILES} files written\n"
    assert everything(miniature) == before


def test_apply_and_revert_are_nothing_to_git(repository: Path) -> None:
    run("apply", repository)
    run("revert", repository)
    assert git(repository, "status", "--porcelain") == ""


def test_apply_and_revert_are_nothing_on_the_pin(upstream: Path) -> None:
    before = everything(upstream)
    run("apply", upstream)
    assert run("revert", upstream).exit_code == 0
    assert everything(upstream) == before
    assert git(upstream, "status", "--porcelain") == ""


def test_goes_back_over_several_runs(miniature: Path) -> None:
    before = everything(miniature)
    run("apply", miniature, "--only", "main-3")
    run("apply", miniature)
    run("revert", miniature)
    assert everything(miniature) == before


FORMATS: list[Callable[[bytes], bytes]] = [
    lambda content: content.replace(b"\n", b"\r\n"),
    lambda content: b"\xef\xbb\xbf" + content,
    lambda content: content.rstrip(b"\n"),
    lambda content: content.replace(b"\n", b"\r\n", 5),
    lambda content: b"# -*- coding: latin-1 -*-\n# \xe9\n" + content,
    lambda content: content.replace(b"\n\n\n", b"\n\x0c\n\n"),
    lambda content: re.sub(rb"(?m)^ +", lambda m: b"\t" * (len(m[0]) // 2), content),
]


@pytest.mark.parametrize(
    "form", FORMATS, ids=["CRLF", "BOM", "no end", "mixed", "latin-1", "form feeds", "tabs"]
)
def test_formats_survive_there_and_back(form: Callable[[bytes], bytes], miniature: Path) -> None:
    for path in ("efficientdet/utils.py", "efficientdet/normalization_v2.py"):
        file = miniature / path
        file.write_bytes(form(file.read_bytes()))
    before = everything(miniature)
    first = (miniature / "efficientdet/utils.py").read_bytes().splitlines(keepends=True)
    assert run("apply", miniature).exit_code == 0
    after = (miniature / "efficientdet/utils.py").read_bytes().splitlines(keepends=True)
    assert len(after) == len(first)
    assert sum(one != two for one, two in zip(first, after, strict=True)) == 1
    run("revert", miniature)
    assert everything(miniature) == before


def test_a_file_edited_since_is_not_overwritten(miniature: Path) -> None:
    run("apply", miniature)
    file = miniature / "efficientdet" / "utils.py"
    file.write_text(file.read_text() + "# mine\n")
    before = everything(miniature)
    result = run("revert", miniature)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("efficientdet/utils.py: edited since it was patched")
    assert everything(miniature) == before
    assert "efficientdet/utils.py: edited since" in run("status", miniature).stderr
    assert "efficientdet/utils.py: edited since" in run("apply", miniature).stderr


def test_one_edit_is_undone_and_the_rest_stays(miniature: Path, rewrite: Rewrite) -> None:
    before = (miniature / "efficientdet" / "main.py").read_text()
    run("apply", miniature)
    rewrite("main.py", "def evaluate(", "# mine\ndef evaluate(")
    result = run("revert", miniature, "--only", "main-12")
    assert (result.exit_code, result.stdout) == (0, f"{miniature}: undid main-12, 1 file written\n")
    text = (miniature / "efficientdet" / "main.py").read_text()
    assert "# mine\n" in text
    assert "save_checkpoints_steps=600)" in text
    assert {i for i, state in states(miniature).items() if state == "pending"} == {"main-12"}
    (miniature / "efficientdet" / "main.py").write_text(text.replace("# mine\n", ""))
    assert run("revert", miniature).exit_code == 0
    assert (miniature / "efficientdet" / "main.py").read_text() == before


def kinds_first() -> list[ParameterSet]:
    """Every rule that no other builds on; those whose kind of edit has come before are long."""
    seen: set[tuple[str, str]] = set()
    rules = []
    for id_, _, rule in DOCUMENTED.entries():
        if id_ != "det_model_fn-4":
            kind = (rule.edit.kind, rule.verb)
            rules.append(pytest.param(id_, marks=pytest.mark.long if kind in seen else ()))
            seen.add(kind)
    return rules


@pytest.mark.parametrize("id_", kinds_first())
def test_every_edit_can_be_undone_alone(id_: str, miniature: Path) -> None:
    run("apply", miniature)
    patched = contents(miniature)
    assert run("revert", miniature, "--only", id_).exit_code == 0
    assert {i for i, state in states(miniature).items() if state != "applied"} == {id_}
    run("apply", miniature)
    assert contents(miniature) == patched


def test_an_edit_that_another_stands_on_stays(miniature: Path) -> None:
    run("apply", miniature)
    before = everything(miniature)
    result = run("revert", miniature, "--only", "det_model_fn-4")
    assert result.exit_code == 4
    assert "det_model_fn-4: det_model_fn-7 builds on it" in result.stderr
    assert everything(miniature) == before
    both = ("--only", "det_model_fn-4", "--only", "det_model_fn-7")
    assert run("revert", miniature, *both).exit_code == 0
    assert states(miniature)["det_model_fn-4"] == "pending"


def test_an_edit_by_hand_in_the_same_place_is_kept(miniature: Path, rewrite: Rewrite) -> None:
    run("apply", miniature)
    rewrite("main.py", "FLAGS.cp_every_n_steps)", "2 * FLAGS.cp_every_n_steps)")
    before = everything(miniature)
    result = run("revert", miniature, "--only", "main-12")
    assert result.exit_code == 4
    assert result.stderr.startswith("efficientdet/main.py: edited by hand where an edit is to")
    assert everything(miniature) == before


def test_undoing_the_last_edit_takes_the_receipt_away(miniature: Path) -> None:
    before = everything(miniature)
    run("apply", miniature, "--only", "main-3")
    run("revert", miniature, "--only", "main-3")
    assert everything(miniature) == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param((), "you have no receipt for this tree", id="never patched"),
        pytest.param(
            ("--only", "main-3"), "you have no receipt for this tree", id="never patched, one"
        ),
    ],
)
def test_there_may_be_nothing_to_go_back_to(
    arguments: tuple[str, ...], sentence: str, miniature: Path
) -> None:
    result = run("revert", miniature, *arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert sentence in result.stderr


def test_a_rule_that_was_not_applied_cannot_be_undone(miniature: Path) -> None:
    run("apply", miniature, "--only", "main-3")
    result = run("revert", miniature, "--only", "main-4")
    assert result.exit_code == 4
    assert result.stderr.startswith("main-4: not among the edits that effpatch made here")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: text[:100], id="cut off"),
        pytest.param(lambda text: "[]", id="another thing"),
        pytest.param(lambda text: text.replace('"before": "', '"before": "0'), id="wrong digest"),
        pytest.param(lambda text: text.replace('"original": "eJ', '"original": "AA'), id="noise"),
        pytest.param(lambda text: text.replace("/utils.py", "/u\\u0000.py"), id="NUL"),
        pytest.param(lambda text: text.replace("/utils.py", "/u\\ud800.py"), id="surrogate"),
        pytest.param(lambda text: text.replace("/utils.py", "/./utils.py"), id="two names"),
        pytest.param(lambda text: "[" * 100_000, id="nested"),
    ],
)
def test_a_damaged_receipt_is_said(damage: Callable[[str], str], miniature: Path) -> None:
    run("apply", miniature)
    receipts.write(miniature, damage(receipts.text(miniature)))
    for command in ("revert", "status", "apply"):
        result = run(command, miniature)
        assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
        assert result.stderr.startswith(f"{receipts.place(miniature)}: not a receipt of")


def test_other_rules_than_those_applied_are_noticed(miniature: Path) -> None:
    run("apply", miniature)
    values = receipts.values(miniature)
    values["packs"][0]["sha256"] = "0" * 64
    receipts.write(miniature, json.dumps(values))
    assert "made by other rules" in run("revert", miniature, "--only", "main-3").stderr
    assert run("revert", miniature).exit_code == 0


def test_a_tree_put_back_by_git_can_be_patched_again(repository: Path) -> None:
    run("apply", repository)
    git(repository, "checkout", "--quiet", ".")
    assert run("status", repository).stderr == ""
    assert MADE in run("apply", repository).stdout
    run("revert", repository)
    assert git(repository, "status", "--porcelain") == ""


def test_our_own_edits_are_no_uncommitted_work(repository: Path) -> None:
    run("apply", repository, "--only", "main-3")
    assert f"made {RULES - 1} edits" in run("apply", repository).stdout


def test_the_receipt_tells_what_the_files_tell(miniature: Path) -> None:
    """`status` of an untouched patched tree from the receipt, and from the files."""
    run("apply", miniature)
    told = run("status", miniature, "--json").stdout
    receipts.place(miniature).rename(miniature.parent / "aside.json")
    assert run("status", miniature, "--json").stdout == told


def test_the_receipt_of_another_version_is_not_believed(miniature: Path) -> None:
    """It may have known other states, or meant something else by them."""
    run("apply", miniature)
    applied = states(miniature)
    values = receipts.values(miniature)
    values["outcomes"][0]["state"] = "pending"
    receipts.write(miniature, json.dumps(values))
    assert states(miniature) != applied, "what it says is believed"
    values["effpatch"] = "0.0.1"
    receipts.write(miniature, json.dumps(values))
    assert states(miniature) == applied
    assert run("revert", miniature).exit_code == 0


def test_edits_that_the_rules_do_not_make_are_not_undone(miniature: Path) -> None:
    """The rules are the same, but what they leave is not what was recorded."""
    run("apply", miniature)
    values = receipts.values(miniature)
    values["files"]["efficientdet/main.py"]["after"] = "0" * 64
    receipts.write(miniature, json.dumps(values))
    before = everything(miniature)
    result = run("revert", miniature, "--only", "main-3")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("efficientdet/main.py: the edits were made by other rules")
    assert everything(miniature) == before


def test_an_untouched_patched_tree_needs_no_libcst(miniature: Path) -> None:
    run("apply", miniature)
    code = (
        "import sys\nfrom patcher.cli.main import main\n"
        f"try:\n    main(['COMMAND', {str(miniature)!r}])\nexcept SystemExit:\n    pass\n"
        "print('libcst' in sys.modules, 'git' in sys.modules)\n"
    )
    for command in ("status", "apply"):
        done = process(sys.executable, "-c", code.replace("COMMAND", command))
        assert done.stdout.splitlines()[-1] == "False False"


def test_the_receipt_says_what_was_done(upstream: Path) -> None:
    run("apply", upstream)
    receipt = storage.read(Tree(str(upstream), upstream))
    assert receipt is not None
    assert receipt.commit == git(upstream, "rev-parse", "HEAD").strip()
    assert list(receipt.files) == [section.path for section in DOCUMENTED.sections]
    assert sum(len(record.rules) for record in receipt.files.values()) == RULES


def test_a_symbolic_link_for_a_receipt_is_not_followed(miniature: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    receipts.place(miniature).parent.mkdir(parents=True)
    receipts.place(miniature).symlink_to(outside)
    result = run("apply", miniature)
    assert result.exit_code == 4
    assert outside.read_text() == "{}"


def test_a_copy_of_a_patched_repository_can_go_back(repository: Path, tmp_path: Path) -> None:
    before = everything(repository)
    run("apply", repository)
    copy = shutil.copytree(repository, tmp_path / "copy")
    run("revert", copy)
    assert everything(copy) == before


@pytest.mark.parametrize("arguments", [(), ("--only", "utils-1")], ids=["all", "one"])
def test_a_file_that_is_gone_is_said(arguments: tuple[str, ...], miniature: Path) -> None:
    run("apply", miniature)
    (miniature / "efficientdet" / "utils.py").unlink()
    before = everything(miniature)
    result = run("revert", miniature, *arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert result.stderr.startswith("efficientdet/utils.py: missing, expected the patched file")
    assert everything(miniature) == before


@pytest.mark.parametrize("path", ["../outside.py", "/outside.py"], ids=["climbs", "absolute"])
def test_a_receipt_that_names_a_file_outside_is_not_followed(
    path: str, miniature: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.py"
    run("apply", miniature, "--only", "utils-1")
    named = str(outside) if path.startswith("/") else path
    outside.write_bytes((miniature / "efficientdet" / "utils.py").read_bytes())
    receipts.write(miniature, receipts.text(miniature).replace("efficientdet/utils.py", named))
    result = run("revert", miniature)
    assert result.exit_code == 4
    assert "is not a path in a tree" in result.stderr
    assert "horovod_enabled" in outside.read_text()


def test_edits_by_hand_between_two_runs_are_kept(miniature: Path, rewrite: Rewrite) -> None:
    run("apply", miniature, "--only", "main-3")
    rewrite("main.py", "def evaluate(", "# mine\ndef evaluate(")
    run("apply", miniature)
    before = everything(miniature)
    assert run("revert", miniature).exit_code == 4
    assert everything(miniature) == before
    assert run("revert", miniature, "--only", "main-3").exit_code == 0
    text = (miniature / "efficientdet" / "main.py").read_text()
    assert "flags.DEFINE_bool('use_tpu', True" in text
    assert "# mine\n" in text


def test_an_edit_that_git_took_back_cannot_be_undone(repository: Path) -> None:
    run("apply", repository, "--only", "main-3")
    git(repository, "checkout", "--quiet", ".")
    run("apply", repository, "--only", "utils-1")
    result = run("revert", repository, "--only", "main-3")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("main-3: not among the edits that effpatch made here")
    assert run("revert", repository, "--only", "utils-1").exit_code == 0


def test_a_tree_put_back_and_changed_by_git_counts_anew(repository: Path) -> None:
    run("apply", repository)
    git(repository, "checkout", "--quiet", ".")
    main = repository / "efficientdet" / "main.py"
    main.write_text("# newer\n" + main.read_text("utf-8"), "utf-8")
    git(repository, "commit", "--quiet", "--all", "--message", "newer")
    before = contents(repository)
    assert run("apply", repository).exit_code == 0
    assert run("status", repository).stderr == ""
    assert run("revert", repository).exit_code == 0
    assert contents(repository) == before


def test_an_edit_undone_by_hand_and_made_again_counts_once(
    miniature: Path, rewrite: Rewrite
) -> None:
    before = contents(miniature)
    run("apply", miniature)
    rewrite("main.py", "'use_tpu', False", "'use_tpu', True")
    assert run("apply", miniature).exit_code == 0
    assert run("revert", miniature).exit_code == 0
    assert contents(miniature) == before


def test_undoing_what_is_undone_already_writes_no_file(miniature: Path) -> None:
    run("apply", miniature)
    main = miniature / "efficientdet" / "main.py"
    run("revert", miniature, "--only", "main-12")
    without = main.read_bytes()
    run("apply", miniature)
    main.write_bytes(without)
    inode = main.stat().st_ino
    assert run("revert", miniature, "--only", "main-12").exit_code == 0
    assert (main.read_bytes(), main.stat().st_ino) == (without, inode)


def test_a_pack_alone_is_not_all_that_was_applied(miniature: Path) -> None:
    untouched = contents(miniature)
    run("apply", miniature, "--pack", "documented", "--pack", "tensorflow_2_15")
    patched = contents(miniature)
    result = run("revert", miniature, "--pack", "tensorflow_2_15")
    assert result.exit_code == 2
    assert "also has edits of documented; to undo only those of " in result.stderr
    assert contents(miniature) == patched
    assert run("revert", miniature, "--only", "tensorflow_2_15/*").exit_code == 0
    assert run("revert", miniature, "--pack", "documented").exit_code == 0
    assert contents(miniature) == untouched
