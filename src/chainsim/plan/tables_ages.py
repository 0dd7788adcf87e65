"""The table of stock points where goods keep their age. See `plan.tables`."""

from __future__ import annotations

from chainsim.rows import Column as C
from chainsim.rows import Table

AGING = Table(
    "Aging",
    (C("point", "i8", "stock point"),),
    (
        C("first_lot", "i8", "whole lots that were just issued to a shipment to it, in that order; -1: none", -1),
        C("last_lot", "i8", "last of those", -1),
        C("part", "f8", "units of one more lot just issued, of which the rest stays behind"),
        C("part_expires", "i8", "tick from which these are unusable"),
        C("arrived", "f8", "units of use that were received"),
        C("life", "f8", "unit-ticks of life that they had left then"),
        C("spoiled", "f8", "of these units, those that had expired under way"),
    ),
)
"""A stock point where goods keep their age when they come from another: what is being loaded for it, and how old it arrived."""
