"""Lines of code as HTML: their syntax coloured, and the words marked that differ."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import STANDARD_TYPES, _TokenType

from patcher.errors.visible import visible

# What Pygments tells apart, as far as the page does: by the first letters of its short names.
_CLASSES = {"c": "c", "k": "k", "s": "s", "m": "m", "o": "", "p": "", "n": ""}
_EXACT = {"nf": "f", "nc": "f", "nd": "f", "nb": "b", "bp": "b", "ow": "k", "kc": "k"}
_LONGEST = 200_000  # characters of a file that is coloured

# Comments and strings, as far as that tells where a string of several lines is.
_STRING = re.compile(
    r"""\#[^\n]* | \"""(?:\\.|.)*?(?:\"""|\Z) | '''(?:\\.|.)*?(?:'''|\Z)
    | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'?""",
    re.VERBOSE | re.DOTALL,
)

# A piece of a line and its class.
Piece = tuple[str, str]


class Side:
    """The lines of a file before or after, and what is in them, as far as it is asked for."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._rows = dict[int, list[Piece]]()

    def row(self, index: int, last: int) -> list[Piece]:
        """The pieces of a line; up to the last one, others will be asked for as well."""
        if index not in self._rows:
            first = next((s.start for s in self._strings if index in s), index)
            found = pieces(self.lines[first : last + 1])
            self._rows.update(enumerate(found, first))
        return self._rows[index]

    @cached_property
    def _strings(self) -> list[range]:
        """The lines of each string of several lines."""
        text, found = "\n".join(self.lines), list[range]()
        if len(text) <= _LONGEST:
            line, at = 0, 0
            for match in _STRING.finditer(text):
                line, at = line + text.count("\n", at, match.start()), match.start()
                if more := match[0].count("\n"):
                    found.append(range(line, line + more + 1))
        return found


def pieces(lines: Sequence[str]) -> list[list[Piece]]:
    """The pieces of some lines, by what they are in Python."""
    text = "\n".join(lines)
    if len(text) > _LONGEST:
        return [[(line, "")] for line in lines]
    rows: list[list[Piece]] = [[]]
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for _, kind, value in lexer.get_tokens_unprocessed(text):
        name = _class(kind)
        first, *rest = value.split("\n")
        _add(rows[-1], first, name)
        for part in rest:
            rows.append([])
            _add(rows[-1], part, name)
    return rows


def code(row: Sequence[Piece], spans: Sequence[range] = ()) -> Markup:
    """A line as HTML: escaped, with what a browser would not show made visible."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(_html(part)) if is_marked else _html(part)
        for is_marked, part in _cut(row, spans)
    )


def _html(part: Piece) -> Markup:
    text, name = part
    shown = escape(visible(text, keep="\t"))
    return Markup('<i class="{}">{}</i>').format(name, shown) if name else shown


def _cut(row: Sequence[Piece], spans: Sequence[range]) -> Iterator[tuple[bool, Piece]]:
    """The pieces of a line, cut where a span begins or ends, and whether each is in one."""
    at = 0
    edges = sorted({edge for span in spans for edge in (span.start, span.stop)})
    for text, name in row:
        end = at + len(text)
        stops = [edge for edge in edges if at < edge < end]
        for start, stop in zip([at, *stops], [*stops, end], strict=True):
            yield any(start in span for span in spans), (text[start - at : stop - at], name)
        at = end


def _add(row: list[Piece], text: str, name: str) -> None:
    if row and row[-1][1] == name:
        row[-1] = row[-1][0] + text, name
    elif text:
        row.append((text, name))


def _class(kind: _TokenType) -> str:
    short = STANDARD_TYPES.get(kind, "")
    return _EXACT.get(short, _CLASSES.get(short[:1], ""))
