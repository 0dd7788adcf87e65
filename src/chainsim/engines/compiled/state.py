"""A replication as one block of memory: what the compiled world consists of, and where it is.

The control row names every table and flat list by address and length, and holds the clock. All arrays are made and
owned here; compiled code makes none. When a pool is nearly full the event loop returns, `State.grow` makes room, and the
loop goes on where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainsim.chance.book import STREAM
from chainsim.chance.tables import LAW
from chainsim.demand.tables import CUSTOMER
from chainsim.engines.books import bucket_edges, instant_limit
from chainsim.plan.plan import Plan
from chainsim.plan.tables import CLAIM, FLOW, LANE, OUTAGE, POINT, RESOURCE, SHIPMENT
from chainsim.record.record import SERIES
from chainsim.rows import Column as C
from chainsim.rows import Table

Array = np.ndarray[Any, Any]

CALENDAR = Table(
    "Calendar",
    (
        C("at", "i8", "tick"),
        C("key", "i8", "order within the instant: rules.calendar.key_of"),
        C("what", "i8", "kind of happening, row it is about, and for patience the number of the claim"),
    ),
)

LINE = Table(
    "Line",
    (
        C("tick", "i8", "see record.Event"),
        C("phase", "i8", ""),
        C("kind", "i8", ""),
        C("point", "i8", ""),
        C("lane", "i8", ""),
        C("quantity", "f8", ""),
        C("on_hand", "f8", ""),
        C("on_order", "f8", ""),
        C("backorders", "f8", ""),
    ),
)

TABLES: dict[str, Table] = {
    "points": POINT,
    "lanes": LANE,
    "customers": CUSTOMER,
    "resources": RESOURCE,
    "outages": OUTAGE,
    "flows": FLOW,
    "claims": CLAIM,
    "shipments": SHIPMENT,
    "first_shipments": SHIPMENT,
    "first_orders": SHIPMENT,
    "streams": STREAM,
    "laws": LAW,
    "calendar": CALENDAR,
    "lines": LINE,
}
"""Tables of rows, by the name they have in the world."""

LISTS: dict[str, str] = {
    "sources": "i8",
    "ancestors": "i8",
    "outage_lanes": "i8",
    "values": "f8",
    "warp": "f8",
    "chosen": "i8",
    "free_claims": "i8",
    "free_shipments": "i8",
    "rules": "i8",
    "parameters": "f8",
    "first_parameter": "i8",
    "memory": "f8",
    "first_memory": "i8",
    "profiles": "i8",
    "numbers_of_laws": "f8",
    "drawn": "i8",
    "uniforms": "f8",
    "edges": "i8",
    "series": "f8",
    "waiting": "f8",
    "waiting_time": "f8",
}
"""Flat lists of numbers. rules: by index in the Plan, the index among the compiled rules. drawn, uniforms: by stream, how
many numbers were drawn, and the four of the current counter."""

SCALARS = (
    "status",
    "now",
    "warm_up",
    "end",
    "logging",
    "key",
    "replication",
    "events",
    "instant",
    "instant_limit",
    "limit",
    "calendar_used",
    "hole",
    "claim_numbers",
    "claims_used",
    "free_claims_used",
    "shipments_used",
    "free_shipments_used",
    "lines_used",
    "claims_needed",
    "shipments_needed",
    "calendar_needed",
    "lines_needed",
    "opening_points",
    "opening_lanes",
    "opening_resources",
)
"""Single numbers. …_used: rows of a pool in use or freed; …_needed: rows one event may take beyond one for each claim in
use; opening_…: addresses to which the totals are copied at the end of the warm-up."""

FIELDS = (*SCALARS, *TABLES, *LISTS, *(f"{name}_length" for name in (*TABLES, *LISTS)))
PLACE = {name: i for i, name in enumerate(FIELDS)}
"""Place of every field in the control row: scalars, addresses, lengths, all 64-bit integers."""

FRESH, PAUSED, FINISHED, FULL, ENDLESS, BACKWARDS = 0, 1, 2, 3, 4, 5  # status


class State:
    """The memory of one replication after the other of a Plan.

    `restart` begins a replication; `grow` makes room in a pool. Arrays that a Record keeps are new for each replication.
    """

    def __init__(self, plan: Plan, rules: Sequence[int], *, logging: bool = False) -> None:
        self.plan = plan
        self.control = np.zeros(len(FIELDS), np.int64)
        self.arrays: dict[str, Array] = {}
        edges = bucket_edges(plan.clock)
        self._series_shape = (len(SERIES), len(plan.points), len(edges) - 1)
        fixed = {
            "streams": plan.streams.streams,
            "laws": plan.streams.laws,
            "numbers_of_laws": plan.streams.data,
            "profiles": plan.streams.profiles,
            "first_shipments": plan.first_shipments,
            "first_orders": plan.first_orders,
            "sources": plan.sources,
            "ancestors": plan.ancestors,
            "outage_lanes": plan.outage_lanes,
            "values": plan.values,
            "warp": plan.warp,
            "rules": np.array(rules, np.int64),
            "parameters": np.array([x for p in plan.parameters for x in p], float),
            "first_parameter": _starts(plan.parameters),
            "first_memory": _starts(plan.memory),
            "edges": edges,
        }
        self._templates = {
            "customers": plan.customers,
            "outages": plan.outages,
            "flows": plan.flows,
            "memory": np.array([x for m in plan.memory for x in m], float),
            "drawn": np.zeros(len(plan.streams.streams), np.int64),
        }
        self._kept = {"points": plan.points, "lanes": plan.lanes, "resources": plan.resources}
        for name, array in fixed.items():
            self._place(name, array)
        for name, array in self._templates.items():
            self._place(name, array.copy())
        self._place("uniforms", np.zeros(4 * len(plan.streams.streams)))
        machines = int(plan.resources["machines"].sum())
        places = len(plan.points) + len(plan.lanes) + len(plan.resources)
        claims = 64 + len(plan.lanes) + len(plan.first_orders)
        for name in ("claims", "chosen", "free_claims"):
            self._pool(name, claims)
        for name in ("shipments", "free_shipments"):
            self._pool(name, 2 * claims + machines + len(plan.first_shipments) + 16)
        self._pool("calendar", 3 * claims + machines + 4 * places + len(plan.customers) + len(plan.outages) + 64)
        self._pool("lines", 1024 if logging else 0)
        clock = plan.clock
        for name, value in {
            "warm_up": clock.warm_up,
            "end": clock.end,
            "logging": int(logging),
            "instant_limit": instant_limit(plan),
            "claims_needed": 2 + int(plan.points["sources"].max(initial=0)) + len(plan.first_orders),
            "shipments_needed": 2 + machines + len(plan.first_shipments),
            "calendar_needed": 16 + machines + 4 * places,
            "lines_needed": 16 + 4 * places,
        }.items():
            self.control[PLACE[name]] = value

    @property
    def address(self) -> int:
        """Where the control row is."""
        return int(self.control.ctypes.data)

    def __getitem__(self, name: str) -> int:
        """A number of the control row."""
        return int(self.control[PLACE[name]])

    def restart(self, replication: int) -> None:
        """Set everything to the beginning of a replication."""
        for name in RESET:
            self.control[PLACE[name]] = 0
        self.control[PLACE["instant"]] = -1
        self.control[PLACE["replication"]] = replication
        for name, template in self._templates.items():
            self.arrays[name][...] = template
        for name, template in self._kept.items():
            self._place(name, template.copy())
            self.arrays[f"opening_{name}"] = opening = np.empty_like(template)
            self.control[PLACE[f"opening_{name}"]] = opening.ctypes.data
        self._place("series", np.zeros(self._series_shape))
        self._place("waiting", np.zeros(len(self.plan.points)))
        self._place("waiting_time", np.zeros(len(self.plan.points)))

    def grow(self) -> None:
        """Double what is nearly full."""
        claims = self["claims_used"] - self["free_claims_used"]
        if self["claims_used"] + self["claims_needed"] > len(self.arrays["claims"]):
            for name in ("claims", "chosen", "free_claims"):
                self._double(name)
        if self["shipments_used"] + claims + self["shipments_needed"] > len(self.arrays["shipments"]):
            for name in ("shipments", "free_shipments"):
                self._double(name)
        if self["calendar_used"] + claims + self["calendar_needed"] > len(self.arrays["calendar"]):
            self._double("calendar")
        if self["logging"] and self["lines_used"] + 2 * claims + self["lines_needed"] > len(self.arrays["lines"]):
            self._double("lines")

    def _pool(self, name: str, length: int) -> None:
        table = TABLES.get(name)
        self._place(name, table.array(length) if table else np.zeros(length, LISTS[name]))

    def _double(self, name: str) -> None:
        """The same rows, and as many again: new rows are as fresh as the first."""
        old = self.arrays[name]
        self._pool(name, 2 * len(old))
        self.arrays[name][: len(old)] = old

    def _place(self, name: str, array: Array) -> None:
        """Make an array the table or list of that name."""
        expected = TABLES[name].dtype if name in TABLES else np.dtype(LISTS[name])
        if array.dtype != expected or not array.flags.c_contiguous:
            raise TypeError(f"{name}: expected contiguous {expected}, not {array.dtype}")
        self.arrays[name] = array
        self.control[PLACE[name]] = array.ctypes.data
        self.control[PLACE[f"{name}_length"]] = array.size


def _starts(parts: Sequence[Sequence[float]]) -> Array:
    """Where each part begins when all are laid end to end, and where the last ends."""
    return np.cumsum([0, *(len(p) for p in parts)]).astype(np.int64)


RESET = (
    "status",
    "now",
    "key",
    "events",
    "limit",
    "calendar_used",
    "hole",
    "claim_numbers",
    "claims_used",
    "free_claims_used",
    "shipments_used",
    "free_shipments_used",
    "lines_used",
)
