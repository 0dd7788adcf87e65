"""What happens to a shelf that nobody ordered, and when it is counted (`model`)."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.chance.base import Distribution


@dataclass(frozen=True)
class Loss:
    """Units that leave the shelf unseen, from time to time."""

    gap: Distribution
    units: Distribution


@dataclass(frozen=True)
class Mistake:
    """A share of receipts booked, or of counts written down, with so many units too many or too few, either as likely."""

    share: float
    units: Distribution


@dataclass(frozen=True)
class Markdown:
    """What customers pay for a unit from some age on, time units."""

    after: float
    price: float


@dataclass(frozen=True)
class Count:
    """When the shelf is counted: every so often from `first` on (None: not by the calendar), and when somebody finds it empty."""

    every: float | None
    first: float
    when_empty: bool
    tolerance: float
    mistake: Mistake | None
