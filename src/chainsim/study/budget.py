"""Budgets, checked before anything is allocated: how many events, how much memory, how many rows.

Also how far down the tables go (`Levels`): a large network is told by echelon or site, and what is left out is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from chainsim.errors import BudgetError, UsageError
from chainsim.kpis import DELIVERY, DETAILS, KPIS, LANE_KPIS, SERIES_NAMES, Detail, Scopes
from chainsim.plan.plan import Layout, Plan
from chainsim.plan.series import MOST_NUMBERS, by_group, numbers_of_series
from chainsim.registry import did_you_mean
from chainsim.scenario.model import Scenario, TimeSpec

MAX_EVENTS = 2e8
MAX_REPLICATIONS = 1_000_000
MAX_NUMBERS = MOST_NUMBERS  # held in memory at once, 8 bytes each
MOST_MEASURES = int(MAX_NUMBERS // 2)  # a measure is a numerator and a denominator
SUMMARY_ROWS, REPLICATION_ROWS, SERIES_ROWS = 250_000, 500_000, 100_000
PER_ROW = 50  # replications behind one row of the summary, before the summary is made coarser to save memory
DELIVERED_NUMBERS = 2e7  # sums of deliveries held in memory
LANE_NUMBERS = 2e7  # measures of lanes held in memory
MOST_ROWS = 2_000_000  # of replications.csv at its coarsest: of more replications it tells fewer measures
SERIES_HELD = 2e7  # numbers of bucket series held in memory: of more replications those of the first
NO_MEMORY = (
    "there is not enough memory{}. Ask for fewer replications, a longer time.bucket, fewer jobs, or a smaller scenario; "
    "finished blocks are kept when there is a results folder."
)
STATISTICS = 7  # rows of series.csv for each scope and bucket


@dataclass(frozen=True)
class Levels:
    """How far down each table goes. lean: replications.csv and series.csv keep what the page draws; the rest stays in the blocks.
    first: bucket series are kept of so many replications, the first. measures: those that replications.csv tells, of the whole network
    alone, where it does not tell all (`by_replication`)."""

    summary: Detail
    replications: Detail
    series: Detail
    delivered: Detail = "stock_point"
    lanes: bool = True
    months: bool = True
    lean: bool = False
    first: int = MAX_REPLICATIONS
    measures: tuple[str, ...] | None = None

    @property
    def written(self) -> dict[str, Detail]:
        """How far down the rows of each table go: as far as is measured, and in a lean folder no further than the page does."""
        return {
            "summary.csv": self.summary,
            "replications.csv": "network" if self.lean else self.replications,
            "series.csv": _coarser("echelon", self.series) if self.lean else self.series,
            "delivered.csv": self.delivered,
        }

    @property
    def details(self) -> set[Detail]:
        """Those that any table goes down to."""
        return {self.summary, self.replications, self.series, self.delivered}


def check_size(scenario: Scenario, max_events: float = MAX_EVENTS) -> None:
    """What can be refused before a Plan is made, by arithmetic alone. Raises BudgetError naming what to change."""
    if scenario.replications > MAX_REPLICATIONS:
        raise BudgetError(
            f"replications: {scenario.replications:,} is over the limit of {MAX_REPLICATIONS:,}. Lower it: intervals "
            "shrink with its square root only."
        )
    check_series(scenario)
    each = len(scenario.alternatives) * (1 + len(scenario.products)) * len(KPIS.names())
    if scenario.replications * each > MOST_MEASURES:
        raise BudgetError(
            f"replications: {scenario.replications:,} make {scenario.replications * each:,} rows of measures of the network and its products, "
            f"which are held in memory (limit {MOST_MEASURES:,}). Ask for at most {MOST_MEASURES // each:,}: intervals shrink with the square "
            "root of their number only."
        )
    least = least_events(scenario) * scenario.replications * len(scenario.alternatives)
    if least > max_events:
        raise BudgetError(
            f"at least {least:.1e} events (limit {max_events:.0e}), of customers, outages and buckets alone: "
            f"{scenario.replications} replications × {len(scenario.alternatives)} policies. Ask for fewer replications or "
            "a shorter horizon, give demand per longer period, or pass --max-events."
        )


def check_series(scenario: Scenario) -> None:
    """The bucket series of every stock point, or of at least one group of them. Raises BudgetError naming what to change."""
    points, whose, more = (
        len(scenario.points),
        "stock points",
        ", or keep series of groups of them (time.series: group)",
    )
    if by_group(scenario):
        points, whose, more = 1, "group of stock points", ""
    numbers = numbers_of_series(scenario.time, points)
    if numbers > MAX_NUMBERS:
        buckets = (scenario.time.warm_up + scenario.time.horizon) / scenario.time.bucket
        raise BudgetError(
            f"time.bucket: {points:,} {whose} × {buckets:,.0f} buckets is {numbers:.1e} numbers per replication (limit "
            f"{MAX_NUMBERS:.0e}). Use a longer bucket or a shorter horizon{more}."
        )


def check_watched(scenario: Scenario) -> None:
    """The bucket series of every stock point, where what customers lack is watched place by place. Raises BudgetError."""
    numbers = numbers_of_series(scenario.time, len(scenario.points))
    if numbers > MAX_NUMBERS:
        raise BudgetError(
            f"a stress test watches every place where customers buy: the bucket series of {len(scenario.points):,} stock points are "
            f"{numbers:.1e} numbers per replication (limit {MAX_NUMBERS:.0e}). Use a longer time.bucket or a shorter horizon."
        )


def check_groups(plan: Plan, time: TimeSpec) -> None:
    """The bucket series as they will be kept. Raises BudgetError naming what to change."""
    numbers = numbers_of_series(time, plan.series_rows)
    if numbers > MAX_NUMBERS:
        raise BudgetError(
            f"time.bucket: {len(plan.points):,} stock points are {plan.series_rows:,} groups that differ in product, kind of site, "
            f"groups, or what is upstream of them, and their bucket series are {numbers:.1e} numbers per replication (limit "
            f"{MAX_NUMBERS:.0e}). Use a longer bucket or a shorter horizon."
        )


def series_told(plan: Plan) -> str:
    """That bucket series are of groups, and what this leaves out; '' where every stock point has its own."""
    if not plan.grouped:
        return ""
    return (
        f"bucket series are kept of {plan.series_rows:,} groups (a product at a kind of sites), not of {len(plan.points):,} stock points: "
        "bullwhip, its cumulative and net-stock amplification are told of the network, products, kinds and groups of sites, not below"
    )


def least_events(scenario: Scenario) -> float:
    """Events of one replication whatever the policy does: demands of a period, scheduled outages, ends of buckets."""
    run = scenario.time.warm_up + scenario.time.horizon
    periods = sum(run / float(every) for d in scenario.demands if (every := getattr(d.process, "every", None)))
    outages = sum(2.0 * run / outage.every for outage in scenario.outages if outage.every)
    return periods + outages + run / scenario.time.bucket


@contextmanager
def told_as_budget_error() -> Iterator[None]:
    """Memory that ran out is a budget that was hit, whatever asked for it."""
    try:
        yield
    except MemoryError as error:
        raise BudgetError(NO_MEMORY.format(f" ({error})" if str(error) else "")) from error


def check_events(plans: Sequence[Plan], replications: int, max_events: float) -> None:
    """The estimate of events of the whole run. Raises BudgetError naming the policy that needs most."""
    check_expected({plan.policy: plan.expected_events for plan in plans}, replications, max_events)


def check_expected(events: Mapping[str, float], replications: int, max_events: float) -> None:
    """The same of so many events in a replication of each policy."""
    total = sum(expected * replications for expected in events.values())
    if not total <= max_events:
        largest = max(events, key=lambda name: events[name])
        raise BudgetError(
            f"about {total:.1e} events (limit {max_events:.0e}): {replications} replications × {len(events)} policies, "
            f"{events[largest]:.1e} in one replication of '{largest}'. Ask for fewer replications or a "
            "shorter horizon, give demand per period instead of single arrivals, or pass --max-events."
        )


def affordable(plans: Sequence[Plan], max_events: float, detail: Detail | Literal["auto"]) -> int:
    """Replications of each policy that the budgets of events, rows and memory allow."""
    events = sum(plan.expected_events for plan in plans)
    kpis, policies = len(KPIS.names()), len(plans)
    scopes = len(Scopes.of(plans[0].layout, "network" if detail == "auto" else detail))
    limits = (
        MAX_REPLICATIONS,
        MAX_NUMBERS // (2 * scopes * policies * kpis),
        max_events // max(events, 1.0),
    )
    return max(1, int(min(limits)))


def check_detail(detail: str) -> Detail | Literal["auto"]:
    """One of the levels that tables can go down to. Raises UsageError, before work is done."""
    if detail == "auto":
        return "auto"
    if detail not in DETAILS:
        raise UsageError(
            f"unknown detail '{detail}'{did_you_mean(detail, list(DETAILS))}; known: auto, {', '.join(DETAILS)}"
        )
    return detail


def choose_levels(
    layout: Layout,
    policies: int,
    replications: int,
    buckets: int,
    detail: Detail | Literal["auto"],
    lanes: int = 0,
    lean: bool = False,
    *,
    grouped: bool = False,
) -> Levels:
    """The finest detail whose tables stay sane; `detail` other than 'auto' is obeyed for summary and replications. lanes: how many
    there are; they are told one by one as long as that stays small, and never at the details 'network' and 'echelon'. lean: as in
    `Levels`. grouped: bucket series are of groups of stock points, and told no finer than these."""
    scopes = {d: len(Scopes.of(layout, d)) * policies for d in DETAILS}
    rows = {d: scopes[d] * len(KPIS.names()) for d in DETAILS}
    if detail == "auto":
        summary = _finest(d for d in DETAILS if max(rows[d], rows[d] * replications / PER_ROW) <= SUMMARY_ROWS)
        told = _coarser(summary, _finest(d for d in DETAILS if rows[d] * replications <= REPLICATION_ROWS))
    else:
        summary = told = detail
    numbers = 2.0 * rows[summary] * replications  # numerator and denominator
    if numbers > MAX_NUMBERS:
        raise BudgetError(
            f"{numbers:.1e} numbers to keep at detail '{summary}' (limit {MAX_NUMBERS:.0e}). Ask "
            "for fewer replications, or for detail 'auto' or 'network'."
        )
    points = {d: scopes[d] * buckets for d in DETAILS}
    drawn = _finest(d for d in DETAILS if max(points[d] * STATISTICS, points[d] * replications / 4) <= SERIES_ROWS)
    if grouped:
        drawn = _coarser(drawn, "echelon")
    sums = {d: scopes[d] * replications * len(DELIVERY) for d in DETAILS}
    held = _finest(d for d in DETAILS if scopes[d] <= SUMMARY_ROWS and sums[d] <= DELIVERED_NUMBERS)
    cells = 2.0 * lanes * policies * len(LANE_KPIS.names())
    by_lane = cells <= SUMMARY_ROWS and cells * replications <= LANE_NUMBERS and detail not in ("network", "echelon")
    lowest = held if detail == "auto" else _coarser(summary, held)
    by_month = policies * replications * buckets <= REPLICATION_ROWS
    drawn = _coarser(summary, drawn)
    if detail == "auto":
        told, drawn = (_coarser(finest(layout), level) for level in (told, drawn))
    first = max(1, int(SERIES_HELD // max(1, points[drawn] * len(SERIES_NAMES))))
    return Levels(summary, told, drawn, lowest, by_lane, by_month, lean, min(first, MAX_REPLICATIONS))


def finest(layout: Layout) -> Detail:
    """The level below which the two longest tables would repeat themselves: a site's only product is all that it keeps."""
    return "site" if len(layout.products) == 1 else "stock_point"


def _finest(fits: Iterable[Detail]) -> Detail:
    ordered = sorted(fits, key=DETAILS.index)
    return ordered[-1] if ordered else "network"


def _coarser(a: Detail, b: Detail) -> Detail:
    return a if DETAILS.index(a) <= DETAILS.index(b) else b
