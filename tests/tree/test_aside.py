import os
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.tree.aside import put_back, set_aside


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda place: place.write_text("mine"), id="a file"),
        pytest.param(lambda place: place.mkdir(), id="a folder"),
        pytest.param(lambda place: place.symlink_to("nowhere"), id="a link to nowhere"),
        pytest.param(lambda place: place.symlink_to("."), id="a link to a folder"),
        pytest.param(os.mkfifo, id="a pipe"),
    ],
)
def test_anything_gets_a_free_name_and_comes_back(
    make: Callable[[Path], object], tmp_path: Path
) -> None:
    place = tmp_path / "place"
    (tmp_path / "place.1").symlink_to("nowhere")
    (tmp_path / "place.2").mkdir()
    make(place)
    before = place.lstat()
    aside = set_aside(place)
    assert (aside, os.path.lexists(place)) == (tmp_path / "place.3", False)
    assert os.path.samestat(before, aside.lstat())
    put_back(aside, place)
    assert os.path.samestat(before, place.lstat())
    assert os.readlink(tmp_path / "place.1") == "nowhere"


def test_nothing_new_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "place").write_text("old")
    aside = set_aside(tmp_path / "place")
    (tmp_path / "place").write_text("new")
    put_back(aside, tmp_path / "place")
    assert [(tmp_path / name).read_text() for name in ("place", "place.1")] == ["new", "old"]


@pytest.mark.parametrize("folder", [False, True], ids=["a file", "a folder"])
def test_a_name_that_is_taken_meanwhile_is_left(
    folder: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody takes it between the look and the renaming."""
    place, real = tmp_path / "place", os.path.lexists
    place.mkdir() if folder else place.write_text("mine")

    def lexists(name: Path) -> bool:
        found = real(name)
        if name.name == "place.1" and not found:
            name.mkdir()
            (name / "theirs").write_text("theirs")
            return False
        return found

    monkeypatch.setattr(os.path, "lexists", lexists)
    assert set_aside(place) == tmp_path / "place.2"
    assert (tmp_path / "place.1" / "theirs").read_text() == "theirs"
