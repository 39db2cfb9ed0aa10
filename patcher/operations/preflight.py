"""What a plan would leave behind, seen before it is carried out."""

from collections import ChainMap
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial

from patcher.checks import registry
from patcher.checks.model import Finding, Result, Subject, errors
from patcher.checks.module import Request
from patcher.checks.sources import Sources
from patcher.engine.safety import provides
from patcher.errors import PatchError
from patcher.model import Pack, Plan
from patcher.tree import runtime
from patcher.tree.files import Tree


def check_plan(tree: Tree, plan: Plan, packs: Sequence[Pack]) -> None:
    """Check that a plan leaves no name undefined, no import unused and none that fails.

    Only the files that it changes are looked at, and what they newly import.

    Raises:
        ErrorList: It does.
        UnparsableError: A file that it changes is nested too deeply to be looked at.
    """
    if found := _results(tree, plan, packs):
        raise errors(found, partial(_next_step, packs))


def provider(finding: Finding, packs: Sequence[Pack]) -> str:
    """The rule that brings in the name of which a finding says that it is undefined; or ""."""
    for section in (each for pack in packs for each in pack.sections if each.path == finding.file):
        for rule in section.rules:
            if finding.undefined in provides(rule):
                return section.id_of(rule)
    return ""


def _next_step(packs: Sequence[Pack], finding: Finding) -> str:
    rule = provider(finding, packs) or "the rule that provides it"
    return (
        f"also apply {rule}, or pass --no-verify (line numbers refer to the file after the edits)"
    )


def findings(tree: Tree, plan: Plan, packs: Sequence[Pack]) -> list[Finding]:
    """What a plan would leave undefined, unused or failing, for which `check_plan` refuses it."""
    return [each for result in _results(tree, plan, packs) for each in result.failures]


def _results(tree: Tree, plan: Plan, packs: Sequence[Pack]) -> list[Result]:
    """The checks that a plan would not pass."""
    root = next((pack.upstream.root for pack in packs if pack.upstream), "")
    changed = {file.path: file.after for file in plan.changed}
    files = dict(changed)
    new = Sources(files, root)
    old = Sources(ChainMap({file.path: file.before for file in plan.changed}, files), root, new)
    _add_imports(tree, files, old, new)
    subject = Subject(old, new, runtime=Sources(runtime.files(packs), root), looked_at=changed)
    return [result for result in registry.before_writing(subject) if result.failures]


def _add_imports(tree: Tree, files: dict[str, bytes], old: Sources, new: Sources) -> None:
    """Add to the files that edits change the modules that these newly import, and no other.

    Where such a module passes on all that another has, that one is added as well. A module that
    cannot be read, or is a link out of the tree, counts as one from elsewhere.
    """
    waiting = list(files)
    for path in waiting:  # which grows meanwhile
        known = {(each.module, each.name) for each in old.requests(path)}
        wanted = {
            place
            for each in new.requests(path)
            if each.name == "*" or (each.module, each.name) not in known
            for place in _places(each, new.prefix)
        }
        for place in wanted - files.keys():
            with suppress(PatchError):
                read = tree.read([place])
                files.update(read)
                waiting += read


def _places(request: Request, prefix: str) -> Iterator[str]:
    """Where the modules may be that a request loads."""
    for name in request.loaded:
        for folder in (prefix, ""):
            stem = folder + name.replace(".", "/").rstrip("/*")
            yield from (f"{stem}.py", f"{stem}/__init__.py")
