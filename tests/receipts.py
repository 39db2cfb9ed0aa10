"""The receipts that effpatch keeps of trees: looked at, and written anew with its user's seal."""

import json
from pathlib import Path
from typing import Any

from patcher.tree import state
from patcher.tree.files import Tree


def place(tree: Path) -> Path:
    """The file of a tree's receipt."""
    found = Tree(str(tree), tree.resolve())
    return state.folder_of(found) / state.receipt_of(found)


def text(tree: Path) -> str:
    """The receipt without its seal."""
    return state.without_seal(place(tree).read_bytes()).decode()


def values(tree: Path) -> Any:
    """What the receipt says."""
    return json.loads(text(tree))


def write(tree: Path, content: str | bytes) -> None:
    """Replace the receipt by one with the user's seal."""
    raw = content if isinstance(content, bytes) else content.encode()
    place(tree).write_bytes(state.sealed(raw, state.RECEIPT))
