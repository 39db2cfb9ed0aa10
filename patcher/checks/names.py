"""Names: none is undefined that was not before, no import unused that was used."""

import ast
import re
from collections.abc import Iterator

from pyflakes.checker import Checker
from pyflakes.messages import UndefinedExport, UndefinedLocal, UndefinedName, UnusedImport

from patcher.checks.model import Finding, Subject
from patcher.checks.module import Module, reads
from patcher.checks.sources import Sources
from patcher.code.syntax import Fault
from patcher.errors import UnparsableError

# Name, scope, line, and whether it is an unused import.
Report = tuple[str, str, int, bool]
_REPORTED = (UnusedImport, UndefinedName, UndefinedLocal, UndefinedExport)


def check(subject: Subject) -> list[Finding] | None:
    """The names that the edits left undefined, and the imports that they left unused.

    Names are distinguished by the function that they stand in, not by line. An import that
    nothing ever used is no failure; where the edits made it, it is advice. None where the edits
    changed no file.

    Raises:
        UnparsableError: A file is nested too deeply for pyflakes.
    """
    old, new, found = subject.old, subject.new, list[Finding]()
    changed = [path for path in new.files if new.files[path] != old.files.get(path)]
    for path in changed:
        now, then = new.read(path), old.read(path)
        if isinstance(now, Module):
            found += _compared(now, old.module(path), new)
        elif isinstance(now, Fault) and not isinstance(then, Fault):
            found.append(Finding(path, now.line or 1, f"is no longer valid Python ({now.reason})"))
    return sorted(found) if changed else None


def _compared(now: Module, then: Module | None, tree: Sources) -> Iterator[Finding]:
    reports = [report for report in _reports(now) if not (then and _idle_before(report, then))]
    known = {(name, scope) for name, scope, _, _ in (_reports(then) if then and reports else ())}
    for name, scope, line, is_import in reports:
        if (name, scope) in known:
            continue
        if not is_import:
            text = f"`{name}` is not defined, expected a definition or an import"
            yield Finding(now.path, line, text)
        elif not _passed_on(now, name, tree):
            was_used = then is not None and bool(reads(then, name))
            text = f"`{name}` is imported and {'no longer' if was_used else 'never'} used"
            text += ", expected a use or no import"
            yield Finding(now.path, line, text, advice=not was_used)


def _idle_before(report: Report, then: Module) -> bool:
    """Whether the text alone shows that an unused import was unused before the edits as well.

    It does where the file has the name once, in an import at the margin. Most unused imports are
    settled so, without a second pass of pyflakes.
    """
    name, scope, _, is_import = report
    if not is_import or scope:
        return False
    lines = re.findall(rb"(?m)^.*\b%b\b.*$" % re.escape(name.encode()), then.content)
    return len(lines) == 1 and lines[0].startswith((b"import ", b"from ")) and b";" not in lines[0]


def _reports(module: Module) -> Iterator[Report]:
    """What pyflakes reports of a module, of the kinds that matter here."""
    try:
        messages = Checker(module.tree, module.path, withDoctest=False).messages
    except RecursionError:
        raise UnparsableError(
            module.path, "nested too deeply to be checked", "", "split its longest expression"
        ) from None
    for message in messages:
        if isinstance(message, _REPORTED):
            name, line = str(message.message_args[0]), message.lineno
            is_import = isinstance(message, UnusedImport)
            name = _bound(module, name, line) if is_import else name
            yield name, _scope(module, line), line, is_import


def _scope(module: Module, line: int) -> str:
    """The classes and functions that hold a line, the outermost first."""
    holders = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return ".".join(
        statement.name
        for statement in module.statements
        if isinstance(statement, holders)
        and statement.lineno <= line <= (statement.end_lineno or 0)
    )


def _bound(module: Module, text: str, line: int) -> str:
    """The name that an import on a line binds, of which pyflakes gives the text."""
    imports = (s for s in module.statements if isinstance(s, ast.Import) and s.lineno == line)
    if any(alias.name == text and not alias.asname for each in imports for alias in each.names):
        return text.partition(".")[0]
    return text.rpartition(" as ")[2].rpartition(".")[2]


def _passed_on(module: Module, name: str, tree: Sources) -> bool:
    """Whether another module imports the name from this one."""
    return any(
        request.module == module.name and request.name in (name, "*")
        for other in tree.modules(name)
        for request in other.requests
    )
