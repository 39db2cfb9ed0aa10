"""The packs and rules that the options name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from patcher.errors import PackError, SelectionError

if TYPE_CHECKING:
    from patcher.model import Pack, Pin
    from patcher.operations.select import Choice as Selection
    from patcher.tree.files import Tree


def _load(places: Sequence[str], ids: Sequence[str] = ()) -> list[Pack]:
    """The packs that --pack names, and those of rules that are named with their pack.

    Without --pack, the default pack stands for rules that are named without theirs.

    Args:
        places: The names and folders.
        ids: Ids of rules, such as `main-1` or `supplement/utils-2`.

    Raises:
        PackError: There is none of a name, it cannot be loaded, or two have the same name.
    """
    from patcher.packs import DEFAULT, known_packs, load_pack
    from patcher.packs.loading import require_one_name

    named = [load_pack(place) for place in dict.fromkeys(places)]
    require_one_name(named)
    packs = {pack.name: pack for pack in named}
    for id_ in ids:
        name = id_.rpartition("/")[0] or ("" if places else DEFAULT)
        if name and name not in packs and name in known_packs():
            packs[name] = load_pack(name)
    return list(packs.values()) or [load_pack(DEFAULT)]


def select(places: Sequence[str], only: Sequence[str] = (), skip: Sequence[str] = ()) -> Selection:
    """The packs and rules that --pack, --only and --skip select.

    Raises:
        PackError: There is no such pack, or it cannot be loaded.
        SelectionError: There is no such rule, none is left, or the packs do not go together.
    """
    from patcher.operations.select import choose

    packs = _load(places, only)
    pin_of(packs)
    return choose(packs, [short_id(id_) for id_ in only], [short_id(id_) for id_ in skip])


def short_id(id_: str) -> str:
    """A rule's id as reports have it: without the name of the default pack."""
    from patcher.packs import DEFAULT

    return id_.removeprefix(f"{DEFAULT}/")


def pin_of(packs: Sequence[Pack]) -> Pin:
    """The pin of some packs, with the digests of the files of all of them.

    Raises:
        SelectionError: They have different pins.
        PackError: One has none.
    """
    pins = [_pin(pack) for pack in packs]
    for pack, pin in zip(packs, pins, strict=True):
        if _identity(pin) != _identity(pins[0]):
            found = f"{packs[0].name} and {pack.name} are for different upstreams"
            step = "run the command once for each"
            raise SelectionError("--pack", found, "packs with the same pin", step)
    digests = {path: digest for pin in pins for path, digest in pin.sha256.items()}
    return replace(pins[0], sha256=digests)


def _pin(pack: Pack) -> Pin:
    if pack.upstream is None:
        step = "add `upstream` to its pack.toml"
        raise PackError(f"pack {pack.name}", "no upstream", "one", step)
    return pack.upstream


def _identity(pin: Pin) -> tuple[str, str, str]:
    return pin.repository, pin.commit, pin.root


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
    from patcher.packs import known_packs, load_pack

    receipt = receipts.read(tree)
    others = set(receipt.packs if receipt else ()) - {pack.name for pack in packs}
    installed = [load_pack(name) for name in known_packs() if name in others] if others else []
    if not (packs or installed):
        return {}
    relocated, _ = choose([*packs, *installed]).settled(tree)
    return {pack.name: pack for pack in relocated.packs}
