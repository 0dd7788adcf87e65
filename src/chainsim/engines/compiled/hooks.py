"""What the compiled world offers the rules, and the calendar behind it: a heap ordered by (tick, key).

Taking the first event leaves a hole at the top, which the next event put on the calendar fills: most events put another
one on, and so one walk down the heap does for both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainsim.engines.compiled.layout import BACKWARDS
from chainsim.engines.compiled.memory import before
from chainsim.engines.pools import POOLS, Pool
from chainsim.rules.calendar import key_of
from chainsim.rules.ladders import written
from chainsim.rules.phases import PATIENCE_ENDS, phase_of

KIND_BITS, INDEX_BITS = 6, 28
KIND_MASK, INDEX_MASK = (1 << KIND_BITS) - 1, (1 << INDEX_BITS) - 1
NUMBER_SHIFT = KIND_BITS + INDEX_BITS
NUMBER_MASK = (1 << (63 - NUMBER_SHIFT)) - 1


def expect(w: Any, kind: int, at: int, index: int) -> None:
    """Put a happening on the calendar."""
    if at < w.now:
        w.status = BACKWARDS
        return
    what = kind | index << KIND_BITS
    if kind == PATIENCE_ENDS:  # its row may serve another claim by then
        what |= (w.claims[index].number & NUMBER_MASK) << NUMBER_SHIFT
    put(w, at, key_of(w, kind, index), what)


def put(w: Any, at: int, key: int, what: int) -> None:
    """Put an event on the heap."""
    if w.hole == 1:
        w.hole = 0
        sink(w, at, key, what)
        return
    i = w.calendar_used
    w.calendar_used = i + 1
    while i > 0:
        above = (i - 1) >> 1
        parent = w.calendar[above]
        if before(at, key, parent.at, parent.key) == 0:
            break
        move(w.calendar[i], parent)
        i = above
    write(w.calendar[i], at, key, what)


def sink(w: Any, at: int, key: int, what: int) -> None:
    """Put an event in the hole at the top."""
    n = w.calendar_used
    i = 0
    child = 1
    while child < n:
        below = w.calendar[child]
        if child + 1 < n:
            other = w.calendar[child + 1]
            child += before(other.at, other.key, below.at, below.key)
            below = w.calendar[child]
        if before(below.at, below.key, at, key) == 0:
            break
        move(w.calendar[i], below)
        i = child
        child = 2 * i + 1
    write(w.calendar[i], at, key, what)


def close_hole(w: Any) -> None:
    """Nothing took the place of the event taken last: the last of the heap does."""
    w.hole = 0
    n = w.calendar_used - 1
    w.calendar_used = n
    if n > 0:
        last = w.calendar[n]
        sink(w, last.at, last.key, last.what)


def write(entry: Any, at: int, key: int, what: int) -> None:
    entry.at = at
    entry.key = key
    entry.what = what


def move(target: Any, source: Any) -> None:
    write(target, source.at, source.key, source.what)


def log(w: Any, kind: int, p: int, lane: int, quantity: float, claim: int, shipment: int) -> None:
    """One line of the event log."""
    line = w.lines[w.lines_used]
    w.lines_used += 1
    sp = w.points[p]
    line.tick = w.now
    line.phase = phase_of(w.key)
    line.kind = kind
    line.point = p
    line.lane = lane
    line.quantity = quantity
    line.on_hand = sp.on_hand
    line.on_order = sp.on_order
    line.backorders = sp.backorders
    line.claim = claim
    line.shipment = shipment


def hooks_of(pool: Pool) -> tuple[Callable[..., Any], ...]:
    """new_{row}(w): a row of the pool, those given back first; free_{row}(w, k): row k is given back."""
    used, free, freed = f"w.{pool.name}_used", f"w.free_{pool.name}", f"w.free_{pool.name}_used"
    count, note, forget = f"w.{pool.row}_numbers", f"w.{pool.name}[k].number = ", f"    w.{pool.name}[k].number = -1"
    take = [
        f"def new_{pool.row}(w):",
        f"    if {freed} > 0:",
        f"        {freed} -= 1",
        f"        k = {free}[{freed}]",
        "    else:",
        f"        k = {used}",
        f"        {used} = k + 1",
        *((f"    {count} += 1", f"    {note}{count}") if pool.numbered else ()),
        "    return k",
    ]
    give_back = [
        f"def free_{pool.row}(w, k):",
        *((forget,) if pool.numbered else ()),
        f"    {free}[{freed}] = k",
        f"    {freed} += 1",
    ]
    return written(__name__, take, {}), written(__name__, give_back, {})


HOOKS: tuple[Callable[..., Any], ...] = (expect, log, *(hook for pool in POOLS if pool.row for hook in hooks_of(pool)))
"""The methods of the world, beside `draw` and `order_quantity`."""
