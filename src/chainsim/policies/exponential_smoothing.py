"""Order-up-to with an exponentially smoothed forecast."""

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
    """Order up to S_t. p = (weight, M/R, z·√(M/R), σ known, 1 if σ is estimated); memory = [reviews, F, mean squared error]."""
    if memory[0] > 0.0:
        error = stock.recent_demand - memory[1]
        memory[1] += p[0] * error
        memory[2] += p[0] * (error * error - memory[2])
    memory[0] += 1.0
    sd = sqrt(memory[2]) if p[4] > 0.0 else p[3]
    gap = memory[1] * p[1] + p[2] * sd - inventory_position(stock)
    return gap if gap > 0.0 else 0.0


@POLICIES.register("exponential_smoothing")
@dataclass(frozen=True, kw_only=True)
class ExponentialSmoothing(ForecastDriven):
    """Order-up-to with exponential smoothing: at each review order S_t − position, S_t = F_t·(M/R) + z·σ̂_t·√(M/R), where
    F_t = F_{t−1} + a·(D_t − F_{t−1}) and σ̂_t² smooths the squared forecast errors with the same weight a.

    Symbols: R review interval, M protection interval (time), a smoothing weight, D_t demand of the last review interval,
    z = Φ⁻¹(α) (0 at a service level of 0.5). F and σ̂ start at the scenario's own mean and standard deviation. Orders are
    never negative.

    Source: Chen, Ryan & Simchi-Levi (2000), Naval Research Logistics 47:269-286; error smoothing: Silver, Pyke & Thomas
    (2017), ch. 3. Bullwhip at z = 0, independent demand: 1 + 2La + 2L²a²/(2 − a), L = M/R.

    Mean demand 10, a = 0.3, M/R = 2: a demand of 20 lifts the forecast to 13, S from 20 to 26; position 20 − 20 = 0:

    >>> from chainsim.plan.tables import POINT
    >>> order_quantity(POINT.row(whole=1, on_hand=0.0, on_order=0.0, backorders=0.0, recent_demand=20.0), (0.3, 2.0, 0.0, 0.0, 0.0), [1.0, 10.0, 0.0])
    26.0
    """

    title = "Order-up-to, exponential smoothing"
    summary = "At each review, order up to a level set by an exponentially smoothed forecast."
    source = "Chen, Ryan & Simchi-Levi (2000): S_t = L·F_t + z·σ̂·√L, F_t = F_{t−1} + a·(D_t − F_{t−1})"
    review = "periodic"
    rule = staticmethod(order_quantity)
    # its level moves with the forecast: the service it plans for is its knob, for each group its own
    knobs = Knobs(on_the_logit)

    smoothing: float = field_of(
        "fraction",
        "Weight of the newest observation in the forecast.",
        default=0.3,
        symbol="a",
        example=0.3,
        above=0,
        most=1,
    )

    def settings(self, point: PointFacts) -> Settings:
        cover = self.cover(point)
        return Settings(
            (self.smoothing, cover.intervals, cover.safety, cover.sd, float(self.deviation == "estimated")),
            order_up_to=cover.level.value,
            derived=(cover.level,),
            memory=(0.0, cover.mean, cover.sd**2),
            promise=by_two_moments(self, point, self.target(point)),
        )
