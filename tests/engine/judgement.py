"""What is wrong with the plan of a tree in which one site is not as the pin has it."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from pyflakes.checker import Checker
from pyflakes.messages import UndefinedName

from patcher.model import FilePlan, Outcome, Plan, State
from tests.engine.mutants import RULES, Files, Mutant, planned
from tests.engine.telling_names import bound_at_top
from tests.rules.test_history import changed_scopes, quoted, tokens

PACKAGE = "efficientdet/horovod_estimator/__init__.py"
MAIN = "efficientdet/main.py"
IMPORT_WORDS = {"from", "import", "as", ".", "*"}


def judgement(files: Files, mutant: Mutant) -> list[str]:
    """What is wrong with the plan of a mutant; nothing where all of it is right.

    Right is a rule that is named as one that does not fit, and not made; or one whose edit is
    exactly the document's and does what the document wants of it there.

    Args:
        files: The tree of the pin.
        mutant: Replaces one of them.
    """
    tree = {**files, mutant.path: mutant.code}
    try:
        plan = planned(tree, mutant.path)
        after = {**tree, **{file.path: file.after for file in plan.files}}
        again = planned(after, mutant.path)
    except Exception as error:
        return [f"the engine raises {type(error).__name__}: {error}"]
    found = list(_of_the_site(mutant, plan))
    for file in plan.files:
        found += _of_a_file(mutant, file)
    if not any("is not Python" in each for each in found):
        found += _of_the_tree(tree, after)
        found += _of_twice(plan, again)
    return list(dict.fromkeys(found))


def _of_the_site(mutant: Mutant, plan: Plan) -> Iterator[str]:
    for outcome in plan.outcomes:
        if outcome.id not in mutant.rules:
            continue
        gone = RULES[outcome.id][1].removes and mutant.deleted
        if outcome.state is State.APPLIED and not gone:
            yield f"{outcome.id}: said to be applied"
        if outcome.state is State.PENDING and outcome.id in mutant.named:
            yield f"{outcome.id}: made, although another name stands there"
        if outcome.state.is_unresolved and not _reason(outcome):
            yield f"{outcome.id}: {outcome.state} without a reason"


def _reason(outcome: Outcome) -> bool:
    """Whether there is a reason: what is nearest, too many places, or that nothing is like it."""
    many = len(outcome.sites) > outcome.expected
    return bool(not outcome.nearest or outcome.nearest.why) or many


def _of_a_file(mutant: Mutant, file: FilePlan) -> Iterator[str]:
    pending = [each.id for each in file.outcomes if each.state is State.PENDING]
    if not file.changed:
        if pending:
            yield f"{', '.join(pending)}: pending, and nothing changes"
        return
    try:
        compile(file.after, file.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        yield f"{file.path} is not Python: {error}"
        return
    if dead(file.before) != dead(file.after):
        yield "an edit of what never runs"
    for name, only_live in (("code", False), ("code that runs", True)):
        new = undefined(file.after, only_live) - undefined(file.before, only_live)
        if new:
            yield f"in {name}, undefined: {', '.join(sorted(new))}"
    yield from _exactly(mutant, file, pending)
    yield from _in_place(mutant, file, pending)


def _exactly(mutant: Mutant, file: FilePlan, pending: list[str]) -> Iterator[str]:
    """What the edits take and bring besides what the document quotes."""
    lost, gained = Counter[str](), Counter[str]()
    may_lose, may_gain = set(IMPORT_WORDS), set(IMPORT_WORDS)
    for id_ in pending:
        section, rule = RULES[id_]
        old, new = quoted(section, rule)
        if rule.edit.kind == "comment_block" and id_ in mutant.rules and mutant.comments:
            old = tokens("".join(line.lstrip() for line in mutant.comments).encode())
        if rule.edit.is_import:
            may_lose |= set(old)
            may_gain |= set(new)
        else:
            lost += old
            gained += new
    was, now = tokens(file.before), tokens(file.after)
    wrong = {
        word: change
        for word in was.keys() | now.keys() | lost.keys() | gained.keys()
        if (change := now[word] - was[word] - gained[word] + lost[word])
        and word not in (may_gain if change > 0 else may_lose)
        and word not in ("", "pass")
    }
    if wrong:
        words = ", ".join(f"{word} {change:+}" for word, change in sorted(wrong.items()))
        yield f"other words than the document's: {words}"


def _in_place(mutant: Mutant, file: FilePlan, pending: list[str]) -> Iterator[str]:
    """Edits of other functions than rules name, but those that a site has moved to."""
    allowed = {RULES[id_][1].edit.within for id_ in pending}
    sites = {*mutant.rules}  # and those of the rules that they stand on, which share the line
    for section, rule in (RULES[id_] for id_ in mutant.rules):
        sites |= {section.id_of(each) for each in section.prerequisites(rule)}
    if mutant.scope is not None and any(id_ in pending and not RULES[id_][1].adds for id_ in sites):
        allowed.add(mutant.scope)
    outside = changed_scopes(file.before, file.after) - allowed
    if outside:
        yield f"an edit of `{', '.join(sorted(outside))}`, which no rule names"


def _of_the_tree(before: Files, after: Files) -> Iterator[str]:
    """What new code reads and no code that runs brings in."""
    flags = flags_defined(after[MAIN])
    keys = {*params(after[MAIN], ast.Store)}
    for path in after:
        if before[path] == after[path]:
            continue
        for flag in Counter(flags_read(after[path])) - Counter(flags_read(before[path])):
            if flag not in flags:
                yield f"no flag {flag}, which {path} reads"
        for key in Counter(params(after[path], ast.Load)) - Counter(params(before[path], ast.Load)):
            if key not in keys:
                yield f"no parameter {key}, which {path} reads"
        package = "horovod_estimator"
        names = taken_from(after[path], package) - taken_from(before[path], package)
        for name in sorted(names - bound(after[PACKAGE])):
            yield f"no {name} in {package}, from which {path} takes it"


def _of_twice(plan: Plan, again: Plan) -> Iterator[str]:
    for file, then in zip(plan.files, again.files, strict=True):
        if then.changed:
            yield f"{file.path} changes again"
        for outcome, later in zip(file.outcomes, then.outcomes, strict=True):
            fits = not outcome.state.is_unresolved
            if (later.state is State.APPLIED) != fits or later.state is State.PENDING:
                yield f"{outcome.id}: {outcome.state}, then {later.state}"


@lru_cache(maxsize=64)
def undefined(code: bytes, only_live: bool) -> Counter[str]:
    """How often pyflakes finds no definition of each name, in all code or that which runs."""
    messages = Checker(live(code) if only_live else ast.parse(code)).messages
    return Counter(str(m.message_args[0]) for m in messages if isinstance(m, UndefinedName))


class _Live(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if _is_dead(node):
            return node.orelse or ast.copy_location(ast.Pass(), node)
        return node


def _is_dead(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Constant) and not node.test.value


@lru_cache(maxsize=64)
def live(code: bytes) -> ast.Module:
    """A module without what never runs."""
    module: ast.Module = _Live().visit(ast.parse(code))
    return module


@lru_cache(maxsize=64)
def dead(code: bytes) -> list[str]:
    """What never runs."""
    return [ast.dump(node) for node in ast.walk(ast.parse(code)) if _is_dead(node)]


@lru_cache(maxsize=64)
def bound(code: bytes) -> set[str]:
    """The names that a module has once it was imported."""
    return bound_at_top(live(code))


@lru_cache(maxsize=64)
def flags_defined(code: bytes) -> set[str]:
    """The flags that a module defines when it is imported."""
    calls = (each.value for each in live(code).body if isinstance(each, ast.Expr))
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr.startswith("DEFINE_")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


@lru_cache(maxsize=64)
def flags_read(code: bytes) -> list[str]:
    """The flags that live code reads."""
    return [
        node.attr
        for node in ast.walk(live(code))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "FLAGS"
        and node.attr != "flag_values_dict"
    ]


@lru_cache(maxsize=64)
def params(code: bytes, context: type[ast.expr_context]) -> list[str]:
    """The keys of `params` that live code reads, or sets, also as a keyword of `dict`."""
    nodes = list(ast.walk(live(code)))
    keys = [
        str(node.slice.value)
        for node in nodes
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, context)
        and isinstance(node.slice, ast.Constant)
        and ast.unparse(node.value) == "params"
    ]
    if context is ast.Store:
        keys += [
            each.arg or ""
            for node in nodes
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "dict"
            for each in node.keywords
        ]
    return keys


@lru_cache(maxsize=64)
def taken_from(code: bytes, module: str) -> set[str]:
    """The names that live code imports from a module."""
    return {
        alias.name
        for node in ast.walk(live(code))
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }
