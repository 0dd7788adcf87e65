"""What any numbers of one alternative give, on the same replications as all others, remembered by the numbers.

Replication r has the same customers and lead times for every candidate and every alternative. A candidate that needs more
replications than it has is given the missing ones, so that samples grow and nothing is simulated twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

import numpy as np

from chainsim.errors import BudgetError, ScenarioError
from chainsim.replicate.bench import Bench
from chainsim.replicate.executors.base import Executor, WorkersLost
from chainsim.replicate.executors.shared import Shared
from chainsim.statistics import Observed
from chainsim.statistics.observed import Array
from chainsim.study.kept import Kept
from chainsim.tune.aim import Aim
from chainsim.tune.subject import Subject, Written, knobs_of, unreadable

COST = "total_cost"


class Stopped(Exception):
    """The budget of evaluations is used up: what was found so far is what there is."""


class Cancelled(Exception):
    """Somebody stopped the whole of it."""


class Impossible(Exception):
    """Numbers that cannot be derived, in words."""


@dataclass(frozen=True)
class Seen:
    """What replications of one candidate gave: cost per year, and of its service numerators and denominators [scope,
    replication]."""

    cost: Array
    above: Array
    below: Array

    def __len__(self) -> int:
        return len(self.cost)

    def first(self, n: int) -> Seen:
        return Seen(self.cost[:n], self.above[:, :n], self.below[:, :n])

    @property
    def services(self) -> Array:
        """Service at every scope, sum ÷ sum; 1 where nothing was demanded."""
        below = self.below.sum(axis=1)
        return np.where(below > 0.0, self.above.sum(axis=1) / np.where(below > 0.0, below, 1.0), 1.0)

    def observed(self, cost: Array | None = None) -> Observed:
        """As the statistics take it; without a target, cost alone. cost: in place of the cost as it is."""
        paid = self.cost if cost is None else cost
        if not len(self.above):
            return Observed(paid)
        if len(self.above) == 1:
            return Observed(paid, self.above[0], self.below[0])
        return Observed(paid, self.above, self.below)

    def __add__(self, more: Seen) -> Seen:
        return Seen(
            np.concatenate([self.cost, more.cost]),
            np.concatenate([self.above, more.above], axis=1),
            np.concatenate([self.below, more.below], axis=1),
        )


@dataclass
class Tally:
    """Every evaluation of an alternative, for candidates.csv, and what is told while it goes on."""

    most: float = inf
    rows: list[tuple[int, int, str, float, float]] = field(default_factory=list)
    replications: int = 0
    cancelled: bool = False

    @property
    def evaluations(self) -> int:
        return len(self.rows)


class Trials:
    """Candidates of one alternative on replications 0 … n − 1, and on any others."""

    def __init__(
        self,
        subject: Subject,
        aim: Aim,
        *,
        engine: str,
        most: float = inf,
        threads: Shared | None = None,
        executor: Executor | None = None,
        kept: Kept | None = None,
    ) -> None:
        """most: evaluations in all; `Stopped` is raised before the last, which is kept for what the search ends with. threads: what simulates; None: this one.
        executor: the same, elsewhere. kept: what was seen before, by candidate. Raises as `Bench` does."""
        self.subject, self.aim, self.kept = subject, aim, kept
        self.tally = Tally(most)
        measures = (aim.measure, COST) if aim.measure else (COST,)
        self.bench = Bench(
            subject.in_scenario(), subject.name, levels=subject.settings(subject.start), measures=measures,
            detail=aim.detail, engine=engine, threads=threads, executor=executor,
        )  # fmt: skip
        self.scopes = aim.scopes(self.bench.scopes, subject.scenario) if aim.measure else ()
        self.targets = np.array([aim.target] * len(self.scopes))
        self._seen: dict[tuple[object, ...], Seen] = {}
        self._places = subject.free

    def key(self, written: Written) -> tuple[object, ...]:
        """The same for candidates that are one."""
        return tuple(written[place] for place in self._places)

    def see(self, written: Written, n: int) -> Seen:
        """A candidate on replications 0 … n − 1. Raises Impossible, Stopped."""
        key = self.key(written)
        known = self._seen.get(key)
        have = len(known) if known is not None else 0
        if known is None or have < n:
            if self.tally.evaluations >= self.tally.most - 1:
                raise Stopped
            more = self.fresh(written, have, n - have)
            known = known + more if known is not None else more
            self._seen[key] = known
            seen = known.first(n)
            self.tally.rows.append((0, n, self.told(written), self.service(seen), float(seen.cost.mean())))
        return known.first(n)

    def fresh(self, written: Written, first: int, count: int) -> Seen:
        """A candidate on any replications; nothing is remembered, but what is kept is taken. Raises Impossible, Cancelled."""
        if self.tally.cancelled:
            raise Cancelled
        if self.kept is None:
            return self._simulated(written, first, count)

        def make(begin: int, n: int) -> dict[str, Array]:
            seen = self._simulated(written, begin, n)
            return {"cost": seen.cost, "above": seen.above.T, "below": seen.below.T}

        found = self.kept.of(f"{self.subject.name} {self.key(written)!r}", first, count, make)
        return Seen(found["cost"], found["above"].T, found["below"].T)

    def _simulated(self, written: Written, first: int, count: int) -> Seen:
        try:
            changes = self.subject.settings({place: written[place] for place in self._places})
        except (ValueError, ArithmeticError) as error:
            raise Impossible(str(error)) from error
        except ScenarioError as error:
            raise Impossible(unreadable(error)) from error
        try:
            seen = self.bench.observe(changes, first=first, count=count)
        except WorkersLost:  # says nothing of the candidate
            raise
        except BudgetError as error:
            raise Impossible(str(error)) from error
        self.tally.replications += count
        cost = seen.of(COST)[0]
        if not self.scopes:
            return Seen(cost, np.empty((0, count)), np.empty((0, count)))
        pairs = [seen.of(self.aim.measure, scope) for scope in self.scopes]
        return Seen(cost, np.array([above for above, _ in pairs]), np.array([below for _, below in pairs]))

    def margin(self, seen: Seen) -> float:
        """By how much a candidate serves more than the target, at the scope where that is least; ∞ without a target."""
        return float((seen.services - self.targets).min()) if len(self.targets) else inf

    def service(self, seen: Seen) -> float:
        """Service where it lies least above its target; NaN without a target."""
        return self.aim.target + self.margin(seen) if len(self.targets) else float("nan")

    def told(self, written: Written) -> str:
        """A candidate's numbers in short: levels and lots of one stock point of each kind of numbers."""
        found: dict[str, None] = {}
        for place in self._places:
            policy = written[place]
            knobs = knobs_of(policy)
            if not knobs.level:
                told = f"{getattr(policy, 'fill_rate', None) or getattr(policy, 'service_level', None) or 0:.5g}"
            else:
                lot = knobs.lot_of(policy)
                told = f"{knobs.level_of(policy):g}" + (f"+{lot:g}" if lot is not None else "")
            found[told] = None
        names = list(found)
        return " ".join(names[:8]) + (f" … ({len(names)} kinds)" if len(names) > 8 else "")


Tell = Callable[[str], None]
