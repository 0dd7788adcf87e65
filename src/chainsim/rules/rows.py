"""What a rule sees of a row: one Protocol for each field table. Units and meanings: `plan.tables`, `demand.tables`.

Made from these tables by `python docs/make_rows.py`; do not edit.
"""

from __future__ import annotations

from typing import Protocol

from chainsim.rules.rows_terms import Break as Break
from chainsim.rules.rows_terms import Terms as Terms


class Point(Protocol):
    site: int
    product: int
    rank: int
    unlimited: int
    whole: int
    series_row: int
    policy: int
    review_interval: int
    review_rest: float
    offset_stream: int
    order_days: int
    before_demand: int
    watch: int
    first_page: int
    pages: int
    minimum: float
    multiple: float
    maximum: float
    sourcing: int
    first_source: int
    sources: int
    first_ancestor: int
    ancestors: int
    allocation: int
    resource: int
    flow: int
    desk: int
    expedite_up_to: float
    lifetime: int
    life_stream: int
    issuing: int
    ledger: int
    offset: int
    wake_at: float
    page: int
    on_hand: float
    on_order: float
    backorders: float
    customer_backorders: float
    echelon_position: float
    recent_demand: float
    down: int
    head: int
    tail: int
    serve_at: int
    review_at: int
    dispatch_at: int
    early_dispatch_at: int
    sequence: int
    since: int
    on_hand_time: float
    backorder_time: float
    customer_backorder_time: float
    stocked_time: int
    orders: int
    ordered: float
    received: float
    shipped: float
    demanded: float
    filled: float
    backfilled: float
    lost: float
    backfilled_early: float
    lost_early: float
    on_time: float
    undue: float
    undue_met: float
    waited: float
    waited_all: float
    waited_lost: float
    lines: int
    lines_filled: int
    requested: float
    requested_filled: float
    requests: int
    requests_filled: int
    cycles: int
    cycles_failed: int
    last_receipt: int
    lost_since_receipt: float
    buckets: int
    scrapped: float
    buckets_good: int
    on_hand_ends: float
    owed_ends: float
    lost_closed: float
    emergency_closed: float
    emergency: float
    transshipped: float
    lent: float
    first_lot: int
    last_lot: int
    outdate_at: int
    outdated: float
    consumed: float
    short_time: float
    unseen: float


class Page(Protocol):
    at: int
    first: int
    count: int
    wake_at: float


class Lane(Protocol):
    origin: int
    target: int
    share: float
    priority: int
    all_or_nothing: int
    no_crossing: int
    lag_stream: int
    processing_stream: int
    transport_stream: int
    transport_rest: float
    departure_every: int
    departure_stream: int
    departure_rest: float
    first_departure: int
    timed: int
    working_days: int
    shipping_days: int
    transport_days: int
    receiving_days: int
    first_gain: int
    gains: int
    yields: int
    fraction_stream: int
    lost_stream: int
    extra_stream: int
    assembly: int
    aging: int
    terms: int
    down: int
    stretch: float
    still_until: int
    standstill: int
    on_order: float
    in_transit: float
    since: int
    in_transit_time: float
    last_arrival: int
    orders: int
    ordered: float
    shipments: int
    shipped: float
    received: float
    lead_ticks: float
    setups: int
    part: float
    held_ticks: float
    overtook: int
    orders_waited: int
    wait_ticks: float
    departures: int
    next_departure: int
    last_departure: int
    departure_travel: int


class Input(Protocol):
    point: int
    per: float


class Assembly(Protocol):
    lane: int
    first_input: int
    inputs: int
    desk: int
    waiting: float
    waiting_time: float
    at_plant: float
    at_plant_time: float
    released: float
    since: int


class Desk(Protocol):
    rank: int
    head: int
    tail: int
    serve_at: int
    dispatch_at: int
    early_dispatch_at: int


class Claim(Protocol):
    point: int
    lane: int
    customer: int
    quantity: float
    remaining: float
    joined: int
    number: int
    fresh: int
    next: int
    previous: int
    wanted: float
    given: float


class Shipment(Protocol):
    lane: int
    quantity: float
    left: int
    due: int
    number: int
    good: float
    first_lot: int
    part: float
    part_expires: int
    standstill: int


class Lot(Protocol):
    point: int
    quantity: float
    expires: int
    next: int
    previous: int


class Resource(Protocol):
    site: int
    kind: int
    machines: int
    unit_stream: int
    setup: int
    setup_stream: int
    capacity: float
    period: int
    period_rest: float
    rank: int
    down: int
    work_at: int
    early_work_at: int
    free: int
    left: float
    head: int
    tail: int
    started: float
    since: int
    working_time: float
    run: int
    run_lane: int
    ready: int
    setup_until: int
    setup_time: float


class Outage(Protocol):
    site: int
    first_lane: int
    lanes: int
    up_stream: int
    down_stream: int
    start: int
    every_rest: float
    duration: int
    every: int
    stops: int
    destroys: float
    stretches: float
    holds: int
    after: int
    by_end: int
    chance_stream: int
    product: int
    lag_stream: int
    began: int
    in_force: int


class Flow(Protocol):
    point: int
    rate: float
    lost: int
    promise: int
    supply: float
    lane: int
    lot: float
    left: float
    due: float
    made: float
    waited: float
    early: float
    next_at: int


class Ledger(Protocol):
    point: int
    gap_stream: int
    loss_stream: int
    misbooking_stream: int
    misbooked_stream: int
    count_every: int
    count_rest: float
    first_count: int
    when_empty: int
    tolerance: float
    miscount_stream: int
    miscounted_stream: int
    ends: int
    markdown: int
    decay: float
    decay_step: float
    since: int
    unseen_time: float
    shrunk: float
    misbooked: float
    found: float
    missing: float
    counts: int
    counts_right: int
    phantom: float
    phantom_lines: int
    decay_at: int
    decay_seen: float
    decay_due: float
    decayed: float
    destroyed: float
    left_over: float
    marked_down: float


class Aging(Protocol):
    point: int
    first_lot: int
    last_lot: int
    part: float
    part_expires: int
    arrived: float
    life: float
    spoiled: float


class Opening(Protocol):
    opens: int
    closes: int
    before: int
    last: int


class Customer(Protocol):
    point: int
    unmet: int
    patience: int
    wait_stream: int
    all_or_nothing: int
    priority: int
    promise: int
    rank: int
    first_partner: int
    partners: int
    kind: int
    start: int
    every: int
    every_rest: float
    whole: int
    size: int
    gap: int
    mean: float
    rho: float
    sd: float
    shock_sd: float
    values_first: int
    values_count: int
    warp_first: int
    count: int
    clock: int
    cell: int
    state: float
    next_at: int
    next_quantity: float
