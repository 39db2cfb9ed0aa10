"""Reverting: the files as they were before `apply`, or without single edits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from patcher import transaction
from patcher.errors import TreeError, did_you_mean
from patcher.model import Pack
from patcher.operations import rule_ids
from patcher.packs import is_known, load_pack
from patcher.receipt import storage
from patcher.receipt.receipt import Receipt, Record, fingerprints, packs_of, sections_of
from patcher.tree import runtime
from patcher.tree.files import Change, Tree, digest
from patcher.tree.git import Settings, try_to
from patcher.tree.upstream import existing

if TYPE_CHECKING:
    from patcher.transaction.run import Run

_SINGLY = (
    "copy your edits elsewhere, undo them in the file, and run `effpatch revert` again; or keep "
    "them, and undo single rules with --only"
)


class Reverted(NamedTuple):
    """What `revert` did.

    Attributes:
        written: The paths of the files that were written.
        undone: Ids of the rules that were undone singly.
        notes: What the user should know: of an interrupted run, and of the files.
    """

    written: tuple[str, ...]
    undone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def open_patched(place: Path) -> Tree:
    """The tree at a folder, found by its receipt, or by the journal of an interrupted run.

    The folder is the tree's root, or one below it that holds every file that they are about.

    Raises:
        TreeError: There is no such folder or tree, or its receipt cannot be understood.
        RecoveryError: Its journal cannot be understood.
    """
    folder = existing(place)
    for base in (folder, *folder.parents):
        tree, inside = Tree(str(place), base), folder.relative_to(base)
        receipt = storage.read(tree)
        known = [*receipt.files, *receipt.runtime] if receipt else transaction.interrupted(tree)
        if known and all(PurePosixPath(path).is_relative_to(inside) for path in known):
            return tree
        if (base / ".git").exists():
            break
    raise _no_receipt(Tree(str(place), folder))


def revert(tree: Tree, ids: Collection[str] = (), packs: Sequence[Pack] = ()) -> Reverted:
    """Restore the files as they were before `apply`.

    With `ids`, or patterns of them, single rules are undone; `packs` are those of them that are not
    known by name. To restore the files whole, no pack is needed.

    Raises:
        PackError: The pack of an edit is needed, and not known.
        TreeError: There is no receipt, the edits were made by other rules than these, a file was
            edited since, an edit that stays builds on one of these, or the tree cannot be written.
            The tree is as it was.
    """
    with transaction.hold(tree, "effpatch revert") as run:
        receipt, left, undone = storage.read(tree), None, tuple[str, ...]()
        if receipt is None:
            raise _no_receipt(tree)
        files = tree.read(receipt.files)
        if ids:
            undone = tuple(dict.fromkeys(_meant(ids, receipt, files, packs)))
            changes, left = _without(receipt, files, set(undone), packs)
        else:
            changes = _originals(receipt, files, _SINGLY) + runtime.removals(tree, receipt.runtime)
        return _written(run, changes, left, undone)


def revert_by(tree: Tree, file: Path, packs: Sequence[Pack]) -> Reverted:
    """Restore the files as they were before `apply`, by a receipt that somebody else wrote.

    It is obeyed only for files that rules of these packs are for, and only where these rules make
    of the bytes that it has what is in the tree now; and for files of their runtime.

    Raises:
        TreeError: It cannot be read or understood, or says something else. The tree is as it was.
    """
    with transaction.hold(tree, "effpatch revert") as run:
        if storage.read(tree):
            found, wanted = "has a receipt that effpatch wrote here for you", "none of its own"
            raise TreeError(tree.place, found, wanted, "run `effpatch revert` without --receipt")
        receipt = storage.read_file(file)
        named = {section.path for pack in packs for section in pack.sections}
        added = runtime.files(packs)
        for path in (*(receipt.files.keys() - named), *(receipt.runtime.keys() - added.keys())):
            found, wanted = f"names {path}", "only files that rules of the packs are for"
            raise TreeError(str(file), found, wanted, "name the packs that were applied")
        files = tree.read(receipt.files)
        changes = _originals(receipt, files, "save the edits elsewhere, and undo them")
        for path, record in receipt.files.items():
            if files[path] != record.original:
                _require_made(path, record, files[path], packs)
        changes += runtime.removals(tree, {p: digest(added[p]) for p in receipt.runtime})
        return _written(run, changes, None)


def _written(
    run: Run, changes: Sequence[Change], left: Receipt | None, undone: tuple[str, ...] = ()
) -> Reverted:
    changes = [change for change in changes if change.before != change.after]
    run.commit(changes, storage.changes(run.tree, left))
    return Reverted(tuple(change.path for change in changes), undone, run.notes)


def _require_made(path: str, record: Record, now: bytes, packs: Sequence[Pack]) -> None:
    """Check that rules of some packs make of a file's bytes before what is there now."""
    from patcher import engine

    sections = sections_of(path, record.rules, packs)
    if not sections or engine.redone(sections, record.original, record.rules) != now:
        found = "the rules of the packs do not make the file of what the receipt has of it"
        raise TreeError(path, found, "a receipt of these packs", "restore the file with git")


def _no_receipt(tree: Tree) -> TreeError:
    wanted = "a tree that `effpatch apply` has patched"
    next_step = "name the folder that was patched, or restore the files with git"
    if file := storage.not_ours(tree):
        next_step = f"if you trust {file}, pass it with --receipt; or restore the files with git"
    found = "you have no receipt for this tree"
    return TreeError(tree.place, found, wanted, next_step)


def _originals(receipt: Receipt, files: Mapping[str, bytes], next_step: str) -> list[Change]:
    """The changes that restore every file as it was before `apply`."""
    if edited := receipt.edited(files):
        _require_present(edited[0], files)
        found = "edited since it was patched, nothing was changed"
        raise TreeError(", ".join(edited), found, next_step=next_step)
    return [Change(path, files[path], record.original) for path, record in receipt.files.items()]


def _require_present(path: str, files: Mapping[str, bytes]) -> None:
    if path not in files:
        raise TreeError(path, "missing", "the patched file", "restore it and run again")


def _meant(
    words: Collection[str], receipt: Receipt, files: Mapping[str, bytes], given: Sequence[Pack]
) -> Iterator[str]:
    """Ids of the rules that some words mean, of those whose edits are made.

    Raises:
        TreeError: One of the words means none of them.
    """
    made = receipt.made(files)
    known = [id_ for each in receipt.files.values() for id_ in each.rules if id_ in made]
    for word in rule_ids.listed(words):
        found = rule_ids.meant(word, known)
        if not found:
            raise _not_made(rule_ids.short_id(word), known, receipt, given)
        yield from found


def _not_made(word: str, made: Sequence[str], receipt: Receipt, given: Sequence[Pack]) -> TreeError:
    """The error that an edit to undo was not made; a hint helps where there is no such rule."""
    names = {pack.name for pack in given}
    packs = [*given, *(load_pack(n) for n in receipt.packs if n not in names and is_known(n))]
    next_step = "`effpatch status` shows how the rules stand"
    if not rule_ids.meant(word, {id_ for pack in packs for id_, _, _ in pack.entries()}):
        next_step = did_you_mean(word, made, next_step)
    found = "not among the edits that effpatch made here"
    if rule_ids.is_pattern(word):
        found = "matches none of the edits that effpatch made here"
    return TreeError(word, found, next_step=next_step)


def _without(
    receipt: Receipt, files: Mapping[str, bytes], ids: Collection[str], given: Sequence[Pack]
) -> tuple[list[Change], Receipt | None]:
    """The changes that undo some rules' edits and keep all else, later edits by hand too.

    Returns:
        The changes, and the receipt of what is left; None where nothing is.
    """
    made = receipt.made(files)
    affected = {path: r for path, r in receipt.files.items() if not set(ids).isdisjoint(r.rules)}
    packs = packs_of((id_ for record in affected.values() for id_ in record.rules), given)
    for name, fingerprint in fingerprints(packs).items():
        if fingerprint != receipt.packs.get(name):
            raise _other_rules(name)
    _require_independent(packs, made, ids)
    changes, records = [], dict(receipt.files)
    for path, record in affected.items():
        _require_present(path, files)
        merged, records[path] = _undone(path, record, files[path], ids, packs)
        changes.append(Change(path, files[path], merged))
    kept = {path: record for path, record in records.items() if record.rules}
    undone = receipt.left_out.union(ids)
    left = replace(receipt, files=kept, outcomes=(), left_out=undone)
    return changes, left if kept or receipt.runtime else None


def _other_rules(place: str) -> TreeError:
    found = "the edits were made by other rules than those of this pack"
    next_step = "use the version that made them, or revert as a whole and apply again"
    return TreeError(place, found, next_step=next_step)


def _require_independent(
    packs: Sequence[Pack], made: Collection[str], ids: Collection[str]
) -> None:
    """Check that no edit that stays builds on one that is to be undone."""
    entries = ((id_, section, rule) for pack in packs for id_, section, rule in pack.entries())
    for id_, section, rule in entries:
        later = map(section.id_of, section.superseding_rules(rule)) if id_ in ids else ()
        for other in set(later).intersection(made).difference(ids):
            next_step = f"undo both with --only {id_} --only {other}"
            raise TreeError(id_, f"{other} builds on it, nothing was changed", "", next_step)


def _undone(
    path: str, record: Record, current: bytes, ids: Collection[str], packs: Sequence[Pack]
) -> tuple[bytes, Record]:
    """A file without some rules' edits, and its record then."""
    from patcher import engine

    sections = sections_of(path, record.rules, packs)
    patched = engine.redone(sections, record.original, record.rules)
    if digest(patched) != record.after:
        raise _other_rules(path)
    rest = tuple(id_ for id_ in record.rules if id_ not in ids)
    without = engine.redone(sections, record.original, rest)
    left = replace(record, rules=rest, after=digest(without))
    return _merged(path, current, patched, without), left


def _merged(path: str, current: bytes, base: bytes, other: bytes) -> bytes:
    """`current` with what leads from `base` to `other` done to it as well."""
    if current == base:
        return other
    from tempfile import TemporaryDirectory  # which `status` does without

    with TemporaryDirectory(prefix="effpatch-") as name:
        parts = {"current": current, "base": base, "other": other}
        for part, content in parts.items():
            (Path(name) / part).write_bytes(content)
        conflicts, merged = try_to(
            Path(name), "merge-file", "--stdout", *parts, allowed=range(128), settings=Settings.NONE
        )
    if conflicts:
        found = "edited by hand where an edit is to be undone, nothing was changed"
        raise TreeError(path, found, next_step="undo that edit by hand")
    return merged
