"""When a page may carry the engine, and with how many replications: decided by the Plans and by what was packed, never by a clock, so that the
same scenario makes the same page on any machine."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor

from chainsim.kpis.scopes import DETAILS, Detail, Scopes
from chainsim.live.pack import Packed
from chainsim.plan.buckets import bucket_edges
from chainsim.plan.plan import Plan
from chainsim.plan.series import by_group
from chainsim.scenario.model import Scenario

MOST_BYTES = 1_000_000
"""Of words and data gzipped, as they stand in the page (base64 adds a third): with all else the page is below 2 MB."""
MOST_EVENTS = 8_000_000
"""Of all policies and replications: about a second of a browser."""
FEWEST = 5
"""Replications below which an interval says too little."""
MOST_SCOPES = 400
MOST_ROWS = 4_000_000
"""Words of bucket series."""


def replications_for(plans: Iterable[Plan], asked: int) -> tuple[int, str]:
    """How many replications a page simulates, and what to say when these are not all that were asked; 0 when there can be none.

    The first ones are taken, with the same seeds, so that each is one of those that were mailed.
    """
    events = sum(plan.expected_events for plan in plans)
    fits = floor(MOST_EVENTS / max(events, 1.0))
    if fits >= asked:
        return asked, ""
    if fits < min(FEWEST, asked):
        return 0, (
            f"the levers are off: one replication of all policies is about {events:,.0f} events, and a page that answers in about a second has "
            f"room for {MOST_EVENTS:,.0f} in {min(FEWEST, asked)}. A shorter horizon or fewer policies would do."
        )
    return fits, (
        f"each position is the first {fits:,} of {asked:,} replications of every policy (wider intervals, so that an answer takes about a second)"
    )


def detail_for(plan: Plan) -> Detail:
    """How far down measures go in the page: as far as there are not too many scopes."""
    for detail in reversed(DETAILS):
        if len(Scopes.of(plan.layout, detail)) <= MOST_SCOPES:
            return detail
    return DETAILS[0]


def of_groups(scenario: Scenario) -> str:
    """Why a network whose bucket series are of groups is not even compiled for the page; '' for any other."""
    if not by_group(scenario):
        return ""
    return (
        f"the levers are off: bucket series are kept of groups of the {len(scenario.points):,} stock points, and the page would need each "
        "one's."
    )


def too_large(plan: Plan) -> str:
    """Why a network is not packed at all; '' when it may be. Looked at before anything is compared word by word."""
    if plan.grouped:
        return f"the levers are off: bucket series are kept of groups of the {len(plan.points):,} stock points, and the page would need each one's."
    rows = len(plan.points) * (len(bucket_edges(plan.clock)) - 1)
    if rows > MOST_ROWS:
        return (
            f"the levers are off: {len(plan.points):,} stock points with a bucket series each are more than a page should hold. A longer "
            "time.bucket would do."
        )
    return ""


def too_heavy(packed: Packed, data: bytes) -> str:
    """Why a packed scenario does not go into a page; '' when it does. data: the page data, gzipped."""
    size = len(packed.words) + len(data)
    if 4 * size > 3 * MOST_BYTES:
        return (
            f"the levers are off: what the engine needs of this scenario is {4 * size / 3e6:.1f} MB, and a page that goes by mail has room for "
            f"{MOST_BYTES / 1e6:.1f} MB. Most of it are tables of random laws: fewer different distributions would do."
        )
    return ""
