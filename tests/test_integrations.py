"""The Action and the pre-commit hook, as far as they run without GitHub."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import small
from tests.commands import INSTALLED, git, process, run
from tests.own_repository import ROOT, clone

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
SCRIPTS = [step["run"] for step in ACTION["runs"]["steps"]]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small.tree(tmp_path / "work" / "tree", under_git=True)


@pytest.fixture
def pack(tmp_path: Path) -> str:
    return small.pack(tmp_path / "pack")[1]


def reviewed(tree: Path, pack: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The step that reviews, with this effpatch in place of the one that was installed."""
    place = tree.parent.parent / "runner" / "effpatch" / "bin"
    place.mkdir(parents=True, exist_ok=True)
    (place / "effpatch").unlink(missing_ok=True)
    (place / "effpatch").symlink_to(INSTALLED)
    inputs = {name: each["default"] for name, each in ACTION["inputs"].items()}
    inputs |= {"upstream-dir": "tree", "packs": f"{pack}\n\n"} | more
    step = ACTION["runs"]["steps"][-1]
    values = {
        name: inputs[text.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, text in step["env"].items()
    }
    places = {"RUNNER_TEMP": str(place.parents[1]), "GITHUB_WORKSPACE": str(tree.parent)}
    environment = {**os.environ, **values, **places}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]  # as GitHub
    return subprocess.run(
        command, cwd=tree.parent, env=environment, capture_output=True, text=True, check=False
    )


def obeyed(printed: str) -> list[str]:
    """The commands in a log that GitHub obeys: between `stop-commands` and its token, none."""
    token, found = "", list[str]()
    for line in map(str.strip, printed.split("\n")):
        if token:
            token = "" if line == f"::{token}::" else token
        elif line.startswith("::stop-commands::"):
            token = line.removeprefix("::stop-commands::")
        elif line.startswith("::"):
            found.append(line)
    assert not token, "commands are obeyed again afterwards"
    return found


def test_the_action_has_what_github_asks_for() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" for step in ACTION["runs"]["steps"])
    assert all("description" in each for each in ACTION["inputs"].values())
    assert not any("${{" in script for script in SCRIPTS), "an input is no part of a script"


def test_the_action_fails_where_edits_are_missing(tree: Path, pack: str) -> None:
    done = reviewed(tree, pack)
    assert done.returncode == 1
    assert obeyed(done.stdout)[0] == (
        "::warning file=tree/src/app.py,line=1,endLine=1,title=small/app-1%3A set A to two"
        "::Not applied yet. Two is more."
    )


def test_the_action_marks_the_lines_of_a_patched_tree(
    tree: Path, pack: str, tmp_path: Path
) -> None:
    assert run("apply", tree, "--pack", pack).exit_code == 0
    done = reviewed(tree, pack, sarif=str(tmp_path / "out.sarif"), page=str(tmp_path / "out.html"))
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(",")[0] for line in obeyed(done.stdout)] == [
        *["::notice file=tree/src/app.py"] * 2,
        "::notice file=tree/src/tools.py",
    ]
    assert (tmp_path / "out.sarif").read_text().startswith('{"$schema"')
    assert (tmp_path / "out.html").read_text().startswith("<!doctype html>")


def test_names_of_files_are_no_commands(tree: Path, pack: str) -> None:
    section = Path(pack) / "app.toml"
    section.write_text(section.read_text().replace("src/app.py", "src/::error ::evil/app.py"))
    (tree / "src/::error ::evil").mkdir()
    (tree / "src/app.py").rename(tree / "src/::error ::evil/app.py")
    done = reviewed(tree / "src", pack, **{"upstream-dir": "."})
    assert "::error ::evil/app.py" in done.stdout
    assert [line[:10] for line in obeyed(done.stdout)] == ["::warning "] * 3


def test_modules_of_the_workspace_are_not_imported(tree: Path, pack: str) -> None:
    for name in ("secrets", "venv", "click", "patcher"):
        (tree.parent / f"{name}.py").write_text("open('ran', 'w')\nraise SystemExit(9)\n")
    assert reviewed(tree, pack).returncode == 1
    assert not (tree.parent / "ran").exists()
    assert all(
        " -I " in line for script in SCRIPTS for line in script.split("\n") if "python3" in line
    )


def test_inputs_of_the_action_run_nothing(tree: Path, pack: str) -> None:
    for name in ("upstream-dir", "packs", "sarif"):
        done = reviewed(tree, pack, **{name: "$(touch ran); `touch ran`; touch ran #\n--help"})
        assert done.returncode != 0
        assert not list(tree.parent.glob("ran"))


@pytest.mark.long
def test_the_action_installs_itself(tree: Path, pack: str, tmp_path: Path) -> None:
    runner = tmp_path / "new-runner"
    runner.mkdir()
    values = {"RUNNER_TEMP": str(runner), "GITHUB_ACTION_PATH": str(clone(tmp_path / "clone"))}
    subprocess.run(
        ["bash", "-eo", "pipefail", "-c", SCRIPTS[0]], env={**os.environ, **values}, check=True
    )
    done = process(runner / "effpatch/bin/effpatch", "status", tree, "--pack", pack)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.long
def test_pre_commit_runs_the_hook(tree: Path, pack: str, tmp_path: Path) -> None:
    effpatch = clone(tmp_path / "clone")
    shutil.copytree(pack, tree / "pack")
    config: dict[str, Any] = {
        "repo": str(effpatch),
        "rev": git(effpatch, "rev-parse", "HEAD").strip(),
        "hooks": [{"id": "effpatch", "args": [".", "--pack", "pack"]}],
    }
    (tree / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [config]}))
    git(tree, "add", ".")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")}

    def hook() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"]
        return subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, check=False
        )

    first = hook()
    assert first.returncode == 1, first.stderr
    assert "every edit of the port is made" in first.stdout
    assert "3 pending" in first.stdout
    assert run("apply", tree, "--pack", tree / "pack", "--allow-dirty").exit_code == 0
    assert hook().returncode == 0, hook().stdout
