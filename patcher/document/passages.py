"""The passages of a part of a document, each about one edit, however they are set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from patcher.document import phrases
from patcher.document.blocks import CLOSE, OPEN, Block, Kind
from patcher.document.diffs import hunks
from patcher.document.inline import is_unclear, quoted
from patcher.errors import PackError
from patcher.packs import tables


@dataclass(slots=True)
class Passage:
    """What a document says of one edit, while it is read.

    Attributes:
        lists: The list entries that it is in, outermost first; none for plain paragraphs.
        intro: The lines above the first quote, verb included.
        context: Lines of the entries around it, which may say where the edit is.
        quotes: The code above the word `to`, or all code where there is no such word.
        later: The code below that word.
        reasons: The lines below the code.
        is_group: Whether it only introduces other passages.
        is_diff: Whether its code is a diff, which shows by itself what is done.
        file: The file that a diff in it names; "" for none.
    """

    line: int
    number: int | None = None
    lists: tuple[int, ...] = ()
    intro: list[str] = field(default_factory=list)
    context: tuple[str, ...] = ()
    quotes: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)
    has_to: bool = False
    is_group: bool = False
    is_diff: bool = False
    file: str = ""

    @property
    def has_code(self) -> bool:
        """Whether it quotes code in blocks."""
        return bool(self.quotes or self.later)

    @property
    def is_read(self) -> bool:
        """Whether it quotes code in blocks or within its sentence."""
        return self.has_code or any(quoted(" ".join(self.intro))[:2])

    @property
    def sentence(self) -> str:
        """The line that says what is done: the first with a verb, else the last."""
        said = (line for line in self.intro if phrases.verb_of(line))
        return next(said, self.intro[-1] if self.intro else "")

    @property
    def is_bare(self) -> bool:
        """Whether it says nothing but that something is changed, added or removed."""
        return bool(self.intro) and phrases.is_bare(self.intro[-1])


def passages_of(blocks: Sequence[Block]) -> tuple[list[Passage], dict[str, Any]]:
    """The passages of the blocks between two headings, and the keys above the first of them."""
    reader = _Reader(_paragraphs(blocks))
    for block, following in zip(blocks, _following(blocks), strict=True):
        reader.read(block, following)
    return reader.end(), reader.keys


def _paragraphs(blocks: Iterable[Block]) -> dict[int, str]:
    """The text of each paragraph."""
    lines: dict[int, list[str]] = {}
    for block in blocks:
        if block.kind is Kind.TEXT:
            lines.setdefault(block.paragraph, []).append(block.text)
    return {paragraph: " ".join(texts) for paragraph, texts in lines.items()}


def _following(blocks: Sequence[Block]) -> list[Kind | None]:
    """What stands below the paragraph of each block."""
    kinds = list[Kind | None]()
    below: Block | None = None
    kind: Kind | None = None
    for block in reversed(blocks):
        if not (below and block.kind is below.kind and block.paragraph == below.paragraph):
            kind = below.kind if below else None
        if below and below.kind is Kind.TEXT and _lone_code(below.text) and block is not below:
            kinds.append(Kind.CODE)
        else:
            kinds.append(kind)
        below = block
    return kinds[::-1]


def _lone_code(text: str) -> str:
    """The code that a line of text consists of; "" where it says more."""
    is_lone = text.startswith(OPEN) and text.find(CLOSE) == len(text) - 1
    return text[1:-1].strip() if is_lone else ""


class _Reader:
    """The passages that were read so far, and the lines that may introduce the next one."""

    def __init__(self, paragraphs: Mapping[int, str]) -> None:
        self._paragraphs = paragraphs
        self.keys: dict[str, Any] = {}
        self._passages: list[Passage] = []
        self._pending: list[Block] = []
        self._reason = 0  # the paragraph that gives the reason of the last passage
        self._paragraph = -1  # of the line of text that was read last
        self._entries: dict[int, str] = {}  # the first line of each list entry

    def read(self, block: Block, following: Kind | None) -> None:
        """Read the next block, given what stands below its paragraph."""
        if block.is_row and not self._is_edit(block):
            return
        if block.kind is Kind.TEXT:
            self._text(block, following in (Kind.CODE, Kind.DIFF))
        elif block.kind is Kind.CODE:
            self._code(block, block.text)
        elif block.kind is Kind.DIFF:
            self._diff(block)
        elif block.kind is Kind.DATA:
            self._keys(_table(block.text))
        if block.opens and block.kind is not Kind.TEXT:
            self._entries[block.lists[-1]] = ""

    def end(self) -> list[Passage]:
        """All passages, when everything is read."""
        if self._pending and self._passages and self._passages[-1].has_code:
            self._passages[-1].reasons += [block.text for block in self._pending]
        return self._passages

    @property
    def _last(self) -> Passage | None:
        return self._passages[-1] if self._passages else None

    def _open(self, block: Block, intro: Sequence[str] = ()) -> Passage:
        """A new passage that starts with a block."""
        above = [each for each in self._pending if not each.text.endswith(":")] or self._pending
        lines = [] if block.opens else [each.text for each in above]
        first = self._pending[0] if lines else block
        outer = block.lists[:-1] if block.opens else block.lists
        context = tuple(self._entries.get(each, "") for each in outer)
        made = Passage(first.line, block.number, block.lists, [*lines, *intro], context)
        self._drop_group(block)
        self._passages.append(made)
        self._pending, self._reason = [], 0
        return made

    def _drop_group(self, block: Block) -> None:
        """Mark the last passage where it only introduces the one that a block starts."""
        last = self._last
        if not last or last.is_read or last.keys:
            return
        inner = len(block.lists) > len(last.lists) and block.lists[: len(last.lists)] == last.lists
        leads = last.sentence.rstrip().endswith(":")
        last.is_group = inner or (leads and not (last.lists and phrases.verb_of(last.sentence)))

    def _text(self, block: Block, above_code: bool) -> None:
        """Read a line of text: of the passage that is open, or the first of the next."""
        last, text = self._last, block.text
        inside = bool(last and last.lists and block.lists[: len(last.lists)] == last.lists)
        if block.opens:
            self._entries[block.lists[-1]] = text
            is_part = last and inside and last.number is not None and last.is_bare
            if not is_part or not last:
                self._flush()
                self._open(block, [text])
                return
        lone = _lone_code(text)
        if lone and last and self._awaits(last):
            self._code(block, f"{lone}\n")
        elif last and last.quotes and not last.has_to and above_code and phrases.is_between(text):
            last.has_to = True
        elif last and last.has_code and above_code and phrases.is_and(text):
            self._open(block, [last.sentence])
        elif self._is_opening(block, inside, above_code):
            self._open(block, [text])
        elif last and (last.has_code or self._is_reason(last, block, inside, above_code)):
            self._below(last, block, inside)
        elif last and (inside or self._goes_on(block)):
            last.intro.append(text)
        else:
            self._pending.append(block)
        self._paragraph = block.paragraph

    def _is_reason(self, last: Passage, block: Block, inside: bool, above_code: bool) -> bool:
        """Whether a line goes on about code that the sentence above quotes."""
        is_apart = not (above_code or self._goes_on(block))
        if inside:
            is_apart = is_apart and not phrases.starts_with_verb(block.text)
        else:
            is_apart = is_apart and phrases.continues(block.text)
        return is_apart and last.is_read

    def _goes_on(self, block: Block) -> bool:
        """Whether a line belongs to the paragraph that opened the last passage."""
        return not self._pending and block.paragraph == self._paragraph

    def _awaits(self, last: Passage) -> bool:
        """Whether a line of code alone is a quote of the last passage."""
        return (last.is_bare and not last.has_code) or (last.has_to and not last.later)

    def _is_opening(self, block: Block, inside: bool, above_code: bool) -> bool:
        """Whether a line inside a list entry, or outside any, starts a passage of its own."""
        last, text = self._last, block.text
        if not inside:
            is_start = phrases.starts_with_verb(text) and not (text[0].islower() and not above_code)
            return is_start or (not above_code and self._is_edit(block))
        if not last or not phrases.is_bare(text) or not above_code:
            return False
        return last.has_code or bool(phrases.verb_of(last.sentence))

    def _is_edit(self, block: Block) -> bool:
        """Whether the paragraph that a line starts says that code is changed, added or removed."""
        text = self._paragraphs[block.paragraph]
        if block.paragraph == self._paragraph or text.endswith(":"):
            return False
        is_reason = (
            self._last and self._last.is_read and phrases.continues(text) and not block.is_row
        )
        return not is_reason and (any(quoted(text)[:2]) or is_unclear(text))

    def _below(self, last: Passage, block: Block, inside: bool) -> None:
        """Read a line below code: a reason, or the introduction of what follows."""
        is_reason = inside or block.paragraph == self._reason or phrases.continues(block.text)
        if is_reason and not self._pending:
            last.reasons.append(block.text)
            self._reason = block.paragraph
        else:
            self._pending.append(block)

    def _flush(self) -> None:
        """Give the lines in between to the passage above, where a list entry starts below."""
        last = self._last
        if last and last.has_code:
            last.reasons += [b.text for b in self._pending if not b.text.endswith(":")]
        self._pending = []

    def _code(self, block: Block, code: str) -> None:
        last = self._last
        if block.opens or self._pending or not last:
            last = self._open(block)
            last.quotes.append(code)
        elif last.has_to:
            self._add(last, last.later, block, code)
        else:
            self._add(last, last.quotes, block, code)

    def _diff(self, block: Block) -> None:
        """Read a diff: each of its hunks is a passage, the first of them the one that is open."""
        last, place = self._last, tuple[str, ...]()
        for number, hunk in enumerate(hunks(block.text)):
            if number:
                line = block.line + 1 + hunk.line
                last = self._open(replace(block, line=line, opens=False, number=None))
            elif block.opens or self._pending or not last or last.has_code:
                last = self._open(block)
            last.context = (*last.context, *place, *([f"in {hunk.within}"] if hunk.within else []))
            last.quotes += [hunk.before] if hunk.before else []
            last.later += [hunk.after] if hunk.after else []
            last.has_to = last.is_diff = True
            last.file = last.file or hunk.file
            place = place or (" ".join(last.intro),)

    def _add(self, last: Passage, quotes: list[str], block: Block, code: str) -> None:
        """Add code to the last passage, unless that has all its code and is left."""
        inside = last.lists and block.lists[: len(last.lists)] == last.lists
        if quotes and not (inside and not last.reasons):
            self._open(block).quotes.append(code)
        else:
            quotes.append(code)

    def _keys(self, table: Mapping[str, Any]) -> None:
        last = self._last
        if last:
            last.keys |= table
        else:
            self.keys |= table


def _table(text: str) -> Mapping[str, Any]:
    """The table that a text is; an empty one where it is no TOML, or too much of it."""
    try:
        return tables.parse(text, "").values if len(text) <= tables.LARGEST else {}
    except PackError:
        return {}


def leaves(passages: Sequence[Passage]) -> Iterator[Passage]:
    """The passages that are not mere introductions of others."""
    return (each for each in passages if not each.is_group)
