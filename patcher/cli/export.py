"""`export`: writes the edits as patches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from patcher.cli.arguments import FOLDER, root_option, rule_options, upstream_argument
from patcher.cli.manual import Example, command
from patcher.cli.trees import opened, require_fit
from patcher.report import count
from patcher.report.verbosity import inform

if TYPE_CHECKING:
    from patcher.operations.select import Selection


@command(
    Example("effpatch export vendor/automl -o patches", "Write a patch for each rule."),
    Example(
        "effpatch export vendor/automl -o patches-of-hooks --only 'hooks-*'",
        "Write patches for some of the rules.",
    ),
)
@upstream_argument
@rule_options
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    required=True,
    type=FOLDER,
    help="Write the patches to this new or empty folder.",
)
@root_option
def export(upstream_dir: Path, selection: Selection, folder: Path, root: str | None) -> None:
    """Write the edits as patches for `git am`, one per rule.

    If effpatch has already patched the tree, the patches are for the tree as it was before `apply`.
    """
    from patcher.operations import export as operation

    tree, selection = opened(selection, upstream_dir, root)
    files, plan = operation.export(selection, tree, folder)
    require_fit(plan)
    keep = " --keep-cr" if any(b"\r\n" in file.read_bytes() for file in files) else ""
    inform(f"{folder}: {count(len(files), 'patch', 'patches')} for `git am{keep}`")
