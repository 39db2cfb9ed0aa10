"""Where an item of a document and its rule disagree, and where a rule contradicts its quotes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest

from patcher.document import trial
from patcher.document.document import Item
from patcher.document.trial import Trial
from patcher.model import Rule, Section, State


class Verdict(str, Enum):
    """How a document and the rules compare at one edit."""

    COVERED = "covered"
    DIFFERS = "differs"
    MISSING = "missing"
    EXTRA = "extra"
    FAILS = "fails"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is wrong.

    Attributes:
        verdict: What kind of thing.
        line: The line of the document that is meant, 1-based; 0 where there is none.
        found: What was found.
        wanted: What was expected instead.
    """

    verdict: Verdict
    line: int
    found: str
    wanted: str


def missing(heading: str, id_: str, rule: Rule) -> Gap:
    """The gap of a rule without an item."""
    return Gap(Verdict.MISSING, 0, f"{id_} has no item", f"item {rule.item} under {heading}")


def extra(heading: str, item: Item) -> Gap:
    """The gap of an item without a rule."""
    what = "a quote outside any item" if item.number is None else f"item {item.number}"
    found = f"{what} under {heading or 'no heading'} has no rule"
    return Gap(Verdict.EXTRA, item.line, found, "a rule for each item")


def differences(id_: str, rule: Rule, item: Item, above: int) -> Iterator[Gap]:
    """Where an item and its rule differ.

    Code must be equal, apart from line ends after it. Where the document gives a reason, the
    rule must give the same; where it gives none, the reason is the rule's own.

    Args:
        id_: The rule's id.
        rule: The rule.
        item: The item of its number.
        above: The line of the item before it, by number; 0 for the first.
    """
    compared = [
        (f"the verb of {id_}", item.verb, rule.verb),
        (f"the quote before of {id_}", item.before, rule.before),
        (f"the quote after of {id_}", item.after, rule.after),
        (f"the reason for {id_}", item.prose, rule.why if item.prose else ""),
    ]
    for what, stated, wanted in compared:
        if stated.rstrip("\n") != wanted.rstrip("\n"):
            one, other = _first_difference(stated, wanted)
            yield Gap(Verdict.DIFFERS, item.line, f"{what} has {one}", other)
    if item.line < above:
        found = f"{id_} stands above an item of a lower number"
        yield Gap(Verdict.DIFFERS, item.line, found, "the items in order")


def failures(section: Section, rule: Rule, line: int) -> Iterator[Gap]:
    """What a rule makes of its quote `before`, where that is not its quote `after`.

    Code is equal if each line is, apart from its indent, and the syntax tree is.

    Args:
        section: The rule's section.
        rule: The rule.
        line: The line of its item, 0 if there is none.
    """
    id_ = section.id_of(rule)
    wrong = _unparsable(id_, rule) or _failure(id_, trial.run(section, rule))
    if wrong:
        yield Gap(Verdict.FAILS, line, *wrong)


def _unparsable(id_: str, rule: Rule) -> tuple[str, str] | None:
    for name, quote in (("before", rule.before), ("after", rule.after)):
        try:
            ast.parse(trial.embedded(rule, quote))
        except SyntaxError as error:
            found = f"the quote {name} of {id_} is not Python ({error.msg})"
            return found, "code that parses"
    return None


def _failure(id_: str, found: Trial) -> tuple[str, str] | None:
    """What a trial came to and what was expected instead, for a sentence."""
    made, wanted = _flush(found.made), _flush(found.wanted)
    if found.state is not State.PENDING:
        return f"{id_} is {found.state} on its own quote before", "pending"
    if made != wanted:
        one, other = _first_difference(made, wanted)
        return f"{id_} makes {one} of its own quote before", other
    if ast.dump(ast.parse(found.made)) != ast.dump(ast.parse(found.wanted)):
        return f"{id_} nests the code of its quote after differently", "the blocks of the quote"
    if found.again is not State.APPLIED:
        return f"{id_} is {found.again} on its own quote after", "applied"
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
