"""`review`: the change with its reasons, for whoever has to approve it."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import (
    FOLDER,
    doc_option,
    pack_option,
    root_option,
    select,
    upstream_argument,
)
from patcher.cli.manual import Example, command
from patcher.cli.trees import opened, plan_of
from patcher.errors import WriteError, reason
from patcher.report import on_terminal
from patcher.report.streams import as_bytes, say, write_exactly
from patcher.report.verbosity import inform, timed

if TYPE_CHECKING:
    from patcher.model import Plan
    from patcher.operations.review import Review
    from patcher.tree.files import Tree


@command(
    Example("effpatch review vendor/automl -o review.html", "Write a page for a browser."),
    Example(
        "effpatch review vendor/automl --format sarif -o review.sarif",
        "Write the findings for a code scanner.",
    ),
    Example(
        "effpatch review vendor/automl --doc CHANGES.md -o review.html",
        "Also show the line of each rule's item in the document.",
    ),
)
@upstream_argument
@pack_option("Use this pack. Repeatable.  [default: those that were applied, else documented]")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=FOLDER,
    help="Write to this file.  [default: standard output]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "json", "sarif", "github"]),
    default="html",
    help="Write a page, or JSON, SARIF or GitHub annotations.  [default: html]",
)
@doc_option
@root_option
def review(
    upstream_dir: Path,
    packs: tuple[str, ...],
    output: Path | None,
    form: str,
    doc: Path | None,
    root: str | None,
) -> None:
    """Write a page with each rule, its reason and its lines.

    The page is one file that needs no network. For a patched tree, it shows what was changed. For
    an unpatched tree, it shows what `apply` would change. If only some of the edits are made, it
    shows both. It also shows the findings of `verify`.

    To annotate the lines of a pull request, use --format=github in a GitHub workflow.
    """
    from patcher.operations import review as operation
    from patcher.operations.applied import applied_packs

    if output is None and form == "html" and on_terminal():
        raise click.UsageError("a page is for a browser: name its file with -o, or use a pipe")
    used = packs or applied_packs(upstream_dir, partial(say, error=True)).known
    tree, selection = opened(select(used), upstream_dir, root)
    with timed("planning"):
        plan = plan_of(selection.inspect(tree, stepwise=True))
    items = operation.items_of(doc, selection.packs)
    found = operation.of_tree(tree, plan, selection.packs, items)
    if found.unknown:
        say(f"{found.unknown}: the lines that were changed are not shown", error=True)
    text = _text(tree, plan, found, form)
    if output is None:
        write_exactly(as_bytes(text))
        return
    _write(output, text)
    from patcher.report import count, tally

    inform(f"{output}: {count(len(found.rules), 'rule')}, {tally(plan)}")


def _text(tree: Tree, plan: Plan, found: Review, form: str) -> str:
    if form == "html":
        from patcher.report.page import html

        return html(tree, plan, found)
    from patcher.report.forms import printed

    return printed(form, tree, plan, found)


def _write(file: Path, text: str) -> None:
    """Write a file, links followed, as a whole or not at all; into a pipe or device, as it comes.

    Raises:
        WriteError: It cannot be written.
    """
    content = as_bytes(text)
    try:
        if file.is_dir():
            raise WriteError(str(file), "is a folder", "a file", "choose another with -o")
        if file.exists() and not file.is_file():
            file.write_bytes(content)
        else:
            _replace(Path(os.path.realpath(file)), content)
    except OSError as error:
        found, step = f"cannot be written ({reason(error)})", "choose another with -o"
        if error.errno == errno.ENOENT:
            found, step = f"there is no folder {file.parent}", "make it, or choose another with -o"
        raise WriteError(str(file), found, next_step=step) from None


def _replace(file: Path, content: bytes) -> None:
    """Put a new file in the place of one that may be there, with its mode."""
    new = file.with_name(f".{file.name[:100]}.{secrets.token_hex(4)}")
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else None
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as output:
        try:
            output.write(content)
            if mode is not None:
                os.fchmod(output.fileno(), mode)
            output.flush()
            new.replace(file)
        except BaseException:
            new.unlink()
            raise
