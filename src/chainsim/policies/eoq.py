"""EOQ: the economic order quantity with a reorder point."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, PointFacts, Settings
from chainsim.policies.cheapest import cheapest_lots, least_cost
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.levels import economic_lot
from chainsim.policies.s_Q import ReorderPoint, fixed_quantity, lot_settings, order_quantity


@POLICIES.register("eoq")
@dataclass(frozen=True, kw_only=True)
class EconomicOrderQuantity(ReorderPoint):
    """Economic order quantity: the (s, Q) policy whose Q and s follow from costs and demand, never given.

    Symbols: Q = √(2KD/h) with K cost per order, D demand per time unit, h holding cost per unit and time unit;
    s the smallest reorder point that gives the service, as for (s, Q). Needs K > 0 and h > 0.

    Source: Harris, How many parts to make at once, Factory 10 (1913) 135-136, 152; Snyder & Shen, Fundamentals of
    Supply Chain Theory, 2nd ed. (2019), eq. 3.4.

    An order costs 8, demand is 1300 a year, a unit costs 0.225 a year to keep:

    >>> from chainsim.theory.eoq import economic_order_quantity
    >>> round(economic_order_quantity(8, 1300, 0.225), 1)
    304.0
    """

    title = "Economic order quantity (EOQ)"
    summary = (
        "Order the quantity that balances ordering and holding costs, when the position reaches the reorder point."
    )
    source = "Harris (1913): Q = √(2KD/h); Snyder & Shen (2019), eq. 3.4; s = d·M + z·√(M·σ² + d²·σ_L²)"
    rule = staticmethod(order_quantity)
    # Q follows from costs and demand, always: tuned too, it would be (s, Q) under another name
    knobs = Knobs(on_the_logit, fixed_quantity, lots=False)

    watch: str = field_of(
        "choice",
        "What is compared with s: the inventory position (on hand + on order − backorders) or the inventory level (on "
        "hand − backorders).",
        default="position",
        choices=("position", "level"),
    )

    def settings(self, point: PointFacts) -> Settings:
        lot = economic_lot(point)
        if least_cost(self, point):
            found, _ = cheapest_lots(self, point, "sQ", lot.value, self.trigger)
            return lot_settings(self, found, lot)
        return lot_settings(self, self.derive_reorder_point(point, lot.value), lot)
