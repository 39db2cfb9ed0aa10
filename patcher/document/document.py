"""A change document as its headings and items, read without a look at any rule.

A document is Markdown as Pandoc writes it. A CommonMark parser reads that the same way, except
for code indented by four spaces under a wide number such as `16.`: Pandoc takes it as part of the
item, CommonMark as a block of its own after the list. Here it becomes part of the item again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

from patcher import reading
from patcher.errors import PatchError, reason

LARGEST = 4_000_000  # bytes
_SHORT = 100_000  # characters that are read in a second, whatever they are
# What a document may have of each; the parser's time is that of its lines, and of its prose, where
# it grows with the square of a paragraph.
_LINES, _PROSE, _PARAGRAPH = 50_000, 500_000, 10_000
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
    """

    heading: str
    line: int
    items: tuple[Item, ...]


def read(file: Path) -> list[Part]:
    """The parts of the document in a file that hold numbered items.

    Raises:
        PatchError: It cannot be read, is too long, is not text, or has no item.
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
    parts = parse(text)
    if not parts:
        raise _unusable(file, "no numbered item")
    return parts


def _sizes(text: str) -> Iterator[tuple[str, int, int]]:
    """What takes time to read in a document, how much of it there is, and how much there may be."""
    yield "lines", len(text.splitlines()), _LINES
    blocks = MarkdownIt().disable("inline").parse(text)
    prose = [len(block.content) for block in blocks if block.type == "inline"]
    yield "characters outside of code", sum(prose), _PROSE
    yield "characters in a paragraph", max(prose, default=0), _PARAGRAPH


def _unusable(file: Path, found: str) -> PatchError:
    wanted = f"a Markdown file with numbered items that start with {' or '.join(_VERBS)}"
    return PatchError(str(file), found, wanted, "name the document with --doc")


def parse(text: str) -> list[Part]:
    """The parts of the document in a text that hold numbered items."""
    parts: list[tuple[str, int, list[_Entry]]] = [("", 1, [])]
    for node in _tree(text).walk(include_self=False):
        *_, entries = parts[-1]
        if node.type in ("heading", "hr") and node.level == 0:
            parts.append((_words(node), _line(node), []))
        elif _is_entry(node):
            entries.append((int(node.info), _line(node), [*node.children]))
        elif _is_code(node) and not _is_entry(node.parent):
            above = node.previous_sibling
            if node.type == "code_block" and above and above.type == "ordered_list":
                entries[-1][-1].extend(_tree(node.content).children)
            else:
                entries.append((None, _line(node), [node]))
    read = (_part(*each) for each in parts)
    return [part for part in read if any(item.number is not None for item in part.items)]


# An entry of a numbered list, which may turn out not to be an edit: number, line and blocks.
_Entry = tuple[int | None, int, list[Node]]


def _part(heading: str, line: int, entries: Iterable[_Entry]) -> Part:
    items = (_item(*entry) for entry in entries)
    edits = (item for item in items if item.verb in _VERBS or item.before or item.after)
    return Part(heading, line, tuple(edits))


def _item(number: int | None, line: int, blocks: Sequence[Node]) -> Item:
    texts = [_words(block) for block in blocks]
    verb = texts[0] if texts else ""
    cut = texts.index("to") if "to" in texts else 0 if verb == "Added" else len(texts)
    prose = (text for i, text in enumerate(texts) if text and i not in (0, cut))
    return Item(number, line, verb, _code(blocks[:cut]), _code(blocks[cut:]), " ".join(prose))


def _tree(text: str) -> Node:
    """Markdown as a tree; underscores in file names do not make emphasis."""
    return Node(MarkdownIt().disable("emphasis").parse(text))


def _is_entry(node: Node | None) -> bool:
    return node is not None and node.type == "list_item" and node.info != ""  # that is its number


def _is_code(node: Node) -> bool:
    return node.type in ("fence", "code_block")


def _line(block: Node) -> int:
    return block.map[0] + 1 if block.map else 0


def _code(blocks: Iterable[Node]) -> str:
    return "".join(block.content for block in blocks if _is_code(block))


def _words(node: Node) -> str:
    """The text of a node on one line, without code."""
    leaves = (leaf.content or " " for leaf in node.walk() if not (leaf.children or _is_code(leaf)))
    return " ".join("".join(leaves).split())
