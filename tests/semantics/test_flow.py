"""Demand and production that flow, against cases worked by hand and the textbook's deterministic formulas."""

from __future__ import annotations

from typing import Any

import pytest

from chainsim.errors import ScenarioError
from chainsim.kpis.measure import measure
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit
from chainsim.record.record import Record
from chainsim.theory.eoq import economic_order_quantity, economic_production_quantity, eoq_with_backorders, lot_cost

from .stage import log_of, series, stage, total

TICKS = 1e9
S_Q = "type: s_Q, reorder_point: {}, order_quantity: {}"
EXACT = 1e-8
"""Relative: a bend falls between two ticks of a 10⁻⁹ of a period, and a cycle lasts a few tenths."""

STORE = """
products: {p: {divisible: true, unit_cost: 1}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: LEAD, order_cost: ORDER_COST}]
stock: [{site: store, initial: {on_hand: START}}]
demand: [{site: store, product: p, type: flow, rate: RATE, unmet: UNMET}]
costs: {holding_cost: HOLDING, backorder: WAITING, lost_sale: 5}
policies: {only: {POLICY}}
"""


def store(policy: str, **words: Any) -> str:
    words = {"lead": 0, "order_cost": 1, "start": 0, "unmet": "backorder", "holding": 1, "waiting": 0} | words
    text = STORE.replace("POLICY", policy)
    for word, value in words.items():
        text = text.replace(word.upper(), str(value))
    return text


def run(body: str, horizon: float, *, warm_up: float = 0) -> tuple[Plan, Record]:
    plan, record = stage(body.replace("WARM_UP", str(warm_up)), horizon=horizon)
    audit(record, plan)
    return plan, record


def kpi(plan: Plan, record: Record, name: str) -> float:
    """A measure of the whole network; a year is a period here."""
    measured = measure(record, plan)
    return float(measured.values[0, measured.ids.index(name)])


def mean(plan: Plan, record: Record, name: str, site: str = "store") -> float:
    """A time average in units."""
    return total(plan, record, name, site) / plan.clock.end


def test_eoq() -> None:
    """P-EOQ-1: Snyder & Shen (2019), Example 3.1, over eight cycles from an empty shelf."""
    q = economic_order_quantity(8, 1300, 0.225)
    body = store("type: eoq", rate=1300, order_cost=8, holding=0.225)
    plan, record = run(body, horizon=8 * q / 1300)
    assert kpi(plan, record, "total_cost") == pytest.approx(68.4105255059, rel=EXACT)
    assert mean(plan, record, "on_hand_time") == pytest.approx(152.023390013, rel=EXACT)
    assert kpi(plan, record, "orders_per_year") == pytest.approx(4.27565784412, rel=EXACT)
    assert kpi(plan, record, "turns") == pytest.approx(8.55131568824, rel=EXACT)
    for name in ("fill_rate", "cycle_service_level", "period_service_level", "ready_rate"):
        assert kpi(plan, record, name) == 1.0


def test_eoq_off_the_optimum() -> None:
    """P-EOQ-2: whole ticks, so exact: 146 units last 0.4."""
    plan, record = run(store(S_Q.format(0, 146), rate=365, order_cost=50, holding=2), horizon=4)
    assert [line.tick for line in log_of(record, "receive")] == [400_000_000 * k for k in range(10)]
    assert total(plan, record, "on_hand_time", "store") == 73.0 * 4e9
    assert kpi(plan, record, "total_cost") == 271.0 == lot_cost(146, 50, 365, 2)
    # after 1 period 95 of the 292 units received twice over are left: 3 × 146 − 365 = 73, then 0 (next receipt due), …
    assert series(plan, record, "on_hand", "store") == [73.0, 0.0, 73.0, 0.0]
    assert series(plan, record, "demanded", "store") == [365.0] * 4


def test_eoq_with_unit_demand_is_not_a_flow() -> None:
    """P-EOQ-3: one unit at each whole time. Replenished at the epoch that empties the shelf, mean stock is (Q + 1)/2, …"""
    unit = store("type: s_Q, reorder_point: 0, order_quantity: 20", order_cost=100, start=20)
    unit = unit.replace("type: flow, rate: RATE", "quantity: 1").replace("divisible: true", "divisible: false")
    plan, record = run(unit, horizon=200)
    assert mean(plan, record, "on_hand_time") == 10.5
    assert kpi(plan, record, "orders_per_year") == 0.05
    assert kpi(plan, record, "total_cost") == 15.5
    # … and (Q − 1)/2 when goods come a period later, just before the next demand
    plan, record = run(unit.replace("lead_time: 0", "lead_time: 1"), horizon=200)
    assert mean(plan, record, "on_hand_time") == 9.5


def test_eoq_with_planned_backorders() -> None:
    """P-EOQB-1: Snyder & Shen (2019), Example 3.8, ten cycles from an empty shelf."""
    best = eoq_with_backorders(8, 1300, 0.225, 5)
    policy = S_Q.format(-best.most_backorders, best.quantity)
    body = store(policy, rate=1300, order_cost=8, holding=0.225, waiting=5)
    plan, record = run(body, horizon=10 * best.quantity / 1300)
    assert kpi(plan, record, "total_cost") == pytest.approx(66.921363551, rel=EXACT)
    assert mean(plan, record, "on_hand_time") == pytest.approx(142.31018299, rel=EXACT)
    assert mean(plan, record, "backorder_time") == pytest.approx(0.288178120554, rel=1e-7)  # ordered up to a tick late
    assert kpi(plan, record, "fill_rate") == pytest.approx(0.956937799043, rel=EXACT)
    assert kpi(plan, record, "ready_rate") == pytest.approx(0.956937799043, rel=EXACT)
    assert max(line.on_hand for line in log_of(record, "backfill")) == pytest.approx(best.most_stock, rel=EXACT)


EPQ = """
products: {p: {divisible: true}}
sites: {store: {kind: plant, production: {rate: 110, lead_time: 0, order_cost: 4}}}
stock: [{site: store, initial: {on_hand: 0}}]
demand: [{site: store, product: p, type: flow, rate: 80}]
costs: {holding_cost: 0.08}
policies: {only: {type: s_Q, reorder_point: 0, order_quantity: LOT}}
"""


def test_epq() -> None:
    """P-EPQ-1: Snyder & Shen (2019), Problem 3.22: production at a finite rate, seven cycles."""
    best = economic_production_quantity(4, 80, 0.08, 110)
    plan, record = run(EPQ.replace("LOT", str(best.quantity)), horizon=7 * best.quantity / 80)
    assert kpi(plan, record, "total_cost") == pytest.approx(3.73679493198, rel=EXACT)
    assert mean(plan, record, "on_hand_time") == pytest.approx(23.3549683248, rel=EXACT)
    assert kpi(plan, record, "utilisation") == pytest.approx(0.727272727273, rel=EXACT)
    receipts = log_of(record, "receive")  # the last units of each lot
    assert [line.on_hand for line in receipts] == pytest.approx([46.7099366497] * 7, rel=EXACT)
    assert receipts[-1].tick - receipts[-2].tick == pytest.approx(2.14087209644 * TICKS, abs=2)
    assert kpi(plan, record, "fill_rate") == 1.0


def test_the_lot_of_a_finite_rate_is_derived() -> None:
    """`eoq` takes the rate of production into account: Q = √(2KD / (h(1 − D/P)))."""
    body = EPQ.replace("type: s_Q, reorder_point: 0, order_quantity: LOT", "type: eoq")
    plan, record = run(body, horizon=4)
    assert log_of(record, "order")[0].quantity == pytest.approx(171.269767716, abs=1e-8)
    (lot,) = (derived for derived in plan.derived[("store", "p")] if derived.name == "order_quantity")
    assert lot.inputs["P"] == 110
    assert "1 − D/P" in lot.formula


def test_production_slower_than_demand_works_off_nothing() -> None:
    """A lot of 100 at 10 per period against a demand of 20: half is filled as it is made, half is lost."""
    slow = EPQ.replace("rate: 110", "rate: 10").replace("rate: 80", "rate: 20, unmet: lost").replace("LOT", "100")
    plan, record = run(slow, horizon=10)
    assert (total(plan, record, "filled", "store"), total(plan, record, "lost", "store")) == (100.0, 100.0)
    assert total(plan, record, "on_hand_time", "store") == 0.0
    waiting = slow.replace(", unmet: lost", "")
    plan, record = run(waiting, horizon=10)
    assert total(plan, record, "backfilled", "store") == 100.0
    assert total(plan, record, "backorder_time", "store") == 0.5 * 100 * 10 * TICKS


def test_a_backlog_is_worked_off_by_production() -> None:
    """s = −10, demand 10, production 30: the backlog of 10 at time 1 falls by 20 a period and is gone at 1.5; the lot of
    40 ends at 1 + 4/3 with 40 − 10 − 40/3 = 50/3 on hand, and lasts until 4."""
    body = EPQ.replace("rate: 110", "rate: 30").replace("rate: 80", "rate: 10").replace("point: 0", "point: -10")
    plan, record = run(body.replace("LOT", "40"), horizon=5)
    assert log_of(record, "receive")[0].on_hand == pytest.approx(50 / 3, rel=EXACT)
    assert [line.tick for line in log_of(record, "order")] == [TICKS]
    assert series(plan, record, "backorders", "store") == pytest.approx([10, 0, 0, 0, 10], abs=1e-6)
    assert series(plan, record, "on_hand", "store") == pytest.approx([0, 10, 10, 0, 0], abs=1e-6)
    # waiting: a triangle of 1.5 × 10 / 2, and another of 1 × 10 / 2 at the end; stock: from 1.5 up to 50/3 at 7/3, down to 4
    assert mean(plan, record, "backorder_time") * 5 == pytest.approx(12.5, rel=EXACT)
    assert mean(plan, record, "on_hand_time") * 5 == pytest.approx(2.5 * 50 / 3 / 2, rel=EXACT)
    # those served before 1.5 waited ∫ backlog = 7.5 between them: 15 units
    assert total(plan, record, "waited", "store") == pytest.approx(7.5 * TICKS, rel=EXACT)
    assert total(plan, record, "backfilled", "store") == pytest.approx(15, rel=1e-6)


def test_the_planner_wakes_at_the_tick_of_the_crossing() -> None:
    """s = 7 with demand 3: from 20 the position reaches 7 at 13/3; goods come 2 later, when 1 is left; next at + Q/3."""
    plan, record = run(store(S_Q.format(7, 12), rate=3, lead=2, start=20), horizon=12)
    ticks = [line.tick for line in log_of(record, "order")]
    assert ticks == [4_333_333_334, 8_333_333_334]  # the first tick at or after the crossing; nothing adds up
    assert [line.on_hand for line in log_of(record, "receive")] == pytest.approx([13.0, 13.0], abs=1e-8)
    assert total(plan, record, "cycles_failed", "store") == 0


def test_below_is_below() -> None:
    """`trigger: below` waits for the tick after 20 − 4 × 2.5 = 10."""
    policy = S_Q.format(10, 10) + ", trigger: below"
    _, record = run(store(policy, rate=4, lead=1, start=20), horizon=4)
    assert [line.tick for line in log_of(record, "order")] == [2_500_000_001]


def test_lost_demand_stops_the_position() -> None:
    """s = 0 and lead time 1, demand 10: stock of 5 is gone at 0.5, 10 units are lost, 20 come at 1.5 and last until 3.5."""
    plan, record = run(store(S_Q.format(0, 20), rate=10, lead=1, start=5, unmet="lost"), horizon=4)
    assert [line.tick for line in log_of(record, "order")] == [0.5e9, 3.5e9]
    assert series(plan, record, "lost", "store") == [5.0, 5.0, 0.0, 5.0]
    assert series(plan, record, "on_hand", "store") == [0.0, 15.0, 5.0, 0.0]
    assert total(plan, record, "filled", "store") == 25.0
    assert total(plan, record, "stocked_time", "store") == 2.5e9
    assert total(plan, record, "cycles_failed", "store") == 1


def test_an_outage_stops_serving_not_demand() -> None:
    """Down from 1 to 3: 20 units pile up and are served at 3; then the position is 50 − 10 t all along, and meets s at 4."""
    body = store(S_Q.format(10, 30), rate=10, lead=2, start=50) + OUTAGE
    plan, record = run(body, horizon=5)
    assert series(plan, record, "on_hand", "store") == [40.0, 40.0, 40.0, 10.0, 0.0]
    assert series(plan, record, "backorders", "store") == [0.0, 10.0, 20.0, 0.0, 0.0]
    assert [line.tick for line in log_of(record, "order")] == [4e9]
    assert total(plan, record, "backorder_time", "store") == 20e9
    assert total(plan, record, "waited", "store") == 20e9


OUTAGE = "disruptions: [{type: outage, site: store, start: 1, duration: 2}]\n"


def test_a_promise_is_kept_for_part_of_a_backlog() -> None:
    """20 units waited 0 to 2, evenly: a promise of 0.5 holds for a quarter of them. The last 5 units of 40 came so late that nobody
    knows of theirs."""
    body = store(S_Q.format(10, 30), rate=10, lead=2, start=50).replace("unmet", "promise: 0.5, unmet") + OUTAGE
    plan, record = run(body, horizon=4)
    assert total(plan, record, "on_time", "store") == pytest.approx(5.0)
    assert kpi(plan, record, "on_time_rate") == pytest.approx(20 / 35)


def test_a_backlog_from_the_warm_up_is_told_apart() -> None:
    """The window opens at 2 within the outage: 10 of the 20 units were demanded before it."""
    from chainsim.engines.base import simulate
    from chainsim.plan.compile import compile_plan
    from chainsim.scenario.load import load_text

    from .stage import HEAD

    head = HEAD.replace("warm_up: 0", "warm_up: 2").replace("HORIZON", "3").replace("REVIEW", "after_demand")
    scenario = load_text(head + store(S_Q.format(10, 30), rate=10, lead=2, start=50) + OUTAGE, "case.yaml")
    plan = compile_plan(scenario, "only")
    record = simulate(plan, 0)
    audit(record, plan)
    assert total(plan, record, "backfilled", "store") == 20.0
    assert total(plan, record, "backfilled_early", "store") == 10.0
    assert total(plan, record, "waited", "store") == 5e9  # 10 units waited 0.5 on average
    assert kpi(plan, record, "fill_rate") == pytest.approx(20 / 30)


def test_a_power_of_two_interval() -> None:
    """P-PO2-1: order T·D every T = 64 base periods: at most 6.07 % above the EOQ's cost."""
    interval = 64 / 52
    body = store(f"type: R_S, review_interval: {interval!r}, order_up_to_level: 64", rate=52, order_cost=100, holding=2)
    plan, record = run(body, horizon=13 * interval)
    assert kpi(plan, record, "total_cost") == pytest.approx(145.25, rel=EXACT)
    assert kpi(plan, record, "total_cost") / 144.222051019 == pytest.approx(1.00712754377, rel=EXACT)


def test_joint_replenishment() -> None:
    """P-JRP-1: four items, base cycle 0.1, multiples 1, 1, 3, 2. The shared set-up of 40 is due at every base cycle, which
    is whenever the first item is ordered."""
    rates, multiples = [86000, 12500, 1400, 3000], [1, 1, 3, 2]
    names = ["a", "b", "c", "d"]
    body = "products: {" + ", ".join(f"{n}: {{divisible: true}}" for n in names) + "}\n"
    body += "sites: {supplier: {kind: supplier}, store: {kind: store}}\nlanes:\n"
    for n in names:
        cost = 55 if n == "a" else 15
        body += f"  - {{from: supplier, to: store, products: {n}, lead_time: 0, order_cost: {cost}}}\n"
    body += "stock: [{site: store, initial: {on_hand: 0}}]\ndemand:\n"
    for n, rate in zip(names, rates, strict=True):
        body += f"  - {{site: store, product: {n}, type: flow, rate: {rate}}}\n"
    body += "costs: {holding_cost: 0.24}\npolicies:\n  only:\n    type: R_S\n    review_interval: 0.1\n"
    body += "    order_up_to_level: 8600\n    rules:\n"
    for n, rate, m in zip(names, rates, multiples, strict=True):
        interval = f"review_interval: {0.1 * m:.1f}, order_up_to_level: {0.1 * m * rate:.0f}"
        body += f"      - {{site: store, product: {n}, type: R_S, {interval}}}\n"
    plan, record = run(body, horizon=6)
    for n, expected in zip(names, [4300.0, 625.0, 210.0, 300.0], strict=True):
        assert total(plan, record, "on_hand_time", "store", n) / plan.clock.end == pytest.approx(expected, rel=EXACT)
    assert total(plan, record, "orders", "store", "a") / 6 == pytest.approx(10.0)
    assert kpi(plan, record, "total_cost") == pytest.approx(2129.4, rel=EXACT)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("rate: 110, ", "rate: 110, capacity: 5, "), "capacity or machines, not several"),
        (("lead_time: 0", "lead_time: 1"), "as they are made"),
        (("lead_time: 0", "lead_time: 0, yield: {lost: 1}"), "not with a rate"),
        (("type: flow, rate: 80", "quantity: 3"), "does not flow"),
        (("rate: 80}", "rate: 80}, {site: store, product: p, quantity: 3}"), "nothing else is served"),
        (("rate: 110", "rate: 0"), "must be above 0"),
    ],
)
def test_what_production_at_a_rate_cannot_do_is_said(change: tuple[str, str], said: str) -> None:
    body = EPQ.replace("LOT", "100")
    assert change[0] in body
    with pytest.raises(ScenarioError, match=said):
        stage(body.replace(*change))


def test_nobody_is_supplied_from_a_flow() -> None:
    body = store(S_Q.format(7, 12), rate=3).replace(
        "store: {kind: store}}", "store: {kind: store}, kiosk: {kind: kiosk}}"
    )
    body = body.replace("order_cost: 1}]", "order_cost: 1}, {from: store, to: kiosk, lead_time: 1}]")
    body = body.replace("demand: [", "demand: [{site: kiosk, product: p, quantity: 1}, ")
    with pytest.raises(ScenarioError, match="a lane to 'kiosk'"):
        stage(body)


def test_a_flow_in_no_echelon() -> None:
    with pytest.raises(ScenarioError, match="follows its echelon's stock"):
        stage(store("type: multi_echelon, service_level: 0.9", rate=3, lead=1))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("divisible: true", "divisible: false"), "whole units"),
        (("unmet: backorder", "unmet: patience, patience: 1"), "no patience"),
        (("unmet: backorder", "fill: all_or_nothing"), "kept whole"),
        (("unmet: backorder", "unmet: emergency"), "no emergency source"),
        (("initial: {on_hand: 20}", "lifetime: 3"), "has a lifetime"),
        (("unmet: backorder", "step: {at: 2, factor: 2}"), "keeps its rate"),
        (("rate: 3", "rate: 0"), "must be above 0"),
        (("type: flow", "type: flaw"), "did you mean 'flow'"),
        (("policies:", "  # more\npolicies:"), ""),
        (("type: s_Q, reorder_point: 7, order_quantity: 12", "type: base_stock, order_up_to_level: 9"), "every drop"),
        (("order_quantity: 12", "order_quantity: 12, watch: level"), "every instant"),
    ],
)
def test_what_a_flow_cannot_do_is_said(change: tuple[str, str], said: str) -> None:
    body = store(S_Q.format(7, 12), rate=3, start=20)
    assert change[0] in body
    if not said:
        run(body.replace(*change), horizon=3)
        return
    with pytest.raises(ScenarioError, match=said):
        stage(body.replace(*change))
