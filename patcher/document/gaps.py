"""Where an item of a document and its rule disagree, and where a rule contradicts its quotes."""

import ast
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from io import StringIO
from itertools import zip_longest
from textwrap import dedent

from patcher import engine
from patcher.code.quote_frames import framed, joined
from patcher.document.document import Item
from patcher.edits.kinds import CallArgument, Fragment, IfTest, Statement
from patcher.model import Edit, Pack, Rule, Section, State


class Verdict(str, Enum):
    """How a document and the rules compare at one edit; only the first two are as they should be.

    A rule deviates where it says what the document has instead, and why.
    """

    COVERED = "covered"
    DEVIATES = "deviates"
    DIFFERS = "differs"
    MISSING = "missing"
    EXTRA = "extra"
    FAILS = "fails"

    def __str__(self) -> str:
        return self.value


GOOD = (Verdict.COVERED, Verdict.DEVIATES)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is wrong, at a line of the document, 1-based; 0 where no line is meant."""

    verdict: Verdict
    line: int
    found: str
    wanted: str


def differences(id_: str, rule: Rule, item: Item, above: int) -> Iterator[Gap]:
    """Where a rule and the item of its number differ.

    Code must be equal, apart from its common indent and line ends after it. Where the document
    gives a reason, the rule must give the same; where it gives none, the reason is the rule's own.
    The item must stand below `above`, the line of the item before it by number; 0 for the first.
    """
    compared = [
        (f"the verb of {id_}", item.verb, rule.verb),
        (f"the quote `before` of {id_}", item.before, rule.before),
        (
            f"the quote `after` of {id_}",
            item.after,
            rule.after if rule.stated is None else rule.stated,
        ),
        (f"the reason for {id_}", item.prose, rule.why if item.prose else ""),
    ]
    if rule.whose == "document" and not item.prose:
        found = f"the reason for {id_} is said to be the document's, which gives none"
        yield Gap(Verdict.DIFFERS, item.line, found, "ours")
    for what, stated, wanted in compared:
        texts = dedent(stated), dedent(wanted)
        texts = texts[0].strip("\n"), texts[1].strip("\n")
        if texts[0] != texts[1]:
            one, other = _first_difference(*texts)
            yield Gap(Verdict.DIFFERS, item.line, f"{what} has {one}", other)
    if item.line < above:
        found = f"{id_} stands above an item of a lower number"
        yield Gap(Verdict.DIFFERS, item.line, found, "the items in order")


def failures(section: Section, rule: Rule, line: int) -> Iterator[Gap]:
    """What a rule makes of its quote `before`, where that is not its quote `after`.

    Code is equal if each line is, apart from its indent, or each word is, however they are laid
    out; and the syntax tree is. The gap is at `line`, that of the rule's item.
    """
    if wrong := failure(section, rule, section.id_of(rule)):
        yield Gap(Verdict.FAILS, line, *wrong)


def failure(section: Section, rule: Rule, name: str) -> tuple[str, str] | None:
    """What a rule came to on its quote and what was expected instead, for a sentence.

    None where it makes its quote `after` of its quote `before`. The sentence calls it by a name.
    """
    before, wanted = embedded(rule, rule.before), embedded(rule, rule.after)
    for which, code in (("before", before), ("after", wanted)):
        try:
            ast.parse(code)
        except SyntaxError as error:
            found = f"the quote `{which}` of {name} is not Python ({error.msg})"
            return found, "code that parses"
    state, made, again = run(section, rule)
    if state is not State.PENDING:
        return f"{name} is {state} on its own quote `before`", "pending"
    if _flush(made) != _flush(wanted) and _words(made) != _words(wanted):
        one, other = _first_difference(_flush(made), _flush(wanted))
        return f"{name} makes {one} of its own quote `before`", other
    if ast.dump(ast.parse(made)) != ast.dump(ast.parse(wanted)):
        return f"{name} nests the code of its quote `after` differently", "the blocks of the quote"
    if again is not State.APPLIED:
        return f"{name} is {again} on its own quote `after`", "applied"
    return None


def _flush(code: str) -> str:
    return "\n".join(line.strip() for line in code.splitlines())


def _words(code: str) -> list[str]:
    """The words of code, its comments among them, however they are laid out on lines."""
    laid_out = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    tokens = tokenize.generate_tokens(StringIO(code).readline)
    return [token.string for token in tokens if token.type not in laid_out]


def _first_difference(one: str, other: str) -> tuple[str, str]:
    """The first line in which two texts differ, in both, for a sentence."""
    lines = zip_longest(*(text.split("\n") if text else () for text in (one, other)))
    pair = next(pair for pair in lines if pair[0] != pair[1])
    first, second = ("nothing" if line is None else f"`{line}`" for line in pair)
    return first, second


def run(section: Section, rule: Rule) -> tuple[State, str, State]:
    """A rule's state on its quote `before`, the code it makes of that, and its state on that code.

    Raises:
        UnparsableError: The quote is not Python.
    """
    pack, id_ = Pack("trial", (section,)), section.id_of(rule)
    before = embedded(rule, rule.before).encode()
    (first,) = engine.plan_alone([pack], {section.path: before}, {id_}).files
    (again,) = engine.plan_alone([pack], {section.path: first.after}, {id_}).files
    return first.outcomes[0].state, first.after.decode(), again.outcomes[0].state


def embedded(rule: Rule, quote: str) -> str:
    """Code that holds a quote of a rule, "" for none, at the place that the rule's edit names.

    The quote stands after the statement that an addition follows, or after an import.
    """
    edit = rule.edit
    before = edit.follows if isinstance(edit, Statement) else ""
    above = before or "import anything"
    if isinstance(edit, Fragment):
        return in_scope(edit.within, f"{above}\n{_framed(rule, edit, quote)}")
    code = f"{above}\n{_completed(edit, quote)}"
    return in_scope(edit.within, code, _lines_in_strings(code))


def in_scope(within: str, code: str, kept: Collection[int] = ()) -> str:
    """Code in functions of the names in a dotted one, the last one innermost; "" for none.

    The lines `kept`, 1-based, keep their indent, as inside of a string it is part of that.
    """
    names = [name for name in within.split(".") if name]
    width = "    " * len(names)
    body = (
        row if number in kept or not row.strip() else width + row
        for number, row in enumerate(code.split("\n"), 1)
    )  # fmt: skip
    headers = (f"{'    ' * depth}def {name}():\n" for depth, name in enumerate(names))
    return "".join([*headers, "\n".join(body)])


def _lines_in_strings(code: str) -> set[int]:
    """The lines, 1-based, that start inside of a string; none where code is no Python."""
    try:
        nodes = [*ast.walk(ast.parse(code))]
    except SyntaxError:
        return set()
    strings = (node for node in nodes if isinstance(node, ast.JoinedStr | ast.Constant))
    return {i for each in strings for i in range(each.lineno + 1, (each.end_lineno or 0) + 1)}


def _framed(rule: Rule, edit: Fragment, quote: str) -> str:
    """A quote in a statement that may hold it, or in a docstring."""
    quotes = [rule.before, rule.after]
    if rule.adds:
        quotes = [edit.follows, joined(edit.follows, rule.after)]
        quote = quotes[bool(quote)]
    return framed(quotes, quote, edit.holding)


def _completed(edit: Edit, quote: str) -> str:
    """A quote as whole statements, with the call or the body that its edit names."""
    text = quote.rstrip()
    if isinstance(edit, CallArgument) and text:
        text = f"{edit.call}({text}"
    text += ")" * (text.count("(") - text.count(")"))
    if text.endswith(":"):
        body = edit.holding if isinstance(edit, IfTest) else ""
        text += f"\n    {body or 'pass'}"
    return f"{text}\n" if text else ""
