"""The trace: every kind of line has its sentence, and every row of the table adds up, worked by hand and in every feature."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.errors import ConservationError, UsageError
from chainsim.plan.plan import Plan
from chainsim.record.follow import Followed, follow, untraced
from chainsim.record.record import EVENT_KINDS, SERIES, Record
from chainsim.record.sentences import SENTENCES
from tests.engines.cases import plan_of
from tests.engines.features import FEATURES
from tests.semantics.stage import point, stage

ONE_STORE = """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 2}]
stock: [{site: store, initial: {on_hand: 3}}]
demand: [{site: store, product: p, quantity: 2, unmet: UNMET}]
policies: {only: {type: base_stock, order_up_to_level: 3, review_interval: 1}}
"""
SHOWN = ("opening", "received", "demand", "sold", "lost", "owed", "closing", "ordered", "on_order", "position")
EVERY_FEATURE = sorted(FEATURES)


def followed(plan: Plan, record: Record, p: int, every: float = 1.0) -> Followed:
    return follow(record, plan, p, plan.clock.end, int(every * plan.clock.ticks_per_unit))


def test_a_new_kind_of_line_needs_a_sentence() -> None:
    assert tuple(SENTENCES) == EVENT_KINDS


def test_customers_who_wait_worked_by_hand() -> None:
    """Two units a period, three on hand, two periods of lead time, order up to three."""
    plan, record = stage(ONE_STORE.replace("UNMET", "backorder"), horizon=3)
    found = followed(plan, record, point(plan, "store"))
    assert [tuple(getattr(row, name) for name in SHOWN) for row in found.periods] == [
        # opening received demand sold lost owed closing ordered on_order position
        (3, 0, 2, 2, 0, 0, 1, 2, 2, 3),
        (1, 0, 2, 1, 0, 1, 0, 2, 4, 3),
        (0, 2, 2, 2, 0, 1, 0, 2, 4, 3),
    ]
    assert [told.words for told in found.told if told.time == 2.0] == [
        "store receives 2 from supplier; 2 on hand",
        "customer 2, who waited, gets 1 at store; 1 on hand, 0 owed",
        "a customer of store wants 2: takes 1 and waits for 1 as customer 4; 0 on hand",
        "store orders 2: its position goes from 1 to 3",
        "order 5 of store for 2 reaches supplier and can be shipped at once",
        "supplier ships 2 to store for order 5; 0 on hand",
    ]


def test_customers_who_are_lost_worked_by_hand() -> None:
    plan, record = stage(ONE_STORE.replace("UNMET", "lost"), horizon=3)
    rows = followed(plan, record, point(plan, "store")).periods
    assert [(row.sold, row.lost, row.owed, row.closing) for row in rows] == [(2, 0, 0, 1), (1, 1, 0, 0), (2, 0, 0, 0)]


def test_who_waits_at_the_supplier_is_told_with_what_it_lacks() -> None:
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
        lanes: [{from: supplier, to: dc, lead_time: 2}, {from: dc, to: store, lead_time: 1}]
        stock: [{site: dc, initial: {on_hand: 1}}, {site: store, initial: {on_hand: 3}}]
        demand: [{site: store, product: p, quantity: 3}]
        policies: {only: {type: base_stock, order_up_to_level: 3, review_interval: 1}}
        """,
        horizon=2,
    )
    words = [told.words for told in followed(plan, record, point(plan, "store")).told]
    assert "order 1 of store for 3 reaches dc and waits there, 2 short" in words
    assert "dc ships 1 to store for order 1; 2 still to be handed over; 0 on hand" in words


@pytest.mark.parametrize("name", EVERY_FEATURE)
def test_the_table_says_what_the_books_say(name: str, tmp_path: Path) -> None:
    """In every feature: each row adds up (else follow raises), and closing, owed and the flows are those of the bucket series."""
    plan = plan_of(FEATURES[name], tmp_path)
    record = simulate(plan, 0, engine="simpy", log=True)
    edges = record.edges
    whole = edges[-2] - edges[0] == (len(edges) - 2) * plan.clock.bucket
    for p in range(len(plan.points)):
        if untraced(plan, p):
            continue
        rows = follow(record, plan, p, plan.clock.end, plan.clock.bucket).periods
        if not whole:
            continue  # buckets are aligned to the end of the warm-up, rows to the start
        for column, series in (
            ("closing", "on_hand"),
            ("owed", "backorders"),
            ("ordered", "ordered"),
            ("lost", "lost"),
        ):
            told = [getattr(row, column) for row in rows]
            np.testing.assert_allclose(
                told, record.series[SERIES.index(series), p], atol=1e-6, err_msg=f"{name} {series}"
            )


def test_some_feature_is_compared_and_the_table_can_fail(tmp_path: Path) -> None:
    plan, record = stage(ONE_STORE.replace("UNMET", "backorder"), horizon=3)
    p = point(plan, "store")
    assert len(followed(plan, record, p).periods) == len(record.edges) - 1
    lines = list(record.log or ())
    receipt = next(i for i, line in enumerate(lines) if EVENT_KINDS[line.kind] == "ship")
    lines[receipt] = lines[receipt]._replace(point=p, quantity=1.0)
    with pytest.raises(ConservationError, match="does not add up"):
        followed(plan, replace(record, log=tuple(lines)), p)


def test_both_engines_give_the_same_trace(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    plan = plan_of(FEATURES["allocation priority partial"], tmp_path)
    traces = [
        [
            followed(plan, simulate(plan, 0, engine=engine, log=True), p)
            for p in range(len(plan.points))
            if not untraced(plan, p)
        ]
        for engine in ("simpy", "compiled")
    ]
    assert traces[0] == traces[1]


def test_what_has_no_events_is_refused_in_words() -> None:
    plan, record = stage(ONE_STORE.replace("UNMET", "backorder"), horizon=3)
    with pytest.raises(UsageError, match="'supplier' has unlimited stock"):
        followed(plan, record, point(plan, "supplier"))
    plan, record = stage(
        ONE_STORE.replace("quantity: 2, unmet: UNMET", "type: flow, rate: 2")
        .replace(
            "{type: base_stock, order_up_to_level: 3, review_interval: 1}",
            "{type: s_Q, reorder_point: 4, order_quantity: 6}",
        )
        .replace("p: {}", "p: {divisible: true}"),
        horizon=3,
    )
    with pytest.raises(UsageError, match="flow at 'store' without events"):
        followed(plan, record, point(plan, "store"))
