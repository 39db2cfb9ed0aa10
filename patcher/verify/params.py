"""The hyper-parameters of a program: which it writes into `params`, and which it reads there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from patcher.verify.lookup import Reading, asked, text
from patcher.verify.module import Function, Module
from patcher.verify.optional_code import caught
from patcher.verify.scopes import parameters, reads, stores

_NAME = "params"


def unwritten(program: Sequence[Module]) -> list[Reading]:
    """The reads of parameters that no module of a program writes.

    A parameter counts as written where its key is put into any mapping or set on any object:
    what flows where is not followed.
    """
    known = {key for module in program for node in _writers(module) for key in _written(node)}
    return [read for module in program for read in _readings(module) if read.name not in known]


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
            yield text(key)
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner != "self":
            yield name
        case ast.Dict(keys=keys):
            yield from (text(key) for key in keys if key)
        case ast.Call(func=ast.Name(id="dict") | ast.Attribute(attr="update"), keywords=named):
            yield from (keyword.arg for keyword in named)
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[key, *_]):
            yield text(key)


def _readings(module: Module) -> Iterator[Reading]:
    if _NAME.encode() not in module.content:
        return
    known = reads(module, _NAME, _ruling, meant=False)
    spared, optional = asked(module), caught(module.statements, {"KeyError", "LookupError"})
    for node in module.every(ast.Subscript):
        match node:
            case ast.Subscript(value=ast.Name() as holder, slice=key, ctx=ast.Load()):
                meant = id(holder) in known
            case ast.Subscript(value=ast.Attribute(attr=name), slice=key, ctx=ast.Load()):
                meant = name.strip("_") == _NAME
            case _:
                continue
        key_text = text(key)
        if meant and key_text and key_text not in spared and id(node) not in optional:
            yield Reading(module.path, node.lineno, key_text)


def _ruling(function: Function, name: str) -> bool | None:
    """Whether `params` is a program's parameters in a function.

    A parameter of that name is, and a dictionary made there; another local is not, such as a
    row of a table.
    """
    if name in parameters(function):
        return True
    bound = {id(each) for each in stores(function, name)}
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
