"""Pages of the documentation: their blocks, and what comments say about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
_COMMENT = re.compile(r"\s*<!-- *(not run|needs|run|file)\b:?(.*?)-->\s*", re.DOTALL)


class PageError(Exception):
    """What is wrong with a page, beginning with its name and line."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page.

    Attributes:
        line: The first line of its content, 1-based.
        language: What is behind the opening fence; `run` if it is a comment with commands.
        content: The text of the block.
        exempt: Why it is not run; None if it is.
        needs: What it is run with; empty if it is always run.
        file: Where the reader is to write it, with `>>` in front to add it; empty if nowhere.
    """

    line: int
    language: str
    content: str
    exempt: str | None = None
    needs: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name, relative to the repository, its blocks and its inline code with lines."""

    name: str
    blocks: tuple[Block, ...]
    inline: tuple[tuple[int, str], ...] = field(repr=False)


def read(name: str) -> Page:
    """A page of the repository.

    Raises:
        PageError: A comment has no reason, or no block behind it.
    """
    return parse(name, (ROOT / name).read_text("utf-8"))


def parse(name: str, text: str) -> Page:
    """A page of a text; `Raises:` as `read`."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return Page(name, tuple(_blocks(name, tokens)), tuple(_inline(tokens)))


class _Comment(NamedTuple):
    line: int
    word: str
    text: str


def _blocks(name: str, tokens: list[Token]) -> Iterator[Block]:
    about: _Comment | None = None
    for token in tokens:
        comment = _comment(name, token)
        is_block = token.type == "fence" or (comment is not None and comment.word == "run")
        if about and not is_block:
            break
        if comment and not is_block:
            about = comment
        elif is_block:
            yield _block(token, comment, about)
            about = None
    if about:
        advice = "expected it right before a block"
        raise PageError(f"{name}:{about.line}: `{about.word}` is about no block, {advice}")


def _comment(name: str, token: Token) -> _Comment | None:
    """A comment that says something about the running of blocks."""
    found = _COMMENT.fullmatch(token.content) if token.type == "html_block" else None
    if not found:
        return None
    line, word, text = _line(token), found[1], found[2].strip()
    if not text:
        raise PageError(f"{name}:{line}: `{word}` says nothing; write `{word}: ...`")
    return _Comment(line, word, text)


def _block(token: Token, comment: _Comment | None, about: _Comment | None) -> Block:
    said = {about.word: " ".join(about.text.split())} if about else {}
    exempt, needs = said.get("not run"), said.get("needs", "")
    if comment:
        return Block(_line(token), "run", comment.text, exempt, needs)
    language, file = token.info.split(" ")[0], said.get("file", "")
    return Block(_line(token) + 1, language, token.content, exempt, needs, file)


def _line(token: Token) -> int:
    """The first line of a token, 1-based."""
    assert token.map
    return token.map[0] + 1


def _inline(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Each inline code, with the first line of the paragraph that it is in."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "code_inline":
                yield _line(token), child.content
