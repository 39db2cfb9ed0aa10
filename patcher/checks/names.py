"""Names: none is undefined that was not before, no import unused that was used."""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from pyflakes.checker import Checker
from pyflakes.messages import UndefinedExport, UndefinedLocal, UndefinedName, UnusedImport

from patcher.checks.model import Finding, Subject
from patcher.checks.module import Module, reads
from patcher.checks.sources import Sources
from patcher.code.syntax import Fault
from patcher.errors import UnparsableError

# Name, scope, line, and whether it is an unused import.
Report = tuple[str, str, int, bool]
_WORD = re.compile(rb"\w+")
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
    lines = _only_lines(then.content) if then else {}
    reports = [report for report in _reports(now) if not (then and _idle_before(report, lines))]
    known = {(name, scope) for name, scope, _, _ in (_reports(then) if then and reports else ())}
    for name, scope, line, is_import in reports:
        if (name, scope) in known:
            continue
        if not is_import:
            text = f"`{name}` is not defined, expected a definition or an import"
            yield Finding(now.path, line, text, undefined=name)
        elif not _passed_on(now, name, tree):
            was_used = then is not None and bool(reads(then, name))
            text = f"`{name}` is imported but {'no longer' if was_used else 'never'} used"
            text += ", expected code that uses it, or no import"
            yield Finding(now.path, line, text, advice=not was_used)


def _idle_before(report: Report, lines: Mapping[bytes, bytes]) -> bool:
    """Whether the text alone shows that an unused import was unused before the edits as well.

    It does where the file has the name on one line, an import at the margin; `lines` are those of
    `_only_lines`. Most unused imports are settled so, without a second pass of pyflakes.
    """
    name, scope, _, is_import = report
    line = lines.get(name.encode(), b"")
    at_the_margin = line.startswith((b"import ", b"from ")) and b";" not in line
    return is_import and not scope and at_the_margin


def _only_lines(content: bytes) -> dict[bytes, bytes]:
    """The line that each word of a file stands on; "" for a word that stands on several."""
    found = dict[bytes, bytes]()
    for line in content.split(b"\n"):
        for word in set(_WORD.findall(line)):
            found[word] = b"" if word in found else line
    return found


def _reports(module: Module) -> Iterator[Report]:
    """What pyflakes reports of a module, of the kinds that matter here."""
    try:
        messages = Checker(module.tree, module.path, withDoctest=False).messages
    except RecursionError:
        raise UnparsableError(
            module.path, "nested too deeply to be checked", "", "split its longest expression"
        ) from None
    scopes, imports = _scopes(module), _imports(module)
    for message in messages:
        if isinstance(message, _REPORTED):
            name, line = str(message.message_args[0]), message.lineno
            is_import = isinstance(message, UnusedImport)
            name = _bound(name, imports.get(line, ())) if is_import else name
            yield name, scopes.get(line, ""), line, is_import


def _scopes(module: Module) -> dict[int, str]:
    """The classes and functions that hold each line, the outermost first; none for most lines."""
    holders, found = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), dict[int, str]()
    for each in module.statements:
        if isinstance(each, holders):
            outer = found.get(each.lineno)
            name = f"{outer}.{each.name}" if outer else each.name
            found |= dict.fromkeys(range(each.lineno, (each.end_lineno or 0) + 1), name)
    return found


def _imports(module: Module) -> dict[int, frozenset[str]]:
    """The modules that each line imports by their full names."""
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for each in module.statements:
        if isinstance(each, ast.Import):
            found[each.lineno] |= {alias.name for alias in each.names if not alias.asname}
    return found


def _bound(text: str, modules: Collection[str]) -> str:
    """The name that an import of some modules binds, of which pyflakes gives the text."""
    if text in modules:
        return text.partition(".")[0]
    return text.rpartition(" as ")[2].rpartition(".")[2]


def _passed_on(module: Module, name: str, tree: Sources) -> bool:
    """Whether another module imports the name from this one."""
    wanted = {(module.name, name), (module.name, "*")}
    return any(not wanted.isdisjoint(other.requested) for other in tree.modules(name))
