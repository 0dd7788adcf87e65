"""(R, s, S): every R, if at or below s, order up to S."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES
from chainsim.policies.s_S import MinMax


@POLICIES.register("R_s_S")
@dataclass(frozen=True, kw_only=True)
class PeriodicMinMax(MinMax):
    """Periodic min-max (R, s, S): every R time units, if the position is at or below s, order S − position.

    Symbols: R review interval (time), s reorder point, S order-up-to level (units). Derived: S = s + √(2KD/h), s the
    smallest that gives the service by the model's own laws, the undershoot of a review interval among them.

    Source: Silver, Pyke & Thomas (2017), ch. 7; cost of any (s, S): Zheng & Federgruen (1991), Operations Research
    39:654-665.

    Poisson demand of mean 6, no lead time, K = 5, h = 1, b = 4: (4, 10) is best, at 8.034 a period (Snyder & Shen,
    Example 4.7):

    >>> from chainsim.theory.lead_time_demand import LeadTimeDemand
    >>> from chainsim.theory.s_S import inventory_cost, optimal_s_S, poisson_probabilities
    >>> best = optimal_s_S(5, poisson_probabilities(6), inventory_cost(LeadTimeDemand(6, 0, "poisson"), 1, 4))
    >>> best.reorder_point, best.order_up_to_level, round(best.cost, 3)
    (4, 10, 8.034)
    """

    title = "Periodic min-max (R, s, S)"
    summary = "Every R time units, if the position is at or below s, order up to S."
    source = "Silver, Pyke & Thomas (2017), ch. 7; Zheng & Federgruen (1991)"
    review = "periodic"

    review_interval: float = field_of("duration", "Time between reviews.", symbol="R", example="1 week", above=0)
