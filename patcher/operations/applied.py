"""Which packs were applied to a tree, as its receipt has them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from patcher.errors import PackError, PatchError
from patcher.operations.revert import open_patched
from patcher.packs import is_known
from patcher.receipt import storage


class AppliedPacks(NamedTuple):
    """The packs that a receipt names, in the order of their use: those known here, and others."""

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


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
