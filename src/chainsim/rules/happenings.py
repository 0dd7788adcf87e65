"""Everything that can be on the calendar: when within an instant, at what place, what it does, and whose shelf it looks at.

A new kind of happening is a row here and a rule: the calendar's key, both engines and run-ahead are made from this table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from chainsim.rules import phases as at
from chainsim.rules.customer import PATIENCE
from chainsim.rules.decay import decay
from chainsim.rules.make import finish_unit, work
from chainsim.rules.move import leave, receive
from chainsim.rules.order import join
from chainsim.rules.outage import begin_outage, end_outage
from chainsim.rules.reach import reach
from chainsim.rules.records import count_by_calendar, lose_unseen
from chainsim.rules.release import release_new, release_waiting
from chainsim.rules.serve import dispatch, serve
from chainsim.rules.shelf import outdate

PLACES = {
    "stock point": "index",
    "shipment": "w.lanes[w.shipments[index].lane].target",
    "claim": "w.claims[index].point",
    "ledger": "w.ledgers[index].point",
    "dock": "w.lanes[w.terms[index].lane].target",
    "customers": "w.customers[index].point",
    "resource": "",
    "desk": "",
    "capacity": "",
    "outage": "",
    "bucket": "",
    "run": "",
}
"""What the index of a happening names, and the stock point where it takes place; '': it is not at one."""

RANKS = {"resource": "w.resources[index].rank", "desk": "w.desks[index].rank"}
"""The rank of a happening that is at no stock point; of others 0."""

BOOKS, WARM_UP, OUTAGES, RESOURCES = 2, 3, 4, 1 << 30
"""Numbers within the environment phase; those of resources also keep clear of stock points' own numbers. 0 and 1 are left to
an engine's own housekeeping."""
SHELVES = 1 << 31
"""Number of outdating within the environment phase, at the rank of its stock point; new levels come next, then losses,
then counts, then decay."""
DESKS = 1 << 32
"""Numbers of desks: behind every stock point of their rank."""
CUSTOMERS = 1 << 39
"""Numbers of customers start here: at one stock point and instant those whose patience ends come first."""

OWN, EVERY = "own", "every"  # Happening.shelf

Points = Any  # indices of stock points: an array, or a slice of all


def everywhere(plan: Any) -> Points:
    """All stock points."""
    return slice(None)


def nowhere(plan: Any) -> Points:
    """No stock point."""
    return slice(0)


class Happening(NamedTuple):
    """One kind.

    kind: see `phases`. place: what its index names. phase, number: its place within the instant; number None: single happenings,
    numbered by the counter of their stock point. early: the phase where the stock point's reviews come before demand; -1: the
    same. plus: text of what is added to the number.
    rule: what it does, called with the world, the index and `arguments`; None where each engine has its own way to do it again.
    shelf: OWN when it looks at the shelf of its stock point, or changes it; EVERY: at all.
    disturbs: the stock points of a Plan where nobody can foresee their next customers because of it: it looks at or changes what
    is there without taking place there, or makes their position fall or their service change otherwise than by a customer's
    demand. A row that does not say disturbs all.
    """

    kind: int
    place: str
    phase: int
    number: int | None = 0
    plus: str = ""
    early: int = -1
    rule: Callable[..., None] | None = None
    arguments: tuple[int, ...] = ()
    shelf: str = ""
    disturbs: Callable[[Any], Points] = everywhere

    @property
    def point(self) -> str:
        """Text of the index of the stock point where it takes place; '': it is not at one."""
        return PLACES[self.place]


def crowded(plan: Any) -> Points:
    """Where more than one stream of customers comes, or who comes moves goods, or positions, elsewhere."""
    point, partners = plan.customers["point"], plan.customers["partners"]
    more = [p for p, streams in Counter(point.tolist()).items() if streams > 1]
    above = (plan.points["ancestors"] > 0).nonzero()[0].tolist()
    return [*more, *above, *point[partners > 0].tolist(), *plan.partners.tolist()]


def suppliers(plan: Any) -> Points:
    """Stock points that others order from."""
    return plan.lanes["origin"][plan.lanes["origin"] >= 0]


def yielding(plan: Any) -> Points:
    """Where part of what is received may be of no use."""
    return plan.lanes["target"][plan.lanes["yields"] == 1]


def patient(plan: Any) -> Points:
    """Where customers wait for a while and leave."""
    return plan.customers["point"][plan.customers["unmet"] == PATIENCE]


def having(column: str, more_than: int) -> Callable[[Any], Points]:
    """Stock points with more than so much in a column."""
    return lambda plan: (plan.points[column] > more_than).nonzero()[0]


components = having("desk", -1)
"""Stock points that jobs take components from."""


def outages(plan: Any) -> Points:
    """Everywhere as soon as anything can break down."""
    return everywhere(plan) if len(plan.outages) else nowhere(plan)


def _of(kind: int, place: str, phase: int, number: int | None = 0, **more: Any) -> Happening:
    return Happening(kind, place, phase, number, **more)


HAPPENINGS = (
    _of(at.CUSTOMER_DUE, "customers", at.DEMAND, CUSTOMERS, plus="w.customers[index].rank", shelf=OWN, disturbs=crowded),
    _of(at.REVIEW_DUE, "stock point", at.REVIEW, shelf=OWN, disturbs=suppliers),
    _of(at.DISPATCH_DUE, "stock point", at.DISPATCH, rule=dispatch, arguments=(0,), shelf=OWN, disturbs=suppliers),
    _of(at.SHIPMENT_DUE, "shipment", at.RECEIVE, None, rule=receive, shelf=OWN, disturbs=yielding),
    _of(at.SERVE_DUE, "stock point", at.SERVE, rule=serve, shelf=OWN, disturbs=nowhere),
    _of(at.PERIODIC_REVIEW_DUE, "stock point", at.REVIEW, early=at.EARLY_REVIEW, shelf=OWN, disturbs=suppliers),
    _of(at.ORDER_DUE, "claim", at.RECEIVE, None, rule=join, arguments=(0,), shelf=OWN, disturbs=suppliers),
    _of(at.PATIENCE_ENDS, "claim", at.DEMAND, None, shelf=OWN, disturbs=patient),
    _of(at.EARLY_DISPATCH_DUE, "stock point", at.EARLY_DISPATCH, rule=dispatch, arguments=(1,), shelf=OWN, disturbs=suppliers),
    _of(at.UNIT_DONE, "shipment", at.RECEIVE, None, rule=finish_unit, shelf=OWN, disturbs=nowhere),
    _of(at.WORK_DUE, "resource", at.DISPATCH, RESOURCES, plus="index", rule=work, arguments=(0,), disturbs=nowhere),
    _of(at.EARLY_WORK_DUE, "resource", at.EARLY_DISPATCH, RESOURCES, plus="index", rule=work, arguments=(1,), disturbs=nowhere),
    _of(at.JOBS_DUE, "desk", at.DISPATCH, DESKS, plus="index", rule=release_new, arguments=(0,), disturbs=components),
    _of(at.JOBS_SERVED, "desk", at.SERVE, DESKS, plus="index", rule=release_waiting, disturbs=components),
    _of(at.EARLY_JOBS_DUE, "desk", at.EARLY_DISPATCH, DESKS, plus="index", rule=release_new, arguments=(1,), disturbs=components),
    _of(at.FLOW_DUE, "stock point", at.DEMAND, CUSTOMERS, rule=reach, shelf=OWN, disturbs=having("flow", -1)),
    _of(at.OUTDATE_DUE, "stock point", at.ENVIRONMENT, SHELVES, rule=outdate, shelf=OWN, disturbs=having("lifetime", 0)),
    _of(at.LOSS_DUE, "ledger", at.ENVIRONMENT, SHELVES + 2, rule=lose_unseen, shelf=OWN, disturbs=having("ledger", -1)),
    _of(at.COUNT_DUE, "ledger", at.ENVIRONMENT, SHELVES + 3, rule=count_by_calendar, shelf=OWN, disturbs=having("ledger", -1)),
    _of(at.DECAY_DUE, "ledger", at.ENVIRONMENT, SHELVES + 4, rule=decay, shelf=OWN, disturbs=having("ledger", -1)),
    _of(at.LOAD_DUE, "dock", at.LOAD, plus="index", rule=leave, disturbs=nowhere),
    _of(at.LEVELS_DUE, "stock point", at.ENVIRONMENT, SHELVES + 1, shelf=OWN, disturbs=having("pages", 1)),
    _of(at.CAPACITY_DUE, "capacity", at.ENVIRONMENT, RESOURCES, plus="index", disturbs=nowhere),
    _of(at.OUTAGE_ENDS, "outage", at.ENVIRONMENT, OUTAGES, plus="2 * index", rule=end_outage, disturbs=outages),
    _of(at.OUTAGE_BEGINS, "outage", at.ENVIRONMENT, OUTAGES + 1, plus="2 * index", rule=begin_outage, disturbs=outages),
    _of(at.WARM_UP_ENDS, "run", at.ENVIRONMENT, WARM_UP, shelf=EVERY, disturbs=nowhere),
    _of(at.BUCKET_ENDS, "bucket", at.ENVIRONMENT, BOOKS, shelf=EVERY, disturbs=nowhere),
)  # fmt: skip
"""In about the order of how often they happen."""


def row_of(kind: int) -> Happening:
    """The row of a kind. Raises StopIteration for a kind that is not in the table."""
    return next(row for row in HAPPENINGS if row.kind == kind)
