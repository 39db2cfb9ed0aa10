from pathlib import Path

import pytest

from tests.commands import git, run
from tests.counts import RULES


def test_demo_shows_diff_and_states() -> None:
    result = run("demo")
    assert result.exit_code == 0
    assert "+from TensorFlow.common import library_loader" in result.stdout
    assert f"the miniature, patched: {RULES} applied\n" in result.stdout


def test_the_demo_in_a_folder_under_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run("demo").exit_code == 0


def test_the_demo_of_another_pack() -> None:
    result = run("demo", "--pack", "supplement")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "  supplement/hooks-1" in result.stdout
    assert "  main-3" not in result.stdout


@pytest.mark.parametrize("option", [("--miniature",), ("--output", "results")])
def test_options_of_the_demo_that_detects_go_with_it(option: tuple[str, ...]) -> None:
    result = run("demo", *option)
    assert result.exit_code == 2
    assert "--miniature and --output go with --detect" in result.stderr


def test_the_demo_that_detects_needs_a_stack(tmp_path: Path) -> None:
    result = run("demo", "--detect", "--stack", tmp_path)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith(f"{tmp_path}: no bin/python in it")
