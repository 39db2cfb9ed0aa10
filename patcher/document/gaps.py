"""Where an item of the document and a rule disagree, and where a rule belies its own quotes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest

from patcher.document.document import Item
from patcher.document.trial import Trial, host, tried
from patcher.model import Rule, Section, State


class Verdict(str, Enum):
    """How the document and the rules stand to each other at one edit."""

    COVERED = "covered"
    DIFFERS = "differs"
    MISSING = "missing"
    EXTRA = "extra"
    FAILS = "fails"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is wrong: what was found and wanted, and the line, 0 if there is none."""

    verdict: Verdict
    line: int
    found: str
    wanted: str


def missing(section: Section, rule: Rule) -> Gap:
    """A rule without an item."""
    wanted = f"item {rule.item} under {section.heading}"
    return Gap(Verdict.MISSING, 0, f"{section.id_of(rule)} has no item", wanted)


def extra(heading: str, item: Item) -> Gap:
    """An item without a rule."""
    what = "a quote outside any item" if item.number is None else f"item {item.number}"
    found = f"{what} under {heading or 'no heading'} has no rule"
    return Gap(Verdict.EXTRA, item.line, found, "a rule for each item")


def differences(id_: str, rule: Rule, item: Item, above: int) -> Iterator[Gap]:
    """What an item says otherwise than its rule.

    Code is compared exactly, line ends behind it aside. Where the document gives a reason, the
    rule gives the same; where it gives none, the reason is the rule's own.

    Args:
        id_: The rule's id.
        rule: The rule.
        item: The item of its number.
        above: The line of the item that stands above it where the order is right.
    """
    quotes = (("before", item.before, rule.before), ("after", item.after, rule.after))
    pairs = [(f"the verb of {id_}", item.verb, rule.verb)]
    pairs += [(f"the quote {name} of {id_}", said, wanted) for name, said, wanted in quotes]
    pairs += [(f"the reason for {id_}", item.prose, rule.why)] if item.prose else []
    for what, said, wanted in pairs:
        if said.rstrip("\n") != wanted.rstrip("\n"):
            one, other = _first_difference(said, wanted)
            yield Gap(Verdict.DIFFERS, item.line, f"{what} has {one}", other)
    if item.line < above:
        found = f"{id_} stands above an item of a lower number"
        yield Gap(Verdict.DIFFERS, item.line, found, "the items in order")


def failures(section: Section, rule: Rule, line: int) -> Iterator[Gap]:
    """What a rule does to its quoted before, if that is not its quoted after.

    The code is the same where each line is, its indent aside, and the syntax tree is.

    Args:
        section: The rule's section.
        rule: The rule.
        line: The line of its item, 0 if there is none.
    """
    id_ = section.id_of(rule)
    wrong = _unparsable(id_, rule) or _failure(id_, tried(section, rule))
    if wrong:
        yield Gap(Verdict.FAILS, line, *wrong)


def _unparsable(id_: str, rule: Rule) -> tuple[str, str] | None:
    for name, quote in (("before", rule.before), ("after", rule.after)):
        try:
            ast.parse(host(rule, quote))
        except SyntaxError as error:
            found = f"the quote {name} of {id_} is no Python ({error.msg})"
            return found, "code that parses"
    return None


def _failure(id_: str, trial: Trial) -> tuple[str, str] | None:
    """What a trial came to instead of what was wanted, in words."""
    made, wanted = _flush(trial.made), _flush(trial.wanted)
    if trial.state is not State.PENDING:
        return f"{id_} is {trial.state} on its own quote before", "pending"
    if made != wanted:
        one, other = _first_difference(made, wanted)
        return f"{id_} makes {one} of its own quote before", other
    if ast.dump(ast.parse(trial.made)) != ast.dump(ast.parse(trial.wanted)):
        return f"{id_} nests its own quote otherwise", "the blocks of its quote after"
    if trial.again is not State.APPLIED:
        return f"{id_} is {trial.again} on its own quote after", "applied"
    return None


def _flush(code: str) -> str:
    return "\n".join(line.strip() for line in code.splitlines())


def _first_difference(one: str, other: str) -> tuple[str, str]:
    """The first line in which two texts differ, in both, for a sentence."""
    lines = zip_longest(*(text.split("\n") if text else () for text in (one, other)))
    first, second = next(pair for pair in lines if pair[0] != pair[1])
    return _quoted(first), _quoted(second)


def _quoted(line: str | None) -> str:
    return "nothing" if line is None else f"`{line}`"
