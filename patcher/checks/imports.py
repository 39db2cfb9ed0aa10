"""Imports: every name taken from a module of the tree or of the runtime is there."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pkgutil import get_importer

from patcher.checks.model import Finding, Subject
from patcher.checks.module import Request, prefixes
from patcher.checks.sources import Sources
from patcher.code.syntax import Fault


def check(subject: Subject) -> list[Finding] | None:
    """The imports that fail since the edits; None where nothing is imported.

    Those that failed before as well are advice, and so are files that are not Python: what they
    import is not known. What lies outside tree and runtime is not looked for.
    """
    paths = subject.new.files if subject.looked_at is None else subject.looked_at
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
    gone = module in subject.old.paths and module not in sources.paths
    if gone or _lacks(sources, module):
        return f"{module} is imported, expected a module that is in the tree"
    for files, owner in ((sources, "it"), (subject.runtime, "the runtime's module")):
        if files.paths.get(module):
            if name in ("", "*") or files.offers(module, name):
                return ""
            return f"`{name}` is imported from {module}, expected a name that {owner} defines"
    return ""


def _lacks(sources: Sources, name: str) -> bool:
    """Whether a module would have to be in the tree and is not."""
    above, _, last = name.rpartition(".")
    if not above or name in sources.paths:
        return False
    return not sources.offers(above, last) if sources.paths.get(above) else _lacks(sources, above)


def unprovided(subject: Subject) -> list[Finding] | None:
    """The modules that a tree imports of a runtime's package, and that nothing here provides.

    None where it imports none of such a package. All is advice: a runtime may be elsewhere.
    """
    tree, runtime = subject.new.paths, subject.runtime.paths
    found = dict[tuple[str, str], Finding]()
    requests = [
        (module.path, request)
        for package in {name.partition(".")[0] for name in runtime}
        for module in subject.new.modules(package)
        for request in module.requests
        if request.module.partition(".")[0] == package
    ]
    for path, request in requests:
        is_folder = runtime.get(request.module) == "" and request.name
        name = f"{request.module}.{request.name}" if is_folder else request.module
        if not (request.optional or name in runtime or name in tree or _importable(name)):
            text = f"{name} is imported, expected a runtime that provides it"
            found.setdefault((path, name), Finding(path, request.line, text, advice=True))
    return list(found.values()) if requests else None


def _importable(name: str) -> bool:
    """Whether Python here would find a module; nothing is imported to find out."""
    folders = list(sys.path)
    for each in prefixes(name):
        finders = filter(None, map(get_importer, folders))
        specs = [spec for finder in finders if (spec := finder.find_spec(each))]
        if not specs:
            return False
        # A folder without `__init__.py` counts where no other is a module, and then all do.
        found = [spec for spec in specs if spec.loader][:1] or specs
        folders = [path for spec in found for path in spec.submodule_search_locations or ()]
    return True
