"""W1-D stretched: one DC with any number of stores, products and years. One line of JSON on stdout.

CPU seconds of all replications and of one, everything counted that a worker does for it (as in chainsim_w1.py), and the
largest resident set of the process.
"""

from __future__ import annotations

import argparse
import json
import time
from functools import partial

import yaml
from chainsim_w1 import SCENARIOS
from measure import peak_megabytes

import chainsim
from chainsim.plan.compile import compile_plan
from chainsim.replicate.sampler import LONGEST_BLOCK
from chainsim.replicate.task import Block, Outcome, Task
from chainsim.study.budget import choose_levels
from chainsim.study.measuring import Meter


def scenario(workload: str, stores: int, products: int, days: int) -> str:
    """The workload's file with so many stores at the DC, whose levels grow with them, and so many products like the one."""
    document = yaml.safe_load((SCENARIOS / f"{workload}.yaml").read_text(encoding="utf-8"))
    document["sites"]["store"]["copies"] = stores
    document["products"] = {f"item{i}": dict(document["products"]["item"]) for i in range(products)}
    for demand in document["demand"]:
        demand["product"] = list(document["products"])
    document["time"]["horizon"] = days
    for rule in document["policies"]["s_Q"]["rules"]:
        if rule["kind"] == "dc":
            rule |= {"reorder_point": 230 * stores, "order_quantity": 100 * stores}
    return yaml.safe_dump(document)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=("simpy", "compiled"))
    parser.add_argument("--workload", default="w1_d", choices=("w1_c", "w1_d"))
    parser.add_argument("--stores", type=int, default=10)
    parser.add_argument("--products", type=int, default=1)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--replications", type=int, default=1)
    asked = parser.parse_args()
    study = chainsim.load_text(scenario(asked.workload, asked.stores, asked.products, 365 * asked.years)).scenario
    plan = compile_plan(study, "s_Q")
    buckets = -(-study.time.end // study.time.ticks(study.time.bucket))
    levels = choose_levels(plan.layout, 1, asked.replications, buckets, "auto")
    if asked.engine == "compiled":
        from chainsim.engines.compiled.loops import loop_for

        loop_for(plan.rules)
    meter = partial(Meter, detail=levels.summary, series=levels.series)
    kept, begun = [], time.process_time()
    for first in range(0, asked.replications, LONGEST_BLOCK):
        block = Block(0, first, min(LONGEST_BLOCK, asked.replications - first))
        outcome = Task(block, plan, asked.engine, meter).run()
        if not isinstance(outcome, Outcome):
            raise SystemExit(outcome.trace)
        kept += outcome.parts
    seconds = time.process_time() - begun
    events = sum(int(measured.events.sum()) for measured in kept)
    told = {"seconds": seconds, "replication": seconds / asked.replications, "peak_mb": peak_megabytes()}
    print(json.dumps(told | {"events": events}))


if __name__ == "__main__":
    main()
