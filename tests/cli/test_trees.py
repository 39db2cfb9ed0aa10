import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import INSTALLED, contents, process, run


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["apply", "nowhere"], "nowhere: no such folder", id="no folder"),
        pytest.param(["diff", "plain"], "plain: not an upstream tree", id="no upstream"),
        pytest.param(["status", "file"], "file: is a file", id="a file"),
    ],
)
def test_a_wrong_folder(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plain").mkdir()
    Path("file").write_text("")
    result = run(*arguments)
    assert result.exit_code == 4
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def _break_syntax(file: Path) -> None:
    file.write_text("import os\nif os\n    pass\n")


def _make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _link_out(file: Path) -> None:
    outside = file.parents[2] / "outside.py"
    file.rename(outside)
    file.symlink_to(outside)


def _link_nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to("gone.py")


def _link_in_a_circle(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def _make_read_only(file: Path) -> None:
    file.chmod(0o444)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        pytest.param(_break_syntax, "efficientdet/utils.py:2: not valid Python", id="syntax"),
        pytest.param(_make_folder, "efficientdet/utils.py: cannot be read", id="a folder"),
        pytest.param(_link_out, "efficientdet/utils.py: leads out of the tree", id="link out"),
        pytest.param(_link_nowhere, "efficientdet/utils.py: cannot be read", id="dangling"),
        pytest.param(_link_in_a_circle, "efficientdet/utils.py: cannot be read", id="circle"),
        pytest.param(_make_read_only, "efficientdet/utils.py: cannot be written", id="read-only"),
    ],
)
def test_a_tree_that_cannot_be_patched(
    damage: Callable[[Path], None], sentence: str, miniature: Path
) -> None:
    damage(miniature / "efficientdet" / "utils.py")
    before = contents(miniature)
    result = run("apply", miniature)
    assert result.exit_code == 4
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1
    assert contents(miniature) == before


def test_an_unreadable_file(miniature: Path) -> None:
    (miniature / "efficientdet" / "utils.py").chmod(0)
    # Root reads everything unless it gives up the capability.
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root reads every file, and setpriv is not there to give that up")
    done = process(*(drop if os.geteuid() == 0 else []), INSTALLED, "apply", miniature)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "efficientdet/utils.py: cannot be read (permission denied)" in done.stderr


def test_a_folder_that_must_not_be_entered(miniature: Path) -> None:
    folder = miniature / "efficientdet" / "horovod_estimator"
    folder.chmod(0)
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root enters every folder, and setpriv is not there to give that up")
    done = process(*(drop if os.geteuid() == 0 else []), INSTALLED, "apply", miniature)
    folder.chmod(0o755)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "permission denied" in done.stderr


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        pytest.param(b"# \xe9\n", "(not utf", id="a comment that is not UTF-8"),
        pytest.param(b"x = 1" + b" + 1" * 3000, "nested too deeply", id="a long sum"),
        pytest.param(b"x = " + b"[" * 150 + b"]" * 150, "", id="deep brackets"),
    ],
)
def test_code_that_the_parsers_choke_on(code: bytes, sentence: str, miniature: Path) -> None:
    file = miniature / "efficientdet" / "utils.py"
    file.write_bytes(file.read_bytes() + code)
    result = run("apply", miniature)
    assert result.exit_code == (4 if sentence else 0)
    assert sentence in result.stderr
    assert result.stderr.count("\n") == bool(sentence)


def test_a_pipe_in_the_place_of_a_file_is_said(miniature: Path) -> None:
    (miniature / "efficientdet" / "utils.py").unlink()
    os.mkfifo(miniature / "efficientdet" / "utils.py")
    result = run("apply", miniature)
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "efficientdet/utils.py: cannot be read (not a regular file)" in result.stderr


def test_an_empty_folder_of_ours_does_not_bar_a_look(miniature: Path) -> None:
    """A run left it behind, and the tree cannot be written any more."""
    own = miniature / ".effpatch"
    (own / "lock").mkdir(parents=True)
    own.chmod(0o555)
    assert run("status", miniature).exit_code == 1
