"""A document as a sequence of headings, lines of text and code, each with the lists it is in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

from patcher.document.fences import aligned

# Around what a document writes as code inside a line.
OPEN, CLOSE = "\ue000", "\ue001"
SPAN = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_MARKS = {ord(OPEN): None, ord(CLOSE): None}
_PYTHON = {"python", "python2", "python3", "py", "py3", "ipython", "sourcecode", "code"}
_DEEPEST = 5
_DONE = re.compile(r"\s*\[[xX]\]\s")  # a task that is checked
_LISTED = re.compile(r"(?:[*+-][ \t]|\s*$)")


class Kind(Enum):
    """What a block is."""

    HEADING = auto()
    RULE = auto()
    TEXT = auto()
    CODE = auto()  # Python, or in no language that is named
    DIFF = auto()  # code before and afterwards, as a diff
    DATA = auto()  # TOML
    FOREIGN = auto()  # code in another language


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a line of text, or code.

    Attributes:
        line: Where it starts, 1-based.
        text: The text, with OPEN and CLOSE around code in it; or the code.
        lists: The list entries that it is in, outermost first, each known by a number.
        number: That of a numbered entry, where this is its first block.
        opens: Whether it is the first block of an entry.
        paragraph: Known by a number; lines of one paragraph have the same.
        level: Of a heading, from 1 on.
        is_row: Whether it is a row of a table, its cells apart by `|`.
    """

    kind: Kind
    line: int
    text: str
    lists: tuple[int, ...] = ()
    number: int | None = None
    opens: bool = False
    paragraph: int = 0
    level: int = 0
    is_row: bool = False


def plain(text: str) -> str:
    """A line of text without the marks around code, its spaces single."""
    return " ".join(text.translate(_MARKS).split())


def blocks_of(text: str) -> list[Block]:
    """The blocks of a Markdown text, in order."""
    return list(_Walk().blocks(_tree(aligned(text)), (), 0))


def _tree(text: str) -> Node:
    """Markdown as a tree; underscores in file names do not make emphasis."""
    return Node(MarkdownIt().disable("emphasis").enable("strikethrough").parse(text))


class _Walk:
    """One walk over a document, which numbers list entries and paragraphs."""

    def __init__(self) -> None:
        self._entries = 0
        self._paragraphs = 0
        self._opens = False  # whether the next block is the first of its entry
        self._number: int | None = None  # the number of that entry
        self._depth = 0  # of texts that are read out of code
        self._last: tuple[int, ...] = ()  # the entry of a numbered list that was read last

    def blocks(self, node: Node, lists: tuple[int, ...], above: int) -> Iterator[Block]:
        """The blocks in a node, whose first line has `above` lines above it."""
        before = ""  # the type of the node in front
        for child in node.children:
            if child.type == "list_item":
                yield from self._entry(child, lists, above)
            elif child.type in ("fence", "code_block"):
                yield from self._code(child, lists, above, before)
            elif child.type in ("heading", "hr") and child.level == 0 and not lists:
                kind = Kind.HEADING if child.type == "heading" else Kind.RULE
                text = " ".join(line for _, line in _lines(child, above))
                level = int(child.tag[1:]) if kind is Kind.HEADING else 0
                yield Block(kind, _line(child, above), text, level=level)
            elif child.type in ("paragraph", "heading", "html_block"):
                yield from self._text(child, lists, above)
            else:
                yield from self.blocks(child, lists, above)
            before = child.type

    def _entry(self, node: Node, lists: tuple[int, ...], above: int) -> Iterator[Block]:
        self._entries += 1
        self._opens, self._number = True, int(node.info) if node.info else None
        inner = (*lists, self._entries)
        if not node.children:
            yield self._made(Kind.TEXT, _line(node, above), "", inner)
        yield from self.blocks(node, inner, above)
        if node.info:
            self._last = inner

    def _code(self, node: Node, lists: tuple[int, ...], above: int, before: str) -> Iterator[Block]:
        """Code; behind a list whose number is wide, what Pandoc takes as part of the last entry."""
        top = above + (node.map[0] if node.map else 0)
        is_item = node.type == "code_block" and before == "ordered_list"
        is_text = is_item or (node.type == "fence" and not node.info and _is_list(node.content))
        if is_text and self._depth < _DEEPEST:
            self._depth += 1
            inner = self._last if is_item else lists
            yield from self.blocks(_tree(node.content), inner, top + (not is_item))
            self._depth -= 1
        else:
            yield self._made(_kind(node.info), _line(node, above), node.content, lists)

    def _text(self, node: Node, lists: tuple[int, ...], above: int) -> Iterator[Block]:
        if node.type == "html_block" and node.content.lstrip().startswith("<!--"):
            return
        self._paragraphs += 1
        for line, text in _lines(node, above):
            if text.lstrip().startswith("|"):
                yield self._row(line, text, lists)
            elif text.strip():
                done = _DONE.match(text) if self._opens else None
                words = text[done.end() :] if done else text
                yield self._made(Kind.TEXT, line, words.strip(), lists)

    def _row(self, line: int, text: str, lists: tuple[int, ...]) -> Block:
        """A row of a table, as an entry of a list."""
        self._entries += 1
        self._paragraphs += 1
        made = self._made(Kind.TEXT, line, text.strip(), (*lists, self._entries))
        return replace(made, opens=True, is_row=True)

    def _made(self, kind: Kind, line: int, text: str, lists: tuple[int, ...]) -> Block:
        opens, number = self._opens, self._number
        self._opens, self._number = False, None
        return Block(kind, line, text, lists, number, opens, self._paragraphs)


def _kind(info: str) -> Kind:
    words = {word.strip("{}.=").lower() for word in re.split(r"[\s,]+", info)} - {""}
    if not words or words & _PYTHON:
        return Kind.CODE
    if words & {"diff", "patch", "udiff"}:
        return Kind.DIFF
    return Kind.DATA if "toml" in words else Kind.FOREIGN


def _is_list(code: str) -> bool:
    """Whether code is a list of bullets that somebody put into a fence."""
    return bool(code.strip()) and all(map(_LISTED.match, code.splitlines()))


def _line(node: Node, above: int) -> int:
    return above + node.map[0] + 1 if node.map else 0


def _lines(node: Node, above: int) -> Iterable[tuple[int, str]]:
    """The lines of text in a node, each with where it is."""
    text = "".join(_leaves(node))
    return enumerate(text.split("\n"), _line(node, above))


def _leaves(node: Node) -> Iterator[str]:
    """The texts in a node, without those that are struck out."""
    struck = {id(each) for part in node.walk() if part.type == "s" for each in part.walk()}
    for leaf in node.walk():
        if leaf.children or id(leaf) in struck:
            continue
        if leaf.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif leaf.type == "code_inline":
            yield f"{OPEN}{leaf.content.translate(_MARKS)}{CLOSE}"
        else:
            yield leaf.content.translate(_MARKS)
