"""`rules`: lists the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from patcher.cli.options import (
    chosen,
    pack_option,
)

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("id_", metavar="[ID]", required=False)
@pack_option
def rules(id_: str | None, packs: tuple[str, ...]) -> None:
    """List the rules, or show all that is known of one."""
    from patcher.report import text

    choice = chosen(packs, [id_] if id_ else [])
    if not id_:
        text.catalogue(choice.packs)
    for found, section, rule in (entry for pack in choice.packs for entry in pack.entries()):
        if id_ and found in choice.ids:
            text.rule(found, section, rule)
