"""Receipts on disk: this user's own, which is obeyed, and others, which only are read."""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from functools import cache, lru_cache
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from patcher import reading
from patcher.errors import TreeError, reason
from patcher.model import Nearest, Outcome, Site, State
from patcher.paths import is_plain
from patcher.receipt.receipt import Receipt, Record
from patcher.tree import state
from patcher.tree.files import Change, Tree, digest

# Where effpatch up to 0.1 left it, in the tree.
IN_TREE = ".effpatch.json"
# The largest receipt of somebody else that is read, and what its files may come to, in bytes.
_LARGEST = 8_000_000
_LARGEST_FILES = 64_000_000
_RESTORE = "restore it, or delete it and undo the edits with git"
_FAULTS = (RecursionError, ValueError, KeyError, TypeError, AttributeError, zlib.error)


def read(tree: Tree) -> Receipt | None:
    """The receipt that effpatch wrote of a tree for this user; None where there is none.

    Raises:
        TreeError: It cannot be read or understood.
    """
    content = state.read(tree, state.receipt_of(tree))
    ours = state.unsealed(content, state.RECEIPT) if content else None
    return _parsed(ours, str(place_of(tree))) if ours is not None else None


def not_ours(tree: Tree) -> Path | None:
    """A receipt of a tree that is not of this user: of another machine, or brought by a clone."""
    content = state.read(tree, state.receipt_of(tree))
    if content is not None and state.unsealed(content, state.RECEIPT) is None:
        return place_of(tree)
    return tree.root / IN_TREE if tree.present([IN_TREE]) else None


def read_file(file: Path) -> Receipt:
    """The receipt in a file, whoever wrote it.

    Raises:
        TreeError: It cannot be read or understood.
    """
    try:
        content = reading.read(file, _LARGEST)
    except OSError as error:
        found = f"cannot be read ({reason(error)})"
        raise TreeError(str(file), found, next_step="name a receipt of effpatch") from None
    return _parsed(state.without_seal(content), str(file), "name a receipt of effpatch")


def changes(tree: Tree, receipt: Receipt | None) -> list[Change]:
    """The changes that write a receipt next to the journal; with None, those that remove it.

    One that is not of this user is kept under another name: it may be all that has the bytes from
    before.

    Raises:
        StateError: The user's key can be neither read nor made.
    """
    after = state.sealed(_printed(receipt), state.RECEIPT) if receipt else None
    own = state.receipt_of(tree)
    before = state.read(tree, own)
    made = [Change(own, before, after)]
    if before is not None and state.unsealed(before, state.RECEIPT) is None:
        name = f"{own}.{digest(before)[:16]}"
        if state.read(tree, name) is None:
            made.append(Change(name, None, before))
    return made


def place_of(tree: Tree) -> Path:
    """The file of a tree's receipt, which need not be there."""
    return state.folder_of(tree) / state.receipt_of(tree)


def _printed(receipt: Receipt) -> bytes:
    values = {
        "effpatch": receipt.version,
        "packs": [{"name": name, "sha256": value} for name, value in receipt.packs.items()],
        "commit": receipt.commit,
        "files": {
            path: {
                "rules": record.rules,
                "before": digest(record.original),
                "after": record.after,
                "original": base64.b64encode(zlib.compress(record.original)).decode(),
            }
            for path, record in receipt.files.items()
        },
        "outcomes": [asdict(outcome) for outcome in receipt.outcomes],
        "runtime": receipt.runtime,
        "left_out": sorted(receipt.left_out),
    }
    return (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode()


@lru_cache(maxsize=2)  # a command asks more than once
def _parsed(content: bytes, place: str, next_step: str = _RESTORE) -> Receipt:
    try:
        return _receipt(json.loads(content))
    except _FAULTS as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        why = f"it lacks {why}" if isinstance(error, KeyError) else why
        found, wanted = f"not a receipt of effpatch ({why})", "the one that `apply` wrote"
        raise TreeError(place, found, wanted, next_step) from None


def _receipt(values: Any) -> Receipt:
    room = [_LARGEST_FILES]
    return Receipt(
        _text(values["effpatch"]),
        {_text(pack["name"]): _text(pack["sha256"]) for pack in values["packs"]},
        None if values["commit"] is None else _text(values["commit"]),
        {_plain(path): _record(entry, room) for path, entry in values["files"].items()},
        tuple(_outcome(entry) for entry in _list(values["outcomes"])),
        {_plain(path): _text(after) for path, after in values.get("runtime", {}).items()},
        frozenset(map(_text, _list(values.get("left_out", [])))),
    )


def _record(entry: Mapping[str, Any], room: list[int]) -> Record:
    """What was done to a file; `room` is how many bytes there may be still of all files."""
    packed = base64.b64decode(_text(entry["original"]), validate=True)
    inflate = zlib.decompressobj()
    original = inflate.decompress(packed, room[0] + 1)
    room[0] -= len(original)
    if room[0] < 0:
        raise ValueError(f"its files come to more than {_LARGEST_FILES // 1_000_000} MB")
    if not inflate.eof or digest(original) != entry["before"]:
        raise ValueError("the original bytes of a file do not have the SHA-256 given")
    return Record(tuple(map(_text, _list(entry["rules"]))), _text(entry["after"]), original)


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    nearest = entry["nearest"]
    made: Outcome = _made(
        Outcome,
        {
            **entry,
            "state": State(entry["state"]),
            "sites": tuple(map(_site, _list(entry["sites"]))),
            "nearest": None if nearest is None else _made(Nearest, nearest),
        },
    )
    return made


def _site(entry: Mapping[str, Any]) -> Site:
    made: Site = _made(Site, {**entry, "state": State(entry["state"])})
    return made


def _made(kind: Any, entry: Mapping[str, Any]) -> Any:
    """An object of a data class; every value has to be of its field's type."""
    for name, allowed in _fields(kind).items():
        if name in entry and type(entry[name]) not in allowed:
            raise ValueError(f"{name} is of another type")
    return kind(**entry)


@cache
def _fields(kind: Any) -> dict[str, tuple[type, ...]]:
    """The classes whose objects each field of a data class may hold, by its name."""
    hints = get_type_hints(kind)
    return {field.name: tuple(_classes(hints[field.name])) for field in fields(kind)}


def _classes(hint: Any) -> Iterator[type]:
    """The classes that a type is of."""
    if hasattr(hint, "__origin__"):
        yield hint.__origin__
    elif parts := get_args(hint):
        for part in parts:
            yield from _classes(part)
    else:
        yield NoneType if hint is None else hint


def _plain(path: Any) -> str:
    if not is_plain(_text(path)):
        raise ValueError(f"{path!r} is not a path in a tree")
    return str(path)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} is not a text")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{str(value)[:40]!r} is not a list")
    return value
