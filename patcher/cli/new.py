"""`new`: drafts a pack from a change document."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import FOLDER
from patcher.cli.manual import Example, command
from patcher.errors import masked
from patcher.report import count
from patcher.report.streams import say
from patcher.report.verbosity import inform

if TYPE_CHECKING:
    from patcher.drafting.from_document.new import Drafted

_SHORT_ID = re.compile("@([0-9a-fA-F]{4,39})$")


@command(
    Example(
        "effpatch new mine --doc CHANGES.md --upstream https://github.com/google/automl",
        "Draft a pack for the commit whose files contain the most quotes.",
    ),
    Example(
        "effpatch new mine --doc CHANGES.md --upstream vendor/automl --port other-port",
        "Use a local checkout, and a port that shows which places are meant.",
    ),
)
@click.argument("pack", metavar="PACK", type=FOLDER)
@click.option("--doc", metavar="FILE", required=True, type=FOLDER, help="The change document.")
@click.option(
    "--upstream",
    metavar="URL[@COMMIT]",
    required=True,
    help="The repository that the document is about. Without @COMMIT, use the commit in its "
    "history whose files contain the most quoted code.",
)
@click.option(
    "--port",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A hand-made port that shows which places are meant if the document leaves that open.",
)
def new(pack: Path, doc: Path, upstream: str, port: Path | None) -> None:
    """Draft a pack from a change document, in the new folder PACK.

    For each edit that the document quotes, try every edit kind in every function of the file. A
    rule is `unique` if its quote is in one place only, `by order` if several edits have the same
    quote and the file has it in exactly as many places, and `by port` if a hand-made port shows the
    place. The output says how many rules are in each category. An edit for which no rule was found
    becomes a comment that says what was tried. Turn the comment into a rule by hand.
    """
    from patcher.document.document import parts_of, text_of
    from patcher.document.introduction import named_files, title_of
    from patcher.document.unread import notices
    from patcher.drafting.from_document.new import About, draft
    from patcher.drafting.pins import parted
    from patcher.drafting.trees import read_tree
    from patcher.drafting.writing import require_new, write
    from patcher.report import drafts
    from patcher.report.steps import steps
    from patcher.tree.history import fetched

    require_new(pack)
    address, commit = parted(upstream)
    if short := _SHORT_ID.search(address):
        wrong = f"{short[1]!r} is not a full commit id (40 hex digits)"
        raise click.BadParameter(wrong, param_hint="--upstream")
    text = text_of(doc)
    parts, name = parts_of(text, doc), pack.resolve().name
    ported = read_tree(port) if port else {}
    with ExitStack() as opened, steps() as step:
        with step(f"fetching {masked(address)}"):
            history = opened.enter_context(fetched(address, commit))
        with step("trying each edit"):
            about = About(name, title_of(text) or f"The edits of {doc.name}", named_files(text))
            made = draft(about, parts, history, commit, ported)
    write(replace(made.pack, document=doc), pack)
    drafts.table(made.pack, str(pack))
    for notice in notices(text, parts, with_rows=False):
        say(f"{doc}: {notice}", error=True)
    _say_commit(made)
    inform(drafts.next_step(made.pack, str(pack)))


def _say_commit(made: Drafted) -> None:
    """Say which commit was chosen, and what else could be meant."""
    chosen = made.chosen
    if not chosen:
        return
    held, quoted = chosen.held
    say(f"commit {chosen.commit}: its files hold {held} of {count(quoted, 'quote')}")
    if chosen.ties:
        others = ", ".join(each[:12] for each in chosen.ties[:5])
        more = f" and {len(chosen.ties) - 5} more" if chosen.ties[5:] else ""
        verb = "hold" if chosen.ties[1:] else "holds"
        step = "to choose another commit, pass --upstream URL@COMMIT"
        say(f"{others}{more} {verb} as many; {step}")
