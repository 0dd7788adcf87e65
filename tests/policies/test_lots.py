"""The lot for a service that is asked: a property of the model, the cheapest at equal service, √(2KD/h) where nothing is gained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from chainsim.policies.costs import Costs, prices_of
from chainsim.policies.lots import MATERIAL, choose_lot, permitted, usual_lot
from chainsim.policies.stages import rough_stage_of, stage_of
from chainsim.theory.positions import Rule
from chainsim.theory.service_laws import Basis
from tests.policies.stock_points import facts, ready
from tests.policies.test_cheapest import poisson, settings

LUMPY: dict[str, Any] = {"quantity": {"dist": "negative_binomial", "mean": 20, "sd": 10}, "unmet": "lost"}
UNIFORM = {"dist": "uniform", "low": 1, "high": 3}
TWO_OR_THREE = {"dist": "discrete", "values": [2, 3], "probabilities": [0.5, 0.5]}


@pytest.mark.parametrize("name", ["s_Q", "s_S"])
@pytest.mark.parametrize("price", [4, 40])
@pytest.mark.parametrize("order_cost", [1.5, 6])
def test_the_same_supply_spelled_otherwise_has_the_same_lot(name: str, price: float, order_cost: float) -> None:
    """Customers come once a day, so that a delivery within one to three days is worth two or three, each as often."""
    costs = {"holding_cost": 0.0082, "lost_sale": price}
    one, other = (
        settings({"type": name, "fill_rate": 0.97}, LUMPY, lead, order_cost=order_cost, costs=costs)
        for lead in (UNIFORM, TWO_OR_THREE)
    )
    assert one.p == other.p


@pytest.mark.parametrize("name", ["s_Q", "s_S"])
def test_the_same_supply_spelled_otherwise_has_the_same_lot_at_least_cost(name: str) -> None:
    costs = {"holding_cost": 0.0082, "lost_sale": 4}
    one, other = (
        settings({"type": name}, LUMPY, lead, order_cost=1.5, costs=costs) for lead in (UNIFORM, TWO_OR_THREE)
    )
    assert one.p[:2] == pytest.approx(other.p[:2], abs=1.0)


def test_what_a_lost_sale_costs_moves_no_lot_where_a_fill_rate_is_asked() -> None:
    """Another lot than √(2KD/h) = 86 is cheaper by a hundredth of what lots can change, however dear lost sales are."""
    low, high = (
        settings(
            {"type": "s_Q", "fill_rate": 0.97},
            LUMPY,
            UNIFORM,
            order_cost=1.5,
            costs={"holding_cost": 0.0082, "lost_sale": p},
        )
        for p in (1, 100)
    )
    assert low.p == high.p
    assert low.p[1] != 86.0


def test_where_no_lot_is_materially_cheaper_the_economic_one_stays() -> None:
    """One unit at a time, hardly any chance: the cost of a lot is that of the textbook, and so is the lot."""
    demand = {"quantity": 1, "every": 0.01}
    s_Q, eoq = (
        settings({"type": name, "fill_rate": 0.99}, demand, 1, order_cost=8, costs={"holding_cost": 1})
        for name in ("s_Q", "eoq")
    )
    assert s_Q.p == eoq.p
    assert f"no lot whose level delivers is cheaper by {MATERIAL:.1%}" in s_Q.derived[1].formula


def test_a_lot_below_the_demand_of_a_review_is_as_small_as_can_be() -> None:
    """Every week 157 are wanted and ordered; a lot only makes the order coarser: √(2KD/h) = 106 would cost a third more."""
    demand = {"quantity": {"dist": "normal", "mean": 157, "sd": 20}, "every": 7}
    found = settings({"type": "s_Q", "fill_rate": 0.95}, demand, 7, order_cost=2.5, costs={"holding_cost": 0.01})
    assert found.p[1] <= 20.0


MODELS: dict[str, dict[str, Any]] = {
    "Poisson, every day": {"demand_mean": 20.0, "demand_sd": 20**0.5},
    "reviewed once a week": {"demand_mean": 20.0, "demand_sd": 9.0, "review_interval": 7.0},
    "customers, uneven": {"demand_mean": 3.0, "demand_sd": 5.0, "demand_interval": 0.0, "demand_size_mean": 3.0, "demand_size_sd": 4.0},
    "a random lead time": {"demand_mean": 8.0, "demand_sd": 4.0, "lead_sd": 1.0},
    "hardly any": {"demand_mean": 0.4, "demand_sd": 0.9, "order_cost": 400.0},
}  # fmt: skip


@pytest.mark.parametrize("kind", ["fill_rate", "service"])
@pytest.mark.parametrize("rule", ["sQ", "sS"])
@pytest.mark.parametrize("model", MODELS)
def test_no_other_lot_is_materially_cheaper_at_equal_service(
    model: str, rule: Rule, kind: Literal["fill_rate", "service"]
) -> None:
    """Every lot from a fifth to thrice √(2KD/h), each on a fine lattice."""
    changes: dict[str, Any] = {
        "demand_interval": 1.0,
        "demand_size_mean": 1.0,
        "demand_size_sd": 1.0,
        "order_cost": 20.0,
        **MODELS[model],
    }
    if changes["demand_interval"] > 0.0:
        changes |= {"demand_size_mean": changes["demand_mean"], "demand_size_sd": changes["demand_sd"]}
    point = facts(whole=True, holding_cost=1.0, **changes)
    policy: Any = ready("s_Q", **{"fill_rate" if kind == "fill_rate" else "service_level": 0.95})
    lot, usual = choose_lot(policy, point, rule).value, usual_lot(point)
    scaled = stage_of(replace(point, index=0, site="", product="", kind="", sources=()), 3.0 * usual)
    assert scaled is not None
    costs = Costs(point, scaled, prices_of(point, scaled.step), usual, 3.0 * usual + 5.0)

    def cost(size: float) -> float:
        return costs.at_service(rule, scaled.steps(size), kind, 0.95).mixed

    sizes = sorted({permitted(point, usual * share) for share in np.geomspace(0.2, 3.0, 25)})
    least = min(cost(size) for size in sizes)
    assert cost(lot) <= least * (1.0 + 3.0 * MATERIAL)


def test_lots_of_a_few_units_are_compared_with_whole_levels() -> None:
    """√(2KD/h) = 3, and each of 1 … 9 by hand of the same costs: the cheapest with the whole level it needs."""
    point = facts(
        whole=True, demand_interval=1.0, demand_mean=1.0, demand_sd=1.0, demand_size_mean=1.0, demand_size_sd=1.0, holding_cost=0.01,
        order_cost=0.045, backorder_cost=0.0,
    )  # fmt: skip
    policy: Any = ready("s_Q", fill_rate=0.95)
    lot = choose_lot(policy, point, "sQ").value
    scaled = stage_of(replace(point, index=0, site="", product="", kind="", sources=()), 12.0)
    assert scaled is not None
    assert scaled.step == 1.0
    costs = Costs(point, scaled, prices_of(point, 1.0), 3.0, 12.0)
    whole = {size: costs.at_service("sQ", size, "fill_rate", 0.95).whole for size in range(1, 10)}
    assert lot == min(whole, key=lambda size: whole[size])


@pytest.mark.parametrize(
    ("store", "allowed"),
    [({"order_multiple": 25.0}, {50.0, 75.0}), ({"maximum_order": 40.0}, {40.0}), ({"minimum_order": 500.0}, {500.0})],
)
def test_a_lot_can_be_ordered(store: dict[str, float], allowed: set[float]) -> None:
    stock = [{"site": "store", "product": "p", **store}]
    found = settings({"type": "s_Q", "fill_rate": 0.95}, poisson(20), 2.5, costs={"holding_cost": 1}, stock=stock)
    assert found.p[1] in allowed


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({"demand_interval": 0.0, "demand_mean": 5000.0, "demand_sd": 5000**0.5, "demand_size_mean": 1.0, "demand_size_sd": 0.0}, 4096),
        ({"demand_interval": 1e-4, "demand_mean": 10_000.0, "demand_sd": 0.0, "demand_size_mean": 1.0, "demand_size_sd": 0.0}, 4096),
        ({"demand_interval": 1.0, "demand_mean": 5000.0, "demand_sd": 70.0, "demand_size_mean": 5000.0, "demand_size_sd": 70.0}, 8192),
        ({"demand_interval": 1.0, "demand_mean": 20.0, "demand_sd": 10.0, "demand_size_mean": 20.0, "demand_size_sd": 10.0}, 4096),
    ],
)  # fmt: skip
def test_a_rough_lattice_keeps_mean_and_spread(changes: dict[str, float], points: int) -> None:
    from chainsim.theory.stage import Sums

    point = facts(whole=True, lead_mean=7.0, lead_sd=0.0, **changes)
    rough = rough_stage_of(point, 2000.0, 6000.0)
    sums = Sums(rough.stage, rough.stage.reach(rough.steps(6000.0)))
    law = sums.mass(sums.waited(rough.stage.leads))
    units = rough.step * np.arange(len(law))
    demands = 7.0 if point.demand_interval == 0.0 else round(7.0 / point.demand_interval) * point.demand_interval
    covered = demands - (point.demand_interval if point.demand_interval == 1.0 else 0.0)
    mean = float(units @ law)
    assert sums.length <= points
    assert mean == pytest.approx(point.demand_mean * covered, rel=1e-3)
    sd = float(((units - mean) ** 2 @ law) ** 0.5)
    assert sd == pytest.approx(point.demand_sd * covered**0.5, rel=0.06, abs=rough.step)


def test_what_a_lot_serves_and_costs_is_known_for_every_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for another service, the same lots are not computed again, and what comes out is what a first look gives."""
    point = facts()
    scaled = rough_stage_of(point, usual_lot(point), usual_lot(point))
    known, fresh = (Costs(point, scaled, prices_of(point, scaled.step), usual_lot(point)) for _ in range(2))
    lot = scaled.steps(usual_lot(point))
    known.at_service("sQ", lot, "fill_rate", 0.9)
    asked = fresh.at_service("sQ", lot, "fill_rate", 0.97)
    monkeypatch.setattr(Costs, "of_position", None)  # from here on nothing may be computed
    monkeypatch.setattr(Basis, "laws", None)
    assert known.at_service("sQ", lot, "fill_rate", 0.97) == asked
