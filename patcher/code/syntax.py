"""Python's own syntax tree of a file, or what is wrong with the file."""

import ast
import warnings
from functools import lru_cache
from typing import NamedTuple

from patcher.code import bounds
from patcher.code.encodings import encoding_of, keeps_ascii

_SMALL = 300_000  # bytes of a file whose tree is kept; that takes up to a hundred times as much
TOO_DEEP = "nested too deeply"


class Fault(NamedTuple):
    """Why a file is no Python that can be used.

    Attributes:
        line: 1-based; 0 where none is known.
        reason: What is wrong with it.
        wanted: What it may have, where it has too much of that; "" where it is no Python.
    """

    line: int
    reason: str
    wanted: str = ""


def read(content: bytes) -> ast.Module | Fault:
    """The tree of a file, or its first fault; of large files, only that of the last one is kept.

    Args:
        content: Its bytes; a BOM or a coding line says how to decode them, else UTF-8.
    """
    return (_read if len(content) <= _SMALL else _read_large)(content)


@lru_cache(maxsize=128)
def _read(content: bytes) -> ast.Module | Fault:
    if excess := bounds.excess(content):
        return Fault(0, *excess)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _undecodable(content) or ast.parse(content)
    except SyntaxError as error:
        return Fault(error.lineno or 0, error.msg)
    except (RecursionError, MemoryError):
        return Fault(0, TOO_DEEP)
    except ValueError as error:
        return Fault(0, str(error))


@lru_cache(maxsize=1)
def _read_large(content: bytes) -> ast.Module | Fault:
    return _read.__wrapped__(content)


def read_to_edit(content: bytes) -> ast.Module | Fault:
    """The tree of a file, or its first fault; that it is nested too deeply for LibCST is one."""
    found = read(content)
    if len(content) <= bounds.SHORT or isinstance(found, Fault):
        return found
    return Fault(0, TOO_DEEP) if _is_too_deep(content) else found


@lru_cache(maxsize=128)
def _is_too_deep(content: bytes) -> bool:
    found = read(content)
    return isinstance(found, ast.Module) and bounds.is_too_deep(found)


def tree(content: bytes) -> ast.Module | None:
    """The tree of a file; None of one that is no Python, or too much of it."""
    found = read(content)
    return found if isinstance(found, ast.Module) else None


def _undecodable(content: bytes) -> Fault | None:
    """Where a file is not in its encoding; Python's parser does not look into comments."""
    encoding = encoding_of(content)
    if not keeps_ascii(encoding):
        return Fault(0, f"{encoding} is no encoding of a text file that keeps ASCII as it is")
    try:
        content.decode(encoding).encode(encoding)
    except UnicodeDecodeError as error:
        return Fault(content[: error.start].count(b"\n") + 1, f"not {error.encoding}")
    except UnicodeError:
        return Fault(0, f"{encoding} cannot be written again")
    return None
