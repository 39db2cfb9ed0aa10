"""The configuration file of a repository: where it is searched, and what may be in it."""

import os
from pathlib import Path

import pytest

from patcher.errors import SelectionError
from patcher.packs.configuration import Configuration, find


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below the user's home, with another one in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "work" / "src").mkdir(parents=True)
    return tmp_path / "work"


def found(start: Path) -> Configuration:
    result = find(start)
    assert result is not None
    return result


def test_all_keys(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "effpatch.toml").write_text(
        'packs = ["supplement", "mine", "./mine"]\nskip = ["main-3", "hooks-*"]\nstack = "env"\n'
    )
    mine = str(folder / "mine")
    for start, place in ((folder, "effpatch.toml"), (folder / "src", f"{folder}/effpatch.toml")):
        packs = ("supplement", mine, mine)
        wanted = (place, folder, packs, ("main-3", "hooks-*"), folder / "env")
        assert found(start) == wanted


def test_a_file_of_windows(folder: Path) -> None:
    (folder / "effpatch.toml").write_bytes(b'skip = [\r\n"main-3"\r\n]\r\n')
    assert found(folder).skip == ("main-3",)


def test_the_table_of_a_project(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.effpatch]\nskip = ["a-1"]')
    assert found(folder)[:2] == ("pyproject.toml: tool.effpatch", folder)
    (folder / "effpatch.toml").write_text("")
    assert found(folder).place == "effpatch.toml", "which comes first"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param('[project]\ndependencies = ["effpatch"]', id="named-only"),
        pytest.param("[tool.ruff]\n", id="another-tool"),
        pytest.param("[project\n", id="no-toml-and-not-ours"),
        pytest.param("tool = 'effpatch'\n", id="no-table-of-tools"),
    ],
)
def test_a_project_without_the_table_is_passed_over(content: str, folder: Path) -> None:
    (folder / "src" / "pyproject.toml").write_text(content)
    assert find(folder / "src") is None
    (folder / "effpatch.toml").write_text("")
    assert found(folder / "src").folder == folder


@pytest.mark.parametrize("git", ["folder", "file"])
def test_the_search_ends_at_a_repository(git: str, folder: Path) -> None:
    (folder / "effpatch.toml").write_text("")
    path = folder / "src" / ".git"
    path.mkdir() if git == "folder" else path.write_text("gitdir: elsewhere\n")
    assert find(folder / "src") is None
    (folder / "src" / "effpatch.toml").write_text("")
    assert found(folder / "src").folder == folder / "src"


def test_the_search_ends_at_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "effpatch.toml").write_text("")
    assert found(folder).folder == folder.parent, "home's own counts"
    monkeypatch.setenv("HOME", str(folder))
    assert find(folder / "src") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            "pack = []",
            "effpatch.toml: pack: unknown key, expected one of packs, skip, stack; "
            "did you mean packs?",
            id="unknown-key",
        ),
        pytest.param(
            "packs = 'supplement'",
            "effpatch.toml: packs: found 'supplement', expected a list of strings",
            id="type",
        ),
        pytest.param("stack = 3", "effpatch.toml: stack: found 3, expected a string", id="number"),
        pytest.param("packs = [", "effpatch.toml: not valid TOML (", id="no-toml"),
        pytest.param("a.b.c" + ".d" * 60 + " = 1", "effpatch.toml:1: a key of more", id="deep"),
        pytest.param("skip = ['\x00']", "effpatch.toml: not valid TOML (", id="control"),
        pytest.param(
            "packs = ['suplement']",
            "effpatch.toml: packs: no pack 'suplement', expected a folder, or one of documented, ",
            id="pack",
        ),
        pytest.param("packs = ['']", "effpatch.toml: packs: no pack '', expected", id="nameless"),
        pytest.param("packs = ['./x']", "effpatch.toml: packs: no pack './x', exp", id="folder"),
        pytest.param(
            "[tool.effpatch]\nskipp = []",
            "pyproject.toml: tool.effpatch: skipp: unknown key, expected one of packs, skip, "
            "stack; did you mean skip?",
            id="unknown-key-of-a-project",
        ),
        pytest.param(
            "[tool]\neffpatch = 1",
            "pyproject.toml: tool.effpatch: found 1, expected a table",
            id="no-table",
        ),
        pytest.param(
            "[tool.effpatch", "pyproject.toml: not valid TOML (", id="no-toml-of-a-project"
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(content: str, said: str, folder: Path) -> None:
    (folder / said.partition(":")[0]).write_text(content)
    with pytest.raises(SelectionError) as caught:
        find(folder)
    assert (caught.value.exit_code, str(caught.value).count("\n")) == (2, 0)
    assert str(caught.value).startswith(said)


def fifo(file: Path) -> None:
    os.mkfifo(file)


def huge(file: Path) -> None:
    file.touch()
    os.truncate(file, 1 << 40)


def latin(file: Path) -> None:
    file.write_bytes(b"skip = ['effpatch \xe9']")


def dangling(file: Path) -> None:
    file.symlink_to("nowhere")


def circle(file: Path) -> None:
    file.symlink_to(file.name)


def endless(file: Path) -> None:
    file.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [fifo, huge, dangling, circle, endless, Path.mkdir])
def test_what_is_no_file_to_be_read(make: object, folder: Path) -> None:
    assert callable(make)
    make(folder / "pyproject.toml")
    assert find(folder) is None, "a project's file is not known to be ours"
    make(folder / "effpatch.toml")
    with pytest.raises(SelectionError, match=r"^effpatch\.toml: cannot be read \(.*correct or"):
        find(folder)


@pytest.mark.parametrize("name", ["effpatch.toml", "pyproject.toml"])
def test_a_file_that_is_not_utf_8(name: str, folder: Path) -> None:
    latin(folder / name)
    with pytest.raises(SelectionError, match=r"\.toml: not UTF-8 at byte 18; correct it$"):
        find(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_that_another_user_left_above_is_not_used(folder: Path) -> None:
    file = folder / "effpatch.toml"
    file.write_text("skip = ['main-3']")
    os.chown(file, 1234, 1234)
    notes = list[str]()
    assert find(folder / "src", notes.append) is None
    assert notes == [f"{file}: belongs to another user, so effpatch does not use it"]
    os.chown(folder / "src", 1234, 1234)
    assert found(folder / "src").skip == ("main-3",), "whose folder it is as well"
    os.chown(folder / "src", 0, 0)
    file.rename(folder / "mine.toml")
    os.chown(folder / "mine.toml", 0, 0)
    file.symlink_to("mine.toml")
    os.chown(file, 1234, 1234, follow_symlinks=False)
    assert find(folder / "src") is None, "nor a link of that user"
