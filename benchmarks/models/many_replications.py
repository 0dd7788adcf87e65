"""W1-C through `chainsim.run`, as a user calls it. Usage: many_replications.py ENGINE JOBS REPLICATIONS…

Wall seconds of one run after the other in this process, one for each number of replications. The first pays for what
the engine loads, and for starting worker processes.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import chainsim

SCENARIO = Path(__file__).parent.parent / "scenarios" / "w1_c.yaml"

if __name__ == "__main__":
    engine, jobs, counts = sys.argv[1], int(sys.argv[2]), [int(n) for n in sys.argv[3:]]
    scenario = chainsim.load(SCENARIO).scenario
    seconds = []
    for replications in counts:
        begun = time.perf_counter()
        chainsim.run(scenario, engine=engine, jobs=jobs, replications=replications)
        seconds.append(time.perf_counter() - begun)
    print(json.dumps({"seconds": seconds}))
