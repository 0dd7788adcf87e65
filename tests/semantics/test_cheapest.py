"""`sourcing: cheapest` and `fastest`, by hand (docs/semantics.md, "Ordering")."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainsim.errors import ScenarioError
from chainsim.kpis import Scopes, View
from chainsim.kpis.lanes import LANE_KPIS
from chainsim.plan.compile import compile_plan
from chainsim.plan.derivation import derive_levels
from chainsim.plan.ground import same_but_for_prices
from chainsim.plan.network import Network
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import Record
from chainsim.record.stack import Records
from chainsim.scenario.load import load_text
from chainsim.study.isolation import isolate
from tests.properties.networks import Document, run

from .stage import HEAD, demand_rows, log_of, stage
from .test_terms import spent

SHOP = """
products: {p: {unit_cost: 10, unit_price: 20}}
sites: {near: {kind: supplier}, far: {kind: supplier}, shop: {kind: store}}
lanes:
  - {from: near, to: shop, NEAR}
  - {from: far, to: shop, FAR}
stock: [{site: shop, sourcing: RULE, initial: {on_hand: 20}}]
demand: [{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero}]
disruptions: [DOWN]
costs: {holding_cost: 0, in_transit_owner: none}
policies: {only: {type: R_S, review_interval: 1, order_up_to_level: 20}}
"""
BREAKS = "price_breaks: [{price: 9}, {from: 6, price: 7}]"
WANTED = [2.0, 6.0, 5.0, 7.0, 0.0]
"""What is demanded is ordered at once."""


def text(rule: str, near: str, far: str, down: str = "") -> str:
    written = {"RULE": rule, "NEAR": near, "FAR": far, "disruptions: [DOWN]": f"disruptions: [{down}]" if down else ""}
    body = SHOP
    for key, value in written.items():
        body = body.replace(key, value)
    return body


def orders(
    tmp_path: Path, rule: str, near: str, far: str, down: str = ""
) -> tuple[list[tuple[str, float]], Plan, Record]:
    """Where each order went, and how large it was."""
    demand_rows(tmp_path, WANTED)
    plan, record = stage(text(rule, near, far, down), horizon=len(WANTED), folder=tmp_path)
    assert violations(record, plan) == []
    origin = [plan.layout.sites[plan.layout.site[p]] for p in plan.lanes["origin"]]
    return [(origin[line.lane], line.quantity) for line in log_of(record, "request")], plan, record


def test_the_size_of_an_order_decides_which_source_is_cheapest(tmp_path: Path) -> None:
    """Near 10 a unit, far 12 an order and 9 a unit or 7 from 6 on, with 10 % duty. 2: 20 or 31.80; 6: 60 or 12 + 46.20; 5: 50 or
    61.50; 7: 70 or 12 + 53.90. So far has the 6 and the 7: two orders, 91 for 13 units, 9.10 of duty; 13 of 20 units came from there."""
    went, plan, record = orders(
        tmp_path, "cheapest", "lead_time: 0", f"lead_time: 0, order_cost: 12, duty: 10%, {BREAKS}"
    )
    assert went == [("near", 2.0), ("far", 6.0), ("near", 5.0), ("far", 7.0)]
    assert [spent(plan, record, id) for id in ("ordering_cost", "purchase_cost", "duty_cost")] == pytest.approx(
        [24.0, 91.0, 9.1]
    )
    view = View(Records.of([record]), plan, Scopes.of(plan.layout, "network"))
    share: Any = LANE_KPIS.get("lane_share").compute(view)
    assert sorted((share.numerator / share.denominator)[0].tolist()) == pytest.approx([7 / 20, 13 / 20])


def test_what_is_down_is_not_looked_at_unless_all_is(tmp_path: Path) -> None:
    """Far is cheapest for 6 and 7. While it is down the near source carries them; while both are, orders wait at the cheapest."""
    far = f"lead_time: 0, order_cost: 12, duty: 10%, {BREAKS}"
    away = "{type: outage, site: far, start: 1, duration: 1}"
    went, _, _ = orders(tmp_path, "cheapest", "lead_time: 0", far, away)
    assert went == [("near", 2.0), ("near", 6.0), ("near", 5.0), ("far", 7.0)]
    both = f"{away.replace('duration: 1', 'duration: 3')}, {{type: outage, site: near, start: 1, duration: 3}}"
    went, _, _ = orders(tmp_path, "cheapest", "lead_time: 0", far, both)
    assert went == [("near", 2.0), ("far", 6.0), ("near", 5.0), ("far", 7.0)]


def test_freight_shipments_and_whole_vehicles_count(tmp_path: Path) -> None:
    """Near 1.50 a unit and 1 a shipment; far a vehicle of 5 for 8. 2: 4 or 8; 6: 10 or 16; 5: 8.50 or 8; 7: 11.50 or 16."""
    went, _, _ = orders(
        tmp_path,
        "cheapest",
        "lead_time: 0, unit_cost: 1.5, shipment_cost: 1",
        "lead_time: 0, vehicle: {capacity: 5, cost: 8}",
    )
    assert went == [("near", 2.0), ("near", 6.0), ("far", 5.0), ("near", 7.0)]


def test_equals_go_to_the_first_by_priority(tmp_path: Path) -> None:
    """3 × 0.7 and 3 × 0.1 + 3 × 0.6 differ in the last digit in a computer, and are the same money."""
    for first, second in ((1, 2), (2, 1)):
        near, far = f"lead_time: 0, priority: {first}, unit_cost: 0.7", f"lead_time: 0, priority: {second}, duty: 7%"
        went, _, _ = orders(tmp_path, "cheapest", near, far)
        assert {site for site, _ in went} == {"near" if first == 1 else "far"}


def test_the_quickest_source_that_is_up(tmp_path: Path) -> None:
    """Near: 2 and a wait for the daily departure of half a day on average; far 2.4, and down at 2."""
    went, _, _ = orders(
        tmp_path,
        "fastest",
        "lead_time: 2, departures: {every: 1}",
        "lead_time: {dist: uniform, low: 0.4, high: 4.4}",
        "{type: outage, site: far, start: 2, duration: 1}",
    )
    assert [site for site, _ in went] == ["far", "far", "near", "far"]


def test_made_or_bought(tmp_path: Path) -> None:
    """Bought at 10; made of two parts of 3 for 2, and 5 an order: 2 units 20 or 21, 6 units 60 or 53."""
    body = text("cheapest", "lead_time: 0", "lead_time: 0").replace(
        "- {from: far, to: shop,", "- {from: far, to: shop, products: [c],"
    )
    body = body.replace("from: near, to: shop,", "from: near, to: shop, products: [p],").replace(
        "unit_price: 20}}", "unit_price: 20, made_of: {c: 2}}, c: {unit_cost: 3}}"
    )
    body = body.replace(
        "shop: {kind: store}", "shop: {kind: store, production: {lead_time: 0, order_cost: 5, unit_cost: 2}}"
    )
    body = body.replace(
        "stock: [{site: shop,", "stock: [{site: shop, product: c, initial: {on_hand: 20}}, {site: shop, product: p,"
    )
    demand_rows(tmp_path, WANTED)
    plan, record = stage(body, horizon=len(WANTED), folder=tmp_path)
    made = [j for j, lane in enumerate(plan.lanes) if lane["origin"] < 0]
    assert record.closing["lanes"]["ordered"][made].tolist() == [6.0 + 5.0 + 7.0]  # 5: 50 or 5 + 40


@pytest.mark.parametrize(
    ("near", "far", "rule", "said"),
    [
        ("lead_time: 0", "lead_time: 1", "cheapest", "nothing tells the sources of 'p' at 'shop' apart"),
        ("lead_time: 1, unit_cost: 3", "lead_time: 1", "fastest", "nothing tells the sources of 'p' at 'shop' apart"),
        ("lead_time: 0, unit_cost: 1", "lead_time: 0", "cheapest", ""),
        ("lead_time: 0, price_breaks: [{price: 9}]", "lead_time: 0, price_breaks: [{price: 8}]", "cheapest", ""),
    ],
)
def test_sources_that_nothing_tells_apart(tmp_path: Path, near: str, far: str, rule: str, said: str) -> None:
    demand_rows(tmp_path, WANTED)
    scenario = load_text(
        HEAD.replace("HORIZON", "5").replace("REVIEW", "after_demand") + text(rule, near, far), "case.yaml", tmp_path
    )
    assert [w.message.startswith(said) for w in scenario.warnings if "apart" in w.message] == ([True] if said else [])


def test_a_price_here_and_none_there(tmp_path: Path) -> None:
    """Without a worth the other source would be free; with one, its goods are not in the total cost, as those with a price are."""
    demand_rows(tmp_path, WANTED)
    head = HEAD.replace("HORIZON", "5").replace("REVIEW", "after_demand")
    for near, warned in (("lead_time: 0", True), ("lead_time: 0, price_breaks: [{price: 10}]", False)):
        scenario = load_text(head + text("cheapest", near, f"lead_time: 0, {BREAKS}"), "case.yaml", tmp_path)
        assert any("looks cheaper than it is" in warning.message for warning in scenario.warnings) == warned
    with pytest.raises(ScenarioError, match="another would be free"):
        stage(
            text("cheapest", "lead_time: 0", f"lead_time: 0, {BREAKS}").replace("unit_cost: 10", "unit_cost: 0"),
            folder=tmp_path,
        )


def test_levels_take_the_source_of_large_orders_and_say_that_there_are_several(tmp_path: Path) -> None:
    """For large orders far is cheaper: 7.70 a unit. The level is that of its lead time."""
    demand_rows(tmp_path, WANTED)
    body = text("cheapest", "lead_time: 0", f"lead_time: 4, order_cost: 12, duty: 10%, {BREAKS}")
    body = body.replace("order_up_to_level: 20", "service_level: 0.9")
    scenario = load_text(HEAD.replace("HORIZON", "5").replace("REVIEW", "after_demand") + body, "case.yaml", tmp_path)
    plan = compile_plan(scenario, "only")
    assert plan.points["sourcing"].max() == 4
    [point] = derive_levels(scenario)["only"].facts.points
    assert point.lead_mean == 4.0
    assert "several sources" in point.unknown


def test_a_stock_point_by_itself_chooses_as_it_does_in_its_network(tmp_path: Path) -> None:
    """Levels are corrected on it: its prices come along, and other prices are another ground."""
    demand_rows(tmp_path, WANTED)
    far = f"lead_time: 4, order_cost: 12, duty: 10%, shipment_cost: 3, unit_cost: 0.5, {BREAKS}"
    head = HEAD.replace("HORIZON", "5").replace("REVIEW", "after_demand")
    whole, dearer = (
        load_text(head + text("cheapest", near, far), "case.yaml", tmp_path)
        for near in ("lead_time: 0, unit_cost: 2", "lead_time: 0")
    )
    network = Network(whole)
    isolated = isolate(whole, network, network.index["shop", "p"], whole.alternatives[0].rules["shop", "p"])
    assert isolated is not None
    alone = Network(isolated.scenario)
    assert (
        sorted(map(alone.weight, range(2)))
        == sorted(map(network.weight, range(2)))
        == [(0, 12, 0, 0), (15, 0.5, 1.1, 0)]
    )
    assert not same_but_for_prices(whole, dearer)
    first = [replace(one, points=tuple(replace(p, sourcing="first") for p in one.points)) for one in (whole, dearer)]
    assert same_but_for_prices(*first)


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_order_could_have_been_had_for_less(data: st.DataObject) -> None:
    """Of every order that any of the sources could have had while all were up, the landed cost by the words of the manual."""
    money = st.sampled_from([0.0, 0.5, 2.0, 7.0])
    lanes: list[Document] = []
    for k, site in enumerate(("a", "b", "c")):
        lane: Document = {
            "from": site,
            "to": "shop",
            "lead_time": k,
            "order_cost": data.draw(money),
            "unit_cost": data.draw(money),
        }
        lane |= {"shipment_cost": data.draw(money), "duty": data.draw(st.sampled_from([0.0, 0.25]))}
        if data.draw(st.booleans()):
            lane["price_breaks"] = [{"price": 6}, {"from": 4, "price": data.draw(st.sampled_from([5, 3, 1]))}]
            lane["discount"] = data.draw(st.sampled_from(["all_units", "incremental"]))
        if data.draw(st.booleans()):
            lane["vehicle"] = {"capacity": 3, "cost": data.draw(money)}
        lanes.append(lane)
    document: Document = {
        "chainsim": 1, "title": "t", "time": {"unit": "period", "horizon": 40, "bucket": 1}, "replications": 1, "seed": 3,
        "products": {"p": {"unit_cost": 5}},
        "sites": {"a": {"kind": "supplier"}, "b": {"kind": "supplier"}, "c": {"kind": "supplier"}, "shop": {"kind": "store"}},
        "lanes": lanes, "stock": [{"site": "shop", "sourcing": "cheapest"}],
        "demand": [{"site": "shop", "product": "p", "quantity": {"dist": "poisson", "mean": 4}}],
        "policies": {"only": {"type": "R_S", "review_interval": 1, "order_up_to_level": 15}},
    }  # fmt: skip
    plan, record = run(document)
    origin = [plan.layout.sites[plan.layout.site[p]] for p in plan.lanes["origin"]]
    placed = [(origin[line.lane], line.quantity) for line in log_of(record, "request")]
    assert len(placed) > 20
    by_site = {lane["from"]: lane for lane in lanes}
    for site, quantity in placed:
        assert _landed(by_site[site], quantity) <= min(_landed(lane, quantity) for lane in lanes) * (1 + 1e-8)


def _landed(lane: Document, units: float) -> float:
    goods = 5.0 * units
    if "price_breaks" in lane:
        dear, cheap = (step["price"] for step in lane["price_breaks"])
        if lane["discount"] == "incremental":
            goods = dear * min(units, 4) + cheap * max(units - 4, 0)
        else:
            goods = (cheap if units >= 4 else dear) * units
    vehicles = -(-units // 3) * lane["vehicle"]["cost"] if "vehicle" in lane else 0.0
    return float(
        goods * (1 + lane["duty"]) + lane["unit_cost"] * units + lane["order_cost"] + lane["shipment_cost"] + vehicles
    )
