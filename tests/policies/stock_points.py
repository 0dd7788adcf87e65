"""A stock point and a stock row to try policies on."""

from __future__ import annotations

from typing import Any

from chainsim.plan.tables import POINT
from chainsim.policies.base import POLICIES, NetworkFacts, PointFacts, Policy, SourceFacts
from chainsim.rules.position import POSITION


def facts(**changes: Any) -> PointFacts:
    """Normal-looking demand of 100 ± 20 per period, lead time 4 periods, continuous review, K = 50, h = 0.4."""
    values: dict[str, Any] = {
        "index": 0, "site": "store", "product": "p", "kind": "store",
        "demand_mean": 100.0, "demand_sd": 20.0, "demand_interval": 0.0, "demand_size_mean": 1.0, "demand_size_sd": 0.0,
        "poisson": False, "customers": True,
        "lead_mean": 4.0, "lead_sd": 0.0, "sources": (SourceFacts(None, 1.0, 4.0, 0.0),), "crossing": True,
        "review_interval": 0.0, "before_demand": False,
        "unit_cost": 10.0, "holding_cost": 0.4, "order_cost": 50.0, "backorder_cost": 0.0, "lost_sale_cost": 0.0, "lost_sales": False,
        "target_fill_rate": None, "whole": True,
    }  # fmt: skip
    return PointFacts(**{**values, **changes})


def poisson_facts(rate: float, lead_time: float, **changes: Any) -> PointFacts:
    """Unit Poisson demand in continuous time, a constant lead time."""
    return facts(demand_mean=rate, demand_sd=rate**0.5, poisson=True, lead_mean=lead_time, **changes)


def network(point: PointFacts) -> NetworkFacts:
    return NetworkFacts((point,), ((),), "day", "EUR", 365.0)


def row(on_hand: float = 0.0, on_order: float = 0.0, backorders: float = 0.0, **more: float) -> Any:
    """What a rule may read."""
    values = {"echelon_position": on_hand + on_order - backorders, "watch": POSITION}
    return POINT.row(whole=1, on_hand=on_hand, on_order=on_order, backorders=backorders, **{**values, **more})


def ready(name: str, **given: Any) -> Policy:
    """A policy by its YAML name, with what it requires filled in."""
    cls = POLICIES.get(name)
    required = {"kanban": {"container": 4.0}, "autoregressive": {"rho": 0.6}, "plan": {"orders": (6.0,) * 400}}.get(
        name, {}
    )
    if cls.review == "periodic":
        required = {**required, "review_interval": 1.0}
    return cls(**{**required, **given})
