"""Draw time and memory against stores, products, years and replications. Usage: plot_growth.py FILE.svg < growth.json"""

from __future__ import annotations

import json
import sys
from statistics import median
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter

COLOURS = {"simpy": "#b45309", "compiled": "#1d4ed8"}
LABELS = {"seconds": "CPU seconds", "peak_mb": "peak memory, MB"}
AXES = ("stores", "products", "years", "replications")


def main(path: str, growth: dict[str, list[dict[str, Any]]]) -> None:
    curves: dict[tuple[str, str], list[tuple[int, dict[str, float]]]] = {}
    for name, runs in growth.items():
        engine, _, rest = name.partition(", ")
        size, _, axis = rest.partition(" ")
        if axis in AXES:
            seconds = "seconds" if axis == "replications" else "replication"
            middle = {"seconds": median(r[seconds] for r in runs), "peak_mb": median(r["peak_mb"] for r in runs)}
            curves.setdefault((engine, axis), []).append((int(size), middle))
    plt.rcParams |= {
        "svg.hashsalt": "chainsim",
        "svg.fonttype": "none",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    figure, grid = plt.subplots(2, len(AXES), figsize=(11, 5), layout="constrained", sharey="row")
    for row, (key, label) in zip(grid, LABELS.items(), strict=True):
        row[0].set_ylabel(label)
        for panel, axis in zip(row, AXES, strict=True):
            for engine, colour in COLOURS.items():
                points = sorted(curves.get((engine, axis), []), key=lambda p: p[0])
                if not points:
                    continue
                sizes, values = [p[0] for p in points], [p[1][key] for p in points]
                panel.plot(sizes, values, marker="o", markersize=4, color=colour, label=engine)
                if key == "seconds":
                    line = [values[-1] * s / sizes[-1] for s in sizes]
                    panel.plot(sizes, line, linestyle=":", linewidth=1, color=colour, label=f"{engine}, were it linear")
            panel.set_xscale("log")
            panel.set_xticks(sorted({p[0] for e in COLOURS for p in curves.get((e, axis), [])}))
            panel.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
            panel.minorticks_off()
            panel.grid(color="#e5e7eb")
        if key == "seconds":
            row[0].set_yscale("log")
            for panel, axis in zip(row, AXES, strict=True):
                panel.set_title("all replications" if axis == "replications" else "one replication", fontsize=9)
        else:
            row[0].set_ylim(bottom=0)
    for panel, axis in zip(grid[1], AXES, strict=True):
        panel.set_xlabel(axis)
    grid[0][0].legend(fontsize=7, frameon=False)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main(sys.argv[1], json.load(sys.stdin))
