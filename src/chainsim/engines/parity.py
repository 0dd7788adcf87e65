"""Parity: do two Records of one replication tell the same story, bit by bit; and if not, where do they part?

Engines must walk the same sample path, so nothing is "close enough" here: numbers are compared by their bits. What an
engine counts as a calendar event is its own affair; `Record.events` is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.plan.plan import Plan
from chainsim.record.record import EVENT_KINDS, SERIES, Event, Record

Array = np.ndarray[Any, Any]

PHASES = ("environment", "receive", "serve", "early review", "early dispatch", "demand", "review", "dispatch", "load")
"""Names of the phases of an instant, by the numbers of `rules.phases`."""

AMOUNTS = ("quantity", "on_hand", "on_order", "backorders")
LINE = np.dtype([(name, "f8" if name in AMOUNTS else "i8") for name in Event._fields])
"""A line of the event log as a record of numbers."""


@dataclass(frozen=True)
class Difference:
    """Where two Records first part. `str()` tells it in plain words.

    what: one sentence. lines: what stands around it in both event logs, when it is the logs that differ.
    """

    what: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join((self.what, *self.lines))


def first_difference(a: Record, b: Record, plan: Plan, neighbours: int = 3) -> Difference | None:
    """The first event at which the logs of two Records of one Plan and replication part, else the first total, bucket or
    wait that differs; None when they are identical to the last bit.

    `neighbours`: how many lines of both logs to show before and after. Two Records without logs are compared by their
    totals; one with and one without a log differ.

    In the beer game nothing is random, so any two replications are the same:

    >>> import chainsim
    >>> from chainsim.data import scenario_path
    >>> from chainsim.engines.base import simulate
    >>> from chainsim.plan.compile import compile_plan
    >>> plan = compile_plan(chainsim.load(scenario_path("beer_game")).scenario, "pass_through")
    >>> a, b = simulate(plan, 0, log=True), simulate(plan, 1, log=True)
    >>> first_difference(a, b, plan) is None, fingerprint(a) == fingerprint(b)
    (True, True)
    >>> b.waiting[0] += 1
    >>> print(first_difference(a, b, plan))
    waiting of retailer / beer: 12.0 vs 13.0
    """
    if (a.log is None) != (b.log is None):
        return Difference(f"only the {'second' if a.log is None else 'first'} record has an event log")
    if a.log is not None and b.log is not None:
        found = _in_logs(a.log, b.log, Places(plan), neighbours)
        if found is not None:
            return found
    told = list(_in_numbers(a, b, Places(plan)))
    if not told:
        return None
    more = f" (the first of {len(told)} columns that differ)" if len(told) > 1 else ""
    return Difference(told[0] + more)


def fingerprint(record: Record) -> str:
    """32 hexadecimal digits that stand for every number of a Record but its count of calendar events: tables, series,
    waiting and, where there is one, the event log. Equal Records have equal fingerprints."""
    digest = hashlib.blake2b(digest_size=16)
    for name, values in _columns(record):
        digest.update(f"{name} {values.dtype.str} {values.shape} ".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    if record.log is not None:
        digest.update(_lines(record.log).tobytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Places:
    """Plain words for the rows and ticks of a Plan."""

    plan: Plan

    def time(self, tick: int) -> str:
        clock = self.plan.clock
        return f"{clock.unit} {tick / clock.ticks_per_unit:.15g}"

    def point(self, i: int) -> str:
        layout = self.plan.layout
        if not 0 <= i < len(layout.site):
            return f"stock point {i}"
        return f"{layout.sites[layout.site[i]]} / {layout.products[layout.product[i]]}"

    def lane(self, j: int) -> str:
        lanes = self.plan.lanes
        if not 0 <= j < len(lanes):
            return f"lane {j}"
        origin, layout = int(lanes["origin"][j]), self.plan.layout
        source = layout.sites[layout.site[origin]] if origin >= 0 else "production"
        return f"{source} → {self.point(int(lanes['target'][j]))}"

    def resource(self, r: int) -> str:
        resources = self.plan.resources
        return self.plan.layout.sites[resources["site"][r]] if 0 <= r < len(resources) else f"resource {r}"

    def of_table(self, table: str) -> Callable[[int], str]:
        return {"points": self.point, "lanes": self.lane, "resources": self.resource}.get(table, str)

    def event(self, line: Any) -> str:
        """One line of the event log, in the order of `Event`."""
        tick, phase, kind, point, lane, *amounts, claim, shipment = line
        quantity, on_hand, on_order, backorders = (repr(float(x)) for x in amounts)
        what = EVENT_KINDS[kind] if 0 <= kind < len(EVENT_KINDS) else f"kind {kind}"
        when = PHASES[phase] if 0 <= phase < len(PHASES) else f"phase {phase}"
        named = [f"lane {self.lane(lane)}"] if lane >= 0 else []
        named += [f"{name} {number}" for name, number in (("claim", claim), ("shipment", shipment)) if number >= 0]
        by = f" ({', '.join(named)})" if named else ""
        return (
            f"{self.time(tick)}, {when}: {what} {quantity} at {self.point(point)}{by}; then on hand {on_hand}, "
            f"on order {on_order}, backorders {backorders}"
        )


def _in_logs(a: tuple[Event, ...], b: tuple[Event, ...], places: Places, neighbours: int) -> Difference | None:
    """The first line at which two logs part, with its neighbours in both."""
    first, second = _lines(a), _lines(b)
    length = min(len(first), len(second))
    unlike = np.flatnonzero(_bits(first[:length]) != _bits(second[:length]))
    if not len(unlike) and len(first) == len(second):
        return None
    i = int(unlike[0]) // len(Event._fields) if len(unlike) else length
    start = max(i - neighbours, 0)
    lines = [f"        {places.event(x)}" for x in first[start:i].tolist()]
    for name, log in (("first", first), ("second", second)):
        lines.append(f"  the {name} record:")
        lines.extend(
            f"    {'>' if k == 0 else ' '}   {places.event(x)}"
            for k, x in enumerate(log[i : i + 1 + neighbours].tolist())
        )
        if i >= len(log):
            lines.append("    >   (the log ends here)")
    what = f"the event logs part at line {i + 1} (of {len(first):,} and {len(second):,})"
    if i < length:
        names = [name for name in Event._fields if _bits(first[name][i]) != _bits(second[name][i])]
        what += f", by {', '.join(n.replace('_', ' ') for n in names)}"
    return Difference(what + ":", tuple(lines))


def _in_numbers(a: Record, b: Record, places: Places) -> Iterator[str]:
    """The first difference of every column in which two Records differ."""
    mine, theirs = dict(_columns(a)), dict(_columns(b))
    for name in dict.fromkeys((*mine, *theirs)):
        if name not in mine or name not in theirs:
            yield f"only the {'first' if name in mine else 'second'} record has {name}"
            continue
        x, y = mine[name], theirs[name]
        if (x.dtype, x.shape) != (y.dtype, y.shape):
            yield f"{name}: {x.dtype} of shape {x.shape} vs {y.dtype} of shape {y.shape}"
            continue
        unlike = np.flatnonzero(_bits(x) != _bits(y))
        if len(unlike):
            i = np.unravel_index(unlike[0], x.shape)
            yield f"{_place(name, i, a, places)}: {x[i].item()!r} vs {y[i].item()!r}"


def _columns(record: Record) -> Iterator[tuple[str, Array]]:
    """Every array of numbers of a Record by name, totals first."""
    for when, tables in (("closing", record.closing), ("opening", record.opening)):
        for table in sorted(tables):
            for column in tables[table].dtype.names or ():
                yield f"{when} {table}.{column}", tables[table][column]
    yield "edges", record.edges
    for name, values in zip(SERIES, record.series, strict=True):
        yield f"series {name}", values
    yield "waiting", record.waiting
    yield "waiting_time", record.waiting_time


def _place(name: str, i: tuple[Any, ...], record: Record, places: Places) -> str:
    """'closing points.on_hand_time of dc / soup' of the number of column `name` at index i."""
    row = int(i[0])
    if name == "edges":
        return f"edge {row}"
    if name.startswith("series "):
        begin, end = (places.time(int(t)) for t in record.edges[i[1] : i[1] + 2])
        return f"{name} of {places.point(row)}, {begin} to {end}"
    table = name.split(" ")[-1].split(".")[0]
    return f"{name} of {(places.point if table in ('waiting', 'waiting_time') else places.of_table(table))(row)}"


def _lines(log: tuple[Event, ...]) -> Array:
    return np.array([tuple(line) for line in log], LINE)


def _bits(values: Array) -> Array:
    """Numbers as their bits: 0.0 and -0.0 differ, and NaN is like itself."""
    return np.ascontiguousarray(values).view("u8")
