"""Imports: every name taken from a module of the tree or of the runtime is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.machinery import PathFinder

from patcher.checks.model import Finding, Subject
from patcher.checks.module import Module, Request
from patcher.checks.sources import Sources
from patcher.code.syntax import Fault


def check(subject: Subject) -> list[Finding] | None:
    """The imports that fail since the edits; None where nothing is imported.

    Those that failed before as well are advice, and so are files that are not Python: what they
    import is not known. What lies outside tree and runtime is not looked for.
    """
    paths = subject.after if subject.looked_at is None else subject.looked_at
    gaps = set(_gaps(subject.new, paths, subject))
    old = _gaps(subject.old, paths, subject) if gaps else ()
    known = {(gap.file, gap.text) for gap in old}
    if not gaps and not any(map(subject.new.requests, paths)):
        return None
    return sorted(replace(each, advice=(each.file, each.text) in known) for each in gaps)


def _gaps(sources: Sources, paths: Iterable[str], subject: Subject) -> Iterator[Finding]:
    """The imports that fail on one side of a tree, and files that cannot be read."""
    for path in paths:
        found = sources.read(path)
        if isinstance(found, Fault):
            text = f"is not valid Python 3 ({found.reason}) and was not checked"
            yield Finding(path, found.line or 1, f"{text}, expected code that parses")
        for request in sources.requests(path):
            text = "" if request.optional else _missing(request, sources, subject)
            if text:
                yield Finding(path, request.line, text)


def _missing(request: Request, sources: Sources, subject: Subject) -> str:
    """Why a request fails; "" where it may succeed."""
    module, name = request.module, request.name
    if _lacks(sources, module) or (_has(subject.old, module) and not _has(sources, module)):
        return f"{module} is imported, expected a module that is in the tree"
    if module in sources.paths:
        owner, offered = "it", sources.offers(module, name)
    else:
        owner, names = "the runtime's module", subject.runtime.get(module)
        offered = names is None or name in names or f"{module}.{name}" in subject.runtime
    if offered or name in ("", "*"):
        return ""
    return f"`{name}` is imported from {module}, expected a name that {owner} defines"


def _has(sources: Sources, name: str) -> bool:
    return name in sources.paths or name in sources.folders


def _lacks(sources: Sources, name: str) -> bool:
    """Whether a module would have to be in the tree and is not."""
    above, _, last = name.rpartition(".")
    if not above or name in sources.folders:
        return False
    return not sources.offers(above, last) if above in sources.paths else _lacks(sources, above)


def unprovided(subject: Subject) -> list[Finding] | None:
    """The modules that a tree imports of a runtime's package, and that nothing here provides.

    None where it imports none of such a package. All is advice: a runtime may be elsewhere.
    """
    files = [(module, p) for p in subject.packages for module in subject.new.modules(p)]
    if not any(f"{r.module}.".startswith(f"{p}.") for module, p in files for r in module.requests):
        return None
    return [finding for module, p in files for finding in _unprovided(module, p, subject)]


def _unprovided(module: Module, package: str, subject: Subject) -> Iterator[Finding]:
    runtime, sources = subject.runtime, subject.new
    packages = {name.rpartition(".")[0] for name in runtime}
    known = {*runtime, *sources.paths, *sources.folders}
    for request in module.requests:
        implied = request.module in packages and request.module not in runtime
        name = f"{request.module}.{request.name}" if implied else request.module
        is_meant = name.partition(".")[0] == package and not request.optional
        if is_meant and name not in known:
            known.add(name)
            if not _importable(name):
                text = f"{name} is imported, expected a runtime that provides it"
                yield Finding(module.path, request.line, text, advice=True)


def _importable(name: str) -> bool:
    """Whether Python here would find a module; nothing is imported to find out."""
    path: list[str] | None = None
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:count]), path)
        if spec is None:
            return False
        path = list(spec.submodule_search_locations or ())
    return True
