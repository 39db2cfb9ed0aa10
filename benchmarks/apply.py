"""`effpatch` beside the floor, as whole processes in turn.

Usage: `python benchmarks/apply.py UPSTREAM_DIR`, a clean checkout of the pin, which is copied.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from rules import PACKS

FLOOR = Path(__file__).with_name("floor.py")
EFFPATCH = str(Path(sys.executable).with_name("effpatch"))


@click.command()
@click.argument("upstream_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--runs", default=9, show_default=True, help="Counted rounds, after one.")
def main(upstream_dir: Path, runs: int) -> None:
    """Time LibCST alone, `apply`, again, `status` and `verify` on the same tree, in turn."""
    with TemporaryDirectory(prefix="effpatch-bench-") as name:
        tree = shutil.copytree(upstream_dir, Path(name) / "automl", symlinks=True)
        files = [str(tree / section.path) for section in PACKS["documented"].sections]
        commands = {
            "LibCST alone": [sys.executable, str(FLOOR), *files],
            "effpatch apply": [EFFPATCH, "apply", str(tree)],
            "effpatch apply, again": [EFFPATCH, "apply", str(tree)],
            "effpatch status": [EFFPATCH, "status", str(tree)],
            "effpatch verify": [EFFPATCH, "verify", str(tree)],
        }
        rounds = []
        for _ in range(runs + 1):
            rounds.append({label: _seconds(command) for label, command in commands.items()})
            subprocess.run([EFFPATCH, "revert", str(tree)], check=True, capture_output=True)
    _show(rounds[1:])


def _seconds(command: list[str]) -> float:
    """Wall time of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _show(rounds: list[dict[str, float]]) -> None:
    title = f"{len(rounds)} rounds, whole processes, seconds; ratios round by round, medians"
    table = Table("", "min", "median", "max", "to LibCST", "to apply", title=title)
    for label in rounds[0]:
        times = [each[label] for each in rounds]
        ratios = (
            median(each[label] / each[other] for each in rounds)
            for other in ("LibCST alone", "effpatch apply")
        )
        figures = (min(times), median(times), max(times), *ratios)
        table.add_row(label, *(f"{figure:.2f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
