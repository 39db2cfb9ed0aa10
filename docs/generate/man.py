"""Manual pages: one for the program, and one for each command."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from docs.generate.cli import Entry, Option, program, walk
from patcher.errors.exit_codes import EXIT_CODES

_NOTE = '.\\" Made by `python -m docs.generate` from the help of the command.'


def generators() -> dict[str, Callable[[], bytes]]:
    """The page of each command."""
    return {f"docs/man/{_name(each)}.1": partial(page, each) for each in walk(program())}


def page(entry: Entry) -> bytes:
    """The page of a command, without a date or a version, which would change it for nothing."""
    name = _name(entry)
    lines = [_NOTE, f'.TH {_text(name.upper())} 1 "" effpatch "effpatch manual"']
    lines += [".SH NAME", f"{_text(name)} \\- {_text(_first_words(entry))}"]
    lines += [".SH SYNOPSIS", *_synopsis(entry)]
    lines += [".SH DESCRIPTION", *_paragraphs(entry.paragraphs)]
    if entry.commands:
        below = ((f"\\fB{_text(each.name)}\\fR", each.summary) for each in entry.commands)
        lines += [".SH COMMANDS", *_list(below)]
    lines += [".SH OPTIONS", *_list((_option(each), _meaning(each)) for each in entry.options)]
    if entry.examples:
        lines += [".SH EXAMPLES"]
        for each in entry.examples:
            lines += [".PP", _line(each.effect), ".PP", ".RS 4", ".EX"]
            lines += [*map(_line, each.words.splitlines()), ".EE", ".RE"]
    codes = ((f"\\fB{each.code}\\fR", f"{each.means}") for each in EXIT_CODES)
    lines += [".SH EXIT STATUS", *_list(codes), ".SH SEE ALSO", *_see_also(entry)]
    return ("\n".join(lines) + "\n").encode()


def _name(entry: Entry) -> str:
    return entry.name.replace(" ", "-")


def _first_words(entry: Entry) -> str:
    """The first sentence, as a line of `apropos`: without capital and full stop."""
    text = re.split(r"(?<=\.)\s", entry.summary)[0].rstrip(".")
    return (text[:1].lower() + text[1:]).replace("`", "")


def _synopsis(entry: Entry) -> Iterator[str]:
    yield f".B {_text(entry.name)}"
    yield _line(entry.usage.removeprefix(entry.name).strip())


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if "\n" in text:
            yield from (".PP", ".EX", *map(_line, text.splitlines()), ".EE")
        else:
            yield from (".PP", _line(text))


def _list(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, text in pairs:
        yield from (".TP", term, _line(text))


def _option(option: Option) -> str:
    """The names of an option in bold, and what it takes in italics."""
    value = f" \\fI{_text(option.value)}\\fR" if option.value else ""
    return f"\\fB{_text(option.names)}\\fR{value}"


def _meaning(option: Option) -> str:
    more = f"Default: {option.default}." if option.default else ""
    if option.variable:
        more += f" Environment variable: {option.variable}."
    return " ".join(filter(None, (option.text, more.strip())))


def _see_also(entry: Entry) -> Iterator[str]:
    family = [each for each in walk(program()) if each.name != entry.name]
    parent = entry.name.rpartition(" ")[0]
    near = [each for each in family if parent in (each.name, "") or each in entry.commands]
    near += [each for each in family if each.name.startswith(f"{entry.name} ")]
    names = list(dict.fromkeys(map(_name, near)))
    yield ",\n".join(f".BR {_text(name)} (1)" for name in names)


def _line(text: str) -> str:
    """Text on a line of its own, with what stands between backticks in bold."""
    parts = re.split(r"`([^`]+)`", text)
    made = "".join(
        f"\\fB{_text(each)}\\fR" if index % 2 else _text(each) for index, each in enumerate(parts)
    )
    return f"\\&{made}" if made.startswith((".", "'")) else made


def _text(text: str) -> str:
    """Text in which nothing is markup."""
    return text.replace("\\", "\\e").replace("-", "\\-")
