"""How far one machine goes: processor seconds and peak memory of ever larger networks, and of many replications of a small model.

    python benchmarks/scale.py                     # growth, some minutes; writes scale.json and scale.svg
    python benchmarks/scale.py 5000x20 4x20        # one size, 4 policies and 20 replications: half an hour on two free processors

A chain of stores, a distribution centre for each hundred, one plant; two years, daily demand and weekly buckets. Every size is a fresh
process; its processor seconds and its largest resident set are those the system tells of it. docs/reliability.md says what was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS, PLOT = HERE / "scale.json", HERE / "scale.svg"
POLICIES = {
    "weekly": "{type: R_S, review_interval: 1 week, service_level: 0.95}",
    "daily": "{type: R_S, review_interval: 1 day, service_level: 0.95}",
    "s_S": "{type: s_S, review_interval: 1 day, fill_rate: 0.97, order_quantity: eoq}",
    "s_Q": "{type: s_Q, review_interval: 1 day, service_level: 0.95}",
}
EVENTS = "1e12"
"""The budget of events is one of time; here the time is what is measured."""


def scenario(stores: int, products: int, days: int, policies: int = 1, replications: int = 2, whose: str = "") -> str:
    """The text of a chain of so many stores and products. whose: bucket series are kept; '' by size."""
    means = {f"p{k:02d}": 2.0 + 3.0 * (k % 7) for k in range(1, products + 1)}
    lines = [
        "chainsim: 1",
        f"title: {stores} stores, {products} products",
        f"time: {{unit: day, warm_up: 14, horizon: {days}, bucket: week{whose and f', series: {whose}'}}}",
        f"replications: {replications}",
        "seed: 7",
        "products:",
        *(
            f"  {name}: {{unit_cost: {1.0 + 0.1 * k:.1f}, unit_price: {1.5 + 0.15 * k:.2f}}}"
            for k, name in enumerate(means)
        ),
        "sites:",
        "  plant: {kind: plant, production: {lead_time: 2 days}}",
        f"  dc: {{kind: dc, copies: {max(1, stores // 100)}}}",
        f"  store: {{kind: store, copies: {stores}}}",
        "lanes:",
        "  - {from: plant, to: dc, lead_time: {dist: gamma, mean: 4, cv: 0.3}, order_cost: 10}",
        "  - {from: dc, to: store, pair: spread, lead_time: {dist: uniform, low: 1, high: 2}, order_cost: 0.5}",
        "demand:",
        *(
            f"  - {{site: store, product: {name}, quantity: {{dist: negative_binomial, mean: {mean:g}, sd: {mean**0.5 * 1.4:.4g}}}, "
            "every: 1 day, unmet: lost}"
            for name, mean in means.items()
        ),
        "costs: {currency: EUR, carrying_rate: 25% per year, lost_sale: margin}",
        "targets: {fill_rate: 0.95}",
        "policies:",
    ]
    for name, rule in list(POLICIES.items())[:policies]:
        made = "{kind: plant, type: base_stock, review_interval: 1 day, service_level: 0.95}"
        lines.append(f"  {name}: {rule[:-1]}, rules: [{made}]}}")
    return "\n".join(lines) + "\n"


def measured(*command: str, cwd: Path) -> dict[str, float]:
    """Processor and wall seconds and peak memory of a command in a process of its own, with what it says in the end if it fails."""
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen([sys.executable, "-m", "chainsim", *command], cwd=cwd, stdout=said, stderr=said)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            said.seek(0)
            raise SystemExit(f"chainsim {' '.join(command)}: exit {child.returncode}\n{said.read()[-2000:]}")
    megabytes = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return {
        "cpu": round(used.ru_utime + used.ru_stime, 2),
        "wall": round(time.monotonic() - begun, 1),
        "peak_mb": round(megabytes),
    }


def size_of(folder: Path) -> dict[str, float]:
    """Megabytes of a results folder by file, the largest first, and of all of it."""
    sizes = {str(path.relative_to(folder)): path.stat().st_size / 1e6 for path in folder.rglob("*") if path.is_file()}
    blocks = sum(size for name, size in sizes.items() if name.startswith(".blocks"))
    shown = {name: size for name, size in sizes.items() if not name.startswith(".blocks")} | {".blocks": blocks}
    return {"all": round(sum(sizes.values()), 1)} | {
        name: round(size, 1) for name, size in sorted(shown.items(), key=lambda item: -item[1])[:6]
    }


def point(
    stores: int,
    products: int,
    days: int,
    policies: int,
    replications: int,
    *,
    jobs: int = 1,
    page: bool = True,
    whose: str = "",
) -> dict[str, Any]:
    """What one size takes: to validate it, to run it, and to make its page again."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "scale.yaml").write_text(scenario(stores, products, days, policies, replications, whose))
        found: dict[str, Any] = {
            "stores": stores, "products": products, "days": days, "policies": policies, "replications": replications, "jobs": jobs,
            "validate": measured("validate", "scale.yaml", cwd=folder),
            "run": measured(
                "run", "scale.yaml", "-q", "--no-report", "--jobs", str(jobs), "--engine", "compiled", "--max-events", EVENTS, "--out", "out",
                cwd=folder,
            ),
        }  # fmt: skip
        if page:
            found["report"] = measured("report", "out", cwd=folder)
        found["folder_mb"] = size_of(folder / "out")
    return found


GROWTH = ((50, 20), (150, 20), (500, 20), (1500, 20))
"""Stores and products of the growth that is drawn, with series of groups, eight weeks, one policy and two replications."""
DAYS = 56


def stock_points(found: dict[str, Any]) -> int:
    """Stores, distribution centres and the plant, times products."""
    return int((found["stores"] + max(1, found["stores"] // 100) + 1) * found["products"])


def draw(rows: list[dict[str, Any]]) -> None:
    """Processor seconds and peak memory by stock points, with what a line through the largest two says of 101,020."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams |= {"svg.hashsalt": "chainsim", "svg.fonttype": "none", "font.size": 9}
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    sizes = [stock_points(row) for row in rows]
    for panel, key, label in zip(panels, ("cpu", "peak_mb"), ("processor seconds", "peak memory, MB"), strict=True):
        for what, colour in (("validate", "#b45309"), ("run", "#1d4ed8")):
            values = [row[what][key] for row in rows]
            panel.plot(sizes, values, marker="o", markersize=4, color=colour, label=what)
            slope = (values[-1] - values[-2]) / (sizes[-1] - sizes[-2])
            far = 101_020
            panel.plot([sizes[-1], far], [values[-1], values[-1] + slope * (far - sizes[-1])], ":", color=colour)
        panel.set_xscale("log")
        panel.set_yscale("log")
        panel.set_xlabel("stock points")
        panel.set_title(label, fontsize=9)
        panel.grid(color="#e5e7eb")
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].legend(fontsize=8, frameon=False)
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", nargs="?", help="stores x products")
    parser.add_argument("runs", nargs="?", default="1x2", help="policies x replications")
    parser.add_argument("--days", type=int, default=728)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-page", action="store_true", help="do not make the page again")
    parser.add_argument("--most", type=int, default=1500, help="stores of the largest size of the growth")
    asked = parser.parse_args()
    if asked.size:
        stores, products = map(int, asked.size.split("x"))
        policies, replications = map(int, asked.runs.split("x"))
        print(
            json.dumps(
                point(stores, products, asked.days, policies, replications, jobs=asked.jobs, page=not asked.no_page),
                indent=2,
            )
        )
        return
    rows = []
    for stores, products in GROWTH:
        if stores <= asked.most:
            rows.append(point(stores, products, DAYS, 1, 2, page=False, whose="group"))
            print(json.dumps(rows[-1]), flush=True)
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n")
    draw(rows)


if __name__ == "__main__":
    main()
