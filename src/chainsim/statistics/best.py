"""Which of several policies is best, with an allowance for having picked it: multiple comparisons with the best.

Whoever simulates k policies and takes the cheapest has looked k times; that it beat the second in a comparison at 95 % is not 95 %
sure. Hsu's constrained intervals (J. C. Hsu, Constrained simultaneous confidence intervals for multiple comparisons with the best,
Annals of Statistics 12(3), 1984, 1136-1144) bound for all policies at once how far each lies from the best of the others. They need, for the
one policy that is truly best, simultaneous intervals of its k − 1 differences. With common random numbers these are paired, their
variances unequal and dependent, so each is taken at level 1 − (1 − level)/(k − 1) (Bonferroni; W.-N. Yang and B. L. Nelson, Using common
random numbers and control variates in multiple-comparison procedures, Operations Research 39(4), 1991, 583-591). Both of their ends are
kept, though one would do: with two policies the verdict is then that of `compare`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chainsim.errors import UsageError
from chainsim.statistics.estimate import Estimate
from chainsim.statistics.paired import paired_difference
from chainsim.statistics.sample import Sample

Place = Literal["best", "may be best", "not best", "undefined"]


@dataclass(frozen=True)
class Standing:
    """Where a policy stands among the others.

    place: 'best': no other may be best; 'may be best': one of several that may; 'not best': some other is surely better.
    rival: place among the policies of the best of the others. gap: how much worse than the rival, positive when worse, with the simultaneous
    interval. low, high: how much worse than the best of the others with the level's confidence, for all policies at once; low < 0 only where
    the policy may be best, high > 0 only where another may be; None where there is no interval.
    """

    place: Place
    rival: int | None
    gap: Estimate | None
    low: float | None
    high: float | None


def compare_with_best(
    samples: Sequence[Sequence[float] | Sample], level: float = 0.95, direction: Literal["higher", "lower"] = "lower"
) -> list[Standing]:
    """Every policy against the best of the others, paired by replication. A policy whose measure is undefined stands apart.
    Raises UsageError for a level outside (0, 1).

    >>> costs = [[10.0, 11.0, 12.0], [10.1, 10.9, 12.2], [15.0, 16.0, 17.0]]
    >>> [standing.place for standing in compare_with_best(costs)]
    ['may be best', 'may be best', 'not best']
    """
    if not 0.0 < level < 1.0:
        raise UsageError(f"a confidence level lies between 0 and 1, not {level!r}")
    known = [i for i, sample in enumerate(samples) if paired_difference(sample, sample, level).mean is not None]
    each = 1.0 - (1.0 - level) / max(len(known) - 1, 1)
    worse: dict[tuple[int, int], Estimate] = {}
    for i in known:
        for j in known:
            if i != j:
                pair = (samples[i], samples[j]) if direction == "lower" else (samples[j], samples[i])
                worse[i, j] = paired_difference(*pair, each)
    candidates = {i for i in known if all(_may_be_better(worse[i, j]) for j in known if j != i)}
    return [_standing(i, known, candidates, worse) for i in range(len(samples))]


def _may_be_better(worse: Estimate) -> bool:
    """Whether a policy may be as good as another, of which it is so much `worse`."""
    return worse.mean is None or worse.low is None or worse.low <= 0.0


def _standing(i: int, known: Sequence[int], candidates: set[int], worse: dict[tuple[int, int], Estimate]) -> Standing:
    if i not in known:
        return Standing("undefined", None, None, None, None)
    others = [j for j in known if j != i and worse[i, j].mean is not None]
    if not others:
        return Standing("best", None, None, None, None)
    place: Place = "not best" if i not in candidates else "best" if candidates == {i} else "may be best"
    rival = max(others, key=lambda j: (worse[i, j].mean or 0.0, -j))
    gap = worse[i, rival]
    lows = [worse[i, j].low for j in others]
    highs = [worse[i, j].high for j in others if j in candidates]
    low = None if any(x is None for x in lows) else min(0.0, max(x for x in lows if x is not None))
    high = None if any(x is None for x in highs) else max([0.0, *(x for x in highs if x is not None)])
    return Standing(place, rival, gap, low, high)
