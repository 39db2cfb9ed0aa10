"""A change document as its headings and items, read without a look at any rule.

A document is Markdown as Pandoc writes it. A CommonMark parser reads that the same way, except
for code indented by four spaces under a wide number such as `16.`: Pandoc takes it as part of the
item, CommonMark as a block of its own after the list. Here it becomes part of the item again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from patcher.document.markdown import Node, code, is_code, is_entry, line, tree, words
from patcher.errors import ReadError, reason

_VERBS = ("Changed", "Added", "Removed")


@dataclass(frozen=True, slots=True)
class Item:
    """One edit of a document.

    Attributes:
        number: As written, wherever it is in the list; None for a quote outside any entry.
        line: Where it starts, 1-based.
        verb: Its first paragraph: Changed, Added or Removed where the document is correct.
        before: The code that it quotes as it was before; "" where there is none.
        after: The code that it quotes as it is afterwards; "" where there is none.
        prose: Its other text, on one line.
    """

    number: int | None
    line: int
    verb: str
    before: str
    after: str
    prose: str


@dataclass(frozen=True, slots=True)
class Part:
    """The items between two headings or horizontal rules.

    Attributes:
        heading: The heading above; "" after a horizontal rule, or before the first heading.
        line: Where it starts, 1-based.
        items: Its items, in order.
    """

    heading: str
    line: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes:
        place: Its name, for sentences.
        parts: Its parts that hold numbered items.
    """

    place: str
    parts: tuple[Part, ...]


def read(file: Path) -> Document:
    """The document in a file.

    Raises:
        ReadError: It cannot be read, is not text, or has no item.
    """
    try:
        document = parse(str(file), file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _unusable(file, f"cannot be read ({reason(error)})") from None
    except UnicodeDecodeError as error:
        raise _unusable(file, f"cannot be read (not UTF-8 at byte {error.start})") from None
    if not document.parts:
        raise _unusable(file, "no numbered item")
    return document


def _unusable(file: Path, found: str) -> ReadError:
    wanted = f"a Markdown file with numbered items that start with {' or '.join(_VERBS)}"
    return ReadError(str(file), found, wanted, "name the document with --doc")


def parse(place: str, text: str) -> Document:
    """The document in a text."""
    stretches = [_Stretch("", 1)]
    for node in tree(text).walk(include_self=False):
        if node.type in ("heading", "hr") and node.level == 0:
            stretches.append(_Stretch(words(node), line(node)))
        elif is_entry(node):
            stretches[-1].entries.append(_Entry(int(node.info), line(node), node.children))
        elif is_code(node) and not is_entry(node.parent):
            stretches[-1].take(node)
    parts = (stretch.part() for stretch in stretches)
    numbered = (part for part in parts if any(item.number is not None for item in part.items))
    return Document(place, tuple(numbered))


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a numbered list, which may turn out not to be an edit."""

    number: int | None
    line: int
    blocks: Sequence[Node]

    def item(self) -> Item:
        texts = [words(block) for block in self.blocks]
        verb = texts[0] if texts else ""
        cut = texts.index("to") if "to" in texts else 0 if verb == "Added" else len(texts)
        prose = (text for i, text in enumerate(texts) if text and i not in (0, cut))
        before, after = code(self.blocks[:cut]), code(self.blocks[cut:])
        return Item(self.number, self.line, verb, before, after, " ".join(prose))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The entries between two headings or horizontal rules, as they are read."""

    heading: str
    line: int
    entries: list[_Entry] = field(default_factory=list)

    def take(self, block: Node) -> None:
        """Add code outside the entries to the entry above, or as an entry of its own."""
        above = block.previous_sibling
        if block.type == "code_block" and above and above.type == "ordered_list":
            entry = self.entries.pop()
            blocks = [*entry.blocks, *tree(block.content).children]
            self.entries.append(_Entry(entry.number, entry.line, blocks))
        else:
            self.entries.append(_Entry(None, line(block), [block]))

    def part(self) -> Part:
        items = (entry.item() for entry in self.entries)
        edits = (item for item in items if item.verb in _VERBS or item.before or item.after)
        return Part(self.heading, self.line, tuple(edits))
