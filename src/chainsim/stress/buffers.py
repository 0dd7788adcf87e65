"""The cheapest buffer: how much more stock, and where, so that customers do not notice that a place is out.

A buffer is held at all stock points of one echelon between the place and its customers, in their own share: levels are
raised, and so is what lies there at the start. The first guess is what customers lacked at most over the calm path, in the
replication that is worst but for those that may be given up. It is simulated, and grows by what customers still lack until
that is enough; then it shrinks until `STEP` of it less would not be.

Noticed by nobody means: the time to survive is longer than the outage and the recovery after it together. It is asked of
`SURE` of the replications, each beside the calm path with the same buffer: what more stock does on calm days is no answer to
the outage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import numpy as np

from chainsim.plan.outages import with_outage
from chainsim.policies.base import Settings
from chainsim.policies.moved import movable, moved
from chainsim.rules.position import ECHELON
from chainsim.stress.calm import Calm
from chainsim.stress.outages import MEASURES, Moment, Out, peaks, survival
from chainsim.stress.recovery import nearest_rank
from chainsim.stress.watch import PLAINLY, Keeping, observe

Array = np.ndarray[Any, Any]
SURE = 0.9
"""Share of the replications in which customers must notice nothing."""
STEP = 0.05
"""A buffer is found to a step of this share of it, or of one unit."""
TRIES, GROWTH = 8, 1.6
"""How often a buffer that is too small grows, by a step at least, and how much longer each step is: tenfold in all."""


@dataclass(frozen=True)
class Buffer:
    """units: by stock point (site, product). kind: the echelon that holds it. cost: a year's holding. found: False where no
    buffer tried was enough; why says so."""

    kind: str
    units: Mapping[tuple[str, str], float]
    cost: float
    found: bool
    why: str = ""

    @property
    def total(self) -> float:
        """Units in all."""
        return float(sum(self.units.values()))


def enough(felt: float) -> bool:
    """Whether nobody notices in as many replications as are asked. felt: the share in which somebody does."""
    return felt <= 1.0 - SURE + 1e-9


def cheapest(
    calm: Calm,
    out: Out,
    moment: Moment,
    replications: int,
    keeping: Keeping = PLAINLY,
    *,
    engine: str,
    jobs: int | None,
) -> Buffer | None:
    """The cheapest buffer against one place out; None where none is needed.

    calm: it may be cut short after the last moment at which customers could notice.
    """
    if enough(out.felt):
        return None
    place = out.where
    own = [point for point in place.customers if place.kind == "site" and point in place.hit]
    if own and (out.peak[:, [place.customers.index(point) for point in own]] > 0).any():
        return Buffer("", {}, inf, False, "its customers buy there: no stock elsewhere serves them")
    search = _Search(calm, out, moment, replications, engine, jobs, keeping)
    echelons = sorted(search.echelons(), key=lambda e: (search.priced(e, e.needs(out.peak)).cost, e.kind))
    if not echelons:
        return Buffer("", {}, inf, False, "no levels between it and its customers can be raised")
    best: Buffer | None = None
    for echelon in echelons:
        if best is not None and search.priced(echelon, echelon.needs(out.peak)).cost >= best.cost:
            break
        best = search.settled(echelon, inf if best is None else best.cost) or best
    return best or Buffer("", {}, inf, False, f"none that {TRIES} trials reached is enough")


def raised(calm: Calm, units: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], Settings]:
    """The levels with so many units more at some stock points; echelon levels above them rise as much, so that what lies
    there stays the same."""
    network = calm.frame.ground.network
    by: dict[int, float] = {}
    for place, more in units.items():
        i = network.index[place]
        by[i] = by.get(i, 0.0) + more
        for k in network.replenished:
            if i in network.below(k) and calm.plan.points["watch"][k] == ECHELON:
                by[k] = by.get(k, 0.0) + network.content(k, i) * more
    levels = dict(calm.levels)
    for i, more in by.items():
        key = (network.points[i].site, network.points[i].product)
        if key in levels:
            levels[key] = moved(levels[key], more, every=True)
    return levels


Units = Mapping[int, float]
"""Units by stock point, a row of the Plan."""


@dataclass(frozen=True)
class _Echelon:
    """Stock points of one kind that could hold a buffer. behind: the customers who lack something (places in
    `where.customers`), and the stock points that each is at or behind."""

    kind: str
    behind: Mapping[int, tuple[int, ...]]

    def needs(self, peak: Array) -> dict[int, float]:
        """What each would have to hold of what customers lack [replications, customers], in `SURE` of the replications."""
        by: dict[int, Array] = {}
        for customer, holders in self.behind.items():
            for i in holders:
                by[i] = by.get(i, np.zeros(len(peak))) + peak[:, customer] / len(holders)
        return {i: nearest_rank(need, SURE) or float(need.max()) for i, need in by.items()}


@dataclass(frozen=True)
class _Search:
    """Trials of buffers against one place out."""

    calm: Calm
    out: Out
    moment: Moment
    replications: int
    engine: str
    jobs: int | None
    keeping: Keeping

    def echelons(self) -> list[_Echelon]:
        """Those that everybody who lacks something is at or behind, and whose levels can be raised."""
        network, place = self.calm.frame.ground.network, self.out.where
        short = [k for k in range(len(place.customers)) if (self.out.peak[:, k] > 0).any()]
        below = {i for hit in place.hit for i in network.below(hit)} | (
            set(place.hit) if place.kind == "lane" else set()
        )
        kinds: dict[str, list[int]] = {}
        for i in sorted(below):
            settings = self.calm.levels.get((network.points[i].site, network.points[i].product))
            if not network.unlimited[i] and settings is not None and movable(settings, every=True):
                kinds.setdefault(network.kind_of[network.points[i].site], []).append(i)
        found = []
        for kind, holders in kinds.items():
            behind = {k: tuple(i for i in holders if place.customers[k] in network.below(i) | {i}) for k in short}
            if all(behind.values()):
                found.append(_Echelon(kind, behind))
        return found

    def settled(self, echelon: _Echelon, most: float) -> Buffer | None:
        """The smallest buffer of this echelon that is enough, to a step; None where none is found that costs less than
        `most`."""
        units, low = echelon.needs(self.out.peak), 0.0
        for tried in range(TRIES):
            if self.priced(echelon, units).cost >= most:
                return None
            felt, peak = self.trial(echelon, units)
            if enough(felt):
                break
            low, before = sum(units.values()), units
            lacking = echelon.needs(peak)
            faster = 1.0 + STEP * GROWTH**tried
            units = {i: max(more + lacking.get(i, 0.0), more * faster, 1.0) for i, more in before.items()}
        else:
            return None
        total = sum(units.values())
        low, high, step = low / total, 1.0, max(STEP, 1.0 / total)
        middle = max(high - step, low)  # mostly a step less is not enough
        while high - low > step + 1e-9:
            if enough(self.trial(echelon, _times(units, middle))[0]):
                high = middle
            else:
                low = middle
            middle = (low + high) / 2.0
        return self.priced(echelon, _times(units, high))

    def trial(self, echelon: _Echelon, units: Units) -> tuple[float, Array]:
        """The share of the replications in which customers notice the outage with this buffer, and what they lack then."""
        calm, place = self.calm, self.out.where
        buffer = self.priced(echelon, units).units
        plan = calm.frame.plan(raised(calm, buffer))
        stressed = with_outage(plan, calm.frame.ground, place.outage(self.moment.start, self.moment.days))
        subjects = [calm.subject(MEASURES, place.customers, one) for one in (plan, stressed)]
        # the run is cut short, and customers are watched behind the place only: another one for each place
        what = f"buffer {calm.policy} {place.kind} {place.name} {sorted(buffer.items())!r}"
        names = [f"{what} calm", f"{what} out"]
        seen = dict(observe(subjects, self.replications, names, self.keeping, engine=self.engine, jobs=self.jobs))
        survive = survival(calm, place, self.moment, seen[0], seen[1])
        return float(np.isfinite(survive).mean()), peaks(calm, place, self.moment, seen[0], seen[1])

    def priced(self, echelon: _Echelon, units: Units) -> Buffer:
        """A buffer of so many units, whole where products are, and what a year of it costs."""
        network = self.calm.frame.ground.network
        points = {i: network.points[i] for i in units}
        held = {
            i: more if network.product_of[points[i].product].divisible else float(ceil(more - 1e-9))
            for i, more in units.items()
        }
        costs = {i: points[i].holding_cost + points[i].storage_cost for i in held}
        cost = sum(more * costs[i] for i, more in held.items()) * self.calm.plan.clock.units_per_year
        return Buffer(echelon.kind, {(points[i].site, points[i].product): m for i, m in held.items() if m}, cost, True)


def _times(units: Units, factor: float) -> dict[int, float]:
    return {i: factor * more for i, more in units.items()}
