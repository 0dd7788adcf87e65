"""`transship_from`: a short shelf takes from another site's free stock at once; by hand, and against theory."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.errors import ScenarioError
from chainsim.plan.compile import compile_plan
from chainsim.record.audit import violations
from chainsim.scenario.load import load_text

from .stage import HEAD, log_of, point, series, stage, total
from .test_windows import kpi

STORES = """
products: {p: {unit_cost: 10, unit_price: 15}}
sites: {supplier: {kind: supplier}, a: {kind: store}, b: {kind: store}, c: {kind: store}}
lanes: [{from: supplier, to: [a, b, c], lead_time: 2}]
stock: [{site: a, initial: {on_hand: 1}}, {site: b, initial: {on_hand: 3}}, {site: c, initial: {on_hand: 9}}]
demand:
  - {site: a, product: p, quantity: 6, every: 100, offset: 1, transship_from: {kind: store}, UNMET}
  - {site: [b, c], product: p, quantity: 1, every: 100, offset: 50}
costs: {transshipment: 0.5}
policies:
  only:
    type: base_stock
    order_up_to_level: 1
    rules: [{site: b, type: base_stock, order_up_to_level: 3}, {site: c, type: base_stock, order_up_to_level: 9}]
"""


def test_partners_lend_in_order_of_their_names_and_order_again() -> None:
    """6 wanted at 1: 1 from the shelf, 3 from b, 2 from c. Each orders what left its own stock; all is back at 3."""
    plan, record = stage(STORES.replace("UNMET", "unmet: lost"), horizon=6)
    assert [(line.point, line.quantity) for line in log_of(record, "lend")] == [
        (point(plan, "b"), 3.0),
        (point(plan, "c"), 2.0),
    ]
    for site, orders, on_hand in (("a", 1, [1, 0, 0, 1]), ("b", 3, [3, 0, 0, 3]), ("c", 2, [9, 7, 7, 9])):
        assert series(plan, record, "ordered", site)[1] == orders
        assert series(plan, record, "on_hand", site)[:4] == on_hand
    assert total(plan, record, "lost", "a") == 0
    assert violations(record, plan) == []
    assert kpi(plan, record, "fill_rate") == pytest.approx(1 / 6)
    assert kpi(plan, record, "transshipment_rate") == pytest.approx(5 / 6)
    assert kpi(plan, record, "transshipment_cost") == pytest.approx(5 * 0.5 / 6)
    assert kpi(plan, record, "total_cost") == pytest.approx(5 * 0.5 / 6)
    assert kpi(plan, record, "margin") == pytest.approx((6 * 5 - 5 * 0.5) / 6)
    assert kpi(plan, record, "on_time_rate") == 1


@pytest.mark.parametrize(
    ("unmet", "column"), [("lost", "lost"), ("backorder", "backorders"), ("emergency", "emergency")]
)
def test_what_nobody_has_is_unmet_as_ever(unmet: str, column: str) -> None:
    """20 wanted, 13 there."""
    plan, record = stage(STORES.replace("UNMET", f"unmet: {unmet}").replace("quantity: 6", "quantity: 20"), horizon=3)
    assert total(plan, record, "filled", "a") == 1
    assert total(plan, record, "transshipped", "a") == 12
    assert series(plan, record, column, "a")[1] == 7
    assert violations(record, plan) == []


@pytest.mark.slow
def test_two_stores_that_pool_everything() -> None:
    """P-LAT-1: one for one, S = (3, 2), Poisson 2 and 1, exponential lead times of mean 1, lost when both are empty.

    Exact numerics of the Markov chain (Axsäter 1990, Management Science 36(11)); the lost share is Erlang's formula.
    """
    body = HEAD.replace("HORIZON", "6000").replace("REVIEW", "after_demand").replace("warm_up: 0", "warm_up: 200")
    body += """
products: {p: {}}
sites: {supplier: {kind: supplier}, a: {kind: store}, b: {kind: store}}
lanes: [{from: supplier, to: [a, b], lead_time: {dist: exponential, mean: 1}}]
demand:
  - {site: a, product: p, type: arrivals, gap: {dist: exponential, rate: 2}, unmet: lost, transship_from: [a, b]}
  - {site: b, product: p, type: arrivals, gap: {dist: exponential, rate: 1}, unmet: lost, transship_from: [a, b]}
policies:
  only: {type: base_stock, order_up_to_level: 3, rules: [{site: b, type: base_stock, order_up_to_level: 2}]}
"""
    plan = compile_plan(load_text(body, "case.yaml", None), "only")
    expected = {
        ("a", "filled"): 0.752320826563,
        ("b", "filled"): 0.708963580292,
        ("a", "transshipped"): 0.137624825611,
        ("b", "transshipped"): 0.180982071882,
        ("a", "lost"): 0.110054347826,
        ("b", "lost"): 0.110054347826,
        ("a", "on_hand_time"): 1.31437627499,
        ("b", "on_hand_time"): 1.01578676849,
    }
    seen: dict[tuple[str, str], list[float]] = {key: [] for key in expected}
    for replication in range(24):
        record = simulate(plan, replication)
        for site, column in expected:
            i = point(plan, site)
            first, last = record.opening["points"][i], record.closing["points"][i]
            per = plan.clock.end - plan.clock.warm_up
            if column != "on_hand_time":
                per = last["demanded"] - first["demanded"]
            seen[site, column].append(float((last[column] - first[column]) / per))
    for key, value in expected.items():
        mean, error = np.mean(seen[key]), np.std(seen[key], ddof=1) / sqrt(24)
        assert error <= max(0.01 * value, 0.002), f"{key}: too wide to prove anything ({error:.4g})"
        assert abs(mean - value) <= 4 * error, f"{key}: {mean:.6g} against {value:.6g} ± {error:.2g}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{kind: store}, UNMET", "supplier", "'supplier' is a supplier: it cannot hand anything over"),
        ("UNMET", "fill: all_or_nothing", "not served from two shelves"),
        ("{kind: store}, UNMET", "bb", "unknown site 'bb'"),
    ],
)
def test_who_can_lend(old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        stage(STORES.replace(old, new))
    assert said in str(refused.value)
