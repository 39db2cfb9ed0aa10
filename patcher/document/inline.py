"""Code that a sentence quotes within its lines: "Changed `a` to `b`", "Added `call()`"."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from patcher.document import phrases
from patcher.document.blocks import CLOSE, OPEN, SPAN

_TO = re.compile(r"(?i)[^.;]{0,60}?(?:^|[\s,])(?:to|with|by|into)\b[^.;]{0,40}$")
_NOW = re.compile(
    r"(?i)(?:,?\s+which)?\s*(?:(?:is|are|was|were|has|have)\s+)?(?:now|became|become|becomes)\s*$"
)
_INSTEAD = re.compile(r"(?i),?\s*(?:instead of|in place of|rather than)\s*(?:the\s+)?$")
_FOR = re.compile(r"(?i)\s*for\s+(?:the\s+)?$")  # as in "swapped `a` for `b`"
_FROM = re.compile(r"(?i)\bfrom\s*$")
_WAS = re.compile(
    r"(?i)\s*(?:was|were|is|are|has been|have been|got)\s+(?:now\s+)?\w+\s+(?:to|with|by|into)\s*$"
)
_ARROW = re.compile(r"\s*(?:->|=>|→|⇒)\s*$")
_NEXT_CELL = re.compile(r"\s*\|\s*$")
_NEAR = re.compile(
    r"(?i)\b(?:in|into|inside|within|to|of|from|after|before|below|above|behind)"
    r"(?:\s+(?:the|a|its|all|calls?|function|method|class|line|import|statement|of|to|in))*\s*$"
)
_AFTER = re.compile(r"(?i)\b(?:after|below|behind)(?:\s+(?:the|line|import|statement|call))*\s*$")
_BEFORE = re.compile(
    r"(?i)\b(?:before|above|in front of)(?:\s+(?:the|line|import|statement|call))*\s*$"
)
_PLACE = re.compile(
    r"(?i)\s+(?:right |just |directly |immediately )?"
    r"(?:in|inside|within|of|from|to|after|before|below|above|behind|in front of)"
    rf"(?:\s+(?:the|a|calls?|function|method|class|line|import|statement))*\s+{OPEN}[^{CLOSE}]*{CLOSE}"
    r"(?:\s+(?:function|method|class))?$"
)
_SAME = re.compile(r"(?i)\b(the same|same (?:change|edit)|likewise|ditto|similarly|analogous)\b")
_DONE = re.compile(
    rf"(?i){CLOSE}[^.;,{OPEN}]{{0,30}}\b(?:is|are|was|were|been)\s+(?:also\s+)?"
    r"(changed|replaced|added|removed|deleted|dropped)\b"
)
# "The docstring was updated too", of which no code is quoted.
_ALSO = re.compile(
    r"(?i)\b(?:is|are|was|were|been)\s+"
    r"(?=also\b|\w+\s+(?:too|also|as well|accordingly)(?:[.,;:]|\s*$))(?:also\s+)?"
    r"(changed|modified|updated|adjusted|renamed|replaced|added|removed|deleted|dropped|moved)\b"
    r"(?!\s+by\b)"
)
_NOT_WORD = re.compile(r"\W")
_NAME = re.compile(r"[\w.]*")
_CALL = re.compile(rf"(?i)in the calls? (?:of|to) {OPEN}[^{CLOSE}]*{CLOSE}[ .]*")
_END = re.compile(rf"[.!?]\s+(?=[*_]*[A-Z{OPEN}])")
_CAUSE = re.compile(
    r"(?i)[ ,]*\b(?:(?:because|since|as|so(?: that)?|due to|which|for)\s+(?=[a-z])"
    r"|to\s+(?!(?:the|an?|its|all|each|every|this|that)\b)(?=[a-z]))"
)
_STATEMENT = re.compile(r"(?:from|import|del|assert|return|raise)\s")


class Inline(NamedTuple):
    """What a sentence quotes, and what else it says.

    Attributes:
        rest: What it says after that.
        lead: The sentences in front of it.
    """

    before: str = ""
    after: str = ""
    rest: str = ""
    lead: str = ""


def quoted(text: str) -> Inline:
    """The code that a text changes to other code, adds or removes; none where that is unclear.

    It is that of the first sentence which says so. A mere name is none: "Added `Hook`" does not say
    what was written where.
    """
    text, start = phrases.without_place(text), 0
    for end in (*(each.start() + 1 for each in _END.finditer(text)), len(text)):
        above, sentence = text[:start], phrases.without_place(text[start:end].strip())
        found = _in_sentence(sentence, phrases.verb_of(sentence) or _goes_on(above))
        if found.before or found.after:
            rest = f"{found.rest} {text[end:].strip()}".strip()
            return found._replace(rest=rest, lead=above.strip(" |"))
        start = end
    return Inline()


def _goes_on(above: str) -> str:
    """The verb that a sentence without one goes on with."""
    return "Changed" if phrases.verb_of(above) == "Changed" else ""


def _in_sentence(text: str, verb: str) -> Inline:
    spans = list(SPAN.finditer(text))
    for first, second in pairwise(spans):
        is_instead = _is_instead(text, first, second)
        if is_instead or (verb in ("Changed", "") and _becomes(text, verb, first, second)):
            rest = text[second.end() :].lstrip(" ,.;:|")
            rest = "" if _CALL.fullmatch(rest) else rest
            codes = [f"{each[1].strip()}\n" for each in (first, second)]
            before, after = reversed(codes) if is_instead else codes
            return Inline(before, after, rest)
    if verb in ("Changed", ""):
        return Inline()
    if spans and is_code(code := spans[0][1].strip()) and _are_places(text, spans[1:]):
        quotes = ("", f"{code}\n") if verb == "Added" else (f"{code}\n", "")
        return Inline(*quotes, _reason(text, spans[0]))
    return Inline()


def _reason(sentence: str, code: re.Match[str]) -> str:
    """What a sentence that adds or removes code gives as the cause.

    Its other words say what the code is, and where.
    """
    cause = _CAUSE.search(sentence, code.end())
    return sentence[cause.start() :].lstrip(" ,") if cause else ""


def _becomes(text: str, verb: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether a text says that what it quotes first became what it quotes next."""
    if phrases.is_undone(text[: first.start()]):
        return False
    between = text[first.end() : second.start()]
    is_arrow = bool(_ARROW.match(between))
    is_for = bool(_FOR.match(between)) and phrases.is_swap(text)
    is_to = bool(verb) and (is_arrow or is_for or bool(_TO.match(between)))
    if is_to and text.find(OPEN) == first.start():
        return True
    if is_arrow and _NOT_WORD.search(first[1]) and not phrases.is_file(first[1]):
        return True
    if not is_code(first[1].strip()):
        return False
    if verb and _WAS.match(between):
        return True
    if is_arrow or _NOW.match(between) or (verb and _NEXT_CELL.match(between)):
        return True
    return is_to and bool(_FROM.search(text[max(0, first.start() - 20) : first.start()]))


def _is_instead(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether a text says that code is there instead of other code."""
    if not _INSTEAD.match(text[first.end() : second.start()]):
        return False
    codes = first[1].strip(), second[1].strip()
    return all(map(is_code, codes)) and not phrases.is_undone(text[: first.start()])


def _are_places(text: str, spans: Iterable[re.Match[str]]) -> bool:
    """Whether what a text quotes says where something is done."""
    return all(
        phrases.is_file(span[1]) or _NEAR.search(text[max(0, span.start() - 60) : span.start()])
        for span in spans
    )


def neighbours(text: str) -> tuple[str, str]:
    """The code that a text says something comes after, and the code before which it comes."""
    return _beside(text, _AFTER), _beside(text, _BEFORE)


def is_placed(text: str) -> bool:
    """Whether a line says nothing but that something is done in, after or before code."""
    words = _PLACE.sub("", text.rstrip(" .:"))
    return words != text and phrases.is_bare(words)


def _beside(text: str, place: re.Pattern[str]) -> str:
    spans = SPAN.finditer(text)
    codes = (s[1].strip() for s in spans if place.search(text[max(0, s.start() - 60) : s.start()]))
    return next((code for code in codes if not _NAME.fullmatch(code)), "")


def is_unclear(text: str) -> bool:
    """Whether a sentence says that something is done to code, and `quoted` does not know what."""
    return not any(quoted(text)[:2]) and any(map(says_more, sentences(text)))


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the marks that end them."""
    return _END.split(text)


def says_more(sentence: str) -> bool:
    """Whether a sentence says that something is done, and quotes code, or two names to change."""
    codes, verb = [each.strip() for each in SPAN.findall(sentence)], phrases.verb_of(sentence)
    return bool(verb) and ((verb == "Changed" and len(codes) > 1) or any(map(is_code, codes)))


def second_words(sentence: str) -> Iterator[str]:
    """The words by which a sentence, of the reason of an edit, says that there is another one."""
    for first, second in pairwise(SPAN.finditer(sentence)):
        between = sentence[first.end() : second.start()]
        codes = first[1].strip(), second[1].strip()
        is_pair = any(each.match(between) for each in (_ARROW, _NOW, _TO, _INSTEAD))
        if is_pair and all(map(is_code, codes)):
            yield between.strip(" ,").lower()
    for form in (_SAME, _DONE, _ALSO):
        found = form.finditer(sentence)
        yield from (each[1].lower() for each in found if not _is_undone(sentence, each))


def _is_undone(sentence: str, found: re.Match[str]) -> bool:
    """Whether it says "should have been changed", or the like."""
    return phrases.is_undone(f"{sentence[: found.start()]} ")


def code_in(sentence: str) -> str:
    """The only code that a sentence quotes; "" where it quotes none, or a mere name."""
    spans = SPAN.findall(sentence)
    return f"{spans[0].strip()}\n" if len(spans) == 1 and is_code(spans[0].strip()) else ""


def is_code(text: str) -> bool:
    """Whether a text is more than a name, and no option of a command."""
    is_call = "(" in text and ")" in text
    is_setting = "=" in text and not text.endswith("=")
    return not text.startswith("-") and (is_call or is_setting or bool(_STATEMENT.match(text)))
