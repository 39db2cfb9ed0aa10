"""Draws a loss curve, in a Python that has matplotlib: `curve.py FILE`, with the points as JSON."""

import json
import sys

from matplotlib.figure import Figure

steps, losses = zip(*json.load(sys.stdin))
figure = Figure(figsize=(7, 4), layout="constrained")
axes = figure.add_subplot()
axes.plot(steps, losses)
axes.set_xlabel("step")
axes.set_ylabel("loss")
axes.set_ylim(bottom=0)
axes.grid(alpha=0.3)
figure.savefig(sys.argv[1], dpi=120)
