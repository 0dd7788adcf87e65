#!/usr/bin/env python3
"""Has chainsim become slower? A few ratios in half a minute, beside those it is known to have.

    python benchmarks/check.py             # always ends with 0: machines are noisy, a person reads it
    python benchmarks/check.py --update    # these are the ratios from now on

Runs with the interpreter it is started by, where chainsim must be installed. Ratios only, since seconds differ from
machine to machine. What cannot be measured (no numba, no C compiler) is said.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import median

from environments import HERE
from probes import CHAINSIM, COMPILED, CONTENDERS, LEAN, C, measure_once, warmed_up

REFERENCE = HERE / "check.json"
RATIOS = ((CHAINSIM, LEAN), (COMPILED, CHAINSIM), (COMPILED, C))  # time of the one ÷ time of the other
WORKLOADS = ("w1_c", "w1_d")
TURNS = 3
WORTH_A_LOOK = 1.5  # times the known ratio


def main() -> None:
    parser = argparse.ArgumentParser(description="A few ratios of times, beside the known ones.")
    parser.add_argument("--update", action="store_true", help="keep what was measured as the known ratios")
    asked = parser.parse_args()
    warmed_up(Path(sys.executable))  # compiling is not what is measured here
    found = ratios()
    known = json.loads(REFERENCE.read_text(encoding="utf-8"))
    for name, value in found.items():
        print(line(name, value, known.get(name)))
    if asked.update:
        REFERENCE.write_text(json.dumps(known | found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def ratios() -> dict[str, float]:
    """Medians of a few turns; what cannot be measured is said and left out."""
    contenders = [c for c in CONTENDERS if any(c.name in pair for pair in RATIOS)]
    times: dict[tuple[str, str], list[float]] = {}
    failed: set[str] = set()
    for workload in WORKLOADS:
        for turn in range(TURNS):
            for contender in contenders:
                if contender.name in failed:
                    continue
                try:
                    run = measure_once(contender.probe(workload), Path(sys.executable), turn)
                except RuntimeError as error:
                    print(f"{contender.name} is left out: {str(error).splitlines()[-1]}")
                    failed.add(contender.name)
                    continue
                times.setdefault((workload, contender.name), []).append(run["run"])
    middle = {key: median(values) for key, values in times.items()}
    return {
        f"{workload}: {a} ÷ {b}": round(middle[workload, a] / middle[workload, b], 4)
        for workload in WORKLOADS
        for a, b in RATIOS
        if (workload, a) in middle and (workload, b) in middle
    }


def line(name: str, value: float, known: float | None) -> str:
    if known is None:
        return f"{name:45} {value:8.3g}"
    note = ""
    if value > known * WORTH_A_LOOK:
        note = "   <-- slower: worth a look"
    elif value < known / WORTH_A_LOOK:
        note = "   faster: keep it with --update"
    return f"{name:45} {value:8.3g}   known {known:8.3g}{note}"


if __name__ == "__main__":
    main()
