"""A file without the functions and classes that no rule is about, which halves the parsing.

Each of them is one line while rules are applied, and is put back byte for byte. What rules are
about, their edit kinds declare (`EditKind.sought`).
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from keyword import kwlist
from typing import NamedTuple

from patcher.code import bounds, syntax
from patcher.edits.base import edit_kind
from patcher.engine.already_done import keys_added, newly_called
from patcher.model import Rule, Section

# Whether a function or class is meant, by its dotted name and its code.
_Test = Callable[[str, bytes], bool]
_WORD = re.compile(r"\w+")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Excerpt(NamedTuple):
    """What is left of a file, and the lines left out, by the line that stands in for them.

    The last of a file lacks only what no rule can be about.
    """

    content: bytes
    cuts: Mapping[bytes, bytes]
    is_last: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.cuts

    def restored(self, text: bytes) -> bytes:
        """The whole file again, of the excerpt or of what edits have made of it."""
        return b"".join(self.cuts.get(line, line) for line in text.splitlines(keepends=True))

    def numbers(self, text: bytes) -> Sequence[int]:
        """The 1-based number in the whole file of each line of such a text."""
        lines = (self.cuts.get(line, b"1") for line in text.splitlines(keepends=True))
        return list(accumulate((len(line.splitlines()) for line in lines), initial=1))


def views(content: bytes, sections: Sequence[Section]) -> Iterator[Excerpt]:
    """What to try rules on: the file without what they need not see, then the whole file.

    Where that is too much to be edited, what holds no name that a rule is about is left out of it.
    """
    module, is_needed = syntax.read_to_edit(content), _has_to_be_seen(sections)
    if isinstance(module, ast.Module) and (part := _excerpt(content, module, is_needed)):
        yield part
        is_large = bounds.excess_to_edit(content)
        if is_large and (part := _excerpt(content, module, _may_be_about(sections))):
            yield part._replace(is_last=True)
    yield Excerpt(content, {})


def _excerpt(content: bytes, module: ast.Module, is_needed: _Test) -> Excerpt | None:
    """The file without what need not be seen; None where all has to be.

    All statements at the top stay, and of a class that stays, methods are left out in the same way.
    """
    lines, kept = content.splitlines(keepends=True), list[bytes]()
    cuts, behind, name = dict[bytes, bytes](), 0, _unused_name(content)
    for start, end in _left_out(module.body, "", lines, is_needed):
        stand_in = _stand_in(b"%s%d" % (name, len(cuts)), lines[start], lines[end - 1])
        kept += [*lines[behind:start], stand_in]
        cuts[stand_in], behind = b"".join(lines[start:end]), end
    return Excerpt(b"".join([*kept, *lines[behind:]]), cuts) if cuts else None


def _has_to_be_seen(sections: Sequence[Section], *, of_removed: bool = True) -> _Test:
    """The test of whether the rules of some sections have to see a function or class.

    They see those that they name. What they remove or add may stand in others as well: those that
    mention any of it stay, where `of_removed` is false of what is added alone.
    """
    rules = [rule for section in sections for rule in section.rules]
    places = tuple(dict.fromkeys(f"{rule.edit.within}." for rule in rules))
    quotes = "\n".join(f"{rule.before}\n{rule.after}" for rule in rules)
    words = frozenset(re.findall(r"[^\W\d]\w*", quotes))  # one may be the name of a function
    meant = (rule for rule in rules if of_removed or not rule.removes)
    sought = sorted({name for rule in meant for name in _sought(rule, rules)})
    # One that declares a name global may bind it to something else.
    any_of_them = "|".join(["global", *map(re.escape, sought)]).encode()
    pattern = re.compile(rb"(?<!\w)(?:%b)(?!\w)" % any_of_them)

    def test(name: str, code: bytes) -> bool:
        holds = any(place.startswith(f"{name}.") for place in places)
        last = name.rpartition(".")[2]
        return holds or last in words or bool(pattern.search(code))

    return test


def _left_out(
    body: Sequence[ast.stmt], scope: str, lines: Sequence[bytes], is_needed: _Test
) -> Iterator[tuple[int, int]]:
    """The lines of each definition that rules need not see: the first, and the one behind it."""
    for node in body:
        if not isinstance(node, _DEFINITIONS) or node.end_lineno is None:
            continue
        start = min(each.lineno for each in (node, *node.decorator_list)) - 1
        name = f"{scope}{node.name}"
        if start and not is_needed(name, b"".join(lines[start : node.end_lineno])):
            yield start, node.end_lineno
        elif isinstance(node, ast.ClassDef):
            yield from _left_out(node.body, f"{name}.", lines, is_needed)


def _sought(rule: Rule, rules: Sequence[Rule]) -> frozenset[str]:
    """The names that a rule is about wherever they stand: its kind's, and what it newly calls."""
    return edit_kind(rule.edit).sought(rule) | newly_called(rule, rules) | keys_added(rule)


def _may_be_about(sections: Sequence[Section]) -> _Test:
    """The test of whether a function or class can hold what a rule is about, in any form.

    One can that has the names of the rule's subject, or half of the words of a quote. A name is
    also looked for in the first function that has it: whether a file has it at all, says much.
    """
    rules = [rule for section in sections for rule in section.rules]
    names = {rule: frozenset(map(_plain, edit_kind(rule.edit).subject(rule))) for rule in rules}
    parts = [(_words(quote), rule.edit.is_import) for rule in rules for quote in _quotes(rule)]
    parts += [(subject, rule.edit.is_import) for rule, subject in names.items() if subject]
    lacking = set().union(*names.values())
    is_needed = _has_to_be_seen(sections, of_removed=False)

    def test(name: str, code: bytes) -> bool:
        words = frozenset(_WORD.findall(code.decode("utf-8", "replace")))
        first = lacking & words
        if code.lstrip().startswith((b"def ", b"async ")):  # of a class, the method has to stay too
            lacking.difference_update(first)
        return (
            bool(first)
            or is_needed(name, code)
            or any(
                each and 2 * len(words & each) >= len(each) and (not is_import or "import" in words)
                for each, is_import in parts
            )
        )

    return test


def _quotes(rule: Rule) -> Iterator[str]:
    """The quotes of a rule, and the first line of one of comments."""
    yield from filter(None, (rule.before, rule.after))
    yield from rule.before.splitlines()[:1]


def _words(quote: str) -> frozenset[str]:
    return frozenset(_WORD.findall(quote)).difference(kwlist)


def _plain(name: str) -> str:
    """A name of a subject, which may be a string as `repr` gives it."""
    return name.strip("'\"")


def _unused_name(content: bytes) -> bytes:
    """The beginning of a name that is nowhere in a file."""
    name = b"_effpatch_"
    while name in content:
        name += b"_"
    return name


def _stand_in(name: bytes, first: bytes, last: bytes) -> bytes:
    """A definition of such a name on one line, laid out as other lines."""
    indent, end = first[: len(first) - len(first.lstrip())], last[len(last.rstrip(b"\r\n")) :]
    return b"%sdef %s(): ...%s" % (indent, name, end)
