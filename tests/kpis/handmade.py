"""Plans and Records made by hand: two stores under a DC under an unlimited supplier, one product.

    farm (supplier) → dc → store-1, store-2

Ticks are 10 per time unit, one year is 100 time units; the window is [100, 500) ticks = 40 time units, buckets of 10.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from chainsim.plan.plan import Clock, Layout, Money, Plan
from chainsim.plan.tables import LANE, POINT, RESOURCE, SHIPMENT
from chainsim.record.record import SERIES, Record

STORE_1, STORE_2, DC, FARM = range(4)
TO_STORE_1, TO_STORE_2, TO_DC = range(3)
WARM_UP, END, BUCKET = 100, 500, 100


def plan(**changes: Any) -> Plan:
    """The Plan of the little network; what an engine needs and a measure does not is left empty."""
    points, lanes = POINT.array(4), LANE.array(3)
    points["site"], points["whole"], points["series_row"] = [0, 1, 2, 3], 1, [0, 1, 2, 3]
    points["unlimited"][FARM] = 1
    points["on_hand"] = [5.0, 5.0, 20.0, 0.0]
    lanes["origin"], lanes["target"] = [DC, DC, FARM], [STORE_1, STORE_2, DC]
    none: Any = np.zeros(0)
    made = Plan(
        policy="hand",
        clock=Clock(WARM_UP, END, BUCKET, ticks_per_unit=10, units_per_year=100.0, unit="day"),
        layout=Layout(
            sites=("store-1", "store-2", "dc", "farm"),
            kinds=("store", "store", "dc", "supplier"),
            products=("soup",),
            site=np.arange(4),
            product=np.zeros(4, np.int64),
            unlimited=np.array([False, False, False, True]),
            customers=np.array([True, True, False, False]),
            reach=((STORE_1,), (STORE_2,), (STORE_1, STORE_2), (STORE_1, STORE_2)),
            echelons=("store", "dc", "supplier"),
        ),
        money=Money(
            unit_cost=np.array([2.0, 2.0, 1.5, 1.0]),
            unit_price=np.array([3.5, 3.5, 0.0, 0.0]),
            holding=np.array([0.02, 0.02, 0.01, 0.0]),
            backorder=np.array([0.5, 0.5, 0.5, 0.0]),
            lost_sale=np.array([1.5, 1.5, 0.0, 0.0]),
            transshipment=np.array([0.5, 0.5, 0.0, 0.0]),
            outdating=np.array([2.0, 2.0, 1.5, 0.0]),
            emergency=np.array([4.0, 4.0, 0.0, 0.0]),
            shrinkage=np.array([2.0, 2.0, 1.5, 0.0]),
            decay=np.array([2.0, 2.0, 1.5, 0.0]),
            setup=np.zeros(3),
            counting=np.array([0.5, 0.5, 0.5, 0.0]),
            markdown=np.zeros(4),
            storage=np.zeros(4),
            left_over=np.array([0.5, 0.5, 0.5, 0.0]),
            stockout=np.zeros(4),
            shipment=np.zeros(3),
            vehicle=np.zeros(3),
            duty=np.zeros(3),
            order_cost=np.array([8.0, 8.0, 120.0]),
            lane_unit_cost=np.array([0.05, 0.05, 0.1]),
            in_transit_holding=np.array([0.02, 0.02, 0.0]),
            in_transit_point=np.array([STORE_1, STORE_2, -1]),
            in_transit_value=np.array([2.0, 2.0, 0.0]),
            in_transit_rate=np.full(3, np.nan),
            carrying_rate=np.full(4, np.nan),
            currency="EUR",
        ),
        streams=none,
        points=points,
        lanes=lanes,
        customers=none,
        resources=RESOURCE.array(0),
        outages=none,
        sources=none,
        ancestors=none,
        outage_lanes=none,
        partners=none,
        values=none,
        warp=none,
        parameters=(),
        memory=(),
        rules=(),
        first_shipments=SHIPMENT.array(0),
        first_orders=SHIPMENT.array(0),
        derived={},
    )
    return replace(made, **changes)


def record(the_plan: Plan | None = None) -> Record:
    """A replication in which nothing happened; tests fill in what did."""
    the_plan = the_plan or plan()
    tables = {}
    for name, moment in (("opening", WARM_UP), ("closing", END)):
        points, lanes = the_plan.points.copy(), the_plan.lanes.copy()
        points["since"], lanes["since"] = moment, moment
        tables[name] = {
            "points": points,
            "lanes": lanes,
            "resources": the_plan.resources.copy(),
            "assemblies": the_plan.assemblies.copy(),
            "agings": the_plan.agings.copy(),
            "ledgers": the_plan.ledgers.copy(),
            "terms": the_plan.terms.copy(),
        }
    edges = np.array([0, 100, 200, 300, 400, 500])
    n = len(the_plan.points)
    return Record(
        policy=the_plan.policy,
        replication=0,
        opening=tables["opening"],
        closing=tables["closing"],
        series=np.zeros((len(SERIES), n, len(edges) - 1)),
        edges=edges,
        waiting=np.zeros(n),
        waiting_time=np.zeros(n),
        events=1,
    )


def closing(the_record: Record, **columns: list[float]) -> Record:
    """Set closing totals of the stock points, by column."""
    for name, values in columns.items():
        the_record.closing["points"][name] = values
    return the_record


def series(the_record: Record, name: str, point: int, values: list[float]) -> None:
    """Set a bucket series; the first bucket is the warm-up's."""
    the_record.series[SERIES.index(name), point] = values
