"""Lanes that leave at departures, worked by hand (docs/semantics.md, "Lead times")."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest

from chainsim.chance.base import Distribution
from chainsim.chance.book import Streams
from chainsim.chance.families import Constant, Exponential, Gamma
from chainsim.errors import ScenarioError
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.scenario.model import Departures

from .stage import demand_rows, log_of, stage

STORE = """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, LANE}]
stock: [{site: store, initial: {on_hand: 10}}]
demand: [{site: store, product: p, type: history, file: demand.csv, column: p, on_end: zero}]
policies: {only: {type: base_stock, order_up_to_level: 10}}
"""


def store(tmp_path: Path, lane: str, demand: list[float], horizon: float = 12) -> tuple[Plan, Record]:
    demand_rows(tmp_path, demand)
    return stage(STORE.replace("LANE", lane), horizon=horizon, folder=tmp_path)


def receipts(plan: Plan, record: Record) -> list[tuple[float, float]]:
    """(time, units) of what the store received."""
    return [(line.tick / plan.clock.ticks_per_unit, line.quantity) for line in log_of(record, "receive")]


def test_goods_wait_for_the_next_departure_then_travel(tmp_path: Path) -> None:
    """Departures at 1, 4, 7, 10. Ordered at 0: leaves at 1. At 2 and at 4, the very tick of a departure: both at 4."""
    plan, record = store(tmp_path, "lead_time: 0.5, departures: {every: 3, offset: 1}", [2, 0, 1, 0, 3, 4])
    assert receipts(plan, record) == [(1.5, 2.0), (4.5, 1.0), (4.5, 3.0), (7.5, 4.0)]


def test_waiting_for_a_departure_is_in_transit(tmp_path: Path) -> None:
    """2 units for 1.5 periods, 1 for 2.5, 3 for 0.5 and 4 for 2.5."""
    plan, record = store(tmp_path, "lead_time: 0.5, departures: {every: 3, offset: 1}", [2, 0, 1, 0, 3, 4])
    in_transit = record.closing["lanes"]["in_transit_time"][0] / plan.clock.ticks_per_unit
    assert in_transit == pytest.approx(2 * 1.5 + 1 * 2.5 + 3 * 0.5 + 4 * 2.5)
    assert record.closing["lanes"]["lead_ticks"][0] / plan.clock.ticks_per_unit == pytest.approx(in_transit)


def test_a_shipment_leaves_when_it_is_processed(tmp_path: Path) -> None:
    """Ordered at 0, ready at 1.5: the departure at 3, not the one at 0."""
    plan, record = store(tmp_path, "lead_time: 1, processing: 1.5, departures: {every: 3}", [2])
    assert receipts(plan, record) == [(4.0, 2.0)]


def test_nobody_overtakes_at_the_dock(tmp_path: Path) -> None:
    """Processing takes 0 or 5: who is ready leaves at the next even time, but never before those dispatched earlier."""
    lane = (
        "lead_time: 0, processing: {dist: discrete, values: [0, 5], probabilities: [0.7, 0.3]}, departures: {every: 2}"
    )
    plan, record = store(tmp_path, lane, [1] * 40, horizon=60)
    unit = plan.clock.ticks_per_unit
    draw = Streams(plan.streams, 0).draw
    ready = [k + int(draw(int(plan.lanes["processing_stream"][0]))) // unit for k in range(40)]
    alone = [2 * -(-at // 2) for at in ready]
    assert [time for time, _ in receipts(plan, record)] == list(accumulate(alone, max))
    assert list(accumulate(alone, max)) != alone  # some had to stand behind


def test_random_departures_are_the_lanes_own(tmp_path: Path) -> None:
    """Whatever is ordered, goods arrive only at the sums of the gaps, and at the first one from the order on."""
    lane = "lead_time: 0, departures: {gap: {dist: exponential, mean: 1.7}}"
    for demand in ([3] * 30, [0, 1] * 15, [0, 0, 5] + [0] * 20 + [7]):
        plan, record = store(tmp_path, lane, [float(q) for q in demand], horizon=60)
        stream = int(plan.lanes["departure_stream"][0])
        draw = Streams(plan.streams, 0).draw
        departures = list(accumulate(int(draw(stream)) for _ in range(200)))
        ordered = [line.tick for line in log_of(record, "order")]
        expected = [next(d for d in departures if d >= tick) for tick in ordered]
        assert [line.tick for line in log_of(record, "receive")] == [d for d in expected if d < plan.clock.end]


def test_what_leaves_together_arrives_together(tmp_path: Path) -> None:
    """Orders at 1, 2, 3 and 4 leave at 4; their one random journey is drawn once."""
    lane = "lead_time: {dist: exponential, mean: 2}, departures: {every: 4, offset: 4}"
    _, record = store(tmp_path, lane, [0, 1, 1, 1, 1, 1], horizon=60)
    first = [line.tick for line in log_of(record, "receive")]
    together = max(set(first), key=first.count)
    assert first.count(together) == 4
    assert len(set(first)) == 2


@pytest.mark.parametrize(
    ("gap", "mean", "sd"),
    [
        (Constant(value=6.0), 3.0, 3.0**0.5),  # uniform over the gap
        (Exponential(mean=1.2), 1.2, 1.2),  # without memory
        (Gamma(mean=2.0, cv=0.5), 1.25, (15 / 6 - 1.25**2) ** 0.5),  # Erlang-4: E[G²] = 5, E[G³] = 15
    ],
)
def test_wait_for_a_departure(gap: Distribution, mean: float, sd: float) -> None:
    assert Departures(gap=gap).wait() == pytest.approx((mean, sd))


@pytest.mark.parametrize(
    ("departures", "said"),
    [
        ("{}", "departures have either `every` (fixed times) or a `gap` (random)"),
        ("{every: 2, gap: {dist: exponential, mean: 1}}", "departures have either"),
        ("{gap: {dist: exponential, mean: 1}, offset: 2}", "`offset` goes with departures at fixed times"),
        ("{gap: 0}", "more than 10,000,000 departures"),
        ("{evry: 2}", "unknown key 'evry' (did you mean 'every'?)"),
    ],
)
def test_departures_that_cannot_be(tmp_path: Path, departures: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        store(tmp_path, f"lead_time: 0, departures: {departures}", [1])
    assert said in str(refused.value)
