"""The conventions that change a published number, by their row in the manual's page 'Conventions'."""

from __future__ import annotations

CONVENTIONS: dict[int, str] = {
    1: "order before or after demand",
    2: "when holding is charged",
    3: "trigger at or below, position or level",
    4: "what the inventory position counts",
    5: "undershoot",
    6: "the half unit of mean stock",
    7: "which fill rate",
    8: "level above 0, or not below it",
    9: "partial shipment",
    10: "order crossing",
    11: "what a lead time contains",
    12: "who is served first upstream",
    13: "who owns goods in transit",
    14: "echelon and installation stock",
    15: "pooling of demand under guaranteed service",
    16: "bullwhip of what, over what",
    17: "lost sales and the order",
    18: "lifetimes",
    19: "when production can be used",
    20: "disruptions and orders under way",
    21: "parameters of distributions",
    22: "turns and days of supply",
    23: "warm-up and end effects",
    24: "simultaneous events",
    25: "the board of the beer game",
    26: "confidence intervals",
}
