"""Where packs come from: a name, a folder, an installed distribution."""

import sys
from pathlib import Path

import pytest

from patcher.errors import PackError
from patcher.packs import DEFAULT, known_packs, load_pack, shipped_packs
from tests.packs.test_loading import pack

POINT = "[effpatch.packs]\nmine = mine_port\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A distribution with a pack, as pip unpacks it on the path; importing it would fail."""
    site = tmp_path / "site"
    site.mkdir()
    folder = pack(site).rename(site / "mine_port")
    (folder / "__init__.py").write_text("raise SystemExit('imported')")
    info = site / "mine_port-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine-port\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINT)
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    return info


def test_shipped_packs_are_known_by_name() -> None:
    assert known_packs()[: len(shipped_packs())] == shipped_packs()
    assert [load_pack(name).name for name in shipped_packs()] == list(shipped_packs())


def test_a_folder_is_known_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = pack(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert load_pack(place) == load_pack("./mine") == load_pack("mine")


def test_rules_of_the_default_pack_are_named_without_it() -> None:
    for name in shipped_packs():
        ids = [id_ for id_, _, _ in load_pack(name).entries()]
        assert all(id_.startswith(f"{name}/") != (name == DEFAULT) for id_ in ids)


def test_a_shipped_name_is_not_a_folder_next_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(tmp_path).rename(tmp_path / DEFAULT)
    monkeypatch.chdir(tmp_path)
    assert load_pack(DEFAULT).name == DEFAULT
    assert load_pack(f"./{DEFAULT}").name == "mine"


@pytest.mark.parametrize("place", ["./gone", "gone/"])
def test_a_path_is_never_a_name(place: str) -> None:
    with pytest.raises(PackError, match=r"no such folder"):
        load_pack(place)


def test_an_installed_pack_is_known_by_name_and_not_imported(installed: Path) -> None:
    assert known_packs() == (*shipped_packs(), "mine")
    assert load_pack("mine").name == "mine"


def test_an_installed_pack_that_is_broken_is_said(installed: Path) -> None:
    (installed / "entry_points.txt").write_text(POINT.replace("mine_port", "mine_port.gone"))
    with pytest.raises(PackError, match=r"^pack mine: the entry point names mine_port.gone, in"):
        load_pack("mine")
    (installed / "entry_points.txt").write_text(POINT.replace("mine_port", "no_such_module"))
    with pytest.raises(PackError, match=r"^pack mine: the entry point names no_such_module, in"):
        load_pack("mine")


def test_a_name_that_is_near_is_offered() -> None:
    with pytest.raises(PackError, match=r"no pack of this name.*; did you mean documented\?$"):
        load_pack("documentd")
    with pytest.raises(PackError, match=r"; name one of them, or a folder$"):
        load_pack("zzz")
