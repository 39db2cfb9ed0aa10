"""What a function of a tree gives, evaluated over its syntax tree: nothing of the tree is run."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from enum import Enum, auto

from patcher.checks.arrays import Scope, Tensor
from patcher.checks.comparisons import truth
from patcher.checks.expressions import Expressions
from patcher.checks.functions import items, listed
from patcher.checks.limits import Meter, require_items
from patcher.checks.module import bound_by, of_scope
from patcher.checks.operators import binary, item, kind_of
from patcher.checks.parameters import arguments_of
from patcher.checks.refusals import Refusal, refused, unknown

# What makes something else of a function wherever it stands, also where it is never reached.
_FORBIDDEN = (ast.Await, ast.Delete, ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom)


class Form:
    """A function by itself, without its decorators, that may be evaluated repeatedly.

    Args:
        function: It may use arithmetic, sequences and what `functions` and `builtin_functions`
            list, and nothing of its module.
        alias: What it calls the module of tensors.
    """

    def __init__(self, function: ast.FunctionDef, alias: str) -> None:
        self.function, self._alias = function, alias
        nodes = list(of_scope(function.body))
        self._own = frozenset(filter(None, map(bound_by, nodes)))
        self._forbidden = [node for node in nodes if isinstance(node, _FORBIDDEN)]

    def array(self, arguments: Sequence[object], meter: Meter) -> Tensor:
        """The array that the function gives for some arguments by place.

        Raises:
            Refusal: As for `value`, or the function gives something else.
            Exception: What Python raises as well.
        """
        found = self.value(arguments, meter)
        if isinstance(found, Tensor):
            return found
        raise refused(f"gives {kind_of(found)} in place of an array", self.function)

    def value(self, arguments: Sequence[object], meter: Meter) -> object:
        """What the function gives for some arguments by place.

        Raises:
            Refusal: It does what is not evaluated, or too much, of which the meter keeps count.
            Exception: What Python raises as well.
        """
        for node in self._forbidden:
            raise unknown(node)
        outside = Expressions(frozenset(), self._alias, meter)
        given = arguments_of(self.function, arguments, outside)
        return _Statements(self._own.union(given), self._alias, meter).result(self.function, given)


class _Flow(Enum):
    """How a statement ends."""

    NEXT = auto()
    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()


class _Statements(Expressions):
    """Evaluates the statements of a function."""

    _returned: object = None

    def result(self, function: ast.FunctionDef, given: dict[str, object]) -> object:
        """What the function returns, given the values of its parameters."""
        self.values = given
        self._block(function.body)
        return self._returned

    def _block(self, statements: Sequence[ast.stmt]) -> _Flow:
        for statement in statements:
            flow = self.at(statement, self._statement)
            if flow is not _Flow.NEXT:
                return flow
        return _Flow.NEXT

    def _statement(self, node: ast.stmt) -> _Flow:
        match node:
            case ast.Return(value=value):
                self._returned = self.value(value) if value else None
                return _Flow.RETURN
            case ast.If():
                return self._if(node)
            case ast.For(target=target, iter=iterable, body=body, orelse=orelse):
                return self._for(target, iterable, body, orelse)
            case ast.While(test=test, body=body, orelse=orelse):
                return self._while(test, body, orelse)
            case ast.With(items=managers, body=body):
                return self._with(managers, body)
            case ast.Break():
                return _Flow.BREAK
            case ast.Continue():
                return _Flow.CONTINUE
        self._simple(node)
        return _Flow.NEXT

    def _simple(self, node: ast.stmt) -> None:
        """Evaluate a statement that goes on to the next."""
        match node:
            case ast.Assign(targets=targets, value=value):
                result = self.value(value)
                for target in targets:
                    self.bind(target, result)
            case ast.AnnAssign(target=ast.Name() as target, value=value):
                if value:
                    self.bind(target, self.value(value))
            case ast.AugAssign(target=target, op=operator, value=value):
                self._augment(target, operator, value)
            case ast.Assert(test=test):
                if not truth(self.value(test)):
                    raise AssertionError(f"what line {node.lineno} asserts is not so")
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                pass
            case ast.Expr(value=value):
                self.value(value)
            case _:
                raise unknown(node)

    def _augment(self, target: ast.expr, operator: ast.operator, value: ast.expr) -> None:
        """Evaluate a statement such as `x += 1`; a list is changed in its place, as in Python."""
        owner = key = None
        match target:
            case ast.Name(id=name):
                old = self.name(name)
            case ast.Subscript():
                owner, key = self.value(target.value), self.key(target.slice)
                old = item(owner, key, self.meter)
            case _:
                raise Refusal("assigns to what is no name and no item")
        more = self.value(value)
        new: object
        if type(old) is list and isinstance(operator, ast.Add):
            new = old + listed(items(more, self.meter))
            require_items(len(new))
        else:
            new = binary(operator, old, more, self.meter)
        if type(old) is list and isinstance(new, list):
            old[:] = new
            new = old
        if isinstance(target, ast.Name):
            self.values[target.id] = new
        else:
            self.store(owner, key, new)

    def _if(self, node: ast.If) -> _Flow:
        """Evaluate a chain of `if` and `elif`, however long."""
        while not truth(self.value(node.test)):
            match node.orelse:
                case [ast.If() as other]:
                    node = other
                case block:
                    return self._block(block)
        return self._block(node.body)

    def _for(
        self,
        target: ast.expr,
        iterable: ast.expr,
        body: Sequence[ast.stmt],
        orelse: Sequence[ast.stmt],
    ) -> _Flow:
        for each in items(self.value(iterable), self.meter):
            self.bind(target, each)
            flow = self._block(body)
            if flow is _Flow.RETURN:
                return flow
            if flow is _Flow.BREAK:
                return _Flow.NEXT
        return self._block(orelse)

    def _while(self, test: ast.expr, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt]) -> _Flow:
        while truth(self.value(test)):
            flow = self._block(body)
            if flow is _Flow.RETURN:
                return flow
            if flow is _Flow.BREAK:
                return _Flow.NEXT
        return self._block(orelse)

    def _with(self, managers: Sequence[ast.withitem], body: Sequence[ast.stmt]) -> _Flow:
        for each in managers:
            scope = self.value(each.context_expr)
            if not isinstance(scope, Scope):
                raise Refusal(f"uses `with` on {kind_of(scope)}")
            if each.optional_vars:
                self.bind(each.optional_vars, scope.name)
        return self._block(body)
