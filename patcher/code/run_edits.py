"""The code of a line with other tokens in the place of a run: each way that may be meant.

What both quotes have keeps its layout, comments included. Where a run is removed or added in a
list, so is the comma that separates it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from patcher.code.token_runs import QuotedRun, Run, bracket_around, is_list
from patcher.code.tokens import CLOSING, OPENING, Token, gap, keys_of

_LINE_END = re.compile(r"\r?\n")
_NO_SPACE_AFTER = {*CLOSING, ".", "~", "@"}
_NO_SPACE_BEFORE = {*OPENING, ".", ",", ":", ";"}


def changed(code: str, run: Run, before: QuotedRun, after: QuotedRun) -> Iterator[str]:
    """The code with the tokens of `after` in the place of those of `before`."""
    first = run.row[run.start].text
    if run.is_trailer and after.tokens[0].text != first:
        return
    if before.has_comma == after.has_comma or is_list(run.row, run.end):
        start, end = run.row[run.start].start, run.row[run.end - 1].end
        new = _merged(code, run, before, after, _margin(code, start))
        yield f"{code[:start]}{new}{code[end:]}"


def _merged(code: str, run: Run, before: QuotedRun, after: QuotedRun, margin: str) -> str:
    """The tokens of `after`, those of `before` among them as they are in the code."""
    own = run.row[run.start : run.end]
    gaps = [gap(code, own, index) if index else "" for index in range(len(own))]
    kept = _kept(keys_of(before.tokens), keys_of(after.tokens))
    text, taken = "", set[int | None]([None])
    for index in range(len(after.tokens)):
        word = own[kept[index]].text if index in kept else after.text(index)
        if index:
            place = _own_gap(index, kept, gaps, before, after)
            layout = "" if place in taken else gaps[place or 0]
            if place in taken or (not layout and _would_merge(text, word)):
                layout = _gap_of(after, index, margin)
            taken.add(place)
            text += layout
        text += word
    return text


def _kept(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """The tokens of `after`, by their places, that are ones of `before`; a comma is the nearest."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    kept = {b + i: a + i for a, b, size in matcher.get_matching_blocks() for i in range(size)}
    for index, key in enumerate(after):
        place = kept.get(index - 1, len(before)) + 1
        if key == "," and before[place : place + 1] == [","]:
            kept = {new: old for new, old in kept.items() if old != place} | {index: place}
    return kept


def _would_merge(one: str, other: str) -> bool:
    """Whether two words need a space between them."""
    return (one[-1] + other[0]).replace("_", "a").isalnum()


def _own_gap(
    index: int, kept: Mapping[int, int], own: Sequence[str], before: QuotedRun, after: QuotedRun
) -> int | None:
    """The token of `before` whose gap in front is that of a token of `after`; None for none.

    `own` has the gap in front of each token in the file.
    """
    left, right = kept.get(index - 1), kept.get(index)
    wanted = gap(after.quote, after.tokens, index)
    if left is not None and right == left + 1:
        found = gap(before.quote, before.tokens, right)
        # Where the file has the lines of one quote, it gets those of the other.
        is_rewrapped = _has_line(own[right]) == _has_line(found) != _has_line(wanted)
        return None if is_rewrapped and "#" not in own[right] else right
    for place in (None if left is None else left + 1, right):
        if place and place < len(before.tokens):
            found = gap(before.quote, before.tokens, place)
            same = found[:1] == wanted[:1] or (found and wanted and _has_line(own[place]))
            if same and "#" not in f"{found}{wanted}":
                return place
    return None


def _has_line(layout: str) -> bool:
    return "\n" in layout


def removed(code: str, run: Run) -> Iterator[str]:
    """The code without a run, and without a comma that it would leave behind."""
    if run.is_trailer:
        return
    row, start, end = run.row, run.start, run.end
    is_first, is_last = run.previous in ("", *CLOSING), run.following in ("", *OPENING)
    ways = [(start, end)]
    if run.following == "," and (is_first or run.previous == ","):
        ways = [(start, end + 1), (start, end)]
    elif run.previous == "," and is_last:
        ways = [(start - 1, end), (start, end)]
    for first, behind in ways:
        if is_list(row, start) or not _unmakes_tuple(row, first, behind):
            yield _without(code, row, first, behind)


def _unmakes_tuple(row: Sequence[Token], start: int, end: int) -> bool:
    """Whether without some tokens no comma is left where they stand, though one was."""
    place = bracket_around(row, start)
    commas = (index for index, each in enumerate(row) if each.text == ",")
    mine = [index for index in commas if bracket_around(row, index) == place]
    return bool(mine) and all(start <= index < end for index in mine)


def _without(code: str, row: Sequence[Token], start: int, end: int) -> str:
    """The code without some tokens of a row, and without one of the gaps around them."""
    if start == 0 or end == len(row):
        first = row[start].start if start == 0 else row[start - 1].end
        last = row[end].start if start == 0 < len(row) - end else row[end - 1].end
        return code[:first] + code[last:]
    left, right = gap(code, row, start), code[row[end - 1].end : row[end].start]
    between = _one_gap(left, right, row[start - 1].text, row[end].text)
    return f"{code[: row[start - 1].end]}{between}{code[row[end].start :]}"


def _one_gap(left: str, right: str, previous: str, following: str) -> str:
    """One gap in the place of two: no comment is lost, nor a line break that is needed."""
    if "#" in right:
        return left + right.lstrip() if "\n" in left or "#" in left else right
    if "#" in left:
        return left
    if previous in CLOSING or following in OPENING:
        if previous in CLOSING and following in OPENING:
            return ""
        return left if previous in CLOSING else right
    between = left if "\n" in left or "\n" not in right else right
    return between or (right or " " if _would_merge(previous, following) else "")


def added(code: str, run: Run, follows: QuotedRun, after: QuotedRun) -> Iterator[str]:
    """The code with the tokens of `after` behind a run, the one that they follow."""
    last, first = run.row[run.end - 1], after.tokens[0]
    if last.text in CLOSING and not last.is_string:
        yield _at_head(code, run, after)
        return
    in_list = follows.has_comma or after.has_comma
    if first.text == "," or not in_list:
        tight = last.text in _NO_SPACE_AFTER or first.text in {*_NO_SPACE_BEFORE, *CLOSING}
        yield _inserted(code, last.end, "" if tight else " ", after)
    if first.text != "," and (in_list or is_list(run.row, run.end)):
        yield _in_list(code, run, after)


def _at_head(code: str, run: Run, after: QuotedRun) -> str:
    """Behind a bracket that opens."""
    place, following = run.row[run.end - 1].end, run.row[run.end]
    layout = code[place : following.start]
    if following.text in OPENING or not (after.has_comma or after.tokens[-1].ends_operand):
        return _inserted(code, place, "", after)
    line = _LINE_END.search(layout)
    return _inserted(
        code, following.start, "", after, f",{layout[line.start() :] if line else ' '}"
    )


def _in_list(code: str, run: Run, after: QuotedRun) -> str:
    """Behind an element of a list, with a comma between, on a line of its own where that is."""
    row, end, own = run.row, run.end, row_start(code, run)
    if run.following == "," and end + 1 < len(row):
        layout = code[row[end].end : row[end + 1].start]
        if line := _LINE_END.search(layout):
            is_last = row[end + 1].text in OPENING
            margin = _margin(code, row[run.start].start) if is_last else layout[line.end() :]
            place = row[end].end + line.start()
            return _inserted(code, place, f"{line[0]}{margin}", after, ",")
    line_before = own if run.following in OPENING else ""
    return _inserted(code, row[end - 1].end, f",{line_before or ' '}", after)


def row_start(code: str, run: Run) -> str:
    """The line end and the indent in front of a run that starts a line; "" for any other."""
    match = re.search(r"\r?\n[ \t]*\Z", code[: run.row[run.start].start])
    return match[0] if match and run.start else ""


def _inserted(code: str, place: int, head: str, after: QuotedRun, tail: str = "") -> str:
    """The code with a quote at a place, its further lines aligned with its first."""
    above = f"{code[:place]}{head}"
    margin = _margin(above, len(above))
    gaps = (_gap_of(after, index, margin) if index else "" for index in range(len(after.tokens)))
    parts = (f"{layout}{after.text(index)}" for index, layout in enumerate(gaps))
    return f"{above}{''.join(parts)}{tail}{code[place:]}"


def _margin(code: str, place: int) -> str:
    """What stands in front of a place in its line, as white space."""
    return re.sub(r"[^\t]", " ", code[code.rfind("\n", 0, place) + 1 : place])


def _gap_of(quoted: QuotedRun, index: int, margin: str) -> str:
    """The layout in front of a token of a quote, its lines aligned with where the quote starts."""
    first, *lines = gap(quoted.quote, quoted.tokens, index).split("\n")
    own = _width(quoted.quote.strip("\n"))
    moved = [f"{margin}{line[min(own, _width(line)) :]}" for line in lines]
    # Of an empty line there is no margin.
    return quoted.newline.join([first, *(e if e.strip() or e is moved[-1] else "" for e in moved)])


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
