from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from patcher.document import document
from patcher.document.coverage import item_lines
from patcher.document.document import Item, Part
from patcher.document.gaps import differences
from patcher.document.introduction import named_files, named_sources
from patcher.document.numbering import comparable
from patcher.drafting.writing import rule_table
from patcher.edits.kinds import Statement
from patcher.model import Pack, Pin, Rule, Section
from patcher.packs import known_packs, load_pack
from patcher.report.pack_markdown import markdown
from patcher.report.pack_page import html
from tests.commands import run

_IN_TEXT = ("item", "before", "after", "why")


def keys_of(rule: Rule) -> Mapping[str, Any]:
    """What an item has as keys: all that its text does not say."""
    table = rule_table(rule)
    return {name: table[name] for name in table if name not in _IN_TEXT}


def check(pack: Pack, parts: list[Part]) -> None:
    """Check that some parts have all that a pack has."""
    assert len(parts) == len(pack.sections)
    for part, section in zip(parts, pack.sections, strict=True):
        assert (part.heading, part.keys) == (section.heading, {"path": section.path})
        assert len(part.items) == len(section.rules)
        for item, rule in zip(part.items, section.rules, strict=True):
            check_item(item, rule)


def check_item(item: Item, rule: Rule) -> None:
    read = (item.number, item.verb, item.before.rstrip("\n"), item.after.rstrip("\n"), item.prose)
    quotes = rule.before.rstrip("\n"), rule.after.rstrip("\n")
    assert read == (rule.item, rule.verb, *quotes, rule.why)
    stated = {**item.keys, "instead_of": str(item.keys.get("instead_of", "")).rstrip("\n")}
    wanted = keys_of(rule)
    assert stated == {**wanted, "instead_of": str(wanted.get("instead_of", "")).rstrip("\n")}


@pytest.mark.parametrize("name", known_packs())
def test_a_pack_is_read_back_from_its_document(name: str) -> None:
    pack = load_pack(name)
    text = markdown(pack)
    parts = document.parse(text)
    check(pack, parts)
    assert named_files(text) == tuple(dict.fromkeys(section.path for section in pack.sections))
    if pack.upstream:
        (source,) = named_sources(text)
        assert source.repository == pack.upstream.repository


@pytest.mark.parametrize("name", known_packs())
def test_coverage_finds_each_rule_in_the_document(name: str) -> None:
    pack = load_pack(name)
    parts = document.parse(markdown(pack))
    items = {(p.heading, i.number): i for p in comparable(parts) for i in p.items}
    documented = [each for each in pack.entries() if each[2].stated != ""]
    assert [*item_lines(parts, pack)] == [id_ for id_, _, _ in documented]
    for id_, section, rule in documented:
        assert not [*differences(id_, rule, items[section.heading, rule.item], 0)]


_PIECES = [
    *("`", "``", "```", "````python", "```toml", "~~~", "to", "to:", "Changed", "Added:", "and:"),
    *("1. ", "2) ", "- ", "* ", "+ ", "# ", "==", "--", "> ", "<b>", "<!--", "&amp;", "&#96;"),
    *("\\", "\\n", "\n", "\n\n", "  ", "\t", "_a_", "**", "[x](y)", "![", "$", "|", ":", "..."),
    *("def f(_):", "'''", '"""', "\r", "\0", "\x0c", "\u2028", "\ue000", "\ufeff", "{{ x }}"),
    *("In `f`", "because", "to make it so", ".py", "http://x.y/z"),
]
_TEXTS = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=8).map("".join)
_NAMES = _TEXTS.filter(str.strip)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    before, after = draw(_TEXTS), draw(_TEXTS)
    after = after if before.strip() or after.strip() else "go()"
    return Rule(
        item=draw(st.integers(-5, 10**10)),
        title=draw(_NAMES),
        before=before if before.strip() else "",
        after=after if after.strip() else "",
        edit=Statement(within="main", follows=draw(_TEXTS)),
        why=draw(_NAMES),
        deviation=draw(_TEXTS),
    )


def rule(**texts: str) -> Rule:
    plain: dict[str, Any] = {"before": "", "after": "go()", "title": "t", "why": "w"}
    return Rule(item=1, edit=Statement(), **{**plain, **texts})


@settings(max_examples=300, deadline=None)
@given(st.lists(rules(), min_size=1, max_size=3), _NAMES)
@example([rule(before="a", after="b\n to make it work well"), rule(before="x\n  ..\n")], "to")
@example([rule(why="|"), rule(why="| a | b |"), rule(why="a |")], "| h |")
@example([rule(why="to"), rule(why="Changed"), rule(why="```"), rule(why="12. x")], "# a #")
@example([rule(after="`\n\r"), rule(before="a\r\n", after="b", deviation="c\r\n")], "a\r")
@example([rule(after="\n\n```python\n````\nx\n"), rule(after="def f():\n    ...\n    x")], "1) x")
def test_dangerous_texts_are_read_back(found: list[Rule], heading: str) -> None:
    pack = Pack("trial", (Section(heading, "a/b.py", tuple(found)),), heading)
    check(pack, document.parse(markdown(pack)))


def test_some_rules_and_several_packs() -> None:
    text = run("rules", "--format", "markdown", "main-2").stdout
    (part,) = document.parse(text)
    assert (part.heading, [item.number for item in part.items]) == ("main.py", [2])
    both = run("rules", "--format", "markdown", "--pack", "documented", "--pack", "supplement")
    assert both.stdout == "\n".join(markdown(load_pack(n)) for n in ("documented", "supplement"))


def test_the_page_shows_texts_as_they_are() -> None:
    texts = {"before": "<b>&\x1b\u202e", "why": "<script>alert(1)</script> *x* [a](javascript:b)"}
    pin = Pin("x", "javascript:alert(1)", "<i>")
    section = Section("<h>.py", "<p>", (rule(**texts), rule(why="{{ 1 }}")))
    page = html([Pack("<n>", (section,), "<t>", upstream=pin)])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *x* [a](javascript:b)" in page
    assert r"&lt;b&gt;&amp;\x1b\u202e" in page
    assert "{{ 1 }}" in page
    for tag in ("<script", "<b>", "<i>", "<h>", "<p>.", "<t>", "<n>", "href"):
        assert tag not in page


def test_the_page_of_the_command() -> None:
    page = run("rules", "--format", "html", "main-2").stdout
    assert page.startswith("<!doctype html>")
    assert '<li value="2">' in page
    assert "prefers-color-scheme:dark" in page
