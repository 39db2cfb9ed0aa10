"""`infer`: writes a pack from a hand-made port."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import FOLDER, json_option
from patcher.cli.manual import Example, command
from patcher.report.streams import say
from patcher.report.verbosity import inform

if TYPE_CHECKING:
    from patcher.drafting.from_port.port import Port


@command(
    Example("effpatch infer old new -o mine", "Write a pack of the changes from OLD to NEW."),
    Example("effpatch infer old --diff port.patch -o mine", "Write the pack from a diff instead."),
)
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER, required=False)
@click.option("--diff", metavar="FILE", type=FOLDER, help="The port as a unified diff against OLD.")
@click.option(
    "-o", "output", metavar="PACK", type=FOLDER, required=True, help="The folder to create."
)
@click.option(
    "--upstream",
    metavar="URL@COMMIT",
    default="",
    help="The repository and commit of OLD.  [default: the origin and the commit of a checkout]",
)
@click.option(
    "--doc", metavar="FILE", type=FOLDER, help="Take numbers and reasons from this document."
)
@json_option
@click.pass_context
def infer(
    ctx: click.Context,
    old: Path,
    new: Path | None,
    diff: Path | None,
    output: Path,
    upstream: str,
    doc: Path | None,
    as_json: bool,
) -> None:
    """Write a pack that makes the edits of a hand-made port.

    OLD is the tree that the port was made from, and NEW is the port. Instead of NEW, you can pass
    the diff of the port with --diff. Each edit becomes a rule of the most specific edit kind that
    makes it. You write the reasons afterwards.

    Exit code 1 means that the rules do not express the whole difference. The output lists the rest.
    """
    from patcher.document import document
    from patcher.drafting.from_port.infer import infer as infer_pack
    from patcher.drafting.from_port.reasons import with_reasons
    from patcher.drafting.from_port.upstream import pin_of
    from patcher.drafting.roots import import_root
    from patcher.drafting.writing import require_new, write
    from patcher.report import drafts
    from patcher.report import inferred as report

    if (new is None) == (diff is None):
        raise click.UsageError("name either NEW, or the diff of OLD with --diff")
    require_new(output)
    parts = document.read(doc) if doc else []
    port = _port(old, new, diff)
    if not (port.files or port.others):
        say("nothing differs, so no pack is written")
        return
    files = {path: before for path, (before, _) in port.files.items()}
    pin = pin_of(old, upstream, import_root(files, port.python.keys()), files)
    with report.progress() as tell:
        found = infer_pack(_name(output), port, pin, tell)
    if doc:
        found = with_reasons(found, parts, doc)
    if found.drafted.sections:
        write(found.drafted, output)
    if as_json:
        say(report.as_json(found, str(output)))
    else:
        report.table(found)
        if found.drafted.sections:
            tree = "" if pin.repository else str(old)
            test = drafts.proof_command(str(output), tree)
            inform(f"write the reasons in {output}, then run `{test}`")
        else:
            say("no pack is written: no edit could be expressed")
    ctx.exit(0 if found.is_whole else 1)


def _name(output: Path) -> str:
    """A name for the pack in a folder."""
    return re.sub(r"[^\w.-]", "_", output.resolve().name).lstrip(".-") or "port"


def _port(old: Path, new: Path | None, diff: Path | None) -> Port:
    """What the port changes in a tree."""
    from patcher.drafting.from_port import patch_file
    from patcher.drafting.from_port.port import compared
    from patcher.drafting.trees import read_tree

    before = read_tree(old)
    if new is not None:
        return compared(before, read_tree(new))
    assert diff is not None
    return compared(before, patch_file.patched(str(diff), patch_file.read(diff), before))
