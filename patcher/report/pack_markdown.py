"""A pack as a document, in the form that documents are read in: every rule is an item of it."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from patcher.drafting.writing import as_toml, rule_table
from patcher.model import Pack, Pin, Rule, Section

# What means something in Markdown anywhere, and what does at the start of a line.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>&~|$]")
_AT_START = re.compile(r"[#+=:-]|\d{1,9}(?=[.)])")
_WIDEST = 999_999_999  # the largest number that an entry of a list may have
_UNSAFE = re.compile("[\0\r\ue000\ue001]")  # does not survive in Markdown


def markdown(pack: Pack, ids: Collection[str] = ()) -> str:
    """A pack as Markdown, or some of its rules, by their ids.

    Each rule is an item below its section's heading: its quotes, its reason, and the rest of it as
    TOML, as a section file has it. `patcher.document` reads all of that as it was.
    """
    chosen = [(section, _chosen(section, ids)) for section in pack.sections]
    sections = [(section, rules) for section, rules in chosen if rules]
    paths = dict.fromkeys(section.path for section, _ in sections)
    head = [f"# {_escaped(pack.title or pack.name, '#')}"]
    if pack.upstream:
        head.append(_upstream(pack.upstream))
    head += ["Files used:", "\n".join(f"- {_escaped(path)}" for path in paths)]
    parts = (part for section, rules in sections for part in _section(section, rules))
    return "\n\n".join([*head, *parts]) + "\n"


def _chosen(section: Section, ids: Collection[str]) -> list[Rule]:
    return [rule for rule in section.rules if not ids or section.id_of(rule) in ids]


def _upstream(pin: Pin) -> str:
    is_link = re.fullmatch(r"https?://[\w./~-]+", pin.repository)
    where = f"<{pin.repository}>" if is_link else _escaped(pin.repository)
    return f"Upstream: {where}, commit {_escaped(pin.commit)}."


def _section(section: Section, rules: list[Rule]) -> Iterator[str]:
    keys = {"path": section.path}
    if not _is_line(section.heading):
        keys["heading"] = section.heading
    yield f"## {_escaped(section.heading, '#')}"
    yield _fenced(as_toml(keys), "toml")
    yield from map(_item, rules)


def _item(rule: Rule) -> str:
    keys = _keys(rule)
    before, after = ("" if name in keys else getattr(rule, name) for name in ("before", "after"))
    blocks = [rule.verb]
    blocks += [_fenced(before, "python")] if before else []
    blocks += ["to"] if before and after else []
    blocks += [_fenced(after, "python")] if after else []
    blocks += [_escaped(rule.why)] if rule.why and "why" not in keys else []
    blocks += [_fenced(as_toml(keys), "toml")]
    marker = f"{min(max(rule.item, 0), _WIDEST)}. ".ljust(4)
    lines = "\n\n".join(blocks).split("\n")
    return marker + "\n".join([lines[0], *(_indented(line, len(marker)) for line in lines[1:])])


def _keys(rule: Rule) -> Mapping[str, Any]:
    """The keys of a rule that its item does not state, or that Markdown would not preserve."""
    quotes = not _UNSAFE.search(rule.before + rule.after)
    said = {
        "item": 0 <= rule.item <= _WIDEST,
        "before": quotes,
        "after": quotes,
        "why": quotes and _is_line(rule.why),
    }
    return {name: value for name, value in rule_table(rule).items() if not said.get(name)}


def _is_line(text: str) -> bool:
    """Whether a text is one line whose spaces are single, as it is read from Markdown.

    A line that begins with `|` would be read as a row of a table.
    """
    is_line = text == " ".join(text.split()) and not text.startswith("|")
    return is_line and not _UNSAFE.search(text)


def _escaped(text: str, more: str = "") -> str:
    """A text on one line that Markdown reads as that text, `more` characters of it escaped too."""
    line = _ANYWHERE.sub(r"\\\g<0>", " ".join(text.split()))
    for each in more:
        line = line.replace(each, f"\\{each}")
    start = _AT_START.match(line)
    if not start:
        return line
    return f"{start[0]}\\{line[start.end() :]}" if start[0].isdigit() else f"\\{line}"


def _fenced(code: str, language: str) -> str:
    """Code in a fence that is longer than any in it."""
    ticks = max(map(len, re.findall("`+", code)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"{fence}{language}\n{code if code.endswith(chr(10)) else code + chr(10)}{fence}"


def _indented(line: str, width: int) -> str:
    return f"{' ' * width}{line}" if line else ""
