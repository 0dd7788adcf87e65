"""How many replications: as many as give the precision asked for, in stages.

After each stage every half-width is compared with what was asked. Where one is still too wide, n·(half-width ÷ asked)² replications
would do if the deviation stayed what it is; the next stage goes there, but never to more than `GROWTH` times as many, since a
deviation seen in few replications is itself uncertain (A. M. Law, Simulation Modeling and Analysis, 5th ed., 2015, section 9.4.1:
the sequential procedure for a fixed precision; Y. S. Chow & H. Robbins, Annals of Mathematical Statistics 36(2), 1965, 457-462).

Stopping when the interval is narrow favours samples whose deviation happens to be small. Chow and Robbins: the interval then holds
the truth with a probability that tends to the level as the width asked for tends to 0; for few replications it is somewhat less.
docs/statistics.md says how much less was measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chainsim.statistics.amounts import Amount
from chainsim.statistics.estimate import Estimate

LEAST, MOST = 30, 1000
"""Replications of the first stage, and at most, where nothing else is said."""
GROWTH = 4
ROOM = 1.05
"""So many times what is reckoned, since a stage that ends a hair short costs another one."""


@dataclass(frozen=True)
class Precision:
    """What is asked: half-widths of measures of the whole network, under every policy. least: replications of the first stage; most:
    replications that may be spent."""

    asked: tuple[Amount, ...]
    least: int = LEAST
    most: int = MOST


def reached(e: Estimate, amount: Amount) -> bool:
    """Whether the half-width is as narrow as asked.

    >>> reached(Estimate(100.0, 0.9, 0.95, 30, ""), Amount(1.0, "%", "total_cost"))
    True
    """
    asked = amount.of(e.mean)
    return asked is not None and e.half_width is not None and e.half_width <= asked


def needed(e: Estimate, amount: Amount) -> int | None:
    """About how many replications reach it, by what is known; None where that cannot be known: it is undefined, has no interval
    yet, or is a share of nothing.

    >>> needed(Estimate(100.0, 3.0, 0.95, 30, ""), Amount(1.0, "%", "total_cost"))
    270
    """
    asked = amount.of(e.mean)
    if not asked or e.half_width is None:
        return None
    times = e.half_width / asked
    return math.ceil(e.n * times * times - 1e-9)


def next_size(precision: Precision, n: int, open_: Sequence[int | None]) -> int:
    """Replications after the next stage, of n that there are; n itself when no more may be spent.

    open_: `needed` of every measure and policy that is not there yet, not empty.

    >>> asked = Precision((), least=30, most=1000)
    >>> [next_size(asked, 30, needs) for needs in ([40], [270], [31, None])], next_size(asked, 1000, [1200])
    ([42, 120, 60], 1000)
    """
    known = max((k for k in open_ if k is not None), default=0)
    target = math.ceil(ROOM * known)
    if None in open_:  # nothing tells how far it is: twice as many
        target = max(target, 2 * n)
    return min(max(target, n + 1), GROWTH * n, max(precision.most, n))
