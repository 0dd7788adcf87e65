"""A stock point by itself: what goes with it, what stays behind."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from chainsim.plan.compile import compile_plan
from chainsim.plan.derivation import derive_levels
from chainsim.plan.network import Network
from chainsim.policies.base import IN_LOTS
from chainsim.scenario.model import Scenario
from chainsim.study.isolation import ALONE, PLACE, SHOP, Isolated, isolate
from tests.study.promised import scenario


def alone(whole: Scenario, site: str) -> Isolated | None:
    network = Network(whole)
    return isolate(whole, network, network.index[site, "u"], whole.alternatives[0].rules[site, "u"])


def chain(d: dict[str, Any]) -> None:
    """Supplier, centre and two copies of a shop."""
    d["sites"] = {"s": {"kind": "supplier"}, "dc": {"kind": "dc"}, "shop": {"kind": "store", "copies": 2}}
    d["lanes"] = [
        {"from": "s", "to": "dc", "lead_time": 4, "yield": {"fraction": 0.9}},
        {"from": "dc", "to": "shop", "lead_time": 2, "name": "road"},
    ]
    d["disruptions"] = [
        {"type": "outage", "lane": {"from": "dc", "to": "shop-1"}, "time_between": 50, "duration": 2},
        {"type": "outage", "site": "s", "time_between": 90, "duration": 3},
    ]


def test_a_shop_keeps_its_features_and_gets_an_unlimited_source() -> None:
    whole = scenario(
        lambda d: d.update(
            stock=[
                {
                    "site": "shop",
                    "order_multiple": 50,
                    "minimum_order": 10,
                    "lifetime": "5 days",
                    "holding_cost": "1 per day",
                }
            ]
        )
    )
    it = alone(whole, "shop")

    assert it is not None
    (shop,) = [p for p in it.scenario.points if p.site == SHOP]
    assert (shop.order_multiple, shop.minimum_order, shop.lifetime) == (50.0, 10.0, 5.0)
    assert it.scenario.time.horizon == 365.0
    assert it.unseen == ()
    assert shop.holding_cost == 0.0  # nothing here is about money


def test_all_of_a_stock_point_but_its_money_goes_with_it() -> None:
    """What is left behind would be called known by the simulation that lacks it: one open order at a time was."""
    other = {
        "one_open_order": True, "loss": {"time_between": 9, "units": 1}, "count": {"every": 7}, "maximum_order": 90,
        "misbooking": {"share": 0.1, "units": 1}, "issuing": "lifo", "lifetime": 5, "order_multiple": 3, "minimum_order": 6,
    }  # fmt: skip
    whole = scenario(lambda d: d.update(stock=[{"site": "shop", **other}]))
    it = alone(whole, "shop")
    assert it is not None
    (own,) = [p for p in whole.points if p.site == "shop"]
    (shop,) = [p for p in it.scenario.points if p.site == SHOP]
    money = {"unit_cost", "holding_cost", "carrying_rate"}
    names = {
        "site",
        "product",
        "age",
        "excess_beyond",
        "dead_after",
    }  # what it is called, is measured by, or only a network has
    kept = {f.name for f in fields(own)} - names - money - {f.name for f in fields(own) if f.name.endswith("_cost")}
    assert {name for name in kept if getattr(own, name) != getattr(shop, name)} == set()


PASSED_ON = {"a": {"type": "base_stock", "review_interval": 1, "fill_rate": 0.9}}
"""Shops order each demand by itself and at once."""


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"demand": {"unmet": "lost"}}, "sales lost downstream"),
        ({"stock": {"lifetime": 9}}, "goods thrown away downstream"),
        ({"lane": {"yield": {"fraction": 0.9}}}, "yield downstream"),
        ({"stock": {"loss": {"time_between": 9, "units": 1}}}, "losses downstream"),
    ],
)
def test_orders_that_are_not_the_demand_behind_them_are_known_of(change: dict[str, Any], word: str) -> None:
    """Of the centre's level, and of what it is alone."""

    def changed(d: dict[str, Any]) -> None:
        chain(d)
        d["policies"] = PASSED_ON
        d["demand"][0].update(change.get("demand", {}))
        d["lanes"][1].update(change.get("lane", {}))
        if "stock" in change:
            d["stock"] = [{"kind": "store", **change["stock"]}]

    whole = scenario(changed)
    it, promised = alone(whole, "dc"), derive_levels(whole, ["a"])["a"].levels["dc", "u"].promise
    assert it is not None
    assert promised is not None
    assert word in it.unseen
    assert word in promised.unknown
    calm = derive_levels(scenario(lambda d: (chain(d), d.update(policies=PASSED_ON))), ["a"])["a"]
    assert not any(w.endswith("downstream") for w in calm.levels["dc", "u"].promise.unknown)  # type: ignore[union-attr]


def test_copies_are_the_same_scenario_and_others_are_not() -> None:
    whole = scenario(lambda d: (chain(d), d.pop("disruptions")))
    first, second, dc = alone(whole, "shop-1"), alone(whole, "shop-2"), alone(whole, "dc")

    assert first == second
    assert first != dc


def test_outages_go_with_the_lane_they_hit_and_the_source_they_close() -> None:
    whole = scenario(chain)
    first, second, dc = alone(whole, "shop-1"), alone(whole, "shop-2"), alone(whole, "dc")
    assert first is not None
    assert second is not None
    assert dc is not None

    assert [o.lanes for o in first.scenario.outages] == [(("source 0", SHOP, "road"),)]
    assert second.scenario.outages == ()
    assert [o.site for o in dc.scenario.outages] == ["source 0"]


def test_what_sets_an_outage_off_goes_with_it_and_does_nothing_there() -> None:
    def shaken(d: dict[str, Any]) -> None:
        chain(d)
        d["disruptions"] = [
            {"type": "outage", "name": "quake", "site": "shop-2", "time_between": 50, "duration": 2, "destroys": 1},
            {"type": "outage", "lane": {"to": "shop-1"}, "duration": 3, "after": {"name": "quake", "probability": 0.5}},
            {"type": "outage", "site": "dc", "start": 9, "duration": 3, "stops": "nothing", "stretches": 2},
        ]

    whole = scenario(shaken)
    first, dc = alone(whole, "shop-1"), alone(whole, "dc")
    assert first is not None
    assert dc is not None

    slow, hit, quake = first.scenario.outages
    assert (slow.site, slow.stretches) == ("source 0", 2.0)
    assert (hit.lanes, hit.after and hit.after.label) == (((slow.site, SHOP, "road"),), quake.label)
    assert (quake.site, quake.lanes, quake.destroys) == (None, (), 0.0)
    assert quake.time_between is not None
    assert len(compile_plan(first.scenario, ALONE, levels={}).outages) == 3
    assert [o.site for o in dc.scenario.outages] == [SHOP]


def test_a_centre_meets_the_end_customers_it_supplies() -> None:
    whole = scenario(lambda d: (chain(d), d["demand"][0].update(unmet="lost")))
    it, network = alone(whole, "dc"), Network(whole)
    assert it is not None
    derived = derive_levels(whole, ["a"])["a"]
    assert it.unseen == (IN_LOTS, "sales lost downstream")

    plan = compile_plan(it.scenario, ALONE, levels={PLACE: derived.levels["dc", "u"]})

    assert [d.unmet for d in it.scenario.demands] == ["backorder", "backorder"]  # shops wait for what they ordered
    assert it.scenario.lanes[0].yields is not None
    assert len(plan.customers) == 2
    shop = alone(whole, "shop-1")
    assert shop is not None
    assert shop.unseen == ("a wait at dc",)
    assert network.index["dc", "u"] == 2


def test_part_of_a_shops_demand_is_no_demand_one_can_simulate() -> None:
    def two_sources(d: dict[str, Any]) -> None:
        chain(d)
        d.pop("disruptions")
        d["lanes"][1] = {"from": "dc", "to": "shop", "lead_time": 2, "share": 0.5}
        d["lanes"].append({"from": "s", "to": "shop", "lead_time": 2, "share": 0.5})
        d["stock"] = [{"site": "shop", "sourcing": "split"}]

    whole = scenario(two_sources)

    assert alone(whole, "dc") is None
    assert alone(whole, "shop-1") is not None


@pytest.mark.parametrize("word", ["steps", "yearly"])
def test_what_has_its_place_in_the_calendar_may_not_be_cut_short(word: str) -> None:
    season = {"steps": {"step": [{"at": 100, "factor": 2}]}, "yearly": {"season": {"yearly": [1] * 11 + [2]}}}[word]
    whole = scenario(lambda d: d["demand"][0].update(season))
    it, plain = alone(whole, "shop"), alone(scenario(), "shop")

    assert it is not None
    assert plain is not None
    assert (it.calendar, plain.calendar) == (True, False)
