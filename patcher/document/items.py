"""An item of a change document: its verb, quotes, reason and place, from the passage about it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar, cast

from patcher.document import phrases
from patcher.document.blocks import plain
from patcher.document.cuts import readable, unwrapped
from patcher.document.inline import (
    code_in,
    is_placed,
    neighbours,
    quoted,
    says_more,
    second_words,
    sentences,
)
from patcher.document.passages import Passage


@dataclass(frozen=True, slots=True)
class Item:
    """One edit of a document.

    Attributes:
        number: As written, wherever it is in the list; None where the document has none.
        line: Where it starts, 1-based.
        verb: Changed, Added or Removed, as stated or as the code shows; "" where neither says what
            was done.
        before: The code that it quotes as it was before; "" where there is none. What is left out
            is a line `...`, and a function that is only there to hold the code is a scope.
        after: The same, of the code as it is afterwards.
        prose: Its other text, on one line: the reason, or all it says where it quotes no code.
        keys: What a block of TOML in it states.
        scope: The functions and classes, by dotted names, that its text says it may be in.
        verbatim: The quotes as they are written.
        unread: The word, such as `changed`, that it says of code that is none of its quotes; ""
            where it says none.
        follows: The code that it says what is added comes after; "" where it says none.
        precedes: The code that it says what is added comes before; "" where it says none.
        file: The file that its text says it is in; "" where it names none.
        rule: The number of its rule; 0 where it is not known.
        short: The quotes as they are searched, where `before` and `after` are as they are written.
    """

    number: int | None
    line: int
    verb: str
    before: str
    after: str
    prose: str
    keys: Mapping[str, Any] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    verbatim: tuple[str, str] | None = field(default=None, compare=False, repr=False)
    unread: str = field(default="", compare=False)
    follows: str = field(default="", compare=False)
    precedes: str = field(default="", compare=False)
    file: str = field(default="", compare=False)
    rule: int = field(default=0, compare=False)
    short: tuple[str, str] | None = field(default=None, compare=False, repr=False)

    @property
    def has_code(self) -> bool:
        """Whether it quotes code."""
        return bool(self.before or self.after)

    @property
    def is_unsaid(self) -> bool:
        """Whether it quotes code, and neither words nor code show what was done with it."""
        return self.has_code and not self.verb and "kind" not in self.keys

    @property
    def notice(self) -> str:
        """What is said of code in it that is not understood; "" where there is none."""
        if not self.unread:
            return ""
        if self.has_code:
            return (
                f'line {self.line}: the reason says "{self.unread}", but no edit was read from that'
            )
        return f'line {self.line} says "{self.unread}", but was not read as an edit'

    @property
    def is_bare(self) -> bool:
        """Whether it has a verb where code should follow, and no code does."""
        return bool(self.verb) and not self.has_code


def item_of(passage: Passage, above: Sequence[str] = ()) -> Item:
    """The item that a passage is, below a heading that names some scopes."""
    if "kind" in passage.keys:
        return _exact(passage)
    before, after, reasons = _quotes(passage)
    after, more = _without_reason(after) if passage.has_to else (after, [])
    short = unwrapped(readable(before), readable(after))
    said = " ".join(passage.intro)
    texts = " ".join([said, *passage.reasons]), "\n".join(passage.context)
    hints = [short.scope, *chain.from_iterable(map(phrases.scopes_of, texts)), *above]
    is_added = bool(after) and not before
    return Item(
        passage.number,
        passage.line,
        _verb(passage, before, after),
        short.before,
        short.after,
        plain(" ".join([*reasons, *more])),
        passage.keys,
        tuple(dict.fromkeys(filter(None, hints))),
        (before, after),
        _unread(passage, reasons, is_read=bool(before or after)),
        *(neighbours(said) if is_added else ("", "")),
        _file(passage),
    )


def _file(passage: Passage) -> str:
    """The file that a passage, or the innermost list entry around it, says it is in."""
    if passage.file:
        return passage.file
    said = (
        each
        for each in sentences(" ".join(passage.intro))
        if phrases.verb_of(each) or any(quoted(each)[:2])
    )
    named = map(phrases.place_file, (*said, *reversed(passage.context)))
    return next(filter(None, named), "")


def _unread(passage: Passage, reasons: Sequence[str], *, is_read: bool) -> str:
    """The word that a passage says of code that it quotes in a way that is not understood."""
    above = {line.rstrip(" :.") for line in passage.intro}
    below = [each for each in reasons if each.rstrip(" :.") not in above]
    said = " ".join(below if is_read else passage.intro)
    found = [each for each in sentences(said) if not is_read or phrases.starts_with_verb(each)]
    word = next((phrases.word_of(each) for each in found if says_more(each)), "")
    more = (each for sentence in sentences(said) if is_read for each in second_words(sentence))
    return word or next(filter(None, more), "")


def _exact(passage: Passage) -> Item:
    """The item that a rule was written as, to the letter; its keys may hold the rest of it."""
    before, after, reasons = _quotes(passage)
    keys = dict(passage.keys)
    number = _taken(keys, "item", passage.number or 0)
    before, after = _taken(keys, "before", before), _taken(keys, "after", after)
    prose = _taken(keys, "why", plain(" ".join(reasons)))
    verb, within = _verb(passage, before, after), keys.get("within")
    scope = (within,) if within and isinstance(within, str) else ()
    return Item(number, passage.line, verb, before, after, prose, keys, scope, (before, after))


_Value = TypeVar("_Value", int, str)


def _taken(keys: dict[str, Any], name: str, otherwise: _Value) -> _Value:
    """What keys have by a name, taken from them, where it is of the type that it should be."""
    is_fit = type(keys.get(name)) is type(otherwise)
    return cast("_Value", keys.pop(name)) if is_fit else otherwise


def _quotes(passage: Passage) -> tuple[str, str, Sequence[str]]:
    """The code before, the code afterwards, and the lines that give the reason."""
    first, later = "".join(passage.quotes), "".join(passage.later)
    said, verb = " ".join(passage.intro), phrases.verb_of(passage.sentence)
    if not passage.has_code:
        found = quoted(said)
        is_read = found.before or found.after
        rest = [found.lead, found.rest] if is_read else passage.intro
        rest = [] if passage.is_bare else rest
        return found.before, found.after, [*rest, *passage.reasons]
    reasons = [*_reasons(passage), *passage.reasons]
    if passage.has_to:
        return first, later, reasons
    if phrases.ends_with_to(said) and verb == "Changed":
        return code_in(said), first, reasons
    if verb == "Removed" or not (verb or passage.intro):
        return first, "", reasons
    return "", first, reasons


def _without_reason(code: str) -> tuple[str, list[str]]:
    """Code, and the reason where somebody wrote that into the fence, below the code."""
    above, _, last = code.rstrip().rpartition("\n")
    return (f"{above}\n", [last.strip()]) if _REASON.match(last) and above else (code, [])


_REASON = re.compile(r"\s*(?:to|because|due to) [a-z]+ [a-z]+ [a-z]")


def _reasons(passage: Passage) -> list[str]:
    """The lines above code that say more than what is done, and where."""
    said = map(_without_verb, passage.intro)
    lines = [line.rstrip(" :") for line in said if line and not phrases.is_label(line)]
    lines = [line for line in lines if not (phrases.is_place(line) or is_placed(line))]
    if lines and passage.reasons and lines[-1][-1:].isalnum():
        lines[-1] += "."
    return lines


def _without_verb(line: str) -> str:
    """A line without its last sentence, where that says nothing but that something is changed."""
    *above, last = sentences(line)
    return line[: -len(last)].rstrip() if above and phrases.is_label(last) else line


def _verb(passage: Passage, before: str, after: str) -> str:
    """Changed, Added or Removed: as an entry states it, else what code before and after shows."""
    if passage.is_diff:
        return ("Changed" if before else "Added") if after else "Removed"
    if before and after:
        is_stated = passage.number is not None and passage.is_bare
        return phrases.verb_of(passage.intro[-1]) if is_stated else "Changed"
    if before or after:
        is_stated = bool(after) and any(neighbours(" ".join(passage.intro)))
        return phrases.verb_of(passage.sentence) or ("Added" if is_stated else "")
    return phrases.verb_of(passage.intro[-1]) if passage.is_bare else ""
