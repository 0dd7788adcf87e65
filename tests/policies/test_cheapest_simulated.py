"""Levels at least cost, simulated: no neighbour is cheaper by more than half a percent, and all are beaten that plan for a
service instead."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

import chainsim
from chainsim.plan.derivation import derive_levels

pytestmark = pytest.mark.slow

POISSON = {"quantity": {"dist": "poisson", "mean": 20}}
NEGATIVE_BINOMIAL = {"quantity": {"dist": "negative_binomial", "mean": 6, "sd": 4}}
SIZES = {"type": "arrivals", "rate": 1.5, "size": {"dist": "discrete_uniform", "low": 1, "high": 6}}
LONG_TAILED = {"dist": "gamma", "mean": 3, "sd": 3}
OWED, LOST = {"holding_cost": 1, "backorder": 9}, {"holding_cost": 1, "lost_sale": 20}

CASES: dict[str, dict[str, Any]] = {
    "broken lead time": {"demand": POISSON, "lead": 2.5},
    "before demand, no lead time": {"demand": {"quantity": {"dist": "poisson", "mean": 25}}, "lead": 0, "review": "before_demand"},
    "rare reviews": {"demand": NEGATIVE_BINOMIAL, "lead": 2, "every": 7},
    "customers of several units": {"demand": SIZES, "lead": 2},
    "orders that cross": {"demand": POISSON, "lead": LONG_TAILED},
    "lost sales": {"demand": {**POISSON, "unmet": "lost"}, "lead": 2, "costs": LOST},
}  # fmt: skip


def scenario(case: dict[str, Any], policies: dict[str, Any]) -> chainsim.Study:
    text = {
        "chainsim": 1,
        "title": "Least cost, simulated",
        "time": {"unit": "day", "warm_up": 200, "horizon": 5_200, "bucket": 5_000, "review": case.get("review", "after_demand")},
        "replications": 4,
        "seed": 7,
        "products": {"p": {}},
        "sites": {"supplier": {"kind": "supplier"}, "store": {"kind": "store"}},
        "lanes": [{"from": "supplier", "to": "store", "lead_time": case["lead"], "order_cost": 64}],
        "demand": [{"site": "store", "product": "p", **case["demand"]}],
        "costs": {**case.get("costs", OWED), "in_transit_owner": "none"},
        "policies": policies,
    }  # fmt: skip
    return chainsim.load_text(yaml.safe_dump(text, sort_keys=False))


def levels(case: dict[str, Any], policy: dict[str, Any]) -> tuple[float, ...]:
    derived = derive_levels(scenario(case, {"own": policy}).scenario)["own"]
    (settings,) = derived.levels.values()
    return settings.p


def costs(case: dict[str, Any], policies: dict[str, Any]) -> dict[str, float]:
    """Simulated cost a year of every policy, on the same demand."""
    results = scenario(case, policies).run(engine="compiled", jobs=1)
    return {name: results.estimate(name, "total_cost").mean or 0.0 for name in policies}


@pytest.mark.parametrize("name", CASES)
def test_no_neighbour_is_cheaper(name: str) -> None:
    case = CASES[name]
    timing = {"review_interval": case["every"]} if "every" in case else {}
    policies: dict[str, Any] = {}
    for kind, second in (("s_Q", "order_quantity"), ("s_S", "order_up_to_level")):
        kind_of = "R_s_S" if kind == "s_S" and timing else kind
        s, top, _ = levels(case, {"type": kind_of, **timing})
        lot = top if kind == "s_Q" else top - s
        move = max(1.0, round(lot / 15))
        for k in (-1, 0, 1):
            for part in (0.75, 1.0, 1.33):
                at, size = s + k * move, max(1.0, round(part * lot))
                if "lost_sale" in case.get("costs", {}):
                    at = max(at, 0.0)
                numbers = {"reorder_point": at, second: size if kind == "s_Q" else at + size}
                policies[f"{kind} {k} {part}"] = {"type": kind_of, **timing, **numbers}
        policies[f"{kind} service"] = {"type": kind_of, **timing, "service_level": 0.9}
    found = costs(case, policies)
    for kind in ("s_Q", "s_S"):
        least = min(cost for label, cost in found.items() if label.startswith(kind))
        own = found[f"{kind} 0 1.0"]
        assert own <= 1.005 * least
        assert own < found[f"{kind} service"]
