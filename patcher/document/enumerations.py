"""Items that are marked in ways that Markdown has not: `a)`, `(b)`, `**c.**`, `Step 4:`, `3.1`."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from patcher.document import phrases
from patcher.document.fences import aligned

_STEP = r"(?i:step) (?P<step>\d{1,3}) ?[:.)]"
_LABEL = r"(?:[A-Za-z]|\d{1,3})"
_MARK = re.compile(
    rf" *(?:(?P<bold>\*\*|__)(?:\(?(?P<strong>{_LABEL})[.:)]|{_STEP}?)(?P=bold)[.:)]?"
    rf"|\((?P<closed>{_LABEL})\)|(?P<open>[A-Za-z])[.)]|{_STEP.replace('<step>', '<plain>')}"
    r"|(?P<dotted>\d{1,3}(?:\.\d{1,3})+)[.:)]?)[ \t]+(?=\S)"
)
_NAMES = ("strong", "step", "closed", "open", "plain", "dotted")
_FIRST = ("a", "A", "1")


def enumerated(text: str) -> str:
    """Markdown of the same lines in which such items are those of numbered lists.

    A line is one if it starts a paragraph, or continues the list of the line above; and if it
    says that something is done, or quotes code.
    """
    if not any(map(_mark, text.splitlines())):
        return text
    text = aligned(text)
    lines = text.split("\n")
    for start, end, nested in _paragraphs(text):
        goes_on = False
        for number in range(start, min(end, len(lines))):
            found = _mark(lines[number])
            if found and (number == start or goes_on or _last(found) in _FIRST):
                goes_on = True
                lines[number] = _item(found, lines[number], nested=nested)
    return "\n".join(lines)


def _mark(line: str) -> re.Match[str] | None:
    """The mark that an item starts with."""
    found = _MARK.match(line)
    rest = line[found.end() :] if found else ""
    return found if "`" in rest or phrases.verb_of(rest) else None


def _paragraphs(text: str) -> Iterator[tuple[int, int, bool]]:
    """The first line of each paragraph, the line below it, and whether it is in a list."""
    for token in MarkdownIt().disable("inline").parse(text):
        if token.type == "paragraph_open" and token.map:
            yield token.map[0], token.map[1], token.level > 0


def _last(found: re.Match[str]) -> str:
    """The letter or the number of a mark, the last one of several."""
    return next(found[name] for name in _NAMES if found[name]).rpartition(".")[2]


def _item(found: re.Match[str], line: str, *, nested: bool) -> str:
    """A line as Markdown has it; what is below the item keeps its indent."""
    label = _last(found)
    number = label if label.isdigit() else str(ord(label.lower()) - ord("a") + 1)
    indent = line[: len(line) - len(line.lstrip())]
    new = "+" if nested else f"{number})"
    space = found.end() - len(indent) - len(new)
    return f"{indent}{new}{' ' * (space if 0 < space < 5 else 1)}{line[found.end() :]}"
