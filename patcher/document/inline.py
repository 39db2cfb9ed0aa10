"""Code that a sentence quotes within its lines: "Changed `a` to `b`", "Added `call()`"."""

import re
from typing import NamedTuple

from patcher.document import phrases
from patcher.document.blocks import CLOSE, OPEN

_SPAN = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_TO = re.compile(
    r"(?i)[^.;]{0,60}?(?:^|[\s,])(?:to|with|by|into)\b[^.;]{0,40}$|\s*(?:->|=>|→|⇒)\s*$"
)
_STATEMENT = re.compile(r"(?:from|import|del|assert|return|raise)\s")


class Inline(NamedTuple):
    """What a sentence quotes, and what it says after that."""

    before: str = ""
    after: str = ""
    rest: str = ""


def quoted(sentence: str) -> Inline:
    """The code that a sentence changes to other code, adds or removes; none where that is unclear.

    A mere name is none: "Added `Hook`" does not say what was written where.
    """
    sentence = phrases.without_place(sentence)
    verb, spans = phrases.verb_of(sentence), list(_SPAN.finditer(sentence))
    if verb == "Changed" and len(spans) > 1:
        first, second = spans[:2]
        if _TO.match(sentence[first.end() : second.start()]):
            rest = sentence[second.end() :].lstrip(" ,.;:")
            return Inline(f"{first[1].strip()}\n", f"{second[1].strip()}\n", rest)
    if verb in ("Added", "Removed") and len(spans) == 1 and _is_code(code := spans[0][1].strip()):
        return Inline(after=f"{code}\n") if verb == "Added" else Inline(before=f"{code}\n")
    return Inline()


def code_in(sentence: str) -> str:
    """The only code that a sentence quotes; "" where it quotes none, or a mere name."""
    spans = _SPAN.findall(sentence)
    return f"{spans[0].strip()}\n" if len(spans) == 1 and _is_code(spans[0].strip()) else ""


def _is_code(text: str) -> bool:
    """Whether a text is more than a name, and no option of a command."""
    is_call = "(" in text and ")" in text
    is_setting = "=" in text and not text.endswith("=")
    return not text.startswith("-") and (is_call or is_setting or bool(_STATEMENT.match(text)))
