"""What a Python is asked, and what it has."""

import sys
from pathlib import Path

import pytest

from patcher.errors import StackError
from patcher.training.stack import installed

PYTHON = Path(sys.executable)


def test_modules_are_looked_for_where_the_program_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the working directory nor next to our own scripts."""
    (tmp_path / "here.py").touch()
    monkeypatch.chdir(tmp_path)
    found = installed(PYTHON, "json", "here", "probe", "nowhere")
    assert found.missing == ["here", "probe", "nowhere"]
    assert found.python == f"{sys.version_info[0]}.{sys.version_info[1]}"


def test_packages_are_known_by_their_modules_as_well(tiny: Path) -> None:
    (site,) = tiny.glob("lib/python*/site-packages")
    info = site / "Some_Build-2.15.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: Some_Build\nVersion: 2.15.1\n")
    (info / "top_level.txt").write_text("some_module\nother\n")
    packages = installed(tiny / "bin" / "python").packages
    assert [packages[name] for name in ("some-build", "some-module", "other")] == ["2.15.1"] * 3


def test_a_python_that_cannot_be_run_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="python: no such file or directory; repair that"):
        installed(tmp_path / "python")
