"""Bytes to LibCST and back: what no edit touches stays as it was."""

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import zip_longest

import libcst as cst
from libcst._nodes.internal import CodegenState

from patcher.code import bounds, syntax
from patcher.code.encodings import text_of
from patcher.errors import UnparsableError

_NEWLINE = re.compile(r"\r\n?|\n")


class _Recorder(CodegenState):
    """Prints a module and notes at which token each statement and comment starts."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.starts: dict[int, int] = {}

    def before_codegen(self, node: cst.CSTNode) -> None:
        if type(node) is cst.Comment:
            self.starts[id(node)] = len(self.tokens)

    def record_syntactic_position(  # type: ignore[override]
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> AbstractContextManager[None]:
        self.starts[id(node)] = len(self.tokens)
        return nullcontext()  # a third of the time of LibCST's own, which is a generator


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A module, the pieces that it prints, and where in these each statement and comment starts.

    `starts` has the index of a piece by the node's id.
    """

    module: cst.Module
    tokens: list[str]
    starts: Mapping[int, int]

    @property
    def code(self) -> str:
        """What it prints."""
        return "".join(self.tokens)

    @property
    def content(self) -> bytes:
        """The file's bytes, in the encoding that it was read in."""
        return self.code.encode(self.module.encoding)

    def positions(self, nodes: Iterable[cst.CSTNode]) -> list[tuple[int, int]]:
        """The 1-based line and column of each node, which must be of this module."""
        wanted = [self.starts[id(node)] for node in nodes]
        found, begin, line, column = dict[int, tuple[int, int]](), 0, 1, 1
        for start in sorted(set(wanted)):
            last, end = _end_of("".join(self.tokens[begin:start]))
            line, column = line + last - 1, end if last > 1 else column + end - 1
            found[start], begin = (line, column), start
        return [found[start] for start in wanted]


def printed(module: cst.Module) -> Printed:
    """The module, printed."""
    recorder = _Recorder(module)
    module._codegen(recorder)
    return Printed(module, recorder.tokens, recorder.starts)


class Printer:
    """Prints versions of a module that share most statements, each of which is printed once."""

    def __init__(self) -> None:
        self._known = dict[int, tuple[cst.CSTNode, str]]()

    def content(self, module: cst.Module) -> bytes:
        """The bytes of a version, in the encoding that the file was read in."""
        if not (module.has_trailing_newline and module.body):
            return printed(module).content
        ends = [module.with_changes(body=(), **{side: ()}).code for side in ("footer", "header")]
        head, foot = (
            text if lines else ""
            for text, lines in zip(ends, (module.header, module.footer), strict=True)
        )
        body = "".join(self._code(statement, module) for statement in module.body)
        return f"{head}{body}{foot}".encode(module.encoding)

    def _code(self, statement: cst.CSTNode, module: cst.Module) -> str:
        if id(statement) not in self._known:
            self._known[id(statement)] = statement, module.code_for_node(statement)
        return self._known[id(statement)][1]


def parse(place: str, content: bytes) -> Printed:
    """The parsed file, which prints `content` again.

    Args:
        place: Name of the file, for sentences.
        content: Its bytes; a BOM or a coding line says how to decode them, else UTF-8.

    Raises:
        UnparsableError: It is not valid Python in the encoding that it names, is too much to be
            parsed in reasonable time, or LibCST would print it differently.
    """
    # Python's own parser goes first: clearer sentences, and LibCST's crashes on deep nesting.
    found = syntax.read_to_edit(content)
    if isinstance(found, syntax.Fault):
        raise unusable(place, found)
    return parse_unchecked(place, content)


def parse_unchecked(place: str, content: bytes) -> Printed:
    """The parsed file, of content that Python is known to parse.

    Raises:
        UnparsableError: LibCST cannot parse it, not in reasonable time, or would print it
            differently.
    """
    if excess := bounds.excess_to_edit(content):
        raise unusable(place, syntax.Fault(0, *excess))
    try:
        result = printed(cst.parse_module(content))
    except cst.ParserSyntaxError as error:
        raise not_python(place, error.raw_line, " ".join(error.message.split())) from None
    except RecursionError:  # Python's own parser goes deeper, how far depends on its version
        raise not_python(place, 0, syntax.TOO_DEEP) from None
    if result.content != content:
        pairs = zip_longest(result.content.splitlines(True), content.splitlines(True))
        line = next(number for number, (one, other) in enumerate(pairs, 1) if one != other)
        raise UnparsableError(
            f"{place}:{line}",
            "control characters or line ends that would not survive an edit, nothing was changed",
            next_step="remove them and run again",
        )
    return result


def unusable(place: str, fault: syntax.Fault) -> UnparsableError:
    """The error for a file that is no Python, or too much of it."""
    if not fault.wanted:
        return not_python(place, fault.line, fault.reason)
    wanted = f"{fault.wanted}, nothing was changed"
    return UnparsableError(place, fault.reason, wanted, "check that this is the file that is meant")


def not_python(place: str, line: int, why: str) -> UnparsableError:
    """The error for a file that is not Python; line 0 where none is known."""
    where = f"{place}:{line}" if line else place
    found = f"not valid Python ({why}), nothing was changed"
    return UnparsableError(where, found, next_step="correct the file")


def lines(content: bytes) -> list[str]:
    """The lines of a file, as positions count them."""
    return split(text_of(content))


def split(text: str) -> list[str]:
    """The lines of a text, as positions count them."""
    return _NEWLINE.split(text)


def _end_of(text: str) -> tuple[int, int]:
    newlines = text.count("\n") + text.count("\r") - text.count("\r\n")
    return newlines + 1, len(text) - max(text.rfind("\n"), text.rfind("\r"))
