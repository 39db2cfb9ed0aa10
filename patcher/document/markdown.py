"""Markdown as a tree of nodes."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Node = SyntaxTreeNode
_CODE = ("fence", "code_block")


def tree(text: str) -> Node:
    """The text as a tree; underscores in file names do not make emphasis."""
    return SyntaxTreeNode(MarkdownIt().disable("emphasis").parse(text))


def is_entry(node: Node | None) -> bool:
    """Whether a node is an entry of a numbered list."""
    parent = node.parent if node and node.type == "list_item" else None
    return parent is not None and parent.type == "ordered_list"


def is_code(node: Node) -> bool:
    """Whether a node is a block of code."""
    return node.type in _CODE


def line(node: Node) -> int:
    """Where a block starts, 1-based."""
    return node.map[0] + 1 if node.map else 0


def code(blocks: Iterable[Node]) -> str:
    """The code in some blocks, joined."""
    return "".join(block.content for block in blocks if is_code(block))


def words(node: Node) -> str:
    """The text of a node on one line, without code."""
    leaves = (leaf.content or " " for leaf in node.walk() if not (leaf.children or is_code(leaf)))
    return " ".join("".join(leaves).split())
