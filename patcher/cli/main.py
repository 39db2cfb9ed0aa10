"""The command `effpatch`."""

from __future__ import annotations

import gc
import io
import sys
from importlib import import_module

import click

from patcher.cli.options import Commands
from patcher.resources import __version__
from patcher.tree.git import unset_hook_variables

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
    "coverage",
    "stack",
    "train",
    "demo",
)


class Lazy(Commands):
    """Loads a command when it is wanted."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Every command, by the way of a user."""
        return list(_COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """One command; None where there is none of that name."""
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"patcher.cli.{name}"), name)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="effpatch")
def main() -> None:
    """Make the pinned EfficientDet training tree train on Habana HPUs.

    UPSTREAM_DIR is the checkout's root or its efficientdet/ folder.

    Exit codes: 0 done, or nothing to do; 1 differences; 2 usage; 3 a rule does not fit the
    tree; 4 the tree cannot be patched or trained as it stands; 5 a check or training fails;
    130 interrupted.
    """
    gc.disable()  # syntax trees are one cycle, and this process ends before they are in the way
    unset_hook_variables()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that its encoding lacks is no error
        sys.stdout.reconfigure(errors="backslashreplace")
