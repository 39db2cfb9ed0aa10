"""Equal forms: a function gives after the edits, bit for bit, what it gave before."""

import __future__

import ast
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from importlib import import_module
from itertools import product
from math import prod
from random import Random
from typing import Any

from patcher.checks import arrays
from patcher.checks.arrays import Tensor
from patcher.checks.model import Finding, Subject
from patcher.checks.sources import Sources

_ROUNDS = 6
# What the code of a tree may call while it is tried.
_BUILTINS = {
    each.__name__: each
    for each in (bool, enumerate, float, int, isinstance, len, list, max, min, range, tuple, zip)
}
# A function of a tree by itself: takes the module of tensors that it uses, an array, integers.
_Form = Callable[[Any, Any, Sequence[int]], Any]
# Runs a form on an array and integers, and gives all that distinguishes its result.
_Runner = Callable[[_Form, Tensor, Sequence[int]], tuple[object, ...]]
# What a form raises that needs more of its module than there is.
_INCOMPLETE = (AttributeError, ImportError, NameError)


def check(
    subject: Subject,
    *,
    file: str,
    function: str,
    array_rank: int,
    module: str,
    alias: str,
    sides: tuple[int, int] = (1, 5),
    integer: tuple[int, int] = (1, 5),
) -> list[Finding] | None:
    """What the edits changed in what a function gives: the first input of each sort.

    The form before and the form after, cut out of the tree's own source, run on random arrays
    and integers: in plain Python, and in a graph of the module where that is installed. Only
    advice is that a form needs to know the first side of its array beforehand where the other
    did not. None where there is no such function, or was none before.

    Args:
        subject: A tree.
        file: The file that holds the function.
        function: Its name; it takes an array, and an integer for the next parameter and for each
            behind that which has no default.
        array_rank: The number of dimensions of the array.
        module: The module of tensors that it uses.
        alias: What it calls that module.
        sides: The smallest and the largest side of the array.
        integer: The smallest and the largest integer.
    """
    old, new = (_function(sources, file, function) for sources in (subject.old, subject.new))
    if old is None:
        return None
    if new is None:
        return [Finding(file, 1, f"has no function {function} to try, expected one")]
    if ast.dump(old) == ast.dump(new):
        return []
    names = _further_parameters(old)
    forms, runners = [_form(each, alias) for each in (old, new)], _runners(module)
    inputs, found = list(_inputs(array_rank, sides, integer, len(names))), set[Finding]()
    for sized in (True, False):
        for run, (values, size, dtype, numbers) in product(runners, inputs):
            data = partial(Tensor, values, size, dtype, sized)
            before, after = (_attempt(run, form, data(), numbers) for form in forms)
            # Where the first side is not known, a form that never ran is no measure.
            if sized if isinstance(before, Exception) else before != after:
                at = ", ".join(map("{} {}".format, names, numbers))
                given = f"{data().shape} {dtype} at {at}"
                text, advice = _difference(given, before, after, sized)
                found.add(Finding(file, _first_difference(old, new), text, advice))
                break
    return sorted(found)


def _difference(given: str, before: object, after: object, sized: bool) -> tuple[str, bool]:
    """What is wrong where the results of two forms differ, and whether that is only advice."""
    old, new = (f"{type(each).__name__}: {each}".partition("\n")[0] for each in (before, after))
    if isinstance(before, _INCOMPLETE):
        return f"cannot be tried by itself, before the edits as after them ({old})", True
    if isinstance(after, _INCOMPLETE):
        return f"cannot be tried by itself any more ({new}), expected both forms to run", False
    if isinstance(before, Exception):
        return f"the form before cannot be tried on {given} ({old}), expected both to run", False
    if not isinstance(after, Exception):
        text = f"gives other numbers than the form before on {given}, expected the same bits"
        return text, False
    if sized:
        return f"fails on {given} ({new}), expected what the form before gives", False
    text = f"needs a first dimension of known size: fails on {given}, where the form before"
    return f"{text} did not ({new})", True


def _further_parameters(function: ast.FunctionDef) -> list[str]:
    """The second parameter, and those behind it that have no default."""
    args = [*function.args.posonlyargs, *function.args.args]
    return [each.arg for each in args[1 : max(2, len(args) - len(function.args.defaults))]]


def _inputs(
    rank: int, sides: tuple[int, int], integer: tuple[int, int], count: int
) -> Iterator[tuple[Sequence[int], list[int], str, list[int]]]:
    """Numbers, shape and type of random arrays, each with integers; the same in every run."""
    random = Random(0)
    for dtype in (*arrays.TYPES,) * _ROUNDS:
        shape = [random.randint(*sides) for _ in range(rank)]
        values = memoryview(random.randbytes(prod(shape))).cast("b").tolist()
        yield values, shape, dtype, [random.randint(*integer) for _ in range(count)]


def _function(sources: Sources, file: str, name: str) -> ast.FunctionDef | None:
    module = sources.module(file)
    found = module.statements if module else ()
    return next((s for s in found if isinstance(s, ast.FunctionDef) and s.name == name), None)


def _first_difference(old: ast.FunctionDef, new: ast.FunctionDef) -> int:
    """The line of the first simple statement of `new` that `old` lacks."""
    before = {ast.dump(node) for node in ast.walk(old) if isinstance(node, ast.stmt)}
    after = (n for n in ast.walk(new) if isinstance(n, ast.stmt) and not hasattr(n, "body"))
    return next((node.lineno for node in after if ast.dump(node) not in before), new.lineno)


def _form(function: ast.FunctionDef, alias: str) -> _Form:
    """A function by itself, without its decorators, and with next to nothing else."""
    bare = copy(function)
    bare.decorator_list = []
    flags = __future__.annotations.compiler_flag
    code = compile(ast.Module([bare], []), "<tried>", "exec", flags, dont_inherit=True)

    def form(module: object, data: object, integers: Sequence[int]) -> object:
        names: dict[str, Any] = {alias: module, "__builtins__": _BUILTINS}
        exec(code, names)
        return names[function.name](data, *integers)

    return form


def _runners(module: str) -> list[_Runner]:
    """That in plain Python, and that of a module's graphs where it is installed."""
    try:
        with _quiet():
            graphs = import_module(module)
    except ImportError:
        return [_plainly]
    return [_plainly, partial(_in_graph, graphs)]


def _attempt(
    run: _Runner, form: _Form, data: Tensor, integers: Sequence[int]
) -> tuple[object, ...] | Exception:
    """What a form makes of an input, or why nothing."""
    try:
        return run(form, data, integers)
    except Exception as error:  # Not our code: whatever it raises is the result.
        return error


def _plainly(form: _Form, data: Tensor, integers: Sequence[int]) -> tuple[object, ...]:
    result: Tensor = form(arrays, data, integers)
    return result.bits


def _in_graph(
    graphs: Any, form: _Form, data: Tensor, integers: Sequence[int]
) -> tuple[object, ...]:
    with _quiet(), graphs.Graph().as_default(), graphs.Session() as session:
        values = graphs.placeholder(data.dtype, [None])
        given = graphs.reshape(values, [-1 if side is None else side for side in data.shape])
        result = session.run(form(graphs, given, integers), {values: data.values})
        return result.dtype, result.shape, result.tobytes()


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
