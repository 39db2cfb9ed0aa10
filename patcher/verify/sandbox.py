"""Tries a function of a tree, cut out of its source, on arrays and on TensorFlow's graphs."""

from __future__ import annotations
import __future__

import ast
import os
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
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
    """A function of a tree: its name, and its code by itself."""

    name: str
    code: CodeType

    def under(self, tensorflow: object) -> Callable[..., Any]:
        """The function, with `tensorflow` for its `tf` and next to nothing else."""
        names: dict[str, Any] = {"tf": tensorflow, "__builtins__": _BUILTINS}
        exec(self.code, names)
        function: Callable[..., Any] = names[self.name]
        return function


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a trial.

    Attributes:
        bits: All that tells one array from another; empty where there was none.
        reason: Why there was none.
        lacks: Whether that is for something that the function finds in its module alone.
    """

    bits: tuple[object, ...]
    reason: str = ""
    lacks: bool = False


# Runs a form on an array at a scale; the last says whether the batch size is known beforehand.
Runner = Callable[[Form, Array, int, bool], Array]


def form(function: ast.FunctionDef) -> Form:
    """The function by itself, without its decorators."""
    bare = copy(function)
    bare.decorator_list = []
    module = ast.Module([bare], [])
    flags = __future__.annotations.compiler_flag
    return Form(function.name, compile(module, "<tried>", "exec", flags, dont_inherit=True))


def runners() -> list[Runner]:
    """NumPy's, and TensorFlow's where it is installed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # It greets on standard error.
    try:
        import_module("tensorflow.compat.v1")
    except ImportError:
        return [on_arrays]
    return [on_arrays, on_tensorflow]


def tried(run: Runner, form: Form, data: Array, scale: int, batched: bool) -> Result:
    """What a form makes of an array."""
    try:
        array = run(form, data, scale, batched)
        return Result((array.dtype, array.shape, array.tobytes()))
    except Exception as error:  # Not our code: whatever it raises is the result.
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        return Result((), reason, isinstance(error, AttributeError | ImportError | NameError))


def on_arrays(form: Form, data: Array, scale: int, batched: bool) -> Array:
    """A form's result on NumPy."""
    result: Tensor = form.under(arrays)(Tensor(data, batched), scale)
    return result.value


def on_tensorflow(form: Form, data: Array, scale: int, batched: bool) -> Array:
    """A form's result in a graph of TensorFlow."""
    tf = import_module("tensorflow.compat.v1")
    with tf.Graph().as_default(), tf.Session() as session:
        given = tf.placeholder(data.dtype, data.shape if batched else (None, *data.shape[1:]))
        result: Array = session.run(form.under(tf)(given, scale), {given: data})
        return result
