"""A pack drafted from a change document, with kind and place of each edit found by trial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import PurePosixPath
from types import MappingProxyType

from patcher.document.changed_parts import changed_parts
from patcher.document.document import Item, Part
from patcher.document.numbering import numbers_of
from patcher.drafting.draft import Draft, DraftPack, DraftSection, Mark
from patcher.drafting.from_document.quoted import Quoted
from patcher.drafting.from_document.search import search
from patcher.drafting.from_document.upstream import Chosen, Contents, Named, choose, meant_paths
from patcher.drafting.from_document.wanted import Wanted
from patcher.drafting.pins import drafted_pin
from patcher.drafting.roots import import_root
from patcher.drafting.titles import title
from patcher.drafting.trees import Entry
from patcher.drafting.writing import laid_out
from patcher.errors import UnparsableError
from patcher.model import Rule
from patcher.packs.rules import TO_BE_WRITTEN, load_section
from patcher.packs.tables import Table
from patcher.paths import is_end_of
from patcher.tree.files import digest
from patcher.tree.history import History


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a document came to.

    Attributes:
        pack: The pack.
        chosen: The commit that was found for it; None where it was given.
    """

    pack: DraftPack
    chosen: Chosen | None


def _ported(port: Mapping[str, Entry], path: str) -> bytes:
    """The bytes of the file of a port that stands for one of the upstream's; none for none."""
    wanted = PurePosixPath(path)
    files = (file for file in map(PurePosixPath, port) if file.name == wanted.name)
    plain = sorted(file for file in files if not port[str(file)].is_link)
    best = max(plain, key=lambda file: _common_end(file, wanted), default=None)
    return port[str(best)].content if best else b""


def _common_end(one: PurePosixPath, other: PurePosixPath) -> int:
    """How many parts two paths have in common at their ends."""
    pairs = zip(reversed(one.parts), reversed(other.parts), strict=False)
    return len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])


@dataclass(frozen=True, slots=True)
class About:
    """The name of a pack, its title, and the files that its document names outside of headings."""

    name: str
    title: str
    listed: Sequence[str] = ()


def draft(
    about: About,
    parts: Sequence[Part],
    history: History,
    commit: str = "",
    port: Mapping[str, Entry] = MappingProxyType({}),
) -> Drafted:
    """The pack that a document comes to.

    Args:
        about: What the pack is called.
        parts: The document.
        history: Its upstream.
        commit: The commit that it is about; "" for the one whose files hold most quotes.
        port: The files of a hand-made port, which shows what the document leaves open.

    Raises:
        PatchError: The upstream cannot be read.
    """
    contents = Contents(history)
    named = [_named(part) for part in parts]
    chosen = None if commit else choose(contents, named, port)
    commit = chosen.commit if chosen else commit
    files = history.files(commit)
    names = {PurePosixPath(each).name for each in about.listed}
    paths = meant_paths(contents, named, files, names)
    meant = _by_file(parts, named, paths, contents, files)
    found = history.read(files[path] for path in {path for path, _ in meant if path})
    known = {path: found.get(files[path], b"") for path, _ in meant if path}
    earlier = dict[_Quotes, int]()
    sections = tuple(
        _section(path, part, known.get(path, b""), _ported(port, path), earlier)
        for path, part in meant
    )
    digests = {path: digest(content) for path, content in sorted(known.items())}
    pin = drafted_pin(history.address, commit, import_root(known, {*files}), digests)
    return Drafted(DraftPack(about.name, about.title, pin, sections), chosen)


def _named(part: Part) -> Named:
    path = str(part.keys.get("path", "")) or part.file
    quotes = tuple(item.before for item in part.items if item.before)
    return Named(path, quotes, bool(part.heading))


def _by_file(
    parts: Sequence[Part],
    named: Sequence[Named],
    paths: Sequence[str],
    contents: Contents,
    files: Mapping[str, str],
) -> list[tuple[str, Part]]:
    """The items by the file that they are about; "" for those of which none is known.

    Where a heading names no file, each item is looked for by itself in all files. An item below the
    heading of one file that says that it is in another is in none.
    """
    groups: dict[tuple[str, str], list[Item]] = {}
    lines: dict[tuple[str, str], Part] = {}
    for part, each, path in zip(parts, named, paths, strict=True):
        known = bool(path or each.name)
        rows = _rows(part, path) if known else _each_path(part, contents, files)
        for item, place in zip(part.items, rows, strict=True):
            key = (place, part.heading)
            lines.setdefault(key, part)
            groups.setdefault(key, []).append(item)
    return [(key[0], replace(lines[key], items=tuple(items))) for key, items in groups.items()]


def _rows(part: Part, path: str) -> Iterator[str]:
    """The file of each item of a part that is about one; see `_by_file`."""
    for item in part.items:
        yield path if not item.file or is_end_of(item.file, path) else ""


def _each_path(part: Part, contents: Contents, files: Mapping[str, str]) -> Iterator[str]:
    """The one file that holds each item's quote; "" where there is none or are several."""
    python = {path: blob for path, blob in files.items() if path.endswith(".py")}
    contents.load(python.values())
    for item in part.items:
        one = Named("", (item.before,) if item.before else ())
        held = [path for path, blob in python.items() if contents.holds(one, blob)]
        yield held[0] if len(held) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Edit:
    """An edit that an item comes to; an item whose quotes leave out lines can come to several.

    Attributes:
        quoted: What the document quotes of it, which the search can add lines to.
    """

    item: Item
    wanted: Wanted
    quoted: Quoted

    @property
    def is_searched(self) -> bool:
        """Whether it says what to search."""
        quoted = self.wanted.quoted
        return bool(quoted.before or quoted.after) and not self.item.is_unsaid


_Quotes = tuple[str, str, str, tuple[str, ...]]  # a file, code before and after, and its scopes


def _section(
    path: str, part: Part, content: bytes, ported: bytes, earlier: dict[_Quotes, int]
) -> DraftSection:
    """The section of a file; `earlier` has the lines of the edits of others, and gets its own.

    An edit that the document has already, in another section of the file, is not drafted again.
    """
    edits = [*_edits(part.items)]
    heading = part.heading if part.heading else PurePosixPath(path).name
    own = dict[_Quotes, int]()
    for each in edits:
        key = (path, each.quoted.before, each.quoted.after, each.quoted.scopes)
        if path and each.is_searched and not each.wanted.given and key in earlier:
            each.wanted.found = f"it repeats the edit in line {earlier[key]} of the document"
        own[key] = each.item.line
    earlier |= own
    searched = [e.wanted for e in edits if e.is_searched and (e.wanted.given or not e.wanted.found)]
    why = ""
    if not path:
        why = "the heading names no file of the upstream, or could name several"
    else:
        try:
            search(path, content, searched, ported)
        except UnparsableError as error:
            why = f"{error.place} is not valid Python"
    drafts = (_drafted(each, why, _elsewhere(each.item, part, path)) for each in edits)
    return DraftSection(heading, path, tuple(drafts))


def _elsewhere(item: Item, part: Part, path: str) -> str:
    """Why an item is about no file of Python, or about none that is known; "" where it may be."""
    if path or not part.file:
        return ""
    if item.file and item.file != part.file:
        return f"the text names {item.file}, and the heading {part.file}"
    return f"{part.file} is not a Python file" if part.is_foreign else ""


def _edits(items: Sequence[Item]) -> Iterator[_Edit]:
    """The edits of items, each with a number of its own."""
    numbers = numbers_of(items)
    free = max(numbers, default=0)
    for item, number in zip(items, numbers, strict=True):
        if item.keys:
            rule = _given(item, number)
            quoted, found = Quoted(rule.before, rule.after), "as the document says"
            wanted = Wanted(number, quoted, rule, rule.edit, Mark.UNIQUE, found)
            yield _Edit(item, wanted, quoted)
            continue
        for before, after in changed_parts(item.before, item.after):
            quoted = Quoted(before, after, item.scope, item.follows, item.precedes)
            yield _Edit(item, Wanted(number, quoted), quoted)
            free += 1
            number = free


def _given(item: Item, number: int) -> Rule:
    """The rule that an item has itself, with kind and place.

    Raises:
        PackError: It is not as a rule is.
    """
    quoted = {"before": item.before, "after": item.after}
    table = {
        "item": number,
        "why": item.prose,
        **{name: laid_out(quote) for name, quote in quoted.items() if quote},
        **item.keys,
    }
    place = f"line {item.line} of the document"
    section = load_section(Table(place, {"path": "file.py", "rule": [table]}), "rule", "", "", {})
    return section.rules[0]


def _drafted(each: _Edit, why: str, elsewhere: str) -> Draft:
    if each.wanted.given:
        mark = Mark.UNRESOLVED if why else each.wanted.mark
        return Draft(each.wanted.given, mark, why or each.wanted.found, each.item.line)
    item, wanted = each.item, each.wanted
    rule, quoted = wanted.rule(), wanted.quoted
    said = item.prose.strip()
    found = why or wanted.found
    if not (quoted.before or quoted.after):
        found = item.notice or "no change of code is read in it"
    if item.is_unsaid:
        found = "the document does not say whether this code was added, changed or removed"
    found = elsewhere or found
    is_stated = bool(quoted.place) and wanted.found.startswith(quoted.place)
    is_placed = not each.quoted.before and wanted.edit is not None and not is_stated
    rule = replace(
        rule,
        before=laid_out(quoted.before),
        after=laid_out(quoted.after),
        title=_title(item, each.quoted, rule),
        why=said or TO_BE_WRITTEN,
        whose="document" if said else "ours",
        deviation=f"{_no_place(quoted)}: {wanted.found}." if is_placed else "",
    )
    return Draft(rule, wanted.mark, found, item.line, wanted.waits)


def _no_place(quoted: Quoted) -> str:
    """What the document says of a place that an edit has not."""
    return f"The document puts it {quoted.place}" if quoted.place else "The document names no place"


def _title(item: Item, quoted: Quoted, rule: Rule) -> str:
    if quoted.before or quoted.after:
        return title(replace(rule, before=quoted.before, after=quoted.after))
    return f"{item.verb} {item.prose}".strip()[:72] or "an item without text"
