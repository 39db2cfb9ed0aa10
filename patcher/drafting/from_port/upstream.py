"""The pin of a drafted pack: what is known of the tree that the port was made from."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from patcher.drafting.pins import drafted_pin, parted
from patcher.errors import SelectionError, TreeError
from patcher.model import Pin
from patcher.tree.files import Tree
from patcher.tree.git import ANY, ask


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
        address, commit = parted(named)
        if not commit:
            wanted = "URL@COMMIT, with a full commit id of 40 hex digits"
            raise SelectionError("--upstream", named, wanted, "name both")
        return drafted_pin(address, commit, root)
    tree = Tree(str(place), place.resolve())
    found = tree.repository
    if found is None or found.top != tree.root:
        return drafted_pin("", "", root)
    address = ask(found.top, "config", "--get", "remote.origin.url", allowed=ANY)
    commit = tree.commit() or ""
    if not (address and commit):
        return drafted_pin("", "", root)
    if edited := tree.uncommitted(sorted(paths)):
        step = "restore it, or name the upstream with --upstream"
        raise TreeError(f"{place}/{edited[0]}", "not as committed", f"as in {commit[:12]}", step)
    return drafted_pin(address, commit, root)
