"""What `demo` shows: a port, some of its edits, and what is proved of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from shlex import quote

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from patcher.checks.model import Result
from patcher.model import Pack, Plan, State
from patcher.operations.review import Review, RuleReview
from patcher.operations.select import shared_pin
from patcher.report import count
from patcher.report.diff import Style, coloured, heading
from patcher.report.output import Output
from patcher.report.overview import files
from patcher.report.rows import print_rows
from patcher.report.screens import room
from patcher.report.streams import write_exactly
from patcher.report.text import facts_table, source
from patcher.report.verification import row_of, verdict
from patcher.tree.files import Tree

TITLES = ("what a documented port is", "what an edit is", "what is proved")
_PORT = (
    'A documented port is a list of edits: file by file, "changed X to Y, because Z". Here each '
    "edit is a rule, which finds its place by what the code means, and can be shown, made, checked "
    "and undone by itself."
)
_MOST = 2  # edits that are shown


def port(tree: Tree, plan: Plan, packs: Sequence[Pack]) -> None:
    """Print what the rules of some packs are about, and how those of each file stand in a tree."""
    out, pin = Output(), shared_pin(packs)
    commit = f", commit {pin.commit[:12]}" if pin and pin.commit else ""
    facts = facts_table(
        {
            "rules": [f"{pack.name}: {pack.title}" for pack in packs],
            "for": f"{pin.repository}{commit}" if pin and pin.repository else "",
            "here": f"{tree.place}, a small tree with every place that the rules look for",
        }
    )
    above = Group(Text(_PORT), "", facts, "")
    out.show(above)
    head_and_totals = 3
    files(tree.place, plan, room() - len(out.render_lines(above)) - head_and_totals)


def edits(found: Review, patches: Mapping[str, bytes]) -> None:
    """Print edits with their reasons and what they change: as many as fit, at least one."""
    style = Style.of_output()
    shown = {each.id: _edit(each, patches[each.id], style) for each in _by_interest(found, patches)}
    chosen, left = list[RuleReview](), room()
    for each in _by_interest(found, patches):
        height = _height(shown[each.id], style) + bool(chosen)
        is_new = all(_differ(each, other) for other in chosen)
        if len(chosen) < _MOST and is_new and height <= left:
            chosen.append(each)
            left -= height
    best = [each.id for each in chosen] or [*shown][:1]
    write_exactly(b"\n".join(shown[id_] for id_ in best))


def _by_interest(found: Review, patches: Mapping[str, bytes]) -> list[RuleReview]:
    """The rules that change something, first those that the document says most about.

    One that changes code tells more than one that only adds or removes some.
    """

    def interest(each: RuleReview) -> tuple[bool, bool, int]:
        rule = each.rule
        return rule.whose == "document", bool(rule.before and rule.after), len(rule.why.split())

    return sorted((r for r in found.rules if r.id in patches), key=interest, reverse=True)


def _differ(one: RuleReview, other: RuleReview) -> bool:
    """Whether rules are for other files, and of another kind."""
    return one.section.path != other.section.path and one.rule.edit.kind != other.rule.edit.kind


def _edit(each: RuleReview, patch: bytes, style: Style) -> bytes:
    """A rule with its place in the document, its reason and its patch, without what checks say."""
    title, *reasons = heading(replace(each, findings=()), style)
    whose = "its" if each.rule.whose == "document" else "our"
    place = f"document: {source(each.section, each.rule)}; {whose} reason:"
    above = "\n".join([title, *style.reason(place), *reasons, ""])
    hunks = re.sub(rb"\Adiff --git .*\n", b"", patch)  # whose names follow once more
    return above.encode() + (coloured(hunks, style) if style.for_people else hunks)


def _height(text: bytes, style: Style) -> int:
    """How many lines of a terminal a text takes."""
    lines = Text.from_ansi(text.decode()).plain.expandtabs().splitlines()
    return sum(max(-(-len(line) // style.width), 1) for line in lines)


def proof(
    tree: Tree, plan: Plan, packs: Sequence[Pack], named: Sequence[str], results: Sequence[Result]
) -> None:
    """Print what each check of a patched tree says, what to run next, and a summary.

    Args:
        tree: The tree.
        plan: The plan that was carried out.
        packs: The packs.
        named: Those of them that the user has named, as named.
        results: What the checks found.
    """
    print_rows(("check", "", "", ""), map(row_of, results))
    out = Output()
    commands = Padding(facts_table(dict(_commands(packs, named))), (0, 0, 0, 2))
    if any(finding.advice for result in results for finding in result.findings or ()):
        out.show("", "Notes fail no check; `effpatch verify` shows them.")
    out.show("", "Next, on the upstream itself:", commands, "")
    made = count(plan.summary[State.PENDING], "edit")
    out.show(f"{tree.place}: {made} made, checked and undone; {verdict(results)}")


def _commands(packs: Sequence[Pack], named: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What to run next, and what it does."""
    pin = shared_pin(packs)
    command = " ".join(["effpatch", *(f"--pack {quote(place)}" for place in named)])
    tree = "UPSTREAM_DIR"
    if pin and pin.repository:
        tree = f"vendor/{pin.name}"
        yield f"{command} fetch", "check it out"
    yield f"{command} diff {tree}", "show what will change"
    yield f"{command} apply {tree}", "make all edits, or none"
    yield f"{command} verify {tree}", "check the result"
