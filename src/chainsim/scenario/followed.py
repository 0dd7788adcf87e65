"""Paths of levers that lead to entries by their places. A resolved scenario has its entries in an order of its own, so that what is `lanes[0]` in
the file may be `lanes[1]` there: a path goes along, and leads to the same entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chainsim.scenario.change import steps_of
from chainsim.scenario.document import order_of
from chainsim.scenario.model import TimeSpec
from chainsim.scenario.nodes import written


def followed(document: Mapping[str, Any], data: Mapping[str, Any], time: TimeSpec) -> dict[str, Any]:
    """A resolved document whose levers lead where those of the file do. data: the file, checked."""
    levers = document.get("levers")
    if not isinstance(levers, list):
        return dict(document)
    return {**document, "levers": [_followed(lever, data, time) for lever in levers]}


def _followed(lever: Any, data: Mapping[str, Any], time: TimeSpec) -> Any:
    if not isinstance(lever, Mapping):
        return lever
    path: list[str | int] = []
    value: Any = data
    for step in steps_of(lever["path"]):
        if isinstance(value, list | tuple) and step.isdecimal() and int(step) < len(value):
            path.append(order_of(value, str(path[-1]), time).index(int(step)))
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
            path.append(step if re.fullmatch(r"\w+", step) else f"[{step}]")
    return {**lever, "path": written(tuple(path)).replace(".[", "[")}
