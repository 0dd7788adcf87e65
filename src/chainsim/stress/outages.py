"""Every site and every lane out, one at a time, against the calm path on the same random numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from chainsim.plan.outages import with_outage
from chainsim.statistics import Estimate
from chainsim.statistics.paired import paired_difference
from chainsim.stress.calm import Calm
from chainsim.stress.places import Where
from chainsim.stress.recovery import (
    ROUNDING,
    calm_band,
    lacking,
    nearest_rank,
    time_to_recover,
    time_to_survive,
)
from chainsim.stress.watch import PLAINLY, Keeping, Seen, observe

Array = np.ndarray[Any, Any]
MEASURES = ("fill_rate", "lost_sales_rate", "margin", "total_cost")
"""What is measured of the whole network. None of them depends on the width of buckets."""


@dataclass(frozen=True)
class Out:
    """One place out under one policy: its times by replication, and what it costs over the calm path.

    survive, recover: time units by replication; infinite: not felt, and not within the horizon. Where nothing is felt there
    is nothing to recover from: 0.
    short: units not served at once; lost: units lost; margin: margin lost; cost: total cost added (penalties included); all
    over the whole run, not per year. peak: the most that customers lacked over the calm path, by replication and by
    stock point of `where.customers`.
    """

    policy: str
    where: Where
    survive: Array
    recover: Array
    short: Estimate
    lost: Estimate
    margin: Estimate
    cost: Estimate
    peak: Array

    @property
    def felt(self) -> float:
        """Share of replications in which customers feel it."""
        return float(np.isfinite(self.survive).mean())

    def survival(self, share: float) -> float:
        """The time to survive that is not exceeded in a share of the replications."""
        return nearest_rank(self.survive, share)

    def recovery(self, share: float) -> float:
        """The same of the time to recover."""
        return nearest_rank(self.recover, share)


@dataclass(frozen=True)
class Moment:
    """When the outage begins, in time units from the start of the run, and how long it lasts."""

    start: float
    days: float

    @property
    def end(self) -> float:
        return self.start + self.days


def outages(
    calm: Calm,
    places: Sequence[Where],
    moment: Moment,
    replications: int,
    *,
    engine: str,
    jobs: int | None = None,
    level: float = 0.95,
    done: Callable[[int], None] = lambda count: None,
    keeping: Keeping = PLAINLY,
) -> tuple[Seen, list[Out]]:
    """The calm path, and each place out, in their order. done: told how many runs (replications × places) have ended."""
    name = f"places {calm.policy}"
    [(_, path)] = observe(
        [calm.subject(MEASURES, calm.customers)], replications, [name], keeping, engine=engine, jobs=jobs
    )
    done(replications)
    subjects = [
        calm.subject(
            MEASURES,
            place.customers,
            with_outage(calm.plan, calm.frame.ground, place.outage(moment.start, moment.days)),
        )
        for place in places
    ]
    found: dict[int, Out] = {}
    names = [f"{name} {place.kind} {place.name}" for place in places]
    for of, seen in observe(subjects, replications, names, keeping, engine=engine, jobs=jobs):
        found[of] = compared(calm, places[of], moment, path, seen, level)
        done(replications)
    return path, [found[of] for of in range(len(places))]


def compared(calm: Calm, place: Where, moment: Moment, path: Seen, seen: Seen, level: float) -> Out:
    """What an outage did, replication by replication beside the calm path."""
    rows = [calm.customers.index(point) for point in place.customers]
    behind = path._replace(owed=path.owed[:, rows], lost=path.lost[:, rows])
    survive = survival(calm, place, moment, behind, seen)
    recover = np.where(survive == inf, 0.0, recovery(calm, place, moment, behind, seen))
    years = calm.frame.ground.scenario.time.horizon / calm.plan.clock.units_per_year

    def added(values: Array, before: Array) -> Estimate:
        return paired_difference(values.tolist(), before.tolist(), level)

    return Out(
        calm.policy,
        place,
        survive,
        recover,
        added(seen.denominators[:, 0] - seen.numerators[:, 0], path.denominators[:, 0] - path.numerators[:, 0]),
        added(seen.numerators[:, 1], path.numerators[:, 1]),
        added(-years * seen.numerators[:, 2], -years * path.numerators[:, 2]),
        added(years * seen.numerators[:, 3], years * path.numerators[:, 3]),
        peaks(calm, place, moment, behind, seen),
    )


def survival(calm: Calm, place: Where, moment: Moment, path: Seen, seen: Seen) -> Array:
    """Times to survive by replication, of all customers behind the place together: `seen` with the outage, `path` without."""
    more = _lacking(seen).sum(axis=1) - _lacking(path).sum(axis=1)
    return time_to_survive(more, calm.starts, moment.start, last_moment(place, moment))


def recovery(calm: Calm, place: Where, moment: Moment, path: Seen, seen: Seen) -> Array:
    """Times to recover by replication. It must last as long as goods are on their way from the place to customers."""
    need, usual = (seen.owed + seen.lost).sum(axis=1), (path.owed + path.lost).sum(axis=1)
    time = calm.frame.ground.scenario.time
    band = calm_band(usual[:, calm.starts >= time.warm_up])
    hold = max(1, int(np.ceil(place.way / time.bucket - 1e-9)))
    return time_to_recover(need, usual, band, calm.starts, moment.end, hold)


def peaks(calm: Calm, place: Where, moment: Moment, path: Seen, seen: Seen) -> Array:
    """The most that customers lack over the calm path [replications, customers of the place]."""
    within = (calm.starts >= moment.start - ROUNDING) & (calm.starts <= last_moment(place, moment) + ROUNDING)
    more = _lacking(seen)[:, :, within] - _lacking(path)[:, :, within]
    return np.asarray(np.maximum(more.max(axis=2, initial=0.0), 0.0))


def _lacking(seen: Seen) -> Array:
    return lacking(seen.owed, seen.lost)


def last_moment(place: Where, moment: Moment) -> float:
    """What begins later is an echo and no longer put down to the outage: its end, and twice the way to customers."""
    return moment.end + 2.0 * place.way
