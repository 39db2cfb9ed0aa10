"""Rows of a table that has a column for the code before, and one for the code afterwards."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from patcher.document import phrases
from patcher.document.blocks import CLOSE, OPEN, SPAN, Block, plain
from patcher.document.inline import is_code

_COLUMNS = {
    "file": "files?|paths?|modules?",
    "place": "functions?|methods?|class(?:es)?|scope",
    "before": "before|old(?: code)?|was|from|upstream(?: code)?|originally|original(?: code)?|"
    "previously|current(?: code)?|removed",
    "after": "after|new(?: code)?|now|is now|is|to|fork|ours|our code|port|becomes|changed to|"
    "replacement|modified|proposed|added",
    "verb": "verb|action|change|kind|what",
    "why": "why|reasons?|comments?|notes?|rationale|because",
}
_NAMED = {name: re.compile(rf"(?i){words}") for name, words in _COLUMNS.items()}
_RULE = re.compile(r"[|:\s-]*")
_NOTHING = re.compile(
    r"(?i)[*_(\s]*(?:none|nothing|removed|deleted|new|added|[-\u2013\u2014]|n/a)?[*_)\s]*"
)
_CELL = re.compile(rf"((?:{OPEN}[^{CLOSE}]*{CLOSE}|[^|])*)\|?")


def with_sentences(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks with each row as the sentence that it stands for, else as it is written."""
    table, above = _Table(), 0
    for block in blocks:
        if block.is_row:
            table = table if block.line == above + 1 else _Table()
            above = block.line
            block = replace(block, text=table.read(block.text))
        yield block


class _Table:
    """The rows of a table that were read so far."""

    def __init__(self) -> None:
        self._columns: list[str] = []
        self._above: list[str] = []  # the cells of the row above
        self._file = ""  # that a row names, and the rows below with an empty cell mean

    def read(self, text: str) -> str:
        """The sentence that a row stands for; the row itself where it has other columns."""
        cells = [found[1].strip() for found in _CELL.finditer(text.removeprefix("|"))]
        if _RULE.fullmatch(text) and not self._columns:
            self._columns = [_column(each) for each in self._above]
        self._above = cells
        named = dict(zip(self._columns, cells, strict=False))
        self._file = plain(named.get("file", "")) or self._file
        return self._sentence(named) or text.strip("| \t")

    def _sentence(self, cells: dict[str, str]) -> str:
        if not {"before", "after"} <= cells.keys() or phrases.is_undone(f"{cells.get('verb')} "):
            return ""
        before, after = (_code(cells[name]) for name in ("before", "after"))
        if before and after:
            done = f"changed {before} to {after}"
        elif before and _NOTHING.fullmatch(cells["after"]):
            done = f"removed {before}"
        elif after and _NOTHING.fullmatch(cells["before"]):
            done = f"added {after}"
        else:
            return ""
        scope = plain(cells.get("place", ""))
        place = f"In {OPEN}{scope}{CLOSE}, " if scope.replace(".", "").isidentifier() else ""
        file = f"{self._file}: " if self._file else ""
        return f"{file}{place}{done}. {cells.get('why', '')}".strip().replace("\\|", "|")


def _code(cell: str) -> str:
    """The code that a cell is, in marks of code; without such marks, if it can be nothing else."""
    if SPAN.fullmatch(cell):
        return cell
    is_plain = OPEN not in cell and cell[:1].isidentifier() and is_code(cell)
    return f"{OPEN}{cell}{CLOSE}" if is_plain else ""


def _column(cell: str) -> str:
    words = phrases.label_of(cell)
    return next((name for name, each in _NAMED.items() if each.fullmatch(words)), words)
