"""A trace: one replication of one policy at one stock point, event by event in words and period by period as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from chainsim.engines.base import simulate
from chainsim.errors import UsageError
from chainsim.plan.plan import Clock, Plan
from chainsim.record.follow import COLUMNS, SELDOM, Period, Told, follow, untraced
from chainsim.record.record import Record
from chainsim.record.sentences import n
from chainsim.registry import did_you_mean
from chainsim.rules.grid import to_ticks
from chainsim.scenario.model import Scenario, TimeUnit
from chainsim.scenario.units import Units
from chainsim.showing import as_html, some
from chainsim.study import arguments
from chainsim.study.csvtext import csv_bytes
from chainsim.study.planning import Planner

if TYPE_CHECKING:
    import pandas as pd

USUAL = 30
"""Time units that are traced unless somebody says until when."""
MOST_ROWS = 100_000
SHORT_UNITS = {"min": "minutes", "h": "hours", "d": "days", "w": "weeks", "y": "years"}


@dataclass(frozen=True)
class Trace:
    """events: what happened, in words. periods: the table. unit: what times are in. every: the length of a row, in units."""

    policy: str
    site: str
    product: str
    replication: int
    unit: str
    every: float
    events: Sequence[Told]
    periods: Sequence[Period]
    clock: Clock

    def at(self, time: float) -> str:
        """'day 12.4', or the date where the run has one."""
        return self.dates([time])[0] if self.clock.start else f"{self.unit} {moment(time)}"

    def dates(self, times: Sequence[float]) -> list[str]:
        """Of times since the start of the run; of dated runs only."""
        return [self.clock.told(self.clock.ticks(time)) for time in times]

    def sentences(self) -> list[str]:
        """'day 12.4: order 37 of store-3 for 20 reaches dc and waits there, 12 short'; a line where the warm-up ends."""
        told: list[str] = []
        for i, event in enumerate(self.events):
            if i and event.measured and not self.events[i - 1].measured:
                told.append("— the warm-up is over: from here on everything counts —")
            told.append(f"{self.at(event.time)}: {event.words}")
        return told

    def shown(self) -> tuple[list[str], list[list[str]]]:
        """The table for people: heads and cells, without columns in which nothing ever stands."""
        rows = [asdict(row) for row in self.periods]
        names = [c for c in COLUMNS if c != "measured" and (c not in SELDOM or any(row[c] for row in rows))]
        dated = bool(self.clock.start)
        heads = [("date" if dated else self.unit) if c == "start" else c.replace("_", " ") for c in names]

        def begins(row: dict[str, Any]) -> str:
            return self.at(row["start"]) if dated else moment(row["start"])

        return heads, [[begins(row) if c == "start" else n(row[c]) for c in names] for row in rows]

    def table(self) -> pd.DataFrame:
        """The table with every column; `chainsim.record.follow.Period` says what they are."""
        import pandas as pd  # slow to import, and for people only

        table = pd.DataFrame([asdict(row) for row in self.periods], columns=list(COLUMNS))
        if self.clock.start:
            table.insert(1, "date", pd.to_datetime(self.dates([row.start for row in self.periods])))
        return table

    def csv(self) -> bytes:
        """The table as CSV."""
        dates = self.dates([row.start for row in self.periods]) if self.clock.start else ()
        rows = [list(asdict(row).values()) for row in self.periods]
        for row, day in zip(rows, dates, strict=False):
            row.insert(1, day)
        return csv_bytes((COLUMNS[0], "date", *COLUMNS[1:]) if dates else COLUMNS, rows)

    def _repr_html_(self) -> str:
        heads, cells = self.shown()
        return as_html((f"{self.site}, {self.product}, under {self.policy}", *self.sentences()), heads, cells)


def trace_of(
    scenario: Scenario,
    policy: str,
    site: str,
    *,
    product: str | None = None,
    until: float | str | None = None,
    every: float | str = 1,
    replication: int = 0,
    engine: str = "auto",
) -> Trace:
    """Simulate one replication of one policy and follow a stock point; levels are those of a run.

    until: how far, from the start of the run (30 time units). every: the length of a row. Both are numbers of time units or
    texts such as '4 weeks' or '30d'. Raises UsageError, with what can be asked for.
    """
    policy = known("policy", policy, [a.name for a in scenario.alternatives])
    replication = arguments.whole("replication", replication, 0)
    known("site", site, list(dict.fromkeys(point.site for point in scenario.points)))
    product = product_of(site, product, [point.product for point in scenario.points if point.site == site])
    units = Units(scenario.time.unit, scenario.time.units_per_year)
    length(units, "until", USUAL if until is None else until)
    length(units, "every", every)
    chosen = tuple(a for a in scenario.alternatives if a.name == policy)
    plan = Planner().plans(replace(scenario, alternatives=chosen)).plans[0]
    reason = untraced(plan, place(plan, site, product))
    if reason:
        raise UsageError(reason)
    record = simulate(plan, replication, engine=engine, log=True)
    return traced(record, plan, site, product, until, every)


def traced(
    record: Record,
    plan: Plan,
    site: str,
    product: str | None = None,
    until: float | str | None = None,
    every: float | str = 1,
) -> Trace:
    """The trace of a Record with its event log."""
    p = place(plan, site, product)
    rate, end = plan.clock.ticks_per_unit, plan.clock.end
    units = Units(cast(TimeUnit, plan.clock.unit), plan.clock.units_per_year)
    last = min(to_ticks(min(length(units, "until", USUAL if until is None else until), end), rate), end)
    step = max(to_ticks(min(length(units, "every", every), end), rate), 1)
    if last // step > MOST_ROWS:
        raise UsageError(f"every: {last // step:,} rows; at most {MOST_ROWS:,} are written: make rows longer")
    found = follow(record, plan, p, last, step)
    layout = plan.layout
    return Trace(
        plan.policy, site, layout.products[layout.product[p]], record.replication, plan.clock.unit, step / rate,
        found.told, found.periods, plan.clock,
    )  # fmt: skip


def place(plan: Plan, site: str, product: str | None) -> int:
    """The row of a stock point. Raises UsageError, with the names that there are."""
    layout = plan.layout
    known("site", site, layout.sites)
    here = np.flatnonzero(layout.site == layout.sites.index(site)).tolist()
    products = [layout.products[layout.product[p]] for p in here]
    return int(here[products.index(product_of(site, product, products))])


def product_of(site: str, product: str | None, products: Sequence[str]) -> str:
    """The product that is meant. Raises UsageError, with those that there are."""
    if product is None and len(products) != 1:
        raise UsageError(f"'{site}' has several products: choose one with product=… or --product ({some(products)})")
    return products[0] if product is None else known("product", product, products)


def known(what: str, name: Any, names: Sequence[str]) -> str:
    """A name that there is. Raises UsageError."""
    if name not in names:
        raise UsageError(f"unknown {what} '{name}'{did_you_mean(str(name), list(names))}; known: {some(names)}")
    return str(name)


def length(units: Units, name: str, given: float | str) -> float:
    """A length of time above 0, in time units. Raises UsageError.

    >>> length(Units("day"), "until", "2w"), length(Units("day"), "until", "36 hours"), length(Units("week"), "until", 5)
    (14.0, 1.5, 5.0)
    """
    if not isinstance(given, str):
        return arguments.above_zero(name, given)
    short = re.fullmatch(r"\s*([0-9.]+)\s*([a-z]+)\s*", given)
    text = f"{short[1]} {SHORT_UNITS[short[2]]}" if short and short[2] in SHORT_UNITS else given.strip()
    try:
        found = float(text) if re.fullmatch(r"[0-9.]+", text) else units.length(text)
    except ValueError as error:
        raise UsageError(
            f"{name}: '{given}': {error}; write a number of {units.unit}s, or a length such as '2 {units.unit}s'"
        ) from None
    return arguments.above_zero(name, found)


def moment(time: float) -> str:
    """A time with as many decimals as tell events apart.

    >>> moment(12.0), moment(12.41666)
    ('12', '12.417')
    """
    return f"{time:.3f}".rstrip("0").rstrip(".")
