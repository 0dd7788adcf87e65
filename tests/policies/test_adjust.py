"""What is put on top of derived numbers: by hand, for each kind of rule, and where there is nothing to put it on."""

from __future__ import annotations

from typing import Any

import pytest

import chainsim
from chainsim.errors import ScenarioError
from chainsim.plan.compile import compile_plan
from chainsim.policies.adjust import cover_in_units, with_levels, with_lots
from chainsim.policies.base import POLICIES, Settings
from chainsim.study.calibration import calibrated

from .stock_points import facts

POINT = facts(demand_mean=20.0)
GIVEN: list[tuple[str, dict[str, Any], tuple[float, ...], tuple[float, ...]]] = [
    # type, its numbers, p, p with a day (20 units) more and lots 1.5 times as large
    ("s_Q", {"reorder_point": 60, "order_quantity": 85}, (60.0, 85.0, 0.0), (80.0, 128.0, 0.0)),
    ("s_S", {"reorder_point": 60, "order_up_to_level": 90}, (60.0, 90.0, 0.0), (80.0, 125.0, 0.0)),
]


@pytest.mark.parametrize(("name", "numbers", "before", "after"), GIVEN, ids=[g[0] for g in GIVEN])
def test_a_day_more_and_lots_half_as_large_again(
    name: str, numbers: dict[str, Any], before: tuple[float, ...], after: tuple[float, ...]
) -> None:
    own = POLICIES.get(name)(**numbers).settings(POINT)
    assert own.p == before
    lots = with_lots(own, POINT, 1.5)
    made = with_levels(lots, cover_in_units(own, POINT, 1.0))
    assert made.p == after
    assert made.wake_at == 80.0
    assert made.order_up_to == after[0] + (after[1] if name == "s_Q" else after[1] - after[0])
    assert made.promise is None


def test_levels_do_not_fall_below_nothing() -> None:
    own = POLICIES.get("s_Q")(reorder_point=30, order_quantity=85).settings(POINT)
    assert cover_in_units(own, POINT, -1.0) == -20.0
    assert cover_in_units(own, POINT, -9.0) == -30.0
    low = POLICIES.get("s_Q")(reorder_point=-5, order_quantity=85).settings(POINT)
    assert cover_in_units(low, POINT, -1.0) == 0.0


def test_whole_products_move_by_whole_units() -> None:
    own = POLICIES.get("s_Q")(reorder_point=30, order_quantity=10).settings(POINT)
    assert cover_in_units(own, POINT, 0.33) == 7.0  # 6.6
    assert cover_in_units(own, facts(demand_mean=20.0, whole=False), 0.33) == 0.33 * 20.0
    assert with_lots(own, POINT, 0.01).p[1] == 1.0


def test_nothing_to_move_is_said() -> None:
    own = Settings((3.0,), 3.0)
    with pytest.raises(ValueError, match="store / p: its policy orders by no level"):
        cover_in_units(own, POINT, 1.0)
    with pytest.raises(ValueError, match="store / p: its policy has no lot"):
        with_lots(own, POINT, 2.0)
    assert (cover_in_units(own, POINT, 0.0), with_lots(own, POINT, 1.0)) == (0.0, own)


CHAIN = """\
chainsim: 1
title: Chain
time: {unit: day, warm_up: 10, horizon: 100}
products: {tea: {unit_cost: 2, unit_price: 5}}
sites: {farm: {kind: supplier}, dc: {kind: dc}, shop: {kind: store, copies: 2, groups: [north]}}
lanes:
  - {from: farm, to: dc, lead_time: 2, order_cost: 20}
  - {from: dc, to: shop, lead_time: 1, order_cost: 2}
demand:
  - {site: shop, product: tea, quantity: {dist: poisson, mean: 10}}
costs: {carrying_rate: 25% per year}
policies:
  apart: {type: base_stock, order_up_to_level: 50}
  together: {type: base_stock, watch: echelon, order_up_to_level: 50}
  adjusted: {type: s_Q, service_level: 0.95, adjust: {store: {cover: 12 hours}, dc: {cover: -1, lots: 2}}}
  cards: {type: kanban, cards: 3, container: 10}
"""


def levels(study: chainsim.Study, policy: str) -> dict[str, tuple[float, ...]]:
    plan = compile_plan(study.scenario, policy)
    names = [plan.layout.sites[k] for k in plan.layout.site]
    return {name: p for name, p in zip(names, plan.parameters, strict=True) if p}


def test_what_shops_hold_more_is_part_of_the_echelon_above() -> None:
    """A day is 10 units at each of two shops: the level of the DC, which watches its echelon, rises by 20."""
    study = chainsim.load_text(CHAIN).with_(
        {f"policies.{name}.adjust.store.cover": "1 day" for name in ("apart", "together")}
    )
    assert {k: p[0] for k, p in levels(study, "apart").items()} == {"shop-1": 60.0, "shop-2": 60.0, "dc": 50.0}
    assert {k: p[0] for k, p in levels(study, "together").items()} == {"shop-1": 60.0, "shop-2": 60.0, "dc": 70.0}


def test_it_comes_on_top_of_what_is_derived_and_corrected() -> None:
    study = chainsim.load_text(CHAIN)
    plain = study.with_({"policies": {"adjusted": {"type": "s_Q", "service_level": 0.95}}})
    before, after = (calibrated(s.scenario).levels["adjusted"] for s in (plain, study))
    for place, settings in after.items():
        by, lots = (5.0, 1.0) if place[0] != "dc" else (-20.0, 2.0)
        assert settings.p[:2] == (before[place].p[0] + by, before[place].p[1] * lots)
    assert levels(study, "adjusted")["dc"][0] == levels(plain, "adjusted")["dc"][0] - 20.0


def test_the_most_specific_wins() -> None:
    adjust = {"store": {"cover": 1}, "north": {"cover": 2}, "shop-2": {"cover": 3}}
    study = chainsim.load_text(CHAIN).with_({"policies.apart.adjust": adjust})
    assert {k: p[0] for k, p in levels(study, "apart").items()} == {"shop-1": 70.0, "shop-2": 80.0, "dc": 50.0}


REFUSED = [
    ({"policies.apart.adjust.shoq.cover": 1}, "unknown site, group or kind 'shoq' (did you mean 'shop'?)"),
    ({"policies.apart.adjust.shop.cower": 1}, "unknown key 'cower' (did you mean 'cover'?)"),
    ({"policies.apart.adjust.shop.cover": "-1 dya"}, "unknown unit of time 'dya'"),
    ({"policies.apart.adjust.shop.lots": 0}, "must be above 0"),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED, ids=[m for _, m in REFUSED])
def test_what_cannot_be_read_is_told(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        chainsim.load_text(CHAIN).with_(changes)
    assert message in error.value.findings[0].message


def test_two_groups_that_are_as_specific_are_told() -> None:
    text = CHAIN.replace("groups: [north]", "groups: [north, west]")
    with pytest.raises(ScenarioError, match="'north' is about shop-1 too, and as specific"):
        chainsim.load_text(text).with_({"policies.apart.adjust": {"north": {"cover": 1}, "west": {"cover": 2}}})


def test_a_policy_without_levels_is_told_once() -> None:
    study = chainsim.load_text(CHAIN).with_({"policies.cards.adjust.store.cover": 1})
    with pytest.raises(ScenarioError) as error:
        compile_plan(study.scenario, "cards")
    [finding] = error.value.findings
    assert "shop-1 / tea: its policy orders by no level" in finding.message
    assert "adjust" in finding.cure
