"""Order-up-to with a moving-average forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt  # correctly rounded everywhere, so every engine gets the same bits
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, PointFacts, Settings
from chainsim.policies.forecast import ForecastDriven
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.textbook import by_two_moments
from chainsim.rules.position import inventory_position


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order up to S_t. p = (window n, M/R, z·√(M/R), σ known, 1 if σ is estimated); memory = [reviews, n observations]."""
    n = int(p[0])
    reviews = int(memory[0])
    if reviews > 0:
        memory[1 + (reviews - 1) % n] = stock.recent_demand
    memory[0] = reviews + 1.0
    mean = 0.0
    for i in range(1, n + 1):
        mean += memory[i]
    mean /= n
    sd = p[3]
    if p[4] > 0.0 and n > 1 and reviews >= n:  # before the window is full, half of it is not an observation
        square = 0.0
        for i in range(1, n + 1):
            square += (memory[i] - mean) * (memory[i] - mean)
        sd = sqrt(square / (n - 1))
    gap = mean * p[1] + p[2] * sd - inventory_position(stock)
    return gap if gap > 0.0 else 0.0


@POLICIES.register("moving_average")
@dataclass(frozen=True, kw_only=True)
class MovingAverage(ForecastDriven):
    """Order-up-to with a moving average: at each review order S_t − position, S_t = F_t·(M/R) + z·σ̂_t·√(M/R), F_t the mean
    and σ̂_t the sample standard deviation of the demand in the last n review intervals.

    Symbols: R review interval, M protection interval (time), n window, z = Φ⁻¹(α) (0 at a service level of 0.5). The
    window starts filled with the scenario's mean; σ̂ is the scenario's own until n reviews have been observed. Orders are
    never negative.

    Source: Chen, Drezner, Ryan & Simchi-Levi (2000), Management Science 46:436-443, eq. 1; their L is our M/R. Bullwhip
    at z = 0: 1 + (2L/n + 2L²/n²)(1 − ρⁿ).

    Mean demand 10, n = 5, M/R = 2: a demand of 15 lifts the forecast to 11, S from 20 to 22; position 20 − 15 = 5:

    >>> from chainsim.plan.tables import POINT
    >>> memory = [1.0, 10.0, 10.0, 10.0, 10.0, 10.0]
    >>> order_quantity(POINT.row(whole=1, on_hand=5.0, on_order=0.0, backorders=0.0, recent_demand=15.0), (5.0, 2.0, 0.0, 0.0, 0.0), memory)
    17.0
    """

    title = "Order-up-to, moving-average forecast"
    summary = "At each review, order up to a level set by the mean demand of the last reviews."
    source = "Chen, Drezner, Ryan & Simchi-Levi (2000), eq. 1: S_t = L·F_t + z·σ̂·√L"
    review = "periodic"
    rule = staticmethod(order_quantity)
    # its level moves with the forecast: the service it plans for is its knob, for each group its own
    knobs = Knobs(on_the_logit)

    window: int = field_of(
        "count", "Number of past review intervals in the mean.", default=4, symbol="n", example=4, least=1, most=1000
    )

    def settings(self, point: PointFacts) -> Settings:
        cover = self.cover(point)
        return Settings(
            (float(self.window), cover.intervals, cover.safety, cover.sd, float(self.deviation == "estimated")),
            order_up_to=cover.level.value,
            derived=(cover.level,),
            memory=(0.0, *[cover.mean] * self.window),
            promise=by_two_moments(self, point, self.target(point)),
        )
