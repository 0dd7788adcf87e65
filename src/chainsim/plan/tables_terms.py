"""The tables of terms of supply: what orders on a lane cost by their size, and whether one may be placed. See `plan.tables`."""

from __future__ import annotations

from chainsim.rows import Column as C
from chainsim.rows import Table

BREAK = Table(
    "Break",
    (
        C("start", "f8", "size of an order from which on the price holds, units"),
        C("price", "f8", "price of a unit"),
        C("below", "f8", "incremental: what the units up to the start cost"),
    ),
)
"""A price by the size of an order. Those of a lane lie one after the other, the first from 0, and rise."""

TERMS = Table(
    "Terms",
    (
        C("lane", "i8", "lane they hold on"),
        C("first_break", "i8", "first of its prices, in Plan.breaks"),
        C("breaks", "i8", "number of those; 0: units cost what they are worth"),
        C("incremental", "i8", "1 when a price holds for the units beyond its start only"),
        C("one_open", "i8", "1 when its target places no order before the last one is in"),
    ),
    (
        C("purchases", "f8", "money that orders cost by these prices"),
        C("paused", "i8", "disruptions in force during which its target places no orders"),
    ),
)
"""Terms of one lane, or of production, that has any."""
