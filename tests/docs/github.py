"""Markdown files as GitHub reads them: their headings and links."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
_IN_HTML = re.compile(r"""\b(?:href|src|srcset)=["']([^"']+)["']""")
_NAMED_IN_HTML = re.compile(r"""\b(?:id|name)=["']([^"']+)["']""")


def files() -> list[Path]:
    """Every Markdown file of the project, those that are data of tests left out."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = (ROOT / path for path in listed.splitlines() if not path.startswith("tests/"))
    return [file for file in found if file.is_file()]


@cache
def _tokens(file: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(file.read_text("utf-8"))


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def links(file: Path) -> list[str]:
    """Where a file's links and images lead, also those in HTML."""
    found: list[str] = []
    for token in _flat(_tokens(file)):
        if token.type in ("link_open", "image"):
            found.append(str(token.attrs["href" if token.type == "link_open" else "src"]))
        elif token.type in ("html_block", "html_inline"):
            found += _IN_HTML.findall(token.content)
    return found


def anchors(file: Path) -> set[str]:
    """The names of a file's headings, as GitHub makes them, and those given in HTML."""
    seen: Counter[str] = Counter()
    found: set[str] = set()
    tokens = _tokens(file)
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            name = _slug(tokens[index + 1])
            found.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    for token in _flat(tokens):
        if token.type in ("html_block", "html_inline"):
            found.update(_NAMED_IN_HTML.findall(token.content))
    return found


def _slug(heading: Token) -> str:
    words = "".join(each.content for each in heading.children or ())
    return re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-")
