"""The pin of a drafted pack: what is known of the tree that the port was made from."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from patcher.errors import USER_INFO, SelectionError, TreeError
from patcher.model import Pin
from patcher.tree.files import Tree
from patcher.tree.git import ANY, ask

_COMMIT = re.compile(r"[0-9a-f]{40}")


def pin_of(place: Path, named: str, root: str, paths: Collection[str]) -> Pin:
    """The pin for a tree, without digests.

    Args:
        place: The tree.
        named: Its address and commit as the user gave them, `URL@COMMIT`; "" for neither.
        root: The folder that imports start from.
        paths: The files that rules are about, which have to be as committed.

    Raises:
        SelectionError: What was named is not an address and a commit.
        TreeError: One of the files is not as committed.
    """
    if named:
        address, _, commit = named.rpartition("@")
        if not address or not _COMMIT.fullmatch(commit.lower()):
            wanted = "URL@COMMIT, with a full commit id of 40 hex digits"
            raise SelectionError("--upstream", named, wanted, "name both")
        return _pin(address, commit.lower(), root)
    tree = Tree(str(place), place.resolve())
    found = tree.repository
    if found is None or found.top != tree.root:
        return _pin("", "", root)
    address = ask(found.top, "config", "--get", "remote.origin.url", allowed=ANY)
    commit = tree.commit() or ""
    if not (address and commit):
        return _pin("", "", root)
    if edited := tree.uncommitted(sorted(paths)):
        step = "restore it, or name the upstream with --upstream"
        raise TreeError(f"{place}/{edited[0]}", "not as committed", f"as in {commit[:12]}", step)
    return _pin(USER_INFO.sub(r"\1", address), commit, root)


def _pin(address: str, commit: str, root: str) -> Pin:
    name = address.rstrip("/").rpartition("/")[2].removesuffix(".git")
    return Pin(name or "upstream", address, commit, root)
