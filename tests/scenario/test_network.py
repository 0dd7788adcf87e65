"""The network, its rules and policies (RELIABILITY C and D): each check on both sides."""

from __future__ import annotations

import pytest

from chainsim.scenario.model_changes import Surge

from .samples import GROCER, MINIMAL, changed, error, errors, load, warnings

LANE = "  - {from: farm, to: store, lead_time: 2}\n"
STORE = "  store: {kind: store}\n"
DEMAND = "  - {site: store, product: soup, quantity: {dist: poisson, mean: 5}}\n"
POLICY = "  up_to: {type: base_stock, order_up_to_level: 20}\n"


def with_lines(*, sites: str = "", lanes: str = "", stock: str = "", demand: str = "", rest: str = "") -> str:
    text = MINIMAL.replace(STORE, STORE + sites).replace(LANE, LANE + lanes).replace(DEMAND, DEMAND + demand)
    return text + (f"stock:\n{stock}" if stock else "") + rest


def said(text: str) -> list[str]:
    return [f"{f.path}: {f.message}" for f in errors(text)]


REFUSED = {
    "cycle": (
        with_lines(
            sites="  b: {kind: dc}\n  a: {kind: dc}\n",
            lanes="  - {from: b, to: a, lead_time: 1, products: soup}\n  - {from: a, to: b, lead_time: 1, products: soup}\n",
        ),
        "lanes[2]: the lanes of 'soup' run in a cycle: a → b → a",
    ),
    "cycle that nothing supplies": (
        MINIMAL.replace("sites:\n", "sites:\n  b: {kind: dc}\n  a: {kind: dc}\n").replace(
            LANE,
            "  - {from: b, to: a, lead_time: 1}\n  - {from: a, to: b, lead_time: 1}\n"
            "  - {from: a, to: store, lead_time: 1}\n",
        ),
        "lanes[1]: the lanes run in a cycle: a → b → a",
    ),
    "self-loop": (with_lines(lanes="  - {from: store, to: store, lead_time: 1, products: soup}\n"), "store → store"),
    "no supply": (MINIMAL.replace(LANE, "  []\n"), "demand[0]: nothing supplies 'soup' at 'store'"),
    "unknown site": (MINIMAL.replace("to: store", "to: stroe"), "unknown site 'stroe' (did you mean 'store'?)"),
    "unknown product": (MINIMAL.replace("product: soup", "product: soap"), "unknown product 'soap' (did you mean 'soup'?)"),
    "unknown kind": (MINIMAL.replace("to: store", "to: {kind: stores}"), "lanes[0].to.kind: unknown kind 'stores'"),
    "unknown group": (with_lines(stock="  - {group: nort, backorder: 1}\n"), "unknown group 'nort'"),
    "composed and decomposed": (with_lines(sites="  café: {kind: dc}\n  cafe\u0301: {kind: dc}\n"), "differ only in"),
    "other case": (with_lines(sites="  STORE: {kind: dc}\n"), "'STORE' and 'store' (line 8) differ only in"),
    "trailing space": (with_lines(sites="  'dc ': {kind: dc}\n"), "begins or ends with space"),
    "name of a copy": (with_lines(sites="  s-1: {kind: dc}\n  s: {kind: dc, copies: 2}\n"), "both give a site called 's-1'"),
    "site like a group in tables": (with_lines(sites="  'group:north': {kind: dc}\n"), "'group:north' is how tables name a group"),
    "site like a kind in tables": (with_lines(sites="  'kind:dc': {kind: dc}\n"), "begins with neither kind: nor group:"),
    "product like a group in tables": (
        MINIMAL.replace("  soup: {", "  'group:A': {unit_cost: 1}\n  soup: {"), "'group:A' is how tables name a group"
    ),
    "group like a site": (with_lines(sites="  s: {kind: dc, groups: [store]}\n"), "both a site and a group"),
    "demand at a supplier": (with_lines(demand="  - {site: farm, product: soup, quantity: 1}\n"), "'farm' is a supplier"),
    "lane to a supplier": (with_lines(lanes="  - {from: store, to: farm, lead_time: 1, products: soup}\n"), "is a supplier"),
    "supplier that makes": (MINIMAL.replace("{kind: supplier}", "{kind: supplier, production: {lead_time: 1}}"), "need not"),
    "same lane twice": (with_lines(lanes=LANE, stock="  - {sourcing: first}\n"), "a second lane farm → store of 'soup'"),
    "several sources": (
        with_lines(sites="  far: {kind: supplier}\n", lanes="  - {from: far, to: store, lead_time: 9}\n"),
        "has several sources (far, farm): say how they are used",
    ),
    "shares above 1": (
        with_lines(
            sites="  far: {kind: supplier}\n",
            lanes="  - {from: far, to: store, lead_time: 9, share: 0.5}\n",
            stock="  - {sourcing: split}\n",
        ),
        "add up to 1.5 but must add up to 1",
    ),
    "share without split": (MINIMAL.replace("lead_time: 2}", "lead_time: 2, share: 0.5}"), "have no effect without"),
    "pairing unsaid": (
        MINIMAL.replace(STORE, "  store: {kind: store, copies: 2}\n").replace("{kind: supplier}", "{kind: supplier, copies: 2}"),
        "lanes[0].pair: 2 origins and 2 targets: say how they pair",
    ),
    "periods of days": (MINIMAL.replace("unit: day", "unit: day, periods_per_year: 52"), "goes with unit: period"),
    "patience": (MINIMAL.replace("mean: 5}}", "mean: 5}, unmet: patience}"), "demand[0].unmet: `unmet: patience` needs"),
    "patience unasked": (MINIMAL.replace("mean: 5}}", "mean: 5}, patience: 3}"), "customers who are backorder"),
    "season": (MINIMAL.replace("mean: 5}}", "mean: 5}, season: {weekly: [1, 2]}}"), "has 2 factors but must have 7"),
    "two streams": (with_lines(demand=DEMAND), "store / soup has another demand 'per_period', demand[0]"),
    "all or nothing": (
        MINIMAL.replace("mean: 5}}", "mean: 5}, fill: all_or_nothing}").replace(STORE, "  store: {kind: store, allocation: linear}\n"),
        "all_or_nothing cannot be kept",
    ),
    "margin": (MINIMAL.replace("unit_price: 5", "unit_price: 2").replace("mean: 5}}", "mean: 5}, unmet: lost}") + "costs: {lost_sale: margin}\n", "unit_price (2) is not above its unit_cost (2)"),
    "no price": (MINIMAL.replace(", unit_price: 5", "").replace("mean: 5}}", "mean: 5}, unmet: lost}") + "costs: {lost_sale: margin}\n", "it has no unit_price"),
    "order sizes": (with_lines(stock="  - {site: store, minimum_order: 11, maximum_order: 10}\n"), "more than maximum_order (10)"),
    "initial from nowhere": (with_lines(sites="  far: {kind: supplier}\n", stock="  - {site: store, initial: {shipments: [{from: far, quantity: 2}]}}\n"), "no lane of 'soup' from 'far' to 'store'"),
    "an order to oneself": (
        with_lines(sites="  works: {kind: plant, production: {lead_time: 1, products: [soup]}}\n", lanes="  - {from: works, to: store, lead_time: 1, priority: 2}\n",
                   stock="  - {sourcing: first}\n  - {site: works, initial: {orders: [{from: works, quantity: 2}]}}\n"),
        "stock[1].initial.orders: 'works' makes 'soup' itself",
    ),
    "half a unit": (with_lines(stock="  - {site: store, initial: {on_hand: 2.5}}\n"), "comes in whole units"),
    "equal stock rules": (with_lines(stock="  - {kind: store, backorder: 1}\n  - {kind: store, backorder: 2}\n"), "stock[1].backorder: store / soup: stock[0] gives it too"),
    "two selectors": (with_lines(stock="  - {kind: store, site: store, backorder: 1}\n"), "one of site, kind and group"),
    "equal policy rules": (
        MINIMAL.replace("20}", "20, rules: [{kind: store, type: jit}, {kind: store, type: jit, buffer: 2}]}"),
        "policies.up_to.rules[1]: store / soup: policies.up_to.rules[0] is as specific",
    ),
    "s above S": (MINIMAL.replace("type: base_stock, order_up_to_level: 20", "type: s_S, reorder_point: 21, order_up_to_level: 20"), "reorder_point"),
    "machines and capacity": (
        with_lines(sites="  plant: {kind: plant, production: {lead_time: 1, capacity: 3, machines: 2, unit_time: 1}}\n"),
        "give capacity or machines, not both",
    ),
    "outage of nothing": (with_lines(rest="disruptions: [{type: outage, start: 3, duration: 2}]\n"), "either a site or a lane"),
    "outage without end": (with_lines(rest="disruptions: [{type: outage, site: store, start: 3, duration: 9, every: 9}]\n"), "comes back every 9"),
    "nobody buys": (MINIMAL.replace("demand:\n" + DEMAND, "demand: []\n"), "nobody buys"),
    "short history": (MINIMAL.replace("quantity: {dist: poisson, mean: 5}", "type: history, file: d.csv"), "no folder"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    text, message = REFUSED[case]
    assert any(message in line for line in said(text)), said(text)


ACCEPTED = {
    "s = S": MINIMAL.replace(
        "type: base_stock, order_up_to_level: 20", "type: s_S, reorder_point: 20, order_up_to_level: 20"
    ),
    "warm-up": MINIMAL.replace("warm_up: 10", "warm_up: 99.9"),
    "order sizes": with_lines(stock="  - {site: store, minimum_order: 10, maximum_order: 10}\n"),
    "named lanes": with_lines(
        lanes="  - {from: farm, to: store, lead_time: 1, name: air}\n", stock="  - {sourcing: first}\n"
    ),
    "named streams": with_lines(demand="  - {site: store, product: soup, name: b, quantity: 1}\n"),
    "more specific": with_lines(stock="  - {kind: store, backorder: 1}\n  - {site: store, backorder: 2}\n"),
    "different keys": with_lines(stock="  - {kind: store, backorder: 1}\n  - {kind: store, minimum_order: 2}\n"),
    "outage": with_lines(rest="disruptions: [{type: outage, site: store, start: 3, duration: 9, every: 9.5}]\n"),
    "all or nothing": MINIMAL.replace("mean: 5}}", "mean: 5}, fill: all_or_nothing}"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted(case: str) -> None:
    assert said(ACCEPTED[case]) == []


def test_shares_within_rounding_are_normalised() -> None:
    far = "".join(f"  s{i}: {{kind: supplier}}\n" for i in range(6))
    shares = [0.1, 0.2, 0.3, 0.1, 0.2, 0.1]
    lanes = "".join(f"  - {{from: s{i}, to: store, lead_time: 1, share: {x}}}\n" for i, x in enumerate(shares))
    scenario = load(with_lines(sites=far, lanes=lanes, stock="  - {sourcing: split}\n").replace(LANE, ""))
    assert sum(shares) != 1.0
    assert sum(lane.share for lane in scenario.lanes) == pytest.approx(1.0, abs=1e-15)


WARNED = {
    "idle site": (with_lines(sites="  far: {kind: dc}\n"), "sites.far: nobody asks for stock at 'far'"),
    "long lead time": (MINIMAL.replace("lead_time: 2", "lead_time: 101"), "longer than the horizon (100)"),
    "dear money": (MINIMAL + "costs: {carrying_rate: 25% per day}\n", "9125% of the value per year"),
    "warm-up": (MINIMAL.replace("warm_up: 10", "warm_up: 200"), "longer than what is counted after it (horizon 100)"),
    "just in time": (MINIMAL.replace("type: base_stock, order_up_to_level: 20", "type: jit"), "keeps no stock for"),
    "wide normal": (MINIMAL.replace("dist: poisson, mean: 5", "dist: normal, mean: 5, sd: 9"), "cut at 0"),
    "overload": (
        MINIMAL.replace(STORE, "  store: {kind: store, production: {lead_time: 1, capacity: 4}}\n").replace(
            LANE, "  []\n"
        ),
        "utilisation 1.25: 5 units per day are asked of 'store'",
    ),
}


@pytest.mark.parametrize("case", WARNED)
def test_warned(case: str) -> None:
    text, message = WARNED[case]
    assert any(message in line for line in warnings(text)), warnings(text)


def test_sound_scenarios_give_no_warning() -> None:
    assert warnings(MINIMAL) == []
    assert warnings(GROCER) == []


def test_utilisation_counts_all_stores_below() -> None:
    """12 stores ask for 20 soup and 20 + tea a day: 240 + 12 x 20 x (season mean 1): 480 of 400."""
    found = warnings(GROCER.replace("500 per day", "400 per day"))
    assert len(found) == 1
    assert "utilisation 1.2" in found[0]


def test_copies_and_groups() -> None:
    scenario = load(GROCER)
    stores = [site for site in scenario.sites if site.kind == "store"]
    assert [site.name for site in stores][:3] == ["store-1", "store-2", "store-3"]
    assert stores[-1].name == "store-12"
    assert stores[-1].base == "store"
    assert stores[-1].groups == ("north",)


def test_spread_gives_each_origin_an_equal_block() -> None:
    text = changed(STORE, "  store: {kind: store, copies: 5}\n").replace(
        "{kind: supplier}", "{kind: supplier, copies: 2}"
    )
    text = text.replace("lead_time: 2}", "lead_time: 2, pair: spread}")
    pairs = [(lane.origin, lane.target) for lane in load(text).lanes]
    assert pairs == [
        ("farm-1", "store-1"),
        ("farm-1", "store-2"),
        ("farm-1", "store-3"),
        ("farm-2", "store-4"),
        ("farm-2", "store-5"),
    ]


def test_the_most_specific_stock_rule_wins_key_by_key() -> None:
    points = {(p.site, p.product): p for p in load(GROCER).points}
    assert points[("store-1", "soup")].on_hand == 100
    assert points[("store-3", "soup")].on_hand == 60
    assert points[("store-3", "soup")].shipments[0].origin == "dc"
    assert points[("store-3", "tea")].on_hand == 100
    assert points[("dc", "soup")].on_hand is None
    assert points[("dc", "tea")].holding_cost == pytest.approx(4 * 0.25 / 365)  # the rule's rate, not the file's
    assert points[("dc", "tea")].lost_sale_cost == 3


def test_the_most_specific_policy_rule_wins() -> None:
    mixed = load(GROCER).alternatives[1]
    kinds = {point: type(rule.policy).__name__ for point, rule in mixed.rules.items()}
    assert kinds[("store-1", "tea")] != kinds[("dc", "tea")] != kinds[("dc", "soup")]
    assert mixed.rules[("store-1", "tea")].policy is mixed.rules[("store-9", "soup")].policy  # one rule, one object
    assert mixed.rules[("store-1", "tea")].offset == "random"
    assert set(mixed.rules) == {(p.site, p.product) for p in load(GROCER).points}


def test_surges_are_folded_into_the_streams_they_meet() -> None:
    surges = {(d.site, d.product): d.surges for d in load(GROCER).demands}
    assert surges[("store-1", "soup")] == (Surge(250, 14, 2),)
    assert surges[("store-1", "tea")] == surges[("store-2", "soup")] == ()


def test_lanes_carry_by_default_what_is_there_and_needed() -> None:
    text = MINIMAL.replace("  soup: {", "  tea: {}\n  soup: {")
    assert {lane.product for lane in load(text).lanes} == {"soup"}
    assert {p.product for p in load(text).points} == {"soup"}


def test_a_chain_of_thousands_does_not_exhaust_the_stack() -> None:
    n = 3000
    sites = "".join(f"  d{i}: {{kind: dc}}\n" for i in range(n))
    lanes = "".join(f"  - {{from: d{i}, to: d{i + 1}, lead_time: 1}}\n" for i in range(n - 1))
    text = MINIMAL.replace(
        LANE, f"  - {{from: farm, to: d0, lead_time: 1}}\n{lanes}  - {{from: d{n - 1}, to: store, lead_time: 1}}\n"
    )
    assert len(load(text.replace(STORE, STORE + sites)).lanes) == n + 1


def test_one_error_is_one_finding() -> None:
    assert error(REFUSED["unknown site"][0]).where.line == 10


def test_the_just_in_time_warning_speaks_of_the_source_that_is_used() -> None:
    text = changed(
        "  - {from: farm, to: store, lead_time: 2}",
        "  - {from: farm, to: store, name: near, lead_time: 3, priority: 1}\n"
        "  - {from: farm, to: store, name: far, lead_time: 30, priority: 2}\n"
        "stock: [{kind: store, sourcing: priority}]",
    ).replace("type: base_stock, order_up_to_level: 20", "type: jit")
    (warning,) = load(text).warnings
    assert "over a lead time of 3 days" in warning.message
    (warning,) = load(text.replace("sourcing: priority", "sourcing: expedite, expedite_up_to: 4")).warnings
    assert "over a lead time of 30 days" in warning.message
