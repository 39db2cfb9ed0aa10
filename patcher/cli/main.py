"""The command `effpatch`."""

import atexit
import gc
import inspect
import os
import re
import sys
from functools import partial
from importlib import import_module
from typing import Any

import click

from patcher.cli.arguments import pack_option
from patcher.cli.defaults import Defaults
from patcher.cli.errors import exit_code_of, exit_code_of_command
from patcher.cli.manual import Example, Group
from patcher.cli.version import version_option
from patcher.errors.exit_codes import EXIT_CODES
from patcher.report.verbosity import Verbosity, choose

# In the order in which a user meets them; each is in a module of its name.
_COMMANDS = (
    "fetch",
    "status",
    "diff",
    "apply",
    "revert",
    "export",
    "rules",
    "verify",
    "review",
    "coverage",
    "new",
    "infer",
    "test",
    "stack",
    "train",
    "demo",
)
# The functions of those that are called otherwise: what pytest would take for a test of its own.
_FUNCTIONS = {"test": "prove"}


class Commands(Group):
    """Loads a command when it is needed, and turns its errors into sentences and exit codes."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Every command, in the order in which a user meets them."""
        return list(_COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(
            import_module(f"patcher.cli.{name}"), _FUNCTIONS.get(name, name)
        )
        return command

    def main(self, *arguments: Any, standalone_mode: bool = True, **options: Any) -> Any:
        """Run the command line; unless `standalone_mode` is off, it ends this process."""
        choose(Verbosity.NORMAL)
        run = partial(super().main, *arguments, standalone_mode=False, **options)
        return sys.exit(exit_code_of_command(run)) if standalone_mode else run()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command, and set the defaults of those behind it."""
        rest = super().parse_args(ctx, args)
        ctx.obj = Defaults()
        ctx.default_map = ctx.obj.map(ctx.params["packs"], _COMMANDS)
        return rest

    def invoke(self, ctx: click.Context) -> None:
        """Run a command."""
        ctx.exit(exit_code_of(lambda: super(Commands, self).invoke(ctx)))


_EXAMPLES = (
    Example("effpatch fetch vendor/automl", "Check out the pinned upstream."),
    Example("effpatch diff vendor/automl", "Show what will change, and why."),
    Example("effpatch apply vendor/automl", "Make all edits, or none."),
    Example("effpatch verify vendor/automl", "Check that the result is sound."),
    Example("effpatch revert vendor/automl", "Restore the files as they were."),
)


@click.group(
    cls=Commands, examples=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]}
)
@pack_option("Use this pack if the command has no --pack of its own. Repeatable.")
@version_option
def main(packs: tuple[str, ...]) -> None:
    """Make the edits of a documented port in a source tree: show, apply, verify and undo them.

    A pack contains the edits of a port: what each one changes, where, and why. Select a pack by its
    name or its folder, with --pack.

    UPSTREAM_DIR is a checkout of the code that the pack is for: the checkout's root, or the folder
    in it that contains the code.

    To set packs, rules to skip and a stack for a repository, use the file effpatch.toml, or the
    table tool.effpatch in pyproject.toml.
    """
    for name in ("COLUMNS", "LINES"):
        if not re.fullmatch("[2-9][0-9]|[1-9][0-9]{2,3}", os.environ.get(name, "80")):
            del os.environ[name]  # no size to print in, but rich would take it for one
    gc.disable()  # syntax trees are one cycle, and this process ends before they are in the way
    atexit.register(gc.freeze)  # nor are they collected when it ends


_MEANINGS = "; ".join(f"{each.code} {each.means}" for each in EXIT_CODES)
main.help = f"{inspect.cleandoc(main.help or '')}\n\nExit codes: {_MEANINGS}."
