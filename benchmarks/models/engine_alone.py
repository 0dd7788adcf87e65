"""The compiled engine without what a study does with its Records: no audit, no measures. Usage: engine_alone.py WORKLOAD

CPU seconds of one replication: its draws, its events and its Record.
"""

from __future__ import annotations

import json
import sys
import time

from chainsim_w1 import compiled

from chainsim.engines.base import replications

COUNTS = {"w1_c": 100, "w1_d": 500, "w2_c": 2, "w2_d": 10}

if __name__ == "__main__":
    workload = sys.argv[1]
    plan, _, _ = compiled(workload, "compiled")
    count = COUNTS[workload]
    begun = time.process_time()
    for _ in replications(plan, 0, count, engine="compiled"):
        pass
    print(json.dumps({"run": (time.process_time() - begun) / count}))
