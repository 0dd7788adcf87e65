"""The trade's words for what the scenario language has: what people call the columns of their tables.

One table, read by whoever takes a column (`columns`), and printed in the manual. A column is also called as the
language calls its key. Case, underscores, hyphens, dots and brackets do not matter; a unit at the end is taken off
(`Lead_Time_Days`, `Unit cost (EUR)`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SECTIONS = ("products", "stock", "demand", "lanes", "policies")
"""Who may take a column, in the order in which they are asked."""


@dataclass(frozen=True)
class Field:
    """What a column means: a section, the key of an entry there, and what people call it.

    per: with a mean of demand, the length of time it is per ('' the entry's own).
    """

    section: str
    key: str
    words: tuple[str, ...]
    per: str = ""


def _field(section: str, key: str, words: str, per: str = "") -> Field:
    return Field(section, key, tuple(word.strip() for word in words.split(",")), per)


FIELDS: tuple[Field, ...] = (
    _field("", "product", "product, sku, sku number, item, item number, item no, item code, item id, material, material number, "
           "article, article number, part, part number, part no, stock code, product code, product id, sku id"),
    _field("", "site", "site, location, location code, plant, warehouse, warehouse code, store, store number, branch, depot, dc"),
    _field("products", "unit_cost", "unit cost, standard cost, std cost, cost, cost price, purchase price, moving average price, "
           "unit value, buying price, cost per unit, item cost, inventory cost"),
    _field("products", "unit_price", "unit price, price, sales price, selling price, list price, retail price, sell price, rrp"),
    _field("products", "groups", "groups, group, product group, item group, material group, category, product category, family, "
           "product family, class, abc, abc class, abc code, abc indicator, abc category, xyz, xyz class, segment, commodity"),
    _field("stock", "initial.on_hand", "on hand, onhand, on hand quantity, qty on hand, quantity on hand, on hand qty, stock, "
           "current stock, stock on hand, soh, opening stock, current inventory, inventory, available stock, unrestricted stock, "
           "stock level, stock quantity, qoh"),
    _field("stock", "minimum_order", "minimum order, moq, minimum order quantity, min order qty, minimum order qty, min order, "
           "minimum lot size, size minimum"),
    _field("stock", "order_multiple", "order multiple, lot multiple, multiple, rounding value, case pack, case size, pack size, "
           "carton quantity, units per case, size multiple, order unit"),
    _field("stock", "maximum_order", "maximum order, maximum order quantity, max order qty, max order, maximum lot size, size maximum"),
    _field("stock", "lifetime", "lifetime, shelf life, expiry, remaining shelf life"),
    _field("stock", "holding_cost", "holding cost, holding cost per unit, carrying cost, storage cost"),
    _field("stock", "backorder", "backorder cost, cost of a backorder, shortage cost"),
    _field("stock", "lost_sale", "lost sale, lost sale cost, cost of a lost sale, stockout cost"),
    _field("demand", "mean", "annual demand, yearly demand, annual usage, annual consumption, yearly usage, annual sales, demand per year, "
           "usage per year, annual volume, forecast per year, annual quantity", "1 year"),
    _field("demand", "mean", "monthly demand, average monthly demand, avg monthly demand, monthly usage, monthly sales, amc, "
           "average monthly consumption, monthly consumption, demand per month, monthly forecast, avg monthly usage", "month"),
    _field("demand", "mean", "weekly demand, average weekly demand, avg weekly demand, weekly usage, weekly sales, demand per week, "
           "weekly forecast", "1 week"),
    _field("demand", "mean", "daily demand, average daily demand, avg daily demand, daily usage, daily sales, demand per day, adu, "
           "average daily usage, avg daily usage, average daily sales, daily forecast", "1 day"),
    _field("demand", "mean", "demand, mean, mean demand, average demand, avg demand, demand mean, quantity, usage, forecast"),
    _field("demand", "cv", "cv, demand cv, cv of demand, coefficient of variation, demand variability"),
    _field("demand", "sd", "sd, standard deviation, std dev, demand sd, demand std, demand std dev, demand standard deviation, stdev, "
           "std dev of demand, sigma"),
    _field("lanes", "lead_time", "lead time, leadtime, lt, planned delivery time, delivery time, replenishment lead time, "
           "supplier lead time, purchasing lead time, procurement lead time, transit time"),
    _field("lanes", "from", "from, supplier, supplier name, vendor, vendor name, source, origin, preferred supplier, preferred vendor"),
    _field("lanes", "to", "to, destination, ship to, receiving site"),
    _field("lanes", "order_cost", "order cost, ordering cost, cost per order, cost of an order, setup cost, set up cost, order fee"),
    _field("lanes", "unit_cost", "freight per unit, freight cost, freight cost per unit, transport cost, transport cost per unit, "
           "shipping cost, shipping cost per unit, inbound cost"),
    _field("policies", "reorder_point", "reorder point, rop, reorder level, order point, min, minimum, minimum stock, min stock, "
           "minimum level, min level, trigger level"),
    _field("policies", "order_up_to_level", "order up to level, order up to, max, maximum, maximum stock, max stock, max level, "
           "maximum level, target stock, target level, par level, par, base stock"),
    _field("policies", "order_quantity", "order quantity, order qty, reorder quantity, reorder qty, roq, eoq, fixed lot size, lot size, "
           "fixed order quantity, batch size, lot"),
    _field("policies", "review_interval", "review interval, review period, order cycle, review cycle, order interval"),
    _field("policies", "service_level", "service level, target service level, csl, cycle service level, service target"),
    _field("policies", "fill_rate", "fill rate, target fill rate, fill rate target"),
)  # fmt: skip
DESCRIBING: tuple[str, ...] = (
    "description", "item description", "product description", "material description", "name", "item name", "product name", "sku name",
    "text", "short text", "comment", "comments", "remark", "remarks", "notes", "note", "uom", "unit of measure", "base unit",
    "unit of measurement", "barcode", "ean", "gtin", "upc", "currency", "buyer", "planner", "brand",
)  # fmt: skip
"""Columns about things that no simulation uses: left out, and said."""
WITHOUT: dict[str, str] = {
    **dict.fromkeys(
        ("safety stock", "ss", "buffer stock", "safety stock quantity"),
        "safety stock is what a level holds beyond the demand it covers: add the demand of the lead time, and call it 'reorder point'",
    ),
    **dict.fromkeys(
        ("on order", "open po", "open orders", "qty on order", "quantity on order", "open purchase orders", "in transit"),
        "what is on order needs its origin and date: `initial: {shipments: [{from: …, quantity: …, due: …}]}` in a stock rule",
    ),
    **dict.fromkeys(
        ("lead time sd", "lead time std", "lead time std dev", "lead time standard deviation", "lead time cv", "lead time variability"),
        "how a lead time varies goes into its cell: gamma(mean 37, cv 0.4)",
    ),
    **dict.fromkeys(("volume", "weight", "gross weight", "net weight", "pallet quantity"), "chainsim has no use for it"),
}  # fmt: skip
"""Columns that mean something to a planner and that no section takes, with what to do instead."""
TIMES = {
    "day": "days", "days": "days", "d": "days", "week": "weeks", "weeks": "weeks", "wk": "weeks", "wks": "weeks", "hour": "hours",
    "hours": "hours", "hrs": "hours", "h": "hours", "year": "years", "years": "years", "month": "months", "months": "months",
}  # fmt: skip
_OTHERS = {
    "units", "unit", "pcs", "pc", "pieces", "piece", "ea", "each", "usd", "eur", "gbp", "chf", "inr", "cad", "aud", "jpy", "cny",
    "dollars", "euros", "in", "per", "qty", "$", "€", "£", "¥", "%", "percent", "pct",
}  # fmt: skip


def plain(header: str) -> str:
    """A column's name with what does not matter left out.

    >>> plain("Unit_Cost (EUR)"), plain("On-hand  qty.")
    ('unit cost eur', 'on hand qty')
    """
    return " ".join(re.sub(r"[_\-./\\()\[\]{}#:;,'\"]+", " ", header.casefold()).split())


def readings(header: str) -> list[tuple[str, str]]:
    """What a column may be called, the longest first, each with the unit of time taken off its end ('' none).

    >>> readings("Lead time (days)")
    [('lead time days', ''), ('lead time', 'days')]
    """
    words = plain(header).split()
    found = [(" ".join(words), "")]
    unit = ""
    while len(words) > 1 and (words[-1] in TIMES or words[-1] in _OTHERS):
        unit = TIMES.get(words.pop(), unit)
        found.append((" ".join(words), unit))
    return found


BY_WORD: dict[str, Field] = {word: field for field in reversed(FIELDS) for word in field.words}
