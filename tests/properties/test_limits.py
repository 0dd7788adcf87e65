"""P35, P38, P40, P41: limits in which the answer needs no simulation. The others of P35–P41 are known answers, see README."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainsim.engines.base import simulate
from chainsim.kpis import measure
from chainsim.theory.eoq import economic_order_quantity
from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.newsvendor import newsvendor
from tests.fastest import ENGINE
from tests.semantics.stage import point, total

from .networks import policies
from .single import CUSTOMERS, lines, store

few = settings(max_examples=40, deadline=None)


def saw_tooth(s: int, lot: int, lead: int, cycles: int = 6) -> dict[str, float]:
    """A store that sells one unit per period by (s, Q), measured over whole cycles of its steady state."""
    warm_up = s + lot + lead + 1
    plan, record = store(
        "quantity: {dist: constant, value: 1}", f"type: s_Q, reorder_point: {s}, order_quantity: {lot}",
        supply=f"lead_time: {lead}", horizon=warm_up + cycles * lot,
    )  # fmt: skip
    i = point(plan, "store")
    net = record.series[0, i, warm_up:] - record.series[1, i, warm_up:]  # as it stands through each period
    orders = record.series[6, i, warm_up:]
    return {
        "on_hand": float(np.maximum(net, 0).mean()),
        "backorders": float(np.maximum(-net, 0).mean()),
        "orders": float((orders > 0).mean()),
        "cost": 0.5 * float(np.maximum(net, 0).mean()) + 10 * float((orders > 0).mean()),
    }


@few
@given(st.integers(0, 12), st.integers(1, 12), st.integers(0, 8))
def test_without_chance_stock_is_a_saw_tooth(s: int, lot: int, lead: int) -> None:
    """P35: the position runs s + 1 … s + Q, so net stock s + 1 − L … s + Q − L (an order placed after the demand of its
    instant meets that of L periods later): a cycle of Q periods, and a stock-out if and only if s + 1 < L."""
    told = saw_tooth(s, lot, lead)
    net = np.arange(s + 1, s + lot + 1) - lead
    assert told["orders"] == pytest.approx(1 / lot)
    assert told["on_hand"] == pytest.approx(np.maximum(net, 0).mean())
    assert told["backorders"] == pytest.approx(np.maximum(-net, 0).mean())
    assert (told["backorders"] > 0) == (s + 1 < lead)


def test_the_cheapest_lot_is_the_economic_one() -> None:
    """P35: K = 10, h = 0.5, one unit a period: Q* = √(2·10/0.5) = 6.32, so 6 (6.32² = 40 lies between 5·6 and 6·7); the
    cost of unit demands is K/Q + h(Q + 1)/2, and at 6 within 0.2 % of √(2Kh) + h/2."""
    best = economic_order_quantity(10, 1, 0.5)
    costs = {lot: saw_tooth(0, lot, 0)["cost"] for lot in range(3, 11)}
    assert min(costs, key=costs.get) == round(best) == 6  # type: ignore[arg-type]
    for lot, cost in costs.items():
        assert cost == pytest.approx(10 / lot + 0.5 * (lot + 1) / 2)
    assert costs[6] == pytest.approx(sqrt(2 * 10 * 0.5) + 0.25, rel=0.002)


@few
@given(policies(), st.integers(0, 40))
def test_without_demand_nothing_is_ordered_after_the_first_fill(policy: dict, start: int) -> None:
    """P41: whatever orders to a target fills up to it once, then rests; the cost is that of holding. (A constant order
    and a forecast of mean demand 0 ask for theirs, or for nothing.)"""
    text = ", ".join(f"{key}: {value}" for key, value in policy.items())
    plan, record = store(
        "quantity: {dist: constant, value: 0}",
        text,
        supply="lead_time: 0",
        stock=f", initial: {{on_hand: {start}}}",
        horizon=30,
    )
    placed = lines(record, "order")
    if policy["type"] == "T_Q":
        assert {quantity for _, quantity in placed} <= {policy["order_quantity"]}
        return
    first = placed[0][0] if placed else 0
    assert [tick for tick, _ in placed if tick > first] == []
    made = measure(record, plan, "network")
    holding = made.values[0, made.ids.index("carrying_cost")]
    stock = start * (first / plan.clock.end) + (start + sum(q for _, q in placed)) * (1 - first / plan.clock.end)
    assert holding == pytest.approx(0.5 * stock * plan.clock.units_per_year)
    assert made.values[0, made.ids.index("shortage_cost")] == 0


@few
@given(CUSTOMERS, st.sampled_from(["s_Q", "s_S"]))
def test_with_more_stock_than_anyone_asks_for_all_is_filled_and_nothing_ordered(demand: str, kind: str) -> None:
    """P41: fill rate 1, no orders."""
    levels = {"s_Q": "reorder_point: 5, order_quantity: 10", "s_S": "reorder_point: 5, order_up_to_level: 20"}[kind]
    plan, record = store(demand, f"type: {kind}, {levels}", stock=", initial: {on_hand: 1000000}")
    assert total(plan, record, "filled", "store") == total(plan, record, "demanded", "store") > 0
    assert lines(record, "order") == []


@pytest.mark.slow
@pytest.mark.parametrize(("review", "periods"), [("before_demand", 4), ("after_demand", 3)])
def test_a_level_of_mean_and_z_deviations_gives_the_period_service_of_z(review: str, periods: int) -> None:
    """P38: normal demand, S = μM + zσ√M with M = L + R before demand and L + R − 1 after it: the share of periods without
    backorders at their end is Φ(z). L = 3, R = 1."""
    z, mean, sd = 1.0, 100.0, 10.0
    level = mean * periods + z * sd * sqrt(periods)
    shares = []
    policy = f"type: R_S, review_interval: 1, order_up_to_level: {level:.9f}"
    plan, _ = store(
        f"quantity: {{dist: normal, mean: {mean}, sd: {sd}}}", policy, supply="lead_time: 3", review=review, horizon=2000,
        product="divisible: true",
    )  # fmt: skip
    i = point(plan, "store")
    for r in range(25):
        record = simulate(plan, r, engine=ENGINE)
        shares.append(float((record.series[1, i, 10:] == 0).mean()))
    error = np.std(shares, ddof=1) / sqrt(len(shares))
    assert error < 0.004
    assert abs(np.mean(shares) - NormalDist().cdf(z)) < 4 * error


@pytest.mark.slow
def test_a_shop_that_starts_anew_every_day_is_a_newsvendor() -> None:
    """P40: goods last one period, unmet demand is lost, the order of each period comes at once: every period is the
    newsvendor's, c_u per unit short, c_o per unit left over. The best level is the theory's, and so is its cost."""
    demand = LeadTimeDemand(18, 0, "poisson")
    best = newsvendor(demand, 2.0, 1.0)
    costs = {}
    for level in (int(best.level) - 3, int(best.level), int(best.level) + 3):
        plan, _ = store(
            "quantity: {dist: poisson, mean: 18}, unmet: lost", f"type: R_S, review_interval: 1, order_up_to_level: {level}",
            supply="lead_time: 0", stock=", lifetime: 1", review="before_demand", horizon=2000,
        )  # fmt: skip
        i = point(plan, "store")
        rows = [simulate(plan, r, engine=ENGINE).closing["points"][i] for r in range(16)]
        costs[level] = np.array([(2.0 * row["lost"] + row["outdated"]) / 2000 for row in rows])
    for level, cost in costs.items():
        if level != best.level:
            worse = cost - costs[int(best.level)]
            assert worse.mean() > 4 * worse.std(ddof=1) / sqrt(len(worse))
    cost = costs[int(best.level)]
    # what is left over in the last of the 2000 periods is not thrown away any more
    assert abs(cost.mean() - best.cost) < 4 * cost.std(ddof=1) / sqrt(len(cost)) + best.leftover / 2000
