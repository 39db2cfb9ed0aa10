"""Parameters of a function of a tree: what is given for each, else its default."""

import ast
from collections.abc import Sequence

from patcher.checks.expressions import Expressions
from patcher.checks.refusals import Refusal


def arguments_of(
    function: ast.FunctionDef, given: Sequence[object], outside: Expressions
) -> dict[str, object]:
    """The value of each parameter.

    Args:
        function: The function.
        given: The arguments by place.
        outside: Evaluates the defaults, which do not see what the function binds.

    Raises:
        Refusal: A default is not evaluated, or any keyword may be given.
        TypeError: There are too many arguments, or too few.
    """
    args = function.args
    if args.kwarg:
        raise Refusal("takes any keywords")
    names = [each.arg for each in (*args.posonlyargs, *args.args)]
    defaults = [outside.value(each) for each in args.defaults]
    named = [(a.arg, d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    found = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    found |= {name: outside.value(default) for name, default in named if default}
    found |= dict(zip(names, given, strict=False))
    if args.vararg:
        found[args.vararg.arg] = tuple(given[len(names) :])
    elif len(given) > len(names):
        raise TypeError(f"{len(given)} arguments for {len(names)} parameters")
    missing = [name for name in (*names, *(name for name, _ in named)) if name not in found]
    if missing:
        raise TypeError(f"no argument for {', '.join(missing)}")
    return found
