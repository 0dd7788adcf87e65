"""What the compiled world consists of: tables of rows, flat lists of numbers, and the control row.

The control row names every table and list by address and length, and holds the clock; all its fields are 64-bit integers.
"""

from __future__ import annotations

from chainsim.chance.book import STREAM
from chainsim.chance.tables import LAW
from chainsim.demand.tables import CUSTOMER
from chainsim.engines.compiled.parts import PARTED
from chainsim.engines.pools import POOLS
from chainsim.plan.tables import FLOW, OUTAGE, PAGE, SHIPMENT
from chainsim.plan.tables_bills import DESK, INPUT
from chainsim.plan.tables_calendars import OPENING
from chainsim.plan.tables_terms import BREAK
from chainsim.record.totals import TOTALS
from chainsim.rows import Column as C
from chainsim.rows import Table

AHEAD = Table(
    "Ahead",
    (
        C("noted", "i8", "customers of the stream noted ahead of the one on the calendar"),
        C("arrived", "i8", "of these, arrived"),
        C("held", "i8", "1: the next customer is drawn and waits for the planner's order, to be put on the calendar"),
    ),
)

TABLES: dict[str, Table] = {
    **TOTALS,
    **{f"opening_{name}": table for name, table in TOTALS.items()},
    "customers": CUSTOMER,
    "outages": OUTAGE,
    "flows": FLOW,
    "pages": PAGE,
    "inputs": INPUT,
    "breaks": BREAK,
    "openings": OPENING,
    "desks": DESK,
    "first_shipments": SHIPMENT,
    "first_orders": SHIPMENT,
    "streams": STREAM,
    "laws": LAW,
    "ahead": AHEAD,
    **{pool.name: pool.table for pool in POOLS},
}
"""Tables of rows, by the name they have in the world. opening_…: totals as they stood at the end of the warm-up."""

LISTS: dict[str, str] = {
    "sources": "i8",
    "ancestors": "i8",
    "contents": "f8",
    "outage_lanes": "i8",
    "partners": "i8",
    "values": "f8",
    "warp": "f8",
    "rules": "i8",
    "parameters": "f8",
    "first_parameter": "i8",
    "page_parameters": "f8",
    "memory": "f8",
    "first_memory": "i8",
    "profiles": "i8",
    "numbers_of_laws": "f8",
    "drawn": "i8",
    "variates": "f8",
    "runs_ahead": "i8",
    "ahead_at": "i8",
    "ahead_quantity": "f8",
    "edges": "i8",
    "series": "f8",
    "waiting": "f8",
    "waiting_time": "f8",
    **{name: "i8" for pool in POOLS for name in pool.arrays if name != pool.name},
    **{f"{name}_{how}": "i8" for name in PARTED for how in ("by_part", "from")},
}
"""Flat lists of numbers. rules: by index in the Plan, the index among the compiled rules. drawn, variates: by stream, how
many values were drawn, and the four of the current counter. runs_ahead, ahead_at, ahead_quantity: see `ahead`. …_by_part, …_from: see `parts`."""

SCALARS = (
    "status",
    "now",
    "warm_up",
    "bucket",
    "end",
    "logging",
    "key",
    "replication",
    "events",
    "instant",
    "instant_limit",
    "limit",
    "demand_over",
    "hole",
    "part",
    "parts",
    *(name for pool in POOLS for name in (*pool.counts, pool.needed)),
)
"""Single numbers. demand_over: the last instant that went beyond its demand; part, parts: see `parts`; of pools: see `pools`."""

FIELDS = (*SCALARS, *TABLES, *LISTS, *(f"{name}_length" for name in (*TABLES, *LISTS)))
PLACE = {name: i for i, name in enumerate(FIELDS)}
"""Place of every field in the control row: scalars, addresses, lengths, all 64-bit integers."""

FRESH, PAUSED, FINISHED, FULL, ENDLESS, BACKWARDS = 0, 1, 2, 3, 4, 5  # status

RESET = [
    PLACE[name]
    for name in (
        *("status", "now", "key", "events", "limit", "hole", "part"),
        *(name for pool in POOLS for name in pool.counts),
    )
]
"""Fields that are 0 at the beginning of a replication."""
