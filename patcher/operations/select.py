"""Which packs and rules a command is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from patcher.errors import SelectionError
from patcher.model import Change, Pack, TreePlan
from patcher.operations import relocate as moved
from patcher.receipt import Receipt, read
from patcher.tree import runtime
from patcher.tree.files import Tree, digest, open_tree


@dataclass(frozen=True, slots=True)
class Look:
    """What a command has seen of a tree.

    Attributes:
        files: The bytes of the files that the packs and the receipt name, by path.
        receipt: What effpatch did to the tree before, if anything.
        plan: What the chosen rules would do to it.
    """

    files: Mapping[str, bytes]
    receipt: Receipt | None
    plan: TreePlan

    @property
    def edited(self) -> list[str]:
        """The files that were edited since they were patched."""
        return self.receipt.edited(self.files) if self.receipt else []

    @property
    def unsaved(self) -> list[str]:
        """The files to change that hold more than what was there before and our own edits."""
        ours = self.receipt.files if self.receipt else {}
        return [
            file.path
            for file in self.plan.changed
            if file.path not in ours or digest(file.before) != ours[file.path].after
        ]

    def additions(self, tree: Tree) -> list[Change]:
        """What puts the runtime into the tree.

        Raises:
            PatchError: Something bars it.
        """
        return runtime.additions(tree, self.receipt.runtime if self.receipt else {})


@dataclass(frozen=True, slots=True)
class Choice:
    """Packs, and those of their rules that were chosen.

    Attributes:
        packs: In the order in which their rules are applied.
        ids: Ids of the chosen rules.
    """

    packs: tuple[Pack, ...]
    ids: frozenset[str]

    @property
    def paths(self) -> list[str]:
        """The files that the packs name."""
        sections = (section for pack in self.packs for section in pack.sections)
        return list(dict.fromkeys(section.path for section in sections))

    def open(self, place: Path) -> Tree:
        """The tree at a folder.

        Raises:
            PatchError: There is no such tree.
        """
        return open_tree(place, self.paths)

    def settled(self, tree: Tree) -> tuple[Choice, dict[str, str]]:
        """The choice with the paths that its files have in a tree, and those that moved.

        Raises:
            MismatchError: A file may have moved to more than one place.
        """
        found = [moved.found(pack, tree) for pack in self.packs]
        places = {path: place for _, each in found for path, place in each.items()}
        return Choice(tuple(pack for pack, _ in found), self.ids), places

    def read(self, tree: Tree) -> tuple[dict[str, bytes], Receipt | None]:
        """The bytes of the files that the packs and the receipt name, by path; and the receipt.

        Raises:
            PatchError: One cannot be read.
        """
        receipt = read(tree)
        paths = [*self.paths, *(receipt.files if receipt else ())]
        return tree.read(dict.fromkeys(paths)), receipt

    def look(self, tree: Tree) -> Look:
        """What stands in a tree, and what the chosen rules would do to it.

        Where the receipt tells how the rules stand, nothing is parsed.

        Raises:
            PatchError: It cannot be read or parsed.
        """
        files, receipt = self.read(tree)
        if receipt and self._whole and receipt.answers(self.packs, files):
            return Look(files, receipt, receipt.plan(files))
        from patcher import engine

        return Look(files, receipt, engine.plan(self.packs, files, self.ids))

    @property
    def _whole(self) -> bool:
        return self.ids == {id_ for pack in self.packs for id_, _, _ in pack.entries()}


def choose(packs: Sequence[Pack], only: Sequence[str] = (), skip: Sequence[str] = ()) -> Choice:
    """The rules of `packs` that are in `only`, all if that is empty, and not in `skip`.

    Raises:
        SelectionError: No pack has a rule of that id, or no rule is left.
    """
    known = [id_ for pack in packs for id_, _, _ in pack.entries()]
    for id_ in (*only, *skip):
        if id_ not in known:
            raise _unknown(id_, known)
    ids = frozenset(only or known) - frozenset(skip)
    if not ids:
        found = "leaves out every rule that is selected"
        raise SelectionError("--skip", found, "at least one to remain", "leave out fewer")
    return Choice(tuple(packs), ids)


def _unknown(id_: str, known: Sequence[str]) -> SelectionError:
    near = get_close_matches(id_, known, 1)
    hint = f"did you mean {near[0]}?" if near else "`effpatch rules` lists them"
    return SelectionError(id_, "no rule of that name in the packs chosen", next_step=hint)
