"""Who runs, on what, how often; and one measurement of one of them."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from environments import HERE, clean_environment
from models.workload import WORKLOADS

MODELS = HERE / "models"


@dataclass(frozen=True)
class Contender:
    """One row of the results: a script of `models/` and the environment it runs in."""

    name: str
    script: str
    environment: str
    workloads: tuple[str, ...] = tuple(WORKLOADS)
    once: tuple[str, ...] = ()  # workloads too long to be run more than once
    slow: tuple[str, ...] = ()  # workloads left out by --quick


CHAINSIM, LEAN = "chainsim", "lean simpy"
WRITTEN, TUNED, STOCKPYL = "SupplyNetPy", "SupplyNetPy, tuned", "stockpyl"
CONTENDERS = (
    Contender(CHAINSIM, "chainsim_w1.py", "chainsim"),
    Contender(LEAN, "lean_simpy.py", "chainsim"),
    Contender(WRITTEN, "supplynetpy_w1.py", "supplynetpy", once=("w2_d",), slow=("w2_d",)),
    Contender(TUNED, "supplynetpy_tuned.py", "supplynetpy", once=("w2_d",), slow=("w2_d",)),
    Contender(STOCKPYL, "stockpyl_w1.py", "stockpyl", ("w1_d", "w2_d"), once=("w2_d",), slow=("w2_d",)),
)

REPLICATIONS = {"w1_c": 3, "w1_d": 10, "w2_d": 1}
"""Replications in one process: enough for the clock. A replication of W1-D takes the lean model 20 milliseconds."""


@dataclass
class Measured:
    """All runs of one contender on one workload."""

    workload: str
    runs: list[dict[str, Any]] = field(default_factory=list)

    def middle(self, name: str) -> float:
        """Median over the runs."""
        return float(median(r[name] for r in self.runs))

    def measure(self, name: str) -> float | None:
        """Mean over the runs, None where the contender does not offer it."""
        values = [r["measures"][name] for r in self.runs]
        return None if None in values else fmean(values)

    @property
    def rate(self) -> float:
        """Store-days per CPU second of simulation."""
        return WORKLOADS[self.workload].store_days / self.middle("run")

    @property
    def orders(self) -> float:
        """Orders placed by stores and DCs: the measure of the work done."""
        return (self.measure("store_orders") or 0.0) + (self.measure("dc_orders") or 0.0)


def measure_once(contender: Contender, workload: str, python: Path, seed: int) -> dict[str, Any]:
    """One fresh process. Raises RuntimeError with its messages when it fails."""
    command = [str(python), str(MODELS / contender.script), workload, "--seed", str(seed)]
    command += ["--replications", str(REPLICATIONS[workload])]
    environment = clean_environment()
    if contender.environment == "chainsim" and "PYTHONPATH" in os.environ:
        environment["PYTHONPATH"] = os.environ["PYTHONPATH"]  # a checkout that is not installed
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{contender.name} failed on {workload}:\n{done.stderr or done.stdout}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
