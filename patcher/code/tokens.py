"""Code as tokens: whole lines, or a run of them that a quote cuts out anywhere.

Nothing here imports LibCST, so that packs can be checked without it.
"""

import ast
import io
import re
import token
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from keyword import iskeyword
from typing import NamedTuple

CLOSING = {"(": ")", "[": "]", "{": "}"}
OPENING = {closing: opening for opening, closing in CLOSING.items()}
_LAYOUT = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
# From Python 3.12 on, an f-string is several tokens.
_STARTS, _ENDS = (
    {getattr(token, f"{letter}STRING_{side}", -1) for letter in "FT"} for side in ("START", "END")
)
_STRING_OR_BRACKET = re.compile(
    r"""
    \#[^\n]*
    | \"\"\" (?:\\.|.)*? \"\"\" | ''' (?:\\.|.)*? '''
    | " (?:\\.|[^"\\\n])* " | ' (?:\\.|[^'\\\n])* '
    | (?P<bracket> [()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = ("True", "False", "None")
_SOFT_KEYWORDS = ("match", "case", "type")  # at the start of a statement
# In a string, no prefix and no escape.
_WORD = re.compile(r"(?<![\w\\])\w+(?!\w|['\"])|(?<=['\"])\w+")
_DEEPEST = 100  # brackets in each other


class Token(NamedTuple):
    """A word or sign of code.

    Attributes:
        text: As it is written.
        start: Where it starts, in characters from the start of the code.
        end: Where it ends, likewise.
        key: What it is compared by: of a string, its value.
    """

    text: str
    start: int
    end: int
    key: str

    @property
    def is_operand(self) -> bool:
        """Whether it is a name, a number, a string or another constant."""
        if self.text in _CONSTANTS:
            return True
        is_sign = self.text in token.EXACT_TOKEN_TYPES and self.text != "..."
        return not (is_sign or iskeyword(self.text))

    @property
    def ends_operand(self) -> bool:
        """Whether an operand may end with it."""
        return self.is_operand or self.text in OPENING

    @property
    def is_string(self) -> bool:
        """Whether it is a string."""
        return self.key != self.text

    @property
    def is_name(self) -> bool:
        """Whether it is a name of the code's own."""
        return self.text.isidentifier() and not iskeyword(self.text)


def rows_of(code: str) -> list[list[Token]]:
    """The tokens of whole code, by logical line.

    Raises:
        SyntaxError: It has no such tokens.
    """
    rows: list[list[Token]] = [[]]
    for kind, each in _tokens(code):
        if kind != tokenize.NEWLINE:
            rows[-1].append(each)
        elif rows[-1]:
            rows.append([])
    return rows if rows[-1] else rows[:-1]


@cache
def run_of(quote: str) -> tuple[Token, ...] | None:
    """The tokens of a quote, which may be cut out anywhere; None where it has no such tokens."""
    try:
        opening, closing = unbalanced(quote)
        head = f"({opening}\n"
        found = [each for _, each in _tokens(f"{head}{quote}\n{closing})\n")]
    except SyntaxError:
        return None
    count = len(opening) + 1
    run = found[count : -len(closing) - 2]  # the last one ends the line
    moved = (e._replace(start=e.start - len(head), end=e.end - len(head)) for e in run)
    return tuple(moved)


def is_code(quote: str) -> bool:
    """Whether a quote can be part of code: prose has two words in a row with no sign between."""
    run = run_of(quote)
    if run is None:
        return False
    pairs = list(pairwise(run))
    if run and run[0].text in _SOFT_KEYWORDS:
        pairs = pairs[1:]
    return not any(
        right.is_operand and left.ends_operand and not (left.is_string and right.is_string)
        for left, right in pairs
    )


def names_in(quote: str) -> frozenset[str]:
    """The names in a quote of code, as variables, attributes or keywords; none in prose."""
    run = run_of(quote) if is_code(quote) else ()
    return frozenset(each.text for each in run or () if each.is_name)


def word_in(quote: str) -> str:
    """A word that is in all code that has the tokens of a quote; "" for none.

    That is the longest name, else one of a number or of a string.
    """
    names, run = names_in(quote), run_of(quote) or ()
    others = (_WORD.search(each.text) for each in run if each.is_operand and each.text != "...")
    return max(sorted(names), key=len, default=next((match[0] for match in others if match), ""))


def variables_in(quote: str) -> frozenset[str]:
    """The names in a quote of code without those of attributes, and of what gets a value."""
    run = (run_of(quote) if is_code(quote) else ()) or ()
    texts = ["", *(each.text for each in run), ""]
    places = (place for place, each in enumerate(run, 1) if each.is_name)
    return frozenset(
        texts[place]
        for place in places
        if texts[place - 1] != "." and not (texts[place - 1] and texts[place + 1] == "=")
    )


def is_deep(quote: str) -> bool:
    """Whether a quote has more brackets in each other than code can have."""
    found = (match["bracket"] for match in _STRING_OR_BRACKET.finditer(quote))
    steps = (1 if each in CLOSING else -1 for each in found if each)
    depths = list(accumulate(steps, initial=0))
    return max(depths) - min(depths) > _DEEPEST


def unbalanced(quote: str) -> tuple[str, str]:
    """The brackets that a quote closes and has not opened, to go before it, and the other way."""
    opening, closing = "", ""
    for match in _STRING_OR_BRACKET.finditer(quote):
        bracket = match["bracket"] or ""
        if bracket in CLOSING:
            closing = CLOSING[bracket] + closing
        elif bracket and closing:
            if closing[0] != bracket:
                raise SyntaxError("brackets that do not match")
            closing = closing[1:]
        elif bracket:
            opening = OPENING[bracket] + opening
    return opening, closing


def _tokens(code: str) -> Iterator[tuple[int, Token]]:
    """The kind of each token that is no layout, and the token."""
    starts = [0, *(match.end() for match in re.finditer("\n", code)), len(code)]
    depth, begin = 0, 0
    try:
        for each in tokenize.generate_tokens(io.StringIO(code, newline="").readline):
            (row, column), (last, behind) = each.start, each.end
            start, end = starts[row - 1] + column, starts[last - 1] + behind
            if each.type in _STARTS:
                begin, depth = (begin if depth else start), depth + 1
            elif each.type in _ENDS:
                depth -= 1
                if not depth:
                    yield tokenize.STRING, _string(code[begin:end], begin)
            elif each.type == tokenize.STRING and not depth:
                yield each.type, _string(each.string, start)
            elif not depth and each.type not in _LAYOUT:
                _check(each)
                yield each.type, Token(each.string, start, end, each.string)
    except tokenize.TokenError as error:
        raise SyntaxError(str(error)) from None


def _check(each: tokenize.TokenInfo) -> None:
    """Check that a token is one of Python's, as not all versions do.

    Raises:
        SyntaxError: It is not.
    """
    known = each.type in (tokenize.NAME, tokenize.NUMBER, tokenize.NEWLINE)
    if not known and (each.string not in token.EXACT_TOKEN_TYPES or each.string == "!"):
        raise SyntaxError(f"no token of Python: {each.string}")


def _string(text: str, start: int) -> Token:
    return Token(text, start, start + len(text), _value(text))


@cache
def _value(literal: str) -> str:
    """What a string is compared by, whatever its quotes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return f"string {ast.literal_eval(literal)!r}"
        except ValueError:  # an f-string
            return f"string {ast.dump(ast.parse(literal, mode='eval'))}"


def keys_of(run: Iterable[Token]) -> list[str]:
    """What the tokens of a run are compared by."""
    return [each.key for each in run]


def gap(code: str, run: Sequence[Token], index: int) -> str:
    """The layout of code in front of a token of a run that is not its first."""
    return code[run[index - 1].end : run[index].start]
