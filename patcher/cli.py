"""The command `effpatch`."""

from __future__ import annotations

import gc
import io
import sys

import click

from patcher import __version__
from patcher.commands import editing, looking, proving, stacking, training, upstream
from patcher.options import Commands
from patcher.vcs import forget_surroundings


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="effpatch")
def main() -> None:
    """Make the pinned EfficientDet training tree train on Habana HPUs.

    UPSTREAM_DIR is the checkout's root or its efficientdet/ folder.

    Exit codes: 0 done, or nothing to do; 1 differences; 2 usage; 3 a rule does not fit the
    tree; 4 the tree cannot be patched or trained as it stands; 5 a check or training fails;
    130 interrupted.
    """
    gc.disable()  # syntax trees are one cycle, and this process ends before they are in the way
    forget_surroundings()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that its encoding lacks is no error
        sys.stdout.reconfigure(errors="backslashreplace")


for command in (
    upstream.fetch,
    looking.status,
    looking.diff,
    editing.apply,
    editing.revert,
    editing.export,
    looking.rules,
    proving.verify,
    proving.coverage,
    stacking.stack,
    training.train,
    upstream.demo,
):
    main.add_command(command)
