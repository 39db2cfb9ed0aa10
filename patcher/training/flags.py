"""Flags on a command line, as absl reads them, and in the program that defines them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


def value(arguments: Sequence[str], name: str) -> str | None:
    """The value of a flag on a command line, where the last one counts; None if it is not there."""
    flag = re.compile(rf"--?{name}(?:=(.*))?", re.DOTALL)
    for place in reversed(range(len(arguments))):
        found = flag.fullmatch(arguments[place])
        if found:
            following = arguments[place + 1 : place + 2]
            return found[1] if found[1] is not None else "".join(following)
    return None


def defaults(program: Path) -> Mapping[str, object]:
    """The default of every flag that a program defines with a literal one."""
    found = {}
    for node in ast.walk(ast.parse(program.read_bytes())):
        match node:
            case ast.Call(func=ast.Attribute(attr=attr), args=[ast.Constant(value=name), *rest]):
                named = [keyword.value for keyword in node.keywords if keyword.arg == "default"]
                if attr.startswith("DEFINE_") and [*named, *rest]:
                    with suppress(ValueError):
                        found[str(name)] = ast.literal_eval([*named, *rest][0])
    return found
