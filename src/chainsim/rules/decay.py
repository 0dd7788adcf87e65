"""Goods that decay: of what lies on a shelf a constant share is lost per time, each time the share of what is still there
(P. Ghare & G. Schrader 1963, Journal of Industrial Engineering 14:238-243).

What has decayed by an instant is the rate × the time integral of the stock on hand. Of whole units one goes whenever that has
come to a unit, so a unit alone is lost after 1 ÷ rate, and of n the first after 1 ÷ (n × rate): the mean of units whose lives
are exponential. Divisible goods go in steps, a share of what is there (`STEP`), at the instants at which stock left alone has
lost it. Where demand flows it goes all the time: `rules.flow`. Goods under way and in work do not decay. Everybody knows of it.
"""

from __future__ import annotations

from chainsim.rules.flow import ticks_until
from chainsim.rules.grid import lots_in, on_grid
from chainsim.rules.log import DECAYED
from chainsim.rules.movement import take_off
from chainsim.rules.phases import DECAY_DUE
from chainsim.rules.rows import Ledger, Point
from chainsim.rules.stock import advance, position_falls, tell
from chainsim.rules.world import World

STEP = 0.01
"""Share of a divisible stock that goes at once."""
LEAST = 1e-6
"""Units that go at once at least, of divisible goods: a stock that is all but gone must come to an end."""


def expect_decay(w: World, i: int) -> None:
    """Put on the calendar when so much will have decayed that it goes, if nothing as early is there. Called when stock has come;
    when it has left, the entry comes too early, and finds nothing to do but to look anew."""
    ledger = w.ledgers[i]
    sp = w.points[ledger.point]
    if ledger.decay <= 0.0 or sp.flow >= 0 or sp.on_hand <= 0.0:
        return
    add_up_decay(w, sp, ledger)
    goes = 1.0 if ledger.decay_step == 0.0 else max(ledger.decay_step * sp.on_hand, LEAST)
    ticks = ticks_until(goes - ledger.decay_due, ledger.decay * sp.on_hand)
    if ticks < w.end - w.now and (ledger.decay_at < w.now or w.now + ticks < ledger.decay_at):
        ledger.decay_at = w.now + ticks
        w.expect(DECAY_DUE, ledger.decay_at, i)


def decay(w: World, i: int) -> None:
    """What has decayed by now leaves the shelf: whole units, or as much as there is of divisible goods."""
    ledger = w.ledgers[i]
    if ledger.decay_at != w.now:
        return
    ledger.decay_at = -1
    p = ledger.point
    sp = w.points[p]
    add_up_decay(w, sp, ledger)
    quantity = min(lots_in(ledger.decay_due, 1.0) if sp.whole == 1 else on_grid(ledger.decay_due), sp.on_hand)
    if quantity > 0.0:
        ledger.decay_due -= quantity
        ledger.decayed += quantity
        take_off(w, sp, quantity, -1)
        tell(w, p, sp, DECAYED, -1, quantity, -1, -1)
        position_falls(w, p, sp, quantity)
    expect_decay(w, i)


def add_up_decay(w: World, sp: Point, ledger: Ledger) -> None:
    """Add up what has decayed to now."""
    advance(sp, w.now)
    ledger.decay_due += ledger.decay * (sp.on_hand_time - ledger.decay_seen)
    ledger.decay_seen = sp.on_hand_time
