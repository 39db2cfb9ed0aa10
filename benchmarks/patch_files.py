"""What a patch file makes of trees that differ from the pin, next to what the rules make of them.

Usage: `python -m benchmarks.patch_files UPSTREAM_DIR`, a clean checkout of the pin, copied
first.

The trees are the pin with one small change each, those of `tests/rules/test_real_trees.py`. The
patch is the difference that all edits of the default pack make to the pin. A result is right if it
has the bytes that the tests expect of `effpatch apply --partial`.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import results
from patcher import engine
from tests.commands import git, process
from tests.rule_check import DOCUMENTED
from tests.rules.drifts import ALL, Files, edited_pin, read
from tests.rules.test_real_trees import FURTHER, KNOWN, committed

DRIFTS = {**KNOWN, **FURTHER}
COMMANDS: dict[str, Sequence[str]] = {
    "git apply": ("git", "apply"),
    "git apply --3way": ("git", "apply", "--3way"),
    "patch": ("patch", "--strip=1", "--force", "--silent", "--reject-file=-", "--input"),
}
RIGHT, OTHER, REFUSED = COLUMNS = ("right", "done, and not right", "refused or in conflict")


@click.command()
@click.argument("upstream_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Write the section into RESULTS.md.")
def main(upstream_dir: Path, write: bool) -> None:
    """Try the patch on every tree."""
    with TemporaryDirectory(prefix="effpatch-benchmark-") as name:
        text = measured(upstream_dir, Path(name))
    click.echo(text)
    if write:
        results.write_section("Patch files", text)


def measured(pin: Path, work: Path) -> str:
    """The section of the results."""
    tree = work / "tree"
    shutil.copytree(pin, tree, symlinks=True)
    start = git(tree, "rev-parse", "HEAD").strip()
    patch = work / "port.patch"
    committed(tree, edited_pin(pin, ALL))
    patch.write_text(git(tree, "diff", start, "HEAD"), "utf-8")
    counts = {label: Counter[str]() for label in (*COMMANDS, "rules")}
    for drift in DRIFTS.values():
        git(tree, "reset", "--quiet", "--hard", start)
        before, after = drift.before(pin), drift.after(pin)
        committed(tree, before)
        for label, command in COMMANDS.items():
            counts[label][_tried(tree, command, patch, after)] += 1
        counts["rules"][_planned(before, after)] += 1
    return _text(patch.read_text("utf-8").count("\n@@ "), counts)


def _tried(tree: Path, command: Sequence[str], patch: Path, right: Files) -> str:
    """What comes of the patch; the tree is as before then."""
    done = process(*command, patch, cwd=tree)
    found = RIGHT if read(tree) == right else OTHER
    git(tree, "reset", "--quiet", "--hard")
    return REFUSED if done.returncode else found


def _planned(before: Files, right: Files) -> str:
    """What comes of the rules; one that does not fit is reported, and the others are made."""
    plan = engine.plan([DOCUMENTED], before, ALL)
    made = {**before, **{file.path: file.after for file in plan.files}}
    return RIGHT if made == right else OTHER


def _text(hunks: int, counts: dict[str, Counter[str]]) -> str:
    named = [subprocess.getoutput(f"{tool} --version").split("\n")[0] for tool in ("git", "patch")]
    unfit = sum(bool(drift.unfit) for drift in DRIFTS.values())
    rows = (
        f"| {label} | {' | '.join(str(count[column]) for column in COLUMNS)} |"
        for label, count in counts.items()
    )
    return f"""\
`python -m benchmarks.patch_files UPSTREAM_DIR --write`, {", ".join(named)}.
{len(DRIFTS)} trees, each the pin with one small change, and a patch of {hunks} hunks with all
edits of the default pack. In {unfit} of the trees, some rules must not be applied.

|  | {" | ".join(COLUMNS)} |
|---|{"---:|" * len(COLUMNS)}
{chr(10).join(rows)}
"""


if __name__ == "__main__":
    main()
