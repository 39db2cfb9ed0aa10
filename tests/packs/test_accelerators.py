"""The table of an accelerator's releases."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from patcher.errors import PackError
from patcher.packs import DEFAULT, load_folder, load_pack, shipped_packs
from patcher.packs.accelerators import Accelerator, load_accelerator
from patcher.resources import VENDOR

SHIPPED = sorted((VENDOR / "accelerators").glob("*.toml"))
TABLE = """\
title = "Cards"
device = "card"
library = "card-library"
module = "card.library"
framework = "frame"
[fork]
package = "card-fork"
of = "fork"
needs = ["/usr/include/card.h"]
[[release]]
name = "1.0"
source = "a wheel"
library = "1.0.7"
framework = ["2.0"]
python = ["3.10"]
also = ["numpy<2"]
[[preset]]
variable = "CARD_MODE"
value = "0"
releases = ">=1.0,<2"
when = "several hosts"
why = "So."
source = "a script"
[[document]]
releases = ">=1.0"
pack = "mine"
changes = "None."
"""
PACK = 'title = "t"\nupstream = "automl"\nsections = []\naccelerator = "{}"\n'


def loaded(folder: Path, text: str) -> Accelerator:
    file = folder / "card.toml"
    file.write_text(text, "utf-8")
    return load_accelerator(file)


def test_a_table_is_read(tmp_path: Path) -> None:
    found = loaded(tmp_path, TABLE)
    (release,), (preset,), (document,) = found.releases, found.presets, found.documents
    assert (found.device, found.library, found.framework) == ("card", "card-library", "frame")
    assert found.fork
    assert (found.fork.of, found.fork.needs) == ("fork", ("/usr/include/card.h",))
    assert (release.framework, release.also, release.fork_of) == (("2.0",), ("numpy<2",), "")
    assert (preset.variable, preset.when, preset.unless) == ("CARD_MODE", "several hosts", ())
    assert (document.pack, document.releases) == ("mine", ">=1.0")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param('device = "card"\n', "", "device: missing key; add it", id="no device"),
        pytest.param("title", "titel", "titel: unknown key", id="a misspelled key"),
        pytest.param('"card-library"', '"--index-url"', "library: found '--in", id="an option"),
        pytest.param('"/usr/include/card.h"', "1", "fork: needs: found [1], expected a", id="need"),
        pytest.param('source = "a wheel"\n', "", "release 1: source: missing key", id="no source"),
        pytest.param('name = "1.0"', 'name = "one"', "release 1: name: found 'one'", id="name"),
        pytest.param('"1.0.7"', '"1.0.7b"', "release 1: library: found '1.0.7b'", id="library"),
        pytest.param('["2.0"]', "[]", "release 1: framework: missing key", id="no framework"),
        pytest.param('["2.0"]', '[">2"]', "release 1: framework: found '>2'", id="no version"),
        pytest.param(
            '["3.10"]', '["3"]', "release 1: python: found '3', expected a v", id="python"
        ),
        pytest.param("numpy<2", "numpy @ x", "release 1: also: found 'numpy @ x'", id="an address"),
        pytest.param("CARD_MODE", "card mode", "preset 1: variable: found 'card", id="variable"),
        pytest.param(">=1.0,<2", "new", "preset 1: releases: found 'new', expected ver", id="new"),
        pytest.param(
            "several hosts", "often", "preset 1: when: found 'often', expected", id="when"
        ),
        pytest.param('changes = "None."', "", "document 1: changes: missing key", id="changes"),
        pytest.param(
            "[[preset]]",
            '[[release]]\nname = "1.0"\nsource = "x"\n[[preset]]',
            "release: 1.0 is listed twice, expected each release once",
            id="a release twice",
        ),
    ],
)
def test_a_fault_is_said_with_file_and_key(
    old: str, new: str, sentence: str, tmp_path: Path
) -> None:
    assert old in TABLE
    with pytest.raises(PackError, match=re.escape(f"{tmp_path}/card.toml: {sentence}")):
        loaded(tmp_path, TABLE.replace(old, new))


def test_a_pack_names_a_shipped_one_or_a_file_of_its_own(tmp_path: Path) -> None:
    pack = tmp_path / "pack.toml"
    pack.write_text(PACK.format(SHIPPED[0].stem))
    assert load_folder(tmp_path).accelerator == SHIPPED[0]
    (tmp_path / "devices").mkdir()
    loaded(tmp_path / "devices", TABLE)
    pack.write_text(PACK.format("devices/card.toml"))
    assert load_folder(tmp_path).accelerator == tmp_path / "devices" / "card.toml"


@pytest.mark.parametrize("name", ["none", "../card.toml", "/card.toml", ""])
def test_one_that_is_not_there_is_reported(name: str, tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text(PACK.format(name))
    if not name:
        assert load_folder(tmp_path).accelerator is None
        return
    with pytest.raises(PackError, match=r"pack\.toml: accelerator: "):
        load_folder(tmp_path)


def test_a_fault_in_it_is_a_fault_of_the_pack(tmp_path: Path) -> None:
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "card.toml").write_text("title = 1")
    (tmp_path / "pack.toml").write_text(PACK.format("devices/card.toml"))
    with pytest.raises(PackError, match=r"devices/card\.toml: title: found 1, expected a string"):
        load_folder(tmp_path)


def test_the_default_pack_has_one() -> None:
    assert load_pack(DEFAULT).accelerator in SHIPPED


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_shipped_releases_agree(file: Path) -> None:
    """They are in order, and the library of each has its version, and one of its own."""
    releases = load_accelerator(file).releases
    assert all(Version(one.name) < Version(next_.name) for one, next_ in pairwise(releases))
    libraries = [each for each in releases if each.library]
    assert all(each.library.startswith(f"{each.name}.") for each in libraries)
    assert len({each.library for each in libraries}) == len(libraries) > 0


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_release_has_one_document_and_one_value_of_a_variable(file: Path) -> None:
    table = load_accelerator(file)
    for release in table.releases:
        documents = [d for d in table.documents if release.name in SpecifierSet(d.releases)]
        assert len(documents) <= 1, release.name
        variables = [p.variable for p in table.presets if release.name in SpecifierSet(p.releases)]
        assert len(set(variables)) == len(variables), release.name
    assert table.documents[0].pack == DEFAULT
    assert {each.pack for each in table.documents} <= {*shipped_packs()}
