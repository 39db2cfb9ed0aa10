"""Which packs were applied to a tree: as its receipt has them, and as its files show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from patcher.errors import PackError, PatchError
from patcher.model import Pack, State
from patcher.operations.revert import open_patched
from patcher.operations.select import select
from patcher.packs import is_known, known_packs, load_pack, related
from patcher.receipt import storage


class AppliedPacks(NamedTuple):
    """The packs that a receipt names, in the order of their use: those known here, and others."""

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def usable(self) -> AppliedPacks:
        """These packs.

        Raises:
            PackError: Packs were applied, and none of them is known here.
        """
        if self.unknown and not self.known:
            raise unknown_packs(self.unknown)
        return self


def applied_packs(place: Path, notify: Callable[[str], object] = lambda _: None) -> AppliedPacks:
    """The packs that were applied to the tree at a folder; none without a receipt.

    An interrupted run in the tree is completed or undone first, and `notify` told.

    Raises:
        PatchError: The run can be neither completed nor undone.
    """
    from patcher.transaction import recover

    try:
        tree = open_patched(place)
    except PatchError:
        return AppliedPacks()
    if report := recover(tree):
        notify(report)
    receipt = storage.read(tree)
    names = tuple(receipt.packs) if receipt else ()
    known = tuple(filter(is_known, names))
    return AppliedPacks(known, tuple(name for name in names if name not in known))


def complete_packs(place: Path, root: str | None, packs: Sequence[Pack]) -> dict[str, int]:
    """The packs of which a tree has every edit, by their names, with the number of these edits.

    It is known to have those of some packs. Looked for are all known ones for the same upstream.
    """
    found = {pack.name: len([*pack.entries()]) for pack in packs}
    for pack in related(packs, map(load_pack, known_packs())):
        with suppress(PatchError):  # one that does not fit the tree
            tree, selection = select([pack]).open(place, root)
            outcomes = selection.inspect(tree).plan.outcomes
            if all(each.state is State.APPLIED for each in outcomes):
                found[pack.name] = len(outcomes)
    return found


def unknown_packs(names: Sequence[str]) -> PackError:
    """The error that a receipt names packs that are not known here."""
    one = len(names) == 1
    packs = f"the pack {names[0]}, which is" if one else f"{' and '.join(names)}, which are"
    return PackError(
        "the receipt",
        f"names {packs} not known here",
        "the packs that were applied",
        f"pass --pack FOLDER, or install {'it' if one else 'them'}",
    )
