"""What a patched tree was before: by its receipt, else by git."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from patcher import engine
from patcher.errors import ReceiptError, TreeError
from patcher.model import Pack, State
from patcher.receipt import NAME, Receipt, fingerprints
from patcher.tree.files import Tree
from patcher.tree.git import ANY, try_to
from patcher.verify.replay import Replay, replays


@dataclass(frozen=True)
class Baseline:
    """What was done to a tree, and to what.

    Attributes:
        packs: Whose rules were applied, in order.
        ids: The rules that were.
        files: The bytes of the files that the packs name, as they were before, by path.
    """

    packs: tuple[Pack, ...]
    ids: frozenset[str]
    files: Mapping[str, bytes]

    @cached_property
    def replays(self) -> tuple[Replay, ...]:
        """The patched files as their rules leave them.

        Raises:
            PatchError: A file was no Python before.
        """
        return tuple(replays(self.packs, self.ids, self.files))


def from_receipt(
    tree: Tree, receipt: Receipt, packs: Sequence[Pack], files: Mapping[str, bytes]
) -> Baseline:
    """What the receipt says was done.

    Args:
        tree: The tree.
        receipt: Its receipt.
        packs: The packs that it names, as they are now.
        files: The bytes of the files that they name, as they are now.

    Raises:
        TreeError: Every edit was undone since.
        ReceiptError: The rules are no longer those that were applied.
    """
    if fingerprints(packs) != dict(receipt.packs):
        raise ReceiptError(
            NAME,
            "the edits were made by other rules than those of this effpatch",
            "the same rules",
            "use the effpatch that made them, or revert all edits and apply again",
        )
    if not receipt.made(files):
        raise _not_patched(tree)
    originals = {path: record.original for path, record in receipt.files.items()}
    ids = frozenset(id_ for record in receipt.files.values() for id_ in record.rules)
    return Baseline(tuple(packs), ids, {**files, **originals})


def from_git(tree: Tree, packs: Sequence[Pack], files: Mapping[str, bytes]) -> Baseline:
    """What was done to a tree without a receipt, by its rules and git's commits.

    Args:
        tree: The tree.
        packs: The packs that may have been applied.
        files: The bytes of the files that they name, as they are now.

    Raises:
        TreeError: No rule has been applied, or git has no version of a patched file from before.
    """
    outcomes = engine.plan(packs, files).outcomes
    applied = {each.id: each.file for each in outcomes if each.state is State.APPLIED}
    if not applied:
        raise _not_patched(tree)
    paths = dict.fromkeys(applied.values())
    patched = {path: _unpatched(tree, packs, path, applied) for path in paths}
    return Baseline(tuple(packs), frozenset(applied), {**files, **patched})


def _not_patched(tree: Tree) -> TreeError:
    found = "no rule has been applied"
    return TreeError(tree.place, found, "a patched tree", "run `effpatch apply` first")


def _unpatched(tree: Tree, packs: Sequence[Pack], path: str, applied: Collection[str]) -> bytes:
    """The file as the last commit has it in which none of its applied rules is applied."""
    real = tree.real(path)
    log = try_to(tree.root, "log", "--format=%H", "--", real, allowed=ANY)[1].decode().split()
    ids = {id_ for pack in packs for id_, s, _ in pack.entries() if s.path == path} & set(applied)
    for commit in log:
        status, content = try_to(tree.root, "show", f"{commit}:./{real}", allowed=ANY)
        if status == 0 and not _any_applied(packs, path, content, ids):
            return content
    raise TreeError(
        path,
        "no version from before the edits",
        "one in the receipt or in git",
        f"restore {NAME}, or verify in a git checkout that has one",
    )


def _any_applied(packs: Sequence[Pack], path: str, content: bytes, ids: Collection[str]) -> bool:
    outcomes = engine.plan(packs, {path: content}, ids).outcomes
    return any(each.state is State.APPLIED for each in outcomes if each.file == path)
