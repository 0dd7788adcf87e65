"""A small stage for hand-worked cases: write a scenario in a few lines, run one replication, look at stock by time.

`paths(...)` gives what stood in the books just before each whole time 1, 2, 3 …: the state "at the end of" each
period, as DESIGN says values at the end of a bucket are taken.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.plan.tables import POINT
from chainsim.record.record import SERIES, Record
from chainsim.scenario.load import load_text

HEAD = """
chainsim: 1
title: A case worked by hand
time: {unit: period, warm_up: 0, horizon: HORIZON, bucket: 1, review: REVIEW}
replications: 1
seed: 1
"""


def stage(
    body: str, *, horizon: float = 12, review: str = "after_demand", folder: Path | None = None
) -> tuple[Plan, Record]:
    """The Plan and the logged Record of the first policy of a scenario given without its head."""
    text = HEAD.replace("HORIZON", str(horizon)).replace("REVIEW", review) + dedent(body)
    scenario = load_text(text, "case.yaml", folder)
    plan = compile_plan(scenario, scenario.alternatives[0].name)
    return plan, simulate(plan, 0, log=True)


def point(plan: Plan, site: str, product: str = "p") -> int:
    """Index of a stock point."""
    s, k = plan.layout.sites.index(site), plan.layout.products.index(product)
    return int(np.flatnonzero((plan.layout.site == s) & (plan.layout.product == k))[0])


def series(plan: Plan, record: Record, name: str, site: str, product: str = "p") -> list[float]:
    """One bucket series of one stock point."""
    return [float(x) for x in record.series[SERIES.index(name), point(plan, site, product)]]


def total(plan: Plan, record: Record, name: str, site: str, product: str = "p") -> float:
    """One total of one stock point, or of its records, over the window (opening at time 0)."""
    i, table = point(plan, site, product), "points"
    if name not in POINT.names:
        i, table = int(plan.points["ledger"][i]), "ledgers"
    return float(record.closing[table][name][i] - record.opening[table][name][i])


def log_of(record: Record, *kinds: str) -> list[Any]:
    """Lines of the event log of these kinds."""
    from chainsim.record.record import EVENT_KINDS

    assert record.log is not None
    wanted = {EVENT_KINDS.index(kind) for kind in kinds}
    return [line for line in record.log if line.kind in wanted]


def demand_rows(tmp_path: Path, quantities: list[float], name: str = "demand.csv") -> None:
    """Write a demand history, one row per period."""
    lines = ["period,p", *(f"{i},{q:g}" for i, q in enumerate(quantities))]
    (tmp_path / name).write_text("\n".join(lines) + "\n")
