"""Small pieces that sentences about policies are made of."""

from __future__ import annotations

from collections.abc import Sequence

from chainsim.report.numbers import Units, grouped
from chainsim.statistics import Estimate


def points(gap: Estimate) -> str:
    """A difference of two shares, in percentage points, without its sign."""
    return Units("").interval("share", abs(gap.mean or 0.0), gap.half_width).replace("%", "percentage points")


def two_digits(percentage: float) -> str:
    """'2.7', '12', '340'."""
    return grouped(percentage, 1 - int(f"{percentage:.1e}".partition("e")[2])) if percentage else "0"


def at_least(value: float | None, target: float) -> bool:
    """Whether a share reaches a target; one that equals it but for rounding does."""
    return value is not None and value >= target - 1e-12


def listed(names: Sequence[str], word: str) -> str:
    """Names in a sentence; in quotation marks where a comma in one of them would look like one between two.

    >>> listed(["JIT"], "and"), listed(["JIT", "EOQ", "MRP"], "or")
    ('JIT', 'JIT, EOQ or MRP')
    >>> listed(["(s, Q), gamma", "Weekly order, up to S"], "and")
    '“(s, Q), gamma” and “Weekly order, up to S”'
    """
    if len(names) == 1:
        return names[0]
    if any("," in name for name in names):
        names = [f"“{name}”" for name in names]
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
