"""Python's own syntax tree of a file, or what is wrong with the file."""

import ast
import warnings
from functools import lru_cache
from typing import NamedTuple

from patcher.code.encodings import encoding_of, keeps_ascii

# Bytes of a file to patch. The worst content, a list of 100,000 numbers, takes five seconds to
# plan; the largest file that rules touch has a tenth of this.
LARGEST = 300_000


class Fault(NamedTuple):
    """Why a file is no Python: 1-based line, 0 where none is known, and the reason."""

    line: int
    reason: str


@lru_cache(maxsize=128)
def read(content: bytes) -> ast.Module | Fault:
    """The tree of a file, or its first fault.

    Args:
        content: Its bytes; a BOM or a coding line says how to decode them, else UTF-8.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _undecodable(content) or ast.parse(content)
    except SyntaxError as error:
        return Fault(error.lineno or 0, error.msg)
    except (RecursionError, MemoryError):
        return Fault(0, "nested too deeply")
    except ValueError as error:
        return Fault(0, str(error))


def tree(content: bytes) -> ast.Module | None:
    """The tree of a file; None of one that is no Python or larger than `LARGEST`."""
    found = read(content) if len(content) <= LARGEST else None
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
