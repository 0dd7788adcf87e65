"""What is measured: probes, each a command that runs in a fresh process, as often as there are turns."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environments import HERE, clean_environment
from models.workload import WORKLOADS

MODELS = HERE / "models"
Run = dict[str, Any]  # what one process told of itself

START, REPLICATIONS, STATISTICS, GROWTH = "start", "replications", "statistics", "growth"
PARTS = (*WORKLOADS, START, REPLICATIONS, STATISTICS, GROWTH)


@dataclass(frozen=True)
class Probe:
    """One thing to be measured. `{seed}` in its command stands for a number of which every turn has its own."""

    part: str
    name: str
    command: tuple[str, ...]  # after the interpreter of its environment
    environment: str = "chainsim"
    needs: str = ""  # 'numba' or 'cc'
    times: int | None = None  # runs, when fewer than turns
    slow: bool = False  # left out by --quick
    clock: bool = False  # its wall-clock seconds are the result, not a line of JSON it prints
    empty_cache: bool = False  # nothing compiled before


@dataclass(frozen=True)
class Contender:
    """Somebody who simulates the workloads: a script of `models/` and the environment it runs in."""

    name: str
    script: str
    environment: str = "chainsim"
    workloads: tuple[str, ...] = tuple(WORKLOADS)
    once: tuple[str, ...] = ()  # workloads too long to be run more than once
    needs: str = ""

    def probe(self, workload: str) -> Probe:
        command = (str(MODELS / self.script), workload, "--seed", "{seed}", "--replications")
        count = (MANY if self.needs else FEW)[workload]
        once = workload in self.once
        times = 1 if once else None
        return Probe(workload, self.name, (*command, str(count)), self.environment, self.needs, times, slow=once)


FEW = {"w1_c": 3, "w1_d": 10, "w2_c": 1, "w2_d": 1}
MANY = {"w1_c": 100, "w1_d": 250, "w2_c": 2, "w2_d": 10}
"""Replications in one process, of interpreted and of compiled contenders: enough for the clock."""

CHAINSIM, COMPILED, LEAN, C = "chainsim, simpy", "chainsim, compiled", "lean simpy", "C"
ALONE = "compiled engine alone"  # without audit and measures; no contender
WRITTEN, TUNED, STOCKPYL = "SupplyNetPy", "SupplyNetPy, tuned", "stockpyl"
PEERS = ("w1_c", "w1_d", "w2_d")  # on W2-C SupplyNetPy would take five minutes a run, and there is no goal
CONTENDERS = (
    Contender(CHAINSIM, "chainsim_w1.py"),
    Contender(COMPILED, "chainsim_compiled.py", needs="numba"),
    Contender(LEAN, "lean_simpy.py"),
    Contender(C, "c_loop.py", needs="cc"),
    Contender(WRITTEN, "supplynetpy_w1.py", "supplynetpy", PEERS, once=("w2_d",)),
    Contender(TUNED, "supplynetpy_tuned.py", "supplynetpy", PEERS, once=("w2_d",)),
    Contender(STOCKPYL, "stockpyl_w1.py", "stockpyl", ("w1_d", "w2_d"), once=("w2_d",)),
)

ENGINES = {"simpy": "", "compiled": "numba"}  # engine: what it needs
AXES = {
    "stores": (10, 30, 100, 300, 1000),
    "products": (1, 3, 10, 30),
    "years": (1, 2, 4, 8, 16),
    "replications": (10, 30, 100, 300, 1000),
}
"""What grows, and how far; everything else stays at 10 stores, one product and one year after the warm-up."""
LARGE = ("--stores", "1000", "--products", "10", "--years", "2")
W3, W3_SIMPY = 1000, (40, 120)  # replications; of the simpy engine two numbers, from which W3 follows


def probes() -> list[Probe]:
    """All of them, in the order in which they take turns."""
    return [
        *(c.probe(w) for w in WORKLOADS for c in CONTENDERS if w in c.workloads),
        *(Probe(w, ALONE, (str(MODELS / "engine_alone.py"), w, str(MANY[w])), needs="numba") for w in WORKLOADS),
        *start(),
        *replications(),
        Probe(STATISTICS, "common random numbers", (str(MODELS / "common_random_numbers.py"),), times=1),
        *growth(),
    ]


def start() -> list[Probe]:
    first = str(MODELS / "first_run.py")
    return [
        Probe(START, "numpy", ("-c", "import numpy"), clock=True),
        Probe(START, "help", ("-m", "chainsim", "--help"), clock=True),
        Probe(START, "simpy", (first, "simpy")),
        Probe(START, "cached", (first, "compiled"), needs="numba"),
        Probe(START, "empty cache", (first, "compiled"), needs="numba", empty_cache=True),
    ]


def replications() -> list[Probe]:
    script = str(MODELS / "many_replications.py")
    twice = (str(W3), str(W3))
    return [
        Probe(REPLICATIONS, "simpy, 2 processes", (script, "simpy", "2", *map(str, W3_SIMPY))),
        Probe(REPLICATIONS, "compiled, 1 thread", (script, "compiled", "1", *twice), needs="numba"),
        Probe(REPLICATIONS, "compiled, 2 threads", (script, "compiled", "2", *twice), needs="numba"),
    ]


def growth() -> list[Probe]:
    script = str(MODELS / "growth_point.py")
    found = []
    for axis, sizes in AXES.items():
        for size in sizes:
            for engine, needs in ENGINES.items():
                extra = () if axis == "replications" else ("--replications", "5")
                command = (script, engine, f"--{axis}", str(size), *extra)
                found.append(Probe(GROWTH, point(engine, axis, size), command, needs=needs, times=3))
    for workload in ("w1_d", "w1_c"):
        command = (script, "compiled", *LARGE, "--workload", workload)
        found.append(Probe(GROWTH, f"large {workload}", command, needs="numba", times=3))
    return found


def point(engine: str, axis: str, size: int) -> str:
    return f"{engine}, {size} {axis}"


def warmed_up(python: Path) -> bool:
    """Have the compiled engine compiled now, so that no probe pays for it. False when it cannot run."""
    first = next(p for p in start() if p.name == "cached")
    try:
        measure_once(first, python, 0)
    except RuntimeError:
        return False
    return True


def measure_once(probe: Probe, python: Path, turn: int) -> Run:
    """One fresh process. Raises RuntimeError with its messages when it fails."""
    command = [str(python), *(part.format(seed=1 + 1000 * turn) for part in probe.command)]
    environment = clean_environment()
    if probe.environment == "chainsim" and "PYTHONPATH" in os.environ:
        environment["PYTHONPATH"] = os.environ["PYTHONPATH"]  # a checkout that is not installed
    with tempfile.TemporaryDirectory() as folder:
        if probe.empty_cache:
            environment["CHAINSIM_CACHE_DIR"] = folder
        begun = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        seconds = time.perf_counter() - begun
    if done.returncode:
        raise RuntimeError(f"{probe.name} failed ({probe.part}):\n{done.stderr or done.stdout}")
    if probe.clock:
        return {"seconds": seconds}
    result: Run = json.loads(done.stdout.splitlines()[-1])
    return result
