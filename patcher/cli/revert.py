"""`revert`: restores the files as they were before `apply`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from patcher.cli.arguments import ids_option, pack_option, root_option, select, upstream_argument
from patcher.cli.manual import Example, command
from patcher.report import count
from patcher.report.streams import say
from patcher.report.verbosity import detail, inform

if TYPE_CHECKING:
    from patcher.model import Pack
    from patcher.tree.files import Tree


@command(
    Example("effpatch revert vendor/automl --only main-3", "Undo one edit, and keep the others."),
    Example("effpatch revert vendor/automl", "Restore the files as they were before `apply`."),
)
@upstream_argument
@ids_option("--only", "Undo only these edits")
@click.option(
    "--receipt",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Use this receipt from another machine or user, after checking it against the packs.",
)
@pack_option("Use this pack for --only or --receipt if it is not installed. Repeatable.")
@root_option
def revert(
    upstream_dir: Path,
    only: tuple[str, ...],
    receipt: Path | None,
    packs: tuple[str, ...],
    root: str | None,
) -> None:
    """Restore the files as they were before `apply`.

    With --only, undo single edits. The other edits stay, and so do changes that you made by hand
    afterwards. Names and imports that are then missing are reported.
    """
    from patcher.operations import revert as operation
    from patcher.packs import load_pack
    from patcher.receipt.storage import place_of

    if receipt and only:
        raise click.UsageError("--receipt and --only cannot be used together")
    if root is not None and not receipt:
        raise click.UsageError("--root needs --receipt")
    if receipt:
        tree, selection = select(packs).open(upstream_dir, root, partial(say, error=True))
        done = operation.revert_by(tree, receipt, selection.packs)
    else:
        known = [load_pack(place) for place in packs]
        tree = operation.open_patched(upstream_dir)
        if _is_typed("packs") and not only:
            _require_all(tree, known)
        detail(f"tree: {tree.root}")
        detail(f"receipt: {place_of(tree)}")
        lacking = _lacking(tree, known) if only else {}
        done = operation.revert(tree, only, known)
    for note in done.notes:
        say(note, error=True)
    what = f"undid {', '.join(done.undone)}" if only else "restored"
    inform(f"{tree.place}: {what}, {count(len(done.written), 'file')} written")
    if only:
        _name_what_is_missing(_lacking(tree, known), lacking, done.undone)


def _is_typed(name: str) -> bool:
    """Whether a parameter of the command is given with it, and not by a default."""
    source = click.get_current_context().get_parameter_source(name)
    return source is ParameterSource.COMMANDLINE


def _require_all(tree: Tree, packs: Sequence[Pack]) -> None:
    """Check that packs are all those that were applied, as the files are restored whole."""
    from patcher.packs import DEFAULT
    from patcher.receipt import storage

    receipt, names = storage.read(tree), {pack.name for pack in packs}
    made = [id_ for each in (receipt.files.values() if receipt else ()) for id_ in each.rules]
    applied = dict.fromkeys(id_.partition("/")[0] if "/" in id_ else DEFAULT for id_ in made)
    others = [name for name in applied if name not in names]
    if others:
        only = " ".join(f"--only '{pack.name}/*'" for pack in packs)
        raise click.UsageError(
            f"{tree.place} also has edits of {' and '.join(others)}; to undo only those of "
            f"{' and '.join(names)}, pass {only}; to undo all edits, omit --pack"
        )


_Lacking = Mapping[tuple[str, str], Sequence[str]]  # places, by their file and what is said


def _lacking(tree: Tree, packs: Sequence[Pack]) -> _Lacking:
    """The names and imports that the edits of a tree lack."""
    from patcher.checks import registry
    from patcher.errors import PatchError
    from patcher.operations.verify import patched

    found = dict[tuple[str, str], list[str]]()
    with suppress(PatchError):  # no edit is left, or a pack is not known
        for result in registry.before_writing(patched(tree, packs).subject):
            for finding in result.failures:
                key = finding.place.rpartition(":")[0], f"{result.label}: {finding.text}"
                found.setdefault(key, []).append(finding.place)
    return found


def _name_what_is_missing(found: _Lacking, before: _Lacking, undone: Sequence[str]) -> None:
    """Say which names and imports the edits that stay lack now, and did not lack before.

    Lines have moved: where a file lacked the same in fewer places, all places are named.
    """
    step = f"undo the edit of this line as well, or apply {', '.join(undone)} again"
    for key, places in found.items():
        if len(places) > len(before.get(key, ())):
            for place in places:
                say(f"{place}: {key[1]}; {step}", error=True)
