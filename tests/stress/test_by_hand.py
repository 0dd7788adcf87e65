"""Times to survive and to recover that follow from the numbers of a chain with a pencil.

The shop holds 20 after each day's demand: 40 less what is ordered and under way (two days). The supplier goes out on day 50,
after the orders of days 48 and 49 have left: they come on days 50 and 51, day 51 ends with 20, day 52 with 10, day 53 with 0,
and on day 54 ten people find nothing. It is back on day 60 and sends everything that waits; that is there on day 62.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import chainsim
from chainsim.stress.buffers import cheapest, raised
from chainsim.stress.outages import Moment, Out, outages
from chainsim.stress.places import places_of, with_ways
from chainsim.stress.results import Stress
from chainsim.stress.stressing import stress

from .chains import CHAIN, calm_of, shop


def out(unmet: str, name: str, days: float = 10.0, replications: int = 2) -> Out:
    calm = calm_of(shop(unmet))
    ground = calm.frame.ground
    places = with_ways(places_of(ground.network, ground.layout), ground.network, calm.frame.facts)
    [place] = [p for p in places if p.name == name]
    _, [found] = outages(calm, [place], Moment(50.0, days), replications, engine="simpy", jobs=1)
    return found


@pytest.mark.parametrize("name", ["source", "source → shop"])
def test_customers_who_wait(name: str) -> None:
    found = out("backorder", name)
    assert found.survive.tolist() == [4.0, 4.0]
    assert found.recover.tolist() == [2.0, 2.0]
    assert found.short.mean == 80.0  # days 54 … 61
    assert found.lost.mean == 0.0
    assert found.peak.tolist() == [[80.0], [80.0]]
    assert found.felt == 1.0


def test_customers_who_leave() -> None:
    """What is lost is not ordered again: 40 units wait at the supplier, and come on day 62."""
    found = out("lost", "source")
    assert found.survive.tolist() == [4.0, 4.0]
    assert found.recover.tolist() == [2.0, 2.0]
    assert found.lost.mean == found.short.mean == 80.0
    # 80 units × (5 − 2), less what was not carried: on hand and under way, at 0.01 a unit and day
    assert found.margin.mean is not None
    assert 230.0 < found.margin.mean < 240.0


def test_an_outage_that_stock_outlasts_is_not_felt() -> None:
    found = out("backorder", "source", days=2.0)  # back on day 52, goods on day 54: ten are there for the ten of day 54
    assert np.isinf(found.survive).all()
    assert found.recover.tolist() == [0.0, 0.0]
    assert found.short.mean == 0.0
    assert out("backorder", "source", days=3.0).survive.tolist() == [4.0, 4.0]


def test_a_shop_that_is_out_serves_nobody_from_its_first_day() -> None:
    found = out("backorder", "shop")
    assert found.survive.tolist() == [0.0, 0.0]
    assert found.recover.tolist() == [0.0, 0.0]  # open again on day 60, with all that came meanwhile
    assert found.short.mean == 100.0


def test_a_warehouse_between_them() -> None:
    """The warehouse keeps 30 after each day, the shop 20. What left the supplier by day 49 is there by day 52; the warehouse
    serves on days 53, 54, 55, the shop has that on day 56 and lives on days 57 and 58 on its own 20: nothing on day 59. The
    supplier is back on day 60, the warehouse has goods on day 63, the shop on day 64: 50 people waited."""
    calm = calm_of(chainsim.load_text(CHAIN).scenario)
    ground = calm.frame.ground
    places = with_ways(places_of(ground.network, ground.layout), ground.network, calm.frame.facts)
    assert [(p.kind, p.name) for p in places] == [
        ("site", "shop"), ("site", "dc"), ("site", "source"), ("lane", "dc → shop"), ("lane", "source → dc"),
    ]  # fmt: skip
    assert [p.way for p in places] == [0.0, 2.0, 6.0, 2.0, 6.0]  # a day for each review
    _, found = outages(calm, places[2:], Moment(50.0, 10.0), 1, engine="simpy", jobs=1)
    by = {out.where.name: out for out in found}
    for name in ("source", "source → dc"):
        assert (by[name].survive.tolist(), by[name].recover.tolist()) == ([9.0], [4.0])
        assert by[name].short.mean == 50.0
    # the lane to the shop: what left on day 49 is there on day 50; 10 on day 51, 0 on day 52, nothing on day 53; back on day 61
    assert (by["dc → shop"].survive.tolist(), by["dc → shop"].recover.tolist()) == ([3.0], [1.0])
    assert by["dc → shop"].short.mean == 80.0

    buffers = {name: cheapest(calm, out, Moment(50.0, 10.0), 1, engine="simpy", jobs=1) for name, out in by.items()}
    upstream = buffers["source"]
    assert upstream is not None  # 50 units at 0.005 a day; the shop would pay twice as much
    assert (upstream.kind, dict(upstream.units), upstream.cost) == ("dc", {("dc", "tea"): 50.0}, 50 * 0.005 * 365)
    downstream = buffers["dc → shop"]
    assert downstream is not None
    assert (downstream.kind, downstream.total, downstream.cost) == ("store", 80.0, 80 * 0.01 * 365)


def test_a_unit_less_than_the_buffer_is_not_enough() -> None:
    calm = calm_of(shop())
    for extra, felt in ((80.0, False), (79.0, True)):
        more = replace(calm, levels=raised(calm, {("shop", "tea"): extra}))
        ground = more.frame.ground
        places = with_ways(places_of(ground.network, ground.layout), ground.network, more.frame.facts)
        _, [out_now] = outages(more, places[1:2], Moment(50.0, 10.0), 1, engine="simpy", jobs=1)
        assert out_now.where.name == "source"
        assert (out_now.felt == 1.0) is felt


def test_no_stock_helps_a_shop_that_is_out() -> None:
    calm = calm_of(shop())
    found = cheapest(calm, out("backorder", "shop"), Moment(50.0, 10.0), 2, engine="simpy", jobs=1)
    assert found is not None
    assert not found.found
    assert "no stock elsewhere" in found.why


def test_a_horizon_that_ends_before_the_recovery_is_said() -> None:
    found = stress(shop(), days=14, start=105, only="nodes", engine="simpy", jobs=1)
    [row] = [row for row in found.rows["nodes.csv"] if row["place"] == "source"]
    assert np.isnan(row["time_to_recover"])  # type: ignore[arg-type]  # goods would be there on day 121
    assert row["time_to_survive"] == 4.0
    assert "not recovered within the horizon (1 days after its end)" in str(row["note"])


@pytest.mark.parametrize(
    ("shock", "breaks", "holds"),
    [
        # 100 of the 1 000 units of 100 days may wait: 10 a day from the third day of the outage on, so 12 days hold
        ("supplier_out", 13.0, 12.0),
        ("lane_closed", 13.0, 12.0),
        # two days' orders are under way: 40 − 2 × 21 leaves 2 of 21 waiting, 40 − 2 × 22 leaves 4 of 22; 21.5 is demanded as 22
        ("demand_up", 1.15, 1.14),
        # with a lead time of 4 days four days' orders are under way, and nothing is left; with 4.02 everybody waits
        ("lead_times_up", 1.01, 1.00),
    ],
)
def test_the_mildest_shock_that_breaks_the_target(
    reversed_shop: Stress, shock: str, breaks: float, holds: float
) -> None:
    [row] = [row for row in reversed_shop.rows["reverse.csv"] if row["shock"] == shock]
    assert (row["breaks_at"], row["holds_at"]) == (breaks, holds)


def test_what_breaks_nothing_and_what_is_not_there_is_said(reversed_shop: Stress) -> None:
    rows = {str(row["shock"]): row for row in reversed_shop.rows["reverse.csv"]}
    assert rows["capital_dearer"]["outcome"] == "none up to the largest tried"
    assert rows["capital_dearer"]["largest_tried"] == rows["capital_dearer"]["holds_at"] == 4.0
    assert rows["dc_closed"]["note"] == "there is no site between suppliers and customers"
    assert rows["noise_up"]["note"] == "demand and lead times do not vary, or replay a history"


@pytest.fixture(scope="module")
def reversed_shop() -> Stress:
    return stress(shop(), days=10, start=45, only="reverse", replications=1, engine="simpy", jobs=1)
