"""A rule tried on its look-alikes: code that it has to leave alone."""

from collections.abc import Iterator

from patcher import engine
from patcher.code.quote_forms import QuoteForm, completed
from patcher.document.gaps import in_scope
from patcher.errors import UnparsableError
from patcher.model import Pack, Rule, Section, State


def disturbed(section: Section, rule: Rule) -> Iterator[tuple[str, str]]:
    """The look-alikes that a rule does not leave alone, and what it does with each, for a sentence.

    Each is tried as a file of its own, and at the place that the rule's edit names.
    """
    for code in rule.ignores:
        found = (_done(section, rule, tried) for tried in _trials(rule, code))
        if done := next(filter(None, found), ""):
            yield code, done


def _trials(rule: Rule, code: str) -> tuple[str, str]:
    whole = completed(QuoteForm.STATEMENTS, code) + "\n"
    return whole, in_scope(rule.edit.within, f"import anything\n{whole}")


def _done(section: Section, rule: Rule, code: str) -> str:
    """What a rule does with code, for a sentence; "" for nothing.

    To a rule that removes code, a file without it is as if the rule had been applied.
    """
    id_, content = section.id_of(rule), code.encode()
    try:
        plan = engine.plan_alone([Pack("trial", (section,))], {section.path: content}, {id_})
    except UnparsableError as error:
        return f"cannot be tried on it ({error.found})"
    (file,), (outcome,) = plan.files, plan.outcomes
    if file.changed or outcome.state is State.PENDING:
        return "edits it"
    if outcome.state is State.APPLIED and not rule.removes:
        return "takes it for its own edit"
    return ""
