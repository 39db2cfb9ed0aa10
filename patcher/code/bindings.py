"""Which names code mentions, reads and binds."""

import builtins
import symtable
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

import libcst as cst

from patcher.code.equivalence import meaningful, simple_statements, walk
from patcher.code.imports import imported_names, imports_in, source, star_imports
from patcher.code.outline import Line, Outline

# Names that are no variables, by the kind of node that has them.
NO_VARIABLES = {cst.Attribute: "attr", cst.Arg: "keyword", cst.Param: "name"}


def mentioned(*nodes: cst.CSTNode) -> frozenset[str]:
    """The names in code, as variables, attributes or keywords, without Python's own."""
    found = (part.value for node in nodes for part in walk(node) if isinstance(part, cst.Name))
    return frozenset(name for name in found if name not in vars(builtins))


def mentions(node: cst.CSTNode, name: str) -> bool:
    """Whether a name stands anywhere in the node, as a variable, attribute or keyword."""
    return any(isinstance(part, cst.Name) and part.value == name for part in walk(node))


def reads(node: cst.CSTNode, *, of_line: bool = False) -> Iterator[str]:
    """Every variable that a node mentions, without names of attributes, keywords and imports.

    With `of_line`, without what stands in the blocks of a line.
    """
    if isinstance(node, cst.Import | cst.ImportFrom):
        return
    if of_line and isinstance(node, cst.IndentedBlock):
        return
    if isinstance(node, cst.Name):
        yield node.value
    skipped = NO_VARIABLES.get(type(node))
    for name in meaningful(type(node)):
        value = getattr(node, name) if name != skipped else None
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, cst.CSTNode):
                yield from reads(part, of_line=of_line)


_released: ContextVar[frozenset[str]] = ContextVar("released", default=frozenset())


@contextmanager
def released(names: frozenset[str]) -> Iterator[None]:
    """Have some names count as read no more, as later edits of the file take away their uses."""
    token = _released.set(names)
    try:
        yield
    finally:
        _released.reset(token)


def still_read(module: cst.Module) -> Iterator[str]:
    """Every variable that a file reads, as `reads`, and will read once it is edited."""
    gone = _released.get()
    return (name for name in reads(module) if name not in gone)


def own_parts(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The meaningful nodes of a line, without what stands in its blocks."""
    yield node
    for name in meaningful(type(node)):
        value = getattr(node, name)
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, cst.CSTNode) and not isinstance(part, cst.IndentedBlock):
                yield from own_parts(part)


def assigned(nodes: Iterable[cst.CSTNode]) -> set[str]:
    """The variables that code assigns to, however deep the statement stands."""
    parts = (part for node in nodes for part in walk(node) if isinstance(part, cst.AssignTarget))
    return {part.target.value for part in parts if isinstance(part.target, cst.Name)}


def bound_by(node: cst.CSTNode, but_from: str | None = None) -> set[str]:
    """The names that a line binds or deletes, other than by an import from the module `but_from`.

    What it binds inside an expression is left out.
    """
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        return {node.name.value}
    others = (each for each in imports_in(node) if source(each) != but_from)
    found = {name for target in _targets(node) for name in _names_of(target)}
    names = {name for each in others for name in imported_names(each)}
    return found | {name.partition(".")[0] for name in names}


def _targets(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What a line assigns to, in whichever way."""
    for part in simple_statements(node):
        if isinstance(part, cst.Assign):
            yield from (each.target for each in part.targets)
        elif isinstance(part, cst.AnnAssign | cst.AugAssign | cst.Del):
            yield part.target
    if isinstance(node, cst.For):
        yield node.target
    elif isinstance(node, cst.With):
        yield from (item.asname.name for item in node.items if item.asname)
    elif isinstance(node, cst.Match):
        parts = [part for case in node.cases for part in walk(case.pattern)]
        names = [p.name for p in parts if isinstance(p, cst.MatchAs | cst.MatchStar)]
        names += [part.rest for part in parts if isinstance(part, cst.MatchMapping)]
        yield from filter(None, names)
    elif isinstance(node, cst.Try | cst.TryStar):
        yield from (each.name.name for each in node.handlers if each.name)


def _names_of(target: cst.CSTNode) -> Iterator[str]:
    """The names that an assignment to a target binds."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _names_of(element.value)


def binding_lines(names: Set[str], outline: Outline, but_from: str | None = None) -> Iterator[Line]:
    """The module-level lines that bind one of some names, other than by importing from a module."""
    return (line for line in outline.lines("") if names & bound_by(line.node, but_from))


def is_bound(name: str, outline: Outline) -> bool:
    """Whether the module binds a name; an import of `*` may bind any."""
    nodes = (line.node for line in outline.lines(""))
    return any(name in bound_by(node) or star_imports(node) for node in nodes)


def bound_elsewhere(name: str, outline: Outline) -> Iterator[Line]:
    """The lines that bind a name of the module, and are no binding at module level.

    These are lines of functions that declare it global, and expressions that assign to it.
    """
    for line in outline.lines() if "global" in outline.code else ():
        if isinstance(line.node, cst.FunctionDef) and name in declared(line.node):
            yield line  # whose block stands behind its colon
        elif line.suite.scope and name in declared(line.node):
            inside = outline.lines(line.suite.scope)
            yield from (each for each in inside if name in bound_by(each.node))
    for line in outline.lines("") if ":=" in outline.code else ():
        walrus = (part for part in walk(line.node) if isinstance(part, cst.NamedExpr))
        if any(name in _names_of(part.target) for part in walrus):
            yield line


def declared(node: cst.CSTNode) -> set[str]:
    """The names that a line declares to be those of the module or of a function around it."""
    found = (e for e in simple_statements(node) if isinstance(e, cst.Global | cst.Nonlocal))
    return {item.name.value for part in found for item in part.names}


def exported(module: cst.Module) -> set[str]:
    """The names that `__all__` lists, wherever a module adds to it."""
    found = set[str]()
    for part in walk(module):
        match part:
            case cst.Assign(targets=[cst.AssignTarget(target=target)], value=value):
                pass
            case (
                cst.AnnAssign(target=target, value=value)
                | cst.AugAssign(target=target, value=value)
            ):
                pass
            case cst.Call(func=cst.Attribute(value=target), args=[cst.Arg(value=value)]):
                pass
            case _:
                continue
        if isinstance(target, cst.Name) and target.value == "__all__" and value:
            strings = (each for each in walk(value) if isinstance(each, cst.SimpleString))
            found |= {str(each.evaluated_value) for each in strings}
    return found


def parameters_of(scope: str, outline: Outline) -> set[str]:
    """The parameters of a function, as the rules have left it."""
    owners = (suite.owner for suite in outline.within(scope) if suite.owner)
    functions = (
        o.node for o in owners if isinstance(o.node, cst.FunctionDef) and o.suite.scope != scope
    )
    parts = (part for node in functions for part in walk(node.params))
    return {part.name.value for part in parts if isinstance(part, cst.Param)}


def is_local(name: str, scope: str, code: str) -> bool:
    """Whether a function in some code, or one around it, has a parameter or variable of a name."""
    tables = [_table(code)]
    for part in scope.split("."):
        inner = (child for table in tables for child in table.get_children())
        tables = [table for table in inner if table.get_name() == part]
    functions = (table for table in tables if table.get_type() == "function")
    symbols = (table.lookup(name) for table in functions if name in table.get_identifiers())
    return any(symbol.is_local() or symbol.is_free() for symbol in symbols)


@lru_cache(maxsize=1)
def _table(code: str) -> symtable.SymbolTable:
    """The symbols of a module; those of an empty one where it cannot be compiled."""
    try:
        return symtable.symtable(code, "", "exec")
    except SyntaxError:
        return symtable.symtable("", "", "exec")
