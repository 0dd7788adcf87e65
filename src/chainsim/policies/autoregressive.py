"""Order-up-to with the best forecast of demand that remembers its last period, AR(1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor, sqrt
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, PointFacts, Settings
from chainsim.policies.forecast import CoverDriven
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.textbook import by_two_moments
from chainsim.rules.position import inventory_position


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order up to S_t. p = (S at mean demand, share of a deviation that is forecast, mean); memory = [1 after a review]."""
    surprise = stock.recent_demand - p[2] if memory[0] > 0.0 else 0.0
    memory[0] = 1.0
    gap = p[0] + p[1] * surprise - inventory_position(stock)
    return gap if gap > 0.0 else 0.0


@POLICIES.register("autoregressive")
@dataclass(frozen=True, kw_only=True)
class Autoregressive(CoverDriven):
    """Order-up-to with the forecast of least mean squared error for AR(1) demand: at each review order S_t − position,
    S_t = m·μ + ρ(1 − ρᵐ)/(1 − ρ)·(D_t − μ) + z·σ_m.

    Symbols: μ, σ mean and standard deviation of demand per review interval, ρ its correlation with the next, D_t that of
    the last one, m = M/R review intervals in the protection interval, σ_m² = σ²(1 − ρ²)·Σᵢ((1 − ρⁱ)/(1 − ρ))², i = 1 … m, the
    variance of the forecast's error, z = Φ⁻¹(α) (0 at a service level of 0.5). Orders are never negative.

    Source: Lee, Padmanabhan & Whang (1997), Management Science 43:546-558, §2.1; Lee, So & Tang (2000), Management Science
    46:626-643, eqs. 3.1-3.5; their lead time is m − 1. Bullwhip: 1 + 2ρ(1 − ρᵐ)(1 − ρᵐ⁺¹)/(1 − ρ).

    Mean 10, ρ = 0.5, m = 2: of a demand of 18, 8 above the mean, 4 + 2 come again; S = 26; position 20 − 18 = 2:

    >>> from chainsim.plan.tables import POINT
    >>> order_quantity(POINT.row(whole=1, on_hand=2.0, on_order=0.0, backorders=0.0, recent_demand=18.0), (20.0, 0.75, 10.0), [1.0])
    24.0
    """

    title = "Order-up-to, AR(1) forecast"
    summary = "At each review, order up to a level set by the best forecast of demand that remembers its last period."
    source = "Lee, Padmanabhan & Whang (1997), §2.1: S_t = m·μ + ρ(1 − ρᵐ)/(1 − ρ)·(D_t − μ) + z·σ_m"
    review = "periodic"
    rule = staticmethod(order_quantity)
    # its level moves with the forecast: the service it plans for is its knob, for each group its own
    knobs = Knobs(on_the_logit)

    rho: float = field_of(
        "number",
        "Correlation of a review interval's demand with the next's; `rho` of the demand when R is its period.",
        symbol="ρ",
        example=0.7,
        above=-1,
        below=1,
    )

    def settings(self, point: PointFacts) -> Settings:
        cover = self.cover(point)
        m = cover.intervals
        gain, square = self._over(m)
        error = cover.sd * sqrt(square)
        # cover.safety is z·√m, for demand that does not remember; a lead time that varies is part of it
        level = cover.mean * m + (cover.safety / sqrt(m) * error if m > 0.0 else 0.0)
        shown = replace(
            cover.level, value=level, exact=level,
            formula=f"at mean demand, of S_t = m·μ + ρ(1 − ρᵐ)/(1 − ρ)·(D_t − μ) + z·σ_m; {self.target(point)}",
            inputs={**cover.level.inputs, "ρ": self.rho, "m": m, "σ_m": error},
        )  # fmt: skip
        return Settings(
            (level, gain, cover.mean),
            order_up_to=level,
            derived=(shown,),
            memory=(0.0,),
            promise=by_two_moments(self, point, self.target(point)),
        )

    def _over(self, m: float) -> tuple[float, float]:
        """Share of a deviation that comes again within m intervals, and σ_m² ÷ σ²; between whole m on the straight line."""
        whole = floor(m + 1e-9)
        carried = [(1.0 - self.rho**i) / (1.0 - self.rho) for i in range(whole + 2)]  # of a shock, i intervals long
        part = m - whole
        gain = self.rho * (carried[whole] + part * (carried[whole + 1] - carried[whole]))
        square = sum(c * c for c in carried[: whole + 1]) + part * carried[whole + 1] ** 2
        return gain, (1.0 - self.rho**2) * square
