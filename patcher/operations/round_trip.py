"""A pack applied to a tree of its own, applied again, checked, and reverted."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from patcher.checks import edits, registry
from patcher.checks.model import Finding, Result
from patcher.errors import ErrorList, MismatchError, PatchError
from patcher.model import Pack, State
from patcher.operations.apply import apply
from patcher.operations.mismatch import mismatches
from patcher.operations.revert import revert
from patcher.operations.select import Selection, select
from patcher.operations.trial_tree import commit
from patcher.operations.verify import patched
from patcher.tree.files import Tree, digest

_UNMADE = "not every edit can be made"


def apply_before(packs: Sequence[Pack], tree: Tree) -> None:
    """Make the edits of packs part of a tree, one pack after the other.

    Raises:
        ErrorList: A MismatchError for each rule that does not fit.
        PatchError: A file cannot be read, parsed or written.
    """
    for pack in packs:
        selection = select([pack])
        plan = selection.inspect(tree).plan
        if plan.unresolved:
            step = (
                "correct the rule, or pass packs that fit with --with, in the order to apply them"
            )
            found = mismatches(plan).errors
            raise ErrorList([MismatchError(e.place, e.found, e.wanted, step) for e in found])
        for file in plan.changed:
            (tree.root / file.path).write_bytes(file.after)
    if packs:
        commit(tree.root)


def results(pack: Pack, tree: Tree, allowed: Collection[State] = ()) -> list[Result]:
    """What it comes to; where not every edit can be made, nothing more is tried.

    Rules are pending at first, or in a state that is allowed besides.
    """
    selection, original = select([pack]), contents(tree)
    applied = _applied(selection, tree, allowed)
    if applied.failures:
        asked = [each.label for each in pack.checks if each.check not in registry.OF_THE_GRAPH]
        more = ("apply again", *registry.BEFORE_WRITING, *asked, "revert")
        return [applied, *(Result(label, None, _UNMADE) for label in more)]
    again, checks = _applied_again(selection, tree), _checked(pack, tree)
    return [applied, again, *checks, reverted(tree, original)]


def _applied(selection: Selection, tree: Tree, allowed: Collection[State]) -> Result:
    """Every rule is pending, and is applied."""

    def found() -> Iterator[Finding]:
        plan = apply(selection, tree, verify=False).inspection.plan
        for each in (o for o in plan.outcomes if o.state is not State.PENDING):
            yield replace(edits.finding(each), advice=each.state in allowed)

    wrong = _found(found)
    number = len(selection.ids) - len(wrong)
    failed = any(not each.advice for each in wrong)
    return Result("apply", wrong, "" if failed else f"{number} of {len(selection.ids)} edits")


def _applied_again(selection: Selection, tree: Tree) -> Result:
    """Then there is nothing to do, by the receipt and by the code, and nothing is changed."""
    before = contents(tree)

    def found() -> Iterator[Finding]:
        apply(selection, tree, verify=False)
        yield from _differing(before, contents(tree), "is changed by the second run")
        plan = selection.plan(selection.with_needed(tree, selection.read(tree)[0]))
        yield from (edits.finding(o) for o in plan.outcomes if o.state is not State.APPLIED)
        for file in plan.changed:
            yield Finding(file.path, 0, "would be changed again, expected nothing to do")

    return Result("apply again", _found(found))


def _checked(pack: Pack, tree: Tree) -> list[Result]:
    """What `verify` finds, but for what is tried here in another way."""
    try:
        found = patched(tree, [pack])
        return registry.verify(found.subject, found.specs, registry.BEFORE_WRITING)
    except PatchError as error:
        return [Result(registry.BEFORE_WRITING[0], tuple(_of_error(error)))]


def reverted(tree: Tree, original: Mapping[str, str]) -> Result:
    """Whether `revert` gives each file the bytes from before `apply`, and none is added or gone."""

    def found() -> Iterator[Finding]:
        revert(tree)
        yield from _differing(original, contents(tree), "is not as it was before `apply`")

    wrong, number = _found(found), len(original)
    return Result("revert", wrong, "" if wrong else f"{number} of {number} files")


def _found(work: Callable[[], Iterator[Finding]]) -> tuple[Finding, ...]:
    """What some work finds; an error that it ends with is a finding as well."""
    found = list[Finding]()
    try:
        found.extend(work())
    except PatchError as error:
        found += _of_error(error)
    return tuple(found)


def _of_error(error: PatchError) -> Iterator[Finding]:
    for each in error.errors if isinstance(error, ErrorList) else (error,):
        text = ", expected ".join(filter(None, (each.found, each.wanted)))
        yield Finding(each.place, 0, text)


def _differing(one: Mapping[str, str], other: Mapping[str, str], text: str) -> list[Finding]:
    paths = sorted({*one, *other})
    return [Finding(path, 0, text) for path in paths if one.get(path) != other.get(path)]


def contents(tree: Tree) -> dict[str, str]:
    """The SHA-256 of every file of a tree, by path, but for what git keeps; links by their goal."""
    found = dict[str, str]()
    for folder, folders, names in os.walk(tree.root):
        if Path(folder) == tree.root:
            folders.remove(".git")
        for place in (Path(folder, name) for name in names):
            content = os.fsencode(place.readlink()) if place.is_symlink() else place.read_bytes()
            found[place.relative_to(tree.root).as_posix()] = digest(content)
    return found
