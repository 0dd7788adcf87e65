"""The search for the numbers of one alternative: its service first, then levels and lots of groups.

*Service*: one number, through the policy's own derivation (`one_number.first_reaching`).
*Levels and lots*: nested. Inner: all levels where customers buy move together until the target is reached; the cost is read at
exactly the service aimed at, on the line between the candidates just below and above, replication by replication, so that whole
units decide nothing and the luck of the years is taken out. Outer: a coarse scan over lots first (a derived start may sit in the
wrong valley), then a pattern search over the other levels and the lots (Hooke & Jeeves 1961) on lattice steps that halve, on samples
that grow (retrospective approximation: Pasupathy, Operations Research 58, 2010, 889-901, with a plain neighbourhood); it ends
when no neighbour (with few numbers, no pair of neighbours) is better by what is worth a move. Moves that are surely worse on the smaller sample are thrown out by it.
Everything is on replications 0 … n − 1, common to all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import inf, sqrt

import numpy as np

from chainsim.errors import ScenarioError
from chainsim.statistics.observed import Array
from chainsim.tune.groups import Group, Map, Spot
from chainsim.tune.one_number import OutOfReach, first_reaching, least_of
from chainsim.tune.subject import Written, unreadable
from chainsim.tune.trials import Impossible, Seen, Stopped, Tell, Trials

GRID = 0.02
"""Steps of the service knob: of a logit, or what the policy's type says."""
FIRST_STRIDE = 16
SURELY = 2.0
"""Standard errors of a paired difference by which a move must be worse to be thrown out by a smaller sample."""
SCAN = (0.25, 0.5, 2.0, 4.0)
"""Multiples of the derived lots at which the scan looks."""
FEW_AXES = 3
"""With more, pairs of neighbours are not tried: there are too many, and the surface is flat where they would lead."""
WORTH = 5e-4
"""Of the cost: what a move must gain. A tenth of the usual indifference; less would follow the sample's own luck."""
MOST_MOVES = 400


@dataclass(frozen=True)
class Sizes:
    """Replications of the samples of a search, growing; the last sets the selling levels. ray: of the curve."""

    scan: int = 10
    search: int = 30
    last: int = 100
    ray: int = 30


@dataclass(frozen=True)
class Found:
    """What a search ended with. written: the numbers. spot: where they lie on the map. seen: what they gave on the last sample.
    ceiling: the best service there is, where the target is out of reach, and why. complete: False when the budget ran out."""

    written: Written
    spot: Spot
    map: Map
    seen: Seen
    by: float | None
    ceiling: float | None = None
    why: str = ""
    complete: bool = True


class ByService:
    """The service knob of an alternative."""

    def __init__(self, trials: Trials) -> None:
        self.trials = trials
        self._made: dict[int, Written] = {}

    def written(self, steps: int) -> Written:
        """The numbers at so many steps. Raises Impossible."""
        if steps not in self._made:
            try:
                self._made[steps] = self.trials.subject.served(steps * GRID)
            except ScenarioError as error:
                raise Impossible(unreadable(error)) from error
        return self._made[steps]

    def reaching(self, n: int, start: int = 0, stride: int = FIRST_STRIDE) -> int:
        """Steps at which the target is first reached on n replications. Raises OutOfReach."""
        why = ""

        def margin(steps: int) -> float:
            nonlocal why
            try:
                return self.trials.margin(self.trials.see(self.written(steps), n)) - self.trials.aim.within / 2.0
            except Impossible as error:
                why = str(error)
                return -inf

        try:
            return first_reaching(margin, start, stride=stride)
        except OutOfReach as error:
            raise OutOfReach(error.ceiling, error.steps, why) from None

    def cheapest(self, n: int) -> int:
        """Steps at which the cost is least on n replications."""

        def cost(steps: int) -> float:
            try:
                return float(self.trials.see(self.written(steps), n).cost.mean())
            except Impossible:
                return inf

        return least_of(cost, 0, stride=FIRST_STRIDE)


class OnTheMap:
    """Levels and lots of groups around a start."""

    def __init__(self, trials: Trials, grounds: Map, *, lots: bool) -> None:
        self.trials, self.map, self.aim = trials, grounds, trials.aim
        selling = [i for i, group in enumerate(grounds.groups) if group.sells]
        self.lead = selling[0] if selling else None
        """The group whose own level is not moved: all that sell move together."""
        self.axes: list[tuple[str, int]] = []
        for i, group in enumerate(grounds.groups):
            if i != self.lead:
                self.axes.append(("levels", i))
            if lots and group.lots:
                self.axes.append(("lots", i))
        self._hint = 0
        self.holds = False
        """Whether the start serves what is aimed at and no more than it must: then candidates that cannot serve so little are none."""
        self._valued: dict[tuple[Spot, int], tuple[Spot, Array]] = {}
        self.moves = 0

    # inner

    def see(self, spot: Spot, n: int) -> Seen:
        return self.trials.see(self.map.at(spot), n)

    def margin(self, spot: Spot, n: int) -> float:
        return self.trials.margin(self.see(spot, n)) - self.aim.within / 2.0

    def reaching(self, spot: Spot, n: int) -> int:
        """Steps of all selling levels at which this candidate reaches the target. Raises OutOfReach."""
        return first_reaching(lambda k: self.margin(replace(spot, selling=k), n), self._hint, least=self._least(spot))

    def valued(self, spot: Spot, n: int) -> tuple[Spot, Array]:
        """The candidate with the selling levels that suit it, and its cost by replication: at exactly the service aimed at, or
        the least for at least that, or the least. Infinite where the target is out of reach."""
        plain = replace(spot, selling=0)
        if (plain, n) not in self._valued:
            try:
                self._valued[plain, n] = self._value(plain, n)
            except (OutOfReach, Impossible):
                self._valued[plain, n] = (plain, np.full(n, inf))
        return self._valued[plain, n]

    def _value(self, spot: Spot, n: int) -> tuple[Spot, Array]:
        if self.lead is None or not self.aim.measure:
            k = 0 if self.lead is None else least_of(lambda k: self._cost(spot, k, n), self._hint)
            self._hint = k
            best = replace(spot, selling=k)
            return best, self.see(best, n).cost
        k = self.reaching(spot, n)
        if self.aim.hold == "at_least":
            k = least_of(lambda j: self._cost(spot, j, n), max(k, self._hint), least=k)
        self._hint = k
        above = replace(spot, selling=k)
        high = self.see(above, n)
        if self.aim.hold == "at_least":
            return above, high.cost
        low = self.see(replace(spot, selling=k - 1), n)
        gain = self.trials.margin(high) - self.trials.margin(low)
        over = self.trials.margin(high) - self.aim.within / 2.0
        if gain <= 0.0 or over > gain:  # no selling level is lower
            if self.holds and over > self.aim.within:  # another service is no answer to what was asked
                return above, np.full(n, inf)
            return above, high.cost
        return above, high.cost - over / gain * (high.cost - low.cost)

    def _cost(self, spot: Spot, k: int, n: int) -> float:
        try:
            return float(self.see(replace(spot, selling=k), n).cost.mean())
        except Impossible:
            return inf

    def _least(self, spot: Spot) -> int | None:
        """Steps below which selling levels are all at their lowest: nothing changes there."""
        low = 0
        here = self.map.at(replace(spot, selling=low))
        for reach in (64, 256, 1024):
            there = self.map.at(replace(spot, selling=-reach))
            if there == here:
                return low
            here, low = there, -reach
        return None

    # outer

    def search(self, sizes: Sizes, tell: Tell) -> Spot:
        """The best candidate found, with its selling levels. Raises OutOfReach at the start, Stopped."""
        spot = self.map.origin
        if self.lead is not None and self.aim.measure:
            self._hint = self.reaching(spot, sizes.scan)
            lower = replace(spot, selling=self._hint - 1)
            self.holds = self.aim.hold == "exactly" and self.margin(lower, sizes.scan) < 0.0
        starts = self._scanned(spot, sizes.scan)
        ends = [self._pattern(start, sizes.scan, sizes.scan, (8, 4, 2), pairs=False) for start in starts]
        best = min(ends, key=lambda end: self._mean(end, sizes.scan))
        tell(f"n = {sizes.scan}")
        best = self._pattern(best, sizes.search, sizes.scan, (2, 1), pairs=True)
        tell(f"n = {sizes.search}")
        return self.valued(best, sizes.search)[0]

    def _mean(self, spot: Spot, n: int) -> float:
        return float(self.valued(spot, n)[1].mean())

    def _scanned(self, spot: Spot, n: int) -> list[Spot]:
        """The best starts by a coarse scan over lots: all together, then group by group; two where they lie far apart."""
        axes = [i for kind, i in self.axes if kind == "lots"]
        if not axes:
            return [spot]
        known = {spot: self._mean(spot, n)}

        def tried(*moves: tuple[int, float]) -> None:
            lots = list(best.lots)
            for i, factor in moves:
                lots[i] = self.map.lot_steps(self.map.groups[i], factor)
            there = replace(best, lots=tuple(lots))
            if there not in known:
                known[there] = self._mean(there, n)

        best = spot
        if len(axes) > 1:
            for factor in SCAN:
                tried(*((i, factor) for i in axes))
            best = min(known, key=lambda s: known[s])
        for i in axes:
            for factor in SCAN if len(axes) > 1 else (0.125, *SCAN, 1.4, 0.7, 3.0):
                tried((i, factor))
            best = min(known, key=lambda s: known[s])
        ranked = sorted(known, key=lambda s: known[s])
        return ranked[:2] if len(self.axes) <= 2 else ranked[:1]

    def _pattern(self, start: Spot, n: int, small: int, steps: tuple[int, ...], *, pairs: bool) -> Spot:
        best = start
        for step in steps:
            moved = True
            while moved and self.moves < MOST_MOVES:
                moved = False
                for axis in self.axes:
                    for way in (step, -step):
                        there = self._better(best, [(axis, way)], n, small)
                        while there is not None:
                            best, moved = there, True
                            there = self._better(best, [(axis, way)], n, small)
                        if moved:
                            break
        if pairs and 1 < len(self.axes) <= FEW_AXES:
            there = self._pairs(best, n, small)
            if there != best:
                return self._pattern(there, n, small, (1,), pairs=True)
        return best

    def _pairs(self, best: Spot, n: int, small: int) -> Spot:
        """The best after every pair of neighbours was tried once, each from the best so far."""
        for one, other in combinations(self.axes, 2):
            for a, b in ((1, -1), (-1, 1), (1, 1), (-1, -1)):
                best = self._better(best, [(one, a), (other, b)], n, small) or best
        return best

    def _better(self, best: Spot, moves: list[tuple[tuple[str, int], int]], n: int, small: int) -> Spot | None:
        """The moved candidate where it costs less on n replications; one that is surely worse on fewer is not tried on all."""
        if self.moves >= MOST_MOVES:
            return None
        there = best
        for (kind, i), by in moves:
            numbers = list(there.levels if kind == "levels" else there.lots)
            numbers[i] += by
            moved = tuple(numbers)
            there = replace(there, levels=moved) if kind == "levels" else replace(there, lots=moved)
        if self.map.at(replace(there, selling=0)) == self.map.at(replace(best, selling=0)):
            return None
        self.moves += 1
        if small < n:
            worse = self.valued(there, small)[1] - self.valued(best, small)[1]
            if not np.isfinite(worse).all() or worse.mean() > SURELY * worse.std(ddof=1) / sqrt(small):
                return None
        here = self._mean(best, n)
        return there if self._mean(there, n) < here - WORTH * abs(here) else None


def search(trials: Trials, groups: tuple[Group, ...], sizes: Sizes, tell: Tell) -> Found:
    """Numbers of one alternative, as `trials.aim` asks. What cannot be reached ends at the ceiling, and what the budget
    cut short at the best so far; both are told."""
    subject, aim = trials.subject, trials.aim
    free = aim.free_of(subject.name)
    knob = ByService(trials)
    by: int | None = None
    start: Written = subject.start
    if not subject.free:
        return _ended(trials, groups, start, None, sizes, complete=True)
    try:
        if subject.has_service:
            if aim.measure:
                by = knob.reaching(sizes.search)
                if free == "service":
                    by = knob.reaching(sizes.last, by, 1)
            elif free == "service":
                by = knob.cheapest(sizes.search)
            if by is not None:
                start = knob.written(by)
            tell(f"n = {sizes.search}")
        if free == "service":
            if not subject.has_service:
                return _ended(
                    trials, groups, start, None, sizes, why="it has no service to plan for; let levels be free"
                )
            return _ended(trials, groups, start, by, sizes)
    except OutOfReach as error:
        if free == "service":
            start = knob.written(error.steps) if np.isfinite(error.ceiling) else subject.start
            return _ended(trials, groups, start, error.steps, sizes, error, why=error.why)
        start = subject.start
    except Stopped:
        return _ended(trials, groups, subject.start, None, sizes, complete=False)
    grounds = Map(subject, groups, start)
    search_ = OnTheMap(trials, grounds, lots=free == "levels and lots")
    try:
        spot = search_.search(sizes, tell)
        spot = _last(search_, spot, sizes)
    except OutOfReach as error:
        spot = replace(grounds.origin, selling=error.steps)
        return _ended(trials, groups, grounds.at(spot), by, sizes, error)
    except Stopped:
        done = [(s, v) for (_, n), (s, v) in search_._valued.items() if np.isfinite(v).all()]
        spot = min(done, key=lambda one: float(one[1].mean()))[0] if done else grounds.origin
        return _ended(trials, groups, grounds.at(spot), by, sizes, complete=False)
    try:
        fine = _finer(trials, groups, grounds.at(spot), sizes)
    except Stopped:
        return _ended(trials, groups, grounds.at(spot), by, sizes, complete=False)
    tell(f"n = {sizes.last}")
    return _ended(trials, groups, fine, by, sizes)


def _last(search_: OnTheMap, spot: Spot, sizes: Sizes) -> Spot:
    """The selling levels set anew on the largest sample."""
    if search_.lead is None:
        return spot
    search_._hint = spot.selling
    return search_.valued(spot, sizes.last)[0]


def _finer(trials: Trials, groups: tuple[Group, ...], start: Written, sizes: Sizes) -> Written:
    """Single units of the levels, down to where the service aimed at is just met: those where customers buy, then others, where
    that costs less, or where whole units overshoot by more than the tolerance."""
    if not trials.aim.measure or trials.aim.hold == "at_least":
        return start
    for i in (-1, *(i for i, group in enumerate(groups) if not group.sells)):
        grounds = Map(trials.subject, groups, start, units=True)
        moved = [group for j, group in enumerate(groups) if (group.sells if i == -1 else j == i)]
        deepest = -max(
            (round(group.units(trials.subject.dials[p].spread)) for group in moved for p in group.places[:1]), default=1
        )
        if i == -1 and deepest >= -1:
            continue

        def spot(k: int, i: int = i, origin: Spot = grounds.origin) -> Spot:
            if i == -1:
                return replace(origin, selling=k)
            return replace(origin, levels=tuple(k if j == i else 0 for j in range(len(origin.levels))))

        def margin(k: int, grounds: Map = grounds) -> float:
            seen = trials.see(grounds.at(spot(k)), sizes.last)
            return trials.margin(seen) - trials.aim.within / 2.0

        k = (
            first_reaching(margin, 0, least=8 * deepest if i >= 0 else deepest, stride=-deepest)
            if margin(0) >= 0.0
            else 0
        )
        there = grounds.at(spot(k))
        before, after = (float(trials.see(one, sizes.last).cost.mean()) for one in (start, there))
        far = trials.margin(trials.see(start, sizes.last)) > trials.aim.within
        if k < 0 and (i == -1 or far or after < before):
            start = there
    return start


def _ended(
    trials: Trials, groups: tuple[Group, ...], written: Written, by: int | None, sizes: Sizes,
    out_of_reach: OutOfReach | None = None, *, why: str = "", complete: bool = True,
) -> Found:  # fmt: skip
    """What a search ended with, and what it gave on the last sample, whatever the budget."""
    trials.tally.most = inf
    grounds = Map(trials.subject, groups, written)
    seen = trials.see(written, sizes.last)
    ceiling = None
    if out_of_reach is not None:
        ceiling = max(trials.service(seen), trials.aim.searched + out_of_reach.ceiling)
    return Found(written, grounds.origin, grounds, seen, None if by is None else by * GRID, ceiling, why, complete)
