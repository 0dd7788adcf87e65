"""`first_difference` sees every number of a Record and tells in plain words; `fingerprint` stands for all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainsim.engines.parity import Difference, fingerprint, first_difference
from chainsim.engines.simpy_engine import simulate
from chainsim.plan.plan import Plan
from chainsim.record.record import EVENT_KINDS, SERIES, Record

from .cases import plan_of
from .features import FEATURES

TABLES = ("points", "lanes", "resources")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan_of(FEATURES["production machines"], tmp_path_factory.mktemp("plan"))


@pytest.fixture
def record(plan: Plan) -> Record:
    return simulate(plan, 0, log=True)


def told(plan: Plan, a: Record, b: Record) -> str:
    found = first_difference(a, b, plan)
    assert found is not None
    assert fingerprint(a) != fingerprint(b)
    return str(found)


def test_the_same_replication_twice_has_no_difference(plan: Plan, record: Record) -> None:
    again = simulate(plan, 0, log=True)
    assert first_difference(record, again, plan) is None
    assert fingerprint(record) == fingerprint(again)
    assert first_difference(record, replace(again, events=again.events + 1), plan) is None


def test_another_replication_differs(plan: Plan, record: Record) -> None:
    assert "the event logs part at line " in told(plan, record, simulate(plan, 1, log=True))


def nudged(values: Any) -> None:
    """The smallest change: the last bit of the last number. Done twice it is undone."""
    bits = values.reshape(-1)[-1:].view("u8")
    bits ^= np.uint64(1)


@pytest.mark.parametrize("when", ["opening", "closing"])
def test_the_last_bit_of_every_total_counts(plan: Plan, record: Record, when: str) -> None:
    other = simulate(plan, 0, log=True)
    for table in TABLES:
        for column in getattr(record, when)[table].dtype.names:
            nudged(getattr(other, when)[table][column])
            assert told(plan, record, other).startswith(f"{when} {table}.{column} of ")
            nudged(getattr(other, when)[table][column])
    assert first_difference(record, other, plan) is None


def test_the_last_bit_of_what_waits_for_components_counts(tmp_path: Path) -> None:
    plan = plan_of(FEATURES["bills of materials"], tmp_path)
    record, other = (simulate(plan, 0, log=True) for _ in range(2))
    for column in record.closing["assemblies"].dtype.names or ():
        nudged(other.closing["assemblies"][column])
        assert told(plan, record, other).startswith(f"closing assemblies.{column} of ")
        nudged(other.closing["assemblies"][column])


@pytest.mark.parametrize("name", ["edges", "waiting", "waiting_time"])
def test_the_last_bit_of_every_wait_and_edge_counts(plan: Plan, record: Record, name: str) -> None:
    other = simulate(plan, 0, log=True)
    nudged(getattr(other, name))
    assert told(plan, record, other).startswith("edge " if name == "edges" else f"{name} of ")


@pytest.mark.parametrize("k", range(len(SERIES)), ids=SERIES)
def test_the_last_bit_of_every_series_counts(plan: Plan, record: Record, k: int) -> None:
    other = simulate(plan, 0, log=True)
    nudged(other.series[k])
    assert told(plan, record, other).startswith(f"series {SERIES[k]} of supplier / q, day 26 to day 30: ")


def test_it_names_place_and_both_values(plan: Plan, record: Record) -> None:
    other = simulate(plan, 0, log=True)
    p = next(i for i in range(len(plan.points)) if plan.layout.sites[plan.layout.site[i]] == "dc")
    other.closing["points"]["on_hand_time"][p] += 1.0
    was = float(record.closing["points"]["on_hand_time"][p])
    assert told(plan, record, other) == f"closing points.on_hand_time of dc / p: {was!r} vs {was + 1.0!r}"
    other.opening["lanes"]["orders"][:] += 1
    assert told(plan, record, other).endswith("(the first of 2 columns that differ)")


def test_minus_zero_is_not_zero(plan: Plan, record: Record) -> None:
    other = simulate(plan, 0, log=True)
    record.waiting[0], other.waiting[0] = 0.0, -0.0
    assert told(plan, record, other).endswith(": 0.0 vs -0.0")


@pytest.mark.parametrize(
    "field", ["tick", "phase", "kind", "point", "lane", "quantity", "on_hand", "on_order", "backorders"]
)
def test_every_field_of_an_event_counts(plan: Plan, record: Record, field: str) -> None:
    assert record.log is not None
    i = len(record.log) // 2
    line = record.log[i]._replace(**{field: getattr(record.log[i], field) + 1})
    other = replace(record, log=(*record.log[:i], line, *record.log[i + 1 :]))
    length = f"{len(record.log):,}"
    text = told(plan, record, other)
    assert text.startswith(
        f"the event logs part at line {i + 1} (of {length} and {length}), by {field.replace('_', ' ')}:\n"
    )
    assert len(text.splitlines()) == 1 + 3 + 2 * (1 + 1 + 3)


def test_a_line_is_told_in_plain_words(plan: Plan, record: Record) -> None:
    assert record.log is not None
    i, line = next((i, x) for i, x in enumerate(record.log) if EVENT_KINDS[x.kind] == "receive" and i > 5)
    other = replace(record, log=(*record.log[:i], line._replace(quantity=99.0), *record.log[i + 1 :]))
    text = told(plan, record, other)
    time = line.tick / plan.clock.ticks_per_unit
    place = (
        f"{plan.layout.sites[plan.layout.site[line.point]]} / {plan.layout.products[plan.layout.product[line.point]]}"
    )
    assert f">   day {time:.15g}, receive: receive 99.0 at {place} (lane " in text
    state = f"then on hand {line.on_hand!r}, on order {line.on_order!r}, backorders {line.backorders!r}"
    assert text.count(state) >= 2


@pytest.mark.parametrize("neighbours", [0, 2])
def test_a_log_that_ends_early_differs_where_it_ends(plan: Plan, record: Record, neighbours: int) -> None:
    assert record.log is not None
    short = replace(record, log=record.log[:-1])
    found = first_difference(record, short, plan, neighbours)
    assert isinstance(found, Difference)
    assert str(found).startswith(f"the event logs part at line {len(record.log)} (of ")
    assert str(found).endswith("(the log ends here)")
    assert len(found.lines) == neighbours + 2 + 2


def test_a_record_without_a_log_is_compared_by_its_totals(plan: Plan, record: Record) -> None:
    bare = replace(record, log=None)
    assert first_difference(bare, simulate(plan, 0), plan) is None
    assert told(plan, record, bare) == "only the first record has an event log"
    assert told(plan, bare, record) == "only the second record has an event log"
    assert first_difference(replace(record, log=()), replace(record, log=()), plan) is None


def test_tables_of_another_shape_or_type_differ(plan: Plan, record: Record) -> None:
    fewer = replace(record, waiting=record.waiting[:-1])
    assert "of shape" in told(plan, record, fewer)
    single = replace(record, waiting=record.waiting.astype("f4"))
    assert "float64 of shape" in told(plan, record, single)
    without = replace(record, closing={k: v for k, v in record.closing.items() if k != "lanes"})
    assert "only the first record has closing lanes." in told(plan, record, without)
