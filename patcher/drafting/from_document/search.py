"""Kind and place of each edit that a document has for one file, found by trying them on that file.

An edit is `unique` where nothing else in the file holds its quote. Edits with the same quote are
assigned in order where there are as many places as edits. A hand-made port shows which
places are meant where these are not the only ones, and where code goes that is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from patcher.code.outline import Outline
from patcher.document.changed_parts import without_branch
from patcher.drafting.draft import Mark
from patcher.drafting.from_document.candidates import Candidate, candidates, named_scopes
from patcher.drafting.from_document.fitting import keep_what_fits
from patcher.drafting.from_document.part_added import added_part
from patcher.drafting.from_document.ported import (
    Addition,
    added_import,
    addition,
    is_made,
)
from patcher.drafting.from_document.stated import stated_place
from patcher.drafting.from_document.wanted import View, Wanted, planned, view
from patcher.engine.outcomes import read_as
from patcher.model import Section


def search(path: str, content: bytes, wanted: Sequence[Wanted], ported: bytes = b"") -> None:
    """Find kind and place of each edit that is wanted of a file.

    Args:
        path: The file, below the tree's root.
        content: Its bytes.
        wanted: The edits, in order; what is found is noted in them.
        ported: The bytes of the file in a hand-made port; none where there is none.

    Raises:
        UnparsableError: One of them is not Python.
    """
    seen = view(f"the upstream's {path}", content)
    port = view(f"the port's {path}", ported).outline if ported else None
    with read_as([Section("", path, ())]):
        for each in wanted:
            if each.quoted.before and not each.given:
                each.options = candidates(each.quoted, seen.outline)
                if not each.options:
                    _search_in_branch(each, content, seen)
        _settle(wanted, seen, port)
        for each in wanted:
            if not each.quoted.before and not each.given:
                _add(each, seen, port)
    _search_in_edited(path, content, wanted)
    keep_what_fits(path, content, wanted)


def _search_in_branch(each: Wanted, content: bytes, seen: View) -> None:
    """Search the block of a quoted `else`, which is no code by itself, if the file has both."""
    before, after = each.quoted.before, each.quoted.after
    blocks = without_branch(before, after)
    if blocks and "".join(before.split()) in "".join(content.decode("utf-8", "replace").split()):
        inner = replace(each.quoted, before=blocks[0], after=blocks[1])
        if options := candidates(inner, seen.outline):
            each.quoted, each.options = inner, options


def _add(each: Wanted, seen: View, port: Outline | None) -> None:
    """Find the place of code that an edit adds."""
    found, mark = stated_place(each.quoted, seen.outline), Mark.UNIQUE
    found = found or added_import(each.quoted, seen.outline)
    if port and not found:
        found, mark = addition(each.quoted, seen.outline, port), Mark.BY_PORT
    if port and not found and (part := added_part(each.quoted, seen.outline, port)):
        found = Addition(part, f"after `{part.follows}`, as in the port", each.quoted)
    if found:
        each.edit, each.mark, each.found = found.edit, mark, found.found
        each.quoted = found.quoted


def _settle(wanted: Sequence[Wanted], seen: View, port: Outline | None) -> None:
    """Give places to the edits that have only one, and to those with the same quote in order."""
    alone = [each for each in wanted if len(each.options) == 1]
    for each in alone:
        if _is_only_one(each, wanted):
            _take(each, each.options[0], Mark.UNIQUE, wanted, seen)
    for group in _groups(wanted):
        if not _in_order(group, wanted, seen) and port:
            _as_ported(group, wanted, seen, port)
    for each in wanted:
        if each.mark is Mark.UNRESOLVED:
            each.found = each.found or _unsettled(each, seen)


def _is_only_one(each: Wanted, wanted: Sequence[Wanted]) -> bool:
    """Whether no other edit has only the same place."""
    rivals = (other for other in wanted if other is not each and len(other.options) == 1)
    return not any(_overlap(each.options[0], other.options[0]) for other in rivals)


def _overlap(one: Candidate, other: Candidate) -> bool:
    """Whether two edits cannot both be made; those of different parts of a line can."""
    return one.node is other.node and (one.part == other.part or not (one.part and other.part))


def _take(
    each: Wanted, chosen: Candidate, mark: Mark, wanted: Sequence[Wanted], seen: View
) -> None:
    """Give an edit its place, which no other can have then."""
    if chosen.edit is None:
        return
    line = seen.line(chosen.node)
    each.edit, each.mark = chosen.edit, mark
    each.found = f"line {line}, the only place that contains the quote"
    for other in wanted:
        if other is not each:
            other.options = [e for e in other.options if not _overlap(e, chosen)]


def _groups(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """The edits without a place, those with the same quote together."""
    groups: dict[str, list[Wanted]] = {}
    for each in wanted:
        if each.mark is Mark.UNRESOLVED and each.options:
            groups.setdefault("".join(each.quoted.before.split()), []).append(each)
    yield from groups.values()


def _in_order(group: Sequence[Wanted], wanted: Sequence[Wanted], seen: View) -> bool:
    """Give places to edits with the same quote in order, where there are as many."""
    ordered = _places(group, seen)
    if len({each.quoted for each in group}) == 1:  # a summary says again what was said above
        for each in group[len(ordered) :]:
            each.options, each.found = [], "it repeats an edit above"
        group = group[: len(ordered)]
    if len(ordered) != len(group):
        edits, lines = f"{len(group)} edit{'s' * (len(group) > 1)}", _lines(ordered, seen)
        for each in group:
            places = "1 place has" if len(ordered) == 1 else f"{len(ordered)} places have"
            each.found = f"{places} the quote of {edits}: {lines}"
        return False
    for number, (each, chosen) in enumerate(zip(group, ordered, strict=True), 1):
        _take(each, chosen, Mark.BY_ORDER if group[1:] else Mark.UNIQUE, wanted, seen)
        if each.edit and group[1:]:
            each.found = f"line {seen.line(chosen.node)}, place {number} of {len(group)} alike"
    return True


def _as_ported(
    group: Sequence[Wanted], wanted: Sequence[Wanted], seen: View, port: Outline
) -> None:
    """Give places to edits with the same quote where a port has made them, where it has as many."""
    quoted = group[0].quoted
    made = [e for e in _places(group, seen) if e.edit and is_made(e.edit, quoted, port)]
    if len(made) != len(group):
        return
    for each, chosen in zip(group, made, strict=True):
        _take(each, chosen, Mark.BY_PORT, wanted, seen)
        each.found = f"line {seen.line(chosen.node)}, where the port has it"


def _places(group: Sequence[Wanted], seen: View) -> list[Candidate]:
    """The places that edits can have, each once, from the top of the file."""
    places = {(id(e.node), e.part): e for each in group for e in each.options}
    return sorted(places.values(), key=lambda each: seen.line(each.node))


def _lines(places: Sequence[Candidate], seen: View) -> str:
    numbers = [str(seen.line(each.node)) for each in places]
    return f"line{'s' if numbers[1:] else ''} {', '.join(numbers)}"


def _unsettled(each: Wanted, seen: View) -> str:
    """Why an edit has no place."""
    if each.quoted.place and not each.quoted.before:
        place = f"the document puts it {each.quoted.place}"
        return f"{place}, which does not name exactly one place in the file"
    if not each.quoted.before:
        return "the document names no place for what is added"
    if not each.options:
        scopes = named_scopes(each.quoted, seen.outline)
        where = f"`{scopes[0]}`, which the document names," if scopes else "no place in the file"
        return f"{where} {'does not contain' if scopes else 'contains'} the quote"
    lines = _lines(each.options, seen)
    if len(each.options) == 1:
        return (
            f"{lines}: another edit also matches this place, or nothing distinguishes it from "
            "others"
        )
    return f"{len(each.options)} places contain the quote: {lines}"


def _search_in_edited(path: str, content: bytes, wanted: Sequence[Wanted]) -> None:
    """Search the edits that need another one first in the file as the edits before leave it."""
    for index, each in enumerate(wanted):
        earlier = [e for e in wanted[:index] if e.edit]
        if each.edit or each.options or not each.quoted.before or not earlier:
            continue
        if not any(_is_about(e, each) for e in earlier):
            continue
        edited = planned(path, content, earlier).after
        seen = view(path, edited)
        with read_as([Section("", path, tuple(e.rule() for e in earlier))]):
            each.options = candidates(each.quoted, seen.outline)
        if len(each.options) == 1 and each.options[0].edit:
            each.edit, each.mark = each.options[0].edit, Mark.UNIQUE
            each.found = f"line {seen.line(each.options[0].node)}, once the edits before are made"
        elif each.options:
            each.found = _unsettled(each, seen)


def _is_about(earlier: Wanted, each: Wanted) -> bool:
    """Whether an earlier edit writes a line that another one quotes."""
    written = {"".join(line.split()) for line in earlier.quoted.after.splitlines()} - {""}
    return any("".join(line.split()) in written for line in each.quoted.before.splitlines())
