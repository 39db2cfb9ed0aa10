"""The runtimes of packs: what their modules define, and which modules a tree would need of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder

from patcher.model import Runtime
from patcher.verify.exports import Exports
from patcher.verify.model import Finding, Subject
from patcher.verify.module import Module
from patcher.verify.sources import Sources


def provided(runtimes: Iterable[Runtime]) -> dict[str, frozenset[str]]:
    """The names that each module of some runtimes defines, by the module's dotted name.

    A module whose source does not show its names is left out.
    """
    found = dict[str, frozenset[str]]()
    for runtime in dict.fromkeys(runtimes):
        files = sorted((runtime.folder / runtime.package).rglob("*.py"))
        contents = {
            each.relative_to(runtime.folder).as_posix(): each.read_bytes() for each in files
        }
        sources = Sources(contents)
        exports = Exports(sources)
        names = {name: exports.names(name) for name in sources.paths}
        found |= {name: known for name, known in names.items() if known is not None}
    return found


def unprovided(subject: Subject) -> list[Finding] | None:
    """The modules that a tree imports of a runtime's package, and that nothing here provides.

    None where it imports none of such a package. All is advice: a runtime may be elsewhere.
    """
    requested, found = False, list[Finding]()
    for package in sorted(subject.packages):
        for module in subject.new.modules(package):
            requested |= any(_is_of(each.module, package) for each in module.requests)
            found += _unprovided(module, package, subject)
    return found if requested else None


def _unprovided(module: Module, package: str, subject: Subject) -> Iterator[Finding]:
    runtime, sources = subject.runtime, subject.new
    packages = {name.rpartition(".")[0] for name in runtime}
    known = {*runtime, *sources.paths, *sources.folders}
    for request in module.requests:
        implied = request.module in packages and request.module not in runtime
        name = f"{request.module}.{request.name}" if implied else request.module
        if not _is_of(name, package) or name in known or request.optional:
            continue
        known.add(name)
        if not _importable(name):
            text = f"{name} is imported, expected a runtime that provides it"
            yield Finding(module.path, request.line, text, advice=True)


def _is_of(name: str, package: str) -> bool:
    return name.partition(".")[0] == package


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
