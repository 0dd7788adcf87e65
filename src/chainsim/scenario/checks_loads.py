"""Checks of loads: what goods at a dock wait for, and what does not go with a dock or with vehicles."""

from __future__ import annotations

from chainsim.scenario.draft import Draft
from chainsim.scenario.nodes import Path


def loads_end(draft: Draft) -> None:
    """A load is complete at a quantity or after a time; departures are a timetable of their own."""
    for i, keys in enumerate(draft.data["lanes"]):
        path: Path = ("lanes", i)
        gather = keys["consolidate"]
        if gather is not None and gather["until"] is None and gather["or_after"] is None:
            message = "says that goods wait, but not for what: neither `until` nor `or_after` is given"
            draft.error((*path, "consolidate"), message, "give until (units), or_after (a time), or both")
        for key, what in (("consolidate", "leave when a load is complete"), ("vehicle", "are counted by the shipment")):
            if keys[key] is not None and keys["departures"] is not None:
                message = f"goods leave with the departures, and here they {what}: these do not go together"
                draft.error((*path, key), message, f"give one of {key} and departures")


def who_waits_at_docks(draft: Draft) -> None:
    """Lots that keep their age are sealed shipment by shipment; one open order alone may never make a load."""
    told: set[Path] = set()
    for lane, path in draft.lanes:
        point = draft.points.get((lane.target, lane.product))
        if lane.consolidation is None or point is None or path in told:
            continue
        where = f"'{lane.product}' at '{lane.target}'"
        if point.lifetime is not None and point.age == "travels":
            told.add(path)
            message = f"{where} has age: travels, and goods that keep their age do not wait for a load"
            draft.error((*path, "consolidate"), message, "let their age restart there, or remove consolidate")
        elif point.one_open_order and lane.consolidation.or_after is None:
            told.add(path)
            message = (
                f"{where} has one_open_order: an order smaller than the load waits for the next one, which waits for it"
            )
            draft.error((*path, "consolidate"), message, "add or_after, or remove one_open_order")


ALWAYS = (loads_end,)
WHEN_NAMES_ARE_RIGHT = (who_waits_at_docks,)
