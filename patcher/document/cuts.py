"""Quotes with parts left out: marked in one form, and taken out of the function around them."""

import re
from textwrap import dedent
from typing import NamedTuple

CUT = "..."
_DOTS = r"(?:\.{2,}|…)"
_ALONE = re.compile(rf"(\s*)(?:#\s*)?(?:{_DOTS}|[(\[<]\s*{_DOTS}\s*[)\]>])\s*$")
_AT_START = re.compile(r"(\s*)(?:\.{3,}\s*|…\s*|\.\.)(?=[A-Za-z_@#)\]}])(.*)$")
_AT_END = re.compile(rf"(\s*)(\S.*[^\s=:(\[{{+*/%|&<>-])\s+{_DOTS}\s*$")
_IN_CALL = re.compile(r"(\s*)(\S.*,)\s*(?:\.{3,}|…)\s*(\)+[:,]?)$")
_HEADER = re.compile(r"([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
_DOCSTRING = re.compile(r"\s*[rRuU]?(\"\"\"|''')")
_LONGEST_HEADER = 60  # lines
_DEEPEST = 5  # functions and classes around a quote


class Unwrapped(NamedTuple):
    """Quotes without the function around them, and its dotted name; "" for none."""

    before: str
    after: str
    scope: str


def readable(code: str) -> str:
    """A quote without common indent, in which a line `...` stands for what is left out."""
    lines = [each for line in code.split("\n") for each in _marked(line)]
    return dedent("\n".join(lines))


def _marked(line: str) -> list[str]:
    """A line, or the lines that it becomes; most hold no dots, and are not looked at."""
    if ".." not in line and "…" not in line:
        return [line]
    if found := _ALONE.match(line):
        return [f"{found[1]}{CUT}"]
    if found := _AT_START.match(line):
        return [f"{found[1]}{CUT}", *_marked(f"{found[1]}{found[2]}")]
    if "#" in line:
        return [line]
    if line.rstrip(":,").endswith(")") and (found := _IN_CALL.match(line)):
        return [f"{found[1]}{found[2]}", f"{found[1]}    {CUT}", f"{found[1]}{found[3]}"]
    if line.rstrip().endswith(("..", "…")) and (found := _AT_END.match(line)):
        return [f"{found[1]}{found[2]}", f"{found[1]}{CUT}"]
    return [line]


def unwrapped(before: str, after: str) -> Unwrapped:
    """Quotes whose marks are in one form, without the headers that both start with.

    A header is unwrapped where what follows it is left out: the code is in that function or class.
    """
    quotes, names = [before, after], list[str]()
    for _ in range(_DEEPEST):
        heads = [_head(quote) for quote in quotes if quote.strip()]
        if not heads or None in heads:
            break
        known = [head for head in heads if head]
        if len({head.code for head in known}) > 1:
            return Unwrapped(quotes[0], quotes[1], ".".join([*names, known[0].name]))
        names.append(known[0].name)
        bodies = iter([head.body for head in known])
        quotes = [next(bodies) if quote.strip() else quote for quote in quotes]
    return Unwrapped(quotes[0], quotes[1], ".".join(names))


class _Head(NamedTuple):
    """The header that a quote starts with, on one line, and the code below what is left out."""

    name: str
    code: str
    body: str


def _head(quote: str, depth: int = 0) -> _Head | None:
    """The header around a quote; None where the quote is whole, or is no function or class."""
    lines = quote.strip("\n").split("\n")
    found = _HEADER.match(lines[0])
    end = _header_end(lines) if found else 0
    if not found or not end:
        return None
    start = _below_docstring(lines, end)
    is_cut = lines[start:] and lines[start].strip() == CUT
    body = lines[start + 1 :] if is_cut else lines[start:]
    code = dedent("\n".join(body)).strip("\n")
    if not code.replace(CUT, "").strip() or not (
        is_cut or (depth < _DEEPEST and _head(code, depth + 1))
    ):
        return None
    column = len(found[1]) + (0 if is_cut and _indent(lines[start]) <= len(found[1]) else 1)
    if any(line.strip() and _indent(line) < column for line in body):
        return None
    header = "".join(" ".join(lines[:end]).partition("  #")[0].split()).rstrip(":")
    return _Head(found[2], header, f"{code}\n")


def _header_end(lines: list[str]) -> int:
    """The number of lines of the header that code starts with; 0 where it does not end."""
    open_ = 0
    for number, line in enumerate(lines[:_LONGEST_HEADER], 1):
        open_ += sum(line.count(each) for each in "([{") - sum(line.count(each) for each in ")]}")
        if open_ <= 0:
            code = line.partition("  #")[0].rstrip()
            return number if code.endswith((":", ")")) else 0
    return 0


def _below_docstring(lines: list[str], start: int) -> int:
    """The first line of a body that is not its docstring, nor empty."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    opening = _DOCSTRING.match(lines[start]) if start < len(lines) else None
    if not opening:
        return start
    if opening[1] in lines[start][opening.end() :]:
        return start + 1
    for number in range(start + 1, len(lines)):
        if opening[1] in lines[number]:
            return number + 1
    return start


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
