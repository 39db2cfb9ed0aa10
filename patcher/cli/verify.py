"""`verify`: proves a patched tree sound."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from patcher.cli.arguments import (
    FOLDER,
    json_option,
    pack_option,
    root_option,
    select,
    upstream_argument,
)
from patcher.cli.defaults import place_of
from patcher.cli.manual import Example, command
from patcher.cli.trees import opened, require_needed
from patcher.report.streams import say
from patcher.report.verbosity import inform, timed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patcher.checks.model import Measurement
    from patcher.model import Pack
    from patcher.operations.verify import Patched
    from patcher.tree.files import Tree


@command(
    Example("effpatch verify vendor/automl", "Run all checks."),
    Example("effpatch verify vendor/automl --against other-port", "Show how another port differs."),
    Example(
        "effpatch verify vendor/automl --graph --stack stack",
        "Also build the program's graph, in this stack.",
    ),
)
@upstream_argument
@pack_option(
    "Also check this pack. Repeatable.  [default: those that were applied, else documented]"
)
@click.option(
    "--expect",
    metavar="N",
    type=click.IntRange(min=0),
    help="How many edits you expect.  [default: all, except those left out by `apply --only` "
    "and `--skip` or undone by `revert --only`]",
)
@click.option(
    "--against", "port", metavar="DIR", type=FOLDER, help="Compare with this other port instead."
)
@click.option("--graph", is_flag=True, help="Also build the program's graph and check it.")
@click.option(
    "--stack",
    metavar="DIR",
    type=FOLDER,
    envvar="EFFPATCH_STACK",
    help="Build the graph in this environment.  "
    "[default: $EFFPATCH_STACK, else the Python that runs effpatch]",
)
@root_option
@json_option
def verify(
    upstream_dir: Path,
    packs: tuple[str, ...],
    expect: int | None,
    port: Path | None,
    graph: bool,
    stack: Path | None,
    root: str | None,
    as_json: bool,
) -> None:
    """Show that a patched tree is sound.

    Run the checks of the packs that were applied, and of the packs that --pack names. The first
    check fails for each missing edit, except those that were left out on purpose.

    With --against, compare another port of the same upstream: show which edits it makes as
    documented, which differ, which it does not make, and what else it changes.

    With --graph, run the tree's program to build the model and its gradients. It reads no data and
    trains nothing.
    """
    if graph and (place := place_of("stack")):
        inform(f"{place}: the stack is {stack}", error=True)
    if graph and port:
        raise click.UsageError("--graph and --against cannot be used together")
    if expect is not None and port:
        raise click.UsageError("--expect and --against cannot be used together")
    given = click.get_current_context().get_parameter_source("stack")
    if given is ParameterSource.COMMANDLINE and not graph:
        raise click.UsageError("--stack requires --graph")
    from patcher.operations.applied import applied_packs
    from patcher.operations.verify import patched

    used = packs or applied_packs(upstream_dir, partial(say, error=True)).usable().known
    tree, selection = opened(select(used), upstream_dir, root)
    found = patched(tree, selection.packs, selection.packs if packs else ())
    if port:
        sys.exit(_compare(found, port, selection.packs, as_json))
    measurement = _measured(found, tree, upstream_dir, root, stack) if graph else None
    _check(found, measurement, expect, as_json)


def _compare(patched: Patched, port: Path, packs: Sequence[Pack], as_json: bool) -> int:
    """Print what another port does; gives the exit code."""
    from patcher.report import verification as report
    from patcher.tree.upstream import open_tree

    other, _ = open_tree(port, packs)
    comparison = patched.against(other)
    if as_json:
        say(report.comparison_json(other, comparison))
    else:
        report.comparison(other, comparison)
    return 0 if comparison.same else 1


def _check(
    patched: Patched, measurement: Measurement | None, expect: int | None, as_json: bool
) -> None:
    """Print what the checks find.

    Raises:
        ErrorList: A check fails.
    """
    from patcher.checks import edits, registry
    from patcher.checks.model import errors
    from patcher.report import verification as report

    with timed("checking"):
        results = patched.results(measurement, expect)
    if as_json:
        say(report.as_json(patched, results))
    else:
        report.lines(patched, results)
    if any(result.failures for result in results):
        missing = "correct that line, or apply the packs whose edits are missing"
        specs = (each for each in patched.specs if each.check in registry.OF_THE_GRAPH)
        special = {each.label: missing for each in specs}
        subject = replace(patched.subject, expected=expect)
        special["edits"] = edits.next_step(subject, patched.tree.place)
        other = "`effpatch revert` and apply all rules"
        if patched.baseline.left_out:
            other = "apply the edits that were left out"
        if not patched.can_revert:
            other = "undo what was edited since `effpatch apply`"
        raise errors(results, f"correct that line, or {other}", special)


def _measured(
    patched: Patched, tree: Tree, place: Path, root: str | None, folder: Path | None
) -> Measurement:
    """What the graph of a tree's program is like; nothing is measured where there is none."""
    from patcher.checks.model import Measurement
    from patcher.report.steps import waiting
    from patcher.training.graph_run import measure
    from patcher.training.probes import inspect
    from patcher.training.readiness import runtime_of
    from patcher.training.stack import installed

    max_rank, program, packs = patched.max_rank, patched.program, patched.baseline.packs
    if not program:
        return Measurement()
    with waiting("building the graph"):
        stack = inspect(folder)
        stack.require()
        require_needed(tree, place, root, packs, installed(stack.python).packages)
        runtime = runtime_of(packs)
        return measure(program, runtime and runtime.folder, stack.python, max_rank)
