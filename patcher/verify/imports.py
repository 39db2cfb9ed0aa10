"""Imports: every name taken from a module of the tree or of the runtime is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from patcher.code.syntax import Fault
from patcher.verify.exports import Exports
from patcher.verify.model import Finding, Subject
from patcher.verify.module import Module, Request
from patcher.verify.sources import Sources


@dataclass(frozen=True, slots=True)
class _Gap:
    """An import that cannot succeed, and why."""

    file: str
    line: int
    text: str


def check(subject: Subject) -> list[Finding] | None:
    """The imports that fail since the edits; None where nothing is imported.

    Those that failed before as well are advice, and so are files that are not Python: what they
    import is not known. What lies outside tree and runtime is not looked for.
    """
    paths = subject.after if subject.looked_at is None else subject.looked_at
    modules = {*subject.old.paths, *subject.old.folders}
    gaps = list(_gaps(subject.new, paths, subject.runtime, modules))
    old = _gaps(subject.old, paths, subject.runtime, modules) if gaps else ()
    known = {(gap.file, gap.text) for gap in old}
    if not gaps and not any(each.requests for path in paths if (each := subject.new.module(path))):
        return None
    return sorted(
        {Finding(each.file, each.line, each.text, (each.file, each.text) in known) for each in gaps}
    )


def _gaps(
    sources: Sources,
    paths: Iterable[str],
    runtime: Mapping[str, frozenset[str]],
    modules: Collection[str],
) -> Iterator[_Gap]:
    """The imports of some files that fail, and files that cannot be read; `modules` were there."""
    exports = Exports(sources)
    for path in paths:
        module = sources.read(path)
        if isinstance(module, Fault):
            text = f"is not valid Python 3 ({module.reason}) and was not checked"
            yield _Gap(path, module.line or 1, f"{text}, expected code that parses")
        for request in module.requests if isinstance(module, Module) else ():
            text = _missing(request, sources, exports, runtime)
            if request.module in modules and not text:
                text = _gone(request.module, sources)
            if text and not request.optional:
                yield _Gap(path, request.line, text)


def _missing(
    request: Request, sources: Sources, exports: Exports, runtime: Mapping[str, frozenset[str]]
) -> str:
    """Why a request fails; "" where it may succeed."""
    found = f"`{request.name}` is imported from {request.module}"
    takes_name = request.name not in ("", "*")
    if request.module in sources.paths:
        missing = takes_name and not exports.has(request.module, request.name)
        return f"{found}, expected a name that it defines" if missing else ""
    if _lacks(sources, exports, request.module):
        return f"{request.module} is imported, expected a module that is in the tree"
    names = runtime.get(request.module)
    if names is None or not takes_name or request.name in names:
        return ""
    inner = f"{request.module}.{request.name}" in runtime
    return "" if inner else f"{found}, expected a name that the runtime's module defines"


def _gone(name: str, sources: Sources) -> str:
    """What is wrong where a module was in the tree and is not any more."""
    if name in sources.paths or name in sources.folders:
        return ""
    return f"{name} is imported, expected a module that is in the tree"


def _lacks(sources: Sources, exports: Exports, name: str) -> bool:
    """Whether a module would have to be in the tree and is not."""
    above, _, last = name.rpartition(".")
    if not above or name in sources.folders:
        return False
    found = above in sources.paths
    return not exports.has(above, last) if found else _lacks(sources, exports, above)
