"""Pages of the documentation: their blocks, and what comments say about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
_COMMENT = re.compile(r"\s*<!-- *(not run|needs|run)\b:?(.*?)-->\s*", re.DOTALL)
_ADVICE = "expected it right before a block of commands"


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
    """

    line: int
    language: str
    content: str
    exempt: str | None = None
    needs: str = ""


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


def _blocks(name: str, tokens: list[Token]) -> Iterator[Block]:
    about: tuple[int, str, str] | None = None
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if comment := token.type == "html_block" and _COMMENT.fullmatch(token.content):
            word, said = comment[1], comment[2].strip("\n") if comment[1] == "run" else comment[2]
            if not said.strip():
                raise PageError(f"{name}:{line}: `{word}` says nothing; write `{word}: ...`")
            if word != "run":
                about = (line, word, " ".join(said.split()))
                continue
        if comment or token.type == "fence":
            language = "run" if comment else token.info.split(" ")[0]
            content = said if comment else token.content
            word, why = about[1:] if about else ("", "")
            exempt, needs = why if word == "not run" else None, why if word == "needs" else ""
            yield Block(line + (not comment), language, content, exempt, needs)
        elif about:
            raise PageError(f"{name}:{about[0]}: `{about[1]}` is about no block, {_ADVICE}")
        about = None
    if about:
        raise PageError(f"{name}:{about[0]}: `{about[1]}` is about no block, {_ADVICE}")


def _inline(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Each inline code, with the first line of the paragraph that it is in."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "code_inline" and token.map:
                yield token.map[0] + 1, child.content
