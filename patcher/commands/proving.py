"""`coverage`: what shows that the rules are the document's."""

from __future__ import annotations

from pathlib import Path

import click

from patcher.errors import Uncovered
from patcher.options import FOLDER, json_option
from rules import PACKS


@click.command()
@click.option("--doc", metavar="FILE", required=True, type=FOLDER, help="The document.")
@json_option
def coverage(doc: Path, as_json: bool) -> None:
    """Hold the document against the rules.

    Every item must have its rule, every rule its item, with the same quotes; and every rule
    must make its quote after of its quote before.
    """
    from patcher.coverage import document
    from patcher.coverage.comparison import compare
    from patcher.report import coverage as report

    found = compare(document.read(doc), PACKS["documented"])
    if as_json:
        click.echo(report.as_json(found))
    else:
        report.table(found)
    if found.gaps:
        raise Uncovered(found.document, found.gaps)
