"""The parameters that a module writes into a mapping, and those that it reads there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from patcher.verify.lookup import Lookup, string, tested_names
from patcher.verify.module import Function, Module
from patcher.verify.optional_code import with_handler
from patcher.verify.scopes import binders, parameters, reads


def definitions(module: Module) -> Iterator[str]:
    """The keys that a module puts into any mapping, and the attributes that it sets on any object.

    All of them count as parameters: what flows where is not followed.
    """
    for node in _writers(module):
        yield from filter(None, _written(node))


def lookups(module: Module, mapping: str) -> Iterator[Lookup]:
    """Where a module reads a parameter.

    Args:
        module: The module.
        mapping: The name of the mapping that holds the parameters.
    """
    if mapping.encode() not in module.content:
        return
    holders = reads(module, mapping, _is_mapping, outside=False)
    tested = tested_names(module)
    handled = with_handler(module.statements, {"KeyError", "LookupError"})
    for node in module.every(ast.Subscript):
        match node:
            case ast.Subscript(value=ast.Name() as holder, slice=key, ctx=ast.Load()):
                meant = id(holder) in holders
            case ast.Subscript(value=ast.Attribute(attr=name), slice=key, ctx=ast.Load()):
                meant = name.strip("_") == mapping
            case _:
                continue
        if meant and (text := string(key)):
            optional = text in tested or id(node) in handled
            yield Lookup(module.path, node.lineno, text, optional)


def _writers(module: Module) -> Iterator[ast.expr]:
    """The nodes that may put something into a mapping or set it on an object."""
    for node in module.every(ast.Subscript):
        if isinstance(node.ctx, ast.Store):
            yield node
    for each in module.every(ast.Attribute):
        if isinstance(each.ctx, ast.Store):
            yield each
    yield from module.every(ast.Dict)
    yield from module.every(ast.Call)


def _written(node: ast.AST) -> Iterator[str | None]:
    """The keys that a node puts into a mapping, or the attribute that it sets."""
    match node:
        case ast.Subscript(slice=key):
            yield string(key)
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner != "self":
            yield name
        case ast.Dict(keys=keys):
            yield from (string(key) for key in keys if key)
        case ast.Call(func=ast.Name(id="dict") | ast.Attribute(attr="update"), keywords=named):
            yield from (keyword.arg for keyword in named)
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[key, *_]):
            yield string(key)


def _is_mapping(function: Function, name: str) -> bool | None:
    """Whether a name is the program's mapping in a function.

    A parameter of that name is, and a dictionary made there; another local is not, such as a
    row of a table.
    """
    if name in parameters(function):
        return True
    bound = {id(each) for each in binders(function, name)}
    values = (
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and any(id(target) in bound for target in node.targets)
    )
    return any(map(_makes_dictionary, values)) if bound else None


def _makes_dictionary(value: ast.expr) -> bool:
    match value:
        case ast.Dict() | ast.Call(func=ast.Name(id="dict")):
            return True
    return False
