"""`verify`: proves a patched tree sound."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import (
    FOLDER,
    chosen,
    json_option,
    known,
    opened,
    pack_option,
    upstream_argument,
)
from patcher.errors import Unsound

if TYPE_CHECKING:
    from patcher.tree.files import Tree
    from patcher.verify.model import Check


@click.command()
@upstream_argument
@pack_option
@click.option(
    "--against", "port", metavar="DIR", type=FOLDER, help="Compare with another port instead."
)
@click.option("--graph", is_flag=True, help="Build its training graph too, and look for rank 6.")
@click.option(
    "--stack", metavar="DIR", type=FOLDER, help="Build it there.  [default: EFFPATCH_STACK's]"
)
@json_option
def verify(
    upstream_dir: Path,
    packs: tuple[str, ...],
    port: Path | None,
    graph: bool,
    stack: Path | None,
    as_json: bool,
) -> None:
    """Show that a patched tree is sound.

    With --against, sort what another port of the same upstream does: as documented, otherwise,
    or beyond the document.

    With --graph, run the tree's main.py to build model and gradients; it reads and trains nothing.
    """
    if graph and port:
        raise click.UsageError("--graph and --against exclude each other")
    if stack and not graph:
        raise click.UsageError("--stack goes with --graph")
    from patcher.operations import verify as verifying
    from patcher.report import verification as report

    choice = chosen(packs)
    tree, choice = opened(choice, upstream_dir)
    patched = verifying.patched(tree, known(tree), choice.packs)
    if port:
        other = choice.open(port)
        comparison = patched.against(other)
        if as_json:
            click.echo(report.comparison_json(other, comparison))
        else:
            report.comparison(other, comparison)
        sys.exit(0 if comparison.same else 1)
    checks = patched.checks()
    if graph:
        checks.append(_graph(tree, stack))
    if as_json:
        click.echo(report.as_json(patched, checks))
    else:
        report.lines(patched, checks)
    if any(check.failures for check in checks):
        raise Unsound(checks, "correct that line, or `effpatch revert` and apply all rules")


def _graph(tree: Tree, folder: Path | None) -> Check:
    from patcher.report.steps import waiting
    from patcher.training.stack import inspect
    from patcher.verify import graph as ranks

    with waiting("building the training graph"):
        stack = inspect(folder)
        stack.require()
        return ranks.check(tree, stack.python)
