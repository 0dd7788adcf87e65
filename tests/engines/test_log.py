"""The event log by name and number: every kind has a sentence, and a line names its claim and its shipment."""

from __future__ import annotations

from collections import Counter

import pytest

import chainsim
from chainsim.data import scenario_path
from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.record.record import EVENT_KINDS, Event
from chainsim.rules import log
from tests.semantics.stage import stage

KINDS = {
    "receive": log.RECEIVED, "ship": log.SHIPPED, "backfill": log.BACKFILLED, "demand": log.DEMANDED, "give_up": log.GAVE_UP,
    "order": log.ORDERED, "request": log.REQUESTED, "outdate": log.OUTDATED, "lend": log.LENT,
    "consume": log.CONSUMED, "shrink": log.SHRUNK, "misbook": log.MISBOOKED, "count": log.COUNTED, "decay": log.DECAYED, "destroy": log.DESTROYED, "depart": log.DEPARTED,
}  # fmt: skip
TWO_STORES = """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 2}]
stock: [{site: store, initial: {on_hand: 3}}]
demand: [{site: store, product: p, quantity: 2, unmet: backorder}]
policies: {only: {type: base_stock, order_up_to_level: 3, review_interval: 1}}
"""


def test_a_name_has_the_number_of_its_constant_and_a_sentence() -> None:
    assert {name: EVENT_KINDS.index(name) for name in EVENT_KINDS} == KINDS
    assert all(sentence.endswith(".") for sentence in log.LOG_KINDS.values())


def test_numbers_worked_by_hand() -> None:
    """Two units a period, three on hand, two periods of lead time. Customer 1 is served at once; the second one lacks a unit."""
    _, record = stage(TWO_STORES, horizon=3)
    told = [(EVENT_KINDS[e.kind], e.quantity, e.claim, e.shipment) for e in record.log or ()]
    assert told == [
        ("demand", 2.0, -1, -1),
        ("order", 2.0, -1, -1),
        ("request", 2.0, 1, -1),
        ("ship", 2.0, 1, 1),
        ("demand", 2.0, 2, -1),  # one of its units waits, as claim 2
        ("order", 2.0, -1, -1),
        ("request", 2.0, 3, -1),
        ("ship", 2.0, 3, 2),
        ("receive", 2.0, -1, 1),
        ("backfill", 1.0, 2, -1),
        ("demand", 2.0, 4, -1),
        ("order", 2.0, -1, -1),
        ("request", 2.0, 5, -1),
        ("ship", 2.0, 5, 3),
    ]


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_what_is_shipped_is_received_under_its_number_and_who_waits_is_served_under_his(engine: str) -> None:
    if engine == "compiled":
        pytest.importorskip("numba")
    scenario = chainsim.load(scenario_path("beer_game")).scenario
    plan = compile_plan(scenario, scenario.alternatives[0].name)
    lines = simulate(plan, 0, engine=engine, log=True).log or ()

    def of(kind: int) -> list[Event]:
        return [line for line in lines if line.kind == kind]

    shipped = Counter((e.lane, e.shipment, e.quantity) for e in of(log.SHIPPED))
    assert set(shipped.values()) == {1}
    from_sites = {e.lane for e in of(log.SHIPPED)}
    here = [e for e in of(log.RECEIVED) if e.lane in from_sites and e.shipment > 0]  # 0: they left before time 0
    received = {(e.lane, e.shipment, e.quantity) for e in here}
    assert received
    assert received <= set(shipped)  # the rest is still under way
    owed = {e.claim: e.quantity for e in (*of(log.DEMANDED), *of(log.REQUESTED)) if e.claim >= 0}
    given: Counter[int] = Counter()
    for e in (*of(log.SHIPPED), *of(log.BACKFILLED)):
        given[e.claim] += e.quantity  # type: ignore[assignment]
    assert of(log.BACKFILLED)
    assert set(given) <= set(owed)
    assert all(quantity <= owed[claim] for claim, quantity in given.items())
