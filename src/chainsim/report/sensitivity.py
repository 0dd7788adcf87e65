"""What the recommendation hangs on: by how much one cost line would have to change for another policy to be cheapest.

Exact from the same replications: with one line multiplied by m, a policy's total is total + (m − 1)·line, so two
policies tie at m = 1 − Δtotal ÷ Δline. The policies' own parameters stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDEST = 4.0
"""Multipliers from a quarter to four times are worth telling."""

Rival = tuple[str, float, Mapping[str, float]]
"""Label, total cost, and its lines."""


def tie(total: float, line: float, other_total: float, other_line: float) -> float | None:
    """The multiplier of a cost line at which two policies cost the same; None when there is no positive one.

    >>> tie(100.0, 40.0, 110.0, 30.0)
    2.0
    """
    if line == other_line:
        return None
    m = 1.0 - (total - other_total) / (line - other_line)
    return m if m > 0 else None


def sensitivity(label: str, total: float, lines: Mapping[str, float], rivals: Sequence[Rival]) -> str:
    """The change of one cost line that would soonest make a rival cheaper than the cheapest, `label`, in words.

    >>> print(sensitivity("JIT", 100.0, {"ordering cost": 40.0}, [("EOQ", 110.0, {"ordering cost": 30.0})]))
    If ordering cost were more than 2 times as high, EOQ would be cheaper.
    """
    ties = [
        (abs(math.log(m)), m, name, label)
        for label, other_total, other_lines in rivals
        for name, line in lines.items()
        if (m := tie(total, line, other_total, other_lines[name])) is not None
    ]
    within = [t for t in ties if t[0] <= math.log(WIDEST)]
    if not within:
        return f"{label} stays cheapest with any one cost line at a quarter to four times its value."
    _, m, name, label = min(within)
    if m > 1:
        return f"If {name} were more than {_times(m)} times as high, {label} would be cheaper."
    if m < 1:
        return f"If {name} fell below {_times(m)} of what it is, {label} would be cheaper."
    return f"At present {name} {label} costs the same."


def _times(m: float) -> str:
    """Two digits, more when they would round to 1."""
    for digits in range(2, 6):
        text = f"{m:.{digits}g}"
        if float(text) != 1:
            return text
    return text
