"""What a shell offers for a word: packs. Click offers commands, options and choices."""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem


def complete_pack(
    context: click.Context, pack: click.Parameter, typed: str
) -> Sequence[CompletionItem[str]]:
    """The packs whose names start as typed; else folders."""
    from patcher.packs import known_packs

    names = [CompletionItem(name) for name in known_packs() if name.startswith(typed)]
    return names or click.Path(file_okay=False).shell_complete(context, pack, typed)
