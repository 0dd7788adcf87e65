#!/usr/bin/env python3
"""Measure chainsim's simpy engine beside its peers, side by side, and write the table into README.md.

    python benchmarks/run.py                     # everything; see README.md for how long it takes
    python benchmarks/run.py --quick             # the small workloads of the peers, three runs
    python benchmarks/run.py --workloads w1_d    # one workload

Makes the virtual environments it needs under benchmarks/.envs. Contenders take turns (A B C A B C …), each time in a
fresh process; medians are over the processes. Only the standard library here.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from pathlib import Path

from contenders import CONTENDERS, Contender, Measured, measure_once
from environments import HERE, python_of
from models.workload import WORKLOADS
from tables import markdown

README = HERE / "README.md"
BEGIN, END = "<!-- results: begin (written by run.py) -->", "<!-- results: end -->"


def main() -> int:
    asked = arguments()
    chosen = [w for w in WORKLOADS if w in asked.workloads.split(",")]
    runs = asked.runs or (3 if asked.quick else 5)
    pythons = environments(asked.envs)
    results: dict[tuple[str, str], Measured] = {}
    complete = True
    for workload in chosen:
        for turn in range(runs):
            for contender in CONTENDERS:
                if takes_part(contender, workload, turn, asked.quick):
                    complete &= take_turn(contender, workload, turn, pythons.get(contender.environment), results)
    text = markdown(results)
    print(text)
    if asked.quick or len(chosen) < len(WORKLOADS) or runs < 5 or not complete:
        print("\nREADME.md is left alone: it takes every contender and workload, and five runs.", file=sys.stderr)
    else:
        write(f"On {machine()}, {runs} runs.\n\n{text}")
    return 0 if complete else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure chainsim beside its peers.")
    parser.add_argument("--quick", action="store_true", help="three runs, and no peers on the large workload")
    parser.add_argument("--workloads", default=",".join(WORKLOADS), help="which, separated by commas (default: all)")
    parser.add_argument("--runs", type=int, help="fresh processes per contender (default 5, with --quick 3)")
    parser.add_argument("--envs", type=Path, default=HERE / ".envs", help="folder of the virtual environments")
    asked = parser.parse_args()
    unknown = set(asked.workloads.split(",")) - set(WORKLOADS)
    if unknown:
        parser.error(f"unknown workload {', '.join(sorted(unknown))}; known: {', '.join(WORKLOADS)}")
    if asked.runs is not None and asked.runs < 1:
        parser.error("--runs must be at least 1")
    return asked


def environments(folder: Path) -> dict[str, Path]:
    """Interpreter by environment. One that cannot be made is said and left out: the others still run."""
    pythons = {}
    for name in dict.fromkeys(c.environment for c in CONTENDERS):
        try:
            pythons[name] = python_of(name, folder)
        except subprocess.CalledProcessError as error:
            print(f"{name} is left out, its environment could not be made: {error}", file=sys.stderr)
    return pythons


def takes_part(contender: Contender, workload: str, turn: int, quick: bool) -> bool:
    if workload not in contender.workloads or (quick and workload in contender.slow):
        return False
    return turn == 0 or workload not in contender.once


def take_turn(
    contender: Contender, workload: str, turn: int, python: Path | None, results: dict[tuple[str, str], Measured]
) -> bool:
    """One more run, kept with the others. False when it could not be made; the others go on."""
    if python is None:
        return False
    seed = 1 + 100 * turn  # replications count on from it
    try:
        run = measure_once(contender, workload, python, seed)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return False
    print(f"{workload} run {turn + 1}: {contender.name} {run['run']:.3f} s", file=sys.stderr, flush=True)
    results.setdefault((contender.name, workload), Measured(workload)).runs.append(run)
    return True


def machine() -> str:
    """Processor and system, as far as they tell."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        told = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = told[0] if told else model
    return f"{model}, {platform.system()}"


def write(text: str) -> None:
    """Put the results between the markers of README.md."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
