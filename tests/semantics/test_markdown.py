"""Old units sold for less, worked by hand (docs/semantics.md, "Lifetimes")."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.errors import ScenarioError
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import Record

from .stage import demand_rows, stage, total
from .test_terms import spent
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10, unit_price: 20}}
sites: {supplier: {kind: supplier}, dc: {kind: dc}, shop: {kind: store}}
lanes: [{from: supplier, to: dc, lead_time: 0}, {from: dc, to: shop, lead_time: LEAD}]
stock:
  - {site: dc, DC}
  - {site: shop, lifetime: 4, markdown: {after: 2, price: 5}, initial: {on_hand: START}, SHOP}
demand: [{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero}]
costs: {holding_cost: 0, in_transit_owner: none}
policies:
  only: {type: R_S, review_interval: 1, order_up_to_level: START, rules: [{site: dc, type: s_S, reorder_point: -1, order_up_to_level: 0}]}
"""


def shop(tmp_path: Path, demand: list[float], *, start: int, lead: int = 0, **rules: str) -> tuple[Plan, Record]:
    demand_rows(tmp_path, demand)
    text = SHOP.replace("START", str(start)).replace("LEAD", str(lead))
    text = text.replace("DC", rules.get("dc", "initial: {on_hand: 50}")).replace(
        "SHOP", rules.get("shop", "issuing: fifo")
    )
    plan, record = stage(text, horizon=5, review="before_demand", folder=tmp_path)
    assert violations(record, plan) == []
    return plan, record


def test_from_an_age_on_units_are_cheaper(tmp_path: Path) -> None:
    """6 at 0; 2, 1, 2 and 4 are sold, and ordered and received at the next review. At 2 both units are of time 0, two periods old. At 3
    the last of time 0 and the 2 of time 1 are, the one of time 2 is not. So 9 are sold, 5 of them for 5 in place of 20."""
    plan, record = shop(tmp_path, [2, 1, 2, 4, 0], start=6)
    assert total(plan, record, "marked_down", "shop") == 5.0
    assert kpi(plan, record, "marked_down_rate") == pytest.approx(5 / 9)
    assert spent(plan, record, "revenue") == pytest.approx(4 * 20.0 + 5 * 5.0)
    assert spent(plan, record, "margin") == pytest.approx(105.0 - 90.0)


def test_whoever_takes_the_freshest_leaves_the_old_ones(tmp_path: Path) -> None:
    """The same, newest first. At 3 the 2 just received are not old, the next 2 are those of time 0; the last 2 of these go out of date."""
    plan, record = shop(tmp_path, [2, 1, 2, 4, 0], start=6, shop="issuing: lifo")
    assert total(plan, record, "marked_down", "shop") == 2.0
    assert total(plan, record, "outdated", "shop") == 2.0
    assert spent(plan, record, "revenue") == pytest.approx(7 * 20.0 + 2 * 5.0)
    assert spent(plan, record, "margin") == pytest.approx(150.0 - 90.0 - 20.0)


def test_who_waited_pays_less_for_what_came_old(tmp_path: Path) -> None:
    """Ordered at 1 for the 3 that wait since 0: from stock of time 0, two periods on the way. At 3 it is 3 periods old where its age
    travels, and fresh where it does not."""
    for age, cheaper in (("travels", 3.0), ("restarts", 0.0)):
        plan, record = shop(
            tmp_path, [3, 0, 0, 0, 0], start=0, lead=2, dc="lifetime: 4, initial: {on_hand: 5}", shop=f"age: {age}"
        )
        assert total(plan, record, "backfilled", "shop") == 3.0
        assert total(plan, record, "marked_down", "shop") == cheaper
        assert spent(plan, record, "revenue") == pytest.approx(3 * 20.0 - cheaper * 15.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("after: 2", "after: 4", "no unit gets older than 4"),
        ("price: 5", "price: 21", "more than the unit_price"),
        ("lifetime: 4, markdown", "markdown", "its goods have no age"),
        ("lifetime: 4, markdown", "lifetime: {dist: uniform, low: 3, high: 5}, markdown", "lives of their own"),
    ],
)
def test_what_a_markdown_needs(tmp_path: Path, old: str, new: str, said: str) -> None:
    demand_rows(tmp_path, [1])
    text = SHOP.replace("START", "1").replace("LEAD", "0").replace("DC", "allocation: first_come").replace(", SHOP", "")
    with pytest.raises(ScenarioError) as refused:
        stage(text.replace(old, new), folder=tmp_path)
    assert said in str(refused.value)
