"""`coverage`: checks a document against the rules."""

from pathlib import Path

import click

from patcher.cli.arguments import FOLDER, json_option, pack_option, select
from patcher.cli.manual import Example, command
from patcher.errors import CheckError, ErrorList
from patcher.report.streams import say

_NEXT_STEPS = {
    "differs": "correct whichever is wrong, the document or the rule",
    "missing": "add the item to the document, or remove the rule",
    "extra": "write the rule, or correct the item's number or heading",
    "fails": "correct the rule or its quotes",
}


@command(
    Example("effpatch coverage --doc CHANGES.md", "Check that the document and the rules agree."),
    Example("effpatch coverage --doc CHANGES.md --json", "Print the result as JSON."),
)
@click.option("--doc", metavar="FILE", required=True, type=FOLDER, help="The document.")
@pack_option("Check against the rules of this pack.  [default: documented]")
@json_option
def coverage(doc: Path, packs: tuple[str, ...], as_json: bool) -> None:
    """Check a document and the rules against each other.

    Every item must have a rule and every rule must have an item, with the same quotes. Each rule
    must also turn its own quote `before` into its quote `after`.
    """
    from patcher.document import document
    from patcher.document.coverage import compare
    from patcher.document.gaps import GOOD
    from patcher.document.unread import notices
    from patcher.report import coverage as report

    if len(packs) > 1:
        raise click.UsageError("a document is checked against one pack; name one with --pack")
    (pack,) = select(packs).packs
    text = document.text_of(doc)
    parts = document.parts_of(text, doc)
    found = compare(str(doc), parts, pack)
    if as_json:
        say(report.as_json(found))
    else:
        report.table(found)
    reasons = "\n".join(rule.why for _, _, rule in pack.entries())
    for notice in notices(text, parts, reasons):
        say(f"{doc}: {notice}", error=True)
    errors = []
    for gap in found.gaps:
        place = f"{found.document}:{gap.line}" if gap.line else found.document
        errors.append(CheckError(place, gap.found, gap.wanted, _NEXT_STEPS[gap.verdict]))
    if errors and not any(found.summary[good] for good in GOOD):
        what = f"no item of it matches a rule of {pack.name}"
        step = "if it is the document of another pack, name that with --pack"
        errors.insert(0, CheckError(found.document, what, next_step=step))
    if errors:
        raise ErrorList(errors)
