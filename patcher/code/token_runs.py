"""Where a quoted run of tokens stands in a logical line, as a part that can be replaced.

A run is no match where an expression that it seems to start or end goes on outside it: `rate=0.1`
is not in `params.rate=0.1`, nor in `rate=0.1 * size`.
"""

import token
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from patcher.code.tokens import CLOSING, OPENING, Token, is_code, keys_of, run_of

# What may stand in front of an expression without being a part of it, besides keywords.
_IN_FRONT = {",", ":", "=", ":=", "->", ";", *CLOSING}
_IN_FRONT |= {each for each in token.EXACT_TOKEN_TYPES if each.endswith("=")}
_IN_FRONT -= {"==", "!=", "<=", ">="}
_BEHIND = {",", ";", "->", *OPENING, "else", "as", "import", "from"}
_OPERATORS = {"and", "or", "not", "is", "in", "await"}
# Statements in which commas only separate.
_LISTS = {"import", "from", "global", "nonlocal", "del", "with", "assert"}
# Signs that an expression may start with.
_PREFIXES = {"-", "+", "~", "*", "**", "not", "await", "lambda"}


class Run(NamedTuple):
    """Tokens of a logical line, from the one at `start` to that before `end`."""

    row: Sequence[Token]
    start: int
    end: int

    @property
    def previous(self) -> str:
        """The token in front of it; "" for none."""
        return self.row[self.start - 1].text if self.start else ""

    @property
    def following(self) -> str:
        """The token behind it; "" for none."""
        return self.row[self.end].text if self.end < len(self.row) else ""

    def holds(self, other: "Run") -> bool:
        """Whether another run of the same line is a smaller part of it."""
        longer = other.end - other.start < self.end - self.start
        return longer and self.start <= other.start and other.end <= self.end

    @property
    def is_trailer(self) -> bool:
        """Whether it starts with the bracket of a call, of a signature or of an index."""
        return self.start > 0 and _is_trailer(self.row[self.start - 1], self.row[self.start])

    def meets(self, other: "Run") -> bool:
        """Whether it has a token in common with another of the same line."""
        return self.start < other.end and other.start < self.end


class QuotedRun(NamedTuple):
    """The tokens of a quote without a comma at its end, and whether it has one.

    `newline` is the line end of the file that it is for.
    """

    tokens: tuple[Token, ...]
    has_comma: bool
    quote: str
    newline: str

    def text(self, index: int) -> str:
        """A token as it is written in the file."""
        return self.tokens[index].text.replace("\n", self.newline)


def _is_trailer(before: Token, first: Token) -> bool:
    return before.ends_operand and first.text in ("(", "[")


def quoted_run(quote: str, newline: str = "\n") -> QuotedRun:
    """The tokens of a quote of code."""
    run = run_of(quote) or ()
    has_comma = len(run) > 1 and run[-1].text == ","
    return QuotedRun(run[:-1] if has_comma else run, has_comma, quote, newline)


def runs_in(row: Sequence[Token], wanted: QuotedRun) -> Iterator[Run]:
    """Where a logical line has the tokens that are wanted."""
    keys, found = keys_of(wanted.tokens), keys_of(row)
    for start in range(len(found) - len(keys) + 1) if keys else ():
        if found[start] == keys[0] and found[start : start + len(keys)] == keys:
            run = Run(row, start, start + len(keys))
            if starts_whole(run) and ends_whole(run) and _is_separated(run, wanted):
                yield run


def _is_separated(run: Run, wanted: QuotedRun) -> bool:
    """Whether a comma that the quote ends in stands behind a run, or a bracket in its place."""
    return not wanted.has_comma or run.following == "," or run.following in OPENING


def starts_whole(run: Run) -> bool:
    """Whether no expression that a run starts with has started before it."""
    first, previous = run.row[run.start], run.previous
    if not previous or not (first.is_operand or first.text in _PREFIXES):
        return True
    if previous == "@":
        return run.start == 1
    before = run.row[run.start - 1]
    if _is_of_for(run.row, run.start - 1):
        return True
    if before.is_operand or before.text in OPENING or before.text in _OPERATORS:
        return False
    return before.text in _IN_FRONT or before.text not in token.EXACT_TOKEN_TYPES


def _is_of_for(row: Sequence[Token], index: int) -> bool:
    """Whether a token is the `in` of a `for`, where it is no operator."""
    depth = 0
    for each in reversed(row[:index]) if row[index].text == "in" else ():
        if not each.is_string:
            depth += (each.text in OPENING) - (each.text in CLOSING)
        if depth < 0:
            return False
        if depth == 0 and each.text in ("for", "in"):
            return each.text == "for"
    return False


def ends_whole(run: Run) -> bool:
    """Whether no expression that a run ends with goes on behind it."""
    following = run.following
    if not following or not run.row[run.end - 1].ends_operand or following in _BEHIND:
        return True
    first = run.row[0]
    is_header = not first.is_operand and first.text not in token.EXACT_TOKEN_TYPES
    return following == ":" and is_header and bracket_around(run.row, run.end) is None


def bracket_around(row: Sequence[Token], index: int) -> int | None:
    """The place of the innermost bracket that is open in front of a token; None for none."""
    waiting = list[int]()
    for place, each in enumerate(row[:index]):
        if each.text in CLOSING and not each.is_string:
            waiting.append(place)
        elif each.text in OPENING:
            waiting.pop()
    return waiting[-1] if waiting else None


def is_list(row: Sequence[Token], index: int) -> bool:
    """Whether a comma in front of a token only separates: in a call, a signature, a list, a dict.

    In a tuple or an index, one at the end makes a difference.
    """
    place = bracket_around(row, index)
    if place is None:
        return row[0].text in _LISTS
    before = row[place - 1] if place else None
    has_owner = before is not None and (before.ends_operand or before.text == "import")
    return row[place].text == "{" or (row[place].text == "(") == has_owner


def is_prose(*quotes: str) -> bool:
    """Whether quotes are lines of a docstring: any of them can be no part of code."""
    return not all(is_code(quote) for quote in quotes if quote)
