"""Records that lie, worked by hand (docs/semantics.md, "Records")."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from chainsim.errors import ScenarioError
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.follow import follow
from chainsim.record.record import Record
from chainsim.record.recount import recount
from tests.engines.random_networks import rich_networks
from tests.properties.networks import Document, run

from .stage import demand_rows, log_of, point, series, stage, total
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 1}]
stock: [{site: shop, RECORDS, initial: {on_hand: 10}}]
demand: [{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero, unmet: lost}]
policies: {only: {POLICY}}
"""
DAILY = "type: R_S, review_interval: 1, order_up_to_level: 10"
LOSS = "loss: {time_between: 3, units: 4}"
DEMAND = [2.0, 2.0, 2.0, 2.0, 2.0, 9.0, 0.0, 1.0]


def shop(tmp_path: Path, records: str, policy: str = DAILY, demand: list[float] = DEMAND) -> tuple[Plan, Record]:
    demand_rows(tmp_path, demand)
    plan, record = stage(SHOP.replace("RECORDS", records).replace("POLICY", policy), horizon=9, folder=tmp_path)
    assert violations(record, plan) == []
    return plan, record


def told(plan: Plan, record: Record, *kinds: str) -> list[tuple[float, float]]:
    """(period, quantity) of the lines of these kinds at the shop."""
    return [
        (line.tick / plan.clock.ticks_per_unit, line.quantity)
        for line in log_of(record, *kinds)
        if line.point == point(plan, "shop")
    ]


def test_the_planner_reads_the_books_and_the_customer_meets_the_shelf(tmp_path: Path) -> None:
    """At 3, 4 of 8 are lost: the shelf stands 4 below the books until the count at 7, and orders go on as if nothing had been.
    The customer of 5 wants 9 and finds 6 where the books have 10: 3 units short, all of them phantom. The loss at 6 finds an
    empty shelf and takes nothing. The count comes before that instant's demand: books fall from 10 to 6, and the review
    orders 5 instead of 1."""
    plan, record = shop(tmp_path, f"{LOSS}, count: {{every: 7, cost: 5}}")
    assert series(plan, record, "on_hand", "shop") == [8, 8, 8, 4, 4, 0, 6, 5, 10]
    assert series(plan, record, "ordered", "shop") == [2, 2, 2, 2, 2, 6, 0, 5, 0]
    assert series(plan, record, "lost", "shop") == [0, 0, 0, 0, 0, 3, 0, 0, 0]
    assert told(plan, record, "shrink") == [(3, 4.0)]
    assert told(plan, record, "count") == [(7, -4.0)]
    columns = ("shrunk", "missing", "found", "counts", "counts_right", "phantom", "phantom_lines")
    assert [total(plan, record, name, "shop") for name in columns] == [4, 4, 0, 1, 0, 3, 1]
    assert total(plan, record, "unseen_time", "shop") == 16 * plan.clock.ticks_per_unit


def test_measures_and_costs_of_that_shop(tmp_path: Path) -> None:
    """Of 20 demanded 3 met phantom stock; the books were 4 off for 4 of 9 periods. A year of abstract periods is one period:
    4 lost units of 10 and a count of 5 in 9 of them."""
    plan, record = shop(tmp_path, f"{LOSS}, count: {{every: 7, cost: 5}}")
    assert kpi(plan, record, "phantom_rate") == pytest.approx(3 / 20)
    assert kpi(plan, record, "record_error_mean") == pytest.approx(16 / 9)
    assert kpi(plan, record, "record_accuracy") == 0.0
    assert kpi(plan, record, "shrinkage_rate") == pytest.approx(4 / 21)
    year = plan.clock.units_per_year / 9
    assert kpi(plan, record, "shrinkage_cost") == pytest.approx(40 * year)
    assert kpi(plan, record, "count_cost") == pytest.approx(5 * year)
    assert kpi(plan, record, "adjustments_value") == pytest.approx(40 * year)
    assert kpi(plan, record, "phantom_stockouts_per_year") == pytest.approx(year)
    assert recount(record, plan).cost == pytest.approx(kpi(plan, record, "total_cost"))


def test_a_shelf_found_empty_is_counted_at_once(tmp_path: Path) -> None:
    """The customer of 5 leaves an empty shelf that the books call 4: counted then, 10 are ordered at that instant's review, and
    the count at 7 finds the books right."""
    plan, record = shop(tmp_path, f"{LOSS}, count: {{every: 7, when_empty: true, cost: 5}}")
    assert told(plan, record, "count") == [(5, -4.0), (7, 0.0)]
    assert series(plan, record, "ordered", "shop")[4:] == [2, 10, 0, 1, 0]
    assert [total(plan, record, name, "shop") for name in ("counts", "counts_right")] == [2, 1]


def test_stock_that_is_there_on_paper_only_freezes_the_order(tmp_path: Path) -> None:
    """(3, 10) on watch. At 2, 6 of 7 are lost; the books stand above 3 whatever customers ask for, so nothing is ordered
    until the count at 6 finds none."""
    policy = "type: s_Q, reorder_point: 3, order_quantity: 10"
    loss = "loss: {time_between: 2, units: {dist: discrete, values: [6], probabilities: [1]}}"
    demand = [3.0, 0.0, 1.0, 2.0, 2.0]
    plan, record = shop(tmp_path, f"{loss}, count: {{every: 6}}", policy, demand)
    assert told(plan, record, "order") == [(6, 10.0)]
    assert series(plan, record, "on_hand", "shop")[:7] == [7, 7, 0, 0, 0, 0, 0]
    assert total(plan, record, "lost", "shop") == 4.0


def test_a_receipt_booked_wrongly_moves_the_books_alone(tmp_path: Path) -> None:
    """Every receipt is booked 1 unit off: what was misbooked is what the books are off, and the next order makes up for it."""
    plan, record = shop(tmp_path, "misbooking: {share: 100%, units: 1}")
    off = [quantity for _, quantity in told(plan, record, "misbook")]
    assert {abs(q) for q in off} == {1.0}
    assert len(off) == total(plan, record, "cycles", "shop")
    assert record.closing["points"]["unseen"][point(plan, "shop")] == sum(off)
    ordered = series(plan, record, "ordered", "shop")
    assert ordered[1] == 2.0 - off[0]


def test_within_the_tolerance_a_record_is_right(tmp_path: Path) -> None:
    """4 missing of 6 counted: within 70 %, not within 60 %. The count puts the books right either way."""
    for tolerance, right in (("70%", 1), ("60%", 0)):
        plan, record = shop(tmp_path, f"{LOSS}, count: {{every: 7, tolerance: {tolerance}}}")
        assert total(plan, record, "counts_right", "shop") == right
        assert record.closing["points"]["unseen"][point(plan, "shop")] == 0.0


def test_a_count_may_be_wrong_itself(tmp_path: Path) -> None:
    """Every count is 2 units off: so are the books from then on."""
    plan, record = shop(tmp_path, "count: {every: 2, first: 1, miscount: {share: 1, units: 2}}")
    assert total(plan, record, "counts", "shop") == 4
    assert abs(record.closing["points"]["unseen"][point(plan, "shop")]) == 2.0


def test_goods_that_do_not_last_are_lost_from_the_oldest(tmp_path: Path) -> None:
    """10 from the start, lifetime 4, no orders: 4 are lost at 3, what is left is thrown away at 4, and the books keep 4."""
    plan, record = shop(tmp_path, f"lifetime: 4, {LOSS}", "type: s_Q, reorder_point: -100, order_quantity: 1", [0.0])
    assert [total(plan, record, name, "shop") for name in ("shrunk", "outdated")] == [4, 6]
    assert record.closing["points"]["unseen"][point(plan, "shop")] == 4.0


def test_the_trace_of_a_shop_adds_up(tmp_path: Path) -> None:
    plan, record = shop(tmp_path, f"{LOSS}, count: {{every: 7}}")
    found = follow(record, plan, point(plan, "shop"), every=plan.clock.ticks_per_unit, until=plan.clock.end)
    assert [row.shrunk for row in found.periods] == [0, 0, 0, 4, 0, 0, 0, 0, 0]
    assert [row.books for row in found.periods] == [0, 0, 0, 4, 4, 4, 4, 0, 0]
    words = " / ".join(line.words for line in found.told)
    assert "4 are lost unseen at shop" in words
    assert "the books fall by 4" in words
    assert "orders 6: its position goes from 4 to 10" in words


@pytest.mark.parametrize(
    "records", [f"{LOSS}, count: {{every: 7, when_empty: true}}", "misbooking: {share: 50%, units: 1}"]
)
def test_both_engines_walk_the_same_path(records: str, tmp_path: Path) -> None:
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    from tests.engines.pair import check

    plan, _ = shop(tmp_path, records)
    check(plan)


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ("count: {cost: 1}", "a count is made `every` so often, or `when_empty`"),
        ("count: {when_empty: true, first: 2}", "`first` goes with counts by the calendar"),
        ("loss: {time_between: 0.0000001}", "makes more than"),
        ("misbooking: {share: 120%}", "share"),
    ],
)
def test_what_is_refused(records: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=said):
        shop(tmp_path, records)


def test_a_flow_has_no_books_of_its_own() -> None:
    text = """
    products: {p: {}}
    sites: {supplier: {kind: supplier}, shop: {kind: store}}
    lanes: [{from: supplier, to: shop, lead_time: 1}]
    stock: [{site: shop, loss: {time_between: 3}}]
    demand: [{site: shop, product: p, type: flow, rate: 2}]
    policies: {only: {type: s_Q, reorder_point: 3, order_quantity: 10}}
    """
    with pytest.raises(ScenarioError, match="its books may differ from its shelf"):
        stage(text)


def test_a_derived_level_says_that_it_does_not_know() -> None:
    text = """
    products: {p: {unit_cost: 1}}
    sites: {supplier: {kind: supplier}, shop: {kind: store}}
    lanes: [{from: supplier, to: shop, lead_time: 1}]
    stock: [{site: shop, loss: {time_between: 3}}]
    demand: [{site: shop, product: p, quantity: {dist: poisson, mean: 4}}]
    policies: {only: {type: R_S, review_interval: 1, service_level: 0.95}}
    """
    plan, _ = stage(text)
    assert "records that differ from the shelf" in plan.promises["shop", "p"].unknown


def test_a_count_at_a_store_is_seen_by_who_watches_its_echelon(tmp_path: Path) -> None:
    """The DC keeps its echelon, DC and store, at 20. One is sold, at 2, and replaced. The 4 that the store loses at 3 and again at 6
    are ordered, by store and DC alike, after the count at 7 and not before."""
    text = """
    products: {p: {unit_cost: 10}}
    sites: {supplier: {kind: supplier}, dc: {kind: dc}, shop: {kind: store}}
    lanes: [{from: supplier, to: dc, lead_time: 1}, {from: dc, to: shop, lead_time: 1}]
    stock:
      - {site: dc, initial: {on_hand: 12}}
      - {site: shop, initial: {on_hand: 8}, loss: {time_between: 3, units: 4}, count: {every: 7}}
    demand: [{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero, unmet: lost}]
    policies:
      only:
        type: base_stock
        watch: echelon
        order_up_to_level: 20
        rules: [{site: shop, type: base_stock, order_up_to_level: 8}]
    """
    demand_rows(tmp_path, [0.0, 0.0, 1.0])
    plan, record = stage(text, horizon=9, folder=tmp_path)
    assert violations(record, plan) == []
    assert told(plan, record, "shrink") == [(3, 4.0), (6, 4.0)]
    assert told(plan, record, "order") == [(2, 1.0), (7, 8.0)]
    assert series(plan, record, "ordered", "dc") == [0, 0, 1, 0, 0, 0, 0, 8, 0]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rich_networks())
def test_units_and_books_balance_in_random_networks(document: Document) -> None:
    plan, record = run(document)
    assert violations(record, plan) == []
    off = record.closing["points"]["unseen"][plan.points["ledger"] < 0]
    assert not off.any()
