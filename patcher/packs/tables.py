"""TOML files, read by what each key may hold: what is unknown, missing or wrong is an error."""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from patcher import reading
from patcher.errors import PackError, did_you_mean, reason

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


LARGEST = 1_000_000  # bytes of a TOML file
_LONGEST = 20_000  # characters of a value, of which a quote is parsed
# A key of many parts, for which the time of tomllib grows with the square.
_PART = r"""(?:[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DEEP_KEY = re.compile(
    rf"(?m)(?:^[ \t]*\[{{0,2}}|[{{,])[ \t]*{_PART}(?:[ \t]*\.[ \t]*{_PART}){{50}}"
)


class ValueType(NamedTuple):
    """A type of values: in words, as a test, and as JSON schema."""

    words: str
    fits: Callable[[Any], bool]
    schema: Mapping[str, object]


def _list_of(words: str, kind: type, items: Mapping[str, object], **more: object) -> ValueType:
    def fits(value: object) -> bool:
        return isinstance(value, list) and all(isinstance(each, kind) for each in value)

    return ValueType(words, fits, {"type": "array", "items": items, **more})


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(type(each) is int for each in value)


def _is_range(value: object) -> bool:
    return (
        isinstance(value, list)
        and [type(each) for each in value] == [int, int]
        and value[0] <= value[1]
    )


TEXT = ValueType("a string", lambda value: isinstance(value, str), {"type": "string"})
NUMBER = ValueType("a number", lambda value: type(value) is int, {"type": "integer"})
NUMBERS = ValueType("a list of numbers", _are_numbers, {"type": "array", "items": NUMBER.schema})
FLAG = ValueType("true or false", lambda value: type(value) is bool, {"type": "boolean"})
TABLE = ValueType("a table", lambda value: isinstance(value, dict), {"type": "object"})
TEXTS = _list_of("a list of strings", str, TEXT.schema)
TABLES = _list_of("a list of tables", dict, TABLE.schema)
RANGE = ValueType(
    "the smallest number and the largest, in a list",
    _is_range,
    {"type": "array", "items": NUMBER.schema, "minItems": 2, "maxItems": 2},
)
ANY = ValueType("anything", lambda value: True, {})


class Key(NamedTuple):
    """What a table may hold under a key.

    Attributes:
        type: The type of its value.
        default: What stands for it where it is left out; None where it must be there.
        about: What it is for, in the schema.
        pattern: What a string has to match in full, and that in words; "" for any string.
    """

    type: ValueType = TEXT
    default: object = None
    about: str = ""
    pattern: tuple[str, str] = ("", "")


class Table(NamedTuple):
    """A table of a TOML file; each method raises a PackError with file and key.

    Attributes:
        place: The file, and what in it, for sentences.
        values: Its keys and values.
    """

    place: str
    values: Mapping[str, Any]

    def error(self, key: str, found: str, wanted: str = "", next_step: str = "") -> PackError:
        """What is wrong with a key."""
        return PackError(f"{self.place}: {key}", found, wanted, next_step)

    def read(self, keys: Mapping[str, Key]) -> dict[str, Any]:
        """The values of all keys that the table may have."""
        for name in self.values:
            if name not in keys:
                hint = did_you_mean(name, keys, "remove it")
                raise self.error(name, "unknown key", f"one of {', '.join(keys)}", hint)
        return {name: self.get(name, key) for name, key in keys.items()}

    def read_all(self, key: Key) -> dict[str, Any]:
        """The values of a table that may have any keys."""
        return {name: self.get(name, key) for name in self.values}

    def get(self, name: str, key: Key) -> Any:
        """The value of a key: a list as a tuple, a table as a `Table`."""
        value = self.values.get(name, key.default)
        pattern, words = key.pattern if name in self.values else ("", "")
        if value is None:
            raise self.error(name, "missing key", next_step="add it")
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, str) and len(each) > _LONGEST:
                raise self.error(name, f"{len(each):,} characters", f"at most {_LONGEST:,}")
        if not key.type.fits(value) or (pattern and not re.fullmatch(pattern, value)):
            raise self.error(name, f"found {value!r}", words or key.type.words)
        if key.type is TABLES:
            return tuple(Table(f"{self.place}: {name} {n}", e) for n, e in enumerate(value, 1))
        if key.type is TABLE:
            return Table(f"{self.place}: {name}", value)
        return tuple(value) if isinstance(value, list) else value


def read(file: Path) -> Table:
    """The table that a TOML file is.

    Raises:
        PackError: It cannot be read, or is not TOML.
    """
    try:
        text = reading.read(file, LARGEST).decode("utf-8")
    except OSError as error:
        raise PackError(str(file), f"cannot be read ({reason(error)})") from None
    except UnicodeDecodeError as error:
        raise PackError(str(file), f"not UTF-8 at byte {error.start}") from None
    return parse(text, str(file))


def parse(text: str, place: str) -> Table:
    """The table that a text is, whose place is named in sentences.

    Raises:
        PackError: It is not TOML.
    """
    if deep := _DEEP_KEY.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise PackError(f"{place}:{line}", "a key of more than 50 parts", next_step="correct it")
    try:
        return Table(place, tomllib.loads(text.replace("\r\n", "\n").replace("\r", "\n")))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        raise PackError(place, f"not valid TOML ({error})", next_step="correct it") from None
