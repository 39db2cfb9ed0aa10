"""What the pinned upstream learns: the average precision on pictures that it has not seen.

Usage: `python -m benchmarks.detect STACK`, a folder of `effpatch stack create`. It needs a network,
and about ten minutes on two idle cores.

It runs `effpatch demo --detect`: fetched, patched, trained at 128 pixels on coloured shapes,
evaluated, exported, and run. Training is not seeded, so that every run gives another figure. The
exit code is 1 where the average precision is below the limit, which is far from what was measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.results import machine, markdown, write_section

LIMIT = 0.4


def measured(stack: Path) -> dict[str, float]:
    """The metrics, the `steps` that it was trained, and the `minutes` that all of it took."""
    effpatch, start = Path(sys.executable).with_name("effpatch"), time.monotonic()
    with TemporaryDirectory(prefix="effpatch-benchmark-") as folder:
        output = Path(folder) / "demo"
        words = ("demo", "--detect", "--stack", str(stack), "--output", str(output))
        subprocess.run([str(effpatch), *words], check=True)
        if not (output / "upstream").is_dir():
            sys.exit("the pin could not be fetched: nothing was measured")
        ((steps, metrics),) = json.loads((output / "metrics.json").read_text("utf-8")).items()
    return {**metrics, "steps": int(steps), "minutes": (time.monotonic() - start) / 60}


def section(found: dict[str, float]) -> str:
    """The figures as the body of a section of RESULTS.md."""
    columns = ("steps", "minutes", "AP", "AP50", "AP75", "ARmax10")
    cells = [f"{found['steps']:.0f}", f"{found['minutes']:.1f}"]
    cells += [f"{found[name]:.3f}" for name in columns[len(cells) :]]
    return f"""\
`python -m benchmarks.detect STACK --write`, {date.today()}, {machine()}.
The pin with all edits, EfficientDet-D0 at 128 pixels, coloured shapes that it has not seen.

{markdown(columns, [cells])}
"""


@click.command()
@click.argument("stack", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Write the figures into RESULTS.md.")
def main(stack: Path, write: bool) -> None:
    """Train, print the figures, and fail if the model does not detect."""
    found = measured(stack)
    print(section(found))
    if write:
        write_section("Detection", section(found))
    sys.exit(f"AP {found['AP']:.3f}, expected {LIMIT} or more" if found["AP"] < LIMIT else 0)


if __name__ == "__main__":
    main()
