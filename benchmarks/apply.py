"""`effpatch apply` beside the floor, as whole processes in turn.

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

from patcher.checkout import read_pin

FLOOR = Path(__file__).with_name("floor.py")
EFFPATCH = Path(sys.executable).with_name("effpatch")


@click.command()
@click.argument("upstream_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--runs", default=9, show_default=True, help="Counted runs of each, after one.")
def main(upstream_dir: Path, runs: int) -> None:
    """Time `effpatch apply` and the floor on the same nine files, in turn."""
    with TemporaryDirectory(prefix="effpatch-bench-") as name:
        tree = shutil.copytree(upstream_dir, Path(name) / "automl", symlinks=True)
        originals = {tree / path: (tree / path).read_bytes() for path in read_pin().sha256}
        floor = [sys.executable, str(FLOOR), *map(str, originals)]
        apply = [str(EFFPATCH), "apply", str(tree)]
        pairs = [(_seconds(floor), _seconds(apply, originals)) for _ in range(runs + 1)][1:]
    _show(pairs)


def _seconds(command: list[str], restore: dict[Path, bytes] | None = None) -> float:
    """Wall time of one process; `restore` puts files back before it starts."""
    for file, content in (restore or {}).items():
        file.write_bytes(content)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _show(pairs: list[tuple[float, float]]) -> None:
    columns = {
        "LibCST alone, s": [floor for floor, _ in pairs],
        "effpatch apply, s": [apply for _, apply in pairs],
        "ratio, pair by pair": [apply / floor for floor, apply in pairs],
    }
    table = Table("", "min", "median", "max", title=f"{len(pairs)} runs each, whole processes")
    for label, values in columns.items():
        table.add_row(label, *(f"{f(values):.3f}" for f in (min, median, max)))
    Console().print(table)


if __name__ == "__main__":
    main()
