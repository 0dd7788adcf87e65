"""Just in time: order exactly what was demanded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, Derived, PointFacts, Policy, Settings, round_up
from chainsim.policies.base_stock import order_quantity
from chainsim.policies.knobs import Knobs
from chainsim.policies.levels import kept_alive
from chainsim.policies.textbook import in_whole_periods, least_cover


@POLICIES.register("jit")
@dataclass(frozen=True, kw_only=True)
class JustInTime(Policy):
    """Just in time (lot for lot): order exactly what was sold, or is owed, since the last review. No safety stock unless a
    buffer is asked for; what is kept is the mean demand an order must cover.

    The rule is a base stock: order S − position, S = ⌈d·M⌉ + buffer, with d mean demand per time unit and M the
    protection interval (lead time, and review interval where the review is periodic). Started at S, that orders the
    demand since the last review; demand that was lost is not ordered again. Started elsewhere, its first order makes up
    the difference to S: to pass orders on from the first moment, let `initial` stand at S.

    Source: Ohno, Toyota Production System (1988); pipeline = rate × lead time by Little's law (Little 1961, Operations
    Research 9:383-387).

    Ten units a day and two days from the supplier: S = 20. At 0 on hand and 10 on the way, order today's 10:

    >>> from chainsim.plan.tables import POINT
    >>> order_quantity(POINT.row(watch=0, whole=1, on_hand=0.0, on_order=10.0, backorders=0.0), (20.0,), [])
    10.0
    """

    title = "Just in time (lot for lot)"
    summary = (
        "Order exactly what was sold, or is owed, since the last review; no safety stock beyond an optional buffer."
    )
    source = "Ohno (1988); S = d·M, Little's law"
    rule = staticmethod(order_quantity)
    knobs = Knobs(
        lambda policy, by, target: more_time(policy, by),
        lambda policy, known: buffered(policy, known),
        "buffer",
        least=0.0,
    )

    buffer: float = field_of(
        "units", "Extra units kept on top of mean demand.", default=0.0, unit="units", symbol="B", example=10, least=0
    )
    buffer_time: float = field_of(
        "duration", "Extra stock as so much time of mean demand; adds to buffer.", default=0.0, example="1 day", least=0
    )
    review_interval: float | None = field_of(
        "duration",
        "Time between reviews. Left out: each demand is ordered at once.",
        default=None,
        symbol="R",
        example="1 day",
        above=0,
    )

    def settings(self, point: PointFacts) -> Settings:
        interval = max(in_whole_periods(point).protection_interval, least_cover(point))
        mean = point.demand_mean * interval
        extra = self.buffer + point.demand_mean * self.buffer_time
        level = Derived(
            "order_up_to_level", "S", round_up(mean + extra, point.whole), mean + extra, "units",
            "S = d·M + B" if extra > 0.0 else "S = d·M, no safety stock",
            {"d": point.demand_mean, "M": interval, "B": extra},
        )  # fmt: skip
        level = kept_alive(point, level, "S")
        warnings: tuple[str, ...] = ()
        if point.customers and extra == 0.0 and point.demand_sd > 0.0 and interval > 0.0:
            warnings = (
                "jit holds no safety stock: whenever demand is above its mean over the lead time, stock runs out",
            )
        return Settings(
            (level.value,), order_up_to=level.value, derived=(level,), wake_at=level.value, warnings=warnings
        )


def more_time(policy: JustInTime, by: float) -> JustInTime:
    """With `by` time units more of mean demand as buffer; never less than none."""
    return replace(policy, buffer_time=max(policy.buffer_time + by, 0.0))


def buffered(policy: JustInTime, known: Settings) -> JustInTime:
    """The policy with its buffer in units."""
    level: Any = known.derived[0]
    return replace(policy, buffer=max(level.value - level.inputs["d"] * level.inputs["M"], 0.0), buffer_time=0.0)
