"""Means, deviations and distributions of demand in a table become the keys of a demand entry.

A process with a `rate` (arrivals, flow) takes the mean as it is: `rate: 351 per year`. One with a `quantity` per period
(`per_period`, the default) takes it for its own period: 351 per year are 0.9616 a day. Without `dist` the quantity is
Poisson, or gamma where the table has a cv or a standard deviation. A deviation is of the mean's period, and becomes that
of the process's period as if periods were independent: sd/√n, cv·√n.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

from chainsim.demand.base import DEMANDS
from chainsim.scenario.columns import Column, Rows
from chainsim.scenario.nodes import Node
from chainsim.scenario.schema import keys_of
from chainsim.showing import counted

MEANS = ("mean", "cv", "sd")
YEARS = {"1 year": 1.0, "month": 1 / 12, "1 week": 7 / 365, "1 day": 1 / 365, "1 hour": 1 / 8760}
"""What a mean may be per, in years."""


def with_demand(rows: Rows, nodes: Sequence[Node]) -> list[Node]:
    """The entries with what their rows say of the mean; rows without demand have none."""
    held = rows.template.get("type")
    kind = held.value if held is not None else "per_period"
    process = keys_of(DEMANDS.get(kind)) if isinstance(kind, str) and kind in DEMANDS.names() else {}
    column = next((c for c in rows.columns if c.key == "mean"), None)
    if column is None or "mean" in process:
        return list(nodes)
    if "rate" not in process and "quantity" not in process:
        rows.table.note(1, rows.table.header[column.index], f"demand of type {kind} has neither a rate nor a quantity")
        return []
    made = [_one(rows, column, node, "rate" if "rate" in process else "quantity") for node in nodes]
    idle = sum(one is None for one in made)
    if idle:
        rows.said.append(f"{counted(idle, 'row')} without demand: no customers there")
    return [one for one in made if one is not None]


def _one(rows: Rows, column: Column, node: Node, key: str) -> Node | None:
    given = {name: node.value.pop(name, None) for name in MEANS}
    mean = given["mean"]
    if mean is None or mean.plain() == 0:
        return None
    name = rows.table.header[column.index]
    if key == "rate":
        if isinstance(mean.value, dict):
            message = "a distribution is of a quantity per period, and this process has a rate"
            rows.table.note(mean.line, name, message, "leave `type` out, or give a number")
            return node
        if any(given[other] is not None for other in ("cv", "sd")):
            message = "a cv or sd of demand goes with a quantity per period, and this process has a rate"
            rows.table.note(mean.line, name, message, "leave `type` out, or ignore the column")
            return node
        value: Any = mean.value if not column.per else _per(mean.value, column.per)
    else:
        value = _quantity(rows, column, node, given)
    if value is not None:
        node.value[key] = _placed(value, mean)
        node.keys[key] = (mean.line, mean.column)
    return node


def _per(value: float, per: str) -> str:
    """A rate as the language writes it; a month is 1/12 of a year."""
    return f"{value * 12:.15g} per year" if per == "month" else f"{value:.15g} per {per.removeprefix('1 ')}"


def _quantity(rows: Rows, column: Column, node: Node, given: dict[str, Node | None]) -> Any:
    """The distribution of the quantity of one period; None after noting what is wrong."""
    mean = given["mean"]
    assert mean is not None
    periods = _periods(rows, column, node, mean)
    if periods is None:
        return None
    if isinstance(mean.value, dict):
        if abs(periods - 1.0) > 1e-9:
            per = column.per.removeprefix("1 ")
            message = f"a distribution per {per}, and the demand comes in another period"
            rows.table.note(
                mean.line, rows.table.header[column.index], message, f"write `every: 1 {per}` beside `file`"
            )
            return None
        return mean.plain()
    template = rows.template.get("quantity")
    shape = template.plain() if template is not None and isinstance(template.value, dict) else {}
    found: dict[str, Any] = {"mean": _short(mean.value / periods)}
    for other, factor in (("cv", sqrt(periods)), ("sd", 1 / sqrt(periods))):
        held = given[other]
        if held is not None and held.value != 0:
            found[other] = _short(held.value * factor)
    varies = "cv" in found or "sd" in found
    return {"dist": "gamma" if varies else "poisson", **shape, **found}


def _periods(rows: Rows, column: Column, node: Node, mean: Node) -> float | None:
    """Periods of the process in the time the mean is per; 1 where the column says no time."""
    if not column.per:
        return 1.0
    every = node.value.get("every")
    try:
        length = (
            1.0 if every is None else rows.units.length(every.value) if isinstance(every.value, str) else every.value
        )
        year = rows.units.length("1 year")
        return float(YEARS[column.per] * year / length)
    except (ValueError, TypeError, ZeroDivisionError, KeyError):
        message = f"is per {column.per.removeprefix('1 ')}, which has no length here"
        rows.table.note(mean.line, rows.table.header[column.index], message, "give time.unit hour, day or week")
        return None


def _short(value: float) -> float:
    return float(f"{value:.12g}")


def _placed(value: Any, at: Node) -> Node:
    """A value as nodes that stand where the mean stands."""
    if isinstance(value, dict):
        held = {key: _placed(inner, at) for key, inner in value.items()}
        return Node(held, at.line, at.column, dict.fromkeys(held, (at.line, at.column)), file=at.file)
    return Node(value, at.line, at.column, file=at.file)
