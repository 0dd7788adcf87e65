"""What the event log tells: the kinds of its lines, a sentence each.

A line also carries the claim it is about, by its number in the replication, and the shipment, by its number on its lane (the
number its times and yield are drawn by); -1 where there is none.
"""

from __future__ import annotations

LOG_KINDS = {
    "receive": "A shipment is received, or a lot is finished.",
    "ship": "Units are shipped to a stock point downstream.",
    "backfill": "A customer who waited is served.",
    "demand": "A customer arrives; the claim is that of the units it waits for.",
    "give_up": "A customer's patience ends.",
    "order": "An order is placed.",
    "request": "An order joins its supplier's queue.",
    "outdate": "Goods reach the end of their life.",
    "lend": "Units are handed over for a customer of another site, whose line comes next.",
    "consume": "Components leave stock for a job; the claim is the job's.",
    "shrink": "Units are lost unseen: the books keep them.",
    "misbook": "A receipt is booked with so many units too many; below 0: too few.",
    "count": "The shelf is counted, and the books change by so much.",
    "decay": "Goods decay on the shelf.",
    "destroy": "Stock is destroyed in a disruption.",
    "depart": "What waited at a dock leaves, as one shipment.",
}
(
    RECEIVED,
    SHIPPED,
    BACKFILLED,
    DEMANDED,
    GAVE_UP,
    ORDERED,
    REQUESTED,
    OUTDATED,
    LENT,
    CONSUMED,
    SHRUNK,
    MISBOOKED,
    COUNTED,
    DECAYED,
    DESTROYED,
    DEPARTED,
) = range(16)
