"""Stock that falls by so many units a tick and by a share of itself: dI/dt = −d − rI, in additions and multiplications alone, so
that every engine gets the same last digit."""

from __future__ import annotations


def area_under(stock: float, drain: float, rate: float, ticks: float) -> float:
    """Unit-ticks under I(t) = (I(0) + d/r) e^(−rt) − d/r in so many ticks. `drain` d: units a tick, below 0 where stock rises;
    `rate` r: share a tick. With x = rt they are (I(0) (1 − e^(−x)) − (d/r) (x − 1 + e^(−x))) / r.

    >>> from math import exp
    >>> round(area_under(157.756377113, 600.0, 0.4, 0.25) / 0.25, 6), round(area_under(1.0, 0.0, 2.0, 3.0) - (1.0 - exp(-6.0)) / 2.0, 15)
    (77.563771, 0.0)
    """
    if rate <= 0.0:
        return (stock - 0.5 * drain * ticks) * ticks
    x = rate * ticks
    halvings = 0
    while x > 0.015625:
        x *= 0.5
        halvings += 1
    late = x * x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x * (1.0 / 120.0 - x * (1.0 / 720.0 - x / 5040.0)))))
    gone = x - late  # 1 − e^(−x), and x less that
    while halvings > 0:
        late = 2.0 * late + gone * gone
        gone *= 2.0 - gone
        halvings -= 1
    return (stock * gone - drain / rate * late) / rate
