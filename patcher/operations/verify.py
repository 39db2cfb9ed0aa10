"""What a patched tree is found to be: its checks, and how it compares with another port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from patcher import receipt as receipts
from patcher.model import Pack
from patcher.tree.files import Tree
from patcher.tree.runtime import without
from patcher.verify import attribution, runtime
from patcher.verify import registry as checks
from patcher.verify.against import Comparison, compare
from patcher.verify.baseline import Origin, by_git, by_receipt
from patcher.verify.model import Check, Subject
from patcher.verify.replay import Replay


@dataclass(frozen=True)
class Patched:
    """A patched tree, with what it was before.

    Attributes:
        tree: The tree.
        origin: What was done to it.
        now: The bytes of its Python files, by path; the runtime's left out.
    """

    tree: Tree
    origin: Origin
    now: Mapping[str, bytes]

    @cached_property
    def replays(self) -> list[Replay]:
        """Its patched files as the rules leave them."""
        return attribution.replays(self.origin)

    def checks(self) -> list[Check]:
        """What every check of it found."""
        files = {path: self.now[path] for path in self.origin.files if path in self.now}
        by_hand = attribution.check(self.origin, self.replays, files)
        before = {**self.now, **self.tree.committed(), **self.origin.files}
        known = {path: content for path, content in before.items() if content is not None}
        return checks.verify(Subject(known, self.now, runtime.provided()), by_hand)

    def against(self, other: Tree) -> Comparison:
        """What another port of the same upstream does."""
        mine, origin = self.now, self.origin
        others = {path: mine[path] for path in mine if path not in origin.files}
        theirs = without(other.python_files(), origin.packs)
        return compare(origin.packs, origin.files, others, theirs)


def patched(tree: Tree, known: Mapping[str, Pack], packs: Sequence[Pack]) -> Patched:
    """The tree, with what it was before: by its receipt, else by git.

    Args:
        tree: The tree.
        known: All packs there are, by name.
        packs: Those that may have been applied where there is no receipt.

    Raises:
        PatchError: It was not patched, or what it was before cannot be told.
    """
    receipt = receipts.read(tree)
    if receipt and receipt.files:  # it may tell of the runtime alone
        packs = [known[name] for name in receipt.packs if name in known]
    paths = {section.path for pack in packs for section in pack.sections}
    files = tree.read(paths)
    if receipt and receipt.files:
        origin = by_receipt(tree, receipt, known, files)
    else:
        origin = by_git(tree, packs, files)
    return Patched(tree, origin, {**without(tree.python_files(), known.values()), **files})
