"""Going back: the bytes before `apply`, or before one rule's edit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from patcher import receipt as receipts
from patcher import transaction
from patcher.errors import Conflict, EditedSince, NoReceipt, NotApplied, RulesChanged, StandsOn
from patcher.model import Change, Pack
from patcher.operations.apply import receipt_change
from patcher.receipt import NAME, Receipt
from patcher.transaction.lock import hold
from patcher.tree import runtime
from patcher.tree.files import Tree, digest
from patcher.tree.git import try_to


def revert(tree: Tree, packs: Mapping[str, Pack], ids: Collection[str]) -> tuple[str, ...]:
    """Go back to the bytes before `apply`, or undo single edits.

    Args:
        tree: The tree.
        packs: All packs there are, by name.
        ids: The rules to undo; none for all.

    Returns:
        The paths that were written.

    Raises:
        PatchError: The tree is as it was.
    """
    with hold(tree, "effpatch revert") as folder:
        receipt = receipts.read(tree)
        if receipt is None:
            raise NoReceipt(tree.place)
        files = tree.read(receipt.files)
        if ids:
            used = [packs[name] for name in receipt.packs if name in packs]
            changes, left = _single(receipt, files, used, ids)
        else:
            changes, left = _whole(receipt, files), None
            changes += runtime.removals(tree, receipt.runtime)
        content = receipts.write(left) if left else None
        transaction.commit(tree, [*changes, receipt_change(tree, content)], folder)
        return tuple(change.path for change in changes)


def _whole(receipt: Receipt, files: Mapping[str, bytes]) -> list[Change]:
    """The changes that give every file its bytes before `apply`.

    Args:
        receipt: The tree's receipt.
        files: The bytes of the files that the receipt names.

    Raises:
        EditedSince: A file was edited since it was patched.
    """
    edited = receipt.edited(files)
    if edited:
        raise EditedSince(edited)
    return [
        Change(path, files[path], record.original)
        for path, record in receipt.files.items()
        if files[path] != record.original
    ]


def _single(
    receipt: Receipt,
    files: Mapping[str, bytes],
    packs: Sequence[Pack],
    ids: Collection[str],
) -> tuple[list[Change], Receipt | None]:
    """The changes that undo some rules' edits and keep all else, later edits by hand too.

    Args:
        receipt: The tree's receipt.
        files: The bytes of the files that the receipt names.
        packs: The packs that it names, as they are now.
        ids: The rules.

    Returns:
        The changes, and the receipt of what is left; None where nothing is.

    Raises:
        NotApplied: effpatch did not make one of the edits.
        StandsOn: An edit that stays was made on one of them.
        RulesChanged: The rules are no longer those that were applied.
        Conflict: An edit by hand overlaps one of them.
    """
    made = receipt.made(files)
    for id_ in ids:
        if id_ not in made:
            raise NotApplied(id_)
    if receipts.fingerprints(packs) != dict(receipt.packs):
        raise RulesChanged(NAME)
    from patcher import engine

    _check_groundwork(packs, made, ids)
    changes, records = [], dict(receipt.files)
    for path, record in receipt.files.items():
        if not set(ids) & set(record.rules):
            continue
        if path not in files:
            raise EditedSince([path])
        rest = tuple(id_ for id_ in record.rules if id_ not in ids)
        sections = [s for pack in packs for s in pack.sections if s.path == path]
        if not sections:
            raise RulesChanged(NAME)
        with_them = engine.redone(sections, record.original, record.rules)
        without = engine.redone(sections, record.original, rest)
        if digest(with_them) != record.after:
            raise RulesChanged(NAME)
        merged = _merged(path, files[path], with_them, without)
        if merged != files[path]:
            changes.append(Change(path, files[path], merged))
        records[path] = replace(record, rules=rest, after=digest(without))
    kept = {path: record for path, record in records.items() if record.rules}
    left = replace(receipt, files=kept, outcomes=()) if kept or receipt.runtime else None
    return changes, left


def _check_groundwork(packs: Sequence[Pack], made: set[str], ids: Collection[str]) -> None:
    for pack in packs:
        for id_, section, rule in pack.entries():
            for later in section.superseding_rules(rule) if id_ in ids else ():
                if section.id_of(later) in made - set(ids):
                    raise StandsOn(id_, section.id_of(later))


def _merged(path: str, current: bytes, base: bytes, other: bytes) -> bytes:
    """`current` with what leads from `base` to `other` done to it as well."""
    if current == base:
        return other
    with TemporaryDirectory(prefix="effpatch-") as name:
        for part, content in (("current", current), ("base", base), ("other", other)):
            (Path(name) / part).write_bytes(content)
        files = ("current", "base", "other")
        conflicts, merged = try_to(Path(name), "merge-file", "--stdout", *files, allowed=range(128))
    if conflicts:
        raise Conflict(path)
    return merged
