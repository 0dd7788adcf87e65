"""The exponential function from + − × ÷ alone, so that its last digit depends on no C library and a page can have the same.

x = k·ln 2 + r with |r| ≤ ½·ln 2 and ln 2 in two parts, the first so short that its multiples are exact (W. J. Cody & W. Waite, Software
Manual for the Elementary Functions, 1980); then the series of eʳ and k doublings, which are exact.
"""

from __future__ import annotations

import math

PER_LN_2 = 1.4426950408889634
LN_2_HIGH, LN_2_LOW = 0.6931471803691238, 1.9082149292705877e-10
TERMS = 14
"""r¹⁵/15! is below 2⁻⁶³ of 1."""


def exponential(x: float) -> float:
    """eˣ for 0 ≤ x ≤ 709, within two units of the last digit. Raises ValueError for other x.

    >>> exponential(0.0), abs(exponential(1.0) - math.e) < 1e-15
    (1.0, True)
    """
    if not 0.0 <= x <= 709.0:
        raise ValueError(f"from 0 to 709, not {x!r}")
    k = math.floor(x * PER_LN_2 + 0.5)
    r = x - k * LN_2_HIGH - k * LN_2_LOW
    y = 1.0
    for n in range(TERMS, 0, -1):
        y = 1.0 + r * y / n
    for _ in range(k):
        y *= 2.0
    return y
