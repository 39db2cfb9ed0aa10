"""What a shell offers for a word: packs and rules. Click offers commands, options and choices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click
from click.shell_completion import CompletionItem, FishComplete, add_completion_class

from patcher.errors import PatchError


@add_completion_class
class WholeFishComplete(FishComplete):
    """Click's for fish, which keeps only what stands before the first comma of a word or title."""

    source_template = FishComplete.source_template.replace("split ", "split -m 1 ")


def complete_pack(
    context: click.Context, pack: click.Parameter, typed: str
) -> Sequence[CompletionItem[str]]:
    """The packs whose names start as typed; else folders."""
    from patcher.packs import known_packs

    names = [CompletionItem(name) for name in known_packs() if name.startswith(typed)]
    return names or click.Path(file_okay=False).shell_complete(context, pack, typed)


def complete_rules(
    context: click.Context, _: click.Parameter, typed: str
) -> list[CompletionItem[str]]:
    """The rules whose ids start as typed behind the last comma, with their titles.

    They are those of the packs that are chosen; and of another known one, once its name is begun.
    """
    before, comma, start = typed.rpartition(",")
    taken = before.split(",")
    return [
        CompletionItem(f"{before}{comma}{id_}", help=title)
        for id_, title in _entries(context.params.get("packs") or (), start)
        if id_.startswith(start) and id_ not in taken
    ]


def _entries(chosen: Iterable[str], start: str) -> Iterator[tuple[str, str]]:
    """Id and title of each rule of some packs, the default one if none, and of others in reach."""
    from patcher.packs import DEFAULT, known_packs, load_pack

    places = [*chosen] or [DEFAULT]
    begun = start.partition("/")[0]
    others = [name for name in known_packs() if begun and name.startswith(begun)]
    for place in dict.fromkeys([*places, *others]):
        try:
            pack = load_pack(place)
        except PatchError:  # which the command itself will say
            continue
        prefix = f"{DEFAULT}/" if pack.name == DEFAULT and start.startswith(DEFAULT) else ""
        yield from ((f"{prefix}{id_}", rule.title) for id_, _, rule in pack.entries())
