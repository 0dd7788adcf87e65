"""The order of events at one instant (DESIGN §2), and what can be put on the calendar.

The calendar's key is (time, phase, rank, sequence). Phase, rank and sequence are packed into one integer, so that an
event is ordered by two comparisons.
"""

from __future__ import annotations

ENVIRONMENT = 0  # buckets close, warm-up ends, outages start and end, capacity is renewed, goods reach the end of their life, levels change
RECEIVE = 1  # shipments and production are added to stock; orders whose information lag ends join the queue
SERVE = 2  # those who waited are served from what was received
EARLY_REVIEW = 3  # periodic reviews with `review: before_demand` …
EARLY_DISPATCH = 4  # … and the dispatches they cause
DEMAND = 5  # impatient customers leave; customers arrive
REVIEW = 6  # reviews decide, downstream before upstream
DISPATCH = 7  # suppliers with new orders allocate and ship
LOAD = 8  # what waits at a dock leaves together

# What rules put on the calendar through w.expect(kind, at, index); index names a row.
SHIPMENT_DUE = 0  # shipment: arrives
ORDER_DUE = 1  # claim: its information lag ends
UNIT_DONE = 2  # shipment: a machine finishes one unit
SERVE_DUE = 3  # stock point
PATIENCE_ENDS = 4  # claim
REVIEW_DUE = 5  # stock point: continuous review
EARLY_DISPATCH_DUE = 6  # stock point
DISPATCH_DUE = 7  # stock point
EARLY_WORK_DUE = 8  # resource: start waiting jobs, before demand
WORK_DUE = 9  # resource: start waiting jobs

# What happens again and again, by the calendar or by chance; engines put it there.
CUSTOMER_DUE = 10  # customer stream: the next customer arrives
PERIODIC_REVIEW_DUE = 11  # stock point
OUTAGE_BEGINS = 12  # outage
OUTAGE_ENDS = 13  # outage
CAPACITY_DUE = 14  # resource: a capacity period begins
BUCKET_ENDS = 15  # bucket
WARM_UP_ENDS = 16
JOBS_SERVED = 17  # desk: components came, release who waited
JOBS_DUE = 18  # desk: release, with the new jobs of this instant
EARLY_JOBS_DUE = 19  # desk: the same before demand
OUTDATE_DUE = 30  # stock point: its oldest lot reaches the end of its life
LEVELS_DUE = 31  # stock point: the next page of its levels comes into force
LOSS_DUE = 32  # ledger: units are lost unseen
COUNT_DUE = 33  # ledger: the shelf is counted
DECAY_DUE = 34  # ledger: the next unit decays
LOAD_DUE = 35  # terms of a lane: what waits at its dock leaves

# Flows: constant rates in continuous time.
FLOW_DUE = 20  # stock point: its flow runs dry, reaches the reorder point, or ends a lot


def event_key(phase: int, rank: int, sequence: int) -> int:
    """The part of the calendar's key after the time.

    >>> event_key(RECEIVE, 3, 0) < event_key(SERVE, 0, 0) < event_key(SERVE, 0, 1)
    True
    """
    return phase << 58 | rank << 40 | sequence


def phase_of(key: int) -> int:
    """The phase of an event, by its key.

    >>> phase_of(event_key(DEMAND, 3, 7)) == DEMAND
    True
    """
    return key >> 58
