"""Bills of materials and work centres in the scenario file: what they mean, and what is refused, where and with which cure."""

from __future__ import annotations

import pytest
import yaml

from chainsim.plan.network import Network
from chainsim.scenario.model import Scenario

from .samples import error, errors, load, warnings

BIKES = """\
chainsim: 1
title: Bikes
time: {unit: day, warm_up: 10, horizon: 100}
products:
  bike: {unit_price: 400, made_of: {frame: 1, wheel: 2}}
  frame: {unit_cost: 60}
  wheel: {unit_cost: 10}
sites:
  maker: {kind: supplier}
  plant: {kind: plant, production: {lead_time: 1, unit_cost: 5}}
  shop: {kind: store}
lanes:
  - {from: maker, to: plant, lead_time: 3}
  - {from: plant, to: shop, lead_time: 1}
demand:
  - {site: shop, product: bike, quantity: {dist: poisson, mean: 5}}
policies:
  up_to: {type: base_stock, service_level: 0.95, review_interval: 1}
"""


def bikes(*pairs: tuple[str, str]) -> str:
    text = BIKES
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def carried(scenario: Scenario) -> list[tuple[str, str, str]]:
    return [(lane.origin, lane.target, lane.product) for lane in scenario.lanes]


def test_a_plant_makes_what_has_a_bill_and_its_suppliers_bring_the_components() -> None:
    scenario = load(BIKES)
    assert carried(scenario) == [("maker", "plant", "frame"), ("maker", "plant", "wheel"), ("plant", "shop", "bike")]
    [plant] = [site for site in scenario.sites if site.name == "plant"]
    assert plant.production[0].products == ("bike",)
    assert plant.production[0].bill("bike") == (("frame", 1.0), ("wheel", 2.0))
    assert warnings(BIKES) == []  # components are asked for by what is made of them


def test_a_product_is_worth_its_components_and_what_it_costs_to_make() -> None:
    """60 + 2 x 10 + 5 for the bike; a wheel of 36 spokes at 0.1 and 0.4 to make it, by a plant whose making costs 5 as well."""
    assert {p.name: p.unit_cost for p in load(BIKES).products}["bike"] == 85.0
    text = bikes(
        ("wheel: {unit_cost: 10}", "wheel: {made_of: {spoke: 36}}\n  spoke: {unit_cost: 0.1}"),
        ("{lead_time: 1, unit_cost: 5}", "{lead_time: 1, unit_cost: 5}"),
    )
    costs = {p.name: p.unit_cost for p in load(text).products}
    assert costs["wheel"] == pytest.approx(3.6 + 5.0)
    assert costs["bike"] == pytest.approx(60.0 + 2 * 8.6 + 5.0)
    assert {p.name: p.unit_cost for p in load(bikes(("unit_price: 400,", "unit_cost: 90,"))).products}["bike"] == 90.0


def test_content_and_rank_go_through_all_levels() -> None:
    """A bike holds 2 wheels of 36 spokes: 72 spokes; a product ranks below its components."""
    text = bikes(("wheel: {unit_cost: 10}", "wheel: {made_of: {spoke: 36}}\n  spoke: {unit_cost: 0.1}"))
    network = Network(load(text))
    spoke, bike, shop = (network.index[place] for place in (("plant", "spoke"), ("plant", "bike"), ("shop", "bike")))
    assert network.content(spoke, bike) == network.content(spoke, shop) == 72.0
    assert network.content(spoke, spoke) == 1.0
    order = [(p.site, p.product) for p in network.points][:5]
    assert order == [("shop", "bike"), ("plant", "bike"), ("plant", "frame"), ("plant", "wheel"), ("plant", "spoke")]
    assert network.below(spoke) == {network.index[("plant", "wheel")], bike, shop}


def test_a_site_may_make_a_product_of_other_things() -> None:
    text = bikes(("unit_cost: 5}", "unit_cost: 5, recipes: {bike: {wheel: 3}}}"))
    scenario = load(text)
    assert [c.bills for s in scenario.sites for c in s.production] == [(("bike", (("wheel", 3.0),)),)]
    assert ("maker", "plant", "frame") not in carried(scenario)
    nothing = load(bikes(("unit_cost: 5}", "unit_cost: 5, recipes: {bike: {}}}")))
    assert [c.bills for s in nothing.sites for c in s.production] == [()]
    assert carried(nothing) == [("plant", "shop", "bike")]


def test_the_resolved_scenario_means_the_same() -> None:
    for recipes in ("", ", recipes: {bike: {}}", ", recipes: {bike: {wheel: 3}}"):
        scenario = load(bikes(("unit_cost: 5}", f"unit_cost: 5{recipes}}}")))
        again = load(yaml.safe_dump(dict(scenario.document)))
        assert again.values == scenario.values


def test_a_supplier_sells_what_has_a_bill_only_where_a_lane_says_so() -> None:
    bought = "  - {from: maker, to: shop, lead_time: 2, products: bike}\n  - {from: plant, to: shop, lead_time: 1}\nstock:\n  - {site: shop, sourcing: first}\n"
    text = bikes(("  - {from: plant, to: shop, lead_time: 1}\n", bought))
    assert ("maker", "shop", "bike") in carried(load(text))
    assert ("maker", "plant", "bike") not in carried(load(BIKES))


CENTRES = (
    "[{products: [bike], lead_time: 1, machines: 2, unit_time: 0.1}, {products: [wheel], lead_time: 0, capacity: 20}]"
)


def test_products_may_have_machines_of_their_own() -> None:
    text = bikes(
        ("wheel: {unit_cost: 10}", "wheel: {made_of: {spoke: 36}}\n  spoke: {unit_cost: 0.1}"),
        ("{lead_time: 1, unit_cost: 5}", CENTRES),
    )
    [plant] = [site for site in load(text).sites if site.production]
    assert [(c.products, c.machines, c.capacity) for c in plant.production] == [
        (("bike",), 2, None),
        (("wheel",), None, 20.0),
    ]


REFUSED = {
    "itself": (bikes(("wheel: {unit_cost: 10}", "wheel: {made_of: {wheel: 1}}")), "products.wheel.made_of.wheel", "'wheel' is made of itself", "leave one"),
    "ring": (bikes(("wheel: {unit_cost: 10}", "wheel: {made_of: {bike: 1}}")), "products.bike.made_of.wheel", "'bike' is made of bike → wheel → bike", "leave one"),
    "unknown": (bikes(("wheel: 2}", "wheels: 2}")), "products.bike.made_of.wheels", "unknown product 'wheels' (did you mean 'wheel'?)", ""),
    "half a wheel": (bikes(("wheel: 2}", "wheel: 2.5}")), "products.bike.made_of.wheel", "2.5 units of 'wheel', which comes in whole units", "round it"),
    "whole parts of a liquid": (
        bikes(("{unit_price: 400,", "{unit_price: 400, divisible: true,")),
        "products.bike.made_of.frame", "'bike' is divisible and 'frame' comes in whole units", "say divisible: true for 'frame'",
    ),
    "none": (bikes(("{frame: 1, wheel: 2}", "{frame: 0, wheel: 2}")), "products.bike.made_of", "the number of 'frame' is 0 but must be above 0", "leave it out"),
    "a list": (bikes(("{frame: 1, wheel: 2}", "[frame, wheel]")), "products.bike.made_of", "expected components and how many of each", "write {frame: 1, wheel: 1}"),
    "nothing": (bikes(("{frame: 1, wheel: 2}", "{}")), "products.bike.made_of", "got an empty mapping", "write {frame: 1"),
    "words": (bikes(("wheel: 2}", "wheel: two}")), "products.bike.made_of", "expected how many of 'wheel' go into one unit, got the text 'two'", ""),
    "no supply": (
        bikes(("to: plant, lead_time: 3}", "to: plant, lead_time: 3, products: frame}")),
        "sites.plant.production.wheel", "nothing supplies 'wheel' at 'plant'", "add a lane to it",
    ),
    "a bill, and nobody makes it": (
        bikes(("{kind: plant, production: {lead_time: 1, unit_cost: 5}}", "{kind: dc}")),
        "demand[0]", "nothing supplies 'bike' at 'shop'", "it has a bill of materials: give a site production, or name it under",
    ),
    "a recipe of what is not made": (
        bikes(("unit_cost: 5}", "unit_cost: 5, recipes: {bike: {wheel: 1}, frame: {wheel: 1}}, products: bike}")),
        "sites.plant.production.recipes.frame", "'frame' has a recipe here and is not made here", "add it to `products`",
    ),
    "centres that do not say": (
        bikes(("{lead_time: 1, unit_cost: 5}", "[{lead_time: 1}, {lead_time: 2, products: [bike]}]")),
        "sites.plant.production[0]", "several work centres must each say what they make", "add products: [bike]",
    ),
    "made twice": (
        bikes(("{lead_time: 1, unit_cost: 5}", "[{lead_time: 1, products: [bike]}, {lead_time: 2, products: [bike]}]")),
        "sites.plant.production[1].products", "'bike' is made at two work centres of 'plant'", "name it once",
    ),
    "a rate": (
        bikes(("{lead_time: 1, unit_cost: 5}", "{lead_time: 0, rate: 9}")),
        "sites.plant.production.rate", "'bike' has a bill of materials, and production at a rate takes no components", "use capacity",
    ),
    "a flow": (
        bikes(("mean: 5}}\n", "mean: 5}}\n  - {site: plant, product: wheel, type: flow, rate: 3}\n")),
        "demand[1]", "the demand of plant / wheel flows, and 'bike' is made of it there", "give the flow a site of its own",
    ),
    "a plan for the network": (
        bikes(("type: base_stock, service_level: 0.95", "type: multi_echelon, service_level: 0.95")),
        "policies.up_to", "multi_echelon has no levels for 'bike' and 'frame', which it is made of at 'plant'", "give plant another policy",
    ),
    "an echelon that cannot be counted": (
        bikes(
            ("  shop: {kind: store}\n", "  shop: {kind: store}\n  shed: {kind: plant, production: {lead_time: 2, recipes: {bike: {wheel: 3}}}}\n"),
            ("lead_time: 3}", "lead_time: 3}\n  - {from: maker, to: shed, lead_time: 1}\n  - {from: shed, to: shop, lead_time: 9}"),
            ("demand:", "stock: [{site: shop, sourcing: priority}]\ndemand:"),
            ("{type: base_stock, service_level: 0.95, review_interval: 1}", "{type: base_stock, order_up_to_level: 90, watch: echelon}"),
        ),
        "policies.up_to", "the echelon of plant / frame cannot be counted: recipes put different amounts of it into 'bike'", "watches the position",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    text, path, message, cure = REFUSED[case]
    found = [f for f in errors(text) if f.path == path]
    assert found, [str(f) for f in errors(text)]
    assert message in found[0].message
    assert cure in found[0].cure
    assert found[0].where.line > 4


def test_a_group_of_products_is_no_component() -> None:
    text = bikes(("wheel: {unit_cost: 10}", "wheel: {unit_cost: 10, groups: [round]}"), ("wheel: 2}", "round: 2}"))
    assert "unknown product 'round'" in error(text).message


WARNED = {
    "made nowhere": (bikes(("{kind: plant, production: {lead_time: 1, unit_cost: 5}}", "{kind: dc}"), ("to: plant, lead_time: 3}", "to: plant, lead_time: 3, products: bike}")), "no site makes 'bike': its bill says nothing"),
    "below its components": (bikes(("unit_price: 400,", "unit_cost: 79,")), "is 79, less than the components of one unit are worth (80)"),
}  # fmt: skip


@pytest.mark.parametrize("case", WARNED)
def test_warned(case: str) -> None:
    text, message = WARNED[case]
    assert any(message in line for line in warnings(text)), warnings(text)


def test_utilisation_counts_components() -> None:
    """5 bikes a day are 10 wheels a day: a capacity of 9 does not do."""
    centres = "[{products: [bike], lead_time: 1}, {products: [wheel], lead_time: 1, capacity: 9}]"
    text = bikes(
        ("wheel: {unit_cost: 10}", "wheel: {made_of: {spoke: 36}}\n  spoke: {unit_cost: 0.1}"),
        ("{lead_time: 1, unit_cost: 5}", centres),
    )
    assert any("utilisation 1.11: 10 units per day are asked of 'plant'" in line for line in warnings(text)), warnings(
        text
    )
