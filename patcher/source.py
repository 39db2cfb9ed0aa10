"""Bytes to LibCST and back: what no edit touches comes out as it went in."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest

import libcst as cst
from libcst._nodes.internal import CodegenState

from patcher.errors import Irreproducible, Unparsable

_NEWLINE = re.compile(r"\r\n?|\n")


class _Recorder(CodegenState):
    """Prints a module and notes at which token each statement and comment starts."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.starts: dict[int, int] = {}

    def before_codegen(self, node: cst.CSTNode) -> None:
        if type(node) is cst.Comment:
            self.starts[id(node)] = len(self.tokens)

    @contextmanager
    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Iterator[None]:
        self.starts[id(node)] = len(self.tokens)
        yield


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A parsed file, and where each of its statements and comments stands.

    Attributes:
        content: The file's bytes.
        module: The parsed module; it prints `content` again.
        starts: Token index of each statement and comment, by the node's id.
        tokens: What the module prints, in pieces.
    """

    content: bytes
    module: cst.Module
    starts: Mapping[int, int]
    tokens: list[str]

    def positions(self, nodes: Iterable[cst.CSTNode]) -> list[tuple[int, int]]:
        """The 1-based line and column of each node, which must be of the parsed module."""
        return [_end_of("".join(self.tokens[: self.starts[id(node)]])) for node in nodes]

    def render(self, module: cst.Module) -> bytes:
        """The bytes of `module`, an edited copy of this one, in this file's encoding."""
        return self.content if module is self.module else module.bytes


def parse(place: str, content: bytes) -> Source:
    """The parsed file.

    Args:
        place: Name of the file, for sentences.
        content: Its bytes; a BOM or a coding line says how to decode them, else UTF-8.

    Raises:
        Unparsable: It is not valid Python in the encoding that it names.
        Irreproducible: LibCST would print it differently.
    """
    _check_syntax(place, content)
    try:
        module = cst.parse_module(content)
    except cst.ParserSyntaxError as error:
        raise Unparsable(place, error.raw_line, " ".join(error.message.split())) from None
    recorder = _Recorder(module)
    module._codegen(recorder)
    printed = "".join(recorder.tokens).encode(module.encoding)
    if printed != content:
        raise Irreproducible(place, _first_difference(printed, content))
    return Source(content, module, recorder.starts, recorder.tokens)


def _check_syntax(place: str, content: bytes) -> None:
    """Python's own parser goes first: clearer sentences, and LibCST's crashes on deep nesting."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(content, place, "exec", ast.PyCF_ONLY_AST)
    except SyntaxError as error:
        raise Unparsable(place, error.lineno or 0, error.msg) from None
    except (RecursionError, MemoryError):
        raise Unparsable(place, 0, "nested too deeply") from None
    except ValueError as error:
        raise Unparsable(place, 0, str(error)) from None


def _end_of(text: str) -> tuple[int, int]:
    lines = _NEWLINE.split(text)
    return len(lines), len(lines[-1]) + 1


def _first_difference(printed: bytes, content: bytes) -> int:
    pairs = zip_longest(printed.splitlines(True), content.splitlines(True))
    return next(number for number, (one, other) in enumerate(pairs, 1) if one != other)
