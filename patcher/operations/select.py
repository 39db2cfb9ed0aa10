"""Which packs and rules a command is about, and how they stand in a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.errors import PackError, SelectionError
from patcher.model import Pack, Pin, Plan
from patcher.operations import rule_ids
from patcher.operations.relocate import relocate
from patcher.packs import DEFAULT, known_packs, load_pack, require_one_name
from patcher.receipt import storage
from patcher.receipt.receipt import Receipt, pack_name
from patcher.tree.files import Tree
from patcher.tree.upstream import open_tree

if TYPE_CHECKING:
    from patcher.engine.blockers import Refusal


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a command has read of a tree: files by path, receipt; and what it would do to it."""

    files: Mapping[str, bytes]
    receipt: Receipt
    plan: Plan


@dataclass(frozen=True, slots=True)
class Selection:
    """Packs, in the order of their use, and which of their rules are meant, by their short ids.

    Those that the user left out by name are `skipped`.
    """

    packs: tuple[Pack, ...]
    ids: frozenset[str]
    skipped: frozenset[str] = frozenset()

    def open(
        self, place: Path, root: str | None = None, notify: Callable[[str], object] = lambda _: None
    ) -> tuple[Tree, Selection]:
        """The tree at a folder, and the selection with the paths that its files have there.

        An interrupted run in the tree is completed or undone first. What was done about that, and
        where files are that moved, is passed to `notify`. The other arguments are those of
        `patcher.tree.upstream.open_tree`.

        Raises:
            PatchError: There is no such tree, or it cannot be used.
            MismatchError: A file may have moved to more than one place.
        """
        from patcher.transaction import recover

        tree, packs = open_tree(place, self.packs, root)
        if report := recover(tree):
            notify(report)
        packs, moved = relocate(packs, tree)
        for path, now in moved.items():
            notify(f"{path}: not found, using {now} instead")
        return tree, replace(self, packs=packs)

    def read(self, tree: Tree) -> tuple[dict[str, bytes], Receipt]:
        """The bytes of the files that the packs and the receipt name, by path; and the receipt.

        Raises:
            TreeError: One cannot be read.
        """
        receipt = storage.read(tree) or Receipt("", {}, None, {})
        named = [section.path for pack in self.packs for section in pack.sections]
        return tree.read(dict.fromkeys([*named, *receipt.files])), receipt

    def inspect(self, tree: Tree, *, stepwise: bool = False) -> Inspection:
        """How the selected rules stand in a tree, and what they would do to it.

        Where the receipt says how the rules stand, nothing is parsed. With `stepwise`, the plan
        has each file after each edit.

        Raises:
            TreeError: It cannot be read or parsed.
        """
        files, receipt = self.read(tree)
        if self.ids == set(_ids(self.packs)) and receipt.covers(self.packs, files):
            return Inspection(files, receipt, receipt.plan(files))
        plan = self.plan(self.with_needed(tree, files), stepwise=stepwise)
        return Inspection(files, receipt, plan)

    def plan(
        self,
        files: Mapping[str, bytes],
        refused: Mapping[str, Refusal] | None = None,
        *,
        stepwise: bool = False,
    ) -> Plan:
        """What the selected rules, but for those refused, would do to the files of `with_needed`.

        `refused` has the reasons by the rules' ids. With `stepwise`, the plan has each file
        after each edit.

        Raises:
            TreeError: One cannot be parsed.
        """
        from patcher import engine

        return engine.plan(self.packs, files, self.ids, refused or {}, stepwise=stepwise)

    def with_needed(self, tree: Tree, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The files, and those of which rules need something or that mention what they change.

        One that is a link out of the tree is none of its files, and left out.

        Raises:
            TreeError: One cannot be read.
        """
        from patcher.engine.defined_flags import added_flags
        from patcher.engine.reexports import dropped

        rules = [rule for pack in self.packs for id_, _, rule in pack.entries() if id_ in self.ids]
        needed = {need.file for rule in rules for need in rule.needs} - files.keys()
        names = {name for rule in rules for name in dropped(rule) | added_flags(rule)}
        read = tree.read(path for path in sorted(needed) if tree.holds(path))
        return {**tree.mentioning(names), **files, **read}


def select(
    packs: Sequence[Pack] = (),
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    *,
    options: tuple[str, str] = ("--only", "--skip"),
) -> Selection:
    """The rules that a user asks for; arguments as for `patcher.plan`.

    Rules that `only` names may be of any pack that is known by name, besides those given.
    `options` says where `only` and `skip` come from, for sentences.

    Raises:
        SelectionError: A rule is not in the packs, no rule is left, or packs have different pins.
        PackError: A pack cannot be loaded, or there is no rule in any.
    """
    require_one_name(packs)
    only, skip = rule_ids.listed(only), rule_ids.listed(skip)
    chosen = {pack.name: pack for pack in packs}
    given = _ids(packs)
    meant = {pack_name(id_) for id_ in only if not rule_ids.of_other_packs(id_, given)}
    for name in known_packs() if meant - set(chosen) else ():
        if name in meant and name not in chosen:
            chosen[name] = load_pack(name)
    if not chosen:
        chosen[DEFAULT] = load_pack(DEFAULT)
    shared_pin(chosen.values())
    known = dict.fromkeys(_ids(chosen.values()))
    if not known:
        place = " and ".join(chosen)
        raise PackError(place, "the pack has no rules", "at least one", "write one first")
    wanted, unwanted = (
        frozenset(rule_ids.require(words, known, [*chosen], option))
        for words, option in zip((only, skip), options, strict=True)
    )
    ids = (wanted or frozenset(known)) - unwanted
    if not ids:
        found = "leaves out every rule that is selected"
        raise SelectionError(options[1], found, "at least one to remain", "leave out fewer")
    return Selection(tuple(chosen.values()), ids, unwanted)


def shared_pin(packs: Iterable[Pack]) -> Pin | None:
    """The pin of some packs, with the digests of the files of all of them; None without one.

    Raises:
        SelectionError: They have different pins.
    """
    pinned = [(pack.name, pack.upstream) for pack in packs if pack.upstream]
    for name, pin in pinned:
        first = pinned[0][1]
        if not _is_same(first, pin):
            found = f"{pinned[0][0]} and {name} are for different upstreams"
            step = "run the command once for each"
            raise SelectionError("--pack", found, "packs with the same pin", step)
    digests = {path: value for _, pin in pinned for path, value in pin.sha256.items()}
    return replace(pinned[0][1], sha256=digests) if pinned else None


def _is_same(one: Pin, other: Pin) -> bool:
    """Whether two pins are the same commit, or without one the same files."""
    if (one.repository, one.commit, one.root) != (other.repository, other.commit, other.root):
        return False
    shared = one.sha256.keys() & other.sha256.keys()
    return bool(one.repository) or all(one.sha256[path] == other.sha256[path] for path in shared)


def _ids(packs: Iterable[Pack]) -> list[str]:
    return [id_ for pack in packs for id_, _, _ in pack.entries()]
