"""The calendars of a scenario in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from chainsim.scenario.model_calendars import WEEKDAYS

KEYS = {"working_days": "works", "order_days": "orders"}


def days_in_words(document: Mapping[str, Any] | None) -> list[str]:
    """A sentence for every site and lane that goes by a calendar, of a scenario as plain data.

    >>> days_in_words({"sites": {"shop": {"order_days": ["mon", "thu"]}}})
    ['shop orders on mon, thu.']
    """
    return list(_told(document or {}))


def _told(document: Mapping[str, Any]) -> Iterator[str]:
    named = document.get("calendars", {})
    for site, keys in document.get("sites", {}).items():
        told = [f"{verb} on {_days(keys[key], named)}" for key, verb in KEYS.items() if key in keys]
        if told:
            yield f"{site} {' and '.join(told)}."
    for lane in document.get("lanes", ()):
        told = [f"goods leave on {_days(lane['shipping_days'], named)}"] if "shipping_days" in lane else []
        told += ["the lead time is counted in working time"] if lane.get("lead_time_in") == "working_time" else []
        if told:
            yield f"{_ends(lane['from'])} → {_ends(lane['to'])}: {', '.join(told)}."


def _ends(selector: Any) -> str:
    if isinstance(selector, Mapping):
        return " ".join(map(str, next(iter(selector.items()))))
    return ", ".join(selector) if isinstance(selector, list) else str(selector)


def _days(value: Any, named: Mapping[str, Any]) -> str:
    """'mon to fri but for 3 closures (office)'."""
    if isinstance(value, str):
        return f"{_days(named.get(value, {}), named)} ({value})"
    keys = value if isinstance(value, Mapping) else {"days": value}
    days, closed = keys.get("days") or list(WEEKDAYS), len(keys.get("closed", ()))
    in_a_row = all(WEEKDAYS.index(b) == WEEKDAYS.index(a) + 1 for a, b in pairwise(days))
    open_on = f"{days[0]} to {days[-1]}" if in_a_row and len(days) > 2 else ", ".join(days)
    open_on = "all days" if len(days) == 7 else open_on
    return f"{open_on} but for {closed} closure{'' if closed == 1 else 's'}" if closed else open_on
