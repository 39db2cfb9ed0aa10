import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests import receipts
from tests.commands import run
from tests.counts import RULES

Rewrite = Callable[[str, str, str], Path]


def test_status_exit_codes(miniature: Path, rewrite: Rewrite) -> None:
    assert run("status", miniature).exit_code == 1
    run("apply", miniature)
    assert run("status", miniature).exit_code == 0
    rewrite("main.py", "'use_tpu'", "'use_tpus'")
    assert run("status", miniature).exit_code == 3


def test_what_is_applied_stays_so_where_what_it_needs_goes(
    miniature: Path, rewrite: Rewrite
) -> None:
    run("apply", miniature)
    rewrite("hparams_config.py", "'use_bfloat16'", "'bfloat16'")
    assert run("status", miniature).exit_code == 0
    receipts.place(miniature).unlink()
    assert run("status", miniature).exit_code == 0


def test_a_rule_that_lacks_something_elsewhere_is_explained(
    miniature: Path, rewrite: Rewrite
) -> None:
    rewrite("hparams_config.py", "'use_bfloat16'", "'bfloat16'")
    text = run("status", miniature, "--explain", "main-5").stdout
    assert text.startswith("main-5: train 91 classes in float32 by default  drifted\n")
    assert "needs the key `use_bfloat16`, which `default_detection_configs` in " in text


def test_status_of_several_trees(miniature: Path, tmp_path: Path) -> None:
    other = shutil.copytree(miniature, tmp_path / "other")
    run("apply", other)
    result = run("status", other, miniature, tmp_path / "nowhere")
    assert result.exit_code == 4
    assert f"{other}: {RULES} applied\n" in result.stdout
    assert f"{miniature}: {RULES} pending\n" in result.stdout
    assert "nowhere: no such folder" in result.stderr


def test_status_in_a_pipe_is_plain(miniature: Path) -> None:
    lines = run("status", miniature).stdout.splitlines()
    assert all(line == line.rstrip() and line.isascii() for line in lines)
    (row,) = (line for line in lines if line.split()[:1] == ["main-11"])
    assert row.split()[1] == "pending"
    assert row.endswith("count one shard where Horovod does not run")


def test_status_as_json(miniature: Path) -> None:
    status = json.loads(run("status", miniature, "--json").stdout)
    assert list(status) == ["effpatch", "root", "commit", "pinned", "packs", "rules", "summary"]
    assert (status["root"], status["commit"], status["pinned"]) == (str(miniature), None, False)
    assert len(status["rules"]) == RULES
    (rule,) = (rule for rule in status["rules"] if rule["id"] == "main-3")
    assert list(rule) == ["id", "file", "title", "state", "expected", "sites", "nearest", "made_by"]
    (site,) = rule["sites"]
    assert (site["column"], site["state"], rule["nearest"]) == (1, "pending", None)
    text = (miniature / rule["file"]).read_text().splitlines()[site["line"] - 1]
    assert text.startswith("flags.DEFINE_bool('use_tpu'")


def test_a_name_with_brackets_is_no_markup(miniature: Path) -> None:
    odd = miniature.rename(miniature.with_name("a[b]"))
    assert f"{odd}: {RULES} pending" in run("status", odd).stdout


def test_an_explanation_and_json_exclude_each_other(miniature: Path) -> None:
    result = run("status", miniature, "--explain", "main-3", "--json")
    assert result.exit_code == 2
    assert "--explain and --json cannot be used together" in result.stderr


def test_a_rule_of_a_file_that_is_nowhere_cannot_be_explained(miniature: Path) -> None:
    (miniature / "efficientdet" / "utils.py").unlink()
    result = run("status", miniature, "--explain", "utils-1")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(
        "efficientdet/utils.py: not found in the tree, here or elsewhere, "
    )


def test_no_tree_is_a_usage_error() -> None:
    result = run("status")
    assert (result.exit_code, "no UPSTREAM_DIR is named" in result.stderr) == (2, True)
