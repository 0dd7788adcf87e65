"""Where a function of whole steps that rises, but for rare crossings, first reaches 0; and where one is least."""

from __future__ import annotations

from collections.abc import Callable

MOST_DOUBLINGS = 8


class OutOfReach(Exception):
    """No number reaches it: at best `ceiling`, where `steps` are so many; `why` in words where something stopped the search."""

    def __init__(self, ceiling: float, steps: int, why: str = "") -> None:
        self.ceiling, self.steps, self.why = ceiling, steps, why
        super().__init__(why)


def first_reaching(margin: Callable[[int], float], start: int, *, least: int | None = None, stride: int = 1) -> int:
    """The smallest whole number of steps from which on `margin` is at least 0: a bracket by doubling strides from the start, then
    regula falsi with the Illinois correction (Dowell & Jarratt, BIT 11, 1971, 168-174), so that few are tried.

    least: no steps below it are tried; where it reaches, it is the answer. Raises OutOfReach after so many doublings.

    >>> first_reaching(lambda k: k - 41.5, 0), first_reaching(lambda k: k + 41.5, 0), first_reaching(lambda k: k + 9.0, 0, least=-5)
    (42, -41, -5)
    """
    low = high = start
    below = above = margin(start)
    reach = stride
    for _ in range(MOST_DOUBLINGS + 1):
        if below < 0.0 <= above:
            break
        if above < 0.0:
            low, below = high, above
            high = high + reach
            above = margin(high)
            if above <= below and reach >= stride * 2**4:  # it rises no more
                raise OutOfReach(max(above, below), low)
        else:
            if least is not None and low <= least:
                return low
            high, above = low, below
            low = low - reach if least is None else max(low - reach, least)
            below = margin(low)
        reach *= 2
    if above < 0.0:
        raise OutOfReach(above, high)
    if below >= 0.0:
        return low
    return _between(margin, low, below, high, above)


def _between(margin: Callable[[int], float], low: int, below: float, high: int, above: float) -> int:
    side, left, right, tries = 0, below, above, 0
    while high - low > 1:
        tries += 1
        middle = (low + high) // 2
        if tries <= 6 and right > left:
            middle = min(max(round(high - right * (high - low) / (right - left)), low + 1), high - 1)
        found = margin(middle)
        if found >= 0.0:
            high, right = middle, found
            left = left / 2.0 if side == 1 else left
            side = 1
        else:
            low, left = middle, found
            right = right / 2.0 if side == -1 else right
            side = -1
    return high


def least_of(cost: Callable[[int], float], start: int, *, least: int | None = None, stride: int = 4) -> int:
    """Where a function with one valley is least, by strides that halve.

    >>> least_of(lambda k: (k - 17) ** 2, 0), least_of(lambda k: (k - 17) ** 2, 0, least=20)
    (17, 20)
    """
    best = start if least is None else max(start, least)
    value = cost(best)
    while True:
        moved = False
        for direction in (1, -1):
            while least is None or best + direction * stride >= least:
                there = cost(best + direction * stride)
                if not there < value:
                    break
                best, value, moved = best + direction * stride, there, True
            if moved:
                break
        if not moved:
            if stride == 1:
                return best
            stride = max(stride // 2, 1)
