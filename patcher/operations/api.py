"""What `import patcher` offers: the commands as functions, with the same behaviour and errors."""

from collections.abc import Sequence
from pathlib import Path

from patcher.checks.model import Result
from patcher.model import Pack, Plan
from patcher.operations.applied import applied_packs
from patcher.operations.apply import apply as apply_selection
from patcher.operations.mismatch import mismatches
from patcher.operations.revert import open_patched
from patcher.operations.revert import revert as revert_tree
from patcher.operations.select import select
from patcher.operations.verify import patched
from patcher.packs import load_pack

# A pack, its name, or its folder.
AnyPack = Pack | str | Path


def plan(
    upstream_dir: str | Path,
    packs: Sequence[AnyPack] = (),
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    root: str | None = None,
) -> Plan:
    """What rules would do to a tree; nothing is written.

    Args:
        upstream_dir: The checkout's root, or the pin's root folder in it.
        packs: In the order of their use; with none given, the default pack, or those that `only`
            names rules of.
        only: Ids of the rules to take, or patterns of them such as `main-*`; none for all.
        skip: The same for rules to leave out.
        root: The folder below `upstream_dir` that stands for the pin's root folder, if it is
            called otherwise here.

    Raises:
        PatchError: There is no such pack, rule or tree, or a file cannot be parsed.
    """
    tree, selection = select(_loaded(packs), only, skip).open(Path(upstream_dir), root)
    return selection.inspect(tree).plan


def apply(
    upstream_dir: str | Path,
    packs: Sequence[AnyPack] = (),
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    root: str | None = None,
    partial: bool = False,
    allow_dirty: bool = False,
    verify: bool = True,
    with_runtime: bool = False,
) -> Plan:
    """Make the edits that are pending, all or none; gives the plan that was carried out.

    With `partial`, the rules that fit are applied even if others do not; with `allow_dirty`, files
    with uncommitted changes are edited; with `with_runtime`, the pack's runtime is put beside the
    program. `verify` checks first that the edits leave no name undefined and no import broken.
    The other arguments are those of `plan`.

    Raises:
        ErrorList: Rules do not fit and `partial` is not given, or a check fails.
        PatchError: The tree cannot be edited. In each case it is as it was.
    """
    tree, selection = select(_loaded(packs), only, skip).open(Path(upstream_dir), root)
    done = apply_selection(
        selection,
        tree,
        partial=partial,
        allow_dirty=allow_dirty,
        verify=verify,
        with_runtime=with_runtime,
    )
    found = done.inspection.plan
    if found.unresolved and not partial:
        raise mismatches(found)
    return found


def revert(
    upstream_dir: str | Path, *, only: Sequence[str] = (), packs: Sequence[AnyPack] = ()
) -> tuple[str, ...]:
    """Restore the files as they were before `apply`; gives the paths that were written.

    With `only`, single edits are undone; `packs` are those of them that no name leads to.

    Raises:
        PatchError: The tree was not patched by effpatch, or was edited since; it is as it was.
    """
    return revert_tree(open_patched(Path(upstream_dir)), only, _loaded(packs)).written


def verify(
    upstream_dir: str | Path,
    packs: Sequence[AnyPack] = (),
    *,
    root: str | None = None,
    expect: int | None = None,
) -> list[Result]:
    """What the checks find in a patched tree, by the packs that were applied and those given.

    `expect` is the number of edits that are meant to be there; left out, that is all edits of the
    packs that were applied, except those left out by `only` or `skip`.

    Raises:
        PatchError: The tree was not patched, or what it was before is not known.
    """
    used = packs or applied_packs(Path(upstream_dir)).known
    tree, selection = select(_loaded(used)).open(Path(upstream_dir), root)
    return patched(tree, selection.packs, selection.packs if packs else ()).results(expect=expect)


def _loaded(packs: Sequence[AnyPack]) -> list[Pack]:
    return [each if isinstance(each, Pack) else load_pack(each) for each in packs]
