"""Lifetimes drawn at random, one for each receipt (docs/semantics.md, "Lifetimes")."""

from __future__ import annotations

from math import exp, factorial, sqrt

import numpy as np
import pytest

from chainsim.chance.book import Streams
from chainsim.engines.base import simulate
from chainsim.errors import ScenarioError
from chainsim.kpis import measure
from chainsim.plan.compile import compile_plan
from chainsim.plan.ground import ground_of
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import EVENT_KINDS, Record
from chainsim.scenario.load import load_text

from .stage import log_of, stage

SHELF = """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 1}]
stock: [{site: store, lifetime: {dist: discrete, values: [2, 5], probabilities: [0.5, 0.5]}, initial: {on_hand: LOT}}]
demand: [{site: store, product: p, quantity: 1, every: 1000, offset: 999}]
policies: {only: {type: s_Q, reorder_point: 0, order_quantity: LOT}}
"""


def lives(lot: int, on_hand: int) -> list[float]:
    """How long each lot lay on a shelf that nobody buys from: a lot that is thrown away is ordered anew and comes 1 later."""
    plan, record = stage(SHELF.replace("on_hand: LOT", f"on_hand: {on_hand}").replace("LOT", str(lot)), horizon=60)
    assert violations(record, plan) == []
    ticks = plan.clock.ticks_per_unit
    came = ([0.0] if on_hand else []) + [line.tick / ticks for line in log_of(record, "receive")]
    gone = log_of(record, "outdate")
    assert {line.quantity for line in gone} == {float(lot)}
    return [line.tick / ticks - at for line, at in zip(gone, came, strict=False)]


def test_every_receipt_has_a_life_of_its_own() -> None:
    found = lives(4, 4)
    assert set(found) == {2.0, 5.0}


def test_the_nth_receipt_lives_as_long_under_any_policy() -> None:
    """Other lots; and no stock at the start, whose draw is left out."""
    first = lives(4, 4)
    assert lives(7, 7) == first
    later = lives(4, 0)
    assert later[: len(first) - 1] == first[1 : len(later) + 1]


def test_lots_leave_in_the_order_in_which_they_expire() -> None:
    """Dates are known when goods come: sold is what has the least life left, so units that live for 5 stay while later ones that live
    for 2 go. Both engines tell the same, and a shelf kept here by itself from the draws throws away the same."""
    text = SHELF.replace("LOT", "2").replace("quantity: 1, every: 1000, offset: 999", "quantity: 1, every: 1")
    text = text.replace("reorder_point: 0", "reorder_point: 3").replace("every: 1}", "every: 1, unmet: lost}")
    plan, record = stage(text, horizon=40)
    assert violations(record, plan) == []
    assert simulate(plan, 0, engine="simpy", log=True).log == record.log
    there: list[tuple[float, int]] = []  # expiry, units: an independent shelf
    assert record.log is not None
    expected: list[tuple[int, float]] = []
    drawn = iter(_draws(plan, record, 40))
    there.append((next(drawn), 2))
    for line in record.log:
        tick, kind = line.tick, EVENT_KINDS[line.kind]
        if kind == "receive":
            there.append((tick + next(drawn), int(line.quantity)))
        if kind == "outdate":
            gone = sum(n for at, n in there if at <= tick)
            expected.append((tick, float(gone)))
            there = [(at, n) for at, n in there if at > tick]
        if kind == "demand" and there:
            there.sort()
            at, n = there.pop(0)
            if n > 1:
                there.append((at, n - 1))
    assert [(line.tick, line.quantity) for line in log_of(record, "outdate")] == expected
    assert expected


def _draws(plan: Plan, record: Record, count: int) -> list[float]:
    """The draws of the stream, as they stand in the Plan."""
    source = Streams(plan.streams, record.replication)
    return [source.draw(int(plan.points["life_stream"].max())) for _ in range(count)]


PERISHABLE = """
chainsim: 1
title: One lot at a time
time: {unit: period, warm_up: 100, horizon: 4000, bucket: 100}
seed: 11
products: {p: {unit_cost: 1}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 1}]
stock: [{site: store, lifetime: {dist: discrete, values: [1, 4], probabilities: [0.3, 0.7]}}]
demand: [{site: store, product: p, type: arrivals, rate: 2, unmet: lost}]
policies: {only: {type: s_Q, reorder_point: 0, order_quantity: 5}}
"""


def test_one_lot_at_a_time() -> None:
    """A lot of Q = 5 is sold to Poisson customers until it is gone or its life L is over; then nothing for the lead time of 1, and
    customers are lost. Sold of a lot: E min(Q, N(λL)); a cycle lasts that ÷ λ + 1 (renewal reward, S. M. Ross)."""
    rate, lot = 2.0, 5

    def sold(life: float) -> float:
        p = [exp(-rate * life) * (rate * life) ** n / factorial(n) for n in range(lot)]
        return sum(n * q for n, q in enumerate(p)) + lot * (1 - sum(p))

    mean = 0.3 * sold(1) + 0.7 * sold(4)
    fill, outdated = (mean / rate) / (mean / rate + 1), (lot - mean) / lot
    plan = compile_plan(load_text(PERISHABLE, "case.yaml", None), "only")
    measured = [measure(simulate(plan, r), plan) for r in range(24)]
    for name, value in (("fill_rate", fill), ("outdated_rate", outdated)):
        seen = np.array([m.values[0, m.ids.index(name)] for m in measured])
        error = seen.std(ddof=1) / sqrt(len(seen))
        assert error <= 0.005, f"{name}: too wide to prove anything ({error:.3g})"
        assert abs(seen.mean() - value) <= 4 * error, f"{name}: {seen.mean():.5g} against {value:.5g} ± {error:.2g}"


def test_a_law_that_never_varies_is_a_length_of_time() -> None:
    plain = PERISHABLE.replace("{dist: discrete, values: [1, 4], probabilities: [0.3, 0.7]}", "3")
    same = plain.replace("lifetime: 3", "lifetime: {dist: constant, value: 3}")
    one, other = (compile_plan(load_text(text, "case.yaml", None), "only") for text in (plain, same))
    assert one.points["life_stream"].tolist() == other.points["life_stream"].tolist() == [-1, -1]
    assert one.points["lifetime"].tolist() == other.points["lifetime"].tolist()


def test_levels_say_that_they_do_not_know() -> None:
    scenario = load_text(PERISHABLE, "case.yaml", None)
    fact = ground_of(scenario).facts_of(scenario.alternatives[0]).points[0]
    assert "a lifetime of 3.1 on average" in fact.unknown


@pytest.mark.parametrize(
    ("shelf", "said"),
    [
        ("lifetime: 0", "must be above 0"),
        ("lifetime: {dist: exponential, mean: 3}, age: travels", "drawn at random where goods keep the life"),
    ],
)
def test_lifetimes_that_make_no_sense_are_refused(shelf: str, said: str) -> None:
    text = PERISHABLE.replace("lifetime: {dist: discrete, values: [1, 4], probabilities: [0.3, 0.7]}", shelf)
    with pytest.raises(ScenarioError, match=said):
        load_text(text, "case.yaml", None)
