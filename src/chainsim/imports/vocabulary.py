"""The sheets and columns of planners' workbooks, in the vocabulary of frePPLe, an open planning tool (MIT licence).

One table: which sheets are read, which of their columns, and why the others are left out.
"""

from __future__ import annotations

SHEETS: dict[str, str] = {
    "item": "items: name, cost, owner",
    "location": "sites: name, owner",
    "supplier": "suppliers: name",
    "buffer": "stock at the start: item, location, onhand",
    "item supplier": "what is bought where: item, location, supplier, lead time, sizes, cost, priority",
    "item distribution": "what is moved where: item, origin, location, lead time, sizes, priority",
    "operation": "what is made where: name, type, item, location, durations, owner, priority, size minimum",
    "operation material": "what operations use and make: operation, item, quantity",
    "demand": "orders of customers: item, location, due, quantity, status",
    "parameter": "currency, date of the plan, unit of durations",
}
"""Sheets that are read, and what of them."""
ALSO = {
    "sales order": "demand", "items": "item", "locations": "location", "suppliers": "supplier", "buffers": "buffer",
    "itemsupplier": "item supplier", "item suppliers": "item supplier", "itemdistribution": "item distribution",
    "item distributions": "item distribution", "operations": "operation", "operationmaterial": "operation material",
    "operation materials": "operation material", "salesorder": "demand", "sales orders": "demand", "demands": "demand",
    "parameters": "parameter",
}  # fmt: skip
"""Other names of sheets."""
LEFT_OUT: dict[str, str] = {
    "customer": "customers as such: whoever orders, stock is one",
    "calendar": "calendars: every day is a working day",
    "calendar bucket": "calendars: every day is a working day",
    "calendarbucket": "calendars: every day is a working day",
    "resource": "resources: nothing limits how much is made or supplied at a time",
    "operation resource": "resources: nothing limits how much is made or supplied at a time",
    "operationresource": "resources: nothing limits how much is made or supplied at a time",
    "forecast": "forecast settings: demand is that of the orders",
    "measure": "measures of the planning tool",
    "skill": "skills", "resource skill": "skills", "setup matrix": "set-up times between operations",
    "setup rule": "set-up times between operations", "sub operation": "sub operations: steps name their `owner`",
    "purchase order": "orders under way", "purchaseorder": "orders under way", "distribution order": "orders under way",
    "manufacturing order": "orders under way", "delivery order": "orders under way",
}  # fmt: skip
"""Sheets that are known and left out, with what that means."""
IDLE_COLUMNS = {
    "description", "category", "subcategory", "source", "uom", "customer", "batch", "lastmodified", "last modified", "identifier",
    "search mode", "available", "type", "volume", "weight", "id",
}  # fmt: skip
"""Columns that no simulation of stock needs."""
MEANINGFUL: dict[str, str] = {
    "effective start": "dates from which something is valid: everything is valid always",
    "effective end": "dates until which something is valid: everything is valid always",
    "minimum shipment": "smallest shipment to a customer: orders may be served in parts",
    "maximum lateness": "how late an order may be: customers wait",
    "resource": "resources: nothing limits how much is made or supplied at a time",
    "resource quantity": "resources: nothing limits how much is made or supplied at a time",
    "minimum": "smallest stock wanted (safety stock): levels are derived from demand and lead times",
    "minimum calendar": "smallest stock wanted (safety stock): levels are derived from demand and lead times",
    "transfer batch quantity": "batches handed over before an operation is finished",
    "fixed quantity": "materials used per operation, whatever its size",
    "operation": "operations that deliver to customers: they are served from stock at the location",
    "delivery operation": "operations that deliver to customers: they are served from stock at the location",
    "batchwindow": "time within which orders are put together",
    "fence": "time within which the plan is frozen",
    "hard safety lead time": "safety lead time: levels are derived from the lead time alone",
    "extra safety lead time": "safety lead time: levels are derived from the lead time alone",
}
"""Columns that mean something, and what the scenario does instead."""


def kind_of(sheet: str) -> str:
    """The kind of a sheet by its plain name; '' for one that nothing is known about.

    >>> kind_of("sales order"), kind_of("notes")
    ('demand', '')
    """
    return ALSO.get(sheet, sheet if sheet in SHEETS or sheet in LEFT_OUT else "")
