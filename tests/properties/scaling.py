"""Other units for a random network: its money, its time or its quantities multiplied by a number."""

from __future__ import annotations

from typing import Any

from .networks import Document, changed


def _times(value: Any, factor: float) -> Any:
    """A number or a distribution, multiplied."""
    if not isinstance(value, dict):
        return value * factor
    scale = {key: value[key] * factor for key in ("mean", "sd", "low", "high", "value") if key in value}
    if "values" in value:
        scale["values"] = [v * factor for v in value["values"]]
    return value | scale


def _multiply(entry: Document, keys: tuple[str, ...], factor: float) -> None:
    for key in keys:
        if key in entry:
            entry[key] = _times(entry[key], factor)


def with_prices(document: Document) -> Document:
    """A cost on everything that can cost; and given parameters only, since derived ones follow costs and rates."""
    document = changed(document)
    for rule in document["policies"]["only"]["rules"]:
        if rule["type"] in ("T_Q", "jit", "pout", "sterman", "moving_average"):
            periodic = {key: rule[key] for key in ("review_interval", "review", "offset") if key in rule}
            site = rule["site"]
            rule.clear()
            rule |= {"site": site, "type": "base_stock", "order_up_to_level": 9, **periodic}
    for lane in document["lanes"]:
        lane |= {"order_cost": 3.0, "unit_cost": 0.5}
    for site in document["sites"].values():
        if "production" in site:
            site["production"] |= {"order_cost": 7.0, "unit_cost": 0.25}
    document["costs"] |= {"emergency": 2.0, "transshipment": 0.75, "outdating": 1.5}
    return document


def dearer(document: Document, factor: float) -> Document:
    """All money × factor: prices, and every cost but the carrying rate, which is a share of value."""
    document = changed(document)
    for product in document["products"].values():
        _multiply(product, ("unit_cost", "unit_price"), factor)
    for lane in document["lanes"]:
        _multiply(lane, ("order_cost", "unit_cost"), factor)
    for site in document["sites"].values():
        _multiply(site.get("production", {}), ("order_cost", "unit_cost", "setup_cost"), factor)
    money = ("backorder", "lost_sale", "emergency", "transshipment", "outdating")
    _multiply(document["costs"], money, factor)
    return document


def slower(document: Document, factor: float) -> Document:
    """All times × factor, all rates ÷ factor; a year has as many times the periods."""
    document = changed(document)
    _multiply(document["time"], ("warm_up", "horizon", "bucket"), factor)
    document["time"]["periods_per_year"] = 1.0 * factor
    for lane in document["lanes"]:
        _multiply(lane, ("lead_time", "order_lag", "processing"), factor)
        _multiply(lane.get("departures", {}), ("every", "offset", "gap"), factor)
    for site in document["sites"].values():
        if "production" in site:
            _multiply(site["production"], ("lead_time", "unit_time", "setup_time"), factor)
            if "capacity" in site["production"]:  # so many units at the start of each capacity period
                site["production"]["capacity"] = (
                    f"{site['production']['capacity']} per {factor:g} {document['time']['unit']}s"
                )
    for entry in document["stock"]:
        _multiply(entry, ("lifetime",), factor)
    for entry in document["demand"]:
        _multiply(entry, ("every", "gap", "patience", "offset"), factor)
    for entry in document["disruptions"]:
        _multiply(entry, ("start", "duration", "every", "time_between"), factor)
        _multiply(entry.get("after", {}), ("lag",), factor)
    for rule in (document["policies"]["only"], *document["policies"]["only"]["rules"]):
        _multiply(rule, ("review_interval", "offset"), factor)
    _multiply(document["costs"], ("carrying_rate", "holding_cost", "backorder"), 1 / factor)
    return document


def larger(document: Document, factor: float) -> Document:
    """All quantities × factor, all money per unit ÷ factor; the fixed cost of an order stays."""
    document = dearer(document, 1 / factor)
    for lane in document["lanes"]:
        _multiply(lane, ("order_cost",), factor)
    for site in document["sites"].values():
        _multiply(site.get("production", {}), ("order_cost", "setup_cost", "capacity"), factor)
    for entry in document["stock"]:
        _multiply(entry, ("minimum_order", "order_multiple", "maximum_order"), factor)
        _multiply(entry.get("initial", {}), ("on_hand",), factor)
    for entry in document["demand"]:
        _multiply(entry, ("quantity", "size"), factor)
    levels = ("order_up_to_level", "reorder_point", "order_quantity", "buffer", "container", "desired_stock")
    for rule in (document["policies"]["only"], *document["policies"]["only"]["rules"]):
        _multiply(rule, levels, factor)
    return document
