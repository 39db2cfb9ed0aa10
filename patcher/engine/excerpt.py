"""A file without the functions and classes that no rule is about, which halves the parsing.

Each of them is one line while rules are applied, and is put back byte for byte. What rules are
about, their edit kinds declare (`EditKind.sought`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from patcher.code import syntax
from patcher.code.syntax import Fault
from patcher.edits.registry import edit_kind
from patcher.engine.safety import newly_called
from patcher.model import Rule, Section

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is left of a file, and the lines left out, by the line that stands in for them."""

    content: bytes
    cuts: Mapping[bytes, bytes]

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
    """What to try rules on: the file without what they need not see, then the whole file."""
    if len(content) <= syntax.LARGEST:
        module = syntax.read(content)
        part = None if isinstance(module, Fault) else _excerpt(content, module, sections)
        if part:
            yield part
    yield Excerpt(content, {})


def _excerpt(content: bytes, module: ast.Module, sections: Sequence[Section]) -> Excerpt | None:
    """The file without what its rules need not see; None where they have to see all of it.

    They see all statements at the top, and the functions and classes that they name. What they
    remove or add may stand in others as well: those that mention it stay. Of a class that stays,
    methods are left out in the same way.
    """
    lines, kept = content.splitlines(keepends=True), list[bytes]()
    cuts, behind = dict[bytes, bytes](), 0
    for start, end in _left_out(module.body, "", lines, _Needs.of(sections)):
        stand_in = _stand_in(len(cuts), content, lines[start], lines[end - 1])
        kept += [*lines[behind:start], stand_in]
        cuts[stand_in], behind = b"".join(lines[start:end]), end
    return Excerpt(b"".join([*kept, *lines[behind:]]), cuts) if cuts else None


@dataclass(frozen=True, slots=True)
class _Needs:
    """What the rules of a file have to see.

    Attributes:
        places: The scopes that they name.
        named: The words of their quotes, one of which may be the name of a function.
        sought: Finds what they are about wherever it stands; None where there is nothing.
    """

    places: tuple[str, ...]
    named: frozenset[str]
    sought: re.Pattern[bytes] | None

    @classmethod
    def of(cls, sections: Sequence[Section]) -> _Needs:
        """What the rules of some sections have to see."""
        rules = [rule for section in sections for rule in section.rules]
        quotes = "\n".join(f"{rule.before}\n{rule.after}" for rule in rules)
        sought = {name for rule in rules for name in _sought(rule, rules)}
        words = "|".join(map(re.escape, sorted(sought)))
        pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)".encode()) if sought else None
        places = tuple(dict.fromkeys(f"{rule.edit.within}." for rule in rules))
        return cls(places, frozenset(re.findall(r"[^\W\d]\w*", quotes)), pattern)

    def include(self, name: str, code: bytes) -> bool:
        """Whether they have to see a function or class: its dotted name, and its code."""
        holds = any(place.startswith(f"{name}.") for place in self.places)
        last = name.rpartition(".")[2]
        return holds or last in self.named or bool(self.sought and self.sought.search(code))


def _left_out(
    body: Sequence[ast.stmt], scope: str, lines: Sequence[bytes], needs: _Needs
) -> Iterator[tuple[int, int]]:
    """The lines of each definition that rules need not see: the first, and the one behind it."""
    for node in body:
        if not isinstance(node, _DEFINITIONS) or node.end_lineno is None:
            continue
        start = min(each.lineno for each in (node, *node.decorator_list)) - 1
        name = f"{scope}{node.name}"
        if start and not needs.include(name, b"".join(lines[start : node.end_lineno])):
            yield start, node.end_lineno
        elif isinstance(node, ast.ClassDef):
            yield from _left_out(node.body, f"{name}.", lines, needs)


def _sought(rule: Rule, rules: Sequence[Rule]) -> frozenset[str]:
    """The names that a rule is about wherever they stand: its kind's, and what it newly calls."""
    return edit_kind(rule.edit).sought(rule) | newly_called(rule, rules)


def _stand_in(number: int, content: bytes, first: bytes, last: bytes) -> bytes:
    """A definition on one line, of a name that is nowhere in the file, laid out as other lines."""
    name = b"_effpatch_%d" % number
    while name in content:
        name += b"_"
    indent, end = first[: len(first) - len(first.lstrip())], last[len(last.rstrip(b"\r\n")) :]
    return b"%sdef %s(): ...%s" % (indent, name, end)
