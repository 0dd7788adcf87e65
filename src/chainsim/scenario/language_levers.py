"""The keys of `levers:`, what the page of a run lets its reader move."""

from __future__ import annotations

from chainsim.scenario.keys import Key, Keys

USUAL = {
    "service": "the service that policies plan for",
    "cover": "days of stock more or less, for each kind of site",
    "lots": "lots so many times as large, for each kind of site",
    "demand": "demand so many times as high",
    "lead_times": "lead times so many times as long",
    "carrying_rate": "the cost of carrying stock",
    "lost_sale": "the cost of a lost sale",
    "backorder": "the cost of a customer who waits",
    "order_cost": "the cost of an order",
}
"""Levers that a page has without being told, where a scenario has what they move; in their order."""
MOST_POSITIONS = 61
LEVER: Keys = {
    "path": Key("name", "What is moved, as `--set` names it.", "costs.carrying_rate"),
    "from": Key("scalar", "Its first position: a number, with its unit if it has one, or a factor such as '*0.5'.", "10% per year", None),
    "to": Key("scalar", "Its last position.", "50% per year", None),
    "steps": Key("count", "Positions from first to last, evenly spaced.", 9, 9, least=2, most=MOST_POSITIONS),
    "values": Key("scalars", "Its positions one by one, in place of from, to and steps.", ["5 days", "10 days"], None),
    "label": Key("name", "What the page calls it; default its path.", "Cost of capital", None),
}  # fmt: skip
