"""`rules`: lists the rules."""

import click

from patcher.cli.arguments import pack_option, select
from patcher.cli.completion import complete_rules
from patcher.cli.manual import Example, command
from patcher.report.streams import say


@command(
    Example("effpatch rules", "List the rules of the default pack."),
    Example("effpatch rules main-11", "Show one rule: its place, its reason and both quotes."),
    Example("effpatch rules --pack supplement", "List the rules of another pack."),
    Example("effpatch rules --format markdown", "Print the pack as a document."),
)
@click.argument("id_", metavar="[ID[,ID]]", required=False, shell_complete=complete_rules)
@pack_option()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html"]),
    default="text",
    help="Print a list, a document that `coverage --doc` reads, or a page.  [default: text]",
)
def rules(id_: str | None, packs: tuple[str, ...], form: str) -> None:
    """List the rules, or show the details of some.

    If a pack is not the default, the ids of its rules start with its name, as in PACK/main-1. A
    pattern such as 'hooks-*' selects every id that it matches.
    """
    selection = select(packs, [id_] if id_ is not None else [], options=("rules", ""))
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

    entries = (entry for pack in selection.packs for entry in pack.entries())
    chosen = [entry for entry in entries if entry[0] in selection.ids]
    for number, (found, section, rule) in enumerate(chosen):
        if number:
            say("")
        report.rule(found, section, rule)
