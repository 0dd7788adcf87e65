"""Stock points, and the rules about them: the most specific wins, key by key.

site > copies > group > kind > all; between equals, product > product group > all. Two equally specific rules that give
the same key to one stock point are an error, since the order in the file must not decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainsim.chance.simple import Constant
from chainsim.ordering import natural
from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.expand_calendars import order_days
from chainsim.scenario.language import SELECTOR, STOCK
from chainsim.scenario.model import Arriving, StockPoint
from chainsim.scenario.model_shelf import Count, Loss, Markdown, Mistake
from chainsim.scenario.names import ALL
from chainsim.scenario.nodes import Path, written

_KEYS = [key for key in STOCK if key not in SELECTOR]
ONE = Constant(value=1.0)
Given = tuple[tuple[int, int], Any, Path]


def expand_stock(draft: Draft) -> None:
    """Make the stock points: wherever a lane, production or demand puts a product."""
    names: set[PointName] = {(d.site, d.product) for d, _ in draft.demands}
    for lane, _ in draft.lanes:
        names |= {(lane.origin, lane.product), (lane.target, lane.product)}
    for site in draft.sites.values():
        for centre in site.production:
            names |= {(site.name, product) for product in centre.products}
            names |= {(site.name, component) for _, bill in centre.bills for component, _ in bill}
    given = _given(draft, names)
    for name in sorted(names, key=lambda n: (natural(n[0]), natural(n[1]))):
        rules = given.get(name, {})
        draft.points[name] = _point(draft, name, {key: value for key, (_, value, _) in rules.items()})
        draft.stock_paths.update({(name, key): path for key, (_, _, path) in rules.items()})


def _given(draft: Draft, names: set[PointName]) -> dict[PointName, dict[str, Given]]:
    """For each stock point, the most specific value of each key."""
    given: dict[PointName, dict[str, Given]] = {}
    ties: set[tuple[Path, str]] = set()
    at_site: dict[str, set[str]] = {}
    for site, product in names:
        at_site.setdefault(site, set()).add(product)
    for path, sites, products, keys in _rules(draft):
        for site, site_level in sites.items():
            here = at_site.get(site, set())
            fewer, others = (products, here) if len(products) < len(here) else (here, products)
            for product in fewer:
                if product not in others:
                    continue
                level = (site_level, products[product])
                held = given.setdefault((site, product), {})
                for key, value in keys.items():
                    known = held.get(key)
                    if known is None or level > known[0]:
                        held[key] = (level, value, path)
                    elif level == known[0] and (path, key) not in ties:
                        ties.add((path, key))
                        message = f"{site} / {product}: {written(known[2])} gives it too, and is as specific"
                        draft.error((*path, key), message, "give it once, or make one rule more specific")
    return given


def _rules(draft: Draft) -> list[tuple[Path, dict[str, int], dict[str, int], Mapping[str, Any]]]:
    """(path, sites, products, keys given) of every rule; a site's own `allocation` is a rule about that site."""
    rules: list[tuple[Path, dict[str, int], dict[str, int], Mapping[str, Any]]] = []
    for name, site in draft.data["sites"].items():
        if site["allocation"] is not None:
            every = dict.fromkeys(draft.products, ALL)
            rules.append((("sites", name), draft.sites_of(name), every, {"allocation": site["allocation"]}))
    for i, rule in enumerate(draft.data["stock"]):
        path: Path = ("stock", i)
        keys = {key: rule[key] for key in _KEYS if rule[key] is not None}
        rules.append((path, draft.chosen_sites(rule, path), draft.products_of(rule["product"]), keys))
    return rules


def _point(draft: Draft, name: PointName, given: Mapping[str, Any]) -> StockPoint:
    site, product = name
    costs, item = draft.data["costs"], draft.products[product]
    unit_cost = given.get("unit_cost", item.unit_cost)
    carrying_rate, holding_cost = _holding(given, costs)
    initial = given.get("initial") or {"on_hand": None, "shipments": None, "orders": None}
    life = given.get("lifetime")
    loss, count, decay = given.get("loss"), given.get("count"), given.get("decay")
    return StockPoint(
        site=site,
        product=product,
        allocation=given.get("allocation", "first_come"),
        sourcing=given.get("sourcing", "first"),
        unit_cost=unit_cost,
        holding_cost=holding_cost if carrying_rate is None else carrying_rate * unit_cost,
        carrying_rate=carrying_rate,
        backorder_cost=given.get("backorder", costs["backorder"]),
        lost_sale_cost=_lost_sale(given.get("lost_sale", costs["lost_sale"]), item.unit_price, unit_cost),
        minimum_order=given.get("minimum_order", 0.0),
        order_multiple=given.get("order_multiple", 0.0),
        maximum_order=given.get("maximum_order", 0.0),
        on_hand=initial["on_hand"],
        shipments=_arriving(initial["shipments"]),
        orders=_arriving(initial["orders"]),
        order_days=order_days(draft, draft.sites[site].base),
        one_open_order=given.get("one_open_order", False),
        stockout_cost=given.get("stockout", costs["stockout"]),
        emergency_cost=given.get("emergency", costs["emergency"]),
        transshipment_cost=given.get("transshipment", costs["transshipment"]),
        expedite_up_to=given.get("expedite_up_to"),
        loss=None if loss is None else Loss(loss["time_between"], loss["units"] or ONE),
        misbooking=_mistake(given.get("misbooking")),
        count=_count(count),
        shrinkage_cost=unit_cost if loss is None or loss["cost"] is None else loss["cost"],
        counting_cost=0.0 if count is None else count["cost"],
        decay=0.0 if decay is None else decay["rate"],
        decay_cost=unit_cost if decay is None or decay["cost"] is None else decay["cost"],
        lifetime=None if life is None else life.expectation(),
        life=None if isinstance(life, Constant) else life,
        issuing=given.get("issuing", "fifo"),
        age=given.get("age", "restarts"),
        storage_cost=item.volume * given.get("storage", costs["storage"]),
        markdown=None if given.get("markdown") is None else Markdown(**given["markdown"]),
        excess_beyond=given.get("excess_beyond"),
        dead_after=given.get("dead_after"),
        outdating_cost=given.get("outdating", unit_cost if costs["outdating"] is None else costs["outdating"]),
    )


def _mistake(keys: Mapping[str, Any] | None) -> Mistake | None:
    return None if keys is None or keys["share"] == 0.0 else Mistake(keys["share"], keys["units"] or ONE)


def _count(keys: Mapping[str, Any] | None) -> Count | None:
    if keys is None:
        return None
    first = keys["every"] if keys["first"] is None else keys["first"]
    return Count(keys["every"], first or 0.0, keys["when_empty"], keys["tolerance"], _mistake(keys["miscount"]))


def _holding(given: Mapping[str, Any], costs: Mapping[str, Any]) -> tuple[float | None, float]:
    """Carrying cost per time unit: as a share of value, or, where that is None, of one unit. The closest to the stock point counts."""
    for keys in (given, costs):
        if keys.get("holding_cost") is not None:
            return None, float(keys["holding_cost"])
        if keys.get("carrying_rate") is not None:
            return float(keys["carrying_rate"]), 0.0
    return 0.0, 0.0


def _lost_sale(cost: float | str, price: float, unit_cost: float) -> float:
    return max(price - unit_cost, 0.0) if isinstance(cost, str) else cost


def _arriving(items: Any) -> tuple[Arriving, ...]:
    arriving = (Arriving(item["from"], item["quantity"], item["due"]) for item in items or ())
    return tuple(sorted(arriving, key=lambda a: (a.due, natural(a.origin), a.quantity)))
