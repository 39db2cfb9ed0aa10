"""A change document as its headings and items, read without a look at any rule.

A document is Markdown as people or Pandoc write it. A CommonMark parser reads that the same way,
except for code indented by four spaces under a wide number such as `16.`: Pandoc takes it as part
of the item, CommonMark as a block of its own after the list. Here it becomes part of the item
again, and so does code that stands further left than its fence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from patcher import reading
from patcher.document import phrases
from patcher.document.blocks import Block, Kind, blocks_of, plain
from patcher.document.enumerations import enumerated
from patcher.document.items import Item, item_of
from patcher.document.passages import Passage, leaves, passages_of
from patcher.document.rows import with_sentences
from patcher.errors import PatchError, reason

LARGEST = 4_000_000  # bytes
_LOWEST = 7  # the level of a heading below all others
_SHORT = 100_000  # characters that are read in a second, whatever they are
# What a document may have of each; the parser's time is that of its lines, and of its prose, where
# it grows with the square of a paragraph.
_LINES, _PROSE, _PARAGRAPH = 50_000, 500_000, 10_000

__all__ = ["Item", "Part", "parse", "parts_of", "read", "text_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """The items between two headings or horizontal rules.

    Attributes:
        heading: The heading above; "" after a horizontal rule, or before the first heading.
        line: Where it starts, 1-based.
        keys: What a block of TOML above the items states.
        file: The path or name of a file in the heading, or in one that this one is below; "" for
            none.
    """

    heading: str
    line: int
    items: tuple[Item, ...]
    keys: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""

    @property
    def is_foreign(self) -> bool:
        """Whether its file is not Python, which no rule can edit."""
        return bool(self.file) and not self.file.endswith(".py")


def read(file: Path) -> list[Part]:
    """The parts of the document in a file that hold items.

    Raises:
        PatchError: It cannot be read, is too long, is not text, or has no item.
    """
    return parts_of(text_of(file), file)


def parts_of(text: str, file: Path) -> list[Part]:
    """The parts of the document that a text is, which is in a file.

    Raises:
        PatchError: It has no item.
    """
    parts = parse(text)
    if not parts:
        wanted = "list items or paragraphs that say which code is changed, added or removed"
        step = "docs/reference/document-format.md lists the forms that are read"
        raise PatchError(str(file), "no edit", wanted, step)
    return parts


def text_of(file: Path) -> str:
    """The text of the document in a file.

    Raises:
        PatchError: It cannot be read, is too long, or is not text.
    """
    try:
        text = reading.read(file, LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise _unusable(file, f"cannot be read ({reason(error)})") from None
    except UnicodeDecodeError as error:
        raise _unusable(file, f"cannot be read (not UTF-8 at byte {error.start})") from None
    for what, number, most in _sizes(text) if len(text) > _SHORT else ():
        if number > most:
            step = "name the document with --doc"
            raise PatchError(str(file), f"{number:,} {what}", f"at most {most:,}", step)
    return text


def _sizes(text: str) -> Iterator[tuple[str, int, int]]:
    """What takes time to read in a document, how much of it there is, and how much there may be."""
    yield "lines", len(text.splitlines()), _LINES
    blocks = MarkdownIt().disable("inline").parse(text)
    prose = [len(block.content) for block in blocks if block.type == "inline"]
    yield "characters outside of code", sum(prose), _PROSE
    yield "characters in a paragraph", max(prose, default=0), _PARAGRAPH


def _unusable(file: Path, found: str) -> PatchError:
    return PatchError(str(file), found, "a Markdown file in UTF-8", "name the document with --doc")


def parse(text: str) -> list[Part]:
    """The parts of the document in a text that hold items; none where no text tells of an edit.

    Items without code are left out above the first heading that names a file, where a document
    sums up what was changed.
    """
    chapters = list(_chapters(_with_file_headings([*with_sentences(blocks_of(enumerated(text)))])))
    if not any(_is_told(passage) for chapter in chapters for passage in chapter.passages):
        return []
    has_files = any(chapter.file for chapter in chapters)
    parts, is_above = list[Part](), has_files
    for chapter in chapters:
        is_above = is_above and not chapter.file
        items = tuple(_items(chapter, leave_prose=is_above))
        if items and (chapter.file or not has_files or any(map(_is_told, chapter.passages))):
            keys = dict(chapter.keys)
            heading = str(keys.pop("heading", plain(chapter.heading)))
            part = Part(heading, chapter.line, items, keys, chapter.file)
            parts += [part] if chapter.file or keys.get("path") else _by_file(part)
    return parts


def _by_file(part: Part) -> Iterator[Part]:
    """A part below no heading of a file as one for each file that its items name, if any do."""
    groups: dict[str, list[Item]] = {}
    for item in part.items:
        groups.setdefault(item.file, []).append(item)
    for file, items in groups.items():
        heading, line = (file, items[0].line) if file else (part.heading, part.line)
        yield replace(part, heading=heading, line=line, items=tuple(items), file=file)


def _is_told(passage: Passage) -> bool:
    """Whether a passage says that something is done, or what becomes what."""
    is_sentence = passage.is_read and not passage.has_code
    return passage.has_to or is_sentence or any(map(phrases.verb_of, passage.intro))


@dataclass(frozen=True, slots=True)
class _Chapter:
    """What stands between two headings or horizontal rules."""

    heading: str
    line: int
    file: str
    passages: Sequence[Passage]
    keys: Mapping[str, Any]


def _with_file_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with each line that only names a file, above a list, as a heading."""
    found = list[Block]()
    for block, following in zip_longest(blocks, blocks[1:]):
        words = phrases.label_of(block.text)
        is_label = block.kind is Kind.TEXT and not block.lists and phrases.file_in(words) == words
        if words and is_label and following and following.opens:
            block = replace(block, kind=Kind.HEADING, text=words, level=_LOWEST)
        found.append(block)
    return found


def _chapters(blocks: Sequence[Block]) -> Iterator[_Chapter]:
    """The chapters of a document; a heading without a file has that of the one it is below."""
    files = {0: ""}  # by the level of the heading
    heading, start = Block(Kind.HEADING, 1, ""), 0
    ends = [i for i, b in enumerate(blocks) if b.kind in (Kind.HEADING, Kind.RULE)]
    for end in (*ends, len(blocks)):
        file = next(reversed(files.values()))
        passages, keys = passages_of([_of_file(each, file) for each in blocks[start:end]])
        yield _Chapter(heading.text, heading.line, file, passages, keys)
        if end == len(blocks):
            return
        heading, start = blocks[end], end + 1
        files = {level: name for level, name in files.items() if level < heading.level or not level}
        if heading.kind is Kind.RULE:
            files = {0: ""}
        elif named := phrases.files_in(heading.text):
            files[heading.level] = named[0] if len(named) == 1 else ""


def _of_file(block: Block, file: str) -> Block:
    """A block below the heading of a file: TOML is the keys of a rule only where that is Python."""
    is_other = block.kind is Kind.DATA and bool(file) and not file.endswith(".py")
    return replace(block, kind=Kind.FOREIGN) if is_other else block


def _items(chapter: _Chapter, *, leave_prose: bool) -> Iterator[Item]:
    for passage in leaves(chapter.passages):
        item = item_of(passage, phrases.scopes_of(f"in {chapter.heading}"))
        is_listed = passage.number is None and phrases.is_file(item.prose)
        if item.has_code or item.is_bare or not (leave_prose or is_listed or not item.prose):
            yield item
