"""The flags of the program that trains, as far as a launch has to know them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


def value(arguments: Sequence[str], name: str) -> str | None:
    """What a flag is set to on a command line, where the last word counts; None if it is not."""
    flag = re.compile(rf"--?{name}(?:=(.*))?", re.DOTALL)
    for place in reversed(range(len(arguments))):
        found = flag.fullmatch(arguments[place])
        if found:
            following = arguments[place + 1 : place + 2]
            return found[1] if found[1] is not None else "".join(following)
    return None


def steps(program: Path, arguments: Sequence[str], workers: int) -> int | None:
    """The step at which training ends, as the program works it out; None if that is not known."""
    defaults = _defaults(program)

    def number(name: str) -> int:
        given = value(arguments, name)
        return int(str(defaults.get(name)) if given is None else given)

    with suppress(ValueError, ZeroDivisionError):
        examples = number("num_epochs") * number("num_examples_per_epoch")
        return int(examples / (number("train_batch_size") * workers)) + 1
    return None


def _defaults(program: Path) -> Mapping[str, object]:
    """The default of every flag that a program defines with one written out."""
    found = {}
    for node in ast.walk(ast.parse(program.read_bytes())):
        match node:
            case ast.Call(func=ast.Attribute(attr=attr), args=[ast.Constant(value=name), *rest]):
                named = [keyword.value for keyword in node.keywords if keyword.arg == "default"]
                if attr.startswith("DEFINE_") and [*named, *rest]:
                    with suppress(ValueError):
                        found[str(name)] = ast.literal_eval([*named, *rest][0])
    return found
