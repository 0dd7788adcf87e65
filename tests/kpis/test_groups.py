"""Groups of sites and of products as scopes: a group is a network of its own, and its numbers are those of a recount."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from chainsim.engines.base import simulate
from chainsim.kpis import Measures, Scopes, View, delivery_block, kpis_of, measure
from chainsim.kpis.delivery import AT
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.record.stack import Records
from chainsim.scenario.load import load_text
from tests.kpis.handmade import closing, plan, record
from tests.kpis.test_measures import busy_full

TEXT = """
chainsim: 1
title: Groups
time: {unit: day, warm_up: 20, horizon: 70, bucket: week}
replications: 1
seed: 7
products:
  soup: {unit_cost: 2.00, unit_price: 3.50, groups: [A, all]}
  salt: {unit_cost: 0.50, unit_price: 0.90, groups: [all]}
sites:
  farm: {kind: supplier, groups: [everything]}
  dc: {kind: dc, groups: [everything, hubs, region]}
  store-1: {kind: store, groups: [everything, one, region]}
  store-2: {kind: store, groups: [everything, region, shops]}
  store-3: {kind: store, groups: [everything, shops]}
lanes:
  - {from: farm, to: dc, lead_time: {dist: gamma, mean: 4, cv: 0.3}, order_cost: 60}
  - {from: dc, to: [store-1, store-2, store-3], lead_time: 1, order_cost: 5, unit_cost: 0.05}
stock:
  - {site: dc, lifetime: 9}
  - {site: {kind: store}, lifetime: 5}
demand:
  - {site: {kind: store}, product: soup, quantity: {dist: poisson, mean: 6}, every: 1, unmet: backorder}
  - {site: {kind: store}, product: salt, type: arrivals, gap: {dist: exponential, mean: 0.5},
     size: {dist: discrete_uniform, low: 1, high: 4}, unmet: lost}
costs: {currency: EUR, carrying_rate: 25% per year, backorder: 0.40, lost_sale: margin}
policies:
  only: {type: R_S, review_interval: 2, service_level: 0.8}
"""


@pytest.fixture(scope="module")
def ran() -> tuple[Plan, Record, Measures]:
    the_plan = compile_plan(load_text(TEXT, "groups.yaml"), "only")
    the_record = simulate(the_plan, 0, engine="simpy")
    return the_plan, the_record, measure(the_record, the_plan)


def row(made: Measures, site: str, product: str = "") -> np.ndarray:  # type: ignore[type-arg]
    return made.values[[(s.site, s.product) for s in made.scopes].index((site, product))]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("group", "same"),
    [
        (("group:everything", ""), ("", "")),
        (("group:one", ""), ("store-1", "")),
        (("group:hubs", ""), ("kind:dc", "")),
        (("", "group:all"), ("", "")),
        (("", "group:A"), ("", "soup")),
    ],
)
def test_a_group_that_is_a_known_scope_has_its_numbers(
    ran: tuple[Plan, Record, Measures], group: tuple[str, str], same: tuple[str, str]
) -> None:
    made = ran[2]
    mine, known = row(made, *group), row(made, *same)
    for id, a, b in zip(made.ids, mine, known, strict=True):
        if id == "utilisation":
            continue
        assert_allclose(a, b, rtol=1e-12, err_msg=id)
    assert np.isfinite(known).sum() > 25


def test_a_region_is_recounted_from_the_totals(ran: tuple[Plan, Record, Measures]) -> None:
    """The dc and two of its three stores: only their customers are demand, and what comes in comes from the farm."""
    the_plan, the_record, made = ran
    values = dict(zip(made.ids, row(made, "group:region"), strict=True))
    layout = the_plan.layout
    inside = [p for p in range(len(the_plan.points)) if layout.sites[layout.site[p]] in ("dc", "store-1", "store-2")]
    opening, now = the_record.opening["points"], the_record.closing["points"]

    def grown(column: str, only: list[int] = inside) -> float:
        return float((now[column] - opening[column])[only].sum())

    shops = [p for p in inside if layout.sites[layout.site[p]] != "dc"]
    assert values["fill_rate"] == pytest.approx(grown("filled") / grown("demanded"))
    cycles, failed = grown("cycles", shops), grown("cycles_failed", shops)
    assert values["cycle_service_level"] == pytest.approx((cycles - failed) / cycles)
    window = the_plan.clock.end - the_plan.clock.warm_up
    assert values["on_hand_mean"] == pytest.approx(grown("on_hand_time") / window)
    at_dc = [p for p in inside if p not in shops]
    assert values["outdated_rate"] == pytest.approx(grown("outdated") / grown("received", at_dc))
    assert values["outdated_rate"] > 0
    ordered = the_record.series[6][at_dc].sum(axis=0)[3:]  # what the dc orders of the farm, whole weeks of the window
    demanded = the_record.series[4][shops].sum(axis=0)[3:]
    received = the_record.series[5][at_dc].sum(axis=0)[3:]
    assert values["bullwhip"] == pytest.approx(ordered.var(ddof=1) / received.var(ddof=1))
    everyone = the_record.series[4].sum(axis=0)[3:]  # customers downstream of the dc, store-3's too
    assert values["bullwhip_cumulative"] == pytest.approx(ordered.var(ddof=1) / everyone.var(ddof=1))
    assert demanded.sum() < everyone.sum()


def test_groups_may_overlap_and_come_in_natural_order(ran: tuple[Plan, Record, Measures]) -> None:
    names = [s.site for s in ran[2].scopes if s.site.startswith("group:")]
    assert names == ["group:everything", "group:hubs", "group:one", "group:region", "group:shops"]
    assert [s.product for s in ran[2].scopes if s.product.startswith("group:")] == ["group:A", "group:all"]
    network_only = Scopes.of(ran[0].layout, "network")
    assert [s.product for s in network_only.names] == ["", "salt", "soup", "group:A", "group:all"]


def test_sums_of_deliveries_by_hand() -> None:
    """Stores sold 10 + 30, 8 + 18 at once; the dc was asked for 40 in 10 orders and gave 30 at once."""
    layout = replace(plan().layout, site_groups=(("north",), (), (), ()))
    the_plan = plan(layout=layout)
    made = closing(busy_full(), scrapped=[1, 0, 3, 0])
    lanes = made.closing["lanes"]
    lanes["orders"], lanes["orders_waited"], lanes["shipped"], lanes["wait_ticks"] = (
        [5, 5, 2],
        [1, 4, 0],
        [9, 20, 50],
        [18, 300, 0],
    )
    scopes = Scopes.of(layout)
    sums = delivery_block(View(Records.of([made]), the_plan, scopes))[0]
    at = {(s.site, s.product): sums[i] for i, s in enumerate(scopes.names)}

    def told(place: str, *columns: str) -> list[float]:
        return [float(at[place, ""][AT[c]]) for c in columns]

    assert told("", "demanded", "filled", "cycles", "cycles_good", "scrapped") == [40, 26, 10, 7, 1]
    assert told("dc", "demanded", "filled", "cycles", "cycles_good", "scrapped") == [40, 30, 5, 0, 3]
    assert told("group:north", "demanded", "filled", "cycles", "cycles_good") == [10, 8, 4, 3]
    assert told("", "orders", "orders_waited", "sent", "wait_ticks") == [10, 5, 29, 318]
    assert told("dc", "orders", "orders_waited", "requested", "requests") == [2, 0, 40, 10]
    assert told("", "requested") == [0]
    assert told("", "lost") == [4 - 1]


def test_a_measure_is_defined_for_every_group() -> None:
    layout = replace(plan().layout, site_groups=(("north",), ("north",), (), ()), product_groups=(("A",),))
    made = measure(record(), plan(layout=layout))
    assert made.values.shape == (len(Scopes.of(layout)), len(kpis_of([plan()])))
    assert_array_equal(row(made, "group:north"), row(made, "kind:store"))
