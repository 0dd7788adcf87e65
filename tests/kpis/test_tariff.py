"""Rates and what they are charged on: by hand, and so that every line of cost is their sum."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import chainsim
from chainsim.data import scenario_names, scenario_path
from chainsim.engines.base import simulate
from chainsim.kpis import KPIS, Scopes, Tariff, View, cost, cost_lines, tariff
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.record.stack import Records
from tests.kpis.handmade import closing, plan, record

OWN_DATA = ("gift_wholesaler_replay",)  # wants a file of the user's
QUICK = [name for name in scenario_names() if name not in (*OWN_DATA, "large_network")]

EVERYTHING = """
chainsim: 1
title: A bit of everything
time: {unit: day, warm_up: 14, horizon: 56, bucket: week}
products:
  tea: {unit_cost: 2, unit_price: 5}
  milk: {unit_cost: 1, unit_price: 1.5}
sites:
  works: {kind: plant, production: {lead_time: 2 days, order_cost: 30, unit_cost: 0.2}}
  dc: {kind: dc}
  east: {kind: store}
  west: {kind: store}
lanes:
  - {from: works, to: dc, lead_time: 3 days, order_cost: 20, unit_cost: 0.1, in_transit_owner: supplier}
  - {from: dc, to: east, lead_time: 1 day, order_cost: 2, unit_cost: 0.05}
  - {from: dc, to: west, lead_time: 2 days, order_cost: 3}
stock:
  - {site: dc, carrying_rate: 15% per year}
  - {product: milk, site: {kind: store}, holding_cost: 0.01 per day, lifetime: 4 days}
  - {site: west, lost_sale: 2.5}
demand:
  - {site: east, product: tea, quantity: {dist: poisson, mean: 6}, every: 1 day, unmet: backorder}
  - {site: west, product: tea, quantity: {dist: poisson, mean: 5}, every: 1 day, unmet: lost}
  - {site: {kind: store}, product: milk, quantity: {dist: poisson, mean: 9}, every: 1 day, unmet: lost}
costs: {currency: EUR, carrying_rate: 25% per year, backorder: 0.3, lost_sale: margin}
policies:
  p: {type: s_S, reorder_point: 30, order_up_to_level: 60}
"""


def lines_and_drivers(the_plan: Plan, made: Record) -> tuple[dict[str, float], dict[tuple[str, ...], float], Tariff]:
    """Cost lines of the network as measured, drivers by line, name and place, and the tariff."""
    view = View(Records.of([made]), the_plan, Scopes.of(the_plan.layout, "network"))
    found = Tariff(the_plan)
    measured = {line.id: float(np.asarray(line.compute(view))[0, 0]) for line in cost_lines()}
    amounts = found.drivers(view)[0].tolist()
    keys = [(r.line, r.name, *r.place) for r in found.rates]
    return measured, dict(zip(keys, amounts, strict=True)), found


def billed(found: Tariff, drivers: dict[tuple[str, ...], float]) -> dict[str, float]:
    """Σ value × driver by line."""
    total = {line.id: 0.0 for line in cost_lines()}
    for rate, amount in zip(found.rates, drivers.values(), strict=True):
        total[rate.line] += rate.value * amount
    return total


def test_by_hand() -> None:
    """Two stores, a DC, an outside farm: the window is 400 ticks of 40 days, a year 100 days."""
    the_plan = plan()
    made = closing(record(the_plan), lost=[2.0, 4.0, 0.0, 0.0], on_hand_time=[400.0, 800.0, 2000.0, 9e9])
    made.closing["lanes"]["orders"] = [3.0, 1.0, 2.0]
    made.closing["lanes"]["shipped"] = [10.0, 20.0, 40.0]
    _, drivers, found = lines_and_drivers(the_plan, made)
    values = {key: rate.value for key, rate in zip(drivers, found.rates, strict=True)}
    assert not any("supplier" in rate.place.target for rate in found.rates)
    # lost: 6 in 40 days are 15 a year, at 1.50
    assert drivers["shortage_cost", "lost_sale", "", "", ""] == pytest.approx(15.0)
    assert values["shortage_cost", "lost_sale", "", "", ""] == 1.5
    # orders of stores cost 8, those of the DC 120: 4 and 2 in 40 days
    assert drivers["ordering_cost", "order", "kind:dc", "kind:store", ""] == pytest.approx(10.0)
    assert drivers["ordering_cost", "order", "kind:supplier", "kind:dc", ""] == pytest.approx(5.0)
    assert values["ordering_cost", "order", "kind:supplier", "kind:dc", ""] == 120.0
    # given by the unit: on hand 1 + 2 units at stores, 5 at the DC, all year; the farm belongs to nobody
    assert drivers["carrying_cost", "carrying", "", "kind:store", ""] == pytest.approx(300.0)
    assert drivers["carrying_cost", "carrying", "", "kind:dc", ""] == pytest.approx(500.0)
    assert drivers["transport_cost", "transport", "kind:dc", "kind:store", ""] == pytest.approx(75.0)


@pytest.mark.parametrize("name", QUICK)
def test_every_line_of_every_shipped_scenario_is_the_sum_of_its_rates(name: str) -> None:
    scenario = chainsim.load(scenario_path(name)).scenario
    time = replace(scenario.time, warm_up=min(scenario.time.warm_up, 14.0), horizon=28.0)
    the_plan = compile_plan(replace(scenario, time=time), scenario.alternatives[0].name)
    measured, drivers, found = lines_and_drivers(the_plan, simulate(the_plan, 0, engine="simpy"))
    assert measured["carrying_cost"] > 0
    assert_allclose(list(billed(found, drivers).values()), list(measured.values()), rtol=1e-11)


@pytest.fixture(scope="module")
def everything() -> tuple[Plan, Record]:
    scenario = chainsim.load_text(EVERYTHING).scenario
    the_plan = compile_plan(scenario, "p")
    return the_plan, simulate(the_plan, 0, engine="simpy")


def test_rates_that_differ_are_told_apart_by_where_they_hold(everything: tuple[Plan, Record]) -> None:
    measured, drivers, found = lines_and_drivers(*everything)
    assert_allclose(list(billed(found, drivers).values()), list(measured.values()), rtol=1e-11)
    told = {(r.name, *r.place): (r.value, r.words.unit) for r in found.rates}
    assert told["carrying", "", "kind:dc", ""] == (0.15, "of value a year")
    assert told["carrying", "", "kind:plant; kind:store", ""] == (0.25, "of value a year")
    assert told["carrying", "", "kind:store", "milk"] == (0.01, "{currency} a unit and {time}")
    # two lanes of the same kinds of ends at different rates are two rates
    orders = [(r.place.target, r.value) for r in found.rates if r.name == "order" and r.place.origin == "kind:dc"]
    assert orders == [("east", 2.0), ("west", 3.0)]
    lost = {r.place[1:]: r.value for r in found.rates if r.name == "lost_sale"}
    assert lost == {("east", "tea"): 3.0, ("east", "milk"): 0.5, ("west", ""): 2.5}
    assert told["production", "", "kind:plant", ""][0] == 0.2
    assert measured["outdating_cost"] > 0


def test_another_rate_gives_the_cost_that_a_run_with_it_has(everything: tuple[Plan, Record]) -> None:
    """The order parameters are given, so the same things happen at any rate."""
    _, drivers, found = lines_and_drivers(*everything)
    dearer = EVERYTHING.replace("15% per year", "40% per year").replace("lost_sale: 2.5", "lost_sale: 9")
    the_plan = compile_plan(chainsim.load_text(dearer).scenario, "p")
    measured, again, other = lines_and_drivers(the_plan, simulate(the_plan, 0, engine="simpy"))
    assert list(again.values()) == pytest.approx(list(drivers.values()), rel=1e-12)
    moved = {0.15: 0.40, 2.5: 9.0}
    for rate, amount in zip(found.rates, drivers.values(), strict=True):
        measured[rate.line] -= moved.get(rate.value, rate.value) * amount
    assert list(measured.values()) == pytest.approx([0.0] * len(measured), abs=1e-8)
    assert [r.value for r in other.rates] != [r.value for r in found.rates]


def test_very_many_rates_are_one_factor(everything: tuple[Plan, Record], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tariff, "MOST_RATES", 1)
    measured, drivers, found = lines_and_drivers(*everything)
    assert_allclose(list(billed(found, drivers).values()), list(measured.values()), rtol=1e-11)
    carrying = [r for r in found.rates if r.name == "carrying"]
    assert [(r.value, r.words.unit, r.words.title) for r in carrying] == [
        (1.0, "× as run", "Carrying a unit, all rates")
    ]


def test_a_line_from_outside_is_a_factor(everything: tuple[Plan, Record], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KPIS, "_things", dict(KPIS.items()))

    @cost("counting_cost", title="Counting cost", definition="50 a year × mean stock on hand.")
    def counting_cost(view: View) -> np.ndarray[Any, Any]:
        return view.total(view.flow("on_hand_time") / view.window * 50.0)

    measured, drivers, found = lines_and_drivers(*everything)
    assert measured["counting_cost"] > 0
    assert_allclose(list(billed(found, drivers).values()), list(measured.values()), rtol=1e-11)
