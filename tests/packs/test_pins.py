"""The pin of a pack."""

from pathlib import Path

import pytest

from patcher.errors import PackError
from patcher.packs.pins import pin_of, require_path
from patcher.packs.tables import Table, read

DIGEST = "ab" * 32
PIN = f"""\
[upstream]
repository = "https://example.org/shop.git/"
commit = "0123456789012345678901234567890123456789"
program = "src/main.py"
omit = ["*.png"]
[upstream.sha256]
"src/app.py" = "{DIGEST}"
"""


def table(folder: Path, text: str) -> Table:
    file = folder / "pack.toml"
    file.write_text(text, "utf-8")
    return read(file)


def test_a_pin_is_a_table_of_the_pack(tmp_path: Path) -> None:
    pin = pin_of(table(tmp_path, PIN))
    assert (pin.name, pin.root, pin.program) == ("shop", "", "src/main.py")
    assert (pin.omit, pin.sha256) == (("*.png",), {"src/app.py": DIGEST})
    named = pin_of(table(tmp_path, PIN.replace("commit =", 'name = "store"\ncommit =')))
    assert named.name == "store"


def test_a_pin_may_be_known_by_its_files_alone(tmp_path: Path) -> None:
    text = PIN.replace("repository", "# repository").replace("commit", "# commit")
    pin = pin_of(table(tmp_path, text))
    assert (pin.name, pin.repository, pin.commit) == ("upstream", "", "")
    with pytest.raises(PackError, match="sha256: missing key, expected the digests of the files"):
        pin_of(table(tmp_path, text.partition("[upstream.sha256]")[0]))


def test_a_pin_may_be_a_shipped_one(tmp_path: Path) -> None:
    assert pin_of(table(tmp_path, 'upstream = "automl"\n')).name == "automl"
    with pytest.raises(PackError, match=r"upstream: no shipped upstream `none`, expected one of"):
        pin_of(table(tmp_path, 'upstream = "none"\n'))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param("0123", "012g", "commit: found '012g", id="no hex digits"),
        pytest.param('"src/main', '"/main', "program: found '/main", id="an absolute program"),
        pytest.param('"src/app', '"../app', "sha256: ../app.py: found", id="a file outside"),
        pytest.param(
            f'"{DIGEST}"', "1", "sha256: src/app.py: found 1, expected a SHA-256", id="no text"
        ),
        pytest.param(DIGEST, DIGEST[1:], "sha256: src/app.py: found 'b", id="half a digest"),
        pytest.param('["*.png"]', "[1]", "omit: found [1], expected a list of strings", id="omit"),
        pytest.param(
            'repository = "https://example.org/shop.git/"\n',
            "",
            "repository: missing key, expected one with `commit`",
            id="no address",
        ),
        pytest.param(
            'commit = "0123456789012345678901234567890123456789"\n',
            "",
            "commit: missing key, expected one with `repository`",
            id="no commit",
        ),
        pytest.param("shop.git/", ".git/", "name: found ''", id="an address without a name"),
    ],
)
def test_a_fault_is_said_with_its_key(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(PackError) as caught:
        pin_of(table(tmp_path, PIN.replace(old, new, 1)))
    assert f"pack.toml: upstream: {sentence}" in str(caught.value)


@pytest.mark.parametrize("path", ["a.py", "src/a b.py", "src/.hidden/a.py", "src/...py"])
def test_a_path_is_below_the_root(path: str) -> None:
    require_path(Table("pack", {}), "path", path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "./a",
        "a/./b",
        "../a",
        "a/../b",
        ".git/a",
        "a/.GIT/b",
        "a\\b",
        "a\nb",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(PackError, match=r"^pack: path: found "):
        require_path(Table("pack", {}), "path", path)
