"""Files that are no longer where the document has them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import contents, run

Rewrite = Callable[[str, str, str], Path]


@pytest.fixture
def moved(miniature: Path) -> Path:
    """The miniature with one of its files in a folder of its own."""
    library = miniature / "efficientdet" / "lib"
    library.mkdir()
    (miniature / "efficientdet" / "utils.py").rename(library / "utils.py")
    return miniature


SAID = "efficientdet/utils.py: not found, using efficientdet/lib/utils.py instead\n"


def test_a_file_that_moved_is_patched_where_it_is(moved: Path) -> None:
    before = contents(moved)
    result = run("apply", moved, "--no-verify")
    assert (result.exit_code, result.stderr) == (0, SAID)
    assert "horovod_enabled" in (moved / "efficientdet/lib/utils.py").read_text("utf-8")
    assert "nothing to do" in run("apply", moved).stdout
    status = run("status", moved)
    assert (status.exit_code, status.stderr) == (0, SAID)
    assert "efficientdet/lib/utils.py\n  utils-1 " in status.stdout
    assert run("revert", moved, "--only", "utils-1").exit_code == 0
    assert run("revert", moved).exit_code == 0
    assert contents(moved) == before


@pytest.mark.parametrize("root", ["effdet", "."])
def test_the_checks_of_a_pack_look_below_another_root_as_well(root: str, miniature: Path) -> None:
    (miniature / "efficientdet").rename(miniature / "effdet")
    tree = miniature / "effdet" if root == "." else miniature
    run("apply", tree, "--root", root)
    result = run("verify", tree, "--root", root)
    assert result.exit_code == 0
    assert " checks hold; " in result.stdout
    assert "not checked" not in result.stdout


def test_the_checks_of_a_pack_follow_a_file_that_moved(miniature: Path) -> None:
    (miniature / "efficientdet/models").mkdir()
    arch = "efficientdet_arch.py"
    (miniature / "efficientdet" / arch).rename(miniature / "efficientdet/models" / arch)
    assert run("apply", miniature).exit_code == 0
    assert "not checked" not in run("verify", miniature).stdout


def test_a_file_of_the_same_name_with_other_content_is_not_taken(moved: Path) -> None:
    (moved / "other").mkdir()
    (moved / "other" / "utils.py").write_text("x = 1\n")
    assert run("status", moved).stderr == SAID
    (moved / "efficientdet/lib/utils.py").write_text("from horovod_estimator import x\n")
    result = run("status", moved)
    assert result.exit_code == 3
    assert "utils-1" in result.stderr
    assert "in a file that the tree lacks" in result.stderr


def test_what_is_needed_of_a_file_that_moved_is_looked_for_there(miniature: Path) -> None:
    library = miniature / "lib"
    library.mkdir()
    for name in ("hparams_config.py", "main.py"):
        (miniature / "efficientdet" / name).rename(library / name)
    result = run("apply", miniature, "--no-verify")
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            "efficientdet/main.py: not found, using lib/main.py instead",
            "efficientdet/hparams_config.py: not found, using lib/hparams_config.py instead",
        ],
    )
    assert run("status", miniature).exit_code == 0


def test_a_needed_file_of_the_name_is_not_taken_without_what_is_needed(miniature: Path) -> None:
    (miniature / "lib").mkdir()
    (miniature / "efficientdet/hparams_config.py").unlink()
    (miniature / "lib/hparams_config.py").write_text("x = 1\n")
    result = run("status", miniature)
    assert result.exit_code == 3
    assert "efficientdet/hparams_config.py is not in the tree" in result.stderr


def test_of_two_files_none_is_taken(moved: Path) -> None:
    (moved / "copy").mkdir()
    library = moved / "efficientdet/lib/utils.py"
    (moved / "copy" / "utils.py").write_bytes(library.read_bytes())
    before = contents(moved)
    for command in ("status", "apply", "diff"):
        result = run(command, moved)
        assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
        assert "its edits fit copy/utils.py and efficientdet/lib/utils.py" in result.stderr
    assert contents(moved) == before


@pytest.mark.parametrize("folder", ["build/lib", "env/lib/site-packages", ".venv/lib", "env/lib"])
def test_a_copy_that_was_built_or_installed_is_not_taken(moved: Path, folder: str) -> None:
    copy, library = moved / folder, moved / "efficientdet/lib/utils.py"
    copy.mkdir(parents=True)
    (copy / "utils.py").write_bytes(library.read_bytes())
    if folder == "env/lib":
        (moved / "env" / "pyvenv.cfg").touch()
    assert run("status", moved).stderr == SAID
    library.unlink()
    assert "in a file that the tree lacks" in run("status", moved).stderr


def test_only_a_folder_of_its_name_has_an_init(miniature: Path) -> None:
    package = miniature / "efficientdet" / "horovod_estimator"
    other = miniature / "efficientdet" / "backbone"
    other.mkdir(exist_ok=True)
    (package / "__init__.py").rename(other / "__init__.py")
    assert "not found, using" not in run("status", miniature).stderr
    (miniature / "horovod_estimator").mkdir()
    (other / "__init__.py").rename(miniature / "horovod_estimator" / "__init__.py")
    assert "horovod_estimator/__init__.py instead" in run("status", miniature).stderr


def test_a_link_is_not_taken(moved: Path, tmp_path: Path) -> None:
    library = moved / "efficientdet/lib/utils.py"
    library.rename(tmp_path / "utils.py")
    library.symlink_to(tmp_path / "utils.py")
    assert "not found, using" not in run("status", moved).stderr


def test_an_explanation_says_what_a_rule_saw(miniature: Path, rewrite: Rewrite) -> None:
    text = run("status", miniature, "--explain", "main-3").stdout
    assert text.startswith("main-3: do not use TPUs by default  pending\n")
    assert "looked for  flag 'use_tpu' with default True at module level, 1 in all" in text
    assert "decided     every place is as before the edit, so it can be made" in text
    rewrite("main.py", "'use_tpu', True", "'use_tpu', 20")
    result = run("status", miniature, "--explain", "main-3")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "drifted" in result.stdout
    why = "default of flag 'use_tpu' is 20, expected True"
    assert f": {why}\n    flags.DEFINE_bool('use_tpu', 20" in result.stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "id_", "words"),
    [
        pytest.param("utils.py", "", "", "utils-1", "every place is as before", id="pending"),
        pytest.param(
            "main.py", "'use_tpu'", "'tpu'", "main-3", "nowhere in this file", id="absent"
        ),
    ],
)
def test_each_state_is_explained(
    name: str, old: str, new: str, id_: str, words: str, miniature: Path
) -> None:
    file = miniature / "efficientdet" / name
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    assert words in run("status", miniature, "--explain", id_).stdout


def test_what_cannot_be_explained_is_said(miniature: Path) -> None:
    assert run("status", miniature, "--explain", "main-99").exit_code == 2
    assert run("status", miniature, "--explain", "main-3", "--json").exit_code == 2
    (miniature / "efficientdet" / "utils.py").unlink()
    result = run("status", miniature, "--explain", "utils-1")
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert "not found in the tree, here or elsewhere" in result.stderr
