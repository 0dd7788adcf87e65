"""What can be said and what cannot: intervals that hold everything, advice to run more, numbers next to nothing."""

from __future__ import annotations

from chainsim.report.numbers import HARD, MINUS, PLAIN, UNDEFINED, decimals_for, on, plus_minus, several

MOST_REPLICATIONS = 10_000
"""Advice to run more than these is not given as a number."""
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def tells_nothing(mean: float | None, half_width: float | None) -> bool:
    """Whether the interval of a measure that cannot be negative reaches down to 0: such a mean is no finding."""
    return bool(mean and half_width) and (half_width or 0.0) >= abs(mean or 0.0)


def replications(n: int | None) -> str:
    """How many replications would settle something, as well as that can be known: one digit, and no number at all where nobody would
    run so many.

    >>> replications(16), replications(6256).replace("\\u202f", "_"), replications(250_000).replace("\\u202f", "_")
    ('about 20 replications', 'about 7_000 replications', 'more than 10_000 replications')
    """
    if n is None or n > MOST_REPLICATIONS:
        return f"more than {several(MOST_REPLICATIONS, 'replication')}"
    # rounded up: with fewer it may not be settled
    step = 10 ** (len(str(n)) - 1)
    return f"about {several(-(-n // step) * step, 'replication')}"


def tiny(x: float) -> str:
    """A number too small for decimals.

    >>> tiny(4.6e-16).replace(HARD, " "), tiny(1e-9).replace(HARD, " ")
    ('5 × 10⁻¹⁶', '10⁻⁹')
    """
    digit, power = f"{x:.0e}".split("e")
    ten = "10" + str(int(power)).translate(_SUPERSCRIPT)
    return ten if digit == "1" else f"{digit.replace('-', MINUS)}{HARD}×{HARD}{ten}"


def times(mean: float | None, half_width: float | None = None, *, interval: bool = False) -> str:
    """A ratio as a multiple, two decimals at most.

    >>> times(53.7, 6.0), times(0.44912), times(53.7, 6.0, interval=True).replace(HARD, " "), times(0.0003, 0.0006)
    ('54×', '0.45×', '54 ± 6×', 'below 0.01×')
    """
    if mean is None or mean != mean:
        return UNDEFINED
    scale = PLAIN._replace(decimals=min(decimals_for(mean, half_width), 2))
    if 0 < abs(mean) < 0.005:
        return "below 0.01×"
    return f"{plus_minus(scale, mean, half_width) if interval else on(scale, mean)}×"
