"""Verifying: what the checks find in a patched tree, and how another port compares with it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from patcher.checks import baseline, registry
from patcher.checks.against import Comparison, compare
from patcher.checks.baseline import Baseline
from patcher.checks.model import Measurement, Result, Subject
from patcher.checks.sources import Sources
from patcher.errors import SelectionError
from patcher.model import CheckSpec, Pack, Plan
from patcher.operations.applied import unknown_packs
from patcher.operations.relocate import relocate
from patcher.packs import is_known, load_pack
from patcher.receipt import storage
from patcher.receipt.receipt import Receipt
from patcher.tree.files import Tree
from patcher.tree.runtime import files as runtime_files
from patcher.tree.runtime import without


@dataclass(frozen=True, slots=True)
class Patched:
    """A patched tree, what was done to it, its files but for the runtime's, and its checks.

    `receipt` is that of the edits; None where there is none.
    """

    tree: Tree
    baseline: Baseline
    subject: Subject
    specs: tuple[CheckSpec, ...]
    receipt: Receipt | None = None

    def results(
        self, measurement: Measurement | None = None, expect: int | None = None
    ) -> list[Result]:
        """What every check finds; without a measurement of its program's graph, but those of it.

        `expect` is how many edits are meant to be there; None for all that were not left out.
        """
        subject = replace(self.subject, measurement=measurement, expected=expect)
        return registry.verify(subject, self.specs)

    @property
    def can_revert(self) -> bool:
        """Whether `effpatch revert` would restore the files as they were before."""
        made = self.receipt
        return made is not None and not made.edited(self.tree.read(made.files))

    @property
    def max_rank(self) -> int:
        """The rank that a tensor of the program's graph may have, by the checks of the graph.

        Any, where they do not ask.

        Raises:
            SelectionError: No pack declares such a check.
        """
        asked = [each.options for each in self.specs if each.check in registry.OF_THE_GRAPH]
        if asked:
            ranks = (options.get("max_rank") for options in asked)
            return min((rank for rank in ranks if isinstance(rank, int)), default=sys.maxsize)
        names = ", ".join(pack.name for pack in self.baseline.packs)
        raise SelectionError(
            "--graph",
            f"no check of the graph is declared by {names}",
            "a pack that declares one",
            "name it with --pack",
        )

    @property
    def program(self) -> Path | None:
        """The file that the tree is run by; None where there is none."""
        path = self.subject.program
        return self.tree.root / path if path in self.subject.new.files else None

    def against(self, other: Tree) -> Comparison:
        """What another port of the same upstream does."""
        before, now = self.baseline.files, self.subject.new.files
        others = {path: now[path] for path in now if path not in before}
        theirs = without(other.python_files(), self.baseline.packs)
        return compare(self.baseline.packs, before, others, theirs)


def patched(tree: Tree, packs: Sequence[Pack], more: Sequence[Pack] = ()) -> Patched:
    """A patched tree, with what it was before: by its receipt, else by git.

    Args:
        tree: The tree.
        packs: Those that may have been applied; others that a receipt names are loaded as well.
        more: Packs whose checks are made besides those of the packs that were applied.

    Raises:
        PackError: The receipt names a pack that cannot be loaded.
        PatchError: The tree was not patched, or what it was before is not known.
    """
    receipt = storage.read(tree)
    made = receipt if receipt and receipt.files else None  # it may be of the runtime alone
    packs = [_named(name, packs, tree) for name in made.packs] if made else packs
    files = tree.read(section.path for pack in packs for section in pack.sections)
    now = {**without(tree.python_files(), packs), **files}
    known = baseline.find(tree, made, packs, files, now)
    then = {**now, **tree.committed(now, known.files), **known.files}
    before = {path: content for path, content in then.items() if content is not None}
    root, program = _pinned(packs)
    new, runtime = Sources(now, root), Sources(runtime_files(packs), root)
    subject = Subject(Sources(before, root, new), new, program, runtime, baseline=known)
    specs = tuple(spec for pack in (*packs, *more) for spec in pack.checks)
    return Patched(tree, known, subject, specs, made)


def foreseen(tree: Tree, plan: Plan, packs: Sequence[Pack]) -> list[Result]:
    """What the checks would find in a tree once a plan is carried out.

    Those that compare a tree with what was done to it have nothing to look at.

    Raises:
        TreeError: A file of the tree cannot be read.
    """
    now = without(tree.python_files(), packs)
    then = {**now, **{file.path: file.after for file in plan.changed}}
    root, program = _pinned(packs)
    new = Sources(then, root)
    old = Sources({**now, **{file.path: file.before for file in plan.changed}}, root, new)
    subject = Subject(old, new, program, Sources(runtime_files(packs), root))
    return registry.verify(subject, [spec for pack in packs for spec in pack.checks])


def _pinned(packs: Sequence[Pack]) -> tuple[str, str]:
    """The folder that imports start from, and the program, by the pin of some packs."""
    pin = next((pack.upstream for pack in packs if pack.upstream), None)
    return (pin.root, pin.program) if pin else ("", "")


def _named(name: str, packs: Sequence[Pack], tree: Tree) -> Pack:
    """The pack that a receipt names, with the paths that its files have in the tree."""
    for pack in packs:
        if pack.name == name:
            return pack
    if is_known(name):
        return relocate([load_pack(name)], tree)[0][0]
    raise unknown_packs([name])
