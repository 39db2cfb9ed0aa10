"""What options stand for that are not given: what is before the command, and the configuration.

A tree in which the user stands may be a stranger's, and bring a configuration file. Packs and rules
are data. A stack is a Python that is run, so it counts only where the user asks to run a tree
below the folder of the file; and so do packs then, whose runtime is run as well.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from patcher.errors import PatchError, SelectionError
from patcher.report.streams import say
from patcher.report.verbosity import detail, inform

if TYPE_CHECKING:
    from patcher.packs.configuration import Configuration

# Which commands take a key of the file. No other command looks for one.
_TAKEN = {
    "packs": (
        *("fetch", "status", "diff", "apply", "export", "rules", "verify", "review"),
        *("coverage", "train"),
    ),
    "skip": ("diff", "apply", "export"),
    "stack": ("train", "verify"),
}
_RUNNING = ("train", "verify")  # what a tree holds, as the user asks for it


class Defaults:
    """The configuration, which is searched and read once an option asks for it."""

    @cached_property
    def found(self) -> Configuration | None:
        """The configuration for the current folder; None where there is none.

        Raises:
            SelectionError: The file is not as it should be.
        """
        from patcher.packs import configuration

        try:
            folder = Path.cwd()
        except OSError:  # it is gone, which matters to few commands
            return None
        found = configuration.find(folder, partial(say, error=True))
        if found:
            given = {"packs": found.packs, "skip": found.skip, "stack": found.stack}
            values = (f"{key} {_listed(value)}" for key, value in given.items() if value)
            detail(f"{found.place}: {'; '.join(values) or 'no defaults'}")
        return found

    def value(self, key: str) -> object:
        """The value of a key for the command whose options are being read; None without one.

        Raises:
            SelectionError: The file is not as it should be.
        """
        context = click.get_current_context()
        try:
            found = self.found
        except PatchError:
            if context.resilient_parsing:  # as for the completion of words
                return None
            raise
        if not found or not _is_for(context, found):
            return None
        return getattr(found, key) or None

    def map(self, packs: Sequence[str], commands: Sequence[str]) -> dict[str, dict[str, object]]:
        """The defaults of some commands, by the names of their parameters, as Click takes them.

        Args:
            packs: Those that stand before the command.
            commands: Their names.
        """
        return {
            command: {
                **{key: partial(self.value, key) for key, by in _TAKEN.items() if command in by},
                **({"packs": tuple(packs)} if packs else {}),
            }
            for command in commands
        }


def _listed(value: Sequence[str] | Path) -> str:
    return str(value) if isinstance(value, Path) else ", ".join(value)


def _is_for(context: click.Context, found: Configuration) -> bool:
    """Whether a command heeds a file: one that runs a tree, only where the file is above it."""
    place = context.params.get("upstream_dir")
    if context.command.name not in _RUNNING or place is None:
        return True
    inside = Path(os.path.realpath(place)).is_relative_to(os.path.realpath(found.folder))
    if not inside and not context.meta.get(__name__):
        context.meta[__name__] = True
        inform(f"{found.place}: not used, as {place} is not in its folder", error=True)
    return inside


def place_of(parameter: str) -> str:
    """The file that gave the running command a parameter; "" where it was given otherwise."""
    context = click.get_current_context()
    if context.get_parameter_source(parameter) is not ParameterSource.DEFAULT_MAP:
        return ""
    defaults = context.find_object(Defaults)
    found = defaults.found if defaults else None
    return found.place if found and parameter in _TAKEN and context.params.get(parameter) else ""


def require_named_stack(option: str) -> None:
    """Check that the stack does not come from a file, for an option that only looks.

    Raises:
        SelectionError: It does; its Python would be run to inspect it.
    """
    if place := place_of("stack"):
        found = f"the stack comes from {place}, and to inspect it, its Python would be run"
        raise SelectionError(option, found, next_step="to allow that, name it with --stack")
