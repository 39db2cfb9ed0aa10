"""The packs and rules that the options name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from patcher.errors import PackError, SelectionError

if TYPE_CHECKING:
    from patcher.model import Pack, Pin
    from patcher.operations.select import Selection


def select(places: Sequence[str], only: Sequence[str] = (), skip: Sequence[str] = ()) -> Selection:
    """The packs and rules that --pack, --only and --skip select.

    Raises:
        PackError: There is no such pack, or it cannot be loaded.
        SelectionError: There is no such rule, none is left, or the packs do not go together.
    """
    from patcher.operations.select import select as select_rules
    from patcher.packs import load_pack

    selection = select_rules([load_pack(place) for place in dict.fromkeys(places)], only, skip)
    pin_of(selection.packs)
    return selection


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
