"""(R, S): every R, order back to S."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES
from chainsim.policies.base_stock import BaseStock


@POLICIES.register("R_S")
@dataclass(frozen=True, kw_only=True)
class PeriodicOrderUpTo(BaseStock):
    """Periodic order-up-to (R, S): every R time units order S − position.

    Symbols: R review interval (time), S order-up-to level (units). Derived: S covers the whole demands that come before
    the receipt of the next review's order: for whole L, L + R − 1 periods of them reviewed after demand, L + R before.
    `derivation: textbook`: S = d·M + z·√(M·σ² + d²·σ_L²) over that mean time M.

    Source: Silver, Pyke & Thomas (2017), §6.9; Hadley & Whitin, Analysis of Inventory Systems (1963), chapter 5.

    By the textbook, demand 100 ± 20 a period, lead time 2, review every 3 periods after demand: M = 4, S = 400 + 1.2816 · 20 · √4:

    >>> from chainsim.theory.base_stock import level_for_service
    >>> from chainsim.theory.lead_time_demand import LeadTimeDemand
    >>> round(level_for_service(LeadTimeDemand(400.0, 40.0), 0.90), 2)
    451.26
    """

    title = "Periodic order-up-to (R, S)"
    summary = "Every R time units, order back up to S."
    source = "Silver, Pyke & Thomas (2017), §6.9: S = d·M + z·√(M·σ² + d²·σ_L²); Hadley & Whitin (1963), ch. 5"
    review = "periodic"

    review_interval: float = field_of("duration", "Time between reviews.", symbol="R", example="1 week", above=0)
