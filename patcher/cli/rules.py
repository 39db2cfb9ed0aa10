"""`rules`: lists the rules."""

import click

from patcher.cli.arguments import pack_option, select


@click.command()
@click.argument("id_", metavar="[ID]", required=False)
@pack_option()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html"]),
    default="text",
    help="As a list, as a document that `coverage --doc` reads, or as a page.  [default: text]",
)
def rules(id_: str | None, packs: tuple[str, ...], form: str) -> None:
    """List the rules, or show everything about one.

    A rule of another pack than the default one is named with its pack, as in PACK/main-1.
    """
    selection = select(packs, [id_] if id_ else [])
    if form != "text":
        from patcher.report import pack_markdown, pack_page
        from patcher.report.streams import as_bytes, write_exactly

        if form == "html":
            text = pack_page.html(selection.packs, selection.ids)
        else:
            text = "\n".join(pack_markdown.markdown(p, selection.ids) for p in selection.packs)
        write_exactly(as_bytes(text.removesuffix("\n")))
        return
    if id_ is None:
        from patcher.report import overview

        overview.catalogue(selection.packs)
        return
    from patcher.report import text as report

    for pack in selection.packs:
        for found, section, rule in pack.entries():
            if found in selection.ids:
                report.rule(found, section, rule)
