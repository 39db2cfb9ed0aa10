"""The two quotes of an edit, and what of them is none of the edit's business.

What both quotes say alike may be otherwise in a file: the arguments of a call that the edit carries
over, the elements of a list around those that it changes, the names of local variables. That is
taken from the file into both quotes, so that the rest can be compared and rewritten as quoted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import count
from typing import NamedTuple, TypeVar, cast

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import NO_VARIABLES, reads
from patcher.code.equivalence import (
    equivalent,
    meaningful,
    parameters,
    simple_statements,
    slots,
    walk,
)
from patcher.code.outline import Statement

_N = TypeVar("_N", bound=cst.CSTNode)
_LITERALS = (cst.BaseNumber, cst.BaseString, cst.UnaryOperation, cst.Ellipsis)
_NAMED = (*_LITERALS, cst.Name)
_CONSTANTS = ("None", "True", "False")
Slot = str | int
_added = ContextVar[frozenset[tuple[str, Slot]]]("added", default=frozenset())


class OpenCall(NamedTuple):
    """A call of which a file may have other arguments.

    Attributes:
        number: The same in both quotes; a call of one quote alone has its own.
        fixed: The arguments that are as quoted.
        free: Those that may be others; a call that the edit leaves as it is must have them.
        new: Those that the edit adds, which a file must not give in another way.
        gone: Those that the edit removes.
    """

    number: int
    fixed: frozenset[Slot]
    free: frozenset[Slot] = frozenset()
    new: frozenset[Slot] = frozenset()
    gone: frozenset[Slot] = frozenset()
    is_edited: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class OpenQuote:
    """The statements of a quote, and by the id of a node what a file may have in its place.

    Attributes:
        inputs: The variables that the edit reads, and not only sets.
    """

    statements: tuple[Statement, ...]
    inputs: frozenset[str]
    calls: dict[int, OpenCall] = field(default_factory=dict)
    holes: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Captured:
    """What a file has in the place of what is open: by number, and by the name in the quotes."""

    calls: dict[int, cst.Call] = field(default_factory=dict)
    holes: dict[int, cst.BaseExpression] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@contextmanager
def adding(edits: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Have what some edits, by their quotes, add to calls compared in the quotes of all."""
    token = _added.set(frozenset(each for quoted in edits for each in _added_by(*quoted)))
    try:
        yield
    finally:
        _added.reset(token)


def _added_by(before: str, after: str) -> Iterator[tuple[str, Slot]]:
    """The arguments that an edit adds to calls, by the code of the function."""
    old, new = (OpenQuote(quotes.statements(quote), frozenset()) for quote in (before, after))
    for one, two in _carried_over(old, new):
        places = [{place for place, _ in slots(e.args, parameters(e))} for e in (one, two)]
        yield from ((quotes.code(two.func), place) for place in places[1] - places[0])


def open_quotes(before: str, after: str) -> tuple[OpenQuote, OpenQuote]:
    """Both quotes of an edit, open in what they have in common."""
    inputs = frozenset(_inputs(quotes.statements(before)))
    old, new = (OpenQuote(quotes.statements(quote), inputs) for quote in (before, after))
    numbers = count()
    for one, two in _carried_over(old, new):
        _pair(one, two, old, new, numbers)
    for call in _calls(new.statements):
        places = frozenset(place for place, _ in slots(call.args, parameters(call)))
        new.calls.setdefault(id(call), OpenCall(next(numbers), places))
    return old, new


def _inputs(nodes: Iterable[Statement]) -> Iterator[str]:
    """The variables that statements read, and not only set."""
    for part in (part for node in nodes for part in simple_statements(node)):
        yield from reads(part.value if isinstance(part, cst.Assign) else part)


def _calls(nodes: Iterable[cst.CSTNode]) -> Iterator[cst.Call]:
    return (part for node in nodes for part in walk(node) if isinstance(part, cst.Call))


def _carried_over(old: OpenQuote, new: OpenQuote) -> Iterator[tuple[cst.Call, cst.Call]]:
    """The calls of the same functions in both quotes, where these have as many of them."""
    found = defaultdict[str, tuple[list[cst.Call], list[cst.Call]]](lambda: ([], []))
    for side, quote in enumerate((old, new)):
        for call in _calls(quote.statements):
            found[quotes.code(call.func)][side].append(call)
    for ones, twos in found.values():
        if len(ones) == len(twos):
            yield from zip(ones, twos, strict=True)


def _pair(
    one: cst.Call, two: cst.Call, old: OpenQuote, new: OpenQuote, numbers: Iterator[int]
) -> None:
    """Open a call in both quotes: arguments that are alike, elements around those that differ."""
    before, after = (
        {place: arg.value for place, arg in slots(call.args, parameters(call))}
        for call in (one, two)
    )
    shared = before.keys() & after.keys()
    alike = {place for place in shared if equivalent(before[place], after[place])}
    changed = [before[place] for place in before.keys() - alike]
    # Where all that changes is a literal, a name is what tells the call from others.
    closed = _NAMED if changed and all(map(_is_literal, changed)) else _LITERALS
    known = {place for func, place in _added.get() if func == quotes.code(one.func)}
    free = frozenset(e for e in alike - known if not _is_closed(before[e], closed))
    number, added = next(numbers), frozenset(after.keys() - before.keys())
    gone = frozenset(before.keys() - after.keys())
    for call, side, quote in ((one, before, old), (two, after, new)):
        fixed = frozenset(side.keys() - free)
        quote.calls[id(call)] = OpenCall(number, fixed, free, added, gone, bool(changed or added))
    for place in shared - alike:
        for first, second in _elements(before[place], after[place]):
            old.holes[id(first)] = new.holes[id(second)] = next(numbers)


def _is_closed(node: cst.CSTNode, kinds: tuple[type[cst.CSTNode], ...]) -> bool:
    return isinstance(node, kinds) or _is_constant(node)


def _is_literal(node: cst.CSTNode) -> bool:
    return isinstance(node, _LITERALS) or _is_constant(node)


def _is_constant(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value in _CONSTANTS


def _elements(
    one: cst.BaseExpression, two: cst.BaseExpression
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """The elements that two lists have in common around those in which they differ."""
    if not (isinstance(one, cst.List | cst.Tuple) and type(one) is type(two)):
        return
    rows = [[e.value for e in each.elements] for each in (one, cast(cst.List, two))]
    codes = [[quotes.code(value) for value in row] for row in rows]
    for match in SequenceMatcher(None, codes[0], codes[1], autojunk=False).get_matching_blocks():
        for offset in range(match.size):
            value = rows[0][match.a + offset]
            if not _is_literal(value):
                yield value, rows[1][match.b + offset]


def captured(
    quote: OpenQuote, nodes: Sequence[Statement], may_rename: Callable[[str, str], bool]
) -> Captured | None:
    """What lines have in the place of what a quote leaves open; None where they do not mean it.

    Args:
        quote: Either quote of an edit.
        nodes: As many lines.
        may_rename: Whether a variable of the quote may have another name, the second, here.
    """
    found = Captured()
    for wanted, node in zip(quote.statements, nodes, strict=True):
        _capture(wanted, node, quote, found)
    names = found.names
    known = names.keys() <= quote.inputs and len(set(names.values())) == len(names)
    if not known or not all(may_rename(*each) for each in names.items()):
        return None
    if not all(_may_be(call, found.calls.get(call.number)) for call in quote.calls.values()):
        return None
    return found if equivalent(filled(quote, found), list(nodes)) else None


def _may_be(call: OpenCall, own: cst.Call | None) -> bool:
    """Whether a file's call can be the quoted one: what is open is there, what is new is not."""
    if own is None:
        return True
    there = dict(slots(own.args, parameters(own)))
    if not call.new <= call.fixed and (call.new & there.keys() or any(a.star for a in own.args)):
        return False
    given = [there[place].value for place in call.free & there.keys()]
    complete = call.is_edited or len(given) == len(call.free)
    return complete and not any(map(_is_constant, given))


def _capture(wanted: cst.CSTNode, node: cst.CSTNode, quote: OpenQuote, found: Captured) -> None:
    if id(wanted) in quote.holes:
        found.holes[quote.holes[id(wanted)]] = cast(cst.BaseExpression, node)
    elif isinstance(wanted, cst.Name) and isinstance(node, cst.Name):
        if wanted.value != node.value:
            found.names.setdefault(wanted.value, node.value)
    elif isinstance(wanted, cst.Call) and isinstance(node, cst.Call) and id(wanted) in quote.calls:
        call = quote.calls[id(wanted)]
        found.calls[call.number] = node
        _capture(wanted.func, node.func, quote, found)
        own = dict(slots(node.args, parameters(wanted)))
        for place, arg in slots(wanted.args, parameters(wanted)):
            if place in call.fixed and place in own:
                _capture(arg.value, own[place].value, quote, found)
    elif type(wanted) is type(node):
        for one, two in zip(_children(wanted), _children(node), strict=False):
            _capture(one, two, quote, found)


def _children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes in a node, without names that are no variables."""
    for name in meaningful(type(node)):
        value = getattr(node, name) if name != NO_VARIABLES.get(type(node)) else None
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, cst.CSTNode):
                yield part


def filled(quote: OpenQuote, found: Captured) -> tuple[Statement, ...]:
    """The statements of a quote, with what a file has in the place of what is open."""
    return tuple(_filled(node, quote, found) for node in quote.statements)


def _filled(node: _N, quote: OpenQuote, found: Captured) -> _N:
    if (number := quote.holes.get(id(node), -1)) in found.holes:
        return cast(_N, found.holes[number])
    if isinstance(node, cst.Name):
        return node.with_changes(value=found.names.get(node.value, node.value))
    changes: dict[str, object] = {}
    for name in meaningful(type(node)):
        value = getattr(node, name) if name != NO_VARIABLES.get(type(node)) else None
        if isinstance(value, list | tuple):
            changes[name] = [_filled(part, quote, found) for part in value]
        elif isinstance(value, cst.CSTNode):
            changes[name] = _filled(value, quote, found)
    new = node.with_changes(**changes)
    call = quote.calls.get(id(node))
    own = found.calls.get(call.number) if call else None
    return _with_arguments(node, new, call, own) if call and own else new  # type: ignore[return-value]


def _is_by_name(arg: cst.Arg) -> bool:
    """Whether no argument by position may follow one."""
    return arg.keyword is not None or arg.star == "**"


def _with_arguments(
    quoted: cst.CSTNode, new: cst.CSTNode, call: OpenCall, own: cst.Call
) -> cst.CSTNode:
    """A call with the arguments of the file's that are open, laid out as quoted."""
    assert isinstance(new, cst.Call)
    words = parameters(cast(cst.Call, quoted))
    there = dict(slots(own.args, words))
    row = [
        arg if place in call.fixed else arg.with_changes(value=there.pop(place).value)
        for place, arg in slots(new.args, words)
        if place in call.fixed or place in there
    ]
    known = {place for place, _ in slots(new.args, words)} | call.gone
    more = [arg for place, arg in there.items() if place not in known]
    if not more:
        return new.with_changes(args=row)
    by_name = [arg for arg in more if _is_by_name(arg)]
    first = next((i for i, arg in enumerate(row) if _is_by_name(arg)), len(row))
    every = [*row[:first], *(arg for arg in more if arg not in by_name), *row[first:], *by_name]
    comma = cst.MaybeSentinel.DEFAULT
    return new.with_changes(args=[arg.with_changes(comma=comma) for arg in every])
