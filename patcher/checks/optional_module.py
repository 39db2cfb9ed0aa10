"""Optional module: where a tree still counts on a module that need not be there. All is advice."""

import ast
from collections.abc import Collection, Iterator, Set

from patcher.checks.imports import unprovided
from patcher.checks.model import Finding, Subject
from patcher.checks.module import Module, of_scope, reads, stands_on

_LEAVING = ast.Return | ast.Raise | ast.Continue | ast.Break


def check(
    subject: Subject,
    *,
    title: str,
    module: str,
    names: tuple[str, ...],
    enabled: tuple[str, ...],
    counts: tuple[str, ...] = (),
) -> list[Finding] | None:
    """Tests for the missing module, unguarded uses of it, and modules that no runtime provides.

    None where no file imports the module, and none a runtime's.

    Args:
        subject: A tree.
        title: What the module is called in sentences.
        module: The module's dotted name.
        names: What it is called where it is imported from another module.
        enabled: The functions that tell whether the module is in use, the one to call first.
        counts: Attributes of the module that are 1 where it is not in use.
    """
    found, missing = list[Finding](), unprovided(subject)
    imported = missing is not None
    for file in {each for word in (*names, module) for each in subject.new.modules(word)}:
        nodes = _reads(file, module, names)
        if nodes is None:
            continue
        imported = True
        for test in _tests(file, nodes, enabled):
            text = f"`{ast.unparse(test)}` still asks whether {title} is installed"
            text += f", expected `{enabled[0]}()`"
            found.append(Finding(file.path, test.lineno, text, advice=True))
        for use in _Guards(file, nodes, enabled, counts).unguarded(file.tree):
            text = (
                f"`{ast.unparse(use)}` is used where {title} might not be running, expected a guard"
            )
            found.append(Finding(file.path, use.lineno, text, advice=True))
    return sorted([*found, *(missing or ())]) if imported else None


def _reads(file: Module, module: str, names: Collection[str]) -> set[ast.expr] | None:
    """The nodes that read the module, whatever the file calls it; None without an import."""
    local = {
        alias.asname or alias.name
        for alias in of_scope(file.tree.body)
        if isinstance(alias, ast.alias)
        and (alias.name in names or (alias.name == module and alias.asname))
    }
    found = [each for name in local for each in reads(file, name).items()]
    return {node for node, scope in found if scope is None} if local else None


def _tests(module: Module, nodes: Set[ast.AST], enabled: Collection[str]) -> Iterator[ast.expr]:
    """The tests of whether the module is there, against None or as a truth value.

    One that goes before the question whether the module is in use, which only a module that is
    there can answer, is none.
    """
    rows = module.every(ast.BoolOp)
    asked = {
        value for row in rows if any(_asks(e, enabled) for e in row.values) for value in row.values
    }
    for comparison in module.every(ast.Compare):
        if comparison not in asked and _is_none_test(comparison, nodes) is not None:
            yield comparison
    choices: list[ast.If | ast.While | ast.IfExp] = module.every(ast.If, ast.While, ast.IfExp)
    conditions = [choice.test for choice in choices]
    conditions += (node.operand for node in module.every(ast.UnaryOp))
    conditions += (value for row in rows for value in row.values)
    yield from (each for each in conditions if each in nodes and each not in asked)


def _asks(node: ast.AST, enabled: Collection[str]) -> bool:
    """Whether a node calls one of some functions, or is the opposite of such a call."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _asks(inner, enabled)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in {each.rpartition(".")[2] for each in enabled}
    return False


def _is_none_test(node: ast.AST, module: Set[ast.AST]) -> bool | None:
    """Whether a comparison is true where the module is missing; None where it is no such test."""
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[ast.Constant(value=None)]):
            is_module = left in module
        case ast.Compare(left=ast.Constant(value=None), ops=[operator], comparators=[right]):
            is_module = right in module
        case _:
            return None
    return isinstance(operator, ast.Is | ast.Eq) if is_module else None


class _Guards:
    """What a file's conditions say of the module, which some nodes read."""

    def __init__(
        self,
        file: Module,
        module: Set[ast.expr],
        enabled: Collection[str],
        counts: Collection[str],
    ) -> None:
        self._module, self._enabled, self._attributes = module, enabled, counts
        self._switches, self._counts = set[str](), set[str]()
        for assignment in file.every(ast.Assign):
            names = {target.id for target in assignment.targets if isinstance(target, ast.Name)}
            if self._implies(assignment.value, True):
                self._switches |= names
            if names and any(map(self._is_count, ast.walk(assignment.value))):
                self._counts |= names
        self._lines = {node.lineno for node in module}

    def unguarded(self, node: ast.AST, safe: bool = False) -> Iterator[ast.Attribute]:
        """The uses of the module that a node may reach while the module is not in use.

        With `safe`, it is known to be in use when the node is reached.
        """
        if isinstance(node, ast.Attribute) and node.value in self._module and not safe:
            yield node
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield from self.unguarded(test, safe)
                yield from self._block(node.body, safe or self._implies(test, True))
                yield from self._block(node.orelse, safe or self._implies(test, False))
            case ast.BoolOp(op=operator, values=values):
                for value in values:
                    yield from self.unguarded(value, safe)
                    safe = safe or self._implies(value, isinstance(operator, ast.And))
            case _:
                for _, value in ast.iter_fields(node):
                    yield from self._block(value, safe)

    def _block(self, block: object, safe: bool) -> Iterator[ast.Attribute]:
        """The same of a field of a node, in which a statement may guard those that follow."""
        for node in block if isinstance(block, list) else [block]:
            if isinstance(node, ast.AST):
                if stands_on(node, self._lines):
                    yield from self.unguarded(node, safe)
                safe = safe or self._ends_without(node)

    def _ends_without(self, node: ast.AST) -> bool:
        """Whether what follows a statement is only reached while the module is in use."""
        match node:
            case ast.Assert(test=test):
                return self._implies(test, True)
            case ast.If(test=test, body=[*_, last]) if isinstance(last, _LEAVING):
                return self._implies(test, False)
            case ast.If(test=test, orelse=[*_, last]) if isinstance(last, _LEAVING):
                return self._implies(test, True)
        return False

    def _implies(self, test: ast.AST, truth: bool) -> bool:
        """Whether the module is certainly in use where a condition comes out as `truth`."""
        absent = _is_none_test(test, self._module)
        if absent is not None:
            return absent is not truth
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return self._implies(inner, not truth)
            case ast.BoolOp(op=operator, values=values):
                # One part decides `and` when it is true and `or` when it is false.
                every = isinstance(operator, ast.Or) is truth
                return (all if every else any)(self._implies(value, truth) for value in values)
            case ast.Compare(left=count, ops=[operator], comparators=[ast.Constant()]):
                alone = isinstance(operator, ast.Eq | ast.Lt | ast.LtE)
                return self._is_count(count) and alone is not truth
            case ast.Call() if truth:
                return _asks(test, self._enabled)
            case ast.Name(id=name):
                return truth and (test in self._module or name in self._switches)
        return False

    def _is_count(self, node: ast.AST) -> bool:
        """Whether a node is a count that is 1 while the module is not in use."""
        match node:
            case ast.Attribute(value=owner, attr=name):
                return owner in self._module and name in self._attributes
            case ast.Call(func=inner):
                return self._is_count(inner)
            case ast.Name(id=name):
                return name in self._counts
        return False
