"""Power-of-two order intervals: simple calendars that cost at most 6.07 % more than the best interval."""

from __future__ import annotations

from math import floor, log2, sqrt
from typing import NamedTuple


class PowerOfTwo(NamedTuple):
    """Best interval and its cost; best power-of-two interval and its cost (time units, money per time unit)."""

    interval: float
    cost: float
    calendar_interval: float
    calendar_cost: float

    @property
    def ratio(self) -> float:
        """Cost of the calendar over the least cost, at most (√2 + 1/√2)/2 = 1.0607."""
        return self.calendar_cost / self.cost


def interval_cost(interval: float, order_cost: float, demand_rate: float, holding_cost: float) -> float:
    """g(T) = K/T + hDT/2, money per time unit.

    >>> interval_cost(0.5, 10, 20, 4)
    40.0
    """
    return order_cost / interval + holding_cost * demand_rate * interval / 2.0


def power_of_two(order_cost: float, demand_rate: float, holding_cost: float, base: float) -> PowerOfTwo:
    """T* = √(2K/(hD)) and the cheapest T = 2ᵐ·base, m any whole number.

    Roundy (1985), Management Science 31:1416-1430; Muckstadt & Roundy (1993), Handbooks in OR & MS 4, §2; Snyder & Shen
    (2019), §3.3.

    >>> best = power_of_two(100, 52, 2, base=1 / 52)  # weeks
    >>> round(best.interval, 4), round(best.calendar_interval * 52), best.calendar_cost, round(best.ratio, 6)
    (1.3868, 64, 145.25, 1.007128)
    """
    interval = sqrt(2.0 * order_cost / (holding_cost * demand_rate))
    low = floor(log2(interval / base))
    cost = {
        t: interval_cost(t, order_cost, demand_rate, holding_cost) for t in (base * 2.0**low, base * 2.0 ** (low + 1))
    }
    calendar = min(cost, key=lambda t: cost[t])
    return PowerOfTwo(interval, sqrt(2.0 * order_cost * demand_rate * holding_cost), calendar, cost[calendar])
