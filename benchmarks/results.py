"""What was timed, as a table, a page and a picture."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from rich.console import Group
from rich.table import Table

from benchmarks.processes import Cost

FLOOR = "LibCST alone"
APPLY = "effpatch apply"
COLUMNS = ("", "median s", "quartiles", "to the floor", "to apply", "peak MB")
PAGE = Path(__file__).with_name("RESULTS.md")
Costs = Mapping[str, Sequence[Cost]]


class Many(NamedTuple):
    """What many trees cost.

    Attributes:
        trees: How many.
        at_once: One call for all.
        single: Seconds of one call for each, added up.
    """

    trees: int
    at_once: Cost
    single: float


def ratio(costs: Costs, label: str, other: str) -> float:
    """How many times longer one command took than another: the median over the rounds."""
    pairs = zip(costs[label], costs[other], strict=True)
    return median(one.seconds / two.seconds for one, two in pairs)


def table(costs: Costs, many: Many | None, imports: Mapping[str, Sequence[str]]) -> Group:
    """All figures, for a terminal."""
    shown = Table(*COLUMNS, title=f"{_rounds(costs)} rounds, whole processes in turn")
    for row in _rows(costs):
        shown.add_row(*row)
    return Group(shown, *_sentences(costs, many, imports))


def write(costs: Costs, many: Many | None, imports: Mapping[str, Sequence[str]], to: Path) -> None:
    """Write RESULTS.md and its picture into a folder; other sections of the page stay."""
    _draw(costs, to / "results.png")
    text = [
        "# Results",
        "",
        f"`python -m benchmarks.apply UPSTREAM_DIR --write`, {date.today()}, {machine()}.",
        f"{_rounds(costs)} rounds, whole processes in turn, the pin's nine files. Ratios are",
        "medians of the rounds' own; the peak is that of a process or of one of its children.",
        "",
        markdown(COLUMNS, _rows(costs)),
        "",
        "![medians and quartiles of the seconds that each command took](results.png)",
        "",
        *(f"- {sentence}" for sentence in _sentences(costs, many, imports)),
        "",
    ]
    page = to / PAGE.name
    _, heading, others = (page.read_text("utf-8") if page.exists() else "").partition("\n## ")
    page.write_text("\n".join(text) + heading + others, "utf-8")


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, of which all columns but the first are numbers."""
    rule = "|".join(("---", *("---:" for _ in head[1:])))
    first, *others = (f"| {' | '.join(cells)} |" for cells in (head, *rows))
    return "\n".join((first, f"|{rule}|", *others))


def with_section(page: str, heading: str, body: str) -> str:
    """A page with a section in place of the one with that heading, or at its end."""
    before, found, rest = page.partition(f"\n## {heading}\n")
    _, following, others = rest.partition("\n## ") if found else ("", "", "")
    return f"{before.rstrip()}\n\n## {heading}\n\n{body.strip()}\n{following}{others}"


def write_section(heading: str, body: str) -> None:
    """Write a section of RESULTS.md; others stay."""
    PAGE.write_text(with_section(PAGE.read_text("utf-8"), heading, body), "utf-8")


def _rounds(costs: Costs) -> int:
    return len(next(iter(costs.values())))


def _rows(costs: Costs) -> Iterator[tuple[str, ...]]:
    for label, found in costs.items():
        low, middle, high = quantiles((each.seconds for each in found), n=4)
        ratios = (f"{ratio(costs, label, other):.2f}" for other in (FLOOR, APPLY))
        peak = max(each.memory for each in found)
        yield label, f"{middle:.3f}", f"{low:.3f} to {high:.3f}", *ratios, f"{peak:.0f}"


def _sentences(
    costs: Costs, many: Many | None, imports: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    for command, found in imports.items():
        yield f"`{command}` imports {', '.join(found) or 'nothing heavy'} (`-X importtime`)"
    if many:
        part = many.at_once.seconds / many.single
        yield (
            f"{many.trees} trees: {many.at_once.seconds:.1f} s in one call, {many.single:.1f} s in "
            f"{many.trees} calls ({part:.2f} times), {many.at_once.memory:.0f} MB"
        )


def machine() -> str:
    """The machine and the versions that figures depend on."""
    cpu = next(_lines("/proc/cpuinfo", "model name"), platform.processor())
    memory = int(next(_lines("/proc/meminfo", "MemTotal"), "0").split()[0]) / 2**20
    python = f"Python {platform.python_version()}, LibCST {version('libcst')}"
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} cores of {cpu}, {memory:.0f} GiB, {system}, {python}"


def _lines(file: str, name: str) -> Iterator[str]:
    """The values of a name in a file of Linux's, if that is there."""
    if Path(file).exists():
        lines = Path(file).read_text("utf-8").splitlines()
        yield from (line.partition(":")[2].strip() for line in lines if line.startswith(name))


def _draw(costs: Costs, picture: Path) -> None:
    from matplotlib import pyplot

    labels = list(costs)[::-1]
    found = [quantiles((each.seconds for each in costs[label]), n=4) for label in labels]
    figure, axes = pyplot.subplots(figsize=(8, 0.4 * len(labels) + 1))
    ours = ["tab:blue" if label.startswith("effpatch") else "tab:gray" for label in labels]
    spread = [[middle - low for low, middle, _ in found], [high - mid for _, mid, high in found]]
    bars = axes.barh(labels, [middle for _, middle, _ in found], xerr=spread, color=ours)
    axes.bar_label(bars, fmt="%.2f", padding=6)
    axes.axvline(found[labels.index(FLOOR)][1], color="black", linewidth=0.8, linestyle=":")
    axes.set_xlabel("seconds, whole process; dotted: the floor")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(picture, dpi=120)
