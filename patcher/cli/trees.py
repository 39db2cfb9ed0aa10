"""The trees that a command is about: opening one, and working on many at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.cli.errors import exit_code_of, report
from patcher.errors.visible import visible
from patcher.report.streams import say
from patcher.report.verbosity import Verbosity, choose, chosen, detail, timed

if TYPE_CHECKING:
    from patcher.model import Pack, Plan
    from patcher.operations.select import Inspection, Selection
    from patcher.tree.files import Tree


def opened(selection: Selection, place: Path, root: str | None = None) -> tuple[Tree, Selection]:
    """A tree and the selection for it, as `Selection.open` gives them; its notes are printed.

    So is that a receipt in it is not obeyed.
    """
    from patcher.receipt.storage import not_ours, place_of
    from patcher.tree.upstream import root_of

    with timed("opening the tree"):
        tree, selection = selection.open(place, root, partial(say, error=True))
    detail(f"tree: {tree.root}")
    roots = dict.fromkeys(root_of(pack) or "." for pack in selection.packs)
    detail(f"root folder: {' and '.join(roots)}")
    detail(f"receipt: {place_of(tree)}")
    if file := not_ours(tree):
        say(f"{file}: this receipt is not used, because it is not sealed with your key", error=True)
    return tree, selection


def plan_of(inspection: Inspection) -> Plan:
    """The plan for a tree; the files that were edited since they were patched are named."""
    detail(f"read: {', '.join(inspection.files)}")
    for path in inspection.receipt.edited(inspection.files):
        say(f"{path}: edited since it was patched", error=True)
    return inspection.plan


def require_fit(plan: Plan, option: str = "--skip") -> None:
    """Check that every rule of a plan can be applied or has been; `option` skips a rule.

    Raises:
        ErrorList: A MismatchError for each that does not fit.
    """
    if plan.unresolved:
        from patcher.operations.mismatch import mismatches

        raise mismatches(plan, option)


def worst_exit_code(work: Callable[[Path], int], places: Sequence[Path]) -> int:
    """Do some work for each of some trees; gives the highest exit code.

    Several are worked on at once: the work is sent to other processes. An error of one, of
    whatever kind, is printed for it, and the others are worked on.
    """
    if len(places) == 1:
        return _sole_exit_code(work, places[0])
    from patcher.operations.pool import results
    from patcher.report.steps import counted

    codes = []
    with counted(len(places)) as done:
        for result in results(partial(_exit_code, work, chosen()), places):
            # By print, as the bar makes room for that.
            print(visible(result.output, keep="\n\t"), end="", flush=True)
            place = visible(str(result.place))
            for line in result.errors.splitlines():
                named = line.startswith((f"{place}:", f"{place}/"))
                say(line if named else f"{place}: {line}", error=True)
            codes.append(result.code)
            done()
    return max(codes)


def _sole_exit_code(work: Callable[[Path], int], place: Path) -> int:
    try:
        return work(place)
    except SystemExit as error:  # no work on a tree ends by that
        return report(error)


def _exit_code(work: Callable[[Path], int], verbosity: Verbosity, place: Path) -> int:
    """Do the work, in a process that works on other trees as well and must not end."""
    choose(verbosity)
    try:
        return exit_code_of(lambda: work(place), place)
    except BaseException as error:
        return report(error)


def require_needed(
    tree: Tree,
    place: Path,
    root: str | None,
    packs: Sequence[Pack],
    packages: Mapping[str, str],
) -> None:
    """Check that a tree has the edits of further packs that it needs with some packages.

    Raises:
        TreeError: It lacks one.
    """
    from patcher.operations.select import select
    from patcher.packs import known_packs, load_pack
    from patcher.training.readiness import needed_packs, require_edits

    names = tuple(pack.name for pack in packs)
    for name, running in needed_packs(packs, map(load_pack, known_packs()), packages).items():
        _, newer = opened(select([load_pack(name)]), place, root)
        require_edits(tree.place, (*names, name), newer.inspect(tree).plan, running)


def name_unknown_packs(tree: Tree, place: Path, packs: Sequence[Pack]) -> None:
    """Name what was applied and is not among the rules now, as rules may not fit because of it.

    That is the packs that are not known here, and those of `packs` that were edited since.
    """
    from patcher.operations.applied import applied_packs
    from patcher.receipt import storage
    from patcher.receipt.receipt import fingerprints

    given, receipt = fingerprints(packs), storage.read(tree)
    applied = receipt.packs if receipt else {}
    for name in (name for name in given if applied.get(name, given[name]) != given[name]):
        step = "to apply it as it is now, run `effpatch revert` first"
        say(f"{tree.place}: {name} was edited after it was applied here; {step}", error=True)
    if names := [name for name in applied_packs(place).unknown if name not in given]:
        found = f"has edits of {' and '.join(names)}, which effpatch cannot find by name"
        say(f"{tree.place}: {found}; to use that pack, pass --pack FOLDER", error=True)
