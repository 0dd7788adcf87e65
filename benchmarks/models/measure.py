"""How every contender is measured: a fresh process, a few replications, one line of JSON on stdout.

CPU seconds of the process, in three parts. `start`: the interpreter and the imports. `build`: the model, or reading and
compiling the scenario (the first time). `run`: the simulation with its random draws and the measures taken from it, per
replication. Memory is the largest resident set of the whole process after the first replication, or the first block.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from statistics import fmean
from typing import Any

from workload import WORKLOADS

MEASURES = ("fill_rate", "on_hand", "store_orders", "dc_orders", "order_variance_ratio")
"""Unit fill rate of the customers; mean stock of a store, units; orders placed by stores and by DCs; variance of the
DCs' weekly orders ÷ variance of the customers' weekly demand. None where a contender does not offer it."""


def report(
    build: Callable[..., Any], run: Callable[[Any], dict[str, float | None]], *versions: tuple[str, str], block: int = 1
) -> None:
    """Measure, and print the line; to be called when everything has been imported.

    build(workload, seed) makes a model of one replication, run(model) simulates it and returns its measures. block over
    1: build(workload, seed, count) makes a model of so many replications at most, and run returns their mean measures.
    """
    start = time.process_time()
    parser = argparse.ArgumentParser(description="Measure a few replications of one workload; print a line of JSON.")
    parser.add_argument("workload", choices=WORKLOADS)
    parser.add_argument("--seed", type=int, default=1, help="of the first replication; the others count on from it")
    parser.add_argument("--replications", type=int, default=1)
    asked = parser.parse_args()
    workload = WORKLOADS[asked.workload]
    builds, runs, measures, peak = [], [], [], 0.0
    end = asked.seed + asked.replications
    for seed in range(asked.seed, end, block):
        count = min(block, end - seed)
        gc.collect()  # nobody pays for the litter of the replication before
        begun = time.process_time()
        model = build(workload, seed, count) if block > 1 else build(workload, seed)
        built = time.process_time()
        measures.extend([run(model)] * count)
        runs.append(time.process_time() - built)
        builds.append(built - begun)
        peak = peak or peak_megabytes()
        del model
    line = {
        "start": start,
        "build": builds[0],
        "run": sum(runs) / asked.replications,
        "peak_mb": peak,
        "replications": asked.replications,
        "measures": {name: mean_of(measures, name) for name in MEASURES},
        "versions": {"Python": sys.version.split()[0]} | dict(versions),
    }
    print(json.dumps(line))


def mean_of(measures: list[dict[str, float | None]], name: str) -> float | None:
    values = [m[name] for m in measures if m.get(name) is not None]
    return fmean(values) if values else None  # type: ignore[arg-type]


def peak_megabytes() -> float:
    """Largest resident set so far: Linux counts it in kilobytes, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
