"""Run-ahead: who may, who may not, and that nobody can tell afterwards. (Everything in `test_parity` runs without an event
log as well, and so with run-ahead wherever it is allowed.)"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from chainsim.engines import compiled_engine, simpy_engine
from chainsim.engines.compiled import ahead
from chainsim.engines.compiled.ahead import FAR, customers_ahead
from chainsim.engines.compiled.loops import loop_for
from chainsim.engines.compiled.state import State
from chainsim.engines.parity import first_difference
from chainsim.rules.happenings import (
    HAPPENINGS,
    Happening,
    crowded,
    nowhere,
    row_of,
    suppliers,
    yielding,
)
from chainsim.rules.phases import LEVELS_DUE, OUTDATE_DUE, RECEIVE
from tests.engines.cases import Document, plan_of, scenario
from tests.engines.features import FEATURES
from tests.engines.pair import difference

pytest.importorskip("numba")

CROWD: Document = {"type": "arrivals", "gap": {"dist": "exponential", "mean": 0.05}, "size": 1}
SAME_INSTANT: Document = {
    "type": "arrivals",
    "gap": {"dist": "discrete", "values": [0, 1], "probabilities": [0.7, 0.3]},
    "size": {"dist": "discrete_uniform", "low": 1, "high": 3},
}
DAILY: Document = {"type": "per_period", "quantity": {"dist": "poisson", "mean": 4}}
SELDOM: Document = {"type": "arrivals", "gap": {"dist": "exponential", "mean": 9}, "size": 2}
S_Q: Document = {"type": "s_Q", "reorder_point": 12, "order_quantity": 30}


def shop(demand: Document, policy: Document, **changes: Any) -> Document:
    """supplier → DC → two stores; the DC is short of stock now and then."""
    sites: Document = {"supplier": {"kind": "supplier"}, "dc": {"kind": "dc"}}
    sites |= {"north": {"kind": "store"}, "south": {"kind": "store"}}
    lanes: list[Document] = [{"from": "supplier", "to": "dc", "lead_time": {"dist": "gamma", "mean": 3, "cv": 0.5}}]
    ways: dict[str, Any] = {"north": 1, "south": {"dist": "gamma", "mean": 1, "cv": 0.8}}
    lanes += [{"from": "dc", "to": store, "lead_time": way} for store, way in ways.items()]
    customers = [{"site": s, "product": "p", "unmet": "backorder", **deepcopy(demand)} for s in ("north", "south")]
    return scenario(sites, lanes, customers, policy) | changes


@pytest.mark.parametrize("unmet", ["backorder", "lost"])
@pytest.mark.parametrize("demand", [CROWD, SAME_INSTANT, DAILY, SELDOM])
@pytest.mark.parametrize(
    "policy",
    [
        S_Q,
        S_Q | {"trigger": "below"},
        S_Q | {"watch": "level", "reorder_point": 4},
        {"type": "base_stock", "order_up_to_level": 25},
        {"type": "jit"},
        {"type": "kanban", "cards": 3, "container": 8},
        {"type": "R_S", "review_interval": 2, "order_up_to_level": 40},
        {"type": "R_S", "review_interval": 2, "order_up_to_level": 40, "review": "before_demand"},
    ],
    ids=lambda policy: "-".join(str(x) for x in policy.values()),
)
def test_nobody_can_tell(policy: Document, demand: Document, unmet: str, tmp_path: Path) -> None:
    """Also when more customers come between two reviews than are drawn ahead, and several at one instant."""
    plan = plan_of(shop(demand | {"unmet": unmet}, policy), tmp_path)
    assert (customers_ahead(plan) >= 0).sum() == 2
    for replication in range(3):
        plain = simpy_engine.simulate(plan, replication)
        ahead = compiled_engine.simulate(plan, replication)
        assert first_difference(plain, ahead, plan) is None
        assert plain.events == ahead.events


@pytest.mark.parametrize("demand", [SAME_INSTANT, DAILY])
@pytest.mark.parametrize(
    "review", [{}, {"review_interval": 1}, {"review_interval": 1, "review": "before_demand"}], ids=str
)
@pytest.mark.parametrize("lead_time", [0, {"dist": "discrete", "values": [0, 1, 4], "probabilities": [0.3, 0.4, 0.3]}])
def test_goods_that_come_after_the_demand_of_their_instant(
    lead_time: Any, review: Document, demand: Document, tmp_path: Path
) -> None:
    """An order whose lag ends is sent with the dispatches of that instant, after demand; without lead time it is there at
    once, and still finds that instant's customers gone."""
    document = shop(demand, {"type": "s_Q", "reorder_point": 4, "order_quantity": 5} | review)
    for lane in document["lanes"]:
        lane |= {"lead_time": lead_time, "order_lag": 1}
    plan = plan_of(document, tmp_path)
    assert (customers_ahead(plan) >= 0).sum() == 2
    for replication in range(3):
        plain = simpy_engine.simulate(plan, replication)
        assert first_difference(plain, compiled_engine.simulate(plan, replication), plan) is None


def test_customers_run_ahead(tmp_path: Path) -> None:
    """As far as they may, with 100 of them between two orders; beside an event log nobody does."""
    plan = plan_of(shop(CROWD, S_Q | {"order_quantity": 100}), tmp_path)
    loop, rules = loop_for(plan.rules)
    for logging, most in ((False, FAR), (True, 0)):
        state = State(plan, rules, logging=logging)
        compiled_engine.run(loop, state, 0)
        assert ((state.arrays["ahead_at"].reshape(-1, FAR) > 0).sum(axis=1) == most).all()
        assert (state.arrays["ahead"]["arrived"] == state.arrays["ahead"]["noted"]).all()


STOPS: dict[str, Document] = {
    "patience": {"demand": {"unmet": "patience", "patience": 2}},
    "an outage": {"disruptions": [{"type": "outage", "site": "dc", "start": 4, "duration": 2}]},
    "a lifetime": {"stock": [{"kind": "store", "lifetime": 5}]},
    "divisible units": {"products": {"p": {"unit_cost": 1, "unit_price": 2, "divisible": True}}},
}


@pytest.mark.parametrize("stop", STOPS)
def test_who_may_not(stop: str, tmp_path: Path) -> None:
    changes = dict(STOPS[stop])
    plan = plan_of(shop(DAILY | changes.pop("demand", {}), S_Q, **changes), tmp_path)
    assert (customers_ahead(plan) < 0).all()


def test_who_may_not_for_the_sake_of_others(tmp_path: Path) -> None:
    """Two streams of customers at one store, a store that supplies another, and stores whose DC watches them."""
    document = shop(DAILY, S_Q)
    document["demand"].append(document["demand"][0] | {"name": "others"})
    plan = plan_of(document, tmp_path)
    assert (customers_ahead(plan) >= 0).sum() == 1
    document = shop(DAILY, S_Q)
    document["sites"]["kiosk"] = {"kind": "store"}
    document["lanes"].append({"from": "south", "to": "kiosk", "lead_time": 1})
    document["demand"].append(document["demand"][0] | {"site": "kiosk"})
    plan = plan_of(document, tmp_path)
    ahead = {plan.layout.sites[plan.layout.site[p]] for p in (customers_ahead(plan) >= 0).nonzero()[0]}
    assert ahead == {"north", "kiosk"}
    plan = plan_of(shop(DAILY, {"type": "multi_echelon", "service_level": 0.9}), tmp_path)
    watched = plan.points["ancestors"][plan.customers["point"]] > 0
    assert ((customers_ahead(plan)[plan.customers["point"]] >= 0) == ~watched).all()


def left_out(monkeypatch: pytest.MonkeyPatch, disturbs: Any) -> None:
    """Run-ahead asks as if these happenings disturbed nobody."""
    rows = tuple(row._replace(disturbs=nowhere) if row.disturbs is disturbs else row for row in HAPPENINGS)
    assert rows != HAPPENINGS
    monkeypatch.setattr(ahead, "HAPPENINGS", rows)


@pytest.mark.parametrize(
    ("disturbs", "document"),
    [
        (crowded, FEATURES["transship, lost"]),
        (suppliers, FEATURES["reviews early"]),
        (yielding, FEATURES["yield lost"]),
        (row_of(OUTDATE_DUE).disturbs, FEATURES["lifetime 6, fifo"]),
        (row_of(LEVELS_DUE).disturbs, FEATURES["levels that follow a season"]),
    ],
    ids=["customers", "orders", "yields", "lifetimes", "levels"],
)
def test_a_clause_left_out_is_noticed_without_a_log_only(
    disturbs: Any, document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log switches run-ahead off: with one the engines agree whatever the table says, so that parity is asked without."""
    plan = plan_of(document, tmp_path)
    assert difference(plan) is None
    left_out(monkeypatch, disturbs)
    logged = [engine.simulate(plan, 0, log=True) for engine in (simpy_engine, compiled_engine)]
    assert first_difference(logged[0], logged[1], plan) is None
    assert difference(plan) is not None


def test_who_says_nothing_disturbs_everybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(shop(DAILY, S_Q), tmp_path)
    assert (customers_ahead(plan) >= 0).any()
    new = Happening(63, "stock point", RECEIVE)
    monkeypatch.setattr(ahead, "HAPPENINGS", (*HAPPENINGS, new))
    assert (customers_ahead(plan) < 0).all()
