"""Terms of supply in the scenario file: what they mean, and what is refused, where and with which cure."""

from __future__ import annotations

import pytest

from .samples import MINIMAL, errors, load, warnings

LANE = "{from: farm, to: store, lead_time: 2}"
BREAKS = "price_breaks: [{price: 2}, {from: 40, price: 1.8}]"


def shop(lane: str = "", stock: str = "", costs: str = "", demand: str = "quantity: {dist: poisson, mean: 5}") -> str:
    text = MINIMAL.replace(LANE, f"{{from: farm, to: store, lead_time: 2{', ' if lane else ''}{lane}}}")
    text = text.replace("quantity: {dist: poisson, mean: 5}", demand)
    return (
        text + (f"stock:\n  - {{site: store, {stock}}}\n" if stock else "") + (f"costs: {{{costs}}}\n" if costs else "")
    )


def test_what_is_written_is_what_is_meant() -> None:
    scenario = load(
        shop(f"{BREAKS}, discount: incremental, duty: 12%, shipment_cost: 35", "one_open_order: true", "stockout: 25")
    )
    [lane] = scenario.lanes
    assert (lane.price_breaks, lane.incremental, lane.duty, lane.shipment_cost) == (((0, 2), (40, 1.8)), True, 0.12, 35)
    [point] = [point for point in scenario.points if point.site == "store"]
    assert (point.one_open_order, point.stockout_cost) == (True, 25)
    assert warnings(shop(BREAKS)) == []


def test_the_resolved_document_says_the_same_again() -> None:
    import yaml

    scenario = load(
        shop(f"{BREAKS}, discount: incremental, duty: 12%, shipment_cost: 35", "one_open_order: true, stockout: 3")
    )
    again = load(yaml.safe_dump(dict(scenario.document), sort_keys=False))
    assert again.values == scenario.values
    assert again.sha256 == scenario.sha256


REFUSED = [
    (shop("price_breaks: [{from: 40, price: 2}]"), "price_breaks[0].from", "what does a unit cost in a smaller order", "begin at 0"),
    (shop("price_breaks: [{price: 2}, {from: 0, price: 1}]"), "price_breaks[1].from", "is 0, not above the one before", "in order of size"),
    (shop("price_breaks: [{price: 3}, {from: 9, price: 2}, {from: 5, price: 1}]"), "price_breaks[2].from", "breaks rise", "each once"),
    (shop("price_breaks: [{price: 2}, {from: 40}]"), "price_breaks[1].price", "missing", ""),
    (shop("price_breaks: [{price: -2}]"), "price_breaks[0].price", "-2", ""),
    (shop("price_breaks: [{from: -1, price: 2}]"), "price_breaks[0].from", "-1", ""),
    (shop("price_breaks: 2"), "price_breaks", "list", ""),
    (shop("discount: incremental"), "lanes[0].discount", "there are none", "add price_breaks"),
    (shop(f"{BREAKS}, discount: some_units"), "lanes[0].discount", "some_units", ""),
    (shop("duty: -0.1"), "lanes[0].duty", "-0.1", ""),
    (shop("duty: 12"), "lanes[0].duty", "12", ""),
    (shop("shipment_cost: -1"), "lanes[0].shipment_cost", "-1", ""),
    (shop(costs="stockout: -1"), "costs.stockout", "-1", ""),
    (shop("duty: 0.1").replace("unit_cost: 2, ", ""), "lanes[0].duty", "duty on nothing", "give the product a unit_cost"),
    (shop(demand="quantity: 5, unmet: some_wait"), "demand[0].unmet", "needs the share who wait", "add waiting_share"),
    (shop(demand="quantity: 5, unmet: lost, waiting_share: 60%"), "demand[0].waiting_share", "nobody decides", "say unmet: some_wait"),
    (shop(demand="quantity: 5, unmet: some_wait, waiting_share: 1"), "demand[0].waiting_share", "1", ""),
    (shop(demand="type: flow, rate: 5, unmet: some_wait, waiting_share: 0.5"), "demand[0].unmet", "of whom some could wait", "unmet: lost"),
    (shop(stock="stockout: 3", demand="type: flow, rate: 5"), "stock[0].stockout", "a flow has no customers who place orders", "stockout: 0"),
    (shop(stock="one_open_order: true", demand="type: flow, rate: 5"), "stock[0].one_open_order", "reviews that wait", "demand that comes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message", "cure"), REFUSED, ids=[place for _, place, _, _ in REFUSED])
def test_refused(text: str, place: str, message: str, cure: str) -> None:
    divisible = text.replace("soup: {unit_cost", "soup: {divisible: true, unit_cost")
    found = errors(divisible if "flow" in text else text)
    assert len(found) == 1, found
    assert place in found[0].path
    assert message in found[0].message
    assert cure in (found[0].cure or "")


def test_two_orders_side_by_side_are_not_one() -> None:
    text = shop("priority: 2", "one_open_order: true, sourcing: expedite, expedite_up_to: 4")
    text = text.replace("  farm: {kind: supplier}", "  farm: {kind: supplier}\n  quick: {kind: supplier}")
    text = text.replace("lanes:\n", "lanes:\n  - {from: quick, to: store, lead_time: 1}\n")
    [found] = errors(text)
    assert found.path == "stock[0].one_open_order"
    assert "two sources side by side" in found.message


def test_a_price_that_rises_with_the_order_is_asked_about() -> None:
    [found] = warnings(shop("price_breaks: [{price: 2}, {from: 40, price: 72}]"))
    assert "more than for smaller orders" in found


def test_of_stock_outs_for_all_a_flow_is_told_that_it_has_none() -> None:
    text = shop(costs="stockout: 3", demand="type: flow, rate: 5").replace("soup: {", "soup: {divisible: true, ")
    [found] = warnings(text)
    assert found.startswith(
        "costs.stockout: the demand of store / soup flows, and a flow has no customers who place orders"
    )


LOST = "quantity: {dist: poisson, mean: 5}, unmet: lost"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (shop(BREAKS, costs="lost_sale: 5", demand=LOST), None),
        (shop(BREAKS, costs="lost_sale: 1.9", demand=LOST), "costs.lost_sale: 'soup' is bought at price_breaks|saves about 1.8 there and is charged 1.9, less than a sale is worth|lost_sale: 5 or more"),
        (shop(BREAKS, costs="lost_sale: margin", demand=LOST), "costs.lost_sale: 'soup'|saves about 1.8 there and is charged 3, less"),
        (shop(BREAKS, "lost_sale: 1", demand=LOST), "stock[0].lost_sale: 'soup'|charged 1, so the total falls as service falls"),
        (shop(f"{BREAKS}, duty: 50%", costs="lost_sale: 2", demand=LOST), "saves about 2.7 there and is charged 2, so the total falls"),
        (shop(BREAKS, costs="emergency: 1", demand="quantity: 5, unmet: emergency"), "costs.emergency: 'soup'|a unit delivered from outside saves|emergency: 1.8 or more"),
        (shop(BREAKS, costs="emergency: 2", demand="quantity: 5, unmet: emergency"), None),
        (shop("", costs="lost_sale: 1", demand=LOST), None),
        (shop(BREAKS, costs="lost_sale: 1"), None),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_lost_unit_saves_its_purchase(text: str, told: str | None) -> None:
    found = [f"{one.path}: {one.message} {one.cure}" for one in load(text).warnings]
    assert bool(found) == (told is not None), found
    for part in (told or "").split("|"):
        assert all(part in one for one in found)


def test_a_component_bought_at_price_breaks_is_saved_too() -> None:  # by hand: two units of flour at 0.5 in a loaf
    text = """chainsim: 1
title: A bakery
time: {unit: day, horizon: 10}
products: {flour: {unit_cost: 0.5}, loaf: {unit_cost: 2, unit_price: 4, made_of: {flour: 2}}}
sites:
  mill: {kind: supplier}
  bakery: {kind: plant, production: {products: [loaf], lead_time: 1}}
lanes:
  - {from: mill, to: bakery, products: flour, lead_time: 1, price_breaks: [{price: 0.5}]}
demand: [{site: bakery, product: loaf, quantity: 5, unmet: lost}]
costs: {lost_sale: 0.8}
policies: {usual: {type: base_stock, fill_rate: 0.9}}
"""
    [found] = [one for one in warnings(text) if "price_breaks" in one]
    assert "'loaf' is bought at price_breaks" in found
    assert "saves about 1 there and is charged 0.8, so the total falls" in found
