"""The books of one replication: bucket series and the totals at the end of the warm-up."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy as np

from chainsim.plan.buckets import LEVELS, SERIES, bucket_edges
from chainsim.plan.plan import Plan
from chainsim.record.record import Array, Record
from chainsim.record.totals import TOTALS
from chainsim.rules.bucket import is_full, note_bucket
from chainsim.rules.customer import note_waiting

IN_TRANSIT = SERIES.index("in_transit")
OWN = [i for i in range(len(SERIES)) if i != IN_TRANSIT]
OF_POINT = attrgetter(*(SERIES[i] for i in OWN))


def instant_limit(plan: Plan) -> int:
    """Events that may happen at one instant; more is a loop that never ends."""
    return 100_000 + 100 * len(plan.points)


def endless(plan: Plan, now: int, key: int) -> str:
    """What to say when one instant never ends; `key` is that of the last event."""
    rank = (key >> 40) & ((1 << 18) - 1)
    p = min(rank, len(plan.points) - 1)
    where = f"{plan.layout.sites[plan.layout.site[p]]} / {plan.layout.products[plan.layout.product[p]]}"
    return (
        f"policy '{plan.policy}': more than {instant_limit(plan)} events at {plan.clock.told(now)}, "
        f"the last at {where}: a loop of zero lead times or zero times between customers. "
        "Give the lane a lead time or the demand a positive gap."
    )


def backwards(plan: Plan, now: int) -> str:
    """What to say when something was to happen before now."""
    return f"policy '{plan.policy}': a delay fell before the present at tick {now}: time step lost to rounding"


def flows_per_bucket(series: Array) -> Array:
    """Flows since time 0 at the end of each bucket become flows within the bucket, in place; of many replications too."""
    flows = series[..., len(LEVELS) :, :, :]
    flows[..., 1:] = np.diff(flows)
    return series


def without_places(tables: dict[str, Array]) -> dict[str, Array]:
    """Totals as a Record keeps them: which row of a pool a queue began with means nothing afterwards."""
    for table in tables.values():
        for column in ("head", "tail", "first_lot", "last_lot"):
            if column in table.dtype.names:
                table[column] = -1
    return tables


class Books:
    """Filled while a replication runs, made into a Record at its end."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.edges = bucket_edges(plan.clock)
        self.series = np.zeros((len(SERIES), plan.series_rows, len(self.edges) - 1))
        self.row = plan.points["series_row"]
        self.target = self.row[plan.lanes["target"]]
        self.opening: dict[str, Array] = {}

    def close(self, b: int, world: Any) -> None:
        """Note levels, and flows since time 0, as they stand at the end of bucket b; those of a group one after the other, in the order
        of its stock points."""
        full = is_full(world, b)
        for sp in world.points:
            note_bucket(sp, full)
        rows, columns = self.series.shape[1], np.array([OF_POINT(sp) for sp in world.points]).T
        if self.plan.grouped:
            columns = np.array([np.bincount(self.row, column, rows) for column in columns])
        self.series[OWN, :, b] = columns
        weights = [lane.in_transit for lane in world.lanes]
        self.series[IN_TRANSIT, :, b] = np.bincount(self.target, weights, rows) if weights else 0.0

    def open(self, world: Any) -> None:
        """Remember all totals as they stand at the end of the warm-up."""
        self.opening = self.totals(world)

    def totals(self, world: Any) -> dict[str, Array]:
        return without_places({name: table.record(getattr(world, name)) for name, table in TOTALS.items()})

    def record(self, replication: int, world: Any) -> Record:
        """Close the last bucket and the totals; flows become flows per bucket."""
        self.close(len(self.edges) - 2, world)
        for p in range(len(world.points)):
            note_waiting(world, p)
        flows_per_bucket(self.series)
        closing = self.totals(world)
        return Record(
            policy=self.plan.policy,
            replication=replication,
            opening=self.opening,
            closing=closing,
            series=self.series,
            edges=self.edges,
            waiting=np.array(world.waiting),
            waiting_time=np.array(world.waiting_time),
            events=world.events,
            log=tuple(world.lines) if world.logging else None,
        )
