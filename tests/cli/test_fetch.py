from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from patcher.model import Pack, Pin
from tests.cli.conftest import AddPack
from tests.commands import git, run


@pytest.fixture
def pin(tmp_path: Path) -> Pin:
    """The pin of a small repository with one file."""
    place = tmp_path / "small"
    file = place / "src" / "one.py"
    file.parent.mkdir(parents=True)
    file.write_text("import os\n")
    git(tmp_path, "init", "--quiet", str(place))
    git(place, "add", ".")
    git(place, "commit", "--quiet", "--message", "one")
    commit = git(place, "rev-parse", "HEAD").strip()
    digests = {"src/one.py": sha256(file.read_bytes()).hexdigest()}
    return Pin("small", str(place), commit, root="src", sha256=digests)


def test_the_upstream_of_the_pack_is_fetched(
    pin: Pin, add_pack: AddPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    add_pack("./mine", Pack("mine", (), upstream=pin))
    result = run("--pack", "./mine", "fetch")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"vendor/small: fetched, {pin.commit[:12]}, 1 file verified\n"
    assert Path("vendor/small/src/one.py").read_text() == "import os\n"


def test_a_pack_without_an_upstream(add_pack: AddPack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patcher.cli.packs._with_upstream", lambda pack: pack, raising=False)
    add_pack("./mine", Pack("mine", ()))
    result = run("fetch", "--pack", "./mine")
    sentence = "mine: names no upstream, expected one to fetch; add `upstream` to its pack.toml\n"
    assert (result.exit_code, result.stderr) == (4, sentence)


def test_packs_of_one_upstream_are_fetched_once(
    pin: Pin, add_pack: AddPack, tmp_path: Path
) -> None:
    other = replace(pin, sha256={})
    add_pack("./one", Pack("one", (), upstream=pin))
    add_pack("./two", Pack("two", (), upstream=other))
    dest = tmp_path / "dest"
    result = run("fetch", dest, "--pack", "./two", "--pack", "./one")
    assert result.stdout == f"{dest}: fetched, {pin.commit[:12]}, 1 file verified\n"


def test_a_commit_that_is_not_one(tmp_path: Path) -> None:
    result = run("fetch", tmp_path / "dest", "--commit", "main")
    assert result.exit_code == 2
    assert "'main' is not a full commit id (40 hex digits)" in result.stderr
