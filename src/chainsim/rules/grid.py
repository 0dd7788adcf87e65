"""The grid of divisible quantities, and how many lots a quantity is.

Decimals are not what they look like: 1086.45 // 362.15 is 2, and 3 × 362.15 is 1086.4499999999998. Whatever counts lots,
whole units or grid points does it here, so that what is equal on paper is equal in the run, in every engine.
"""

from __future__ import annotations

GRID = 1e9
"""Divisible quantities are kept to 10⁻⁹ of a unit, so that what is equal on paper is equal in the run."""

LAST_PLACES = 2.0**-50
"""Relative difference that multiplying, dividing and adding decimals a few times can make: eight units in the last place."""


def on_grid(quantity: float) -> float:
    """The nearest whole number of 10⁻⁹ units.

    >>> on_grid(0.1 + 0.2) == 0.3
    True
    """
    return (quantity * GRID + 0.5) // 1.0 / GRID


def down_to_grid(quantity: float) -> float:
    """The largest whole number of 10⁻⁹ units that is no more than `quantity`, which may lack its last places.

    >>> down_to_grid(4.35), down_to_grid(2.0 / 3.0)  # 4.35 × 10⁹ is 4349999999.999999
    (4.35, 0.666666666)
    """
    return lots_in(quantity * GRID, 1.0) / GRID


def whole_units(quantity: float) -> float:
    """Rounded half up to whole units, the half seen on the grid.

    >>> whole_units(50 * 0.29), whole_units(14.49)  # 50 × 0.29 is 14.499999999999998
    (15.0, 14.0)
    """
    return (on_grid(quantity) + 0.5) // 1.0


def lots_in(quantity: float, lot: float) -> float:
    """How many whole lots there are in `quantity`: the largest whole n with n × lot ≤ quantity.

    Two quantities are the same when they are on the grid's: less than half of 10⁻⁹ apart, or but for the last places of
    a large one. Counting grid points themselves (`lot` 1, quantities in 10⁻⁹) this is a tolerance far below one.

    >>> lots_in(1086.45, 362.15), lots_in(1086.44, 362.15), lots_in(0.4, 0.1), lots_in(-0.5, 1.0)
    (3.0, 2.0, 4.0, -1.0)
    """
    lots = (quantity / lot + 0.5) // 1.0
    if lots * lot > quantity + slack(quantity):
        lots -= 1.0
    return lots


def lots_covering(quantity: float, lot: float) -> float:
    """How many whole lots it takes for `quantity`: the smallest whole n with n × lot ≥ quantity; the same as `lots_in`.

    >>> lots_covering(1086.45, 362.15), lots_covering(1086.46, 362.15), lots_covering(11.11, 1.0)
    (3.0, 4.0, 12.0)
    """
    lots = (quantity / lot + 0.5) // 1.0
    if lots * lot < quantity - slack(quantity):
        lots += 1.0
    return lots


def to_ticks(length: float, ticks_per_unit: int) -> int:
    """A length of time as whole ticks, rounded half up: the one rule, for every time of a scenario.

    >>> to_ticks(1.5, 1), to_ticks(0.1, 86_400_000_000)
    (2, 8640000000)
    """
    return int((length * ticks_per_unit + 0.5) // 1.0)


def rest_of_ticks(length: float, ticks_per_unit: int) -> float:
    """What `to_ticks` rounds away, in ticks, −½ to ½; 0 for what is whole but for the last places, as every decimal is.

    >>> rest_of_ticks(0.1, 86_400_000_000), round(rest_of_ticks(1.0 / 3.0, 1_000_000_000), 4)
    (0.0, 0.3333)
    """
    exact = length * ticks_per_unit
    rest = exact - to_ticks(length, ticks_per_unit)
    return 0.0 if abs(rest) <= LAST_PLACES * exact else rest


def ticks_within(length: float, ticks_per_unit: int) -> int:
    """Whole ticks within a length of time: `to_ticks`, but never up. What takes a constant time that is no whole number of
    ticks is there at the latest when something that comes again and again with it is due (`tick_at`), not one tick after.

    >>> ticks_within(2.0 / 7.0, 1_000_000_000), ticks_within(0.7, 86_400_000_000)
    (285714285, 60480000000)
    """
    ticks = to_ticks(length, ticks_per_unit)
    return ticks - 1 if rest_of_ticks(length, ticks_per_unit) < 0.0 else ticks


def tick_at(start: int, every: int, rest: float, k: int) -> int:
    """The tick of the k-th of what comes again and again: k × interval rounded half up as a whole, so that an interval that
    is no whole number of ticks does not drift.

    >>> [tick_at(0, 333_333_333, 1.0 / 3.0, k) for k in (1, 2, 3)]
    [333333333, 666666667, 1000000000]
    """
    return int(start + k * every + int((k * rest + 0.5) // 1.0))


def tick_after(now: int, start: int, every: int, rest: float) -> int:
    """The tick after the one at `now`, both of what begins at `start`.

    >>> tick_after(666_666_667, 0, 333_333_333, 1.0 / 3.0)
    1000000000
    """
    if rest == 0.0:
        return now + every
    return tick_at(start, every, rest, int((now - start) / (every + rest) + 0.5) + 1)


def part_beyond(now: int, start: int, every: int, rest: float) -> float:
    """Part of a tick, −½ to ½, by which the instant that was rounded to `now` lies after it, for what begins at `start` and
    comes again and again; 0 for a tick that is none of its instants.

    >>> round(part_beyond(666_666_667, 0, 333_333_333, 1.0 / 3.0), 4)  # 666,666,666⅔
    -0.3333
    """
    if rest == 0.0:
        return 0.0
    k = int((now - start) / (every + rest) + 0.5)
    if k < 0 or tick_at(start, every, rest, k) != now:
        return 0.0
    return k * rest - (k * rest + 0.5) // 1.0


def slack(quantity: float) -> float:
    """How far apart two quantities of this size may be and still be the same."""
    return 0.5 / GRID + LAST_PLACES * (quantity if quantity > 0.0 else -quantity)
