"""A file without the functions and classes that no rule is about: half the work, and safer.

Each of them is one line while rules are applied, and comes back byte for byte.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from patcher import syntax
from patcher.model import Rule, Section
from patcher.syntax import Fault

# The name of a flag, of what is imported, and of what is called without an argument.
_ADDED = re.compile(r"(?m)(?:\bDEFINE_\w+\('|^from .* import |\b\w+\.(?=\w+\(\)))(\w+)")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is left of a file.

    Attributes:
        content: Its bytes.
        cuts: The lines left out, by the line that stands in for them.
    """

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
    """What to try rules on: the file without what they need not see, and then the whole.

    Args:
        content: The file's bytes.
        sections: Its rules.
    """
    if len(content) <= syntax.LARGEST:
        module = syntax.read(content)
        part = None if isinstance(module, Fault) else _excerpt(content, module, sections)
        if part:
            yield part
    yield Excerpt(content, {})


def _excerpt(content: bytes, module: ast.Module, sections: Sequence[Section]) -> Excerpt | None:
    """The file without what its rules need not see; None where they have to see it all.

    They see all top-level statements, and the functions and classes that they name or whose names
    they bring in. What they take away may stand in others as well, and so may what they add: those
    stay if they mention it.
    """
    rules = [rule for section in sections for rule in section.rules]
    named = {rule.edit.within.partition(".")[0] for rule in rules}
    named |= {word for rule in rules for word in _words(rule.after)}
    removed = {word for rule in rules for word in _taken(rule) | _called(rule)}
    lines, kept = content.splitlines(keepends=True), list[bytes]()
    cuts, end = dict[bytes, bytes](), 0
    for node in module.body:
        if isinstance(node, _DEFINITIONS) and node.name not in named and node.end_lineno:
            start = min(each.lineno for each in (node, *node.decorator_list)) - 1
            block = b"".join(lines[start : node.end_lineno])
            stand_in = _stand_in(len(cuts), content, lines[node.end_lineno - 1])
            if start and not removed.intersection(_words(block.decode("utf-8", "replace"))):
                kept += [*lines[end:start], stand_in]
                cuts[stand_in], end = block, node.end_lineno
    return Excerpt(b"".join([*kept, *lines[end:]]), cuts) if cuts else None


def _taken(rule: Rule) -> set[str]:
    """The words of what a rule removes, and of the names that it no longer imports."""
    if rule.after and not rule.edit.kind.startswith("import"):
        return set()
    return _words(rule.before) - _words(rule.after)


def _called(rule: Rule) -> set[str]:
    """The flags that a rule adds, and the names that it newly imports and calls."""
    if rule.before:
        return set()
    return set(_ADDED.findall(rule.after))


def _words(code: str) -> set[str]:
    return set(re.findall(r"[^\W\d]\w+", code))


def _stand_in(number: int, content: bytes, last: bytes) -> bytes:
    """A definition on one line that is nowhere in a file, with the line end of another."""
    name = b"_effpatch_%d" % number
    while name in content:
        name += b"_"
    return b"def %s(): ..." % name + last[len(last.rstrip(b"\r\n")) :]
