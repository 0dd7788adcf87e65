"""The table of what happens to a shelf that nobody orders: losses, wrong records, counts, decay. See `plan.tables`."""

from __future__ import annotations

from chainsim.rows import Column as C
from chainsim.rows import Table

LEDGER = Table(
    "Ledger",
    (
        C("point", "i8", "stock point"),
        C("gap_stream", "i8", "stream of times between unseen losses, ticks; -1: nothing is lost", -1),
        C("loss_stream", "i8", "stream of units lost", -1),
        C(
            "misbooking_stream",
            "i8",
            "stream of -1 too few, 0 right, 1 too many: how a receipt is booked; -1: right",
            -1,
        ),
        C("misbooked_stream", "i8", "stream of units by which such a receipt is booked wrongly", -1),
        C("count_every", "i8", "ticks between counts; 0: none by the calendar"),
        C("count_rest", "f8", "part of a tick that the interval is longer (rules.grid.tick_at)"),
        C("first_count", "i8", "tick of the first count by the calendar"),
        C("when_empty", "i8", "1 when it is counted as soon as somebody finds the shelf empty against the books"),
        C("tolerance", "f8", "share of what is counted by which the books may be off and be called right"),
        C("miscount_stream", "i8", "stream of -1 too few, 0 right, 1 too many: how it is counted; -1: right", -1),
        C("miscounted_stream", "i8", "stream of units by which such a count is wrong", -1),
        C("ends", "i8", "tick from which nobody wants its product, and what is left over is thrown away; -1: none", -1),
        C("markdown", "i8", "ticks of life left at which customers pay less; -1: they never do", -1),
        C("decay", "f8", "share of what is there that decays in a tick"),
        C("decay_step", "f8", "share of what is there that goes at once; 0: one unit, or all the time (rules.flow)"),
    ),
    (
        C("since", "i8", "tick up to which the time integral is added up"),
        C("unseen_time", "f8", "unit-ticks of the difference between books and shelf, whichever way"),
        C("shrunk", "f8", "units lost unseen"),
        C("misbooked", "f8", "units booked in receipts beyond what came; below 0: too few"),
        C("found", "f8", "units that counts added to the books"),
        C("missing", "f8", "units that counts took from the books"),
        C("counts", "i8", "counts"),
        C("counts_right", "i8", "of these, with the books within the tolerance"),
        C("phantom", "f8", "units that customers were short of while the books had them"),
        C("phantom_lines", "i8", "orders of customers who were short of such units"),
        C("decay_at", "i8", "tick for which decay is on the calendar", -1),
        C("decay_seen", "f8", "unit-ticks on hand up to which decay is added up"),
        C("decay_due", "f8", "units that have decayed and are still on the shelf, less than a step"),
        C("decayed", "f8", "units decayed"),
        C("destroyed", "f8", "units destroyed in disruptions"),
        C("left_over", "f8", "of the units outdated, those thrown away when nobody wanted the product any more"),
        C("marked_down", "f8", "units that customers got for less because of their age"),
    ),
)
"""How the books of a stock point come to differ from its shelf, how they are put right, what decays, and totals since time 0."""
