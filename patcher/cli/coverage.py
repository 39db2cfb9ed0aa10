"""`coverage`: checks the document against the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.options import (
    FOLDER,
    json_option,
)
from patcher.errors import Uncovered
from patcher.packs import load_pack

if TYPE_CHECKING:
    pass


@click.command()
@click.option("--doc", metavar="FILE", required=True, type=FOLDER, help="The document.")
@json_option
def coverage(doc: Path, as_json: bool) -> None:
    """Hold the document against the rules.

    Every item must have its rule, every rule its item, with the same quotes; and every rule
    must make its quote after of its quote before.
    """
    from patcher.document import document
    from patcher.document.coverage import compare
    from patcher.report import coverage as report

    found = compare(document.read(doc), load_pack("documented"))
    if as_json:
        click.echo(report.as_json(found))
    else:
        report.table(found)
    if found.gaps:
        raise Uncovered(found.document, found.gaps)
