"""Uses of an optional module that run whether it is in use or not."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

_LEAVING = ast.Return | ast.Raise | ast.Continue | ast.Break


def is_none_test(node: ast.AST, module: Collection[int]) -> bool | None:
    """Whether a comparison is true where the module is missing; None where it is no such test.

    Args:
        node: Any node.
        module: Ids of the nodes that read the module's name.
    """
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[ast.Constant(value=None)]):
            is_module = id(left) in module
        case ast.Compare(left=ast.Constant(value=None), ops=[operator], comparators=[right]):
            is_module = id(right) in module
        case _:
            return None
    return isinstance(operator, ast.Is | ast.Eq) if is_module else None


class Guards:
    """What a file's conditions say of an optional module.

    Args:
        assignments: All of the file.
        module: Ids of the nodes that read the module's name.
        enabled: The function that tells whether the module is in use.
        counts: Attributes of the module that are 1 where it is not in use.
    """

    def __init__(
        self,
        assignments: Collection[ast.Assign],
        module: Collection[int],
        enabled: str,
        counts: Collection[str],
    ) -> None:
        self._module, self._enabled, self._attributes = module, enabled, counts
        self._switches, self._counts = set[str](), set[str]()
        for assignment in assignments:
            names = {target.id for target in assignment.targets if isinstance(target, ast.Name)}
            if self.implied(assignment.value, True):
                self._switches |= names
            if names and any(map(self._is_count, ast.walk(assignment.value))):
                self._counts |= names

    def unguarded(self, node: ast.AST, safe: bool = False) -> Iterator[ast.Attribute]:
        """The uses of the module that a node may reach while the module is not in use.

        Args:
            node: Where to look.
            safe: Whether the module is known to be in use when the node is reached.
        """
        if isinstance(node, ast.Attribute) and id(node.value) in self._module and not safe:
            yield node
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield from self.unguarded(test, safe)
                yield from self._block(node.body, safe or self.implied(test, True))
                yield from self._block(node.orelse, safe or self.implied(test, False))
            case ast.BoolOp(op=operator, values=values):
                for value in values:
                    yield from self.unguarded(value, safe)
                    safe = safe or self.implied(value, isinstance(operator, ast.And))
            case _:
                for _, value in ast.iter_fields(node):
                    yield from self._block(value, safe)

    def _block(self, block: object, safe: bool) -> Iterator[ast.Attribute]:
        """The same of a field of a node, in which a statement may guard those that follow."""
        for node in block if isinstance(block, list) else [block]:
            if isinstance(node, ast.AST):
                yield from self.unguarded(node, safe)
                safe = safe or self._ends_without(node)

    def _ends_without(self, node: ast.AST) -> bool:
        """Whether what follows a statement is only reached while the module is in use."""
        match node:
            case ast.Assert(test=test):
                return self.implied(test, True)
            case ast.If(test=test, body=[*_, last]) if isinstance(last, _LEAVING):
                return self.implied(test, False)
            case ast.If(test=test, orelse=[*_, last]) if isinstance(last, _LEAVING):
                return self.implied(test, True)
        return False

    def implied(self, test: ast.AST, truth: bool) -> bool:
        """Whether the module is certainly in use where a condition comes out as `truth`."""
        absent = is_none_test(test, self._module)
        if absent is not None:
            return absent is not truth
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return self.implied(inner, not truth)
            case ast.BoolOp(op=operator, values=values):
                # One part decides `and` when it is true and `or` when it is false.
                every = isinstance(operator, ast.Or) is truth
                return (all if every else any)(self.implied(value, truth) for value in values)
            case ast.Compare(left=count, ops=[operator], comparators=[ast.Constant()]):
                alone = isinstance(operator, ast.Eq | ast.Lt | ast.LtE)
                return self._is_count(count) and alone is not truth
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                return truth and name == self._enabled
            case ast.Name(id=name):
                return truth and (id(test) in self._module or name in self._switches)
        return False

    def _is_count(self, node: ast.AST) -> bool:
        """Whether a node is a count that is 1 while the module is not in use."""
        match node:
            case ast.Attribute(value=owner, attr=name):
                return id(owner) in self._module and name in self._attributes
            case ast.Call(func=inner):
                return self._is_count(inner)
            case ast.Name(id=name):
                return name in self._counts
        return False
