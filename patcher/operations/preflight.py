"""What a plan would leave behind, seen before it is carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from patcher.checks import registry
from patcher.checks.model import Subject, errors
from patcher.checks.module import Request
from patcher.checks.sources import Sources, loaded, provided
from patcher.errors import PatchError
from patcher.model import Pack, Plan
from patcher.tree.files import Tree

_NEXT_STEP = (
    "this is the line as the edits would leave it: also apply the rule that provides it, or pass "
    "--no-verify"
)


def check_plan(tree: Tree, plan: Plan, packs: Sequence[Pack]) -> None:
    """See that a plan leaves no name undefined, no import unused and none that fails.

    Only the files that it changes are looked at, and what they newly import.

    Raises:
        ErrorList: It does.
        UnparsableError: A file that it changes is nested too deeply to be looked at.
    """
    root = next((pack.upstream.root for pack in packs if pack.upstream), "")
    before = {file.path: file.before for file in plan.changed}
    after = {file.path: file.after for file in plan.changed}
    parsed = _with_imports(tree, after, Sources(before, root), root)
    subject = Subject(
        {**parsed.files, **before},
        parsed.files,
        root,
        runtime=provided(pack.runtime for pack in packs if pack.runtime),
        parsed=parsed,
        looked_at=after,
    )
    results = registry.before_writing(subject)
    if any(result.failures for result in results):
        raise errors(results, _NEXT_STEP)


def _with_imports(tree: Tree, after: Mapping[str, bytes], old: Sources, root: str) -> Sources:
    """The files that edits change and the modules that these newly import; no other is opened.

    Where such a module passes on all that another has, that one is there as well. A module that
    cannot be read, or is a link out of the tree, counts as one from elsewhere.
    """
    files, waiting = dict(after), list(after)
    sources = Sources(files, root)
    while waiting:
        path = waiting.pop()
        known = {(each.module, each.name) for each in old.requests(path)}
        new = [
            each
            for each in sources.requests(path)
            if each.name == "*" or (path in after and (each.module, each.name) not in known)
        ]
        wanted = {place for each in new for place in _places(each, sources.prefix)}
        for place in wanted - files.keys():
            with suppress(PatchError):
                read = tree.read([place])
                files.update(read)
                waiting += read
    return sources


def _places(request: Request, prefix: str) -> Iterator[str]:
    """Where the modules may be that a request loads."""
    for name in filter(None, loaded(request)):
        for folder in (prefix, ""):
            stem = folder + name.replace(".", "/").rstrip("/*")
            yield from (f"{stem}.py", f"{stem}/__init__.py")
