"""Little's law: what is under way = rate × time, whatever the distributions. Little (1961), Operations Research 9:383-387."""

from __future__ import annotations

from collections.abc import Sequence


def in_line(rate: float, times: Sequence[float]) -> tuple[float, ...]:
    """Mean units in each of the stages in series that all pass `rate` units per time unit, with these mean times.

    A just-in-time line with level demand holds exactly this, and nothing on any shelf.

    >>> in_line(10.0, (2.0, 3.0, 1.0))
    (20.0, 30.0, 10.0)
    """
    return tuple(rate * time for time in times)


def mean_wait(waiting: float, rate: float) -> float:
    """Mean time a unit waits when `waiting` units wait on average and `rate` pass per time unit.

    >>> mean_wait(0.5, 4.0)
    0.125
    """
    if rate <= 0.0:
        raise ValueError("a mean wait needs units that pass")
    return waiting / rate
