#!/usr/bin/env python3
"""What a decision takes: tuning, sweeps, experiments, stress tests as whole commands, with their pages.

    python benchmarks/decisions.py                       # the shipped grocer; writes the table into benchmarks/README.md
    python benchmarks/decisions.py --network net.yaml --policies s_S,R_S,s_Q,me    # and a network of your own

Needs chainsim[fast], compiled once before. One run each: wall clock on this machine, and processor time of all processes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import yaml

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- decisions -->", "<!-- /decisions -->"
GROCER = ["scenarios/grocer.yaml", "--to", "fill_rate=97%", "--within", "0.2 points"]
HUNDRED = {
    "experiment": 1, "title": "A hundred futures", "scenario": "grocer", "replications": 20,
    "design": {"type": "latin_hypercube", "points": 100, "seed": 1},
    "factors": {
        "rate": {"path": "costs.carrying_rate", "values": "10%:60% per year"},
        "demand": {"path": "demand[store].quantity.mean", "values": "15:25"},
    },
    "responses": ["total_cost", "fill_rate"],
}  # fmt: skip


def measured(command: list[str]) -> tuple[float, float, int]:
    """Wall clock and processor seconds of a command and all it starts, and its exit code."""
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - started, os.times()
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu, done.returncode


def works(folder: Path, network: Path | None, policies: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """(what, goal, arguments of chainsim)."""
    hundred, kept = folder / "hundred.yaml", folder / "kept.yaml"
    hundred.write_text(yaml.safe_dump(HUNDRED), "utf-8")
    kept.write_text(yaml.safe_dump({**HUNDRED, "levels": "kept"}), "utf-8")
    chosen = [
        ("grocer, four policies to 97 % ± 0.2 point, levels and lots, confirmed", "20 s wall", ["tune", *GROCER]),
        ("the same, one number a policy", "3 s wall", ["tune", *GROCER, "--free", "service"]),
        ("grocer, 100 futures × 4 policies × 20 replications, levels derived anew", "30 s wall", ["experiment", str(hundred)]),
        ("the same with today's levels", "–", ["experiment", str(kept)]),
        ("grocer, every site and lane out, one policy, 10 replications", "–",
         ["stress", "scenarios/grocer.yaml", "--policies", "s_Q", "--only", "nodes,lanes", "--replications", "10"]),
    ]  # fmt: skip
    if network is not None:
        name = f"{network.parent.name}/{network.name}"
        to = ["--to", "fill_rate=97%", "--free", "service"]
        sweep = ["--set", "costs.carrying_rate=15%:35%:50 per year", "--replications", "3"]
        chosen += [
            (f"{name}, {len(policies)} policies, one number each", "60 s wall", ["tune", str(network), *to]),
            (f"{name}, 50 points × 2 policies × 3 replications", "20 s CPU", ["sweep", str(network), *sweep]),
        ]
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description="What a decision takes.")
    parser.add_argument("--network", type=Path)
    parser.add_argument("--policies", default="", help="of the network's tuning and sweep, by comma")
    asked = parser.parse_args()
    if asked.network is not None and not asked.policies:
        parser.error("--network needs --policies: all of them are tuned, the first two swept")
    lines = ["| what | goal | wall, s | CPU, s |", "|---|---|---:|---:|"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for k, (what, goal, arguments) in enumerate(works(folder, asked.network, asked.policies.split(","))):
            if asked.network is not None and str(asked.network) in arguments and asked.policies:
                few = asked.policies.split(",")[: 2 if arguments[0] == "sweep" else None]
                arguments = [*arguments, "--policies", ",".join(few)]
            wall, cpu, code = measured([sys.executable, "-m", "chainsim", *arguments, "--out", str(folder / str(k))])
            lines.append(f"| {what} | {goal} | {f'{wall:.1f}' if code == 0 else 'failed'} | {cpu:.1f} |")
            print(lines[-1], flush=True)
    text = README.read_text("utf-8")
    head, rest = text.split(BEGIN)
    README.write_text(f"{head}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
