"""Base stock whose orders may cross: exact, since every review's order is on its way by itself.

S − net stock = Σ_k B_k·D_k + demand since the last review, with B_k = 1 while the order of the k-th last review is on its
way, P(B_k = 1) = P(L > its age), and D_k the demand it replaced: the transform is Π (1 − p_k + p_k·f). One-for-one under
continuous review it is Palm's theorem: compound Poisson with λE[L] customers (Feeney & Sherbrooke 1966, Management
Science 12:391-411).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from chainsim.theory import service_lost
from chainsim.theory.counts import Counts
from chainsim.theory.crossing import MANY, few, out_of_sorted
from chainsim.theory.positions import loss, up_to
from chainsim.theory.stage import JUST, Stage, Sums, Transform

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

RARE = 0.005  # orders less likely out than this are taken together, as Poisson
NODE_POINTS = 2e6  # work that lead times, orders and lattice points may make together
NODES = 10  # Gauss-Legendre points over a review interval
GROUPS = 32  # of orders with like chances of being out, where many are
MOST_OUT = 1_000_000  # orders on their way that are listed
FEW_DEMANDS = 64  # between two reviews, that are looked at one by one


def fits(stage: Stage) -> bool:
    """Whether this is the formula: lead times differ and orders cross; with lost sales only where several are out; the
    same number of demands lies between any two reviews; and no more than a million orders are out, when lead times in
    order of receipt say the same."""
    if stage.orders != "cross" or not stage.random_lead:
        return False
    if float(stage.leads.max()) > MOST_OUT * stage.interval > 0.0:
        return False
    if stage.rhythm is not None and abs(stage.rhythm.per_interval - round(stage.rhythm.per_interval)) > JUST:
        return False
    if not stage.lost:
        return True
    return float(stage.leads.mean()) >= stage.interval and float(np.ptp(stage.leads)) > stage.interval


def service(stage: Stage, sums: Sums, levels: Integers, kind: str) -> Array:
    """α or β at every level."""
    gamma = service_lost.memory(stage) if stage.rhythm else 0.0
    if stage.rhythm is None and stage.review == 0.0:
        return _one_for_one(stage, sums, levels, kind, gamma)
    if stage.rhythm is None:
        return _Reviews(stage, sums, stage.review, None, gamma).service(levels, kind)
    each = [_Reviews(stage, sums, stage.rhythm.interval, p, gamma).service(levels, kind) for p in stage.rhythm.phases]
    return np.asarray(np.mean(each, axis=0), np.float64)


def at_a_moment(stage: Stage, sums: Sums) -> Transform:
    """S − net stock at a random moment, with backorders."""
    if stage.rhythm is None and stage.review == 0.0:
        return sums.over(float(stage.leads.mean()))
    if stage.rhythm is None:
        return _Reviews(stage, sums, stage.review, None, 0.0).at_a_moment()
    each = [_Reviews(stage, sums, stage.rhythm.interval, p, 0.0).at_a_moment() for p in stage.rhythm.phases]
    return np.asarray(sum(each) / len(each))


def _one_for_one(stage: Stage, sums: Sums, levels: Integers, kind: str, gamma: float) -> Array:
    out = sums.over(float(stage.leads.mean()))
    own = stage.size.copy()
    own[0] = 0.0
    own /= own.sum()
    if kind == "service":
        return _at_the_end(stage, sums, sums.transform(own), levels, gamma)(out)
    return 1.0 - _short(stage, sums, levels, gamma)(out) / stage.event_mean


class _Reviews:
    """Orders at reviews R apart; `phase` from a review to the next demand, None in continuous time."""

    def __init__(self, stage: Stage, sums: Sums, interval: float, phase: float | None, gamma: float) -> None:
        self.stage, self.sums, self.interval, self.gamma = stage, sums, interval, gamma
        every = stage.rhythm.every if stage.rhythm else 0.0
        self.every, self.demands = every, round(interval / every) if every else 0
        self.order = sums.events([self.demands]) if every else sums.over(interval)
        self._more, self._sure = self.order - 1.0, dict[int, Transform]()
        self.shift = (
            every - phase if phase is not None else 0.0
        )  # an order is placed so long after the demand it orders
        self.far = float(stage.leads.max()) + interval

    def service(self, levels: Integers, kind: str) -> Array:
        return self._cycles(levels) if kind == "service" else 1.0 - self._short(levels)

    def at_a_moment(self) -> Transform:
        """S − net stock, over the time between two reviews: between two demands the orders out change, those owed do not."""
        first = self.every - self.shift  # from a review to the next demand
        inside = first + self.every * np.arange(self.demands) if self.every else np.zeros(0)
        edges = np.unique(np.concatenate(([0.0], inside[inside < self.interval - JUST], [self.interval])))
        if self.demands > FEW_DEMANDS:
            edges = edges[[0, -1]]
        nodes = max(NODES // max(len(edges) - 1, 1), 2)
        points, weights = np.polynomial.legendre.leggauss(nodes)
        total = np.zeros_like(self.sums.one)
        for low, high in pairwise(edges):
            for point, weight in zip(points, weights, strict=True):
                age = low + (point + 1.0) / 2.0 * (high - low)
                out = self._out(np.arange(age, self.far + JUST, self.interval))
                if not self.every:
                    since = self.sums.over(age)
                elif self.demands > FEW_DEMANDS:
                    count = max((age - first) / self.every + 0.5, 0.0)  # on average
                    since = self.sums.counted(Counts.of(np.array([count]), np.ones(1)))
                else:
                    since = self.sums.events([int((inside < age).sum())])
                share = weight / 2.0 * (high - low) / self.interval
                total = total + (share * since if out is None else share * out * since)
        return total

    def _short(self, levels: Integers) -> Array:
        """Units short per unit of demand, averaged over the events of a review interval, or over its time."""
        found: list[tuple[float, Transform]] = []
        if self.every:
            for i, weight in self._each_event():
                age = i * self.every - self.shift  # of the latest order at the i-th event
                out = self._out(np.arange(age, self.far + JUST, self.interval))
                since = self.sums.events([i - 1])
                found.append((weight, since if out is None else out * since))
        else:
            points, weights = np.polynomial.legendre.leggauss(NODES)
            for age, weight in zip((points + 1.0) / 2.0 * self.interval, weights / 2.0, strict=True):
                out = self._out(np.arange(age, self.far + JUST, self.interval))
                since = self.sums.over(float(age))
                found.append((float(weight), since if out is None else out * since))
        short = _short(self.stage, self.sums, levels, self.gamma)
        total = sum((weight * short(out) for weight, out in self._mixed(found)), np.zeros(len(levels)))
        return total / self.stage.event_mean

    def _each_event(self) -> list[tuple[int, float]]:
        """(i, weight) of the events between two reviews; of many, as many as are few, each in the middle of a strip."""
        few = min(self.demands, FEW_DEMANDS)
        return [(round(0.5 + (k + 0.5) * self.demands / few), 1.0 / few) for k in range(few)]

    def _cycles(self, levels: Integers) -> Array:
        """Just before a receipt, given that one order arrives at age x; mixed over x. Receipts of one instant end one cycle: it
        is that of the order placed first, so no order placed before it may arrive then."""
        own = self.sums.mass(self.order)
        own[0] = 0.0
        order = self.sums.transform(own / own.sum())
        found: list[tuple[float, Transform]] = []
        values, weights = np.unique(few(self.stage.leads, self._nodes()), return_counts=True)
        for x, weight in zip(values, weights, strict=True):
            since = (
                floor(x / self.interval - JUST) if x > JUST else 0
            )  # orders placed after this one, before its receipt
            later = x - self.interval * np.arange(1, since + 1)
            earlier = np.arange(x + self.interval, self.far + JUST, self.interval)
            before, alone = self._not_now(earlier)
            rest = self._since(x - self.interval * since + self.shift)
            out = self._out(later, at_least=True)
            if before is not None:
                out = before if out is None else out * before
            found.append((float(weight) * alone, rest if out is None else out * rest))
        sure = sum(weight for weight, _ in found)
        found = [(weight / sure, out) for weight, out in found]
        fine = _at_the_end(self.stage, self.sums, order, levels, self.gamma)
        return sum((weight * fine(out) for weight, out in self._mixed(found)), np.zeros(len(levels)))

    def _mixed(self, found: list[tuple[float, Transform]]) -> list[tuple[float, Transform]]:
        """As one mixture, where service is a mean over the law; each by itself with lost sales."""
        if self.stage.lost:
            return found
        return [(1.0, np.asarray(sum(weight * out for weight, out in found)))]

    def _nodes(self) -> int:
        """Lead times that stand for all: fewer where each has many orders beside it."""
        return int(np.clip(NODE_POINTS / max(self.far / self.interval, 1.0) / self.sums.length, 16, 96))

    def _since(self, time: float) -> Transform:
        """Demand in the open interval after the demand of the last review."""
        if self.every:
            return self.sums.events([max(ceil(time / self.every - JUST) - 1, 0)])
        return self.sums.over(time)

    def _out(self, ages: Array, at_least: bool = False) -> Transform | None:
        """Demand replaced by orders of these ages that are still on their way, None for none at all; of many, like chances are
        taken as one."""
        chances = out_of_sorted(self.stage.sorted_leads, ages, at_least)
        sure = chances >= 1.0
        total, unsure = self._orders(int(sure.sum())), chances[(chances > RARE) & ~sure]
        alike = len(unsure) // GROUPS if len(unsure) > MANY else 1
        if alike > 1:
            grouped = np.sort(unsure)[: alike * GROUPS].reshape(GROUPS, alike).mean(axis=1)
            total = self._product(grouped) ** alike if total is None else total * self._product(grouped) ** alike
            unsure = np.sort(unsure)[alike * GROUPS :]
        if len(unsure):
            total = self._product(unsure) if total is None else total * self._product(unsure)
        rare = float(chances[chances <= RARE].sum())
        if rare > 0.0:
            total = np.exp(rare * self._more) if total is None else total * np.exp(rare * self._more)
        return total

    def _orders(self, count: int) -> Transform | None:
        """So many orders, one after the other."""
        if count not in self._sure:
            self._sure[count] = self.order**count
        return self._sure[count] if count else None

    def _not_now(self, ages: Array) -> tuple[Transform | None, float]:
        """Demand replaced by orders of these ages that are still on their way, given that none of them is received just now;
        and the chance of that. Where lead times are of one lattice with the reviews it is below 1."""
        if not self.stage.few_leads or len(ages) > MANY:
            return self._out(ages), 1.0
        leads = self.stage.sorted_leads
        after, now = out_of_sorted(leads, ages), out_of_sorted(leads, ages, at_least=True)
        now = now - after
        if not (now > JUST).any():
            return self._out(ages), 1.0
        nothing = float(self.sums.mass(self.order)[0])
        total = np.ones_like(self.order)
        for p, q in zip(after, now, strict=True):
            total *= 1.0 - p - q + p * self.order + q * nothing
        alone = float(np.prod(1.0 - now * (1.0 - nothing)))
        return total / alone, alone

    def _product(self, chances: Array) -> Transform:
        """Of orders, one at least, that are out with these chances."""
        total = self._perhaps(chances[0])
        for p in chances[1:]:
            total *= self._perhaps(p)
        return total

    def _perhaps(self, chance: float) -> Transform:
        total = chance * self.order
        total += 1.0 - chance
        return total


def _short(stage: Stage, sums: Sums, levels: Integers, gamma: float) -> Callable[[Transform], Array]:
    """Units of the next event that are not served at once, of one law of what is out after another."""
    if stage.lost:
        window = service_lost.Window(sums.mass(sums.one), levels, "fill_rate", gamma)
        return lambda out: window.of((0, sums.mass(out)))
    return lambda out: loss((0, sums.mass(out * sums.one)), levels) - loss((0, sums.mass(out)), levels)


def _at_the_end(
    stage: Stage, sums: Sums, order: Transform, levels: Integers, gamma: float
) -> Callable[[Transform], Array]:
    """P(nobody waits just before a receipt), of one law of what is out after another."""
    if stage.lost:
        window = service_lost.Window(sums.mass(order), levels, "service", gamma)
        return lambda out: window.of((0, sums.mass(out)))
    return lambda out: up_to((0, sums.mass(out * order)), levels)
