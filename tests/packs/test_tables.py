"""TOML files, read key by key."""

from pathlib import Path

import pytest

from patcher.errors import PackError
from patcher.packs.tables import Table, read


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"a = ", "not valid TOML (", id="no TOML"),
        pytest.param(b"a = 1\na = 2", "not valid TOML (", id="a key twice"),
        pytest.param(b'a = "\xff"', "not UTF-8 at byte 5", id="not UTF-8"),
        pytest.param(b"a = " + b"[" * 5000, "not valid TOML (", id="nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(content)
    with pytest.raises(PackError) as caught:
        read(file)
    assert str(caught.value).startswith(f"{file}: {sentence}")


def test_an_unknown_key_is_said_with_one_like_it() -> None:
    for key, hint in (("titel", "did you mean title?"), ("x", "remove it")):
        with pytest.raises(PackError) as caught:
            Table("pack", {key: 1}).require_known(["name", "title"])
        error = f"pack: {key}: unknown key, expected one of name, title; {hint}"
        assert str(caught.value) == error


def test_keys_have_a_type_and_may_have_a_default() -> None:
    table = Table("pack", {"a": "b", "n": 1, "yes": True, "l": ["c"], "m": [{"d": 1}, {}]})
    assert (table.get("a", str), table.get("n", int), table.get("z", str, "y")) == ("b", 1, "y")
    assert (table.strings("l"), table.strings("z", [])) == (("c",), ())
    assert [each.place for each in table.tables("m")] == ["pack: m 1", "pack: m 2"]
    assert (table.tables("z"), table.table("z", {}).values) == ([], {})


@pytest.mark.parametrize(
    ("value", "kind", "sentence"),
    [
        pytest.param(1, str, "found 1, expected a string", id="a number"),
        pytest.param("1", int, "found '1', expected a number", id="a string"),
        pytest.param(True, int, "found True, expected a number", id="a truth"),
        pytest.param("a", list, "found 'a', expected a list", id="no list"),
        pytest.param([], dict, "found [], expected a table", id="no table"),
        pytest.param(None, str, "missing key; add it", id="missing"),
    ],
)
def test_a_value_of_another_type_is_said(value: object, kind: type, sentence: str) -> None:
    with pytest.raises(PackError) as caught:
        Table("pack", {} if value is None else {"a": value}).get("a", kind)
    assert str(caught.value) == f"pack: a: {sentence}"


def test_a_list_of_other_things_is_said() -> None:
    table = Table("pack", {"a": ["b", 1]})
    with pytest.raises(PackError, match=r"^pack: a: found 1 in the list, expected strings$"):
        table.strings("a")
    with pytest.raises(PackError, match=r"^pack: a: found 'b' in the list, expected tables$"):
        table.tables("a")
