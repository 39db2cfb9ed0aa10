"""Code that a document quotes and that is in no edit which was read of it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from patcher.document.blocks import CLOSE, OPEN, SPAN, Block, Kind, blocks_of
from patcher.document.cuts import readable
from patcher.document.document import Item, Part
from patcher.document.enumerations import enumerated
from patcher.document.inline import sentences
from patcher.document.phrases import is_file, verb_of
from patcher.document.rows import with_sentences

# What people put into marks of code and is none: names, files, options, numbers, addresses.
_NO_CODE = re.compile(r"[\w.-]*|--?[\w-]+(?:[= ]\S+)?|\S+://\S+|[\w./~*{}$-]+/[\w./~*{}$-]*|\d\S*")
_COMMAND = re.compile(r"(?:\$ |\./|pip |git |python3? |cd |docker |apt |sudo |make\b|bash |sh )")
_CAUSE = re.compile(r"(?i)(?:because|since|due to|see|as in|like in)\b")  # a sentence of a reason
_PAIRS = re.compile(
    rf"{OPEN}([^{CLOSE}]+){CLOSE}\s*(?:->|=>|→|⇒|⟶|,? ?instead of|,? ?rather than)\s*"
    rf"{OPEN}([^{CLOSE}]+){CLOSE}"
)
_LONGEST = 60  # characters of code in a sentence


def notices(
    text: str, parts: Sequence[Part], explained: str = "", *, with_rows: bool = True
) -> Iterator[str]:
    """A sentence for each thing that a document says of code and that was not read as an edit.

    Args:
        text: The document.
        parts: What was read of it.
        explained: Text that quotes code for other reasons, such as the reasons of a pack.
        with_rows: Include the items that no code is read of, or that are about other files than
            Python, each of which is a row for `new`.
    """
    if with_rows:
        yield from (
            f"line {part.line}: the edits of {part.file} are left out, as rules edit Python only"
            for part in parts
            if part.is_foreign and any(item.has_code for item in part.items)
        )
    items = sorted((item for part in parts for item in part.items), key=lambda item: item.line)
    lines = [item.line for item in items]
    known, named = _squeezed(explained), set[int]()
    held = lru_cache(maxsize=1)(lambda start, stop: _held(items[start:stop], with_rows))
    for block in with_sentences(blocks_of(enumerated(text))):
        end = block.line + (block.text.count("\n") if block.kind is Kind.DIFF else 0)
        above = bisect_right(lines, block.line) - 1
        start = bisect_left(lines, lines[above]) if above >= 0 else 0
        stop = bisect_right(lines, end) if above >= 0 else 0
        unread = [code for code in _codes(block) if not _is_in(code, held(start, stop))]
        found = [code for code in unread if _squeezed(code) not in known]
        if found:
            named.update(lines[start:stop])
            codes = " and ".join(dict.fromkeys(f"`{_short(code)}`" for code in found))
            yield f"line {block.line}: not read as part of an edit: {codes}"
    for item in items:
        is_explained = bool(item.prose) and _squeezed(item.prose) in known
        is_row = not item.has_code and not with_rows
        if item.notice and not (is_row or is_explained or item.line in named):
            yield item.notice


def _held(items: Sequence[Item], with_rows: bool) -> str:
    """What items quote, without white space; of one without code that is named, all it says."""
    quotes = ((i.before, i.after, i.follows, i.precedes, *(i.verbatim or ())) for i in items)
    places = (f"{scope}()" for i in items for scope in i.scope)  # `poll` is part of `poll()`
    named = (i for i in items if not i.has_code and (i.notice or not with_rows))
    said = [item.prose for item in named]
    return _squeezed("\n".join([*chain.from_iterable(quotes), *places, *said]))


def _is_in(code: str, held: str) -> bool:
    """Whether code is part of what is quoted, as it is written or in the form that is searched."""
    return any(form in held for form in (_squeezed(code), _squeezed(readable(code))))


def _codes(block: Block) -> Iterator[str]:
    """The pieces of code in a block; a reason that was written below code is none."""
    if block.kind is Kind.TEXT:
        text = " ".join(each for each in sentences(block.text) if not _is_cause(each))
        found = [each.strip() for each in SPAN.findall(text)]
        around = [each.strip() for pair in _PAIRS.findall(text) for each in pair]
        yield from (code for code in found if _may_be_code(code) or code in around)
    elif block.kind is Kind.CODE and not _COMMAND.match(block.text):
        lines = block.text.rstrip().split("\n")
        yield "\n".join(lines[:-1] if lines[1:] else lines)
    elif block.kind is Kind.DIFF:
        yield from (row[1:] for row in block.text.splitlines() if _is_changed(row))


def _is_cause(sentence: str) -> bool:
    """Whether a sentence gives a reason, and says nothing of an edit."""
    return bool(_CAUSE.match(sentence)) and not verb_of(sentence)


def _may_be_code(text: str) -> bool:
    return not (_NO_CODE.fullmatch(text) or _COMMAND.match(text) or is_file(text))


def _is_changed(row: str) -> bool:
    return row.startswith(("+", "-")) and not row.startswith(("+++ ", "--- "))


def _short(code: str) -> str:
    """The first line of code, for a sentence."""
    first, *more = code.strip().split("\n")
    is_cut = bool(more) or len(first) > _LONGEST
    return f"{first[:_LONGEST].rstrip()} ..." if is_cut else first


def _squeezed(text: str) -> str:
    return "".join(text.split())
