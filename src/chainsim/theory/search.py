"""Where a condition that holds from some level on begins to hold, and where a function with one valley is lowest."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log

RATIO = 1.6  # between neighbours, on the way down into a valley
AT_ALL = 1e-4  # lower by a smaller share is not lower, on that way


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


def valley(value: Callable[[int], float], start: int, least: int, most: int) -> float:
    """Where a smooth function of whole numbers, above 0 and with one valley, is lowest, between whole numbers: from `start`
    downhill in ratios of 1.6, then twice to the lowest point of the parabola through three, over log n.

    A flat function is lowest at `start`.

    >>> round(valley(lambda n: 100.0 / n + n / 4.0, 6, 1, 100), 1)
    20.0
    """
    known: dict[int, float] = {}

    def at(n: int) -> float:
        if n not in known:
            known[n] = value(n)
        return known[n]

    lowest = min(max(start, least), most)
    at(lowest)
    for ratio in (RATIO, 1.0 / RATIO):
        while (n := min(max(round(lowest * ratio), least), most)) != lowest and at(n) < at(lowest) * (1.0 - AT_ALL):
            lowest = n
    for _ in range(2):
        found = _vertex(known, lowest)
        if at(round(found)) < known[lowest]:
            lowest = round(found)
    return _vertex(known, lowest)


def _vertex(known: dict[int, float], n: int) -> float:
    """Of the parabola through the lowest known point and its two neighbours, between these; the point itself, where it has
    but one. (A neighbour may be lower by next to nothing, and the parabola's lowest point lie far beyond.)"""
    below, above = max((k for k in known if k < n), default=0), min((k for k in known if k > n), default=0)
    if below == 0 or above == 0:
        return float(n)
    left, right = log(n / below), log(above / n)
    falls, rises = (known[below] - known[n]) / left, (known[above] - known[n]) / right
    if not 0.0 < falls + rises < float("inf"):
        return float(n)
    lowest = n * exp((falls * right - rises * left) / (falls + rises) / 2.0)
    return min(max(lowest, float(below)), float(above))
