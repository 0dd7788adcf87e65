"""Products whose life ends, worked by hand (docs/semantics.md, "The end of a product")."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.errors import ScenarioError
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import Record
from chainsim.scenario.load import load_text
from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.newsvendor import newsvendor

from .stage import HEAD, demand_rows, log_of, series, stage, total
from .test_terms import adds_up, spent
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10, unit_price: 20, ENDS}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: LEAD}]
stock: [{site: shop, initial: {on_hand: START}}]
demand: [{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero}]
costs: {holding_cost: 0, in_transit_owner: none}
policies: {only: {type: R_S, review_interval: 1, order_up_to_level: 6}}
"""


def shop(tmp_path: Path, demand: list[float], ends: str, *, lead: int, start: int) -> tuple[Plan, Record]:
    demand_rows(tmp_path, demand)
    text = SHOP.replace("ENDS", ends).replace("LEAD", str(lead)).replace("START", str(start))
    plan, record = stage(text, horizon=7, folder=tmp_path)
    assert violations(record, plan) == []
    return plan, record


def test_what_is_left_and_what_comes_later_is_written_off(tmp_path: Path) -> None:
    """Orders of 2, 1, 3 and 2 come two periods later. At 4: 1 on the shelf, and 3 come; at 5: 2. Each is worth 10 and fetches 3. Nobody
    asks for the 4 and the 1 of periods 4 and 5, nothing is ordered."""
    plan, record = shop(tmp_path, [2, 1, 3, 2, 4, 1], "ends: 4, salvage: 3", lead=2, start=6)
    assert series(plan, record, "on_hand", "shop") == [4, 3, 2, 1, 0, 0, 0]
    assert series(plan, record, "ordered", "shop") == [2, 1, 3, 2, 0, 0, 0]
    assert total(plan, record, "demanded", "shop") == 8.0
    unit = plan.clock.ticks_per_unit
    assert [(line.tick // unit, line.quantity) for line in log_of(record, "outdate")] == [(4, 1.0), (4, 3.0), (5, 2.0)]
    assert total(plan, record, "left_over", "shop") == 6.0
    assert spent(plan, record, "write_off_cost") == pytest.approx(6 * 7.0)
    assert spent(plan, record, "outdating_cost") == kpi(plan, record, "outdated_per_year") == 0.0
    assert kpi(plan, record, "left_over_per_year") == pytest.approx(6 / 7)
    assert spent(plan, record, "margin") == pytest.approx(8 * 10.0 - 42.0)
    assert adds_up(plan, record)


def test_who_waits_still_gets_what_comes(tmp_path: Path) -> None:
    """Orders of 5, 1, 3 and 4 come three periods later. At 3: 5 come, 3 go to whom they were owed, 4 are wanted and 2 wait. At 4 one of
    these is served; at 5 the other, of 3 that come, and 2 are left over; at 6 the last 4. A unit left over costs 1 to be rid of."""
    plan, record = shop(tmp_path, [2, 1, 3, 4], "ends: 4, write_off: 1", lead=3, start=3)
    assert series(plan, record, "on_hand", "shop") == [1, 0, 0, 0, 0, 0, 0]
    assert series(plan, record, "ordered", "shop") == [5, 1, 3, 4, 0, 0, 0]
    assert total(plan, record, "backfilled", "shop") == 5.0
    unit = plan.clock.ticks_per_unit
    assert [(line.tick // unit, line.quantity) for line in log_of(record, "outdate")] == [(5, 2.0), (6, 4.0)]
    assert spent(plan, record, "write_off_cost") == pytest.approx(6.0)
    assert adds_up(plan, record)


def test_other_products_go_on(tmp_path: Path) -> None:
    """q has no end: beside p, which has, nothing changes for it."""
    (tmp_path / "demand.csv").write_text(
        "period,p,q\n" + "".join(f"{i},{q},{q}\n" for i, q in enumerate([2, 1, 3, 2, 4, 1]))
    )
    text = SHOP.replace("ENDS}}", "ends: 4}, q: {unit_cost: 10}}").replace("LEAD", "2").replace("START", "6")
    text = text.replace(
        "{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero}",
        "{site: shop, product: [p, q], type: history, file: demand.csv, on_end: zero}",
    )
    plan, record = stage(text, horizon=7, folder=tmp_path)
    assert violations(record, plan) == []
    assert series(plan, record, "ordered", "shop", "p") == [2, 1, 3, 2, 0, 0, 0]
    assert series(plan, record, "ordered", "shop", "q") == [2, 1, 3, 2, 4, 1, 0]
    assert total(plan, record, "outdated", "shop", "q") == 0.0


NEWS = """
products: {p: {unit_cost: 250, unit_price: 520, ends: 1, salvage: 50}}
sites: {supplier: {kind: supplier}, stand: {kind: store}}
lanes: [{from: supplier, to: stand, lead_time: 0}]
stock: [{site: stand, initial: {on_hand: 0}}]
demand: [{site: stand, product: p, quantity: {dist: poisson, mean: 18}, unmet: lost}]
costs: {holding_cost: 0, lost_sale: 270, in_transit_owner: none}
policies: {only: {type: R_S, review_interval: 1, order_up_to_level: 19}}
"""


def test_the_newsvendor() -> None:
    """Snyder & Shen, Problem 4.8(a): Poisson 18, a unit lost costs 270, one left over 250 − 50: 19 are ordered, once. Known cost, leftover
    and shortage, within four standard errors of 600 lives of the product."""
    scenario = load_text(HEAD.replace("HORIZON", "2").replace("REVIEW", "before_demand") + NEWS, "case.yaml", None)
    plan = compile_plan(scenario, "only")
    known = newsvendor(LeadTimeDemand(18, 0, "poisson"), 270, 200)
    assert known.level == 19.0
    cost, left, short = [], [], []
    for r in range(600):
        record = simulate(plan, r)
        assert total(plan, record, "ordered", "stand") == 19.0
        left.append(total(plan, record, "left_over", "stand"))
        short.append(total(plan, record, "lost", "stand"))
        cost.append(spent(plan, record, "total_cost"))
    for found, expected in ((left, known.leftover), (short, known.shortage), (cost, known.cost)):
        assert abs(np.mean(found) - expected) < 4 * np.std(found, ddof=1) / np.sqrt(len(found))


def test_derived_levels_know_the_end() -> None:
    """4 a period until 10, a review each period, two on the way: what is ordered at 7 comes for the 4 of 9. Later orders would be for
    nothing, but levels never fall below those of a hundredth of the mean demand: 2 units at 9 are left over. A level for the
    mean of the run is too low before the end, and too high then."""
    body = SHOP.replace("type: history, file: demand.csv, column: p, on_end: zero", "quantity: 4").replace("LEAD", "2")
    body = body.replace("order_up_to_level: 6", "service_level: 0.95LEVELS").replace("ENDS", "ends: 10")
    body = body.replace(", initial: {on_hand: START}", ", allocation: first_come")
    plan, record = stage(body.replace("LEVELS", ""), horizon=14)
    assert series(plan, record, "ordered", "shop") == [4.0] * 8 + [0.0, 2.0] + [0.0] * 4
    assert total(plan, record, "left_over", "shop") == 2.0
    assert total(plan, record, "filled", "shop") == 40.0
    plan, record = stage(body.replace("LEVELS", ", levels: mean"), horizon=14)
    assert total(plan, record, "left_over", "shop") == 6.0
    assert total(plan, record, "filled", "shop") < 40.0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ENDS", "salvage: 3", "never ends"),
        ("ENDS", "ends: 4, salvage: 11", "fetches 11 and costs 10"),
        (
            "p: {unit_cost: 10, unit_price: 20, ENDS}",
            "p: {made_of: {c: 1}}, c: {ends: 4}",
            "'p' is made of 'c' and goes on after its end",
        ),
        ("type: history, file: demand.csv, column: p, on_end: zero", "type: flow, rate: 2", "a flow does not end"),
    ],
)
def test_what_cannot_end(tmp_path: Path, old: str, new: str, said: str) -> None:
    body = SHOP.replace(old, new).replace("ENDS", "divisible: true, ends: 4").replace("LEAD", "2").replace("START", "6")
    if "made_of" in new:
        body = body.replace("shop: {kind: store}", "shop: {kind: store, production: {lead_time: 1}}")
    demand_rows(tmp_path, [1])
    with pytest.raises(ScenarioError) as refused:
        stage(body, folder=tmp_path)
    assert said in str(refused.value)


def test_an_end_after_the_run_is_asked_about(tmp_path: Path) -> None:
    demand_rows(tmp_path, [1])
    body = SHOP.replace("ENDS", "ends: 7").replace("LEAD", "2").replace("START", "6")
    scenario = load_text(HEAD.replace("HORIZON", "7").replace("REVIEW", "after_demand") + body, "case.yaml", tmp_path)
    assert "ends after the run" in " ".join(w.message for w in scenario.warnings)
