"""Which names code mentions, reads and binds."""

import builtins
import symtable
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

import libcst as cst

from patcher.code.equivalence import meaningful, simple_statements, walk
from patcher.code.imports import imported_names, imports_in, source, star_imports
from patcher.code.outline import Line, Outline


def mentioned(*nodes: cst.CSTNode) -> frozenset[str]:
    """The names in code, as variables, attributes or keywords, without Python's own."""
    found = (part.value for node in nodes for part in walk(node) if isinstance(part, cst.Name))
    return frozenset(name for name in found if name not in vars(builtins))


def mentions(node: cst.CSTNode, name: str) -> bool:
    """Whether a name stands anywhere in the node, as a variable, attribute or keyword."""
    return any(isinstance(part, cst.Name) and part.value == name for part in walk(node))


def reads(node: cst.CSTNode) -> Iterator[str]:
    """Every variable that a node mentions, without names of attributes, keywords and imports."""
    if isinstance(node, cst.ImportAlias):
        return
    if isinstance(node, cst.Name):
        yield node.value
    skipped = {cst.Attribute: "attr", cst.Arg: "keyword", cst.Param: "name"}.get(type(node))
    for name in meaningful(type(node)):
        value = getattr(node, name) if name != skipped else None
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, cst.CSTNode):
                yield from reads(part)


def assigned(nodes: Iterable[cst.CSTNode]) -> set[str]:
    """The variables that code assigns to, however deep the statement stands."""
    parts = (part for node in nodes for part in walk(node) if isinstance(part, cst.AssignTarget))
    return {part.target.value for part in parts if isinstance(part.target, cst.Name)}


def bound_by(node: cst.CSTNode, but_from: str | None = None) -> set[str]:
    """The names that a line binds, other than by importing them from the module `but_from`."""
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        return {node.name.value}
    others = (each for each in imports_in(node) if source(each) != but_from)
    targets = list[cst.CSTNode]()
    for part in simple_statements(node):
        if isinstance(part, cst.Assign):
            targets += (each.target for each in part.targets)
        elif isinstance(part, cst.AnnAssign):
            targets.append(part.target)
    if isinstance(node, cst.For):
        targets.append(node.target)
    elif isinstance(node, cst.With):
        targets += (item.asname.name for item in node.items if item.asname)
    found = {name for target in targets for name in _names_of(target)}
    return found.union(*map(imported_names, others))


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


def is_defined(name: str, outline: Outline) -> bool:
    """Whether the module binds a name to something of its own, which it does not import."""
    nodes = (line.node for line in outline.lines("") if not imports_in(line.node))
    return any(name in bound_by(node) for node in nodes)


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
