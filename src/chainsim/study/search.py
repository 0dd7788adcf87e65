"""The smallest level whose measured service reaches what is asked, in a few runs.

Service is followed on the scale of the normal's quantile, where it is nearly a straight line in the level: the line
through what was measured, then halving. Runs share their random numbers, so service hardly ever falls as a level rises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor
from statistics import NormalDist

MOST_RUNS = 8
NEAR = 0.002
"""A level that is over by less than this (0.2 point) is taken as it is."""
CLOSE, OVER = 0.004, 0.005
"""A level that misses by less than CLOSE may have had bad luck; it is measured once more, and closer, where the next one up is
over by OVER."""
FLAT = 0.0005
"""Service that gains less than this over a whole spread of demand has reached its ceiling."""
LOW = 0.1
"""Service below this may be flat because the level is far too low."""
NORMAL = NormalDist()


@dataclass(frozen=True)
class Found:
    """level: the smallest found that reaches; where none does, the smallest whose service is next to the best.
    one_less: service one grain lower, where it was measured. ceiling: higher levels serve no better. lowest: no lower level makes
    sense."""

    level: float
    service: float
    one_less: float | None
    runs: int
    reached: bool
    ceiling: bool
    lowest: bool = False


@dataclass(frozen=True)
class Terms:
    """What is searched for, and where.

    asked: service to reach. grain: step between levels. spread: standard deviation of the demand that a level covers,
    the first guess of how far service moves. lowest, highest: the levels that make sense.
    """

    asked: float
    grain: float
    spread: float
    lowest: float
    highest: float


class Search:
    """A search that is told, one after the other, what `level` serves, until it is `finished`. Several may go on at once.
    `closely`: the level is measured for the second time, and ought to be over more replications."""

    def __init__(self, first: float, terms: Terms, most: int = MOST_RUNS) -> None:
        self.terms, self.most = terms, most
        self.level = min(max(first, terms.lowest), terms.highest)
        self.finished = self.closely = False
        self._runs = 0
        self._seen: dict[float, float] = {}
        self._ceiling = False

    def tell(self, service: float) -> None:
        """The service measured at `level`, which becomes the next to be measured."""
        seen, terms = self._seen, self.terms
        seen[self.level] = service
        self._runs += 1
        if self.closely:
            self.finished, self.closely = True, False
            return
        low, high = _bracket(seen, terms.asked)
        if high is None:
            self._ceiling = low is not None and (low >= terms.highest or _flat(seen, terms))
            self.finished = self._ceiling
        else:
            least = high <= terms.lowest or (low is not None and high - low <= terms.grain * (1.0 + 1e-9))
            self.finished = seen[high] - terms.asked <= NEAR or least
        self.finished = self.finished or len(seen) >= self.most
        if self.finished and low is not None and high is not None and _unlucky(seen, low, high, terms):
            self.finished, self.closely, self.level = False, True, low
        elif not self.finished:
            self.level = _next(seen, low, high, terms)

    def found(self) -> Found:
        """What came of it."""
        return _answer(self._seen, self.terms, self._ceiling, self._runs)


def search(measure: Callable[[float, bool], float], first: float, terms: Terms, most: int = MOST_RUNS) -> Found:
    """Measure level after level, `first` to begin with, until one reaches what is asked and the next lower does not.
    measure(level, closely): the service; over more replications where `closely`.

    >>> def service(level, closely):
    ...     return NormalDist(100.0, 20.0).cdf(level)
    >>> found = search(service, 110.0, Terms(asked=0.95, grain=1.0, spread=15.0, lowest=0.0, highest=1000.0))
    >>> found.level, round(found.service, 4), found.reached
    (133.0, 0.9505, True)
    """
    going = Search(first, terms, most)
    while not going.finished:
        going.tell(measure(going.level, going.closely))
    return going.found()


def _bracket(seen: dict[float, float], asked: float) -> tuple[float | None, float | None]:
    """The lowest level that reaches, and the highest below it that does not."""
    high = min((level for level, service in seen.items() if service >= asked), default=None)
    below = (level for level, service in seen.items() if service < asked and (high is None or level < high))
    return max(below, default=None), high


def _flat(seen: dict[float, float], terms: Terms) -> bool:
    """Whether the last raises, a spread of demand or more in all, brought nothing: on top, not before the rise."""
    if len(seen) < 3:
        return False
    levels = sorted(seen)[-3:]
    services = [seen[level] for level in levels]
    raised = levels[2] - levels[0] >= terms.spread and max(services) - services[0] < FLAT
    return raised and (services[0] > LOW or levels[2] >= terms.highest / 2.0)


def _unlucky(seen: dict[float, float], low: float, high: float, terms: Terms) -> bool:
    """Whether the next lower level missed by so little that it is chance, and the one that reaches is well over."""
    nearly = terms.asked - seen[low] < CLOSE and seen[high] - terms.asked > OVER
    return nearly and high - low <= terms.grain * (1.0 + 1e-9)


def _answer(seen: dict[float, float], terms: Terms, ceiling: bool, runs: int) -> Found:
    _, high = _bracket(seen, terms.asked)
    if high is None:
        best = max(seen.values())
        level = min(level for level, service in seen.items() if service >= best - NEAR)
    else:
        level = high
    lower = [known for known in seen if abs(known - (level - terms.grain)) < 1e-9 * max(1.0, abs(level))]
    return Found(
        level, seen[level], seen[lower[0]] if lower else None, runs, high is not None, ceiling, level <= terms.lowest
    )


def _next(seen: dict[float, float], low: float | None, high: float | None, terms: Terms) -> float:
    """Where to measure next: on the line where it is known, else in the middle."""
    grain = terms.grain
    score = {level: _score(service, terms.asked) for level, service in seen.items()}
    goal = NORMAL.inv_cdf(terms.asked)
    if low is not None and high is not None:
        if len(seen) % 3 == 0 or score[high] <= score[low]:  # now and then by halves: lines may be bent
            guess = (low + high) / 2.0
        else:
            guess = low + (high - low) * (goal - score[low]) / (score[high] - score[low])
        return min(max(_up(guess, grain), low + grain), high - grain)
    slope = _slope(score, terms.spread)
    if high is not None:
        guess = _up(high - (score[high] - goal) / slope, grain)
        return max(min(guess, high - grain), terms.lowest)
    assert low is not None
    stride = 1.0 if len(seen) == 1 else 1.5 * (len(seen) - 1)  # still short: further each time
    guess = _up(low + stride * (goal - score[low]) / slope, grain)
    return min(max(guess, low + grain), terms.highest)


def _score(service: float, asked: float) -> float:
    """Service as a quantile of the normal. What was never seen to fail may be no more than much better than asked."""
    return NORMAL.inv_cdf(min(max(service, 0.001), 1.0 - (1.0 - asked) / 50.0))


def _slope(score: dict[float, float], spread: float) -> float:
    """How the score rises with the level: by the two outermost that were measured, within reason."""
    usual = 1.0 / spread
    if len(score) < 2:
        return usual
    first, last = min(score), max(score)
    return min(max((score[last] - score[first]) / (last - first), usual / 4.0), usual * 4.0)


def _up(level: float, grain: float) -> float:
    """The next level of the grid at or above."""
    return ceil(level / grain - 1e-9) * grain


def grain_of(spread: float, whole: bool) -> float:
    """Step between the levels of a search: one unit, or for divisible products a round number near a fiftieth of the
    demand's spread.

    >>> grain_of(63.0, True), grain_of(63.0, False), grain_of(0.4, False)
    (1.0, 1.0, 0.001)
    """
    from math import log10

    return 1.0 if whole else float(10.0 ** floor(log10(spread / 50.0)))
