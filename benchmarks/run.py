#!/usr/bin/env python3
"""Measure both engines of chainsim beside their peers, and write the tables into README.md.

    python benchmarks/run.py                       # everything; see README.md for how long it takes
    python benchmarks/run.py --quick               # the small workloads, three runs; only prints
    python benchmarks/run.py --parts w1_d,start    # these parts anew; the others stay as they were measured before

Makes the virtual environments it needs under benchmarks/.envs. Contenders take turns (A B C A B C …), each time in a
fresh process; medians are over the processes. Everything measured is kept in results.json. Only the standard library
here.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from environments import HERE, clean_environment, python_of
from findings import ENOUGH, Findings
from probes import GROWTH, MODELS, PARTS, Probe, measure_once, probes, warmed_up
from tables import markdown

README, RESULTS, PLOT = HERE / "README.md", HERE / "results.json", HERE / "growth.svg"
BEGIN, END = "<!-- results: begin (written by run.py) -->", "<!-- results: end -->"


def main() -> int:
    asked = arguments()
    chosen = [part for part in PARTS if part in asked.parts.split(",")]
    runs = asked.runs or (3 if asked.quick else ENOUGH)
    wanted = [p for p in probes() if p.part in chosen and not (asked.quick and p.slow)]
    pythons = environments(asked.envs, wanted)
    there = available(pythons)
    able = [p for p in wanted if p.environment in pythons and p.needs in there]
    findings = Findings() if asked.quick else Findings.read(RESULTS)
    complete = len(able) == len(wanted)
    for part in chosen:
        findings.begin(part, machine())
        complete &= measure([p for p in able if p.part == part], runs, pythons, findings)
        if not asked.quick:
            findings.write(RESULTS)
    text = markdown(findings)
    print(text)
    missing = findings.missing(probes())
    if asked.quick or missing:
        names = ", ".join(f"{p.part}: {p.name}" for p in missing[:5])
        print(f"\nREADME.md is left alone; still missing: {names} …", file=sys.stderr)
    else:
        plot(findings, pythons)
        write(text)
    return 0 if complete else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure chainsim beside its peers.")
    parser.add_argument("--quick", action="store_true", help="three runs of the small workloads, only printed")
    parser.add_argument("--parts", help=f"which, separated by commas (default: all): {', '.join(PARTS)}")
    parser.add_argument("--runs", type=int, help=f"fresh processes per contender (default {ENOUGH}, with --quick 3)")
    parser.add_argument("--envs", type=Path, default=HERE / ".envs", help="folder of the virtual environments")
    asked = parser.parse_args()
    asked.parts = asked.parts or ("w1_c,w1_d,start" if asked.quick else ",".join(PARTS))
    unknown = set(asked.parts.split(",")) - set(PARTS)
    if unknown:
        parser.error(f"unknown part {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}")
    if asked.runs is not None and asked.runs < 1:
        parser.error("--runs must be at least 1")
    return asked


def environments(folder: Path, wanted: list[Probe]) -> dict[str, Path]:
    """Interpreter by environment. One that cannot be made is said and left out: the others still run."""
    pythons = {}
    for name in dict.fromkeys(("chainsim", *(p.environment for p in wanted))):
        try:
            pythons[name] = python_of(name, folder)
        except subprocess.CalledProcessError as error:
            print(f"{name} is left out, its environment could not be made: {error}", file=sys.stderr)
    return pythons


def available(pythons: dict[str, Path]) -> set[str]:
    """What probes may need and this machine has; says what it has not. Nothing is left to be compiled after this."""
    found = {""}
    if shutil.which("cc"):
        found.add("cc")
    else:
        print("there is no C compiler (cc): C is left out", file=sys.stderr)
    if "chainsim" in pythons and warmed_up(pythons["chainsim"]):
        found.add("numba")
    else:
        print("numba is not there: the compiled engine is left out", file=sys.stderr)
    return found


def measure(some: list[Probe], runs: int, pythons: dict[str, Path], findings: Findings) -> bool:
    """All turns of one part. False when a probe failed, which is not tried again; the others go on."""
    failed: set[Probe] = set()
    for turn in range(runs):
        for probe in some:
            if probe in failed or turn >= (probe.times or runs):
                continue
            try:
                run = measure_once(probe, pythons[probe.environment], turn)
            except RuntimeError as error:
                print(error, file=sys.stderr)
                failed.add(probe)
                continue
            print(f"{probe.part} {turn + 1}: {probe.name} {brief(run)}", file=sys.stderr, flush=True)
            findings.add(probe, run)
    return not failed


def brief(run: dict[str, object]) -> str:
    told = run.get("run", run.get("seconds", run.get("first", "")))
    return f"{told:.4g} s" if isinstance(told, float) else f"{told}"


def machine() -> str:
    """Processor and system, as far as they tell."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        named = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = f"{named[0]} ({len(named)} cores)" if named else model
    return f"{model}, {platform.system()}"


def plot(findings: Findings, pythons: dict[str, Path]) -> None:
    command = [str(pythons["chainsim"]), str(MODELS / "plot_growth.py"), str(PLOT)]
    growth = json.dumps(findings.runs[GROWTH])
    subprocess.run(command, input=growth, text=True, check=True, env=clean_environment())


def write(text: str) -> None:
    """Put the results between the markers of README.md."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
