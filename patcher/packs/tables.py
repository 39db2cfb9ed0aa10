"""TOML files, read key by key: what is unknown, missing or of another type is an error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from patcher.errors import PackError, did_you_mean, reason

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_T = TypeVar("_T")
_TYPES = {str: "a string", int: "a number", list: "a list", dict: "a table"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a TOML file; each method raises a PackError with file and key.

    Attributes:
        place: The file, and what in it, for sentences.
        values: Its keys and values.
    """

    place: str
    values: Mapping[str, object]

    def error(self, key: str, found: str, wanted: str = "", next_step: str = "") -> PackError:
        """What is wrong with a key."""
        return PackError(f"{self.place}: {key}", found, wanted, next_step)

    def require_known(self, known: Iterable[str]) -> None:
        """Check that the table has no other keys than these."""
        known = list(known)
        for key in self.values:
            if key not in known:
                hint = did_you_mean(key, known, "remove it")
                raise self.error(key, "unknown key", f"one of {', '.join(known)}", hint)

    def get(self, key: str, kind: type[_T], default: _T | None = None) -> _T:
        """The value of a key, of a kind; without a default, it must be there."""
        value = self.values.get(key, default)
        if value is None:
            raise self.error(key, "missing key", next_step="add it")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.error(key, f"found {value!r}", _TYPES[kind])
        return value

    def strings(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        """The strings in a list."""
        values = self.get(key, list, default)
        for value in values:
            if not isinstance(value, str):
                raise self.error(key, f"found {value!r} in the list", "strings")
        return tuple(values)

    def table(self, key: str, default: dict[str, object] | None = None) -> Table:
        """The table in a key."""
        return Table(f"{self.place}: {key}", self.get(key, dict, default))

    def tables(self, key: str) -> list[Table]:
        """The tables in a list, `[[key]]`; none where the key is missing."""
        values = self.get(key, list, [])
        for value in values:
            if not isinstance(value, dict):
                raise self.error(key, f"found {value!r} in the list", "tables")
        return [Table(f"{self.place}: {key} {n}", value) for n, value in enumerate(values, 1)]


def read(file: Path) -> Table:
    """The table that a TOML file is.

    Raises:
        PackError: It cannot be read, or is not TOML.
    """
    try:
        return Table(str(file), tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        raise PackError(str(file), f"cannot be read ({reason(error)})") from None
    except UnicodeDecodeError as error:
        raise PackError(str(file), f"not UTF-8 at byte {error.start}") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackError(str(file), f"not valid TOML ({error})", next_step="correct it") from None
