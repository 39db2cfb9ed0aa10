"""`rules`: lists the rules."""

import click

from patcher.cli.arguments import pack_option, select


@click.command()
@click.argument("id_", metavar="[ID]", required=False)
@pack_option()
def rules(id_: str | None, packs: tuple[str, ...]) -> None:
    """List the rules, or show everything about one.

    A rule of another pack than the default one is named with its pack, as in PACK/main-1.
    """
    selection = select(packs, [id_] if id_ else [])
    if id_ is None:
        from patcher.report import overview

        overview.catalogue(selection.packs)
        return
    from patcher.report import text

    for pack in selection.packs:
        for found, section, rule in pack.entries():
            if found in selection.ids:
                text.rule(found, section, rule)
