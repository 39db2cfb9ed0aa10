"""Python's own syntax tree of a file, or what is wrong with the file."""

import ast
import warnings
from functools import lru_cache
from typing import NamedTuple

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
            return ast.parse(content)
    except SyntaxError as error:
        return Fault(error.lineno or 0, error.msg)
    except (RecursionError, MemoryError):
        return Fault(0, "nested too deeply")
    except ValueError as error:
        return Fault(0, str(error))
