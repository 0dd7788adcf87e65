"""Service: what customers got. Fill rate, cycle service level and ready rate belong together; few words in this field
are mixed up more often. The fate of a unit counts when it was demanded."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View

Array = np.ndarray[Any, Any]

NO_DEMAND = "nothing was demanded"
UNITS = (
    "units demanded in the window (lost ones included; below the network's scope also units downstream sites ordered)"
)
WHERE = "at the network's scope only stock points where end customers buy"


@kpi(
    "fill_rate",
    title="Fill rate",
    unit="share",
    direction="higher",
    definition="Units filled at once from stock ÷ units demanded (type 2 service, β).",
    denominator=UNITS,
    undefined=NO_DEMAND,
)
def fill_rate(view: View) -> Ratio:
    return ratio(view.units("filled", "requested_filled"), view.demanded)


@kpi(
    "cycle_service_level",
    title="Cycle service level",
    unit="share",
    direction="higher",
    definition="Replenishment cycles without stock-out ÷ cycles (type 1 service, α). A cycle ends just before a "
    f"receipt and fails if a customer waits then or was turned away since the last one; {WHERE}.",
    denominator="replenishment cycles that ended in the window",
    undefined="nothing was received",
)
def cycle_service_level(view: View) -> Ratio:
    cycles, failed = view.flow("cycles"), view.flow("cycles_failed")
    own = view.customers
    return ratio(view.total(cycles - failed, network=(cycles - failed) * own), view.total(cycles, network=cycles * own))


@kpi(
    "period_service_level",
    title="Period service level",
    unit="share",
    direction="higher",
    definition=f"Buckets at whose end nobody waits and in which nobody was turned away ÷ buckets; {WHERE}.",
    denominator="buckets closed in the window",
    bucket="the scenario's bucket",
    undefined="no bucket closed in the window",
)
def period_service_level(view: View) -> Ratio:
    buckets, good = view.flow("buckets"), view.flow("buckets_good")
    own = view.customers
    return ratio(view.total(good, network=good * own), view.total(buckets, network=buckets * own))


@kpi(
    "ready_rate",
    title="Ready rate",
    unit="share",
    direction="higher",
    definition=f"Share of time with stock on hand, averaged over stock points; {WHERE}.",
    denominator="length of the window × stock points",
    undefined="no stock point where customers buy",
)
def ready_rate(view: View) -> Ratio:
    stocked = view.flow("stocked_time")
    each = np.full_like(stocked, view.window)
    own = view.customers
    return ratio(view.total(stocked, network=stocked * own), view.total(each, network=each * own))


@kpi(
    "order_fill_rate",
    title="Order fill rate",
    unit="share",
    direction="higher",
    definition="Orders (order lines) complete at once ÷ orders.",
    denominator="orders of end customers in the window (below the network's scope also of downstream sites)",
    undefined="nobody ordered",
)
def order_fill_rate(view: View) -> Ratio:
    return ratio(view.units("lines_filled", "requests_filled"), view.units("lines", "requests"))


@kpi(
    "on_time_rate",
    title="On-time rate",
    unit="share",
    direction="higher",
    definition="Units served within the promised wait (from stock, by a partner or in emergency) ÷ units demanded; end customers only.",
    denominator="units end customers demanded in the window",
    undefined=NO_DEMAND,
)
def on_time_rate(view: View) -> Ratio:
    in_time = view.units("filled") + view.units("on_time") + view.units("emergency") + view.units("transshipped")
    return ratio(in_time, view.units("demanded"))


@kpi(
    "wait_mean",
    title="Mean wait",
    unit="{time}",
    direction="lower",
    definition="Time units waited ÷ units served, those served at once included. Below the network's scope orders of "
    "downstream sites count through Little's law (time integral of what is owed to them ÷ units they ordered).",
    denominator="units demanded in the window and served by its end",
    undefined="nothing was served",
)
def wait_mean(view: View) -> Ratio:
    waited = view.flow("waited")
    owed_downstream = view.flow("backorder_time") - view.flow("customer_backorder_time")
    served = view.flow("filled") + view.flow("backfilled") - view.flow("backfilled_early")
    served = served + view.flow("emergency") + view.flow("transshipped")
    ticks = view.total(waited + owed_downstream, network=waited)
    units = view.total(served + view.flow("requested"), network=served)
    return ratio(ticks / view.plan.clock.ticks_per_unit, units)


@kpi(
    "backorder_rate",
    title="Backorder rate",
    unit="share",
    direction="lower",
    definition="Units that had to wait, and were served later or still wait at the end ÷ units demanded. With the fill "
    "rate, the lost-sales rate, the transshipment rate and the emergency rate it makes 1.",
    denominator=UNITS,
    undefined=NO_DEMAND,
)
def backorder_rate(view: View) -> Ratio:
    later = view.flow("backfilled") - view.flow("backfilled_early")
    downstream = view.flow("requested") - view.flow("requested_filled")
    return ratio(view.total(later + downstream, network=later) + view.waiting, view.demanded)


@kpi(
    "backorders_mean",
    title="Average backorders",
    unit="units",
    direction="lower",
    definition="Time average of units owed: at the network's scope to end customers, below it to downstream sites as "
    "well.",
    denominator="length of the window",
)
def backorders_mean(view: View) -> Array:
    return view.total(view.flow("backorder_time"), network=view.flow("customer_backorder_time")) / view.window


@kpi(
    "lost_sales_rate",
    title="Lost-sales rate",
    unit="share",
    direction="lower",
    definition="Units lost (turned away, or left after waiting) ÷ units demanded.",
    denominator=UNITS,
    undefined=NO_DEMAND,
)
def lost_sales_rate(view: View) -> Ratio:
    return ratio(view.total(view.flow("lost") - view.flow("lost_early")), view.demanded)


@kpi(
    "emergency_rate",
    title="Emergency rate",
    unit="share",
    direction="lower",
    definition="Units an emergency source supplied at once, because stock was short ÷ units demanded.",
    denominator=UNITS,
    undefined=NO_DEMAND,
)
def emergency_rate(view: View) -> Ratio:
    return ratio(view.total(view.flow("emergency")), view.demanded)


@kpi(
    "transshipment_rate",
    title="Transshipment rate",
    unit="share",
    direction="lower",
    definition="Units that another site handed over at once, because the shelf was short ÷ units demanded.",
    denominator=UNITS,
    undefined=NO_DEMAND,
)
def transshipment_rate(view: View) -> Ratio:
    return ratio(view.total(view.flow("transshipped")), view.demanded)
