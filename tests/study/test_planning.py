"""Plans of scenarios that follow one another: what was kept of one changes nothing of the next."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.data import scenario_path
from chainsim.plan import ground
from chainsim.plan.derivation import derive_levels
from chainsim.plan.ground import ground_of
from chainsim.plan.plan import Plan
from chainsim.policies.base_stock import BaseStock
from chainsim.scenario.model import Scenario
from chainsim.study.foreseen import foreseen
from chainsim.study.planning import Planner, sharing

CHANGES: list[dict[str, Any]] = [
    {"costs.carrying_rate": "40% per year"},
    {"costs.carrying_rate": "10% per year", "targets.fill_rate": 0.9},
    {"lanes[plant->dc].order_cost": 20},
    {"lanes[plant->dc].lead_time": 9},
    {"costs.carrying_rate": "15% per year", "policies[s_Q].fill_rate": 0.99},
    {"costs.charge": "bucket_ends"},
]


def grocer(changes: dict[str, Any]) -> Scenario:
    return chainsim.load(scenario_path("grocer")).with_(changes).scenario


def alike(one: Plan, other: Plan) -> bool:
    for field in fields(Plan):
        here, there = getattr(one, field.name), getattr(other, field.name)
        if field.name in ("money", "streams", "layout"):
            pairs = [(getattr(here, f.name), getattr(there, f.name)) for f in fields(here)]
        else:
            pairs = [(here, there)]
        for a, b in pairs:
            equal = a.tobytes() == b.tobytes() if isinstance(a, np.ndarray) else a == b
            if not equal:
                return False
    return True


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: ", ".join(changes))
def test_plans_after_another_scenario_are_those_of_a_first_look(changes: dict[str, Any]) -> None:
    busy, scenario = Planner(), grocer(changes)
    base = busy.plans(grocer({}))
    for one, other in zip(busy.with_levels(scenario, base), Planner().with_levels(scenario, base), strict=True):
        assert alike(one, other)
    for one, other in zip(busy.plans(scenario).plans, Planner().plans(scenario).plans, strict=True):
        assert alike(one, other)


def test_what_no_price_changes_is_shared() -> None:
    before = ground_of(grocer({}))
    dearer, slower = grocer({"costs.carrying_rate": "40% per year"}), grocer({"lanes[plant->dc].lead_time": 9})
    assert ground_of(dearer, known=before).lanes is before.lanes
    assert (ground_of(dearer, known=before).money.holding > before.money.holding).any()
    assert ground_of(slower, known=before).lanes is not before.lanes


def test_facts_at_other_prices_are_those_of_a_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ground_of(grocer({}))
    for alternative in before.scenario.alternatives:
        before.facts_of(alternative)
    dearer = grocer({"costs.carrying_rate": "40% per year", "targets.fill_rate": 0.9})
    known, first = ground_of(dearer, known=before), ground_of(dearer)
    expected = [first.facts_of(alternative) for alternative in dearer.alternatives]
    monkeypatch.setattr(ground, "network_facts", None)  # from here on nothing is gathered anew
    assert [known.facts_of(alternative) for alternative in dearer.alternatives] == expected


RATES = ["15% per year", "25% per year", "25.5% per year", "60% per year"]
SEVERAL: dict[str, Any] = {
    "chainsim": 1,
    "title": "Seasons, lost sales, a surprise and an outage",
    "time": {"unit": "day", "warm_up": 28, "horizon": 364, "bucket": "4 weeks"},
    "products": {"tea": {"unit_cost": 2, "unit_price": 3}, "rice": {"unit_cost": 5, "unit_price": 9}},
    "sites": {"source": {"kind": "supplier"}, "dc": {"kind": "dc"}, "store": {"kind": "store", "copies": 3}},
    "lanes": [
        {"from": "source", "to": "dc", "lead_time": {"dist": "gamma", "mean": 4, "cv": 0.3}, "order_cost": 6},
        {"from": "dc", "to": "store", "lead_time": 1, "order_cost": 2},
    ],
    "stock": [{"kind": "store", "product": "tea", "order_multiple": 5}],
    "demand": [
        {
            "site": "store", "product": ["tea", "rice"], "quantity": {"dist": "poisson", "mean": 6}, "unmet": "lost",
            "season": {"weekly": [0.8, 0.8, 0.9, 1.0, 1.2, 1.5, 0.8]},
        },
    ],
    "disruptions": [
        {"type": "surge", "site": "store-1", "product": "tea", "start": 100, "duration": "2 weeks", "factor": 1.8},
        {"type": "outage", "site": "source", "start": 200, "duration": "3 weeks"},
    ],
    "costs": {"currency": "EUR", "carrying_rate": "25% per year", "lost_sale": "margin"},
    "targets": {"fill_rate": 0.95},
    "policies": {
        "s_S": {"type": "s_S", "review_interval": "1 day"},
        "R_S": {"type": "R_S", "review_interval": "1 week"},
        "EOQ": {"type": "eoq", "review_interval": "1 day"},
        "me": {"type": "multi_echelon", "review_interval": "1 day"},
    },
}  # fmt: skip


def test_a_sweep_over_prices_plans_each_point_as_a_first_look_does() -> None:
    busy, study = Planner(), chainsim.load_dict(SEVERAL)
    for rate in RATES:
        scenario = study.with_({"costs.carrying_rate": rate}).scenario
        known, first = busy.plans(scenario), Planner().plans(scenario)
        for one, other in zip(known.plans, first.plans, strict=True):
            assert alike(one, other), (rate, one.policy)


def test_levels_that_no_price_moves_are_derived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    planner, study = Planner(), chainsim.load_dict(SEVERAL)
    before = planner.plans(study.scenario).levels["R_S"]
    monkeypatch.setattr(BaseStock, "settings", None)  # from here on none can be derived
    after = planner.plans(study.with_({"costs.carrying_rate": "40% per year"}).scenario).levels["R_S"]
    assert after == before
    with pytest.raises(TypeError):
        planner.plans(study.with_({"lanes[dc->store].lead_time": 2}).scenario)


def test_a_surprise_is_in_no_fact() -> None:
    """So that short simulations, which know of none, correct the levels that are derived with them."""
    scenario = chainsim.load_dict(SEVERAL).scenario
    seen = foreseen(scenario)
    assert seen.outages == ()
    assert not any(demand.surges for demand in seen.demands)
    with_them, without = derive_levels(scenario), derive_levels(seen)
    for name in with_them:
        assert with_them[name].facts == without[name].facts
        assert with_them[name].levels == without[name].levels
    known = chainsim.load_dict({**SEVERAL, "disruptions": [{**one, "known": True} for one in SEVERAL["disruptions"]]})
    assert foreseen(known.scenario) is known.scenario
    assert derive_levels(known.scenario)["R_S"].facts != with_them["R_S"].facts


def test_a_scenario_made_of_the_parts_of_another_is_itself() -> None:
    one, other = grocer({}), grocer({"lanes[plant->dc].lead_time": 9})
    made = sharing(other, one)
    assert made == other
    assert made.demands is one.demands
    assert made.lanes is other.lanes
    assert made.document == other.document
