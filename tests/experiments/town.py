"""A town of two stores and a DC: small, random, with levels that short simulations correct."""

from __future__ import annotations

from typing import Any

TOWN: dict[str, Any] = {
    "chainsim": 1,
    "title": "A town",
    "time": {"unit": "day", "warm_up": 14, "horizon": 56, "bucket": "week"},
    "replications": 4,
    "seed": 3,
    "products": {"tea": {"unit_cost": 2, "unit_price": 3}},
    "sites": {"source": {"kind": "supplier"}, "dc": {"kind": "dc"}, "store": {"kind": "store", "copies": 2}},
    "lanes": [
        {"from": "source", "to": "dc", "lead_time": {"dist": "gamma", "mean": 4, "cv": 0.3}, "order_cost": 6},
        {"from": "dc", "to": "store", "lead_time": 1, "order_cost": 2},
    ],
    "stock": [{"kind": "store", "order_multiple": 5}],
    "demand": [{"site": "store", "product": "tea", "quantity": {"dist": "poisson", "mean": 6}, "unmet": "lost"}],
    "costs": {"currency": "EUR", "carrying_rate": "25% per year", "lost_sale": "margin"},
    "targets": {"fill_rate": 0.95},
    "policies": {
        "s_Q": {"type": "s_Q", "fill_rate": 0.95},
        "weekly": {"type": "R_S", "review_interval": "1 week", "fill_rate": 0.95},
    },
}
GRID: dict[str, Any] = {
    "experiment": 1,
    "title": "A town in four futures",
    "scenario": TOWN,
    "replications": 4,
    "factors": {
        "cv": {"path": "lanes[source->dc].lead_time.cv", "values": [0.2, 0.8]},
        "rate": {"path": "costs.carrying_rate", "values": ["15% per year", "40% per year"]},
    },
    "responses": ["total_cost", "fill_rate", {"kpi": "fill_rate", "site": "store-1"}],
    "constraint": {"kpi": "fill_rate", "at_least": "90 %"},
}
