"""Which release of an accelerator's software is meant, and which one is installed."""

from pathlib import Path

import pytest

from patcher.errors import PackError, SelectionError, StackError
from patcher.model import Pack
from patcher.training import ACCELERATOR, DEVICES
from patcher.training.releases import (
    accelerator_of,
    document_of,
    lacking,
    release_of,
    target_of,
)
from tests.training.releases import hpu

TABLE = hpu().accelerator
HAD = [each for each in TABLE.releases if each.library]


def test_its_device_is_one_to_train_on() -> None:
    assert TABLE.device == ACCELERATOR
    assert ACCELERATOR in DEVICES


def test_the_newest_that_can_be_had_is_the_default() -> None:
    assert hpu().release == HAD[-1]


@pytest.mark.parametrize(
    ("name", "release"),
    [
        pytest.param("1.12", "1.12.1", id="the last of several"),
        pytest.param("1.12.0", "1.12.0", id="one of several"),
        pytest.param("1.10", "1.10.0", id="not that which begins so"),
    ],
)
def test_a_release_goes_by_its_beginning(name: str, release: str) -> None:
    assert hpu(release=name).release.name == release


def test_one_that_cannot_be_had_is_refused() -> None:
    assert not TABLE.releases[0].library
    with pytest.raises(StackError, match=r"no habana-tensorflow of 1\.1\.1 on the public package"):
        hpu(release="1.1")


@pytest.mark.parametrize("name", ["1.15", "1.41", "x"])
def test_an_unknown_one_is_refused(name: str) -> None:
    """No other is suggested: the one that is written alike may be years older."""
    with pytest.raises(SelectionError, match=r"1\.14\.0; choose one of them, or leave"):
        hpu(release=name)


def test_packs_without_an_accelerator_have_no_releases() -> None:
    assert accelerator_of([Pack("bare", ())]) is None
    with pytest.raises(PackError, match="bare: names no accelerator, expected a device"):
        target_of([Pack("bare", ())])


def test_the_installed_library_tells_the_release() -> None:
    for each in HAD:
        found = release_of(TABLE, {TABLE.library: each.library})
        document = document_of(TABLE, each)
        assert found.startswith(f"{each.name}, according to {TABLE.library} {each.library}; ")
        assert found.endswith(
            document.pack if document else "no revision of the document is for it"
        )
    unknown = release_of(TABLE, {TABLE.library: "99.0"})
    assert unknown == f"one that is not known, according to {TABLE.library} 99.0"
    assert release_of(TABLE, {}) == release_of(None, {TABLE.library: "99.0"}) == ""


def test_what_a_fork_is_built_with_is_looked_for() -> None:
    assert TABLE.fork
    assert lacking(TABLE.fork._replace(needs=("/", "/no/such/file.h"))) == ["/no/such/file.h"]


def test_the_documentation_has_the_table() -> None:
    """Each release by the last of its name, with the TensorFlow that a stack gets."""
    lines = (
        (Path(__file__).parents[2] / "docs" / "guides" / "hpu.md").read_text("utf-8").splitlines()
    )
    start = lines.index("| release | TensorFlow | Python |") + 2
    rows = [line.strip("| ").split(" | ") for line in lines[start : lines.index("", start)]]
    written = {name: tuple(rest) for names, *rest in rows for name in names.split(", ")}
    had = {each.name.rpartition(".")[0]: each for each in HAD}
    assert written == {
        name: (each.framework[0], ", ".join(each.python)) for name, each in had.items()
    }
