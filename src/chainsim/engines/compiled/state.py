"""A replication as one block of memory, made and owned here: compiled code makes nothing.

When a pool is nearly full the event loop returns, `State.grow` makes room, and the loop goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chainsim.engines.books import instant_limit
from chainsim.engines.compiled.ahead import FAR, customers_ahead
from chainsim.engines.compiled.door import check
from chainsim.engines.compiled.layout import FIELDS, LISTS, PLACE, RESET, SCALARS, TABLES
from chainsim.engines.compiled.parts import parts_of
from chainsim.engines.pools import POOLS, Pool
from chainsim.plan.buckets import bucket_edges
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES
from chainsim.record.stack import PART
from chainsim.record.totals import TOTALS

Array = np.ndarray[Any, Any]

SAME = (
    "clock", "ledgers", "streams", "lanes", "customers", "resources", "outages", "flows", "inputs", "assemblies", "agings", "desks", "terms", "breaks", "openings", "sources", "ancestors",
    "contents", "outage_lanes",
    "partners", "values", "warp", "first_shipments", "first_orders",
)  # fmt: skip
"""What Plans that differ in their levels only have in common: the very same objects."""
STRIDE = 2**16
"""Bytes of a slab that are searched at once."""
PLACED = ("site", "resource", "sources", "lifetime", "ledger", "series_row")
"""Columns of the stock points by which memory is laid out."""


class State:
    """The memory of one replication after the other of a Plan.

    `restart` begins a replication; `grow` makes room in a pool. What is kept of it is at its own one of several `places`,
    by name in `kept` (and in `events`), with the place as the first axis; `clear` makes new places.
    """

    def __init__(self, plan: Plan, rules: Sequence[int], *, logging: bool = False, places: int = 1) -> None:
        check(plan)
        self.plan = plan
        self.control = np.zeros(len(FIELDS), np.int64)
        self.arrays: dict[str, Array] = {}
        edges = bucket_edges(plan.clock)
        fixed = {
            "streams": plan.streams.streams,
            "laws": plan.streams.laws,
            "numbers_of_laws": plan.streams.data,
            "profiles": plan.streams.profiles,
            "first_shipments": plan.first_shipments,
            "first_orders": plan.first_orders,
            "sources": plan.sources,
            "ancestors": plan.ancestors,
            "contents": plan.contents,
            "inputs": plan.inputs,
            "breaks": plan.breaks,
            "openings": plan.openings,
            "outage_lanes": plan.outage_lanes,
            "partners": plan.partners,
            "values": plan.values,
            "warp": plan.warp,
            "rules": np.array(rules, np.int64),
            "first_memory": _starts(plan.memory),
            "edges": edges,
        }
        parts, by_part = parts_of(plan, together=logging or len(plan.flows) > 0)
        for name, array in (fixed | by_part).items():
            self._place(name, array)
        self._worked_on = Slab(
            {
                "customers": plan.customers,
                "ahead": TABLES["ahead"].array(len(plan.customers)),
                "outages": plan.outages,
                "flows": plan.flows,
                "desks": plan.desks,
                "memory": _end_to_end(plan.memory),
                "drawn": np.zeros(len(plan.streams.streams), np.int64),
            }
        )
        self._work = self._worked_on.copies(1)[0]
        tables = {name: getattr(plan, name) for name in TOTALS}
        numbers = {
            "series": np.zeros((len(SERIES), plan.series_rows, len(edges) - 1)),
            "waiting": np.zeros(len(plan.points)),
            "waiting_time": np.zeros(len(plan.points)),
        }
        kept = tables | {f"opening_{name}": table for name, table in tables.items()} | numbers
        self._kept = Slab(kept)
        self.places = places
        self.clear()
        for name, array in (self._worked_on.arrays(self._work) | kept).items():
            self._place(name, array)
        self._kept_fields = [PLACE[name] for name in self._kept.names]
        self._place("variates", np.zeros(4 * len(plan.streams.streams)))
        for name in ("ahead_at", "ahead_quantity"):
            self._place(name, np.zeros(FAR * len(plan.customers), LISTS[name]))
        for pool in POOLS:
            self._pool(pool, pool.room(plan) if pool.when != "logging" or logging else 0)
            self.control[PLACE[pool.needed]] = pool.need(plan)
        clock = plan.clock
        for name, value in {
            "warm_up": clock.warm_up,
            "bucket": clock.bucket,
            "end": clock.end,
            "logging": int(logging),
            "instant_limit": instant_limit(plan),
            "parts": parts,
        }.items():
            self.control[PLACE[name]] = value
        self._take_levels(plan)

    def turn_to(self, plan: Plan) -> bool:
        """Take the levels of another Plan; False, with nothing changed, when it differs in more than levels."""
        old = self.plan
        if (
            any(getattr(plan, name) is not getattr(old, name) for name in SAME)
            or plan.rules != old.rules
            or any((plan.points[column] != old.points[column]).any() for column in PLACED)
            or [len(numbers) for numbers in plan.memory] != [len(numbers) for numbers in old.memory]
        ):
            return False
        check(plan)
        self.plan = plan
        self._take_levels(plan)
        self._worked_on.put("memory", _end_to_end(plan.memory))
        for name in ("points", "opening_points"):
            self._kept.put(name, plan.points)
        return True

    def _take_levels(self, plan: Plan) -> None:
        levels = {
            "runs_ahead": np.full(len(plan.points), -1, np.int64) if self["logging"] else customers_ahead(plan),
            "parameters": _end_to_end(plan.parameters),
            "first_parameter": _starts(plan.parameters),
            "pages": plan.pages,
            "page_parameters": plan.page_parameters,
        }
        for name, array in levels.items():
            self._place(name, array)

    @property
    def address(self) -> int:
        """Where the control row is."""
        return address_of(self.control)

    def __getitem__(self, name: str) -> int:
        """A number of the control row."""
        return int(self.control[PLACE[name]])

    @staticmethod
    def room(plan: Plan) -> int:
        """How many replications may be kept together."""
        buckets = len(bucket_edges(plan.clock)) - 1
        numbers = 8 * (plan.series_rows * len(SERIES) * buckets + 2 * len(plan.points))
        return max(1, PART // (numbers + 2 * (plan.points.nbytes + plan.lanes.nbytes + plan.resources.nbytes)))

    def clear(self) -> None:
        """New places; what was read from the old ones stays as it is."""
        self._shelf = self._kept.copies(self.places)
        self.kept = self._kept.arrays(self._shelf)
        self.events = np.zeros(self.places, np.int64)

    def restart(self, replication: int, place: int = 0) -> None:
        """Set everything to the beginning of a replication, which is kept at that place."""
        self.control[RESET] = 0
        self.control[[PLACE["instant"], PLACE["demand_over"]]] = -1
        self.control[PLACE["replication"]] = replication
        self._work[:] = self._worked_on.content
        self.control[self._kept_fields] = address_of(self._shelf) + place * self._shelf.shape[1] + self._kept.starts

    def grow(self) -> tuple[str, ...]:
        """Double what is nearly full; returns the names of those pools."""
        numbers = dict(zip(SCALARS, self.control.tolist(), strict=False))
        numbers |= {"desks": len(self.plan.desks), "inputs": len(self.plan.inputs)}
        full = tuple(pool for pool in POOLS if pool.is_full(numbers, len(self.arrays[pool.name])))
        for pool in full:
            self._double(pool)
        return tuple(pool.name for pool in full)

    def _pool(self, pool: Pool, length: int) -> None:
        for name in pool.arrays:
            table = TABLES.get(name)
            self._place(name, table.array(length) if table else np.zeros(length, LISTS[name]))

    def _double(self, pool: Pool) -> None:
        """The same rows, and as many again: new rows are as fresh as the first."""
        old = {name: self.arrays[name] for name in pool.arrays}
        self._pool(pool, 2 * len(old[pool.name]))
        for name, rows in old.items():
            self.arrays[name][: len(rows)] = rows

    def _place(self, name: str, array: Array) -> None:
        """Make an array the table or list of that name."""
        expected = TABLES[name].dtype if name in TABLES else np.dtype(LISTS[name])
        if array.dtype != expected or not array.flags.c_contiguous:
            raise TypeError(f"{name}: expected contiguous {expected}, not {array.dtype}")
        self.arrays[name] = array
        self.control[PLACE[name]] = address_of(array)
        self.control[PLACE[f"{name}_length"]] = array.size


def _end_to_end(parts: Sequence[Sequence[float]]) -> Array:
    return np.array([x for part in parts for x in part], float)


def _starts(parts: Sequence[Sequence[float]]) -> Array:
    """Where each part begins when all are laid end to end, and where the last ends."""
    return np.cumsum([0, *(len(p) for p in parts)]).astype(np.int64)


def address_of(array: Array) -> int:
    """Where the first element is."""
    return int(array.ctypes.data)


class Slab:
    """Several arrays laid end to end as bytes: NumPy copies them at once many times quicker than one by one."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.names = list(arrays)
        self._forms = [(array.dtype, array.shape) for array in arrays.values()]
        self._ends = np.cumsum([array.nbytes for array in arrays.values()])
        self.starts = self._ends - [array.nbytes for array in arrays.values()]
        self.content = np.zeros(int(self._ends[-1]), np.uint8)
        self._filled = 0  # what comes after is 0, and is not copied but asked for
        for name, array in arrays.items():
            if (
                array.dtype.names is not None or array.any()
            ):  # series begin as zeros: of a large network no memory is taken for them
                self.put(name, array)

    def put(self, name: str, array: Array) -> None:
        """Another content of an array, of the same type and length."""
        at = self.names.index(name)
        here = self.content[self.starts[at] : self._ends[at]]
        here[:] = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        for end in range(len(here), 0, -STRIDE):  # from behind: an index of all bytes would take eight times their room
            last = np.flatnonzero(here[max(end - STRIDE, 0) : end])
            if len(last):
                filled = int(self.starts[at]) + max(end - STRIDE, 0) + int(last[-1]) + 1
                self._filled = max(self._filled, filled)
                break

    def copies(self, count: int) -> Array:
        """The same bytes, new, so many times: [count, bytes]."""
        made = np.zeros((count, len(self.content)), np.uint8)
        made[:, : self._filled] = self.content[: self._filled]
        return made

    def arrays(self, content: Array) -> dict[str, Array]:
        """The arrays in copies, by name; axes before the last one stay."""
        return {
            name: content[..., start:end].view(dtype).reshape(*content.shape[:-1], *shape)
            for name, start, end, (dtype, shape) in zip(self.names, self.starts, self._ends, self._forms, strict=True)
        }
