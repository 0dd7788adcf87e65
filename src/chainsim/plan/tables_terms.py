"""The tables of terms of supply: what orders on a lane cost by their size, whether one may be placed, and how goods are loaded. See
`plan.tables`."""

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
        C("gathers", "i8", "1 when goods wait at the dock of the origin and leave together"),
        C("until", "f8", "units at the dock at which they leave; infinite: however many they are"),
        C("longest", "i8", "ticks the first of them waits at most; -1: as long as it takes", -1),
        C("capacity", "f8", "units a vehicle carries; 0: nobody counts vehicles"),
        C("by_calendar", "i8", "1 when what leaves goes by the calendars of the lane"),
        C("weight", "f8", "choice of a source: what an order weighs whatever its size, money or time (rules.terms)"),
        C("weight_a_unit", "f8", "and each of its units"),
        C("weight_of_price", "f8", "and what it costs by its size, times this"),
        C("weight_a_vehicle", "f8", "and each vehicle it takes"),
    ),
    (
        C("purchases", "f8", "money that orders cost by these prices"),
        C("paused", "i8", "disruptions in force during which its target places no orders"),
        C("at_dock", "f8", "units that wait at the dock"),
        C("leave_at", "i8", "tick at which they leave, as far as is known; -1: none is", -1),
        C("since", "i8", "tick to which dock_time is added up"),
        C("dock_time", "f8", "time integral of at_dock, unit-ticks"),
        C("carried", "f8", "units that left in vehicles or gathered loads"),
        C("loads", "i8", "shipments they were"),
        C("vehicles", "f8", "vehicles it took"),
    ),
)
"""Terms of one lane, or of production, that has any."""
