"""W1 and W2 with chainsim: the scenario files beside this folder, on the simpy engine.

What is timed as `run` is all that a worker does for a block of replications: simulate, audit the conservation of units,
and take every measure and bucket series at the detail chainsim would choose for that network. `build` is reading and
checking the YAML, compiling the Plan, and making the engine ready, which a study does once for all its replications.
"""

from __future__ import annotations

from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from measure import report
from workload import Workload

import chainsim
from chainsim.engines.base import ENGINES, choose_engine
from chainsim.errors import ChainsimError
from chainsim.kpis import KPIS, Scopes
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.replicate.sampler import LONGEST_BLOCK
from chainsim.replicate.task import Block, Outcome, Task, joined
from chainsim.study.budget import Levels, choose_levels
from chainsim.study.measuring import Measured, Meter

SCENARIOS = Path(__file__).parent.parent / "scenarios"


@cache
def compiled(name: str, engine: str) -> tuple[Plan, Levels]:
    scenario = chainsim.load(SCENARIOS / f"{name}.yaml").scenario
    plan = compile_plan(scenario, "s_Q")
    try:
        choose_engine(engine, (plan,))
    except ChainsimError as error:
        raise SystemExit(str(error)) from None
    if engine == "compiled":
        from chainsim.engines.compiled.loops import loop_for

        loop_for(plan.rules)
    buckets = -(-scenario.time.end // scenario.time.ticks(scenario.time.bucket))
    return plan, choose_levels(plan.layout, 1, scenario.replications, buckets, "auto")


def build(workload: Workload, seed: int, count: int, *, engine: str) -> tuple[Workload, Task[Measured], Levels]:
    """The replication's number plays the part of the seed: every one of them has its own draws."""
    plan, levels = compiled(workload.name, engine)
    meter = partial(Meter, detail=levels.summary, series=levels.series)
    return workload, Task(Block(0, seed, count), plan, engine, meter), levels


def run(model: tuple[Workload, Task[Measured], Levels]) -> dict[str, float | None]:
    workload, task, levels = model
    outcome = task.run()
    if not isinstance(outcome, Outcome):
        raise SystemExit(outcome.trace)
    values = joined(outcome.parts).values
    names = list(KPIS.names())
    scopes = [(s.level, s.site) for s in Scopes.of(task.plan.layout, levels.summary).names]

    def value(level: str, site: str, kpi: str) -> float:
        return float(values[:, scopes.index((level, site)), names.index(kpi)].mean())

    return {
        "fill_rate": value("network", "", "fill_rate"),
        "on_hand": value("echelon", "kind:store", "on_hand_mean") / workload.stores,
        "store_orders": value("echelon", "kind:store", "orders_per_year"),
        "dc_orders": value("echelon", "kind:dc", "orders_per_year"),
        "order_variance_ratio": value("echelon", "kind:dc", "bullwhip_cumulative"),
    }


def main(engine: str) -> None:
    ENGINES[engine].load()  # imports counted as start, not as run
    library = {"simpy": "simpy", "compiled": "numba"}[engine]
    versions = [("chainsim", chainsim.__version__), (library, version(library)), ("numpy", np.__version__)]
    report(partial(build, engine=engine), run, *versions, block=LONGEST_BLOCK)


if __name__ == "__main__":
    main("simpy")
