"""A town of one stream of customers: compile a process, then see who comes when and for how much."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from chainsim.chance.book import StreamBook, Streams
from chainsim.demand.base import DemandContext, DemandProcess
from chainsim.demand.level import Level
from chainsim.demand.tables import CUSTOMER
from chainsim.rules.arrivals import ARRIVALS, next_customer, next_period

UNIT = 1_000_000_000
NAME = ("demand", "store", "soup", "per_period")


def context(
    end: float, *, seed: int = 1, level: Level | None = None, whole: bool = True, tables: Any = None, unit: int = UNIT
) -> DemandContext:
    """Where the process is compiled; `end` in time units."""
    plan = DemandContext(book=StreamBook(seed), ticks_per_unit=unit, end=round(end * unit), tables=tables or {})
    return plan.at(name=NAME, product="soup", whole=whole, level=level or Level.constant())


def table(**columns: list[float]) -> Any:
    """A history as the scenario's reader gives it."""
    return SimpleNamespace(columns={name: tuple(map(float, values)) for name, values in columns.items()})


def run(process: DemandProcess, here: DemandContext, replication: int = 0) -> list[tuple[int, float]]:
    """(tick, quantity) of every arrival."""
    rows = CUSTOMER.array(1)
    for column, value in process.compile(here).items():
        rows[0][column] = value
    (customer,) = CUSTOMER.rows(rows)
    world = SimpleNamespace(
        end=here.end,
        values=np.array(here.values).tolist(),
        warp=np.array(here.warp).tolist(),
        draw=Streams(here.book.arrays(), replication).draw,
    )
    arrivals = []
    move_on = next_customer if customer.kind == ARRIVALS else next_period  # as the engine chooses
    move_on(world, customer)
    while customer.next_at < world.end:
        arrivals.append((customer.next_at, customer.next_quantity))
        move_on(world, customer)
    return arrivals
