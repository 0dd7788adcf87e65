"""Lots where a unit costs by the size of the order: chosen as the textbook does, within what may be ordered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainsim.policies.base import PointFacts, Prices
from chainsim.policies.levels import economic_lot
from chainsim.theory.discounts import all_units, incremental, purchase_price

from .stock_points import facts, ready

STARTS, PRICES = (0.0, 400.0, 800.0), (0.75, 0.72, 0.68)


def shop(kind: str = "all_units", *, rate: float = 0.3, duty: float = 0.0, **changes: Any) -> PointFacts:
    prices = Prices(STARTS, PRICES, kind == "incremental", rate, duty)
    return facts(
        **{"demand_mean": 1300.0, "order_cost": 8.0, "holding_cost": 0.225, "prices": prices, "whole": False, **changes}
    )


def best_of_all(point: PointFacts, lots: Any) -> float:
    """The cheapest of many lots, by what each costs: the slow way."""
    assert point.prices is not None
    prices = point.prices
    price = np.array([purchase_price(q, STARTS, PRICES, incremental=prices.incremental) for q in lots])
    held = prices.carrying_rate * price if prices.carrying_rate else point.holding_cost
    cost = (
        (1.0 + prices.duty) * price * point.demand_mean
        + point.order_cost * point.demand_mean / lots
        + held * lots / 2.0
    )
    return float(lots[cost.argmin()])


@pytest.mark.parametrize("kind", ["all_units", "incremental"])
@pytest.mark.parametrize(
    "changes",
    [{}, {"rate": 0.0}, {"duty": 0.5}, {"order_cost": 80.0}, {"maximum_order": 500.0}, {"minimum_order": 450.0}],
)
def test_the_lot_is_the_cheapest_of_all_lots(kind: str, changes: dict[str, float]) -> None:
    point = shop(kind, **changes)
    lots = np.arange(point.minimum_order or 1.0, (point.maximum_order or 4000.0) + 0.25, 0.25)
    assert economic_lot(point).exact == pytest.approx(best_of_all(point, lots), abs=0.25)


def test_eoq_orders_the_textbooks_lots_and_says_of_what() -> None:
    """Snyder & Shen (2019), Examples 3.5 and 3.7."""
    for kind, lot in (("all_units", 800.0), ("incremental", 304.0467800264368)):
        settings = ready("eoq").settings(shop(kind))
        [_, told] = settings.derived
        assert told.value == pytest.approx(lot)
        assert "0.72 from 400" in told.formula
        assert settings.p[1] == told.value


def test_a_given_holding_cost_does_not_fall_with_the_price() -> None:
    assert all_units(8, 1300, 0.0, STARTS, PRICES, 0.225).quantity == 800.0
    assert incremental(8, 1300, 0.0, (0,), (0.75,), 0.225).quantity == pytest.approx(304.0467800264368)


@pytest.mark.parametrize("name", ["s_Q", "s_S"])
def test_policies_that_choose_a_lot_take_this_one(name: str) -> None:
    """With and without a service that is asked."""
    poisson = {"demand_mean": 20.0, "demand_sd": 20.0**0.5, "poisson": True, "whole": True, "lead_mean": 1.0}
    for more in ({"target_fill_rate": 0.95}, {"backorder_cost": 2.0, "holding_cost": 0.2}):
        point = shop(order_cost=8.0, **poisson, **more)
        settings = ready(name).settings(point)
        lot = settings.p[1] if name == "s_Q" else settings.p[1] - settings.p[0]
        assert lot == economic_lot(point).value
        assert "all-units prices" in settings.derived[1].formula


def test_least_cost_says_that_it_takes_stock_at_its_worth() -> None:
    settings = ready("s_Q").settings(
        shop(demand_mean=20.0, demand_sd=20.0**0.5, poisson=True, whole=True, backorder_cost=2.0, lead_mean=1.0)
    )
    assert settings.promise is not None
    assert "that stock is worth what was paid for it" in settings.promise.unknown


def test_what_is_lacking_for_a_lot_is_said() -> None:
    with pytest.raises(
        ValueError, match=r"store / p: a lot at price breaks needs order cost and carrying cost above 0; give it"
    ):
        ready("eoq").settings(shop(order_cost=0.0, rate=0.0, holding_cost=0.0))
    with pytest.raises(ValueError, match=r"no lot at these price breaks: .*smallest is larger.*change minimum_order"):
        ready("eoq").settings(shop(minimum_order=50.0, maximum_order=40.0))
