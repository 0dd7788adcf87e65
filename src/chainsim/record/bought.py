"""What a recount of the event log remembers of lanes with terms of supply: units ordered, what they cost, and units arrived."""

from __future__ import annotations

from math import ceil

from chainsim.plan.plan import Plan


class Bought:
    """Of the window, by lane: `ordered` and `arrived` units, and money `paid` at prices by the size of an order."""

    def __init__(self, plan: Plan) -> None:
        lanes = len(plan.lanes)
        self.plan = plan
        self.ordered, self.arrived, self.paid = [0.0] * lanes, [0.0] * lanes, [0.0] * lanes
        self.prices: dict[int, tuple[bool, list[tuple[float, float]]]] = {}
        for terms in plan.terms:
            breaks = plan.breaks[terms["first_break"] : terms["first_break"] + terms["breaks"]]
            if len(breaks):
                rising = list(zip(breaks["start"].tolist(), breaks["price"].tolist(), strict=True))
                self.prices[int(terms["lane"])] = bool(terms["incremental"]), rising

        self.gathering = set(plan.terms["lane"][plan.terms["gathers"] == 1].tolist())
        self.capacity = dict(zip(plan.terms["lane"].tolist(), plan.terms["capacity"].tolist(), strict=True))

    def sent(self, lane: int, quantity: float, *, together: bool) -> float:
        """What a shipment on a lane and its vehicles cost; 0 where goods leave otherwise: `together`, or each by themselves."""
        if together != (lane in self.gathering):
            return 0.0
        money, capacity = self.plan.money, self.capacity.get(lane, 0.0)
        vehicles = ceil(round(quantity / capacity, 9)) if capacity else 0
        return float(money.shipment[lane]) + vehicles * float(money.vehicle[lane])

    def order(self, lane: int, quantity: float) -> None:
        """An order is placed on a lane."""
        self.ordered[lane] += quantity
        if lane in self.prices:
            self.paid[lane] += cost_of(quantity, *self.prices[lane])

    def worth(self, lane: int) -> float:
        """What a unit is worth where the lane brings it."""
        return float(self.plan.money.unit_cost[self.plan.lanes["target"][lane]])

    def beyond(self, lane: int) -> float:
        """Money for all that was ordered on a lane beyond what it is worth."""
        return self.paid[lane] - self.ordered[lane] * self.worth(lane) if lane in self.prices else 0.0

    def premium(self, lane: int) -> float:
        """The same of a unit."""
        return self.beyond(lane) / self.ordered[lane] if self.ordered[lane] > 0.0 else 0.0

    def premium_of_stock(self, point: int) -> float:
        """The same of a unit of a stock point, over all its lanes."""
        lanes = [j for j, target in enumerate(self.plan.lanes["target"].tolist()) if target == point]
        ordered = sum(self.ordered[j] for j in lanes)
        return sum(self.beyond(j) for j in lanes) / ordered if ordered > 0.0 else 0.0

    def spent(self) -> float:
        """Prices and duty of the window."""
        duty = self.plan.money.duty.tolist()
        due: float = sum(
            duty[j] * units * (self.worth(j) + self.premium(j)) for j, units in enumerate(self.arrived) if duty[j]
        )
        return sum(self.paid) + due


def cost_of(quantity: float, incremental: bool, prices: list[tuple[float, float]]) -> float:
    """What an order costs, segment by segment.

    >>> breaks = [(0.0, 10.0), (100.0, 9.0)]
    >>> cost_of(120.0, False, breaks), cost_of(120.0, True, breaks)
    (1080.0, 1180.0)
    """
    if not incremental:
        return quantity * [price for start, price in prices if start <= quantity][-1]
    ends = [start for start, _ in prices[1:]] + [float("inf")]
    stretches = zip(prices, ends, strict=True)
    return sum(price * (min(quantity, end) - start) for (start, price), end in stretches if quantity > start)
