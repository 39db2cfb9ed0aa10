"""The pin of a drafted pack, from the address and the commit that a user names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from patcher.errors import USER_INFO
from patcher.model import Pin

_COMMIT = re.compile("[0-9a-fA-F]{40}")


def parted(named: str) -> tuple[str, str]:
    """The address and the commit in `URL@COMMIT`; all is the address where that has no full id."""
    address, _, commit = named.rpartition("@")
    return (address, commit.lower()) if address and _COMMIT.fullmatch(commit) else (named, "")


def drafted_pin(
    address: str, commit: str, root: str, sha256: Mapping[str, str] = MappingProxyType({})
) -> Pin:
    """A pin, whose address is without the user's credentials; "" for neither address nor commit."""
    name = address.rstrip("/").rpartition("/")[2].removesuffix(".git")
    return Pin(name or "upstream", USER_INFO.sub(r"\1", address), commit, root, sha256=sha256)
