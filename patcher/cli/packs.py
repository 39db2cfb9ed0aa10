"""The packs and rules that the options name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.errors import PackError, SelectionError

if TYPE_CHECKING:
    from patcher.model import Pack, Pin
    from patcher.operations.select import Choice as Selection
    from patcher.tree.files import Tree


def load(place: str) -> Pack:
    """The pack of a name, or in a folder.

    Raises:
        PackError: There is none, or it cannot be loaded.
    """
    from patcher.packs import known_packs, load_pack

    try:
        return _with_upstream(load_pack(place))
    except PackError:
        from difflib import get_close_matches

        near = get_close_matches(place, known_packs(), 1)
        if place in near or not near or Path(place).is_dir():
            raise
        hint = f"did you mean {near[0]}?"
        raise PackError(place, "no pack of this name", next_step=hint) from None


# UNTIL PACKS ARE DATA: they do not name their upstream and what they are needed with yet. Then
# this function goes, and `load` returns `load_pack(place)`.
def _with_upstream(pack: Pack) -> Pack:
    from patcher.model import Pin
    from patcher.tree.fetch import read_pin

    if pack.upstream:
        return pack
    pin = read_pin()
    upstream = Pin(
        "automl",
        pin.repository,
        pin.commit,
        root="efficientdet",
        program="efficientdet/main.py",
        omit=("*.ipynb", "*.png"),
        sha256=pin.sha256,
    )
    needed_with = {"tensorflow": ">=2.12"} if pack.name == "tensorflow_2_15" else {}
    return replace(pack, upstream=upstream, needed_with=needed_with)


def load_all(places: Sequence[str], ids: Sequence[str] = ()) -> list[Pack]:
    """The packs that --pack names, and those of rules that are named with their pack.

    Without --pack, the default pack stands for rules that are named without theirs.

    Args:
        places: The names and folders.
        ids: Ids of rules, such as `main-1` or `supplement/utils-2`.

    Raises:
        PackError: There is none of a name, or it cannot be loaded.
        SelectionError: Two have the same name.
    """
    from patcher.packs import DEFAULT, known_packs

    packs: dict[str, Pack] = {}
    for pack in map(load, dict.fromkeys(places)):
        if pack.name in packs:
            raise SelectionError("--pack", f"two packs named {pack.name}", "different names")
        packs[pack.name] = pack
    for id_ in ids:
        name = id_.rpartition("/")[0] or ("" if places else DEFAULT)
        if name and name not in packs and name in known_packs():
            packs[name] = load(name)
    return list(packs.values()) or [load(DEFAULT)]


def select(places: Sequence[str], only: Sequence[str] = (), skip: Sequence[str] = ()) -> Selection:
    """The packs and rules that --pack, --only and --skip select.

    Raises:
        PackError: There is no such pack, or it cannot be loaded.
        SelectionError: There is no such rule, none is left, or the packs do not go together.
    """
    from patcher.operations.select import choose

    packs = load_all(places, only)
    pin_of(packs)
    return choose(packs, [short_id(id_) for id_ in only], [short_id(id_) for id_ in skip])


def short_id(id_: str) -> str:
    """A rule's id as reports have it: without the name of the default pack."""
    from patcher.packs import DEFAULT

    return id_.removeprefix(f"{DEFAULT}/")


def pin_of(packs: Sequence[Pack]) -> Pin | None:
    """The pin of some packs; None where none of them names one.

    Raises:
        SelectionError: They have different pins.
    """
    pinned = [(pack.name, pack.upstream) for pack in packs if pack.upstream]
    for name, pin in pinned[1:]:
        first, other = pinned[0]
        if (pin.repository, pin.commit, pin.root) != (other.repository, other.commit, other.root):
            found = f"{first} and {name} are for different upstreams"
            step = "run the command once for each"
            raise SelectionError("--pack", found, "packs with the same pin", step)
    return pinned[0][1] if pinned else None


def packs_in_use(tree: Tree, packs: Sequence[Pack]) -> dict[str, Pack]:
    """The packs at hand and those that a tree's receipt names, by name, with their paths there.

    A pack that the receipt names and that is neither at hand nor installed is left out.

    Args:
        tree: The tree.
        packs: The packs at hand.

    Raises:
        PatchError: The receipt cannot be read, or an installed pack cannot be loaded.
    """
    from patcher import receipt as receipts
    from patcher.operations.select import choose
    from patcher.packs import known_packs

    receipt = receipts.read(tree)
    others = set(receipt.packs if receipt else ()) - {pack.name for pack in packs}
    installed = [load(name) for name in known_packs() if name in others] if others else []
    if not (packs or installed):
        return {}
    relocated, _ = choose([*packs, *installed]).settled(tree)
    return {pack.name: pack for pack in relocated.packs}
