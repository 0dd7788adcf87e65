"""Policies set at least cost, from YAML: published optima, what is said of them, and where the rule does not apply."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

import chainsim
from chainsim.plan.derivation import derive_levels
from chainsim.policies.base import Settings
from chainsim.policies.cheapest import least_cost
from chainsim.policies.lots import choose_lot
from tests.policies.stock_points import facts, network, ready

COSTS = {"holding_cost": 1, "backorder": 9}


def settings(
    policy: dict[str, Any], demand: dict[str, Any], lead: Any = 0, *, order_cost: float = 64, costs: dict[str, Any] = COSTS, review: str = "after_demand",
    lane: dict[str, Any] | None = None, store: dict[str, Any] | None = None, **more: Any,
) -> Settings:  # fmt: skip
    text = {
        "chainsim": 1,
        "title": "Least cost",
        "time": {"unit": "day", "horizon": 1000, "review": review},
        "products": {"p": {}},
        "sites": {"supplier": {"kind": "supplier"}, "store": {"kind": "store"}},
        "lanes": [{"from": "supplier", "to": "store", "lead_time": lead, "order_cost": order_cost, **(lane or {})}],
        "demand": [{"site": "store", "product": "p", **demand}],
        "costs": costs,
        "policies": {"own": policy},
        **more,
    }
    derivation = derive_levels(chainsim.load_text(yaml.safe_dump(text, sort_keys=False)).scenario)["own"]
    (found,) = derivation.levels.values()
    return found


def poisson(mean: float, **more: Any) -> dict[str, Any]:
    return {"quantity": {"dist": "poisson", "mean": mean}, **more}


@pytest.mark.parametrize(("mean", "s", "S"), [(10, 6, 40), (20, 14, 62), (25, 19, 56), (51, 43, 110), (75, 67, 86)])
def test_min_max_finds_the_published_optima(mean: float, s: int, S: int) -> None:
    """Zheng & Federgruen (1991), table 1."""
    found = settings({"type": "R_s_S", "review_interval": 1}, poisson(mean), review="before_demand")
    assert found.p == (s, S, 0.0)


def test_s_Q_finds_the_published_lot() -> None:
    """Poisson 1.5 a year, lead time 2, K 100, h 20, b 150: (3, 5) at 107.924."""
    found = settings(
        {"type": "s_Q"},
        {"type": "arrivals", "rate": 1.5},
        2,
        order_cost=100,
        costs={"holding_cost": 20, "backorder": 150},
    )
    assert found.p == (3.0, 5.0, 0.0)
    assert "expected cost 107.92" in found.derived[0].formula


def test_what_is_said_and_promised() -> None:
    found = settings({"type": "s_Q"}, poisson(20), 2.5)
    promise = found.promise
    assert promise is not None
    assert (promise.kind, promise.asked, promise.by) == ("cost", None, "formula")
    assert promise.expected == pytest.approx(0.9198, abs=1e-4)
    said = found.derived[0].formula
    assert "least expected cost at these prices" in said
    assert "Zheng & Chen 1992" in said
    assert "service follows: fill rate 0.9198" in said
    assert not found.warnings


def test_a_service_that_surprises_is_told() -> None:
    """With no lead time and continuous review nobody waits any time, so that stock is worth nothing."""
    found = settings({"type": "base_stock"}, poisson(20))
    assert found.p == (0.0,)
    assert "serves 0 % of demand from stock" in found.warnings[0]


def test_eoq_keeps_its_lot_and_s_Q_does_not() -> None:
    eoq, s_Q = (settings({"type": name}, poisson(20), 2.5) for name in ("eoq", "s_Q"))
    assert eoq.p[1] == 51.0
    assert s_Q.p[1] == 59.0
    given = settings({"type": "s_Q", "order_quantity": 51}, poisson(20), 2.5)
    assert given.p == eoq.p


def test_a_given_lot_needs_no_order_cost() -> None:
    assert settings({"type": "s_Q", "order_quantity": 30}, poisson(20), 2, order_cost=0).p[1] == 30.0


def test_S_that_is_given_stays() -> None:
    free = settings({"type": "s_S"}, poisson(20), 2.5)
    given = settings({"type": "s_S", "order_up_to_level": free.p[1]}, poisson(20), 2.5)
    assert given.p == free.p


def test_only_below_asks_for_one_more() -> None:
    plain, below = (settings({"type": "s_S", "trigger": t}, poisson(20), 2.5) for t in ("at_or_below", "below"))
    assert below.p == (plain.p[0] + 1.0, plain.p[1], 1.0)


@pytest.mark.parametrize("name", ["s_Q", "s_S", "base_stock"])
def test_lost_sales_never_stop_ordering(name: str) -> None:
    """A lost sale that hardly costs anything: s ≥ 0 and S ≥ 1 all the same."""
    found = settings({"type": name}, poisson(2, unmet="lost"), 2, costs={"holding_cost": 1, "lost_sale": 0.01})
    assert found.p[0] >= (1.0 if name == "base_stock" else 0.0)
    dear = settings({"type": name}, poisson(2, unmet="lost"), 2, costs={"holding_cost": 1, "lost_sale": 50})
    assert dear.p[0] > found.p[0]


def test_emergency_has_its_own_price() -> None:
    demand = poisson(20, unmet="emergency")
    low, high = (
        settings({"type": "R_S", "review_interval": 1}, demand, 2, costs={"holding_cost": 1, "emergency": x})
        for x in (2, 50)
    )
    assert low.p[0] < high.p[0]


@pytest.mark.parametrize(
    ("store", "allowed"), [({"order_multiple": 25}, 25), ({"maximum_order": 40}, 0), ({"minimum_order": 90}, 0)]
)
def test_lots_are_what_can_be_ordered(store: dict[str, float], allowed: int) -> None:
    found = settings({"type": "s_Q"}, poisson(20), 2.5, stock=[{"site": "store", "product": "p", **store}])
    lot = found.p[1]
    assert lot <= store.get("maximum_order", lot)
    assert lot >= store.get("minimum_order", 0.0)
    assert allowed == 0 or lot % allowed == 0


@pytest.mark.parametrize(
    ("given", "changes"),
    [
        ({"service_level": 0.9}, {}), ({"fill_rate": 0.9}, {}), ({}, {"target_fill_rate": 0.9}), ({"derivation": "textbook"}, {}),
        ({}, {"backorder_cost": 0.0}), ({}, {"holding_cost": 0.0}), ({}, {"lost_sales": True}), ({}, {"demand_size_mean": 0.0}),
    ],
)  # fmt: skip
def test_where_a_service_is_asked_or_prices_lack_it_does_not_apply(
    given: dict[str, Any], changes: dict[str, Any]
) -> None:
    point = facts(**{"backorder_cost": 3.6, **changes})
    policy: Any = ready("base_stock", **given)
    assert not least_cost(policy, point)
    assert least_cost(ready("base_stock"), facts(backorder_cost=3.6))  # type: ignore[arg-type]


def test_a_lot_for_a_target_is_the_cheapest_that_delivers() -> None:
    """Dear shortage of a small fill rate: lots larger than √(2KD/h) let the level be lower."""
    demand = {"quantity": {"dist": "negative_binomial", "mean": 6, "sd": 4}}
    goal: dict[str, Any] = {"targets": {"fill_rate": 0.9}}
    s_Q, eoq = (
        settings({"type": name}, demand, 7, order_cost=10, costs={"holding_cost": 1}, **goal) for name in ("s_Q", "eoq")
    )
    assert s_Q.promise is not None
    assert s_Q.promise.expected is not None
    assert s_Q.promise.expected >= 0.9
    assert "cheapest lot whose level delivers" in s_Q.derived[1].formula
    assert s_Q.p[1] != eoq.p[1]


def test_the_textbook_keeps_the_economic_lot() -> None:
    point = facts()
    policy: Any = ready("s_Q", derivation="textbook", fill_rate=0.95)
    assert choose_lot(policy, point, "sQ").formula == "Q = √(2KD/h)"


def test_equal_stock_points_are_set_once() -> None:
    from chainsim.policies import cheapest

    policy: Any = ready("s_Q")
    point = facts(backorder_cost=3.6)
    policy.derive(network(point), [0])
    before = cheapest._lots.cache_info().misses
    policy.settings(facts(backorder_cost=3.6, site="another", index=0))
    assert cheapest._lots.cache_info().misses == before
