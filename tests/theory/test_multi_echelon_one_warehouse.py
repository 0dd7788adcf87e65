"""One warehouse, N retailers: published measures, and levels against trying everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chainsim.theory import one_warehouse
from chainsim.theory.lattice import DemandEvent
from chainsim.theory.one_warehouse import (
    Retailer,
    Stream,
    retailer_measures,
    set_levels,
    warehouse_backorders,
    warehouse_measures,
)

# rate, lead time, level; exact on hand, backorders, fill rate; METRIC backorders, fill rate; two-moment the same
THREE = [
    (1.0, 1.0, 3, 1.65015577651, 0.105386748473, 0.812414381786, 0.0814949221677, 0.819998030316, 0.105068101949, 0.812308255003),
    (2.0, 1.0, 4, 1.46115717451, 0.37161911844, 0.667183647318, 0.288669017155, 0.667283089961, 0.369810747409, 0.666121852365),
    (0.5, 2.0, 2, 0.954198680662, 0.181814166644, 0.654404140215, 0.173275790061, 0.652669919014, 0.181818734626, 0.654265564064),
]  # fmt: skip
FOUR = (0.25, 1.0, 1, 0.585075970382, 0.147309805842, 0.585075970382, 0.132168336359, 0.569934500899, 0.146478090402, 0.584244254942)  # fmt: skip


def test_warehouse_measures():
    first = warehouse_measures(Stream.poisson(3.5, 2.0), 6)
    assert (first.backorders, first.on_hand) == pytest.approx((1.59330840187, 0.593308401872), abs=1e-9)
    assert first.fill_rate == pytest.approx(0.300708276174, abs=1e-9)
    second = warehouse_measures(Stream.poisson(1.0, 3.0), 2)
    assert (second.backorders, second.on_hand) == pytest.approx((1.24893534184, 0.248935341839), abs=1e-9)


@pytest.mark.parametrize(
    ("warehouse", "level", "case"),
    [*((Stream.poisson(3.5, 2.0), 6, case) for case in THREE), (Stream.poisson(1.0, 3.0), 2, FOUR)],
)
def test_retailer_measures_exact_metric_and_two_moment(warehouse, level, case):
    rate, lead_time, own_level, on_hand, *expected = case
    retailer = Stream.poisson(rate, lead_time)
    found = {
        method: retailer_measures(warehouse, level, retailer, own_level, method)
        for method in ("exact", "metric", "two_moment")
    }
    assert found["exact"].on_hand == pytest.approx(on_hand, abs=1e-9)
    values = [x for m in found.values() for x in (m.backorders, m.fill_rate)]
    assert values == pytest.approx(expected, abs=1e-9)


def test_exact_measures_need_poisson_demand():
    with pytest.raises(ValueError, match="Poisson"):
        retailer_measures(Stream(3.0, 3.0, 1.0), 2, Stream.poisson(1.0, 1.0), 2, "exact")


@pytest.mark.parametrize("warehouse_cost", [0.1, 0.5, 1.0])
def test_levels_are_the_cheapest_of_all(warehouse_cost):
    warehouse, stream = Stream.poisson(3.0, 2.0), Stream.poisson(1.5, 1.0)
    shops = [Retailer(stream, holding_cost=1.0, fill_rate=0.95), Retailer(stream, holding_cost=2.0, fill_rate=0.95)]
    found = set_levels(warehouse, warehouse_cost, shops)
    costs = {}
    for level in range(25):
        own = next(
            s for s in range(40) if retailer_measures(warehouse, level, stream, s, "two_moment").fill_rate >= 0.95
        )
        on_hand = retailer_measures(warehouse, level, stream, own, "two_moment").on_hand
        costs[level] = (warehouse_cost * warehouse_measures(warehouse, level).on_hand + 3.0 * on_hand, own)
    best = min(costs, key=lambda level: costs[level])
    assert (found.warehouse, found.retailers) == (best, (costs[best][1],) * 2)
    assert found.cost == pytest.approx(costs[best][0])


def test_the_dearer_the_warehouse_the_less_it_holds():
    shops = [Retailer(Stream.poisson(1.0, 1.0), holding_cost=1.0, service_level=0.95)] * 5
    levels = [set_levels(Stream.poisson(5.0, 4.0), cost, shops).warehouse for cost in (0.05, 0.5, 1.0, 3.0, 10.0)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > levels[-1]


def test_a_batch_spreads_the_warehouse_position():
    warehouse = Stream.poisson(3.0, 2.0)
    single = [warehouse_backorders(warehouse, level).mean for level in (4, 5, 6, 7)]
    assert warehouse_backorders(warehouse, 4, batch=4.0).mean == pytest.approx(sum(single) / 4)


def test_per_period_demand_needs_more_than_single_arrivals():
    """A whole day's demand comes at once: the same level fills less of it."""
    stream = Stream.poisson(4.0, 2.0)
    single = Retailer(stream, holding_cost=1.0, fill_rate=0.95)
    daily = Retailer(stream, holding_cost=1.0, fill_rate=0.95, event=DemandEvent(4.0, 2.0, 0.0))
    owed = warehouse_backorders(Stream.poisson(8.0, 1.0), 10)
    assert daily.level(Stream.poisson(8.0, 1.0), owed) > single.level(Stream.poisson(8.0, 1.0), owed)


def test_another_service_is_read_from_the_curves_that_are_known():
    """A tuning asks for level after level of service: nothing is computed anew, and nothing is found that a first look would not."""
    warehouse, shop = Stream.poisson(3.0, 2.0), Stream.poisson(1.0, 1.0)

    def asked(fill_rate: float) -> object:
        return set_levels(warehouse, 0.2, [Retailer(shop, holding_cost=1.0, fill_rate=fill_rate)] * 3)

    asked(0.9)
    before = one_warehouse._BELOW.computed
    known = asked(0.987)
    assert one_warehouse._BELOW.computed == before
    one_warehouse._BELOW.forget()
    one_warehouse._set_levels.cache_clear()
    assert asked(0.987) == known
    assert one_warehouse._BELOW.computed > before


def test_the_kinds_of_service_have_curves_of_their_own():
    warehouse, shop = Stream.poisson(3.0, 2.0), Retailer(Stream.poisson(1.0, 1.0), holding_cost=1.0)
    by_fill_rate = set_levels(warehouse, 0.2, [replace(shop, fill_rate=0.95)] * 3)
    by_probability = set_levels(warehouse, 0.2, [replace(shop, service_level=0.95)] * 3)
    assert by_fill_rate.retailers != by_probability.retailers
