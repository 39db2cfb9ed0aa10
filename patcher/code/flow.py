"""The keys that a block of code sets, followed through its branches, loops and returns."""

import ast
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from patcher.code.keys import (
    Effect,
    Keys,
    Lookup,
    calls_in,
    certain,
    effect,
    keys_of,
    last_name,
    texts,
)

# An object, as code, and a key of it.
_Pair = tuple[str, str]
_LOOPS = ast.For | ast.AsyncFor | ast.While


class State(NamedTuple):
    """What has been set by a point of the code: on every way to it, and on some way."""

    always: frozenset[_Pair] = frozenset()
    sometimes: frozenset[_Pair] = frozenset()

    def keys(self, owners: frozenset[str] | None = None) -> Keys:
        """The keys of some objects; None for those of all."""
        found = ({k for o, k in part if owners is None or o in owners} for part in self)
        return Keys(*map(frozenset, found))

    def has(self, owner: str) -> bool:
        """Whether a key of an object may have been set."""
        return any(each == owner for each, _ in self.sometimes)

    def after(self, done: Effect, is_certain: bool = True) -> "State":
        """The state after something has been done, or may have been."""
        if done.keys is not None and done.sets:
            always, some = ({(done.owner, key) for key in part} for part in done.keys)
            return State(self.always | (always if is_certain else set()), self.sometimes | some)
        gone = {
            (owner, key)
            for owner, key in self.sometimes
            if owner == done.owner and (done.keys is None or key in done.keys.sometimes)
        }
        return State(self.always - gone, self.sometimes - (gone if is_certain else set()))


def merged(states: Iterable[State | None]) -> State | None:
    """The state where several ways meet; None where none leads there."""
    found = [state for state in states if state is not None]
    if not found:
        return None
    always, sometimes = zip(*found, strict=True)
    return State(frozenset.intersection(*always), frozenset.union(*sometimes))


class Flow:
    """A walk through a block.

    Attributes:
        leaves: The state at each `return`, and at each `break` and `continue` of an outer loop.
        stops: The state at each `raise`, and at the end of a loop without one.
    """

    def __init__(self, names: Lookup, calls: Lookup, *, names_are_keys: bool = False) -> None:
        self.leaves: list[tuple[State, ast.stmt]] = []
        self.stops: list[State] = []
        self._passed: list[State] = []
        self._rehearses = False
        self._names, self._calls, self._names_are_keys = names, calls, names_are_keys

    def block(self, body: Sequence[ast.stmt], state: State | None) -> State | None:
        """The state at the end of a block; None where no way leads there."""
        for node in body:
            if state is None:
                break
            state = self._statement(node, state)
            self._passed += [state] if state else []
        return state

    def _statement(self, node: ast.stmt, state: State) -> State | None:
        match node:
            case ast.Return(value=value):
                self.leaves.append((self._called(value, state), node))
                return None
            case ast.Break() | ast.Continue():
                self.leaves.append((state, node))
                return None
            case ast.Raise():
                self.stops.append(state)
                return None
            case ast.If(test=test, body=body, orelse=orelse):
                state, known = self._called(test, state), truth(test)
                then = self.block(body, state) if known is not False else None
                other = self.block(orelse, state) if known is not True else None
                return merged((then, other))
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(node, state)
            case ast.Try():
                return self._try(node, state)
            case ast.With() | ast.AsyncWith():
                return self._with(node, state)
            case ast.Match(cases=cases):
                default = cases[-1].pattern
                is_complete = isinstance(default, ast.MatchAs) and default.pattern is None
                ends = [self.block(each.body, state) for each in cases]
                return merged(ends if is_complete else [*ends, state])
        return self._simple(node, state)

    def _loop(self, node: _LOOPS, state: State) -> State | None:
        head = node.test if isinstance(node, ast.While) else node.iter
        known = truth(head) if isinstance(node, ast.While) else None
        state = self._called(head, state)
        if known is False:
            return self.block(node.orelse, state)
        if not self._rehearses:
            state = self._any_turn(node.body, state)
        ends, breaks = self._turn(node.body, state)
        if known is True:
            self.stops += ends
            return merged(breaks)
        return merged([self.block(node.orelse, merged([state, *ends])), *breaks])

    def _turn(
        self, body: Sequence[ast.stmt], state: State
    ) -> tuple[Sequence[State], Sequence[State]]:
        """The states at the ends of a turn of a loop, and at those that end the loop."""
        mark = len(self.leaves)
        end = self.block(body, state)
        left = self.leaves[mark:]
        self.leaves[mark:] = [each for each in left if isinstance(each[1], ast.Return)]
        ends = [state for state, how in left if isinstance(how, ast.Continue)]
        breaks = [state for state, how in left if isinstance(how, ast.Break)]
        return [*ends, *([end] if end else [])], breaks

    def _any_turn(self, body: Sequence[ast.stmt], state: State) -> State:
        """The state in which any turn of a loop may begin: also as a turn before leaves it."""
        flow = Flow(self._names, self._calls, names_are_keys=self._names_are_keys)
        flow._rehearses = True
        return merged([state, *flow._turn(body, state)[0]]) or state

    def _try(self, node: ast.Try, state: State) -> State | None:
        left, passed = len(self.leaves), len(self._passed)
        end = self.block(node.body, state)
        broken = merged([state, *self._passed[passed:]])
        caught = [self.block(each.body, broken) for each in node.handlers]
        end = merged([self.block(node.orelse, end), *caught])
        leaves, self.leaves[left:] = self.leaves[left:], []
        for leave, how in leaves:
            finished = self.block(node.finalbody, leave)
            self.leaves += [(finished, how)] if finished else []
        return self.block(node.finalbody, end)

    def _with(self, node: ast.With | ast.AsyncWith, state: State) -> State | None:
        for item in node.items:
            state = self._called(item.context_expr, state)
        passed = len(self._passed)
        end = self.block(node.body, state)
        if any(map(_ignores_errors, node.items)):
            return merged([state, *self._passed[passed:], end])
        return end

    def _simple(self, node: ast.stmt, state: State) -> State:
        match node:
            case ast.Expr(value=value):
                state = self._called(value, state)
                match value:
                    case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=owner), *_]):
                        return state.after(Effect(owner, self._calls(name)))
            case ast.Assign(targets=targets, value=value):
                state = self._called(value, state)
                for target in targets:
                    state = self._assigned(target, value, state)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                state = self._assigned(target, value, self._called(value, state))
            case ast.AugAssign(target=target, op=ast.BitOr(), value=value):
                state = state.after(Effect(ast.unparse(target), self._keys(value)))
            case ast.Delete(targets=targets):
                for target in targets:
                    state = state.after(_place(target)._replace(sets=False))
        return state

    def _keys(self, value: ast.expr | None) -> Keys:
        return keys_of(value, self._names, self._calls)

    def _called(self, value: ast.expr | None, state: State) -> State:
        """The state after the calls in an expression."""
        for call, is_certain in calls_in(value):
            if done := effect(call, self._names, self._calls):
                state = state.after(done, is_certain)
        return state

    def _assigned(self, target: ast.expr, value: ast.expr, state: State) -> State:
        match target, value:
            case ast.Tuple(elts=targets) | ast.List(elts=targets), _:
                values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
                if len(values) != len(targets):
                    values = [ast.Constant(None)] * len(targets)
                for each, part in zip(targets, values, strict=True):
                    state = self._assigned(each, part, state)
                return state
            case ast.Name(id=name), _ if self._names_are_keys:
                return state.after(Effect("", certain([name])))
            case ast.Name(id=name), _ if state.has(name) and name not in names_in(value):
                state = state.after(Effect(name, None, sets=False))
            case ast.Attribute() | ast.Subscript(), _:
                state = state.after(_place(target))
        keys = self._keys(value)
        return state.after(Effect(ast.unparse(target), keys)) if keys.sometimes else state


def _place(target: ast.expr) -> Effect:
    """The key that a target of an assignment or of `del` is, and whose; all keys of a variable."""
    match target:
        case ast.Attribute(value=owner, attr=name):
            return Effect(ast.unparse(owner), certain([name]))
        case ast.Subscript(value=owner, slice=key):
            return Effect(ast.unparse(owner), certain(texts([key])))
    return Effect(ast.unparse(target), None, sets=False)


def _ignores_errors(item: ast.withitem) -> bool:
    """Whether errors in a `with` block are ignored, as by `contextlib.suppress`."""
    manager = item.context_expr
    return isinstance(manager, ast.Call) and last_name(manager.func) == "suppress"


def names_in(node: ast.AST) -> set[str]:
    """The names that code mentions."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def truth(test: ast.expr) -> bool | None:
    """What a test always comes to; None where that depends."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            known = truth(operand)
            return None if known is None else not known
    return None
