"""`stack`: the environment that a patched tree trains in."""

import sys
from pathlib import Path

import click
from click.core import ParameterSource

from patcher.cli.arguments import FOLDER, json_option
from patcher.cli.manual import Command, Example, Group
from patcher.report.streams import say
from patcher.report.verbosity import inform
from patcher.training import ACCELERATOR


@click.group(
    cls=Group,
    examples=(
        Example("effpatch stack create stack", "Make an environment to train in."),
        Example("effpatch stack check stack", "Show what it has, and what it lacks."),
    ),
)
def stack() -> None:
    """Make or inspect the environment to train in."""


@stack.command(
    cls=Command,
    examples=(
        Example("effpatch stack create stack", "Make an environment for CPUs."),
        Example("effpatch stack create stack --mpi", "Make one that also works with `mpirun`."),
        Example(
            f"effpatch stack create stack --{ACCELERATOR}", f"Make one for {ACCELERATOR.upper()}s."
        ),
        Example(
            "effpatch stack create stack --force", "Start over if the environment is outdated."
        ),
    ),
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--python",
    default=sys.executable,
    help="Python to use, 3.9 to 3.11. For an accelerator, the vendor's library must have "
    "wheels for it.  [default: the one that runs effpatch]",
)
@click.option(
    f"--{ACCELERATOR}",
    "device",
    is_flag=True,
    help=f"Make it for {ACCELERATOR.upper()}s, with the vendor's library and matching packages.",
)
@click.option(
    "--release",
    metavar="R",
    default="",
    help="Release of the vendor's software, such as 1.14.  [default: the newest]",
)
@click.option(
    "--index-url",
    metavar="URL",
    envvar="EFFPATCH_INDEX_URL",
    help="Package index that has the vendor's packages. Other users can see the value of this "
    "option; if it contains a token, set EFFPATCH_INDEX_URL instead.  [default: "
    "$EFFPATCH_INDEX_URL, else the index of all other packages]",
)
@click.option(
    "--mpi",
    is_flag=True,
    help="Also support training over MPI, with `train --launcher mpirun`. This needs mpicxx.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Start over if the stack is unfinished or outdated. If it contains anything that "
    "effpatch did not create, move it aside.",
)
def create(
    folder: Path,
    python: str,
    device: bool,
    release: str,
    index_url: str | None,
    mpi: bool,
    force: bool,
) -> None:
    """Make a virtual environment in DIR to train in.

    The environment gets the packages of effpatch's extra `train`. One of them is compiled on this
    machine. A complete environment is left alone.
    """
    if not device:
        _require_none("release", "index_url")
    from patcher.packs import DEFAULT, load_pack
    from patcher.report.steps import steps
    from patcher.training.creation import create as create_stack
    from patcher.training.recipe import Recipe
    from patcher.training.releases import target_of

    target = target_of([load_pack(DEFAULT)], release, index_url or None) if device else None
    recipe = Recipe(folder.resolve(), python, target, mpi)

    def tell(aside: Path) -> None:
        say(f"{folder}: what was there is now {aside}")

    with steps() as step:
        made = create_stack(recipe, step, force=force, moved=tell)
    inform(f"{folder}: {'made' if made else 'already there'}, {recipe.title}")
    if target and target.note:
        say(f"{folder}: {target.note}")


def _require_none(*parameters: str) -> None:
    """Check that options for an accelerator are not given; a variable may set one."""
    given = click.get_current_context().get_parameter_source
    for name in parameters:
        if given(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} requires --{ACCELERATOR}")


@stack.command(
    cls=Command,
    examples=(
        Example("effpatch stack check stack", "Show what an environment has, and what it lacks."),
        Example(
            "effpatch stack check",
            "Show the environment in EFFPATCH_STACK, or otherwise that of this Python.",
        ),
        Example("effpatch stack check stack --json", "Print the result as JSON."),
    ),
)
@click.argument("folder", metavar="[DIR]", required=False, type=FOLDER, envvar="EFFPATCH_STACK")
@json_option
def check(folder: Path | None, as_json: bool) -> None:
    """Show what an environment has for training, and what it lacks.

    The environment is the one in DIR. Without DIR, it is the one that EFFPATCH_STACK names, or
    otherwise the one that runs effpatch.
    """
    from patcher.report import training as report
    from patcher.training.creation import require_finished
    from patcher.training.probes import inspect

    if folder:
        require_finished(folder)
    found = inspect(folder)
    if as_json:
        say(report.stack_json(found))
    else:
        report.stack_table(found)
    found.require()
