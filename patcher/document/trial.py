"""A rule run on its own quotes, in the least code that gives it its place."""

from __future__ import annotations

from textwrap import indent

from patcher import engine
from patcher.edits.kinds import CallArgument, IfTest, Statement
from patcher.model import Edit, FilePlan, Pack, Rule, Section, State


def run(section: Section, rule: Rule) -> tuple[State, str, State]:
    """A rule's state on its quote `before`, the code it makes of that, and its state on that code.

    Raises:
        UnparsableError: The quote is not Python.
    """
    first = _planned(section, rule, embedded(rule, rule.before).encode())
    again = _planned(section, rule, first.after)
    return first.outcomes[0].state, first.after.decode(), again.outcomes[0].state


def _planned(section: Section, rule: Rule, content: bytes) -> FilePlan:
    pack = Pack("trial", (section,))
    (file,) = engine.plan([pack], {section.path: content}, {section.id_of(rule)}).files
    return file


def embedded(rule: Rule, quote: str) -> str:
    """Code that holds a quote of a rule, "" for none, at the place that the rule's edit names.

    The quote stands after the statement that an addition follows, or after an import.
    """
    edit = rule.edit
    before = edit.follows if isinstance(edit, Statement) else ""
    code = f"{before or 'import anything'}\n{_completed(edit, quote)}"
    for name in reversed(edit.within.split(".")):
        code = f"def {name}():\n{indent(code, '    ')}" if name else code
    return code


def _completed(edit: Edit, quote: str) -> str:
    """A quote as whole statements, with the call or the body that its edit names."""
    text = quote.rstrip()
    if isinstance(edit, CallArgument) and text:
        text = f"{edit.call}({text}"
    text += ")" * (text.count("(") - text.count(")"))
    if text.endswith(":"):
        body = edit.holding if isinstance(edit, IfTest) else ""
        text += f"\n    {body or 'pass'}"
    return f"{text}\n" if text else ""
