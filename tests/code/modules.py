"""What the tests of code share: made-up modules, outlined and printed again."""

from textwrap import dedent

from patcher.code.changes import Change, make
from patcher.code.outline import Line, Outline, outline
from patcher.code.quotes import header
from patcher.code.source import parse


def outlined(code: str) -> Outline:
    return outline(parse("shop.py", dedent(code).encode()))


def line(blocks: Outline, code: str) -> Line:
    """The one line of a module that starts like this."""
    (only,) = (each for each in blocks.lines() if header(each.node).startswith(code))
    return only


def changed(blocks: Outline, *changes: Change) -> str:
    """What a module prints once changes are made, each as one of a match of its own."""
    make([each] for each in changes)
    return blocks.rebuild().module.code
