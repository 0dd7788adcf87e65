"""Replication 0 once more: the cost of its event log, and the engines side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from chainsim.engines.base import simulate
from chainsim.errors import ConservationError
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import EVENT_KINDS, Record
from chainsim.record.recount import recount, untold
from chainsim.scenario.load import load
from chainsim.study import inspection
from chainsim.study.inspection import IDENTICAL, LIMIT, cost_difference, inspect
from chainsim.study.running import run
from tests.properties.networks import Document, networks
from tests.properties.networks import run as run_network
from tests.semantics.stage import stage

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STORE = """
products: {p: {unit_cost: 10, unit_price: 15}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 2, order_cost: 7, unit_cost: 0.5}]
stock: [{site: store, holding_cost: 1, initial: {on_hand: 3}}]
demand: [{site: store, product: p, quantity: 2, unmet: backorder}]
costs: {backorder: 10, lost_sale: 4, emergency: 6}
policies: {only: {type: base_stock, order_up_to_level: 3, review_interval: 1}}
"""


def logged(name: str) -> tuple[Plan, Record]:
    """The first policy of a shipped scenario over a short time."""
    scenario = load(SCENARIOS / f"{name}.yaml")
    time = replace(scenario.time, warm_up=min(scenario.time.warm_up, 14.0), horizon=28.0)
    plan = compile_plan(replace(scenario, time=time), scenario.alternatives[0].name)
    return plan, simulate(plan, 0, engine="simpy", log=True)


def with_line(record: Record, of: str, /, **changes: Any) -> Record:
    """The last line of a kind changed."""
    lines = list(record.log or ())
    i = max(i for i, line in enumerate(lines) if EVENT_KINDS[line.kind] == of)
    lines[i] = lines[i]._replace(**changes)
    return replace(record, log=tuple(lines))


def test_four_periods_worked_by_hand() -> None:
    """On hand 1 in the first period, one customer waiting in the other three, 2 + 4 + 4 + 4 unit-periods on the way, four orders
    of 2 units."""
    plan, record = stage(STORE, horizon=4)
    assert recount(record, plan).cost == pytest.approx((1 * 1 + 3 * 10 + 14 * 1 + 4 * 7 + 8 * 0.5) / 4, rel=1e-12)


@pytest.mark.parametrize(("unmet", "price"), [("lost", 4), ("emergency", 6)])
def test_what_left_neither_shelf_nor_queue_was_lost_or_supplied_in_emergency(unmet: str, price: int) -> None:
    """t 0: 2 of 3 sold, 2 ordered; t 1: 1 sold, 1 not, 1 ordered; t 2: 2 came and are sold; t 3: 1 came, 1 sold, 1 not."""
    plan, record = stage(STORE.replace("unmet: backorder", f"unmet: {unmet}"), horizon=4)
    on_the_way = 2 + (2 + 1) + (1 + 2) + (2 + 1)
    expected = 1 * 1 + on_the_way * 1 + 4 * 7 + (2 + 1 + 2 + 1) * 0.5 + 2 * price
    assert recount(record, plan).cost == pytest.approx(expected / 4, rel=1e-12)


@pytest.mark.parametrize(
    "change",
    [("ship", "quantity", 3.0), ("demand", "on_hand", 1.0), ("demand", "backorders", 2.0), ("order", "kind", 7)],
)
def test_a_changed_line_is_found(change: tuple[str, str, float]) -> None:
    plan, record = stage(STORE, horizon=4)
    assert cost_difference(record, plan) <= LIMIT
    kind, field, value = change
    with pytest.raises(ConservationError, match="the event log tells a total cost of"):
        cost_difference(with_line(record, kind, **{field: value}), plan)


@pytest.mark.parametrize("name", ["beer_game", "gift_wholesaler", "health_programme", "serial_textbook"])
def test_shipped_scenarios_are_recounted(name: str) -> None:
    plan, record = logged(name)
    assert cost_difference(record, plan) <= LIMIT


def test_a_plant_with_machines_is_not_recounted() -> None:
    plan, record = logged("grocer")
    assert recount(record, plan).cost is None
    assert "production" in untold(plan)
    assert inspect(plan, 20, "simpy").reason == untold(plan)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_random_networks_are_recounted_or_say_why_not(document: Document) -> None:
    plan, record = run_network(document)
    if untold(plan):
        assert recount(record, plan).cost is None
    else:
        assert cost_difference(record, plan) <= LIMIT


@settings(max_examples=30, deadline=None)
@given(networks(fractions=True))
def test_divisible_products_are_recounted_or_say_why_not(document: Document) -> None:
    plan, record = run_network(document)
    if not untold(plan):
        assert cost_difference(record, plan) <= LIMIT


def test_mixed_customers_are_not_guessed() -> None:
    one = "{name: a, site: store, product: p, quantity: 2, unmet: lost}"
    other = "{name: b, site: store, product: p, quantity: 1, unmet: emergency}"
    two = f"[{one}, {other}]"
    plan, record = stage(STORE.replace("[{site: store, product: p, quantity: 2, unmet: backorder}]", two), horizon=4)
    assert "some customers" in recount(record, plan).reason


def test_without_a_log_nothing_is_recounted() -> None:
    plan, record = stage(STORE, horizon=4)
    with pytest.raises(ValueError, match="event log"):
        recount(replace(record, log=None), plan)


def test_long_and_few_replications_are_left_alone() -> None:
    plan, _ = stage(STORE, horizon=4)
    assert inspect(plan, 4, "simpy") == inspection.Inspection(
        None, "fewer than 5 replications", "ran on the simpy engine", None, "fewer than 5 replications"
    )
    long = replace(plan, expected_events=200_001.0)
    assert "200,000" in inspect(long, 20, "compiled").reason
    assert "200,000" in inspect(long, 20, "compiled").parity


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_run_tells_cost_and_parity(engine: str) -> None:
    if engine == "compiled":
        pytest.importorskip("numba")
    scenario = load(SCENARIOS / "beer_game.yaml")
    results = run(scenario, replications=5, engine=engine)
    rows = results.audit[results.audit["check"] == "cost_from_event_log"]
    assert list(rows["policy"]) == [a.name for a in scenario.alternatives]
    assert (rows["value"].astype(float) <= LIMIT).all()
    assert rows["passed"].all()
    expected = IDENTICAL if engine == "compiled" else "ran on the simpy engine"
    assert set(results.manifest["parity"].values()) == {expected}
    json.dumps(results.manifest["parity"])


def test_engines_that_part_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _ = stage(STORE, horizon=4)

    def parting(plan: Plan, replication: int, *, engine: str, log: bool = False) -> Record:
        record = simulate(plan, replication, engine="simpy", log=log)
        return with_line(record, "order", quantity=3.0) if engine == "compiled" else record

    monkeypatch.setattr(inspection, "simulate", parting)
    with pytest.raises(ConservationError, match=r"differ\n  the event logs part at line"):
        inspect(plan, 20, "compiled")


def test_engines_that_part_only_without_a_log_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run keeps no log, and without one customers run ahead and parts follow one another."""
    plan, _ = stage(STORE, horizon=4)

    def parting(plan: Plan, replication: int, *, engine: str, log: bool = False) -> Record:
        record = simulate(plan, replication, engine="simpy", log=log)
        if engine == "compiled" and not log:
            record.waiting[0] += 1.0
        return record

    monkeypatch.setattr(inspection, "simulate", parting)
    with pytest.raises(ConservationError, match=r"differ\n  waiting of store / p"):
        inspect(plan, 20, "compiled")
