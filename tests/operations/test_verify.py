"""`effpatch verify` and `apply`'s own look, as commands."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.packs import load_pack
from tests import receipts
from tests.commands import INSTALLED, contents, git, process, run, terminal
from tests.counts import FILES, RULES
from tests.rule_check import PACKS

Rewrite = Callable[[str, str, str], Path]


def failures(tree: Path, *options: str) -> list[tuple[str, str, int]]:
    """The failures of a tree that is told to be unsound: check, file and line."""
    result = run("verify", tree, *options, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["holds"]) == (5, False)
    told = [
        (check["name"], finding["file"], finding["line"])
        for check in found["checks"]
        for finding in check["findings"]
        if not finding["advice"]
    ]
    assert [check["name"] for check in found["checks"] if not check["holds"]] == sorted(
        {name for name, _, _ in told}, key=[check["name"] for check in found["checks"]].index
    )
    assert result.stderr.count("\n") == len(told)
    return told


def line_of(file: Path, text: str) -> int:
    before, found, _ = file.read_text("utf-8").partition(text)
    assert found
    return before.count("\n") + 1


def test_a_patched_tree_is_sound(miniature: Path) -> None:
    run("apply", miniature)
    result = run("verify", miniature)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "all 7 checks hold; " in result.stdout
    assert f"removed by {RULES} rules in {FILES} files" in result.stdout


def test_the_patched_pin_is_sound_with_advice(upstream: Path) -> None:
    run("apply", upstream)
    result = run("verify", upstream, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["holds"]) == (0, True)
    assert set(found["changed"]) == {id_ for id_ in found["changed"] if found["changed"][id_] > 0}
    assert len(found["changed"]) == RULES
    residue = next(c for c in found["checks"] if c["name"] == "residue")["findings"]
    line = line_of(upstream / "efficientdet/utils.py", "hvd.size()")
    assert ("efficientdet/utils.py", line) in {(each["file"], each["line"]) for each in residue}
    assert all(each["advice"] for each in residue)


def test_a_terminal_shows_the_same_words(miniature: Path, rewrite: Rewrite) -> None:
    run("apply", miniature)
    rewrite("main.py", "FLAGS = flags.FLAGS\n", "FLAGS = flags.FLAGS\nSPEED = 2\n")
    piped = run("verify", miniature)
    code, shown = terminal("verify", miniature)
    assert (code, piped.exit_code) == (5, 5)
    assert "`SPEED = 2` belongs to no rule" in piped.stdout
    words = piped.stdout.split()
    assert " ".join(shown).split()[: len(words)] == words


def test_changes_are_listed_in_the_packs_order(miniature: Path) -> None:
    names = ["supplement", "documented"]
    run("apply", miniature, "--pack", names[0], "--pack", names[1])
    found = json.loads(run("verify", miniature, "--json").stdout)
    assert found["packs"] == names
    ids = [id_ for name in names for id_, _, _ in load_pack(name).entries()]
    assert list(found["changed"]) == ids


def test_the_folder_of_the_program_will_do(miniature: Path) -> None:
    run("apply", miniature)
    assert run("verify", miniature / "efficientdet").exit_code == 0


def test_a_tree_patched_as_a_whole_needs_no_receipt(repository: Path) -> None:
    run("apply", repository)
    receipts.place(repository).unlink()
    assert f"by {RULES} rules in {FILES} files" in run("verify", repository).stdout


def test_a_tree_whose_past_is_lost_is_refused(miniature: Path) -> None:
    run("apply", miniature)
    receipts.place(miniature).unlink()
    result = run("verify", miniature)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "no version from before the edits" in result.stderr


@pytest.mark.parametrize("patch", [False, True], ids=["never", "no more"])
def test_a_tree_that_is_not_patched_is_refused(patch: bool, miniature: Path) -> None:
    untouched = contents(miniature)
    if patch:
        run("apply", miniature)
        for path, content in untouched.items():
            (miniature / path).write_bytes(content)
    result = run("verify", miniature)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "no rule has been applied" in result.stderr


def test_a_line_added_by_hand_is_named(miniature: Path, rewrite: Rewrite) -> None:
    run("apply", miniature)
    file = rewrite("main.py", "FLAGS = flags.FLAGS\n", "FLAGS = flags.FLAGS\nSPEED = 2\n")
    assert failures(miniature) == [
        ("attribution", "efficientdet/main.py", line_of(file, "SPEED = 2"))
    ]


def test_what_is_advised_works(miniature: Path, rewrite: Rewrite) -> None:
    run("apply", miniature, "--only", "hooks-2", "--no-verify")
    step = "; correct that line, or apply the edits that were left out\n"
    assert run("verify", miniature).stderr.endswith(step)
    rewrite("horovod_estimator/hooks.py", "import time\n", "import time\nSPEED = 2\n")
    step = "; correct that line, or undo what was edited since `effpatch apply`\n"
    assert run("verify", miniature).stderr.endswith(step)
    assert run("revert", miniature).exit_code == 4


def test_without_its_re_export_two_files_import_in_vain(miniature: Path) -> None:
    run("apply", miniature)
    lines = run("revert", miniature, "--only", "init-1").stderr.splitlines()
    assert [Path(line.split(":")[0]).name for line in lines] == ["det_model_fn.py", "main.py"]
    step = "; undo the edit of this line as well, or apply init-1 again"
    assert all(": imports: " in line and line.endswith(step) for line in lines)
    assert [(check, Path(file).name) for check, file, _ in failures(miniature)] == [
        ("imports", "det_model_fn.py"),
        ("imports", "main.py"),
    ]


def test_what_was_missing_before_is_not_said_of_the_next_edit(
    miniature: Path, rewrite: Rewrite
) -> None:
    run("apply", miniature)
    rewrite("main.py", "FLAGS = flags.FLAGS\n", "FLAGS = flags.FLAGS\nlost\n")
    assert run("revert", miniature, "--only", "init-1").stderr.count("apply init-1 again\n") == 2
    result = run("revert", miniature, "--only", "main-3")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_name_that_another_file_lacked_before_is_not_said(
    miniature: Path, rewrite: Rewrite
) -> None:
    run("apply", miniature)
    rewrite("dataloader.py", "import tensorflow", "mpl, mpl\nmpl\nimport tensorflow")
    said = run("revert", miniature, "--only", "hooks-4").stderr.splitlines()
    assert [Path(line.split(":")[0]).name for line in said] == ["hooks.py"]


@pytest.mark.parametrize(
    ("undone", "check", "file", "text"),
    [
        ("main-7", "flags and params", "main.py", "FLAGS.log_every_n_steps"),
        ("hooks-4", "names", "horovod_estimator/hooks.py", "mpl.use("),
    ],
)
def test_an_edit_that_was_undone_is_missed(
    undone: str, check: str, file: str, text: str, miniature: Path
) -> None:
    run("apply", miniature)
    run("revert", miniature, "--only", undone)
    place = miniature / "efficientdet" / file
    assert (check, f"efficientdet/{file}", line_of(place, text)) in failures(miniature)


def test_an_edit_undone_that_another_file_needs_is_missed(miniature: Path) -> None:
    run("apply", miniature)
    run("revert", miniature, "--only", "main-14")
    place = miniature / "efficientdet/det_model_fn.py"
    found = ("flags and params", "efficientdet/det_model_fn.py", line_of(place, "every_n_iter'"))
    assert found in failures(miniature)


def test_a_digit_of_the_upsampling_is_caught(miniature: Path, rewrite: Rewrite) -> None:
    run("apply", miniature)
    text = (miniature / "efficientdet/efficientdet_arch.py").read_text("utf-8")
    assert "[1 * 1, scale, 1, scale, 1]" in text
    rewrite("efficientdet_arch.py", "[1 * 1, scale, 1, scale, 1]", "[1 * 1, scale, 2, scale, 1]")
    assert {check for check, _, _ in failures(miniature)} == {"edits", "attribution", "upsampling"}


def test_apply_refuses_what_would_not_import(miniature: Path, tmp_path: Path) -> None:
    pack = tmp_path / "poor"
    pack.mkdir()
    (pack / "pack.toml").write_text(
        'title = "Poor"\nupstream = "automl"\nsections = ["main"]\n', "utf-8"
    )
    (pack / "main.toml").write_text(
        'path = "efficientdet/main.py"\n[[rule]]\nitem = 1\ntitle = "begin"\n'
        'kind = "statement"\nwhy = "To begin."\nafter = "from utils import begin\\nbegin()"\n',
        "utf-8",
    )
    before, poor = contents(miniature), ("--pack", pack)
    result = run("apply", miniature, *poor)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (5, "", 1)
    step = "also apply the rule that provides it, or pass --no-verify"
    assert f"; {step} (line numbers refer to the file after the edits)\n" in result.stderr
    assert contents(miniature) == before
    assert run("apply", miniature, *poor, "--dry-run").exit_code == 5
    assert run("apply", miniature, *poor, "--no-verify").exit_code == 0


@pytest.mark.parametrize(
    ("options", "code", "step"),
    [
        ([], 5, "; also apply dataloader-1, or pass --no-verify"),
        (["--partial"], 3, "; apply dataloader-1 as well, or skip the rule with"),
    ],
)
def test_apply_names_the_rule_that_provides_a_name(
    options: list[str], code: int, step: str, miniature: Path
) -> None:
    result = run("apply", miniature, "--only", "dataloader-2", *options)
    assert result.exit_code == code
    assert "`horovod_enabled` is not defined" in result.stderr
    assert step in result.stderr
    assert run("apply", miniature, "--only", "dataloader-1,dataloader-2").exit_code == 0


def test_apply_leaves_an_import_that_local_code_uses(miniature: Path) -> None:
    hooks = miniature / "efficientdet" / "horovod_estimator" / "hooks.py"
    hooks.write_text(hooks.read_text("utf-8") + "\n\nprint(confusion_matrix([1], [1]))\n", "utf-8")
    result = run("apply", miniature)
    assert result.exit_code == 3
    assert "`confusion_matrix` is still used in this file" in result.stderr
    assert run("apply", miniature, "--partial").exit_code == 3
    assert "import confusion_matrix\n" in hooks.read_text("utf-8")
    assert f"{RULES - 1} applied" in run("status", miniature).stdout


def test_apply_refuses_to_take_an_import_whose_use_stays(miniature: Path) -> None:
    result = run("apply", miniature, "--only", "hooks-2")
    assert result.exit_code == 5
    assert "names: `mpl` is not defined" in result.stderr


@pytest.mark.parametrize("name", ["stray.py", "anchors.py", "numpy.py"])
def test_a_module_that_leads_out_of_the_tree_is_none_of_apply_s_business(
    name: str, miniature: Path
) -> None:
    file = miniature / "efficientdet" / name
    file.unlink(missing_ok=True)
    file.symlink_to("/nowhere")
    assert run("apply", miniature).exit_code == 0


def test_a_needed_file_that_leads_out_of_the_tree_has_nothing(miniature: Path) -> None:
    file = miniature / "efficientdet/hparams_config.py"
    file.unlink()
    file.symlink_to("/nowhere")
    result = run("apply", miniature)
    assert (result.exit_code, result.stderr.count("hparams_config.py is not in the tree")) == (3, 2)
    assert run("apply", miniature, "--partial").exit_code == 3
    assert f"{RULES - 2} applied" in run("status", miniature).stdout


@pytest.mark.parametrize("name", ["estimator.py", "hparams_config.py"])
def test_a_module_that_is_gone_since_is_missed(name: str, repository: Path) -> None:
    run("apply", repository)
    (gone,) = (repository / "efficientdet").rglob(name)
    gone.unlink()
    assert "imports" in {check for check, _, _ in failures(repository)}


def test_a_file_that_broke_since_is_a_failure(repository: Path) -> None:
    run("apply", repository)
    (repository / "efficientdet/hparams_config.py").write_text("def (:\n")
    assert ("imports", "efficientdet/hparams_config.py", 1) in failures(repository)
    (repository / "efficientdet/extra.py").write_text("from utils import nothing_there\n")
    assert ("imports", "efficientdet/extra.py", 1) in failures(repository)


def test_commits_of_edits_without_a_receipt_are_looked_through(authored: Path) -> None:
    pack = ("--pack", "tensorflow_2_15")
    utils = authored / "efficientdet" / "utils.py"
    utils.write_text(utils.read_text("utf-8") + "# work before\n", "utf-8")
    git(authored, "commit", "--quiet", "--all", "--message", "work")
    assert run("apply", authored, *pack, "--commit-per-rule").exit_code == 0
    receipts.place(authored).unlink()
    rules = len(list(PACKS["tensorflow_2_15"].entries()))
    assert f"by {rules} rules in 2 files" in run("verify", authored, *pack).stdout
    utils.write_text(utils.read_text("utf-8") + "MINE = 1\n", "utf-8")
    count = utils.read_text("utf-8").count("\n")
    assert failures(authored, *pack) == [("attribution", "efficientdet/utils.py", count)]


def test_a_port_by_hand_is_sorted(miniature: Path, tmp_path: Path) -> None:
    port = shutil.copytree(miniature, tmp_path / "port")
    run("apply", miniature)
    run("apply", port, "--skip", "main-3", "--skip", "main-6")
    main = port / "efficientdet" / "main.py"
    text = main.read_text("utf-8").replace("'use_tpu', True", "'use_tpu', None")
    main.write_text(text.replace("FLAGS = flags.FLAGS\n", "FLAGS = flags.FLAGS\nX = 1\n"), "utf-8")
    result = run("verify", miniature, "--against", port)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].endswith(
        "40 as documented, 1 differs, 1 not done, 1 difference not documented"
    )
    found = json.loads(run("verify", miniature, "--against", port, "--json").stdout)
    assert (list(found["differently"]), found["missing"]) == (["main-3"], ["main-6"])
    assert [each["text"] for each in found["undocumented"]] == ["has `X = 1`"]
    assert run("verify", miniature, "--against", miniature).exit_code == 0


def test_a_port_that_is_no_tree_is_refused(miniature: Path, tmp_path: Path) -> None:
    run("apply", miniature)
    result = run("verify", miniature, "--against", tmp_path / "nowhere")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    (tmp_path / "port").mkdir()
    assert run("verify", miniature, "--against", tmp_path / "port").exit_code == 4


def test_commits_of_the_edits_are_verified(repository: Path) -> None:
    git(repository, "config", "user.name", "tester")
    git(repository, "config", "user.email", "tester@localhost")
    run("apply", repository, "--commit")
    assert run("verify", repository).exit_code == 0


def test_it_works_without_tensorflow(miniature: Path) -> None:
    run("apply", miniature)
    done = process(INSTALLED, "verify", miniature)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_checks_are_those_of_the_packs_applied_and_named(miniature: Path) -> None:
    run("apply", miniature, "--pack", "tensorflow_2_15")
    assert ": all 4 checks hold; " in run("verify", miniature).stdout
    result = run("verify", miniature, "--pack", "documented")
    assert ": all 7 checks hold; " in result.stdout
    assert result.stdout.count("residue") == 1


def test_a_graph_that_no_pack_has_a_check_for_is_refused(miniature: Path) -> None:
    run("apply", miniature, "--pack", "tensorflow_2_15")
    result = run("verify", miniature, "--graph")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "no check of the graph is declared by tensorflow_2_15" in result.stderr


def test_edits_by_other_rules_are_not_verified(miniature: Path) -> None:
    run("apply", miniature)
    values = receipts.values(miniature)
    values["packs"][0]["sha256"] = "0" * 64
    receipts.write(miniature, json.dumps(values))
    result = run("verify", miniature)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    assert "the rules of documented have changed since the edits were made" in result.stderr
