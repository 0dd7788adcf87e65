"""`multi_echelon`: its rule by hand, and its levels on a line, a warehouse with retailers, a tree, and a network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise

import pytest
from scipy.stats import norm, poisson

from chainsim.plan.tables import POINT
from chainsim.policies.base import NetworkFacts, PointFacts, Settings, SourceFacts
from chainsim.policies.multi_echelon import MultiEchelon, order_quantity
from chainsim.rules.position import ECHELON, POSITION
from chainsim.theory.guaranteed_service import place_safety_stock
from chainsim.theory.guaranteed_service_problem import Stage
from chainsim.theory.one_warehouse import Stream, retailer_measures

Source = tuple[int | None, float]


def point(index: int, rate: float, lead_time: float, sources: Sequence[Source], **facts: object) -> PointFacts:
    """A stock point with Poisson demand and a constant lead time; `sources` are (origin, share)."""
    values: dict[str, object] = {
        "site": f"site-{index}",
        "product": "p",
        "kind": "dc",
        "demand_mean": rate,
        "demand_sd": rate**0.5,
        "demand_interval": 0.0,
        "demand_size_mean": 1.0,
        "demand_size_sd": 0.0,
        "poisson": True,
        "customers": False,
        "lead_mean": lead_time,
        "lead_sd": 0.0,
        "sources": tuple(SourceFacts(origin, share, lead_time, 0.0) for origin, share in sources),
        "crossing": True,
        "review_interval": 0.0,
        "before_demand": False,
        "unit_cost": 10.0,
        "holding_cost": 1.0,
        "order_cost": 0.0,
        "backorder_cost": 9.0,
        "lost_sale_cost": 0.0,
        "lost_sales": False,
        "target_fill_rate": None,
        "whole": True,
    }
    return PointFacts(index=index, **{**values, **facts})  # type: ignore[arg-type]


def network(*points: PointFacts) -> NetworkFacts:
    arcs = tuple(
        tuple(p.index for p in points if any(s.origin == i and s.share > 0 for s in p.sources))
        for i in range(len(points))
    )
    return NetworkFacts(points, arcs, "day", "EUR", 365.0)


def derived(policy: MultiEchelon, *points: PointFacts) -> dict[int, Settings]:
    return policy.derive(network(*points), range(len(points)))


def method_of(settings: Settings) -> str:
    return settings.derived[0].formula.split()[0].rstrip(":")


def shang_song(**facts: object) -> list[PointFacts]:
    """Shang & Song (2003), Table 1, row 1: local holding cost 1, 0.75, 0.5, 0.25 from the customers up."""
    return [
        point(0, 16.0, 0.25, [(1, 1.0)], holding_cost=1.0, customers=True, **facts),
        point(1, 16.0, 0.25, [(2, 1.0)], holding_cost=0.75, **facts),
        point(2, 16.0, 0.25, [(3, 1.0)], holding_cost=0.5, **facts),
        point(3, 16.0, 0.25, [(None, 1.0)], holding_cost=0.25, **facts),
    ]


def shops(count: int, rate: float, warehouse_lead: float, **facts: object) -> list[PointFacts]:
    """`count` retailers (lead time 1) and their warehouse, the last."""
    retailers = [point(i, rate, 1.0, [(count, 1.0)], customers=True, **facts) for i in range(count)]
    return [*retailers, point(count, count * rate, warehouse_lead, [(None, 1.0)], holding_cost=0.4)]


# the rule


@pytest.mark.parametrize(
    ("watch", "p", "expected"),
    [
        (POSITION, (20.0, 0.0), 13.0),  # own position 4 + 6 − 3 = 7
        (ECHELON, (20.0, 0.0), 5.0),  # echelon position 15
        (ECHELON, (15.0, 0.0), 0.0),
        (ECHELON, (14.0, 0.0), 0.0),
        (POSITION, (7.0, 5.0), 5.0),  # at r: one batch
        (POSITION, (6.0, 5.0), 0.0),  # above r: none
        (POSITION, (12.0, 5.0), 10.0),  # 7 + 5 = 12 is not above 12: two batches
        (ECHELON, (15.0, 8.0), 8.0),
        (POSITION, (7.5, 0.25), 0.75),  # divisible: 7 + 0.75 is the first above 7.5
    ],
)
def test_rule_by_hand(watch, p, expected):
    stock = POINT.row(watch=watch, whole=1, on_hand=4.0, on_order=6.0, backorders=3.0, echelon_position=15.0)
    assert order_quantity(stock, p, []) == expected


def test_batches_of_one_are_base_stock_for_whole_units():
    for position in range(-5, 12):
        stock = POINT.row(watch=POSITION, whole=1, on_hand=float(position), on_order=0.0, backorders=0.0)
        assert order_quantity(stock, (7.0, 1.0), []) == order_quantity(stock, (8.0, 0.0), [])


# a line


def test_a_line_gets_clark_scarf_levels():
    settings = derived(MultiEchelon(), *shang_song())
    assert [settings[i].p for i in range(4)] == [(level, 0.0) for level in (8.0, 13.0, 18.0, 22.0)]
    assert [settings[i].order_up_to for i in range(4)] == [8.0, 13.0, 18.0, 22.0]
    assert {settings[i].watch for i in range(4)} == {"echelon"}
    assert method_of(settings[0]) == "echelon_base_stock"
    assert settings[0].derived[0].inputs["cost per time unit"] == pytest.approx(12.6878978279)
    assert "newsvendor ratio b / (b + h) = 9 / (9 + 1)" in settings[0].derived[0].formula


def test_a_line_with_order_costs_gets_nested_batches():
    points = shang_song(order_cost=2.0)
    settings = derived(MultiEchelon(), *points)
    batches = [settings[i].p[1] for i in range(4)]
    assert batches[0] == 8.0  # √(2·2·16 / 1)
    assert all(up % down == 0.0 for down, up in pairwise(batches))
    one_for_one = derived(MultiEchelon(batch="none"), *points)
    assert [one_for_one[i].p for i in range(4)] == [(level, 0.0) for level in (8.0, 13.0, 18.0, 22.0)]
    assert settings[3].order_up_to == sum(settings[3].p)  # the line starts at its highest echelon position


def test_equal_holding_costs_put_all_stock_at_the_customers():
    points = [point(0, 5.0, 1.0, [(1, 1.0)], customers=True), point(1, 5.0, 2.0, [(None, 1.0)])]
    settings = derived(MultiEchelon(service_level=0.9), *points)
    assert [settings[i].order_up_to for i in (0, 1)] == [poisson.ppf(0.9, 15.0)] * 2


def test_holding_cost_falling_towards_the_customer_is_said():
    points = [
        point(0, 5.0, 1.0, [(1, 1.0)], customers=True, holding_cost=0.5),
        point(1, 5.0, 2.0, [(None, 1.0)], holding_cost=1.0),
    ]
    assert "falls towards the customer" in derived(MultiEchelon(), *points)[0].warnings[0]


def test_periodic_review_delays_only_the_last_stage():
    points = [
        point(0, 5.0, 1.0, [(1, 1.0)], customers=True, review_interval=7.0),
        point(1, 5.0, 2.0, [(None, 1.0)], review_interval=7.0),
    ]
    found = derived(MultiEchelon(review_interval=7.0), *points)
    assert found[0].derived[0].inputs["mean D_i"] == pytest.approx(40.0)
    assert found[1].derived[0].inputs["mean D_i"] == pytest.approx(10.0)


def test_periodic_review_upstream_covers_whole_intervals():
    """Weekly orders reach the warehouse at its own review: with 10 days of lead time it must cover two weeks."""
    retailers = [point(i, 2.0, 1.0, [(2, 1.0)], customers=True, review_interval=7.0) for i in range(2)]
    settings = derived(
        MultiEchelon(review_interval=7.0), *retailers, point(2, 4.0, 10.0, [(None, 1.0)], review_interval=7.0)
    )
    assert [settings[i].derived[0].inputs["L"] for i in (0, 2)] == [8.0, 14.0]


# one warehouse, many retailers


def test_one_warehouse_gets_levels_that_reach_the_fill_rate():
    settings = derived(MultiEchelon(fill_rate=0.95), *shops(4, 2.0, 3.0))
    assert {method_of(s) for s in settings.values()} == {"metric"}
    assert {s.watch for s in settings.values()} == {"position"}
    levels, batches = zip(*(settings[i].p for i in range(5)), strict=True)
    assert set(batches) == {0.0}
    warehouse, retailer = Stream.poisson(8.0, 3.0), Stream.poisson(2.0, 1.0)
    fill = [
        retailer_measures(warehouse, levels[4], retailer, levels[0] - less, "two_moment").fill_rate
        for less in (0.0, 1.0)
    ]
    assert fill[1] < 0.95 <= fill[0]
    assert [settings[i].order_up_to for i in range(5)] == list(levels)


def test_the_warehouse_allows_for_orders_that_come_in_batches():
    single = derived(MultiEchelon(fill_rate=0.95), *shops(4, 2.0, 3.0))
    lumps = derived(MultiEchelon(fill_rate=0.95), *shops(4, 2.0, 3.0, order_cost=25.0))
    assert lumps[0].p[1] == 10.0  # √(2·25·2)
    assert lumps[0].p[0] < single[0].p[0] - 1.0  # batches bring stock of their own
    assert lumps[4].p[0] > single[4].p[0]


# trees and networks


def test_guaranteed_service_on_a_line():
    """Simpson's line: base stock 136.1 at the first and third stage from the customers' end."""
    holding, times = (7.0, 4.0, 2.0, 1.0), (2.0, 4.0, 3.0, 3.0)
    points = [
        point(
            i,
            20.0,
            times[i],
            [(i + 1 if i < 3 else None, 1.0)],
            demand_sd=4.0,
            poisson=False,
            whole=False,
            customers=i == 0,
            holding_cost=holding[i],
        )
        for i in range(4)
    ]
    policy = MultiEchelon(method="guaranteed_service", service_level=float(norm.cdf(1.645)))
    settings = derived(policy, *points)
    assert [settings[i].order_up_to for i in range(4)] == pytest.approx([136.117642508, 0.0, 136.117642508, 0.0])
    assert {settings[i].watch for i in range(4)} == {"position"}


def tree() -> list[PointFacts]:
    """Four stores under two DCs under a plant."""
    stores = [point(i, 3.0, 2.0, [(4 + i // 2, 1.0)], customers=True, holding_cost=1.2) for i in range(4)]
    dcs = [point(4 + j, 6.0, 5.0, [(6, 1.0)], holding_cost=0.8) for j in range(2)]
    return [*stores, *dcs, point(6, 12.0, 9.0, [(None, 1.0)], holding_cost=0.4)]


def test_a_tree_gets_guaranteed_service():
    settings = derived(MultiEchelon(service_level=0.95), *tree())
    assert {method_of(s) for s in settings.values()} == {"guaranteed_service"}
    stages = [
        Stage(
            p.lead_mean,
            p.holding_cost,
            p.demand_sd,
            p.demand_mean,
            norm.ppf(0.95),
            service_time=0.0 if p.customers else None,
        )
        for p in tree()
    ]
    best = place_safety_stock(stages, [(4, 0), (4, 1), (5, 2), (5, 3), (6, 4), (6, 5)], "mixed_integer")
    exact = [settings[i].derived[0].exact for i in range(7)]
    assert sum(p.holding_cost * (x - m) for p, x, m in zip(tree(), exact, means(tree(), best), strict=True)) == (
        pytest.approx(best.cost)
    )


def means(points, placed):
    return [p.demand_mean * tau for p, tau in zip(points, placed.net_replenishment_times, strict=True)]


def test_a_fill_rate_is_met_over_the_net_replenishment_time():
    settings = derived(MultiEchelon(fill_rate=0.97), *tree())
    tau = settings[0].derived[0].inputs["tau"]
    level = settings[0].p[0]
    fill = [poisson.cdf(level - 1.0 - less, 3.0 * tau) for less in (0.0, 1.0)]  # P(D < S): unit demands
    assert fill[1] < 0.97 <= fill[0]


def test_promised_service_time_saves_stock_at_the_stores():
    now = derived(MultiEchelon(service_level=0.95), *tree())
    later = derived(MultiEchelon(service_level=0.95, service_time=2.0), *tree())
    assert sum(later[i].order_up_to for i in range(7)) < sum(now[i].order_up_to for i in range(7))


def test_a_network_with_two_sources_gets_guaranteed_service():
    stores = [point(i, 3.0, 2.0, [(2, 0.6), (3, 0.4)], customers=True) for i in range(2)]
    dcs = [point(2, 3.6, 4.0, [(4, 1.0)]), point(3, 2.4, 3.0, [(4, 1.0)])]
    settings = derived(MultiEchelon(service_level=0.95), *stores, *dcs, point(4, 6.0, 5.0, [(None, 1.0)]))
    assert {method_of(s) for s in settings.values()} == {"guaranteed_service"}
    for i, p in enumerate([*stores, *dcs]):
        inputs = settings[i].derived[0].inputs
        assert inputs["tau"] == pytest.approx(inputs["SI"] + p.lead_mean - inputs["service time"])
    assert settings[0].derived[0].inputs["SI"] == max(settings[i].derived[0].inputs["service time"] for i in (2, 3))


# which service, which points, which method


def test_service_wanted_comes_from_the_user_then_the_target_then_the_costs_then_the_default():
    def reason(policy: MultiEchelon, **facts: object) -> str:
        alone = point(0, 5.0, 2.0, [(None, 1.0)], customers=True, **facts)
        return derived(policy, alone)[0].derived[0].formula

    assert "fill rate β = 0.9 (given)" in reason(MultiEchelon(fill_rate=0.9, service_level=0.8), target_fill_rate=0.97)
    assert "service level α = 0.8 (given)" in reason(MultiEchelon(service_level=0.8), target_fill_rate=0.97)
    assert "fill rate β = 0.97 (the scenario's target)" in reason(MultiEchelon(), target_fill_rate=0.97)
    assert "newsvendor ratio" in reason(MultiEchelon())
    assert "service level α = 0.95 (usual value" in reason(MultiEchelon(), backorder_cost=0.0)


def test_products_and_ungoverned_stock_points_part_the_network():
    two_lines = [
        point(0, 5.0, 1.0, [(2, 1.0)], customers=True),
        point(1, 5.0, 1.0, [(3, 1.0)], customers=True),
        point(2, 5.0, 2.0, [(None, 1.0)]),
        point(3, 5.0, 2.0, [(None, 1.0)]),
    ]
    assert {method_of(s) for s in derived(MultiEchelon(), *two_lines).values()} == {"echelon_base_stock"}
    only_the_store = MultiEchelon(service_level=0.9).derive(network(*two_lines), [0])
    assert set(only_the_store) == {0}
    assert only_the_store[0].p == (poisson.ppf(0.9, 5.0), 0.0)


@pytest.mark.parametrize("method", ["echelon_base_stock", "metric"])
def test_a_method_that_does_not_fit_is_refused_with_advice(method):
    with pytest.raises(ValueError, match=r"site-6 / p.*use method: auto"):
        derived(MultiEchelon(method=method), *tree())


@pytest.mark.parametrize("points", [shang_song(order_cost=2.0), shops(4, 2.0, 3.0, order_cost=25.0), tree()])
def test_nothing_is_ordered_above_wake_at_and_something_at_the_reorder_level(points):
    for settings in derived(MultiEchelon(), *points).values():
        for above in (0.01, 1.0, 50.0):
            stock = POINT.row(watch=POSITION, whole=1, on_hand=0.0, on_order=settings.wake_at + above, backorders=0.0)
            assert order_quantity(stock, settings.p, []) == 0.0
        stock = POINT.row(watch=POSITION, whole=1, on_hand=0.0, on_order=settings.p[0] - 1.0, backorders=0.0)
        assert order_quantity(stock, settings.p, []) > 0.0


def test_loading_the_policy_does_not_load_scipy():
    code = "import sys, chainsim.policies.multi_echelon; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
