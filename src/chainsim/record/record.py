"""What a replication leaves behind: totals, bucket series, and on request the event log.

Memory does not grow with the number of events: totals are one row per stock point, lane and resource, taken at the
end of the warm-up and at the end of the run; series have one column per bucket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from chainsim.plan.buckets import FLOWS as FLOWS
from chainsim.plan.buckets import LEVELS as LEVELS
from chainsim.plan.buckets import SERIES as SERIES
from chainsim.rules.log import LOG_KINDS

Array = np.ndarray[Any, Any]

EVENT_KINDS = tuple(LOG_KINDS)
"""Kinds of lines in the event log, by number; `rules.log` says what each tells."""


class Event(NamedTuple):
    """One line of the event log: when, what (see EVENT_KINDS), where, how much, and the stock point's state after it.

    claim: number in the replication of the claim it is about, shipment: number on the lane of the shipment (from 1; 0: it
    left before time 0); -1: none."""

    tick: int
    phase: int
    kind: int
    point: int
    lane: int
    quantity: float
    on_hand: float
    on_order: float
    backorders: float
    claim: int = -1
    shipment: int = -1


@dataclass(frozen=True)
class Record:
    """One replication of one policy.

    opening / closing: structured arrays by table name (`record.totals.TOTALS`) with all totals as they stood at the end of the warm-up (before
        anything of that instant) and at the end.
    series: array of shape (len(SERIES), rows, buckets), float64; bucket b covers [edges[b], edges[b+1]). A row for every stock point,
        or for every group of them (`plan.series`).
    edges: ticks, aligned to the end of the warm-up; the first and last bucket may be shorter.
    waiting: units of end customers demanded in the window and still waiting at the end, by stock point.
    waiting_time: unit-ticks waited so far by every customer unit still waiting at the end, by stock point.
    events: number of calendar events. log: the event log or None.
    """

    policy: str
    replication: int
    opening: dict[str, Array]
    closing: dict[str, Array]
    series: Array
    edges: Array
    waiting: Array
    waiting_time: Array
    events: int
    log: tuple[Event, ...] | None = None
