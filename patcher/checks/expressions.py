"""Expressions, evaluated over the syntax tree: no code is compiled, and none of it is run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from patcher.checks.builtin_functions import builtins
from patcher.checks.comparisons import compare, truth
from patcher.checks.functions import Operations, attribute, call, items, listed
from patcher.checks.limits import DEPTH, Meter, require_items
from patcher.checks.literals import as_text, constant
from patcher.checks.module import bound_by, of_scope
from patcher.checks.operators import binary, item, kind_of, unary
from patcher.checks.refusals import Excess, Refusal, unknown

Node = TypeVar("Node", ast.expr, ast.stmt)
Result = TypeVar("Result")
_CLAUSES = 5  # of one comprehension


class Expressions:
    """Evaluates the expressions of a function.

    Args:
        own: The names that are the function's own, whether bound yet or not.
        alias: What the function calls the module of tensors.
        meter: What it may still cost.
    """

    def __init__(self, own: frozenset[str], alias: str, meter: Meter) -> None:
        self.values: dict[str, object] = {}
        self.meter = meter
        self._own, self._depth = own, 0
        self._globals: dict[str, object] = {**builtins(meter), alias: Operations(alias)}

    def at(self, node: Node, evaluate: Callable[[Node], Result]) -> Result:
        """Evaluate a node as a step, one level below what is being evaluated.

        Raises:
            Refusal: It is not evaluated, or costs too much.
            Exception: What Python raises as well.
        """
        self._depth += 1
        try:
            if self._depth > DEPTH:
                raise Excess("nests more than can be evaluated")
            self.meter.step()
            return evaluate(node)
        except Refusal as refusal:
            refusal.line = refusal.line or node.lineno
            raise
        finally:
            self._depth -= 1

    def value(self, node: ast.expr) -> object:
        """The value of an expression."""
        return self.at(node, self._value)

    def _value(self, node: ast.expr) -> object:
        match node:
            case ast.Name(id=name):
                return self.name(name)
            case ast.Constant(value=value):
                return constant(value)
            case ast.BinOp(left=left, op=operator, right=right):
                return binary(operator, self.value(left), self.value(right), self.meter)
            case ast.Attribute(value=owner, attr=name):
                return attribute(self.value(owner), name)
            case ast.Call(func=function, args=parts, keywords=keywords):
                return self._call(function, parts, keywords)
            case ast.Tuple(elts=parts):
                return tuple(self._parts(parts))
            case ast.List(elts=parts):
                return self._parts(parts)
            case ast.Subscript(value=owner, slice=key):
                return item(self.value(owner), self.key(key), self.meter)
        return self._choice(node)

    def _choice(self, node: ast.expr) -> object:
        """The value of an expression of which parts may be left out, or evaluated repeatedly."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not truth(self.value(operand))
            case ast.UnaryOp(op=operator, operand=operand):
                return unary(operator, self.value(operand))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if truth(self.value(test)) else orelse)
            case ast.BoolOp(op=operator, values=values):
                return self._logic(isinstance(operator, ast.Or), values)
            case ast.Compare(left=left, ops=operators, comparators=others):
                return self._comparison(left, operators, others)
            case ast.ListComp(elt=part, generators=clauses):
                return self._comprehension(part, clauses)
            case ast.JoinedStr(values=parts):
                return self._text(parts)
        raise unknown(node)

    def name(self, name: str) -> object:
        """The value of a name, which is the function's own or one of those that are listed."""
        if name in self.values:
            return self.values[name]
        if name in self._own:
            raise Refusal(f"reads `{name}` before it is bound")
        if name in self._globals:
            return self._globals[name]
        raise Refusal(f"uses `{name}`")

    def _call(
        self, function: ast.expr, parts: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> object:
        called, given = self.value(function), self._parts(parts)
        named = dict[str, object]()
        for each in keywords:
            if each.arg is None:
                raise Refusal("uses `**` in a call")
            named[each.arg] = self.value(each.value)
        return call(called, given, named, self.meter)

    def _parts(self, parts: Sequence[ast.expr]) -> list[object]:
        """The values of the parts of a display or call."""
        found = list[object]()
        for part in parts:
            if isinstance(part, ast.Starred):
                found += listed(items(self.value(part.value), self.meter))
            else:
                found.append(self.value(part))
            require_items(len(found))
        return found

    def key(self, node: ast.expr) -> object:
        """What stands in the brackets of a subscript: a value, or a slice."""
        if not isinstance(node, ast.Slice):
            return self.value(node)
        bounds = (node.lower, node.upper, node.step)
        return slice(*(None if each is None else self.value(each) for each in bounds))

    def _logic(self, decisive: bool, values: Sequence[ast.expr]) -> object:
        """The first value that decides `or`, where `decisive`, or `and`; else the last one."""
        for node in values:
            value = self.value(node)
            if node is values[-1] or truth(value) is decisive:
                break
        return value

    def _comparison(
        self, left: ast.expr, operators: Sequence[ast.cmpop], others: Sequence[ast.expr]
    ) -> bool:
        one = self.value(left)
        for operator, other in zip(operators, others, strict=True):
            two = self.value(other)
            if not compare(operator, one, two, self.meter):
                return False
            one = two
        return True

    def _comprehension(self, part: ast.expr, clauses: list[ast.comprehension]) -> list[object]:
        """All that a comprehension gives; what it binds is its own."""
        first = items(self.value(clauses[0].iter), self.meter)
        kept, own = self.values, self._own
        bound = list(map(bound_by, of_scope(each.target for each in clauses)))
        self.meter.step(len(own) + len(bound))
        names = set(bound)
        try:
            self.values = {name: kept[name] for name in kept if name not in names}
            self._own = own.union(name for name in names if name)
            return listed(self._results(part, clauses, first))
        finally:
            self.values, self._own = kept, own

    def _results(
        self, part: ast.expr, clauses: list[ast.comprehension], found: Iterator[object]
    ) -> Iterator[object]:
        """What a comprehension gives for the items that its first clause has found."""
        clause, *others = clauses
        if clause.is_async or len(others) >= _CLAUSES:
            raise Refusal("uses `async for`" if clause.is_async else "uses too many clauses")
        for each in found:
            self.bind(clause.target, each)
            if all(truth(self.value(test)) for test in clause.ifs):
                if others:
                    more = items(self.value(others[0].iter), self.meter)
                    yield from self._results(part, others, more)
                else:
                    yield self.value(part)

    def bind(self, target: ast.expr, value: object) -> None:
        """Assign a value to a name, to an item of a list, or its items to several of these."""
        match target:
            case ast.Name(id=name):
                self.values[name] = value
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, listed(items(value, self.meter)))
            case ast.Subscript(value=owner, slice=key):
                self.store(self.value(owner), self.key(key), value)
            case _:
                raise Refusal("assigns to what is no name and no item")

    def _unpack(self, targets: Sequence[ast.expr], found: list[object]) -> None:
        starred = [at for at, each in enumerate(targets) if isinstance(each, ast.Starred)]
        if len(found) < len(targets) - 1 if starred else len(found) != len(targets):
            raise ValueError(f"{len(found)} values for {len(targets)} names")
        for at in starred:  # one at most
            end = len(found) - (len(targets) - 1 - at)
            found[at:end] = [found[at:end]]
        for target, value in zip(targets, found, strict=True):
            self.bind(target.value if isinstance(target, ast.Starred) else target, value)

    def store(self, owner: object, key: object, value: object) -> None:
        """Put a value into a list, in place of the one that is there."""
        if isinstance(owner, tuple | str | range | int | float | None):
            raise TypeError(f"{kind_of(owner)} has no items to assign to")
        if type(owner) is not list or not isinstance(key, int):
            raise Refusal("assigns to what is no single item of a list")
        owner[key] = value

    def _text(self, parts: Sequence[ast.expr]) -> str:
        """A formatted string, without conversions and formats."""
        found = ""
        for part in parts:
            if isinstance(part, ast.FormattedValue):
                if part.conversion != -1 or part.format_spec:
                    raise Refusal("formats a value")
                part = part.value
            found += as_text(self.value(part))
            require_items(len(found))
            self.meter.step(len(found))
        return found
