"""The compiled engine without what a study does with its Records: no audit, no measures.

Usage: engine_alone.py WORKLOAD REPLICATIONS

CPU seconds of one replication: its draws, its events and its Record.
"""

from __future__ import annotations

import json
import sys
import time

from chainsim_w1 import compiled

from chainsim.engines.base import replications

if __name__ == "__main__":
    workload, count = sys.argv[1], int(sys.argv[2])
    plan, _, _ = compiled(workload, "compiled")
    begun = time.process_time()
    for _ in replications(plan, 0, count, engine="compiled"):
        pass
    print(json.dumps({"run": (time.process_time() - begun) / count}))
