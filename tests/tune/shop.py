"""A shop and a depot small enough that a whole tuning takes a second or two."""

from __future__ import annotations

from functools import cache
from typing import Any

import chainsim
from chainsim.study.loading import Study
from chainsim.tune import Tuned

POLICIES: dict[str, Any] = {
    "s_Q": {"type": "s_Q", "label": "Reorder point", "fill_rate": 0.9},
    "eoq": {"type": "eoq", "fill_rate": 0.9},
    "s_S": {"type": "s_S", "service_level": 0.9},
    "weekly": {"type": "R_S", "review_interval": 7, "service_level": 0.9, "offset": 2},
    "jit": {"type": "jit", "buffer": 3},
    "cards": {"type": "kanban", "container": 5},
    "plan": {"type": "multi_echelon", "fill_rate": 0.9},
    "forecast": {"type": "moving_average", "review_interval": 7, "service_level": 0.9},
    "pout": {"type": "pout", "review_interval": 7, "service_level": 0.9},
    "people": {"type": "sterman", "review_interval": 7, "service_level": 0.9, "supply_line": 1.0},
    "echelon": {"type": "multi_echelon", "method": "echelon_base_stock", "batch": "none", "fill_rate": 0.9},
}


def shop(*policies: str, horizon: int = 120, **more: Any) -> Study:
    """A shop that sells about four units a day, from a depot, from a supplier; with some of the policies."""
    demand: dict[str, Any] = {
        "site": "shop",
        "product": "tea",
        "quantity": {"dist": "poisson", "mean": 4},
        "unmet": "lost",
    }
    demand.update(more.pop("demand", {}))
    return chainsim.load_dict(
        {
            "chainsim": 1, "title": "A shop and a depot", "time": {"unit": "day", "warm_up": 30, "horizon": horizon}, "seed": 5,
            "products": {"tea": {"unit_cost": 10, "unit_price": 16}},
            "sites": {"farm": {"kind": "supplier"}, "depot": {"kind": "depot"}, "shop": {"kind": "store", "groups": ["north"]}},
            "lanes": [
                {"from": "farm", "to": "depot", "lead_time": {"dist": "gamma", "mean": 5, "cv": 0.3}, "order_cost": 20},
                {"from": "depot", "to": "shop", "lead_time": 2, "order_cost": 3},
            ],
            "demand": [demand],
            "costs": {"currency": "EUR", "carrying_rate": "40% per year", "lost_sale": "margin"},
            "policies": {name: POLICIES[name] for name in policies or ("s_Q", "eoq")},
            **more,
        },
        name="shop",
    )  # fmt: skip


@cache
def tuned() -> Tuned:
    """Two policies to 95 %, levels and lots free."""
    many = {"quantity": {"dist": "poisson", "mean": 20}}
    return shop("s_Q", "plan", demand=many, horizon=365).tune(fill_rate=0.95, within=0.004, jobs=1)
