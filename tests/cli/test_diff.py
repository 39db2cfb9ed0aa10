import json
import shutil
import subprocess
from pathlib import Path

from tests.commands import contents, git, run
from tests.counts import FILES, RULES


def test_diff_is_what_git_shows_afterwards(repository: Path) -> None:
    shown = run("diff", repository).stdout
    run("apply", repository)
    assert shown == git(repository, "diff", "--no-color")


def test_a_patch_made_of_the_diff_gives_the_same_tree(repository: Path, tmp_path: Path) -> None:
    other = shutil.copytree(repository, tmp_path / "other")
    patch = run("diff", repository).stdout.encode()
    subprocess.run(["git", "-C", str(other), "apply"], input=patch, check=True)
    run("apply", repository)
    assert contents(other) == contents(repository)


def test_diff_by_rule_adds_up(repository: Path, tmp_path: Path) -> None:
    other = shutil.copytree(repository, tmp_path / "other")
    series = run("diff", repository, "--by-rule").stdout
    assert series.count("\n# ") + 1 == RULES
    for patch in ("\n" + series).split("\n# ")[1:]:
        command = ["git", "-C", str(other), "apply"]
        subprocess.run(command, input=f"{patch.partition(chr(10))[2]}\n".encode(), check=True)
    run("apply", repository)
    assert contents(other) == contents(repository)


def test_diff_in_other_forms(miniature: Path) -> None:
    stat = run("diff", miniature, "--stat").stdout.splitlines()
    assert stat[0].split() == ["file", "added", "removed"]
    assert stat[-1].startswith(f"{FILES} files, ")
    assert (
        json.loads(run("diff", miniature, "--json").stdout)["diff"]
        == run("diff", miniature).stdout.rstrip("\n") + "\n"
    )


def test_diff_exit_code(miniature: Path) -> None:
    assert run("diff", miniature).exit_code == 0
    assert run("diff", miniature, "--exit-code").exit_code == 1
    run("apply", miniature)
    result = run("diff", miniature, "--exit-code")
    assert (result.exit_code, result.stdout) == (0, "")


def test_forms_that_exclude_each_other(miniature: Path) -> None:
    result = run("diff", miniature, "--stat", "--by-rule")
    assert result.exit_code == 2
    assert "--by-rule, --stat and --json exclude each other" in result.stderr
