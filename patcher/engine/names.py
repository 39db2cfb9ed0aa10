"""Names that an edit counts on: that they are what it takes them for, and are there at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache

import libcst as cst

from patcher.code import quotes
from patcher.code.bindings import (
    bound_by,
    bound_elsewhere,
    is_bound,
    is_local,
    reads,
)
from patcher.code.equivalence import equivalent
from patcher.code.imports import attempt_at, imports_in
from patcher.code.outline import Line, Outline
from patcher.code.quote_forms import QuoteForm, completed
from patcher.code.tokens import variables_in
from patcher.edits.kinds import Kind
from patcher.engine.aliases import (
    Imported,
    imported,
    imported_by,
    imports_of,
    localized,
)
from patcher.engine.blockers import Blocker
from patcher.model import Edit, Rule


def find_other_binding(
    rule: Rule, rules: Sequence[Rule], names: Mapping[str, str], outline: Outline
) -> Blocker | None:
    """The line that makes something else of a name which a rule counts on, as rules import it.

    That is an assignment, a deletion or an import from elsewhere. It blocks all rules that are
    about the name.
    """
    said = [localized(each, names) for each in rules]
    quoted = {each for one in said for each in (*imports_of(one.before), *imports_of(one.after))}
    statements = [node for one in said for node in _statements(one)]
    attempts = (attempt_at(module, name) for module, name, _ in quoted)
    statements += [node for node in attempts if node]
    counted = {name for _, _, name in quoted} & (variables(rule) | imported(rule))
    for name in sorted(counted):
        for line in _other_bindings(name, quoted, outline):
            around = [line, *line.suite.owners()]
            if not any(equivalent(node, each.node) for node in statements for each in around):
                return Blocker(line.origin, f"binds `{name}` to something else", name=name)
    return None


def _statements(rule: Rule) -> Iterator[cst.CSTNode]:
    """The statements that a rule quotes, which may bind a name in any of their blocks."""
    for quote in (rule.before, rule.after) if rule.edit.owns_statements else ():
        yield from quotes.statements(quote) if quote else ()


def _other_bindings(name: str, quoted: Set[Imported], outline: Outline) -> Iterator[Line]:
    """The lines that bind a name of the module in another way than quotes do.

    What is bound where an import fails that is as quoted is no other way.
    """
    wanted = {each for each in quoted if each[2] == name}
    for line in outline.lines(""):
        if name in bound_by(line.node) and not wanted & _imported(line):
            owner = line.suite.owner
            failed = owner and isinstance(owner.node, cst.Try) and owner.suites[0] is not line.suite
            attempt = owner.suites[0].lines if owner and failed else ()
            if not any(wanted & _imported(each) for each in attempt):
                yield line
    yield from bound_elsewhere(name, outline)


def _imported(line: Line) -> set[Imported]:
    return {each for node in imports_in(line.node) for each in imported_by(node)}


def imported_otherwise(rule: Rule, rules: Sequence[Rule], outline: Outline) -> Blocker | None:
    """The import that gives another name to what a rule mentions by a name that nothing binds."""
    quoted = {each for one in rules for each in imports_of(one.before)}
    said = {
        each for each in quoted if each[2] in variables(rule) and not is_bound(each[2], outline)
    }
    for line in outline.lines("") if said else ():
        for where, original, _ in _imported(line):
            for theirs in (name for *place, name in said if place == [where, original]):
                return Blocker(line.origin, f"expected under the name `{theirs}`")
    return None


def shadowed_name(
    rule: Rule, rules: Iterable[Rule], names: Mapping[str, str], outline: Outline
) -> str:
    """A name of a rule that is local to its function, though its section imports it; or ""."""
    scope = rule.edit.within
    if not scope:
        return ""
    known = {names.get(name, name) for each in rules for name in imported(each)}
    said = known & variables(rule)
    return min((name for name in said if is_local(name, scope, outline.code)), default="")


def lacks_variables(rule: Rule, scope: str, outline: Outline) -> bool:
    """Whether a function lacks variables that a rule's quotes mention and that its own has."""
    own = {name for name in variables(rule) if is_local(name, rule.edit.within, outline.code)}
    return not all(is_local(n, scope, outline.code) or is_bound(n, outline) for n in own)


def variables(rule: Rule) -> frozenset[str]:
    """The variables that a rule's quotes mention."""
    return _reads(rule.edit, rule.before) | _reads(rule.edit, rule.after)


def _reads(edit: Edit, quote: str) -> frozenset[str]:
    form = edit.form if isinstance(edit, Kind) else QuoteForm.STATEMENTS
    return _variables(form, quote) if quote else frozenset()


@cache
def _variables(form: QuoteForm, quote: str) -> frozenset[str]:
    """The variables that a quote mentions; "call" of one that is an argument is none of them."""
    if form is QuoteForm.COMMENTS:
        return frozenset()
    if form is QuoteForm.FRAGMENT:
        return variables_in(quote)
    found = frozenset(reads(cst.parse_module(completed(form, quote))))
    return found - {"call"} if form is QuoteForm.ARGUMENT else found
