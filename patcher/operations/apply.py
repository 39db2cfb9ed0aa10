"""Applying: the edits that are pending, made all together or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from patcher import transaction
from patcher.errors import SelectionError, TreeError
from patcher.model import Pack, Plan
from patcher.operations.select import Inspection, Selection
from patcher.packs import is_known, load_pack
from patcher.receipt import storage
from patcher.receipt.receipt import Receipt, updated
from patcher.transaction.branches import BranchUpdate, Commit, build
from patcher.tree import runtime
from patcher.tree.files import Change, Tree, digest
from patcher.tree.git import ANY, ask


class Committed(NamedTuple):
    """Commits that were made.

    Attributes:
        branch: The branch that they are on, without `refs/heads/`; "" for none.
        id: The id of the last one, as short as git makes it.
        subject: The first line of its message.
        number: How many there are.
    """

    branch: str
    id: str
    subject: str
    number: int


class Applied(NamedTuple):
    """What `apply` did.

    Attributes:
        inspection: The tree as it was before, and the plan that was carried out if anything was
            written.
        written: The paths of the files that were written, the receipt's aside.
        added: The paths of the runtime's files that were written, or would be.
        notes: What the user should know: of an interrupted run, and of the files.
        committed: What was committed to git.
    """

    inspection: Inspection
    written: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    committed: Committed | None = None


def apply(
    selection: Selection,
    tree: Tree,
    *,
    partial: bool = False,
    allow_dirty: bool = False,
    commits: Callable[[Plan, Sequence[Pack]], list[Commit]] | None = None,
    branch: str | None = None,
    verify: bool = True,
    with_runtime: bool = False,
    dry_run: bool = False,
) -> Applied:
    """Make the edits that are pending, and write the receipt.

    `commits`, of `patcher.operations.export`, says how to commit the edits to git; None leaves
    that to the user. `branch` names a new branch for it; None is the one checked out. With
    `dry_run`, nothing is written, but all is refused that would be otherwise. The other options
    are those of `patcher.apply`.

    Raises:
        CheckError: The edits leave a name undefined, or an import that finds nothing.
        SelectionError: No pack has a runtime, or two are revisions of one.
        TreeError: A file cannot be read, parsed or written, or has uncommitted changes; another
            run holds the tree; another revision of a pack was applied; or the branch cannot be
            committed to. The tree is as it was.
        PackError: The pack of an earlier edit is needed, and not known.
    """
    with transaction.hold(tree, "effpatch apply") as run:
        inspection = selection.inspect(tree)
        inspection = replace(inspection, receipt=inspection.receipt.standing(inspection.files))
        _require_one_revision(selection.packs, tree, inspection.receipt)
        if partial and verify:
            from patcher.operations.partial import sound_part

            inspection = sound_part(tree, selection, inspection)
        plan, packs = inspection.plan, selection.packs
        added = runtime.additions(tree, packs, inspection.receipt.runtime) if with_runtime else []
        digests = {change.path: digest(change.after) for change in added}
        is_refused = bool(plan.unresolved) and not partial
        receipt = None if is_refused else _receipt(selection, tree, inspection, digests)
        if receipt is None:
            return Applied(inspection, notes=run.notes)
        if commits or not allow_dirty:
            _require_committed(tree, inspection, for_commits=commits is not None)
        if verify and not partial:
            from patcher.operations import preflight

            preflight.check_plan(tree, plan, packs)
        changes = [Change(file.path, file.before, file.after) for file in plan.changed] + added
        kept, update, made = storage.changes(tree, receipt), None, list[Commit]()
        originals = {file.path: file.before for file in plan.changed}
        if commits and originals:
            made = [] if dry_run else commits(plan, packs)
            update = build(tree, branch, made, originals, run.folder)
        if dry_run:
            run.check(changes, kept)
            return Applied(inspection, added=tuple(digests), notes=run.notes)
        run.commit(changes, kept, update)
        written = tuple(change.path for change in changes)
        committed = _committed(tree, update, len(made)) if update else None
        return Applied(inspection, written, tuple(digests), run.notes, committed)


def _require_one_revision(packs: Sequence[Pack], tree: Tree, receipt: Receipt) -> None:
    """Check that of packs that are revisions of one, a tree gets the edits of one alone."""
    there, chosen = dict[str, str](), dict[str, str]()
    for name in receipt.packs.keys() - {pack.name for pack in packs}:
        there[_origin(load_pack(name)) if is_known(name) else name] = name
    for pack in packs:
        if other := there.get(_origin(pack)):
            found = f"has edits of {other}, and {pack.name} is a revision of the same document"
            step = f"run `effpatch revert {tree.place}` first"
            raise TreeError(tree.place, found, f"only edits of {pack.name}", step)
        if (other := chosen.setdefault(_origin(pack), pack.name)) != pack.name:
            found = f"{other} and {pack.name} are revisions of one pack"
            raise SelectionError(
                "--pack", found, "one of them", f"leave out {other} or {pack.name}"
            )


def _origin(pack: Pack) -> str:
    """The name of the pack that a pack and all other revisions of it go back to."""
    return (pack.name, *pack.revises)[-1]


def _committed(tree: Tree, update: BranchUpdate, number: int) -> Committed:
    branch = (update.branch or update.head).removeprefix("refs/heads/")
    top = tree.repository.top if tree.repository else tree.root
    said = ask(top, "log", "-1", "--format=%h %s", update.tip, allowed=ANY)
    id_, _, subject = said.partition(" ")  # of which git may fail, once the commit is made
    return Committed(branch, id_ or update.tip[:7], subject, number)


def _receipt(
    selection: Selection, tree: Tree, inspection: Inspection, added: Mapping[str, str]
) -> Receipt | None:
    """The receipt to write; None where nothing is to be written.

    A run that changes no other file may still leave out other rules than the ones before it.
    `added` has the SHA-256 of each file of the runtime that is added, by path.
    """
    old, plan, packs = inspection.receipt, inspection.plan, selection.packs
    if plan.changed or added:
        left_out = old.left_out_by(packs, selection.ids, selection.skipped, inspection.files)
        return updated(old, plan, packs, tree.commit(), added, left_out)
    known = [pack for pack in packs if pack.name in old.packs]
    left_out = old.left_out_by(known, selection.ids, selection.skipped, inspection.files)
    has_changed = bool(old.files) and left_out != old.left_out
    return replace(old, left_out=left_out) if has_changed else None


def _require_committed(tree: Tree, inspection: Inspection, *, for_commits: bool) -> None:
    """Check that git could restore the files, should the edits be unwanted."""
    ours = {} if for_commits else inspection.receipt.files
    changed = [
        file.path
        for file in inspection.plan.changed
        if file.path not in ours or digest(file.before) != ours[file.path].after
    ]
    if dirty := tree.uncommitted(changed):
        found = f"uncommitted changes in {', '.join(dirty)}"
        next_step = "commit or stash them" + ("" if for_commits else ", or pass --allow-dirty")
        raise TreeError(tree.place, found, "a clean checkout", next_step)
