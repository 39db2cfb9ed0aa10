"""Runs a function of a tree, cut out of its source, on arrays and in graphs."""

from __future__ import annotations
import __future__

import ast
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import CodeType
from typing import Any

from patcher.verify import arrays
from patcher.verify.arrays import Array, Tensor

# What the code of a tree may call while it is tried.
_BUILTINS = {
    each.__name__: each
    for each in (bool, enumerate, float, int, isinstance, len, list, max, min, range, tuple, zip)
}


@dataclass(frozen=True, slots=True)
class Form:
    """A function of a tree by itself.

    Attributes:
        name: Its name.
        alias: What it calls the module of tensors that it uses.
        code: Its code.
    """

    name: str
    alias: str
    code: CodeType

    def using(self, module: object) -> Callable[..., Any]:
        """The function, with a module under the alias and next to nothing else."""
        names: dict[str, Any] = {self.alias: module, "__builtins__": _BUILTINS}
        exec(self.code, names)
        function: Callable[..., Any] = names[self.name]
        return function


@dataclass(frozen=True, slots=True)
class Result:
    """What a form made of an input.

    Attributes:
        bits: All that distinguishes one array from another; empty where there is none.
        reason: Why there is none.
        incomplete: Whether that is for something that the function finds only in its module.
    """

    bits: tuple[object, ...]
    reason: str = ""
    incomplete: bool = False


# Runs a form on an array and an integer; the last says whether the first side is known beforehand.
Runner = Callable[[Form, Array, int, bool], Array]


def form(function: ast.FunctionDef, alias: str) -> Form:
    """A function by itself, without its decorators."""
    bare = copy(function)
    bare.decorator_list = []
    module = ast.Module([bare], [])
    flags = __future__.annotations.compiler_flag
    code = compile(module, "<tried>", "exec", flags, dont_inherit=True)
    return Form(function.name, alias, code)


def runners(module: str) -> list[Runner]:
    """NumPy's, and that of a module's graphs where it is installed."""
    try:
        with _quiet():
            graphs = import_module(module)
    except ImportError:
        return [_on_arrays]
    return [_on_arrays, partial(_in_graph, graphs)]


def attempt(run: Runner, form: Form, data: Array, integer: int, sized: bool) -> Result:
    """What a form makes of an array and an integer."""
    try:
        array = run(form, data, integer, sized)
        return Result((array.dtype, array.shape, array.tobytes()))
    except Exception as error:  # Not our code: whatever it raises is the result.
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        return Result((), reason, isinstance(error, AttributeError | ImportError | NameError))


def _on_arrays(form: Form, data: Array, integer: int, sized: bool) -> Array:
    result: Tensor = form.using(arrays)(Tensor(data, sized), integer)
    return result.value


def _in_graph(graphs: Any, form: Form, data: Array, integer: int, sized: bool) -> Array:
    with _quiet(), graphs.Graph().as_default(), graphs.Session() as session:
        given = graphs.placeholder(data.dtype, data.shape if sized else (None, *data.shape[1:]))
        result: Array = session.run(form.using(graphs)(given, integer), {given: data})
        return result


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep native code from printing on standard error."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
