"""Checks of calendars: who has no use for one, and what does not go with one."""

from __future__ import annotations

import re
from datetime import date

from chainsim.dated import DATE
from chainsim.demand.flow import Flow
from chainsim.demand.history import Replay
from chainsim.scenario.draft import Draft
from chainsim.scenario.expand_calendars import DAY
from chainsim.scenario.kinds_calendars import NAMES


def days_of_sites(draft: Draft) -> None:
    """Order days want a planner; a flow of goods never pauses."""
    flowing = {demand.site for demand, _ in draft.demands if isinstance(demand.process, Flow)}
    for base, keys in draft.data["sites"].items():
        given = [key for key in ("working_days", "order_days") if keys[key] is not None]
        if keys["order_days"] is not None and keys["kind"] == "supplier":
            message = "a supplier orders nothing: it has unlimited stock"
            draft.error(("sites", base, "order_days"), message, "remove it, or give the sites it supplies order_days")
        rate = any(centre["rate"] for _, centre in draft.centres(base))
        copies = {name for name, site in draft.sites.items() if site.base == base}
        if given and (rate or copies & flowing):
            what = "production at a rate" if rate else "demand that flows"
            draft.error(("sites", base, given[0]), f"does not go with {what}, which never pauses", f"remove {given[0]}")


def days_of_lanes(draft: Draft) -> None:
    """A timetable of departures has shipping days of its own; working time wants working days."""
    for i, keys in enumerate(draft.data["lanes"]):
        path = ("lanes", i)
        if keys["shipping_days"] is not None and keys["departures"] is not None:
            message = "goods leave with the departures: shipping days say nothing of them"
            draft.error((*path, "shipping_days"), message, "give one of shipping_days and departures")
        if keys["lead_time_in"] == "working_time":
            idle = [
                site
                for site in draft.sites_of(keys["from"])
                if draft.data["sites"][draft.sites[site].base]["working_days"] is None
            ]
            if idle:
                message = f"{idle[0]} has no working_days: its working time is all time"
                draft.error((*path, "lead_time_in"), message, f"give {idle[0]} working_days, or remove it")


def days_of_histories(draft: Draft) -> None:
    """Where calendars name days of the week, the days of a replayed history should be the same days."""
    start, told = draft.time.start, set[str]()
    if start is None or not any(calendar and calendar.week for calendar in draft.calendars.values()):
        return
    for demand, path in draft.demands:
        process = demand.process
        if not isinstance(process, Replay) or process.file in told or draft.time.ticks(process.every) != DAY:
            continue
        table = draft.tables.get(process.file)
        if table is None or not re.match(DATE, table.first, re.ASCII):
            continue
        told.add(process.file)
        first, begins = date.fromisoformat(table.first), date.fromisoformat(start)
        late = (first - begins).days % 7 - draft.time.ticks(process.offset) // DAY
        if late % 7:
            message = f"begins on a {NAMES[first.weekday()].title()} ({first}), the run on a {NAMES[begins.weekday()].title()} ({begins})"
            cure = f"begin the run on a {NAMES[first.weekday()].title()}, or give the demand `offset: {(first - begins).days % 7} days`"
            draft.warn((*path, "file"), f"{message}: its days are not those of the calendars", cure)


ALWAYS = ()
WHEN_NAMES_ARE_RIGHT = (days_of_sites, days_of_lanes, days_of_histories)
