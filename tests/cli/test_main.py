import os
import re
import sys
from pathlib import Path

import pytest

from patcher.cli.main import _COMMANDS
from patcher.packs import DEFAULT
from tests.commands import INSTALLED, process, run
from tests.counts import FILES, RULES


def test_the_installed_command(miniature: Path, tmp_path: Path) -> None:
    done = process(INSTALLED, "apply", miniature, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{miniature}: made {RULES} edits in {FILES} files\n"
    assert process(INSTALLED, "status", miniature, cwd=tmp_path).returncode == 0


def test_the_installed_command_without_git(miniature: Path, tmp_path: Path) -> None:
    """A plain folder needs no git; a checkout says that it does."""
    env = {**os.environ, "PATH": str(tmp_path)}
    assert process(INSTALLED, "apply", miniature, env=env).returncode == 0
    for folder in ("objects", "refs"):
        (miniature / ".git" / folder).mkdir(parents=True)
    (miniature / ".git/HEAD").touch()
    (miniature / "efficientdet" / "utils.py").write_text("from horovod_estimator import hvd\n")
    done = process(INSTALLED, "apply", miniature, env=env)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "git: not installed; install git" in done.stderr


def test_help_needs_neither_libcst_nor_git() -> None:
    code = (
        "import sys\nfrom patcher.cli.main import main\n"
        "try:\n    main(['rules', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'libcst', 'git', 'rich'} & set(sys.modules)))\n"
    )
    assert process(sys.executable, "-c", code).stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("words", [["--help"], ["rules"], ["status", "TREE"]])
def test_what_only_looks_loads_no_parser(words: list[str], miniature: Path) -> None:
    """A status of a tree that nobody has touched since it was patched."""
    run("apply", miniature)
    arguments = [str(miniature) if word == "TREE" else word for word in words]
    code = (
        "import sys; from patcher.cli.main import main; main(sys.argv[1:], standalone_mode=False)"
    )
    told = "; print(sorted({'git', 'libcst', 'pygments', 'rich.progress'} & set(sys.modules)))"
    guarded = f"try:\n {code}\nexcept SystemExit: pass\nfinally:\n pass{told}"
    done = process(sys.executable, "-c", guarded, *arguments)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_name_that_the_terminal_cannot_show_is_no_error(miniature: Path) -> None:
    odd = miniature.rename(miniature.with_name("k\u00e4"))
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = process(INSTALLED, "status", odd, env=env)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("command", [[], *([name] for name in _COMMANDS)], ids=" ".join)
def test_help_is_about_any_port(command: list[str]) -> None:
    """Only the commands that train may name what they train with."""
    result = run(*command, "--help")
    assert result.exit_code == 0
    if command and command[0] not in ("stack", "train", "verify"):
        names = "EfficientDet|Habana|efficientdet/|HPU|TensorFlow|Horovod|main\\.py"
        assert re.findall(names, result.stdout) == []


def test_the_module_is_the_command(tmp_path: Path) -> None:
    """In a folder with a module of a name that it imports."""
    (tmp_path / "click.py").write_text("raise SystemExit(9)\n")
    done = process(sys.executable, "-m", "patcher", "rules", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, run("rules").stdout)
    help_ = process(sys.executable, "-m", "patcher", "--help", cwd=tmp_path)
    assert help_.stdout.startswith("Usage: python -m patcher ")


@pytest.mark.parametrize("command", ["fetch", "apply", "rules", "coverage", "demo"])
def test_help_names_the_default_pack(command: str) -> None:
    assert f"[default: {DEFAULT}]" in " ".join(run(command, "--help").stdout.split())


def test_the_help_of_status_says_that_it_takes_the_packs_applied() -> None:
    words = " ".join(run("status", "--help").stdout.split())
    assert f"[default: those that were applied, else {DEFAULT}]" in words
