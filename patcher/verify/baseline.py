"""What a patched tree was before: by its receipt, else by git."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from patcher import engine
from patcher.errors import NoOrigin, NotPatched, RulesChanged
from patcher.model import Pack, State
from patcher.receipt import NAME, Receipt, fingerprints
from patcher.tree.files import Tree
from patcher.tree.git import ANY, try_to


@dataclass(frozen=True, slots=True)
class Origin:
    """What was done to a tree.

    Attributes:
        packs: Whose rules were applied, in order.
        ids: The rules that were.
        files: The bytes of the files that the packs name, as they were before, by path.
    """

    packs: tuple[Pack, ...]
    ids: frozenset[str]
    files: Mapping[str, bytes]


def by_receipt(
    tree: Tree, receipt: Receipt, known: Mapping[str, Pack], files: Mapping[str, bytes]
) -> Origin:
    """What the receipt says was done.

    Args:
        tree: The tree.
        receipt: Its receipt.
        known: All packs there are, by name.
        files: The bytes of the files that its packs name, as they are now.

    Raises:
        NotPatched: All was taken back since.
        RulesChanged: The rules are no longer those that were applied.
    """
    packs = tuple(known[name] for name in receipt.packs if name in known)
    if fingerprints(packs) != dict(receipt.packs):
        raise RulesChanged(NAME)
    if not receipt.made(files):
        raise NotPatched(tree.place)
    originals = {path: record.original for path, record in receipt.files.items()}
    ids = frozenset(id_ for record in receipt.files.values() for id_ in record.rules)
    return Origin(packs, ids, {**files, **originals})


def by_git(tree: Tree, packs: Sequence[Pack], files: Mapping[str, bytes]) -> Origin:
    """What was done to a tree without a receipt, as the rules and git's commits have it.

    Args:
        tree: The tree.
        packs: The packs that may have been applied.
        files: The bytes of the files that they name, as they are now.

    Raises:
        NotPatched: No rule has been applied.
        NoOrigin: git has no version of a patched file from before.
    """
    found = engine.plan(packs, files).outcomes
    applied = {outcome.id: outcome.file for outcome in found if outcome.state is State.APPLIED}
    if not applied:
        raise NotPatched(tree.place)
    paths = set(applied.values())
    patched = {path: _unpatched(tree, packs, path, applied) for path in paths}
    return Origin(tuple(packs), frozenset(applied), {**files, **patched})


def _unpatched(tree: Tree, packs: Sequence[Pack], path: str, applied: Collection[str]) -> bytes:
    """The file as the last commit has it in which none of its applied rules is applied."""
    real = tree.real(path)
    log = try_to(tree.root, "log", "--format=%H", "--", real, allowed=ANY)[1].decode().split()
    mine = {id_ for pack in packs for id_, s, _ in pack.entries() if s.path == path} & set(applied)
    for commit in log:
        status, content = try_to(tree.root, "show", f"{commit}:./{real}", allowed=ANY)
        if status == 0 and not _any_applied(packs, path, content, mine):
            return content
    raise NoOrigin(path)


def _any_applied(packs: Sequence[Pack], path: str, content: bytes, ids: Collection[str]) -> bool:
    outcomes = engine.plan(packs, {path: content}, ids).outcomes
    return any(o.state is State.APPLIED for o in outcomes if o.file == path)
