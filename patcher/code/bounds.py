"""How much it takes to parse a file, estimated from its text before a parser begins.

Python's parser and LibCST's need memory in proportion to a file's words and signs. For LibCST each
pair of brackets around them adds as much again, and it knows no limit by itself. The figures are
measured, on files of one construct each; ordinary code takes about half of what is estimated.
"""

import ast
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

LARGEST = 4_000_000  # bytes of a Python file
_MOST = 250_000  # kB that a parser may take: LibCST, for 360 kB of code, and Python's, for 2 MB
_SMALL = 100_000  # bytes of a file that Python parses in any case
SHORT = 8_000  # bytes of a file in which nothing does harm; half of it, for brackets
_DEEPEST = 400  # expressions in each other; the interpreter's limit is not much higher
_DEEPEST_IN_ALL = 100_000  # the sum for all expressions, as far as it is not usual
_USUAL = 10
_MARKS = 300_000
_FIELDS = 3_000_000_000  # an f-string's bytes times its brackets; Python 3.11 takes a second

# A string that is not closed ends with its line, or the file: what is searched may be no Python.
_TEXT = re.compile(
    rb"""
    \#[^\n]*
    | (?P<formatted> \b(?:[fFtT][rR]?|[rR][fFtT]))?
      (?: \"\"\" [^"\\]* (?:(?:\\.|"(?!""))[^"\\]*)* (?:\"\"\"|\Z)
        | \'\'\' [^'\\]* (?:(?:\\.|'(?!''))[^'\\]*)* (?:\'\'\'|\Z)
        | " [^"\\\n]* (?:\\.[^"\\\n]*)* (?:"|$)
        | ' [^'\\\n]* (?:\\.[^'\\\n]*)* (?:'|$) )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_PIECE = 100_000
_WORD = re.compile(rb"\w+")
_LONG_WORD = re.compile(rb"(?<!\w)\w{20000}")
_BRACES = re.compile(rb"\{+|\}+")
_INDENT = re.compile(rb"(?m)^[ \t]+")
_STRING = b"\x01"
_CHAIN = re.compile(rb"(?:a?\x01[\s\\]*){%d}" % _DEEPEST)  # an `a` is what a prefix has become
_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)
_LEAVES = frozenset(
    (ast.Name, ast.Constant, ast.Load, ast.Store, ast.Del, bool, int, str, type(None))
)
_DEPTH = [0] * 256
for _bracket in b"([{":
    _DEPTH[_bracket] = 1
for _bracket in b")]}":
    _DEPTH[_bracket] = -1


class Excess(NamedTuple):
    """What a file has too much of, and how much it may have, for a sentence."""

    found: str
    wanted: str


class _Text(NamedTuple):
    """A file's text with one sign for each word and string, without comments and spaces.

    Attributes:
        signs: That text, with its line ends.
        formatted: The same of each f-string, with what is in its strings.
        has_long_word: Whether there is a name or number longer than any.
    """

    signs: bytes
    formatted: Sequence[bytes]
    has_long_word: bool

    @property
    def lines(self) -> int:
        """The number of lines that hold code."""
        return len(self.signs.split())

    @property
    def number(self) -> int:
        """The number of signs, those in f-strings included."""
        return sum(map(len, (self.signs, *self.formatted))) - self.signs.count(b"\n")

    @property
    def depths(self) -> int:
        """The sum of the numbers of brackets around each sign."""
        rows = (self.signs, *self.formatted)
        return sum(max(sum(accumulate(map(_DEPTH.__getitem__, row))), 0) for row in rows)


def excess(content: bytes) -> Excess | None:
    """What of a file is too much for Python's own parser; it may be no Python."""
    if len(content) > LARGEST:
        return Excess(f"{len(content):,} bytes", f"at most {LARGEST:,}")
    if len(content) <= _SMALL:
        return None
    if (marks := content.count(b'"') + content.count(b"'")) > _MARKS:
        return Excess(f"{marks:,} quotation marks", f"at most {_MARKS:,}")
    text = _read(content)
    if any(len(each) * each.count(b"{") > _FIELDS for each in text.formatted):
        return Excess("an f-string of too many parts", "a shorter one")
    return _beyond((text.number + 3 * text.lines + 3 * text.signs.count(b";")) // 2)


def excess_to_edit(content: bytes) -> Excess | None:
    """What of a file that Python parses is too much for LibCST."""
    if len(content) <= SHORT // 2:
        return None
    text, indents = _read(content), sum(map(len, _INDENT.findall(content)))
    if text.has_long_word:
        return Excess("a name or number of 20,000 characters or more", "a shorter one")
    if _CHAIN.search(text.signs):
        return Excess(f"more than {_DEEPEST} strings in a row", "fewer")
    size = 2 * text.number + 9 * text.lines + text.signs.count(b"\n") // 2 + indents // 4
    return _beyond(size + len(content) // 100 + 6 * text.depths // 5)


def is_too_deep(tree: ast.Module) -> bool:
    """Whether a file nests expressions further than LibCST can take, brackets or none."""
    waiting, in_all = list[ast.AST]([tree]), 0
    while waiting:
        level, waiting, depth = waiting, [], 0
        while level and depth <= _DEEPEST:
            inside = _inside(level)
            waiting += [part for part in inside if isinstance(part, _BLOCKS)]
            level = [part for part in inside if not isinstance(part, _BLOCKS)]
            # LibCST nests the operands of `or`, which here are in one row.
            rows = [len(each.values) for each in level if type(each) is ast.BoolOp]
            depth = max([depth + 1, *rows])
            in_all += len(level) * max(depth - _USUAL, 0)
        if level or in_all > _DEEPEST_IN_ALL:
            return True
    return False


def _inside(nodes: Sequence[ast.AST]) -> list[ast.AST]:
    """What nodes hold that may hold something itself; `ast` takes longer for that.

    Pyflakes leaves a node's parent in it, which is none of its fields.
    """
    found = list[ast.AST]()
    for node in nodes:
        for value in map(vars(node).get, node._fields):
            if type(value) is list:
                found += [each for each in value if type(each) not in _LEAVES]
            elif value is not None and type(value) not in _LEAVES:
                found.append(value)
    return found


def _beyond(size: int) -> Excess | None:
    """An excess where parsing takes more kB than it may."""
    if size <= _MOST:
        return None
    return Excess(f"takes {size // 1000} MB to parse", f"at most {_MOST // 1000}")


def _read(content: bytes) -> _Text:
    formatted, whole = list[bytes](), list[bool]()

    def replacement(match: re.Match[bytes]) -> bytes:
        if match[0][:1] == b"#":
            return b""
        if match["formatted"]:
            formatted.append(_signs(match[0]))
            whole.append(_is_whole(match[0]))
        return _STRING

    plain = _TEXT.sub(replacement, content)
    if not all(whole):  # from Python 3.12 on, its own quotes may stand in it: all counts as code
        return _Text(_signs(content), (), bool(_LONG_WORD.search(content)))
    return _Text(_signs(plain), formatted, bool(_LONG_WORD.search(plain)))


def _is_whole(text: bytes) -> bool:
    """Whether each field of an f-string that begins in it ends in it as well."""
    depth = 0
    for braces in _BRACES.findall(text):
        if braces[:1] == b"}":
            depth = max(depth - len(braces), 0)
        else:  # outside of a field two of them are one of the text
            depth += len(braces) if depth else len(braces) % 2
    return not depth


def _signs(text: bytes) -> bytes:
    """A text with one sign for each word; taken in pieces, as a substitution holds every match."""
    pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    return b"".join(_WORD.sub(b"a", each).translate(None, b" \t\r\f") for each in pieces)
