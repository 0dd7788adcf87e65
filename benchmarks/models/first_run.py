"""A fresh process that simulates W1-C once and again: what the first time costs. Usage: first_run.py simpy|compiled

Wall seconds of the first and of the second simulation in this process, and whether numba was loaded.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import chainsim
from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan

SCENARIO = Path(__file__).parent.parent / "scenarios" / "w1_c.yaml"


def timed(engine: str) -> float:
    begun = time.perf_counter()
    simulate(plan, 0, engine=engine)
    return time.perf_counter() - begun


if __name__ == "__main__":
    plan = compile_plan(chainsim.load(SCENARIO).scenario, "s_Q")
    times = [timed(sys.argv[1]) for _ in range(2)]
    print(json.dumps({"first": times[0], "second": times[1], "numba": "numba" in sys.modules}))
