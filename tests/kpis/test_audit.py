"""The audit passes what balances and catches whatever does not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from chainsim.errors import ConservationError
from chainsim.plan.tables import SHIPMENT
from chainsim.record.audit import audit, violations
from chainsim.record.record import Record
from tests.kpis.handmade import DC, STORE_1, TO_DC, TO_STORE_1, plan, record


def balanced() -> Record:
    """Store 1 sold 3 of its 5 in the warm-up and 2 in the window, got 4 from the DC, which is sent 10; one customer
    unit waited 7 ticks, one still waits after 9."""
    made = record()
    for table, sold in ((made.opening["points"], 3), (made.closing["points"], 5)):
        table["demanded"][STORE_1] = table["filled"][STORE_1] = sold
        table["shipped"][STORE_1] = sold
        table["on_hand"][STORE_1] = 5 - sold
    points, lanes = made.closing["points"], made.closing["lanes"]
    points["demanded"][STORE_1] += 2  # one is backfilled, one waits
    points["backfilled"][STORE_1], points["shipped"][STORE_1] = 1, 6
    points["backorders"][STORE_1] = points["customer_backorders"][STORE_1] = made.waiting[STORE_1] = 1
    points["received"][STORE_1], points["on_hand"][STORE_1] = 4, 3
    points["waited_all"][STORE_1], made.waiting_time[STORE_1] = 7, 9
    points["customer_backorder_time"][STORE_1] = 16
    points["shipped"][DC], points["on_hand"][DC] = 4, 16
    lanes["shipped"][TO_STORE_1] = lanes["received"][TO_STORE_1] = lanes["ordered"][TO_STORE_1] = 4
    lanes["shipped"][TO_DC] = lanes["in_transit"][TO_DC] = 10
    lanes["ordered"][TO_DC] = lanes["on_order"][TO_DC] = points["on_order"][DC] = 12
    lanes["in_transit_time"][TO_DC], lanes["lead_ticks"][TO_DC] = 90, 100
    return made


def test_what_balances_passes() -> None:
    report = audit(balanced(), plan())
    assert report.imbalance == 0
    assert report.little == 0
    assert report.in_transit == 0.9
    assert report.checks > 20


def set_point(column: str, point: int, value: float, when: str = "closing") -> Callable[[Record], None]:
    def plant(made: Record) -> None:
        getattr(made, when)["points"][column][point] = value

    return plant


def set_lane(column: str, lane: int, value: float, when: str = "closing") -> Callable[[Record], None]:
    def plant(made: Record) -> None:
        getattr(made, when)["lanes"][column][lane] = value

    return plant


def set_waiting(made: Record) -> None:
    made.waiting[STORE_1] = 0


PLANTED = {
    "a unit vanishes from stock": (set_point("on_hand", DC, 15), "stock"),
    "a unit appears in the warm-up": (set_point("on_hand", DC, 21, "opening"), "stock"),
    "a customer is forgotten": (set_point("customer_backorders", STORE_1, 0), "customers"),
    "a sale is counted twice": (set_point("filled", STORE_1, 6), "customers"),
    "a fate is lost": (set_waiting, "fate of units demanded in the window"),
    "a shipment leaves nobody's stock": (set_lane("shipped", TO_STORE_1, 5), "shipped"),
    "a shipment never lands": (set_lane("received", TO_STORE_1, 3), "received"),
    "a lane leaks": (set_lane("in_transit", TO_DC, 9), "lane"),
    "an order is forgotten": (set_lane("on_order", TO_DC, 11), "orders of the lane"),
    "on order differs from its lanes": (set_point("on_order", DC, 11), "on order"),
    "stock below nothing": (set_point("on_hand", STORE_1, -1), "never negative"),
    "more owed to customers than owed": (set_point("backorders", STORE_1, 0), "owed"),
    "an integral stops early": (set_point("since", DC, 499), "time integrals"),
    "a wait is forgotten": (set_point("waited_all", STORE_1, 6), "Little's law"),
    "a unit enters the network unseen": (set_lane("in_transit", TO_DC, 11), "network"),
    "not a number": (set_point("on_hand", DC, float("nan")), "stock"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_violation_is_caught(what: str) -> None:
    plant, law = PLANTED[what]
    made = balanced()
    plant(made)
    assert law in {v.law for v in violations(made, plan())}
    with pytest.raises(ConservationError, match="policy 'hand', replication 0"):
        audit(made, plan())


def test_a_violation_names_place_and_terms() -> None:
    made = balanced()
    made.closing["points"]["on_hand"][DC] = 15
    with pytest.raises(
        ConservationError, match=r"stock at dc / soup, in the window: out of balance by 1\.0 .*is on hand -15\.0"
    ):
        audit(made, plan())


def test_whole_units_balance_exactly_and_divisible_ones_nearly() -> None:
    made, the_plan = balanced(), plan()
    made.closing["points"]["on_hand"][DC] = 16 + 1e-12
    assert {v.law for v in violations(made, the_plan)} >= {"stock"}
    loose = plan()
    loose.points["whole"] = 0
    assert violations(made, loose) == []
    made.closing["points"]["on_hand"][DC] = 16 + 1e-6  # a millionth of a unit is no rounding any more
    assert {v.law for v in violations(made, loose)} >= {"stock"}


def test_initial_shipments_and_orders_belong_to_the_start() -> None:
    shipments, orders = SHIPMENT.array(1), SHIPMENT.array(1)
    shipments["lane"], shipments["quantity"] = TO_DC, 6
    orders["lane"], orders["quantity"] = TO_STORE_1, 2
    the_plan = plan(first_shipments=shipments, first_orders=orders)
    made = record(the_plan)
    for table in (made.opening, made.closing):
        for column in ("shipped", "in_transit", "ordered", "on_order"):
            table["lanes"][column][TO_DC] = 6
        table["lanes"]["ordered"][TO_STORE_1] = table["lanes"]["on_order"][TO_STORE_1] = 2
        table["points"]["on_order"][[STORE_1, DC]] = [2, 6]
    assert violations(made, the_plan) == []
    assert np.isnan(audit(made, the_plan).in_transit)
