"""Did counting begin late enough? MSER-5 on the stock of the whole network, bucket by bucket: warm_up.csv.

`statistics.warm_up` looks for a season, a step and a drift first. What the scenario declares is known: a yearly or weekly season gives
the cycle to look for; a declared step or surge ends the part of the series that is looked at, since nothing before it knows of it.

| state | what |
|---|---|
| cut | `cut` is what MSER-5 would leave out, in time units from the start of the run |
| season | stock follows a season; `cut` is found after it was taken out, empty where the run has fewer than three cycles |
| step | the level changes at `at` by `change`, and stays: no conclusion |
| drift | stock still moves at the end, by `change`: no conclusion |
| too short | MSER-5 would leave out more than half, or there are too few buckets (before a declared change): no conclusion |

`replay`: demand is replayed, the same in every replication, so that replications say nothing of it: not looked at.

`excess`: where `cut` lies beyond the warm-up, by what share of its later mean the stock between the two lies off it; `sure`: whether that is
more than chance (t over replications, 1 %), than 5 %, and than any later stretch of the same length lies off (a cycle of reviews makes stock
differ too). Only then is a longer warm-up advised: MSER-5 alone scatters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from chainsim.demand.history import Replay
from chainsim.kpis import SERIES_NAMES
from chainsim.plan.plan import Plan
from chainsim.scenario.model import Scenario
from chainsim.statistics import WarmUp, estimate, warm_up
from chainsim.study.csvtext import Cell
from chainsim.study.measuring import Array

WARM_UP = (
    "policy",
    "state",
    "warm_up",
    "cut",
    "at",
    "change",
    "excess",
    "sure",
    "checked",
    "buckets",
    "until",
    "cycle",
)
MATTERS, SURE = 0.05, 0.99


def starting(
    scenario: Scenario, plans: Sequence[Plan], series: Sequence[Array], edges: Array
) -> Iterator[Sequence[Cell]]:
    """A row a policy."""
    clock = plans[0].clock
    change, stop = _before_changes(scenario, edges)
    cycle = cycle_of(scenario)
    times = (edges / clock.ticks_per_unit).tolist()
    replayed = any(isinstance(d.process, Replay) for d in scenario.demands)
    left_out = clock.warm_up / clock.ticks_per_unit
    for plan, own in zip(plans, series, strict=True):
        rows = own[:, 0, SERIES_NAMES.index("on_hand"), :stop]
        found = WarmUp("drift", None) if replayed else warm_up(rows, cycle, MATTERS)
        cut = None if found.cut is None else 0.0 if found.cut == 0 else times[found.cut]
        at = None if found.at is None else times[found.at]
        excess, sure = _excess(rows, int(np.searchsorted(edges, clock.warm_up)), found.cut)
        yield (
            plan.policy, "replay" if replayed else found.state, left_out, cut, at, found.change, excess, sure, found.checked, rows.shape[1], change, cycle,
        )  # fmt: skip


def cycle_of(scenario: Scenario) -> int | None:
    """Buckets of the season that is declared, the yearly one where there are both; None where none shows in buckets."""
    time = scenario.time
    year, day = time.units_per_year, time.units_per_year / 365.0
    lengths = [year] if any(d.yearly for d in scenario.demands) else []
    lengths += [7.0 * day] if any(d.weekly for d in scenario.demands) else []
    cycles = [round(length / time.bucket) for length in lengths]
    return next((cycle for cycle in cycles if cycle >= 2), None)


def _before_changes(scenario: Scenario, edges: Array) -> tuple[float | None, int]:
    """When the first declared step or surge of demand comes, in time units, and how many buckets lie before it."""
    time = scenario.time
    changes = [at for d in scenario.demands for at in (*(s.at for s in d.steps), *(s.start for s in d.surges))]
    if not changes or min(changes) >= time.warm_up + time.horizon:
        return None, len(edges) - 1
    return min(changes), max(1, int(np.searchsorted(edges, time.ticks(min(changes)), side="right")) - 1)


def _excess(rows: Array, counted: int, cut: int | None) -> tuple[float | None, bool | None]:
    """By how much stock between the end of the warm-up and the cut lies off what comes later."""
    if cut is None or cut <= counted or cut >= rows.shape[1]:
        return None, None
    later = rows[:, cut:].mean(axis=1)
    level = float(later.mean())
    if level <= 0.0:
        return None, None
    e = estimate((rows[:, counted:cut].mean(axis=1) - later).tolist(), SURE)
    share = (e.mean or 0.0) / level
    if e.half_width is None:
        return share, None
    sums = np.concatenate([[0.0], rows[:, cut:].mean(axis=0).cumsum()])
    length = cut - counted
    stretches = (sums[length:] - sums[:-length]) / length - level
    usual = float(np.abs(stretches).max()) if len(stretches) else 0.0
    off = abs(e.mean or 0.0)
    return share, bool(off > max(e.half_width, usual, MATTERS * level))
