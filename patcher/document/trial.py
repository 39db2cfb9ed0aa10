"""A rule tried on its own quotes, in the least code that gives it its place."""

from __future__ import annotations

from textwrap import indent
from typing import NamedTuple

from patcher import engine
from patcher.model import Edit, Pack, Rule, Section, State


class Trial(NamedTuple):
    """What a rule does to its quoted before.

    Attributes:
        state: How the rule stands on its quoted before.
        made: The code that it makes of that.
        wanted: The code with its quoted after.
        again: How the rule stands on what it has made.
    """

    state: State
    made: str
    wanted: str
    again: State


def tried(section: Section, rule: Rule) -> Trial:
    """The rule run by the engine, alone, on its quoted before.

    Raises:
        Unparsable: The quoted before is no Python.
    """
    content = host(rule, rule.before).encode()
    alone = {section.id_of(rule)}
    pack = Pack("tried", (section,))
    (file,) = engine.plan([pack], {section.path: content}, alone).files
    (outcome,) = file.outcomes
    (again,) = engine.plan([pack], {section.path: file.after}, alone).outcomes
    return Trial(outcome.state, file.after.decode(), host(rule, rule.after), again.state)


def host(rule: Rule, quote: str) -> str:
    """Code with a quote of the rule at its place.

    The quote stands behind the statement that an addition follows, or behind an import.

    Args:
        rule: The rule, whose edit names the place.
        quote: Its before or after; "" for code that is not there yet, or is gone.
    """
    code = (
        f"{getattr(rule.edit, 'follows', '') or 'import anything'}\n{_completed(rule.edit, quote)}"
    )
    for name in reversed(rule.edit.within.split(".")):
        code = f"def {name}():\n{indent(code, '    ')}" if name else code
    return code


def _completed(edit: Edit, quote: str) -> str:
    """A quote as whole statements, with what the edit says of its surroundings."""
    text = quote.rstrip()
    if getattr(edit, "call", "") and text:
        text = f"{getattr(edit, 'call', '')}({text}"
    text += ")" * (text.count("(") - text.count(")"))
    if text.endswith(":"):
        text += f"\n    {getattr(edit, 'holding', '') or 'pass'}"
    return f"{text}\n" if text else ""
