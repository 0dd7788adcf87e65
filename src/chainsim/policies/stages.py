"""A stock point's facts as the arrays theory computes with: one demand event on a lattice, lead times, reviews.

`stage_of` is the one door from facts to the service curve and to least cost. Equal facts share one stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor
from typing import TYPE_CHECKING, Any

import numpy as np

from chainsim.chance.base import Array, Distribution
from chainsim.chance.facts import EventLaw, lead_times
from chainsim.chance.families import Constant, Gamma, NegativeBinomial, Normal, Poisson
from chainsim.chance.law import law_of
from chainsim.policies.base import NO_PRICES, PointFacts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chainsim.theory.cover import Rhythm
    from chainsim.theory.positions import Rule
    from chainsim.theory.service_curve import Kind
    from chainsim.theory.stage import Orders, Stage

CURVES = 1024
"""Curves of service kept: one for each kind of stock point and each factor of its season."""
FINE = 50.0  # lattice steps in a standard deviation of one event, where one unit is finer than needed
LONGEST = 1 << 19  # most points of a lattice
FEW_POINTS, FEW_LEADS = 512, 24  # points of a lattice, and lead times, that are enough to compare lots
LEAST_LOT = 12.0  # steps of a lot there
NAMELESS: dict[str, Any] = {
    "index": 0, "site": "", "product": "", "kind": "", "sources": (), "season": (), "unknown": (), "lot": 0.0,
}  # fmt: skip
"""Facts that no formula reads, at nothing; a lot that was chosen is told it apart."""
Streams = tuple[tuple[EventLaw, int], ...]
LARGE_CV = 0.5  # a normal demand would be negative too often above this: Silver, Pyke & Thomas (2017), §6.7.14


@dataclass(frozen=True)
class Scaled:
    """A stage and its lattice: one step is so many units. `moments`: the law of an event was made from two moments."""

    stage: Stage
    step: float
    moments: bool = False

    def steps(self, units: float) -> int:
        """A lot in steps, at least one."""
        return max(1, round(units / self.step))


def same(point: PointFacts) -> PointFacts:
    """The facts without name and place: those of equal stock points are equal."""
    return replace(point, **NAMELESS)


def priceless(point: PointFacts) -> PointFacts:
    """The same without prices, for what no price changes: stock points of several scenarios share it."""
    return replace(point, **NAMELESS, **NO_PRICES)


@lru_cache(maxsize=2048)
def stage_of(point: PointFacts, lot: float = 0.0) -> Scaled | None:
    """The stage of a stock point (of `same(point)`, so that equal ones share it); None for a flow, which has no events.

    `lot` in units: its lattice must hold it.
    """
    if point.demand_size_mean <= 0.0:
        return None
    laws, moments = _laws(point)
    step = _step(point, laws, float(_leads(point).max()) + point.review_interval + 2.0 * laws[0][0].every, lot)
    return Scaled(_stage_at(point, step), step, moments)


@lru_cache(maxsize=CURVES)  # tuning asks the same stock point for one service after another
def curve_of(point: PointFacts, rule: Rule, lot: float, kind: Kind) -> tuple[NDArray[np.int64], Array]:
    """Levels in steps and the service at each, of a stock point that has events (of `priceless(point)`, so that all policies that
    ask for the same one share it); `lot` in units, 0 for base stock."""
    from chainsim.theory.service_curve import curve

    scaled = stage_of(point, lot)
    assert scaled is not None
    return curve(scaled.stage, rule, scaled.steps(lot), kind)


@lru_cache(maxsize=1024)  # most lots are on the same lattice
def _stage_at(point: PointFacts, step: float) -> Stage:
    return _stage(point, _laws(point)[0], step)


@lru_cache(maxsize=512)
def rough_stage_of(point: PointFacts, lot: float, most: float) -> Scaled:
    """The stage of a stock point that has events, with few points and few lead times: enough to compare lots with each
    other.

    lot: the usual size in units, a dozen steps at least; most: the largest, which its lattice must hold. A step is no
    coarser than half the deviation of an event, lest the lattice add spread of its own. Where events are less than a step, so
    that many make up an order, what counts of them is their mean and variance over time.
    """
    from chainsim.theory.crossing import few

    fine = stage_of(point, most)
    assert fine is not None
    stage = fine.stage
    if stage.rhythm is None:
        stage = replace(stage, leads=few(stage.leads, FEW_LEADS))
    factor = min(stage.reach(fine.steps(most)) / FEW_POINTS, fine.steps(lot) / LEAST_LOT)
    if factor > stage.event_mean:
        return Scaled(_by_moments(stage, factor), fine.step * factor, fine.moments)
    spread = (stage.event_square - (stage.event_mean**2 if stage.rhythm else 0.0)) ** 0.5
    factor = floor(min(factor, max(spread, stage.event_mean / 32.0) / 2.0))
    if factor <= 1:
        return Scaled(stage, fine.step, fine.moments)
    return Scaled(replace(stage, size=_coarser(stage.size, factor)), fine.step * factor, fine.moments)


def _by_moments(stage: Stage, step: float) -> Stage:
    """In continuous time, one step at a time, with the mean and the variance over time that demand has."""
    rate, variance = stage.per_time / step, stage.variance_per_time / step**2
    review = stage.interval if stage.rhythm is None or stage.interval > stage.rhythm.every else 0.0
    return replace(
        stage, size=np.array([0.0, 1.0]), rhythm=None, rate=rate, review=review, dispersion=variance / rate,
    )  # fmt: skip


def _coarser(law: Array, factor: int) -> Array:
    """A law on a lattice of larger steps, means kept."""
    from chainsim.chance.law import on_lattice

    return on_lattice(np.arange(len(law), dtype=np.float64), law, False, float(factor))


def _stage(point: PointFacts, laws: Streams, step: float) -> Stage:
    from chainsim.theory.stage import Stage

    every = laws[0][0].every
    rate = sum(n * law.rate for law, n in laws)
    dispersion = sum(n * law.rate * law.dispersion for law, n in laws) / rate if rate > 0.0 else 1.0
    orders: Orders = "cross" if point.crossing else "keep" if point.keeps_order else "queue"
    return Stage(
        _size(point, laws, step), _leads(point), _rhythm(point, every), rate, 0.0 if every else point.review_interval,
        dispersion, orders, point.lost_sales,
    )  # fmt: skip


def _laws(point: PointFacts) -> tuple[Streams, bool]:
    """The streams of demand, and whether they are two moments: where laws are not known, or have several calendars."""
    if point.events and len({law.every for law, _ in point.events}) == 1:
        return point.events, False
    return ((_from_moments(point), 1),), True


def _leads(point: PointFacts) -> Array:
    if point.leads:
        return lead_times(point.leads)
    if point.lead_sd <= 0.0:
        return np.array([point.lead_mean])
    return lead_times_of(Gamma(mean=point.lead_mean, sd=point.lead_sd))


def lead_times_of(distribution: Distribution) -> Array:
    """Equally likely lead times of one distribution."""
    from chainsim.chance.facts import LeadLaw

    return lead_times((LeadLaw((distribution,)),))


def _rhythm(point: PointFacts, every: float) -> Rhythm | None:
    """When demand comes and reviews meet it; a point that serves other sites only sees their orders of the instant."""
    from chainsim.theory.cover import Rhythm

    if every <= 0.0:
        return None
    before = point.before_demand and point.customers
    plain = Rhythm.of(every, point.review_interval, before)
    if point.phases:
        return replace(plain, phases=point.phases)
    if point.review_interval > 0.0 and not point.review_meets_demand:
        from chainsim.theory.cover import phases_of

        ticks = 1_000_000
        phases = phases_of(round(every * ticks), round(point.review_interval * ticks), None, before)
        return replace(plain, phases=tuple(phase / ticks for phase in phases))
    return plain


def _step(point: PointFacts, laws: Streams, horizon: float, lot: float) -> float:
    """Units of a lattice step: one where units are whole and few, else a fiftieth of the deviation of an event."""
    moments = [(law.share * law.event.expectation(), law.share * law.event.standard_deviation(), n) for law, n in laws]
    if laws[0][0].every > 0.0:  # all at once
        mean, sd = sum(n * m for m, _, n in moments), sum(n * s * s for _, s, n in moments) ** 0.5
    else:
        mean, sd = max(m for m, _, _ in moments), max(s for _, s, _ in moments)
    if sd <= 1e-9 * mean:  # every event wants the same: any step that divides it, and the lot where it can
        step = mean / 20.0 if mean > FINE or not point.whole else 1.0
    else:
        step = 1.0 if point.whole and sd <= FINE else sd / FINE
    if point.whole and step > 1.0:
        step = float(round(step))
    reach = point.demand_mean * horizon + 12.0 * point.demand_sd * horizon**0.5 + lot
    while reach / step > LONGEST:
        step *= 2.0
    return step


def _size(point: PointFacts, laws: Streams, step: float) -> Array:
    """One event on the lattice: of one calendar the sum of all streams, of customers in continuous time a mixture."""
    if laws[0][0].every > 0.0:
        if len(laws) == 1 and laws[0][1] == 1:
            return _law(point, laws[0][0], step)
        parts = [(_law(point, law, step), n) for law, n in laws]
        mean = sum(n * float(np.arange(len(p)) @ p) for p, n in parts)
        square = sum(n * (float(np.arange(len(p)) ** 2 @ p) - float(np.arange(len(p)) @ p) ** 2) for p, n in parts)
        size = int(mean + 12.0 * square**0.5) + max(len(p) for p, _ in parts) + 1
        length = 1 << (size - 1).bit_length()
        total = np.prod([np.fft.rfft(p, length) ** n for p, n in parts], axis=0)
        law = np.maximum(np.fft.irfft(total, length)[:size], 0.0)
        law[law < 1e-16] = 0.0
        return np.asarray(law / law.sum(), np.float64)
    rate = sum(n * law.rate for law, n in laws)
    weighted = [(_law(point, law, step), n * law.rate / rate) for law, n in laws]
    mixed = np.zeros(max(len(p) for p, _ in weighted))
    for p, weight in weighted:
        mixed[: len(p)] += weight * p
    return mixed


def _law(point: PointFacts, law: EventLaw, step: float) -> Array:
    if law.share == 1.0:
        return law_of(law.event, point.whole, step)
    return law_of(law.event.scaled(law.share), False, step)


def _from_moments(point: PointFacts) -> EventLaw:
    """An event of these two moments: Poisson, negative binomial, gamma or normal (Axsäter 2015, §5.1)."""
    if point.demand_interval > 0.0:
        mean, sd = point.demand_mean * point.demand_interval, point.demand_sd * point.demand_interval**0.5
        return EventLaw(_fitted(mean, sd, point.whole), every=point.demand_interval)
    mean, sd = point.demand_size_mean, point.demand_size_sd
    rate = point.demand_mean / mean
    dispersion = (point.demand_sd**2 / rate - sd**2) / mean**2
    return EventLaw(_fitted(mean, sd, point.whole), rate=rate, dispersion=max(dispersion, 0.02))


def _fitted(mean: float, sd: float, whole: bool) -> Distribution:
    if sd <= 1e-9 * mean:
        return Constant(value=mean)
    if whole and abs(sd**2 / mean - 1.0) < 1e-9:
        return Poisson(mean=mean)
    if whole and sd**2 > mean:
        return NegativeBinomial(mean=mean, sd=sd)
    return Gamma(mean=mean, sd=sd) if sd > LARGE_CV * mean else Normal(mean=mean, sd=sd)
