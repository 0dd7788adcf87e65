"""Where a condition that holds from some level on begins to hold."""

from __future__ import annotations

from collections.abc import Callable


def smallest_integer(good: Callable[[int], bool], low: int) -> int:
    """Smallest n ≥ low with good(n), for a condition that stays true once it is true. Raises ValueError beyond 2⁶⁰.

    >>> smallest_integer(lambda n: n * n >= 50, low=0)
    8
    """
    if good(low):
        return low
    step = 1
    while not good(low + step):
        low, step = low + step, 2 * step
        if step > 2**60:
            raise ValueError("no level is high enough")
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high


def smallest_real(good: Callable[[float], bool], low: float, scale: float) -> float:
    """Smallest x ≥ low with good(x), to floating-point accuracy; `scale` is the first step tried.

    >>> round(smallest_real(lambda x: x * x >= 50, low=0.0, scale=1.0), 9)
    7.071067812
    """
    if good(low):
        return low
    while not good(low + scale):
        low, scale = low + scale, 2.0 * scale
        if scale > 1e300:
            raise ValueError("no level is high enough")
    high = low + scale
    while low < (middle := (low + high) / 2.0) < high:
        low, high = (low, middle) if good(middle) else (middle, high)
    return high
