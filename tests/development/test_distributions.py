"""What is published: an sdist with all of the repository, a wheel with one package."""

import re
import sys
import tarfile
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from zipfile import ZipFile

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from patcher.resources import __version__
from tests import own_repository
from tests.commands import git, process

NAME = f"effpatch-{__version__}"
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("distributions")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_repository.clone(tmp_path_factory.mktemp("distributions") / "clone")


@pytest.fixture(scope="module")
def unpacked(clone: Path) -> Path:
    """The sdist of that repository, unpacked."""
    build(clone, "--sdist")
    with tarfile.open(clone / "dist" / f"{NAME}.tar.gz") as archive:
        archive.extractall(clone.parent, filter="data")
    return clone.parent / NAME


@pytest.fixture(scope="module")
def wheel(clone: Path, unpacked: Path) -> dict[str, bytes]:
    """The files of the wheel that is made of the repository."""
    return wheel_of(clone)


def build(folder: Path, kind: str) -> None:
    done = process(sys.executable, "-m", "build", kind, str(folder))
    assert done.returncode == 0, done.stdout + done.stderr


def wheel_of(folder: Path) -> dict[str, bytes]:
    build(folder, "--wheel")
    with ZipFile(folder / "dist" / f"{NAME}-py3-none-any.whl") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files(folder: Path) -> dict[str, bytes]:
    found = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in found}


def test_the_sdist_has_every_file_of_the_repository(clone: Path, unpacked: Path) -> None:
    tracked = git(clone, "ls-files").splitlines()
    found = files(unpacked)
    assert found.pop("PKG-INFO")
    assert found == {name: (clone / name).read_bytes() for name in tracked}


def test_the_sdist_makes_the_same_wheel(unpacked: Path, wheel: dict[str, bytes]) -> None:
    assert wheel_of(unpacked) == wheel


def test_the_wheel_has_one_package_with_its_data(clone: Path, wheel: dict[str, bytes]) -> None:
    folders = {name.partition("/")[0] for name in wheel}
    assert folders == {"patcher", f"{NAME}.data", f"{NAME}.dist-info"}
    assert "patcher/py.typed" in wheel
    data = git(clone, "ls-files", "rules", "vendor").splitlines()
    assert [name for name in data if f"patcher/{name}" not in wheel] == []
    pages = {
        f"{NAME}.data/data/share/man/man1/{each.name}" for each in (clone / "docs/man").iterdir()
    }
    assert pages == {name for name in wheel if name.startswith(f"{NAME}.data/")} != set()


def test_the_tests_run_in_the_unpacked_sdist(unpacked: Path) -> None:
    rooms = ("tests/packs", "tests/test_rooms.py", "tests/test_integrations.py")
    done = process(sys.executable, "-m", "pytest", "-q", *rooms, cwd=unpacked)
    assert done.returncode == 0, done.stdout + done.stderr
    demo = process(sys.executable, "-m", "patcher", "demo", cwd=unpacked)
    assert (demo.returncode, demo.stderr) == (0, "")


def test_the_description_has_no_link_into_the_repository(wheel: dict[str, bytes]) -> None:
    """A package index shows no other file of it."""
    metadata = wheel[f"{NAME}.dist-info/METADATA"].decode()
    text = str(message_from_string(metadata).get_payload())
    addresses = [*targets(MarkdownIt().parse(text))]
    assert text.startswith("# effpatch\n")
    assert addresses
    assert [each for each in addresses if not each.startswith("https://")] == []


def targets(tokens: list[Token]) -> Iterator[str]:
    """Where links and pictures of a text lead, also those in HTML."""
    for token in tokens:
        yield from (str(token.attrs[key]) for key in ("href", "src") if key in token.attrs)
        if token.type.startswith("html"):
            yield from re.findall(r"(?:href|src|srcset)=.([^\"']*)", token.content)
        yield from targets(token.children or [])
