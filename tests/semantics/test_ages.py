"""Goods that keep their age, worked by hand (docs/semantics.md, "Lifetimes")."""

from __future__ import annotations

from typing import Any

import pytest

from chainsim.engines.base import simulate
from chainsim.errors import ConservationError, ScenarioError
from chainsim.plan.derivation import derive_levels
from chainsim.plan.plan import Plan
from chainsim.policies.base import AGED
from chainsim.record.audit import audit, violations
from chainsim.record.record import Record
from chainsim.scenario.load import load_text

from .stage import HEAD, log_of, series, stage, total
from .test_windows import kpi

CHAIN = """
products: {p: {unit_cost: 10}}
sites: {supplier: {kind: supplier}, dc: {kind: dc}, shop: {kind: store}}
lanes: [{from: supplier, to: dc, lead_time: 1}, {from: dc, to: shop, lead_time: LEAD}]
stock:
  - {product: p, lifetime: 5, age: travels, SHELF}
  - {site: dc, initial: {on_hand: 4, shipments: [{from: supplier, quantity: 3, due: 2}]}}
  - {site: shop, initial: {on_hand: 2}, SHOP}
demand:
  - {site: shop, product: p, quantity: 1, every: 100}
  - {site: shop, product: p, quantity: 2, every: 100, offset: 3, name: later}
policies:
  only:
    type: s_Q
    reorder_point: -100
    order_quantity: 1
    rules: [{site: shop, type: base_stock, order_up_to_level: LEVEL, review_interval: 1}]
"""


def chain(
    shelf: str = "issuing: fifo", shop: str = "allocation: first_come", lead_time: int = 2, level: int = 6
) -> tuple[Plan, Record]:
    body = CHAIN.replace("SHELF", shelf).replace("SHOP", shop).replace("LEAD", str(lead_time))
    return both(body.replace("LEVEL", str(level)))


def both(body: str, horizon: float = 9) -> tuple[Plan, Record]:
    """Run on both engines, which agree."""
    plan, record = stage(body, horizon=horizon)
    assert violations(record, plan) == []
    other = simulate(plan, 0, engine="compiled", log=True)
    assert other.log == record.log
    for table in record.closing:
        assert (other.closing[table] == record.closing[table]).all()
    return plan, record


def life(plan: Plan, record: Record, site: str) -> tuple[float, float, float]:
    """Units of use that arrived at a site, those that had expired under way, and the periods of life left of all."""
    [row] = [row for row in record.closing["agings"] if plan.layout.sites[plan.layout.site[row["point"]]] == site]
    return row["arrived"], row["spoiled"], row["life"] / plan.clock.ticks_per_unit


def thrown_away(plan: Plan, record: Record) -> list[tuple[int, str, float]]:
    sites = [plan.layout.sites[s] for s in plan.layout.site]
    return [
        (line.tick // plan.clock.ticks_per_unit, sites[line.point], line.quantity) for line in log_of(record, "outdate")
    ]


def test_every_portion_keeps_its_own_expiry() -> None:
    """DC: 4 until 5, and 3 from 2 on, until 7. Shop: 2 until 5, one sold at 0.

    | t | what | shop |
    |---|---|---|
    | 0 | orders 5: 4 (until 5) go, due at 2 | 1 until 5 |
    | 2 | the DC receives 3 and sends the 1 it owes (until 7), due at 4; the shop receives 4, with 3 left | 5 until 5 |
    | 3 | 2 sold; orders 2, which go (until 7), due at 5 | 3 until 5 |
    | 4 | receives 1, with 3 left | 3 until 5, 1 until 7 |
    | 5 | throws 3 away; receives 2, with 2 left; orders 3, which the DC lacks | 3 until 7 |
    | 7 | throws 3 away |  |

    Received: 4 × 3 + 1 × 3 + 2 × 2 = 19 of 7. The DC's own receipt is 3 × 5: of 10 together, 34.
    """
    plan, record = chain()
    assert thrown_away(plan, record) == [(5, "shop", 3.0), (7, "shop", 3.0)]
    assert series(plan, record, "on_hand", "shop")[:8] == [1, 1, 5, 3, 4, 3, 3, 0]
    assert life(plan, record, "shop") == (7, 0, 19)
    assert kpi(plan, record, "remaining_life") == pytest.approx(34 / 10)
    assert kpi(plan, record, "spoiled_rate") == 0.0


def test_what_expires_under_way_is_thrown_away_at_receipt() -> None:
    """Five periods on the road: the 4 that go at 0 come at 5, when they end; 1 goes at 2 and comes at 7, 2 go at 3 and come at 8, all
    of them until 7. The customer of 3, who got 1 of 2, is not handed any of it."""
    plan, record = chain(lead_time=5)
    assert thrown_away(plan, record) == [(5, "shop", 4.0), (7, "shop", 1.0), (8, "shop", 2.0)]
    assert life(plan, record, "shop") == (7, 7, 0)
    assert kpi(plan, record, "spoiled_rate") == pytest.approx(7 / 10)  # the DC received 3 fresh ones
    assert total(plan, record, "backfilled", "shop") == 0


def test_nobody_keeps_goods_longer_than_its_own_lifetime() -> None:
    """The shop keeps for 1. 1 of the 2 is left at 1 and ends; the 4 of tick 2 end at 3, not at 5; two units meet the 2 that the
    customers of 3 are owed at 4; one comes at 5 and ends at 6."""
    plan, record = chain(shop="lifetime: 1")
    assert thrown_away(plan, record) == [(1, "shop", 1.0), (3, "shop", 4.0), (6, "shop", 1.0)]
    assert life(plan, record, "shop") == (7, 0, 7)


def test_a_shipment_of_two_lots() -> None:
    """Up to 4 at the shop: 3 of the DC's 4 (until 5) go at 0. At 3, with 1 of these and 3 until 7 at the DC, the shop orders 2.

    Oldest first, 1 and 1 go: at 5 one is thrown away at receipt, beside the shop's own 2; the other lasts until 7, when the
    2 that went at 5 come too late. Newest first, 2 until 7 go, and the DC throws its 1 away.
    """
    plan, record = chain(level=4)
    assert thrown_away(plan, record) == [(5, "shop", 2.0), (5, "shop", 1.0), (7, "shop", 1.0), (7, "shop", 2.0)]
    assert life(plan, record, "shop") == (7, 3, 3 * 3 + 0 + 1 * 2 + 0)
    plan, record = chain(shelf="issuing: lifo", level=4)
    assert thrown_away(plan, record) == [(5, "shop", 2.0), (5, "dc", 1.0), (7, "shop", 2.0), (7, "shop", 1.0)]
    assert life(plan, record, "shop") == (6, 1, 3 * 3 + 2 * 2 + 0)


def test_a_site_where_age_restarts() -> None:
    """The 4 of tick 2 are fresh there: 3 of them are left at 7."""
    plan, record = chain(shop="age: restarts")
    assert thrown_away(plan, record) == [(7, "shop", 3.0)]
    assert len(record.closing["agings"]) == 1  # the DC's


def test_units_of_a_machine_leave_it_without_the_lots_that_are_issued_at_that_instant() -> None:
    """The shop orders half from the DC, two periods away, and makes half: one machine, a period a unit and one more under way.

    | t | what | shop |
    |---|---|---|
    | 0 | 1 sold; orders 6: the DC sends 3 (until 5), due at 2; the machine starts the first of 3 | 1 until 5 |
    | 2 | receives those 3, and the first made (until 7) | 4 until 5, 1 until 7 |
    | 3 | receives the second (until 8); 2 sold; orders 2: the DC sends the last of its 4 (until 5), due at 5, at the instant at which the third unit leaves the machine | 2 until 5, 2 later |
    | 4 | receives the third (until 9) | 2 until 5, 3 later |
    | 5 | throws 2 away; receives the DC's 1, which ends now, and the fourth made (until 10) | 4 |

    Received: 3 × 3 from the DC, 1 × 0, and 4 made × 5 = 29 of 8.
    """
    make = "production: {products: [p], machines: 1, unit_time: 1, lead_time: 1}"
    body = (
        CHAIN.replace("shop: {kind: store}", f"shop: {{kind: store, {make}}}")
        .replace("lead_time: LEAD}", "lead_time: 2, share: 0.5}")
        .replace("SHOP", "sourcing: split")
        .replace("SHELF", "issuing: fifo")
        .replace("LEVEL", "7")
    )
    plan, record = both(body, horizon=6)
    assert thrown_away(plan, record) == [(5, "shop", 2.0), (5, "shop", 1.0)]
    assert series(plan, record, "on_hand", "shop") == [1, 1, 5, 4, 5, 4]
    assert life(plan, record, "shop") == (8, 1, 29)


def test_two_orders_that_wait_for_one_departure_keep_their_own_lots() -> None:
    """Complete orders only, with the departure at 3, a period away. The 5 of tick 0 wait for the DC's receipt at 2: 4 until 5 and 1
    until 7. The 2 of tick 3 (until 7) are in time for that departure too. At 4 the shop gets all of them, serves the customer it owes 1
    and throws 3 away at 5. Received: 4 × 1 + 1 × 3 + 2 × 3 = 13 of 7."""
    body = (
        CHAIN.replace("lead_time: LEAD}", "lead_time: 1, fill: all_or_nothing, departures: {every: 4, offset: 3}}")
        .replace("SHOP", "allocation: first_come")
        .replace("SHELF", "issuing: fifo")
        .replace("LEVEL", "6")
    )
    plan, record = both(body, horizon=6)
    assert thrown_away(plan, record) == [(5, "shop", 3.0)]
    assert series(plan, record, "on_hand", "shop") == [1, 1, 1, 0, 6, 3]
    assert life(plan, record, "shop") == (7, 0, 13)


def test_the_audit_notices_a_unit_without_an_age() -> None:
    plan, record = chain()
    record.closing["agings"]["arrived"][0] += 1.0
    with pytest.raises(ConservationError, match="ages"):
        audit(record, plan)


@pytest.mark.parametrize(
    ("stock", "told"),
    [
        ("[{site: dc, age: travels}]", "dc / p keeps for ever: its goods have no age"),
        ("[{product: p, lifetime: 5, age: travel}]", "did you mean 'travels'"),
    ],
)
def test_an_age_needs_a_lifetime(stock: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        load(stock)


def test_a_level_says_that_it_does_not_know_how_old_goods_come() -> None:
    """Of the shop, whose source keeps them; the DC's come fresh. (Short simulations of the network that correct levels do know.)"""
    text = HEAD.replace("HORIZON", "40").replace("REVIEW", "after_demand") + CHAIN[: CHAIN.index("stock:")]
    rest = """
stock: [{product: p, lifetime: 5, age: travels}]
demand: [{site: shop, product: p, quantity: {dist: poisson, mean: 4}}]
policies: {only: {type: base_stock, review_interval: 1, service_level: 0.95}}
"""
    levels = derive_levels(load_text(text.replace("LEAD", "2") + rest, "case.yaml"))["only"].levels
    unknown = {site: levels[site, "p"].promise.unknown for site in ("shop", "dc")}  # type: ignore[union-attr]
    assert AGED in unknown["shop"]
    assert unknown["dc"] == ("a lifetime of 5", "goods thrown away downstream")


def test_an_age_that_nothing_brings_is_warned_of() -> None:
    scenario = load("[{site: dc, lifetime: 5, age: travels}]")
    assert any("all it receives is fresh" in warning.message for warning in scenario.warnings)
    assert not load("[{product: p, lifetime: 5, age: travels}]").warnings


def load(stock: str) -> Any:
    text = HEAD.replace("HORIZON", "9").replace("REVIEW", "after_demand")
    body = CHAIN[: CHAIN.index("stock:")] + f"stock: {stock}\n" + CHAIN[CHAIN.index("demand:") :]
    return load_text(text + body.replace("LEAD", "2").replace("LEVEL", "6"), "case.yaml")
