from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import CopyPack
from tests.commands import git, run


@pytest.fixture
def origin(tmp_path: Path) -> tuple[Path, str]:
    """A small repository with one file, and its commit."""
    place = tmp_path / "origin"
    file = place / "src" / "one.py"
    file.parent.mkdir(parents=True)
    file.write_text("import os\n")
    git(tmp_path, "init", "--quiet", str(place))
    git(place, "add", ".")
    git(place, "commit", "--quiet", "--message", "one")
    return place, git(place, "rev-parse", "HEAD").strip()


def pin(origin: tuple[Path, str], digests: str = "") -> str:
    """The table of a pin, for a pack."""
    place, commit = origin
    more = f'root = "src", sha256 = {{ {digests} }}'
    return f'{{ name = "small", repository = "{place}", commit = "{commit}", {more} }}'


def digest(origin: tuple[Path, str]) -> str:
    """The pin's entry for the one file."""
    content = (origin[0] / "src" / "one.py").read_bytes()
    return f'"src/one.py" = "{sha256(content).hexdigest()}"'


def test_the_upstream_of_the_pack_is_fetched(
    origin: tuple[Path, str],
    copy_pack: CopyPack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("--pack", copy_pack("mine", pin(origin, digest(origin))), "fetch")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"vendor/small: fetched, {origin[1][:12]}, 1 file verified\n"
    assert Path("vendor/small/src/one.py").read_text() == "import os\n"


def test_packs_of_one_upstream_are_fetched_once(
    origin: tuple[Path, str], copy_pack: CopyPack, tmp_path: Path
) -> None:
    one, two = copy_pack("one", pin(origin)), copy_pack("two", pin(origin, digest(origin)))
    dest = tmp_path / "dest"
    result = run("fetch", dest, "--pack", one, "--pack", two)
    assert result.stdout == f"{dest}: fetched, {origin[1][:12]}, 1 file verified\n"


def test_an_address_may_be_a_relative_path(
    origin: tuple[Path, str], copy_pack: CopyPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    packs = ("--pack", copy_pack("mine", pin(origin, digest(origin))))
    result = run("fetch", "dest", "--url", "origin", *packs)
    assert result.stdout == f"dest: fetched, {origin[1][:12]}, 1 file verified\n"
    result = run("fetch", "other", "--url", "origin", "--commit", "0" * 40, *packs)
    step = "correct the address or the commit"
    assert (result.exit_code, result.stderr) == (
        4,
        f"{tmp_path}/origin: no commit {'0' * 40} there; {step}\n",
    )


def test_a_commit_that_is_not_one(tmp_path: Path) -> None:
    result = run("fetch", tmp_path / "dest", "--commit", "main")
    assert result.exit_code == 2
    assert "'main' is not a full commit id (40 hex digits)" in result.stderr
