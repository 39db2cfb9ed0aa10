"""Statements that quotes of parts of statements may have been cut out of.

Nothing here imports LibCST.
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import product

from patcher.code.token_runs import is_prose, quoted_run
from patcher.code.tokens import CLOSING, OPENING, is_code, unbalanced

# What may stand around a quote, `NAME` for any name.
_AROUND = (
    ("NAME(", ")"), ("{", "}"), ("", ""), ("def ", ""), ("class ", ""), ("NAME(NAME", ")"),
    ("NAME", ""), ("NAME ", ""), ("NAME.", ""), ("NAME = ", ""), ("if NAME:\n    pass\n", ""),
    ("[", "]"), ("NAME[", "]"), ("NAME; ", ""), ("from NAME import ", ""), ("if NAME ", ""),
    ("for ", ""), ("lambda ", ""),
)  # fmt: skip
_DANGLING = ("", " NAME", " NAME: 1", ": 1", "=1")
_BEHIND = (
    "", "\n    pass", ":\n    pass", "; NAME", " NAME", ": NAME", "\ndef NAME(): pass", " = NAME",
    " else NAME", " in NAME:\n    pass", " in NAME", " import NAME",
)  # fmt: skip
_OPENED = {"(": "NAME(", "[": "[", "{": "{"}


def framed(quotes: Sequence[str], shown: str, holding: str = "") -> str:
    """A statement that holds one of the quotes of an edit, where each of them could stand.

    Args:
        quotes: All of them, "" for none.
        shown: The one that it is to hold.
        holding: A name that the statement has to mention as well; "" for none.
    """
    if is_prose(*quotes):
        lines = f"{shown.strip()}\n" if shown else ""
        return f'"""About {holding or "it"}.\n\n{lines}"""\n'
    for head, tail in _frames(next(filter(None, quotes)), holding):
        if all(_parses(f"{head}{_bare(quote)}{tail}") for quote in quotes):
            return f"{head}{_bare(shown)}{tail}\n"
    return f"{shown}\n"


def joined(follows: str, after: str) -> str:
    """The quote of an addition behind the one that it follows."""
    if is_prose(follows, after):
        return f"{follows.rstrip()}\n{after}"
    anchor, new = _bare(follows), _bare(after)
    if anchor[-1] in CLOSING or new[0] in (",", ".", *CLOSING, *OPENING):
        return f"{anchor}{new}"
    in_list = quoted_run(follows).has_comma or quoted_run(after).has_comma
    literal = f"{anchor} {new}"
    return f"{anchor}, {new}" if in_list or not is_code(literal) else literal


def _frames(quote: str, holding: str) -> Iterator[tuple[str, str]]:
    """What may stand in front of a quote and behind it, the likeliest first."""
    opening, closing = unbalanced(quote)
    opened = "".join(_OPENED[bracket] for bracket in opening)
    for (head, end), dangling, tail in product(_AROUND, _DANGLING, _BEHIND):
        before, behind = f"{head}{opened}", f"{dangling}{closing}{end}{tail}"
        own_line = before.rpartition("\n")[2] + behind.partition("\n")[0]
        if not holding or "NAME" in own_line:
            name = holding or "call"
            yield before.replace("NAME", name), behind.replace("NAME", name)


def _bare(quote: str) -> str:
    """A quote without a comma at its end."""
    run = quoted_run(quote)
    return quote[run.tokens[0].start : run.tokens[-1].end] if run.tokens else ""


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, RecursionError, MemoryError):
        return False
    return True
