"""Goods that decay, worked by hand (docs/semantics.md, "Decay")."""

from __future__ import annotations

from math import exp, log, log1p
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from chainsim.errors import ScenarioError
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.follow import follow
from chainsim.record.record import Record
from chainsim.record.recount import recount
from chainsim.rules.decay import STEP
from chainsim.rules.fade import area_under
from tests.engines.random_networks import rich_networks
from tests.properties.networks import Document, run

from .stage import demand_rows, log_of, point, series, stage, total
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10, divisible: DIVISIBLE}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 1}]
stock: [{site: shop, decay: {DECAY}, initial: {on_hand: STOCK}}]
demand: [{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero, unmet: lost}]
policies: {only: {POLICY}}
"""
FLOW = """
products: {p: {divisible: true, unit_cost: 1}}
sites: {supplier: {kind: supplier}, shop: SITE}
lanes: [LANE]
stock: [{site: shop, decay: {rate: 0.4}, initial: {on_hand: STOCK}}]
demand: [{site: shop, product: p, type: flow, rate: 6, unmet: UNMET}]
disruptions: [OUTAGE]
policies: {only: {POLICY}}
"""
NEVER = "type: s_Q, reorder_point: -1000, order_quantity: 1"
BASE_STOCK = "type: base_stock, order_up_to_level: 4"
AT_8 = (*(0.0,) * 8, 1.0)


def shop(
    tmp_path: Path,
    decay: str,
    stock: float,
    policy: str = NEVER,
    demand: tuple[float, ...] = (0.0,),
    divisible: bool = False,
) -> tuple[Plan, Record]:
    demand_rows(tmp_path, list(demand))
    text = SHOP.replace("DECAY", decay).replace("STOCK", f"{stock}").replace("POLICY", policy)
    plan, record = stage(text.replace("DIVISIBLE", str(divisible).lower()), horizon=9, folder=tmp_path)
    assert violations(record, plan) == []
    return plan, record


def flow(
    *, stock: float, unmet: str = "lost", policy: str = NEVER, site: str = "{kind: store}", outage: str = ""
) -> tuple[Plan, Record]:
    lane = "" if "rate" in site else "{from: supplier, to: shop, lead_time: 0.1}"
    text = FLOW.replace("STOCK", f"{stock}").replace("UNMET", unmet).replace("POLICY", policy)
    text = text.replace("SITE", site).replace("LANE", lane).replace("OUTAGE", outage)
    plan, record = stage(text, horizon=4)
    assert violations(record, plan) == []
    return plan, record


def when(plan: Plan, record: Record, *kinds: str) -> list[float]:
    """Times of the lines of these kinds."""
    return [line.tick / plan.clock.ticks_per_unit for line in log_of(record, *kinds)]


def test_of_n_units_the_first_is_lost_after_one_over_n_times_the_rate(tmp_path: Path) -> None:
    """4 units, a quarter per period: after 1; of 3 after 4/3 more; of 2 after 2 more; the last one 4 later. Sixteen unit-periods in
    all, four for each unit: 1 ÷ rate."""
    plan, record = shop(tmp_path, "rate: 0.25", 4)
    assert when(plan, record, "decay") == pytest.approx([1, 7 / 3, 13 / 3, 25 / 3])
    assert total(plan, record, "decayed", "shop") == 4.0
    assert total(plan, record, "on_hand_time", "shop") / plan.clock.ticks_per_unit == pytest.approx(16)


def test_what_is_sold_decays_no_more(tmp_path: Path) -> None:
    """8 units, an eighth per period: one is lost at 1, before the customer of that instant, who takes 3 of 7. Of 4, half a unit is due
    by 2, when 2 more are sold; of 2 the other half takes until 4."""
    plan, record = shop(tmp_path, "rate: 0.125", 8, demand=(0.0, 3.0, 2.0))
    assert when(plan, record, "decay") == pytest.approx([1, 4])
    assert series(plan, record, "on_hand", "shop") == [8, 4, 2, 2, 1, 1, 1, 1, 1]


def test_a_planner_on_watch_orders_again_what_decays(tmp_path: Path) -> None:
    """Four, always: one is lost at 1 and ordered, and comes at 2, when of 3 three quarters of a unit are due. With 4 again the last
    quarter takes until 2.25, and so on, every 1.25. At 8 one of 3 is sold, with 9/16 due; at 8.25 there are 3 again, with 11/16."""
    plan, record = shop(tmp_path, "rate: 0.25", 4, BASE_STOCK, AT_8)
    assert when(plan, record, "decay") == pytest.approx([1, 2.25, 3.5, 4.75, 6, 7.25, 8 + 2 / 3])
    assert when(plan, record, "order") == sorted([8.0, *when(plan, record, "decay")])


def test_measures_and_costs_of_that_shop(tmp_path: Path) -> None:
    """Seven units in nine periods, of a value of 10 or of what is said; six came in."""
    year = 1 / 9
    plan, record = shop(tmp_path, "rate: 0.25", 4, BASE_STOCK, AT_8)
    assert kpi(plan, record, "decayed_per_year") == pytest.approx(7 * year)
    assert kpi(plan, record, "decayed_rate") == pytest.approx(7 / 6)
    assert kpi(plan, record, "decay_cost") == pytest.approx(70 * year)
    assert recount(record, plan).cost == pytest.approx(kpi(plan, record, "total_cost"))
    plan, record = shop(tmp_path, "rate: 0.25, cost: 2", 4, BASE_STOCK, AT_8)
    assert kpi(plan, record, "decay_cost") == pytest.approx(14 * year)


def test_divisible_stock_left_alone_follows_the_exponential(tmp_path: Path) -> None:
    """A hundredth of what is there goes at a time, at the very instants at which e^(−rate × time) has lost it."""
    plan, record = shop(tmp_path, "rate: 0.5", 100, divisible=True)
    lines = log_of(record, "decay")
    assert lines[0].tick / plan.clock.ticks_per_unit == pytest.approx(-2 * log1p(-STEP))
    assert len(lines) == int(9 * 0.5 / -log1p(-STEP))
    for line in lines:
        assert line.on_hand == pytest.approx(100 * exp(-0.5 * line.tick / plan.clock.ticks_per_unit), rel=1e-7)


def test_the_trace_tells_it(tmp_path: Path) -> None:
    plan, record = shop(tmp_path, "rate: 0.25", 4, BASE_STOCK, AT_8)
    found = follow(record, plan, point(plan, "shop"), every=plan.clock.ticks_per_unit, until=plan.clock.end)
    assert [row.decayed for row in found.periods] == [0, 1, 1, 1, 1, 0, 1, 1, 1]
    assert "1 decay at shop; 3 on hand" in [line.words for line in found.told]


def test_a_flow_of_what_decays_wakes_the_planner_when_the_curve_does() -> None:
    """From 5 at 6 a period and 0.4 of itself, I(t) = 20 e^(−0.4t) − 15: at 2 after ln(20/17)/0.4 = 0.4063."""
    plan, record = flow(stock=5, policy="type: s_Q, reorder_point: 2, order_quantity: 30")
    assert when(plan, record, "order")[0] == pytest.approx(log(20 / 17) / 0.4, abs=1e-9)


def test_a_flow_runs_dry_on_its_curve_and_what_is_lost_is_the_rest() -> None:
    """From 5: dry after ln(20/15)/0.4 = 0.7192 periods, when 4.3152 were sold and 0.6848 have decayed; from then on all is lost, and
    in the other shop owed, which does not decay."""
    dry = log(20 / 15) / 0.4
    for unmet, column in (("lost", "lost"), ("backorder", "customer_backorders")):
        plan, record = flow(stock=5, unmet=unmet)
        assert total(plan, record, "filled", "shop") == pytest.approx(6 * dry, abs=1e-7)
        assert total(plan, record, "decayed", "shop") == pytest.approx(5 - 6 * dry, abs=1e-7)
        assert total(plan, record, "stocked_time", "shop") / plan.clock.ticks_per_unit == pytest.approx(dry, abs=1e-7)
        assert total(plan, record, column, "shop") == pytest.approx(24 - 6 * dry, abs=1e-7)


def test_a_lot_that_flows_in_rises_to_less() -> None:
    """Made at 10, sold at 6, from an empty shelf: I = (4 ÷ 0.4)(1 − e^(−0.4t)), 3.2968 when the lot of 10 is done at 1. Then it falls
    to nothing in ln(1 + 0.4 × 3.2968 ÷ 6)/0.4 = 0.4972."""
    top = 10 * (1 - exp(-0.4))
    plan, record = flow(
        stock=0,
        site="{kind: plant, production: {lead_time: 0, rate: 10}}",
        policy="type: R_S, review_interval: 3, order_up_to_level: 10",
    )
    assert series(plan, record, "on_hand", "shop")[0] == pytest.approx(top, abs=1e-6)
    dry = 1 + log1p(0.4 * top / 6) / 0.4
    assert series(plan, record, "filled", "shop")[1] + series(plan, record, "filled", "shop")[0] == pytest.approx(
        6 * dry, abs=1e-6
    )


def test_a_backlog_does_not_decay() -> None:
    """Nothing on hand and a lot made at 10, sold at 6: ordered at 3 with 18 owed, it works the backlog off at 4 a period, and none of
    that is stock."""
    site = "{kind: plant, production: {lead_time: 0, rate: 10}}"
    policy = "type: T_Q, review_interval: 3, order_quantity: 8, offset: 3"
    plan, record = flow(stock=0, unmet="backorder", site=site, policy=policy)
    assert total(plan, record, "decayed", "shop") == 0.0
    assert total(plan, record, "on_hand_time", "shop") == 0.0


def test_a_closed_site_sells_nothing_and_goes_on_losing() -> None:
    """5 left alone for a period: 5 e^(−0.4) = 3.3516 are there when it opens again."""
    plan, record = flow(stock=5, outage="{type: outage, site: shop, start: 0, duration: 1}")
    assert series(plan, record, "on_hand", "shop")[0] == pytest.approx(5 * exp(-0.4), abs=1e-6)
    assert series(plan, record, "lost", "shop")[0] == pytest.approx(6, abs=1e-6)


@pytest.mark.parametrize("drain", [-3.0, 0.0, 2.0])
@pytest.mark.parametrize("x", [1e-9, 1e-3, 0.1, 1.0, 30.0, 2000.0])
def test_the_area_under_the_curve_of_fine_steps(x: float, drain: float) -> None:
    """Against the closed form where it loses no digits, and against its series where it would."""
    stock, rate = 7.0, 0.4
    t = x / rate
    exact = (stock + drain / rate) * (1 - exp(-x)) / rate - drain / rate * t
    if x < 1e-2:
        exact = t * (stock - (drain + rate * stock) * t / 2 * (1 - x / 3 + x * x / 12))
    assert area_under(stock, drain, rate, t) == pytest.approx(exact, rel=1e-12)


def test_a_derived_level_says_that_it_does_not_know() -> None:
    text = """
    products: {p: {unit_cost: 1}}
    sites: {supplier: {kind: supplier}, shop: {kind: store}}
    lanes: [{from: supplier, to: shop, lead_time: 1}]
    stock: [{site: shop, decay: {rate: 0.03}}]
    demand: [{site: shop, product: p, quantity: {dist: poisson, mean: 4}}]
    policies: {only: {type: R_S, review_interval: 1, service_level: 0.95}}
    """
    plan, _ = stage(text)
    assert "decay of 0.03 of stock per time unit" in plan.promises["shop", "p"].unknown


def test_a_rate_is_a_share_per_time(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="decay"):
        shop(tmp_path, "rate: -0.1", 4)
    with pytest.raises(ScenarioError, match="rate"):
        shop(tmp_path, "cost: 2", 4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rich_networks())
def test_what_decays_is_the_rate_times_the_stock_in_random_networks(document: Document) -> None:
    plan, record = run(document)
    assert violations(record, plan) == []
    rows, ledgers = record.closing["points"][plan.ledgers["point"]], record.closing["ledgers"]
    decays = plan.ledgers["decay"] > 0.0
    lost = (
        ledgers["decayed"]
        + ledgers["decay_due"]
        + plan.ledgers["decay"] * (rows["on_hand_time"] - ledgers["decay_seen"])
    )
    assert np.allclose(lost[decays], (plan.ledgers["decay"] * rows["on_hand_time"])[decays], rtol=1e-9, atol=1e-9)
    whole = decays & (rows["whole"] == 1)
    assert (ledgers["decayed"][whole] == ledgers["decayed"][whole] // 1).all()
