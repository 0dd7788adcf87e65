"""The reverse stress test: the mildest shock of each kind that breaks a target, by bisection on common random numbers.

Levels stay those of the calm world. It is taken that a larger shock does no less harm; every size is met by the same
customers and the same luck, so that what is compared is the size alone. With sampled numbers the answer is that of the
sample: how far it may be off by chance the interval of the service at that size says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from chainsim.statistics import Estimate

Fate = Literal["breaks", "none", "broken", "nothing"]


@dataclass(frozen=True)
class Mildest:
    """Of one kind of shock under one policy. breaks: the smallest size tried that breaks a target; holds: the largest
    that does not, one `within` below. fate: 'none' when even `most` does not; 'broken' when the calm path misses it
    already; 'nothing' when the scenario has nothing to shock. at: service at `breaks`."""

    policy: str
    shock: str
    kind: Literal["share", "days"]
    fate: Fate
    within: float
    most: float
    breaks: float | None = None
    holds: float | None = None
    at: Estimate | None = None
    where: str = ""
    why_not: str = ""


def mildest(breaks: Callable[[float], bool], most: float, within: float) -> tuple[Fate, float | None, float | None]:
    """The smallest multiple of `within` up to `most` that breaks, and the largest below it that does not.

    >>> mildest(lambda size: size >= 0.37, 1.0, 0.01)
    ('breaks', 0.37, 0.36)
    >>> mildest(lambda size: size > 5, 1.0, 0.01), mildest(lambda size: True, 1.0, 0.01)
    (('none', None, 1.0), ('broken', None, None))
    """
    if breaks(0.0):
        return "broken", None, None
    last = max(1, round(most / within))
    if not breaks(round(last * within, 9)):
        return "none", None, round(last * within, 9)
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if breaks(round(middle * within, 9)):
            high = middle
        else:
            low = middle
    return "breaks", round(high * within, 9), round(low * within, 9)
