"""Keys that people write and chainsim does not take where they wrote them: what is near, in words.

The nearest spelling of a key is no help to somebody who asks for something we do not have, or have somewhere else.
"""

from __future__ import annotations

from collections.abc import Iterable

NOT_YET = "not supported yet"
_STOCK_RULE = "it goes in a stock rule: `stock: [{{site: …, {0}: …}}]`"
_BILL = ("made_of", "bom", "BOM", "bill_of_materials", "components", "parts", "recipe")
_ITS_PRODUCT = "it goes with the product: `products: {bike: {made_of: {frame: 1, wheel: 2}}}`"

_ANYWHERE: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("stockout", "stock_out", "stockout_cost", "cost_per_stockout", "per_occasion"),
        (
            f"{NOT_YET}: a cost for each stock-out, however many units are short",
            "nearest: `backorder` (per unit and time waiting) or `lost_sale` (per unit lost), under costs",
        ),
    ),
    **dict.fromkeys(
        ("cover", "months_of_stock", "days_of_cover", "max_months", "min_months"),
        (
            f"{NOT_YET}: a level of so much time of the forecast",
            "nearest: `service_level`, or R_S with the `order_up_to_level` worked out by hand",
        ),
    ),
    **dict.fromkeys(
        ("vehicle", "vehicles", "truck", "trucks", "truck_capacity", "vehicle_capacity"),
        ("what a vehicle carries goes with the lane", "`lanes: [{…, vehicle: {capacity: 100, cost: 250}}]`"),
    ),
    **dict.fromkeys(
        ("consolidate", "consolidation", "full_truckload", "wait_until_full", "minimum_load"),
        ("goods wait for a load on the lane", "`lanes: [{…, consolidate: {until: 100, or_after: 3 days}}]`"),
    ),
    **dict.fromkeys(
        ("returns", "return_rate"), (f"{NOT_YET}: goods that customers send back", "lower the demand by them")
    ),
    **dict.fromkeys(
        ("holidays", "holiday", "shutdown", "shutdowns", "closures", "opening_days"),
        ("days off go with a site", "`working_days: {days: [mon-fri], closed: [2026-12-25]}` of the site"),
    ),
    **dict.fromkeys(
        ("delivery_days", "receiving_days"),
        (
            "goods are received on the working days of the site they come to",
            "`working_days` there, or `shipping_days` of the lane",
        ),
    ),
    "promotion": (f"{NOT_YET}: promotions as such", "nearest: a disruption `{type: surge, start: …, factor: …}`"),
}
_IN_STOCK_RULES = {
    "minimum_order": ("minimum_order", "moq", "MOQ", "min_order", "minimum_order_quantity"),
    "order_multiple": ("order_multiple", "case_pack", "pack_size", "lot_size"),
    "maximum_order": ("maximum_order", "max_order"),
    "lifetime": ("lifetime", "shelf_life", "expiry", "expires"),
    "initial": ("initial", "initial_stock", "opening_stock", "on_hand", "current_stock"),
    "allocation": ("allocation",),
    "sourcing": ("sourcing",),
    "outdating": ("outdating", "waste_cost"),
    "issuing": ("issuing",),
    "decay": ("decay", "decay_rate", "deterioration", "evaporation"),
    "loss": ("loss", "shrinkage", "theft", "unseen_loss"),
    "misbooking": ("misbooking", "record_error", "inaccuracy", "records", "record"),
    "count": ("count", "counts", "cycle_count"),
}


def said_of_key(key: str, known: Iterable[str]) -> tuple[str, str] | None:
    """(message, cure) for an unknown key that people do write, None for any other.

    >>> said_of_key("shelf_life", ["unit_cost"])[1]
    'it goes in a stock rule: `stock: [{site: …, lifetime: …}]`'
    """
    name = key.strip().lower()
    for right, names in _IN_STOCK_RULES.items():
        if name in names or key in names:
            here = right in known
            other = f"here it is called `{right}`" if here else _STOCK_RULE.format(right)
            return f"unknown key '{key}'", other
    if name in _BILL or key in _BILL:
        here = "made_of" in known
        return f"unknown key '{key}'", "here it is called `made_of`" if here else _ITS_PRODUCT
    if name in _ANYWHERE:
        message, cure = _ANYWHERE[name]
        return f"unknown key '{key}': {message}", cure
    return None
