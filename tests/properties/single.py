"""A single store of one product, in a few words: for properties that are stated for a single stage."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from chainsim.plan.plan import Plan
from chainsim.record.record import EVENT_KINDS, Record
from tests.semantics.stage import point, stage

PERIOD = 10**9  # ticks
CUSTOMERS = st.one_of(
    st.builds("quantity: {{dist: poisson, mean: {}}}".format, st.integers(1, 6)),
    st.just("quantity: {dist: negative_binomial, mean: 3, sd: 4}"),
    st.builds(
        "type: arrivals, gap: {{dist: exponential, mean: {}}}, size: {{dist: geometric, mean: {}}}".format,
        st.sampled_from([0.3, 0.7]),
        st.sampled_from([1, 2]),
    ),
)


def store(
    demand: str,
    policy: str,
    *,
    supply: str = "lead_time: 2",
    stock: str = "",
    product: str = "unit_cost: 1",
    horizon: float = 60,
    **options: Any,
) -> tuple[Plan, Record]:
    """Plan and logged Record of one store behind a supplier of unlimited stock."""
    body = f"""
    products: {{p: {{{product}}}}}
    sites: {{supplier: {{kind: supplier}}, store: {{kind: store}}}}
    lanes: [{{from: supplier, to: store, {supply}, order_cost: 10}}]
    stock: [{{site: store{stock}}}]
    demand: [{{site: store, product: p, {demand}}}]
    costs: {{holding_cost: 0.5, backorder: 2}}
    policies: {{only: {{{policy}}}}}
    """
    return stage(body, horizon=horizon, **options)


def plant(demand: str, policy: str, production: str, *, horizon: float = 60) -> tuple[Plan, Record]:
    """One plant that sells what it makes."""
    body = f"""
    products: {{p: {{unit_cost: 1}}}}
    sites: {{store: {{kind: plant, production: {{{production}}}}}}}
    demand: [{{site: store, product: p, {demand}}}]
    policies: {{only: {{{policy}}}}}
    """
    return stage(body, horizon=horizon)


def path(plan: Plan, record: Record, name: str, site: str = "store") -> np.ndarray[Any, Any]:
    """A stock point's state after each instant at which anything happened there: columns tick and `name`, one of on_hand,
    backorders, net (on hand − backorders)."""
    assert record.log is not None
    i = point(plan, site)
    rows: dict[int, float] = {0: float(plan.points[i]["on_hand"]) if name != "backorders" else 0.0}
    for line in record.log:
        if line.point == i:
            rows[line.tick] = line.on_hand - line.backorders if name == "net" else getattr(line, name)
    return np.array(sorted(rows.items()))


def at(path: np.ndarray[Any, Any], ticks: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The value of a path that holds after each of these ticks."""
    return path[np.searchsorted(path[:, 0], ticks, side="right") - 1, 1]


def both(
    a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Two paths at every tick of either: (ticks, values of a, values of b)."""
    ticks = np.union1d(a[:, 0], b[:, 0])
    return ticks, at(a, ticks), at(b, ticks)


def lines(record: Record, kind: str) -> list[tuple[int, float]]:
    """(tick, quantity) of the lines of one kind."""
    assert record.log is not None
    return [(line.tick, line.quantity) for line in record.log if line.kind == EVENT_KINDS.index(kind)]
