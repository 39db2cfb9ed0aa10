"""A curve of block characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_BLOCKS = " ▁▂▃▄▅▆▇█"


def chart(values: Sequence[float], width: int = 60, height: int = 6) -> list[str]:
    """The lines of a chart from 0 to the largest value; a column is the mean of its share.

    Args:
        values: What to draw, none below 0; NaN and infinity count as 0.
        width: Most columns.
        height: Lines, 2 or more.
    """
    values = [value if value < float("inf") else 0.0 for value in values]
    count = min(width, len(values))
    edges = [len(values) * column // count for column in range(count + 1)]
    parts = [values[start:end] for start, end in pairwise(edges)]
    means = [sum(part) / len(part) for part in parts]
    scale = 8 * height / (max(means) or 1)
    levels = [round(mean * scale) for mean in means]
    rows = [_row(levels, 8 * floor) for floor in reversed(range(height))]
    labels = [f"{max(means):.3g}", *[""] * (height - 2), "0"]
    return [f"{label:>8} {row}" for label, row in zip(labels, rows, strict=True)]


def _row(levels: Sequence[int], floor: int) -> str:
    return "".join(_BLOCKS[min(max(level - floor, 0), 8)] for level in levels).rstrip()
