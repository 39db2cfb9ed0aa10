"""TOML files, read key by key."""

from pathlib import Path

import pytest

from patcher.errors import PackError
from patcher.packs.tables import NUMBER, RANGE, TABLE, TABLES, TEXT, TEXTS, Key, Table, read


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"a = ", "not valid TOML (", id="no TOML"),
        pytest.param(b"a = 1\na = 2", "not valid TOML (", id="a key twice"),
        pytest.param(b'a = "\xff"', "not UTF-8 at byte 5", id="not UTF-8"),
        pytest.param(b"a = " + b"[" * 5000, "not valid TOML (", id="nested too deeply"),
        pytest.param(b"a = " + b"9" * 5000, "not valid TOML (", id="a number of too many digits"),
        pytest.param(b"#" * 1_000_001, "cannot be read (larger than 1,000,000 bytes)", id="large"),
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
            Table("pack", {key: 1}).read({"name": Key(), "title": Key()})
        error = f"pack: {key}: unknown key, expected one of name, title; {hint}"
        assert str(caught.value) == error


def test_keys_have_a_kind_and_may_have_a_default() -> None:
    table = Table("pack", {"a": "b", "n": 1, "l": ["c"], "r": [1, 1], "m": [{"d": 1}, {}]})
    keys = {
        "a": Key(),
        "n": Key(NUMBER),
        "l": Key(TEXTS),
        "r": Key(RANGE),
        "m": Key(TABLES),
        "w": Key(TEXTS, []),
        "y": Key(TABLES, []),
        "z": Key(TEXT, "y"),
    }
    values = table.read(keys)
    assert [each.place for each in values.pop("m")] == ["pack: m 1", "pack: m 2"]
    rest = {"a": "b", "n": 1, "l": ("c",), "r": (1, 1), "w": (), "y": (), "z": "y"}
    assert values == rest


def test_a_table_in_a_table_is_named_with_it() -> None:
    inner = Table("pack", {"a": {"b": "c"}}).get("a", Key(TABLE))
    assert (inner.place, inner.values) == ("pack: a", {"b": "c"})
    assert inner.read_all(Key()) == {"b": "c"}
    with pytest.raises(PackError, match=r"^pack: a: b: found 'c', expected a number$"):
        inner.read_all(Key(NUMBER))


@pytest.mark.parametrize(
    ("value", "key", "sentence"),
    [
        pytest.param(1, Key(), "found 1, expected a string", id="a number"),
        pytest.param("1", Key(NUMBER), "found '1', expected a number", id="a string"),
        pytest.param(True, Key(NUMBER), "found True, expected a number", id="a truth"),
        pytest.param("a", Key(TEXTS), "found 'a', expected a list of strings", id="no list"),
        pytest.param(
            ["b", 1], Key(TEXTS), "found ['b', 1], expected a list of strings", id="no strings"
        ),
        pytest.param(["b"], Key(TABLES), "found ['b'], expected a list of tables", id="no tables"),
        pytest.param([], Key(TABLE), "found [], expected a table", id="no table"),
        pytest.param([1], Key(RANGE), "found [1], expected the smallest number", id="no range"),
        pytest.param([2, 1], Key(RANGE), "found [2, 1], expected the smallest", id="upside down"),
        pytest.param([1, True], Key(RANGE), "found [1, True], expected the", id="truths"),
        pytest.param("ab", Key(pattern=("a", "one a")), "found 'ab', expected one a", id="pattern"),
        pytest.param(None, Key(), "missing key; add it", id="missing"),
    ],
)
def test_a_value_of_another_kind_is_said(value: object, key: Key, sentence: str) -> None:
    with pytest.raises(PackError) as caught:
        Table("pack", {} if value is None else {"a": value}).get("a", key)
    assert str(caught.value).startswith(f"pack: a: {sentence}")


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("a" + ".a" * 100_000, id="words"),
        pytest.param('"a\\"b"' + ' . "a\\"b"' * 100_000, id="quoted"),
        pytest.param("'a b'" + ".'a b'" * 100_000, id="quoted otherwise"),
        pytest.param("[" + "a." * 100_000 + "a]\n#", id="a heading"),
    ],
)
def test_a_key_of_many_parts_is_not_parsed(key: str, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f"b = 1\n{key} = 1\n")
    with pytest.raises(PackError, match=r"a\.toml:2: a key of more than 50 parts"):
        read(file)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f'a = "x{".a" * 60}"', id="a value"),
        pytest.param(f"a = 1  # see a{'.a' * 60}", id="a comment"),
        pytest.param(f'a = ["0", "0{".1" * 60}"]', id="in a list"),
        pytest.param('a = "' + '\\"' * 400_000 + '"', id="many quotes in a value"),
    ],
)
def test_what_is_no_key_may_have_many_parts(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f"{line}\n")
    assert read(tmp_path / "a.toml").values.keys() == {"a"}


def test_a_value_has_a_length() -> None:
    with pytest.raises(PackError, match="a: 20,001 characters, expected at most 20,000"):
        Table("t", {"a": "x" * 20_001}).get("a", Key())
