"""A file as statements, each with its lines: what two versions of it are compared by."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from patcher.code.encodings import text_of

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Statements with blocks; a `match` counts as a whole.
_COMPOUND = (
    *_DEFINITIONS, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try,
)  # fmt: skip
_PLAIN_TOKENS = {
    tokenize.ENCODING, tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A header and its block.

    Attributes:
        word: The first word of the header.
        header: The lines of the header, indices into those of the file.
        rows: The statements of the block.
        end: The index behind the last line of the block, with what stands below its statements.
    """

    word: str
    header: range
    rows: tuple[Row, ...]
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A statement, or several simple ones on one line.

    Attributes:
        nodes: The statements.
        lines: Their lines, without what stands above them.
        clauses: The parts of a compound one; none where a block is on the line of its header.
    """

    nodes: tuple[ast.stmt, ...]
    lines: range
    clauses: tuple[Clause, ...] = field(default=(), repr=False)

    @property
    def node(self) -> ast.stmt:
        """The first statement."""
        return self.nodes[0]

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        return isinstance(self.node, _DEFINITIONS)

    @property
    def is_import(self) -> bool:
        """Whether it is one import."""
        return len(self.nodes) == 1 and isinstance(self.node, ast.Import | ast.ImportFrom)


class Source:
    """A file of valid Python."""

    def __init__(self, content: bytes) -> None:
        """Read it.

        Raises:
            ValueError: Some of its lines end in a carriage return alone.
        """
        if b"\r" in content.replace(b"\r\n", b""):
            raise ValueError("line ends that are a carriage return alone")
        self.lines = content.splitlines(keepends=True)
        self.text = text_of(content).lstrip("\ufeff")
        self.texts = self.text.replace("\r\n", "\n").split("\n")
        self._logical = dict[int, tuple[int, str]]()
        self._in_string = set[int]()
        self._scan()
        self._starts = sorted(self._logical)
        self.rows = tuple(self._rows(ast.parse(content).body))

    @cached_property
    def size(self) -> int:
        """The number of its lines."""
        return len(self.lines)

    def quote(self, lines: range) -> str:
        """Some lines as a quote: without their indent, but for lines inside of a string."""
        texts = [self.texts[i] for i in lines]
        first = next((each for each in texts if each.strip()), "")
        indent = first[: len(first) - len(first.lstrip())]
        plain = (
            text if i in self._in_string else text.removeprefix(indent)
            for i, text in zip(lines, texts, strict=True)
        )
        return "\n".join(plain)

    def is_comment(self, line: int) -> bool:
        """Whether a line between statements is a comment."""
        return self.texts[line].lstrip().startswith("#")

    def _scan(self) -> None:
        """Note where each logical line ends, its first word, and the lines inside of strings."""
        start, word, opened = -1, "", list[int]()
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            name = tokenize.tok_name[token.type]
            if token.type == tokenize.NEWLINE:
                self._logical[start] = token.start[0], word
                start = -1
            elif token.type not in _PLAIN_TOKENS and start < 0:
                start, word = token.start[0] - 1, token.string
            if name == "STRING":
                self._in_string.update(range(token.start[0], token.end[0]))
            elif name in ("FSTRING_START", "TSTRING_START"):
                opened.append(token.start[0])
            elif name in ("FSTRING_END", "TSTRING_END"):
                self._in_string.update(range(opened.pop(), token.end[0]))

    def _rows(self, body: Sequence[ast.stmt]) -> Iterator[Row]:
        for _, group in groupby(body, lambda node: self._logical_start(node.lineno - 1)):
            nodes = tuple(group)
            decorators = getattr(nodes[0], "decorator_list", ())
            first = min(each.lineno for each in (nodes[0], *decorators)) - 1
            lines = range(first, max(each.end_lineno or 0 for each in nodes))
            yield Row(nodes, lines, self._clauses(nodes[0], lines.stop))

    def _clauses(self, node: ast.stmt, end: int) -> tuple[Clause, ...]:
        if not isinstance(node, _COMPOUND):
            return ()
        blocks = [*self._blocks(node)]
        firsts = [next(iter(self._rows(block[:1]))).lines.start for block in blocks]
        headers = [self._header_above(first) for first in firsts]
        if any(first in header for first, header in zip(firsts, headers, strict=True)):
            return ()
        ends = [*(header.start for header in headers[1:]), end]
        parts = zip(blocks, headers, ends, strict=True)
        return tuple(
            Clause(self._logical[header.start][1], header, tuple(self._rows(block)), behind)
            for block, header, behind in parts
        )

    def _blocks(self, node: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
        yield node.body  # type: ignore[attr-defined]
        for handler in getattr(node, "handlers", ()):
            yield handler.body
        match node:
            case ast.If(orelse=[ast.If() as inner]) if self._word(inner.lineno - 1) == "elif":
                yield from self._blocks(inner)
            case _:
                yield from filter(None, (getattr(node, e, ()) for e in ("orelse", "finalbody")))

    def _header_above(self, line: int) -> range:
        """The header of the block whose first statement starts at a line, or holds it."""
        index = bisect_right(self._starts, line) - 1
        if self._starts[index] == line:
            index -= 1
        start = self._starts[index]
        return range(start, self._logical[start][0])

    def _logical_start(self, line: int) -> int:
        return self._starts[bisect_right(self._starts, line) - 1]

    def _word(self, line: int) -> str:
        return self._logical.get(line, (0, ""))[1]
