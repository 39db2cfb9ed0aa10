"""Which packs and rules a command is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import UnknownRule
from patcher.model import Pack, TreePlan
from patcher.tree import Tree, open_tree


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

    def plan(self, place: Path) -> tuple[Tree, TreePlan]:
        """The tree at a folder, and what the chosen rules would do to it.

        Raises:
            PatchError: There is no such tree, or it cannot be read or parsed.
        """
        from patcher import engine

        tree = open_tree(place, self.paths)
        return tree, engine.plan(self.packs, tree.read(self.paths), self.ids)


def choose(packs: Sequence[Pack], only: Sequence[str] = (), skip: Sequence[str] = ()) -> Choice:
    """The rules of `packs` that are in `only`, all if that is empty, and not in `skip`.

    Raises:
        UnknownRule: No pack has a rule of that id.
    """
    known = [id_ for pack in packs for id_, _, _ in pack.entries()]
    for id_ in (*only, *skip):
        if id_ not in known:
            raise UnknownRule(id_, known)
    return Choice(tuple(packs), frozenset(only or known) - frozenset(skip))
