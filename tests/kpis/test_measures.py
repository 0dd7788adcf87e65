"""Every measure on records small enough to do by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from chainsim.kpis import KPIS, Scopes, bucket_series, cost_lines, kpis_of, measure
from chainsim.plan.plan import Plan
from chainsim.plan.tables import LANE, RESOURCE
from chainsim.record.record import Record
from tests.kpis.handmade import DC, END, STORE_1, STORE_2, TO_DC, TO_STORE_1, WARM_UP, closing, plan, record, series

WINDOW = END - WARM_UP


def value(kpi: str, the_record: Record, site: str = "", product: str = "", the_plan: Plan | None = None) -> float:
    made = measure(the_record, the_plan or plan())
    scope = [(s.site, s.product) for s in made.scopes].index((site, product))
    return float(made.values[scope, made.ids.index(kpi)])


def busy() -> Record:
    """Stores sold 10 + 30 units, 8 + 18 at once; the DC was asked for 40 and gave 30 at once."""
    return closing(
        record(),
        demanded=[10, 30, 0, 0],
        filled=[8, 18, 0, 0],
        backfilled=[1, 6, 0, 0],
        backfilled_early=[0, 1, 0, 0],
        lost=[1, 3, 0, 0],
        lost_early=[0, 1, 0, 0],
        requested=[0, 0, 40, 99],
        requested_filled=[0, 0, 30, 99],
        lines=[5, 10, 0, 0],
        lines_filled=[4, 5, 0, 0],
        requests=[0, 0, 10, 9],
        requests_filled=[0, 0, 9, 9],
        on_time=[1, 3, 0, 0],
        waited_lost=[0, 40, 0, 0],
        customer_backorder_time=[400, 800, 0, 0],
        backorder_time=[400, 800, 1200, 0],
        cycles=[4, 6, 5, 0],
        cycles_failed=[1, 2, 5, 0],
        buckets=[4, 4, 4, 4],
        buckets_good=[4, 2, 1, 4],
        stocked_time=[400, 200, 100, 0],
        on_hand_time=[4000, 2000, 8000, 0],
        shipped=[9, 24, 33, 50],
        orders=[5, 5, 2, 0],
    )


def busy_full() -> Record:
    made = busy()
    made.waiting[STORE_2] = 5
    return made


@pytest.mark.parametrize(
    ("kpi", "site", "expected"),
    [
        ("fill_rate", "", 26 / 40),
        ("fill_rate", "store-1", 0.8),
        ("fill_rate", "kind:store", 26 / 40),
        ("fill_rate", "kind:dc", 30 / 40),
        ("cycle_service_level", "", 7 / 10),
        ("cycle_service_level", "dc", 0.0),
        ("period_service_level", "", 6 / 8),
        ("period_service_level", "dc", 1 / 4),
        ("ready_rate", "", 600 / 800),
        ("ready_rate", "dc", 100 / 400),
        ("order_fill_rate", "", 9 / 15),
        ("order_fill_rate", "dc", 9 / 10),
        ("on_time_rate", "", 30 / 40),
        ("on_time_rate", "dc", np.nan),
        # 1200 unit-ticks were owed, 40 of them to customers who left; 40 units were demanded, 4 lost
        ("wait_mean", "", (1200 - 40) / (40 - 4) / 10),
        ("wait_mean", "dc", 1200 / 40 / 10),
        ("backorder_rate", "", (7 - 1 + 5) / 40),
        ("backorder_rate", "dc", 10 / 40),
        ("backorders_mean", "", 1200 / WINDOW),
        ("backorders_mean", "dc", 3.0),
        ("lost_sales_rate", "", 3 / 40),
        ("on_hand_mean", "", 35.0),
        ("on_hand_mean", "kind:store", 15.0),
        ("inventory_value_mean", "", 10 * 2 + 5 * 2 + 20 * 1.5),
        # 33 units sold in 40 of the 100 time units of a year, at 2 each
        ("turns", "", 33 * 2 * 2.5 / 60),
        ("turns", "dc", 33 * 1.5 * 2.5 / 30),
        # a year of 100 time units has 365 days: 40 units in 146 days
        ("days_of_supply", "", 35 / (40 / 146)),
        ("orders_per_year", "", 12 * 2.5),
    ],
)
def test_measure_by_hand(kpi: str, site: str, expected: float) -> None:
    assert_allclose(value(kpi, busy_full(), site), expected, rtol=1e-12)


def test_the_shares_of_demand_make_one() -> None:
    made = busy_full()
    total = sum(
        value(kpi, made)
        for kpi in ("fill_rate", "backorder_rate", "lost_sales_rate", "emergency_rate", "transshipment_rate")
    )
    assert_allclose(total, 1.0, rtol=1e-12)


def test_only_the_window_counts() -> None:
    made = busy_full()
    made.opening["points"]["demanded"] = [2, 0, 0, 0]
    made.opening["points"]["filled"] = [2, 0, 0, 0]
    assert_allclose(value("fill_rate", made), 24 / 38)


def test_a_measure_without_denominator_is_undefined() -> None:
    quiet = record()
    for kpi in ("fill_rate", "order_fill_rate", "wait_mean", "cycle_service_level", "bullwhip", "turns", "utilisation"):
        assert np.isnan(value(kpi, quiet)), kpi
    for kpi, about in kpis_of([plan()]).items():
        if np.isnan(value(kpi, quiet)):
            assert about.undefined, kpi


def test_suppliers_belong_to_no_scope() -> None:
    assert all(s.site not in ("farm", "kind:supplier") for s in Scopes.of(plan().layout).names)


def test_scopes_come_in_natural_order() -> None:
    layout = plan().layout
    more = replace(layout, sites=("store-10", "store-2", "dc", "farm"))
    assert [s.site for s in Scopes.of(more, "site").names] == [
        "",
        "",
        "kind:store",
        "kind:dc",
        "dc",
        "store-2",
        "store-10",
    ]


@pytest.mark.parametrize(("detail", "count"), [("network", 2), ("echelon", 4), ("site", 7), ("stock_point", 10)])
def test_detail_decides_how_far_down(detail: str, count: int) -> None:
    assert len(measure(record(), plan(), detail).scopes) == count  # type: ignore[arg-type]


def money_record() -> Record:
    made = busy()
    lanes = made.closing["lanes"]
    lanes["orders"], lanes["shipped"], lanes["received"] = [5, 5, 2], [9, 24, 50], [8, 20, 40]
    lanes["in_transit_time"] = [400, 800, 4000]
    return made


@pytest.mark.parametrize(
    ("kpi", "site", "expected"),
    [
        # on hand 10, 5, 20 at 0.02, 0.02, 0.01; in transit 1 and 2 at 0.02; × 100 time units
        ("carrying_cost", "", (0.2 + 0.1 + 0.2 + 0.02 + 0.04) * 100),
        ("carrying_cost", "store-1", (0.2 + 0.02) * 100),
        ("carrying_cost_rate", "", 56 / (60 + 1 * 2 + 2 * 2)),
        ("ordering_cost", "", (5 * 8 + 5 * 8 + 2 * 120) * 2.5),
        ("ordering_cost", "dc", 240 * 2.5),
        ("transport_cost", "", (9 * 0.05 + 24 * 0.05 + 50 * 0.1) * 2.5),
        ("production_cost", "", 0.0),
        # 40 and 80 time units of waiting at 0.5, 1 and 3 lost at 1.5
        ("shortage_cost", "", (60 + 6) * 2.5),
        ("shortage_cost", "dc", 0.0),  # the 1200 are owed to stores, which cost nothing by themselves
        ("revenue", "", 33 * 3.5 * 2.5),
    ],
)
def test_money_by_hand(kpi: str, site: str, expected: float) -> None:
    assert_allclose(value(kpi, money_record(), site), expected, rtol=1e-12)


def test_total_cost_is_the_sum_of_its_lines_and_of_its_sites() -> None:
    made = measure(money_record(), plan())
    values = {k: made.values[:, i] for i, k in enumerate(made.ids)}
    assert_allclose(values["total_cost"], sum(values[line.id] for line in cost_lines()), rtol=1e-12)
    sites = [i for i, s in enumerate(made.scopes) if s.level == "site"]
    assert_allclose(values["total_cost"][sites].sum(), values["total_cost"][0], rtol=1e-12)
    paid = values["total_cost"] - values["shortage_cost"]
    sold = np.array([33 * 2 * 2.5])
    assert_allclose(values["margin"][0], (values["revenue"] - paid)[0] - sold[0], rtol=1e-12)


def test_production_is_charged_per_unit_finished() -> None:
    the_plan = plan()
    the_plan.lanes["origin"][TO_DC] = -1
    made = money_record()
    assert_allclose(value("production_cost", made, "dc", the_plan=the_plan), 40 * 0.1 * 2.5)
    assert_allclose(value("transport_cost", made, "dc", the_plan=the_plan), 0.0)


def test_stock_in_transit_of_an_outside_supplier_is_not_charged() -> None:
    made = money_record()
    the_plan = plan()
    money = replace(
        the_plan.money, in_transit_holding=np.array([0.0, 0.0, 1.0]), in_transit_point=np.array([-1, -1, 3])
    )
    assert_allclose(value("carrying_cost", made, the_plan=replace(the_plan, money=money)), 50.0)


def wavy() -> Record:
    made = record()
    series(made, "demanded", STORE_1, [99, 10, 20, 10, 20])
    series(made, "demanded", STORE_2, [99, 10, 10, 20, 20])
    series(made, "ordered", STORE_1, [99, 0, 30, 0, 30])
    series(made, "ordered", STORE_2, [99, 0, 0, 30, 30])
    series(made, "requested", DC, [99, 0, 30, 30, 60])
    series(made, "ordered", DC, [99, 0, 60, 0, 60])
    series(made, "on_hand", STORE_1, [99, 4, 8, 4, 8])
    series(made, "backorders", DC, [99, 0, 0, 3, 0])
    return made


def test_bullwhip_by_stage_and_cumulative() -> None:
    made = wavy()
    alternating, rising = np.var([10, 20, 10, 20], ddof=1), np.var([20, 30, 30, 40], ddof=1)
    asked, placed = np.var([0, 30, 30, 60], ddof=1), np.var([0, 60, 0, 60], ddof=1)
    assert_allclose(value("bullwhip", made, "store-1"), np.var([0, 30, 0, 30], ddof=1) / alternating)
    assert_allclose(value("bullwhip", made, "kind:store"), asked / rising)
    assert_allclose(value("bullwhip", made, "dc"), placed / asked)
    assert_allclose(value("bullwhip", made), placed / asked)
    assert_allclose(value("bullwhip_cumulative", made), placed / rising)
    assert_allclose(value("bullwhip_cumulative", made, "kind:dc", ""), placed / rising)
    assert_allclose(value("bullwhip_cumulative", made, "", "soup"), placed / rising)


def test_a_customer_reached_twice_counts_once() -> None:
    made, the_plan = wavy(), plan()
    reach = ((STORE_1,), (STORE_1, STORE_2), (STORE_1, STORE_2), ())
    both = replace(the_plan, layout=replace(the_plan.layout, reach=reach))
    assert_allclose(value("bullwhip_cumulative", made, "kind:store", the_plan=both), 600 / (200 / 3))


def test_bullwhip_is_undefined_when_demand_is_steady() -> None:
    made = wavy()
    series(made, "demanded", STORE_1, [5, 0.1, 0.1, 0.1, 0.1 + 1e-17])
    assert np.isnan(value("bullwhip", made, "store-1"))
    assert np.isnan(value("bullwhip_cumulative", made, "store-1"))


def test_short_buckets_do_not_count() -> None:
    the_plan = plan()
    made = replace(wavy(), edges=np.array([0, 100, 200, 300, 400, 450]))
    assert_allclose(value("bullwhip", made, "store-1", the_plan=the_plan), 300 / np.var([10, 20, 10], ddof=1))


def test_net_stock_amplification() -> None:
    made = wavy()
    assert_allclose(
        value("net_stock_amplification", made, "store-1"),
        np.var([4, 8, 4, 8], ddof=1) / np.var([10, 20, 10, 20], ddof=1),
    )
    # at the DC net stock is −3 once; at the network's scope what it owes to stores does not count
    assert_allclose(
        value("net_stock_amplification", made, "dc"), np.var([0, 0, -3, 0], ddof=1) / np.var([0, 30, 30, 60], ddof=1)
    )
    assert_allclose(
        value("net_stock_amplification", made), np.var([4, 8, 4, 8], ddof=1) / np.var([20, 30, 30, 40], ddof=1)
    )


def test_utilisation_of_machines_and_of_capacity() -> None:
    resources = RESOURCE.array(3)
    resources["site"], resources["kind"] = [DC, STORE_1, STORE_2], [1, 2, 0]
    resources["machines"], resources["capacity"], resources["period"] = [2, 0, 0], [0, 10, 0], [0, 20, 0]
    the_plan = plan(resources=resources)
    made = record(the_plan)
    made.closing["resources"]["working_time"][0] = 600
    made.closing["resources"]["started"] = [77, 50, 7]
    assert_allclose(value("utilisation", made, "dc", the_plan=the_plan), 600 / 800)
    assert_allclose(value("utilisation", made, "kind:store", the_plan=the_plan), 50 / 200)
    assert_allclose(value("utilisation", made, the_plan=the_plan), 0.5)
    assert np.isnan(value("utilisation", made, "store-2", the_plan=the_plan))
    assert np.isnan(value("utilisation", made, "dc", "soup", the_plan=the_plan))


def test_bucket_series_by_scope() -> None:
    made = wavy()
    scopes = Scopes.of(plan().layout, "site")
    told = bucket_series(made, plan(), scopes)
    sites = [s.site for s in scopes.names]
    assert told[0, 3].tolist() == [198, 20, 30, 30, 40]  # demand of end customers
    assert told[0, 4].tolist() == [99, 0, 60, 0, 60]  # orders of the most upstream echelon
    assert told[sites.index("dc"), 3].tolist() == [99, 0, 30, 30, 60]
    assert told[sites.index("dc"), 1].tolist() == [99, 0, 0, 3, 0]
    assert told[0, 1].tolist() == [0, 0, 0, 0, 0]  # nobody but a store waits


def test_lanes_are_charged_where_they_end() -> None:
    made = record()
    made.closing["lanes"]["in_transit_time"][TO_STORE_1] = 800
    assert_allclose(value("in_transit_mean", made, "store-1"), 2.0)
    assert_allclose(value("in_transit_mean", made, "dc"), 0.0)
    assert "in_transit_time" in LANE.names


def test_every_measure_is_described() -> None:
    for id, kpi in KPIS.items():
        assert id == kpi.id
        assert all((kpi.title, kpi.unit, kpi.window)), id
        assert kpi.definition.endswith("."), id
        assert kpi.money == (kpi.unit == "{currency}/year"), id
