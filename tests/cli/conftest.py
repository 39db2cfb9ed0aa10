from collections.abc import Callable
from dataclasses import replace

import pytest

from patcher import packs
from patcher.model import Pack, Pin

PIN = Pin("small", "https://localhost/small", "0" * 40, root="src")
AddPack = Callable[[str, Pack], None]


@pytest.fixture
def add_pack(monkeypatch: pytest.MonkeyPatch) -> AddPack:
    """Have a pack loaded from a place, which is a name or a folder."""
    added: dict[str, Pack] = {}
    load, known = packs.load_pack, packs.known_packs()

    def load_pack(place: str) -> Pack:
        return added[place] if place in added else load(place)

    def add(place: str, pack: Pack) -> None:
        added[place] = pack

    monkeypatch.setattr(packs, "load_pack", load_pack)
    monkeypatch.setattr(packs, "known_packs", lambda: (*known, *(n for n in added if "/" not in n)))
    return add


def of_another_upstream(name: str) -> Pack:
    """A copy of a shipped pack that is said to be for another upstream."""
    return replace(packs.load_pack(name), name=f"{name}_elsewhere", upstream=PIN)
