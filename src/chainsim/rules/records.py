"""Records that lie: the books of a stock point differ from its shelf until somebody counts.

Customers, sites and plants are served from the shelf; planners read the books (`rules.position`). Units are lost unseen, or a
receipt is booked wrongly; a count sets the books to what is found (N. DeHoratius & A. Raman 2008, Management Science 54;
Y. Kang & S. Gershwin 2005, IIE Transactions 37). `unseen` is books less shelf: units that are there on paper only.
"""

from __future__ import annotations

from chainsim.rules.decay import expect_decay
from chainsim.rules.grid import on_grid, tick_after, whole_units
from chainsim.rules.log import COUNTED, MISBOOKED, SHRUNK
from chainsim.rules.movement import take_off
from chainsim.rules.phases import COUNT_DUE, LOSS_DUE
from chainsim.rules.rows import Point
from chainsim.rules.stock import move_echelon, tell, wake
from chainsim.rules.world import World


def open_ledger(w: World, i: int) -> None:
    """At time 0 the books are right; the first loss, the first count and what decays first are put on the calendar."""
    ledger = w.ledgers[i]
    expect_loss(w, i)
    expect_decay(w, i)
    if ledger.count_every > 0 and ledger.first_count < w.end:
        w.expect(COUNT_DUE, ledger.first_count, i)


def expect_loss(w: World, i: int) -> None:
    """When units are lost next."""
    ledger = w.ledgers[i]
    if ledger.gap_stream >= 0:
        at = w.now + int(w.draw(ledger.gap_stream))
        if at < w.end:
            w.expect(LOSS_DUE, at, i)


def lose_unseen(w: World, i: int) -> None:
    """Units leave the shelf and nobody knows: theft, damage, misplacement. No more than there are."""
    ledger = w.ledgers[i]
    p = ledger.point
    sp = w.points[p]
    quantity = min(in_units(sp, w.draw(ledger.loss_stream)), sp.on_hand)
    if quantity > 0.0:
        take_off(w, sp, quantity, -1)
        ledger.shrunk += quantity
        move_apart(w, i, sp, quantity)
        tell(w, p, sp, SHRUNK, -1, quantity, -1, -1)  # the position does not fall: the books do not know
    expect_loss(w, i)


def book_receipt(w: World, p: int, sp: Point) -> None:
    """A receipt is booked: rightly, or with too many or too few units. More goods on the shelf decay sooner."""
    expect_decay(w, sp.ledger)
    ledger = w.ledgers[sp.ledger]
    if ledger.misbooking_stream < 0:
        return
    wrong = w.draw(ledger.misbooking_stream)
    if wrong != 0.0:
        by = wrong * in_units(sp, w.draw(ledger.misbooked_stream))
        if by != 0.0:
            ledger.misbooked += by
            change_books(w, p, sp, by)
            tell(w, p, sp, MISBOOKED, -1, by, -1, -1)


def count_by_calendar(w: World, i: int) -> None:
    """A cycle count, and the next."""
    ledger = w.ledgers[i]
    count(w, i)
    due = tick_after(w.now, ledger.first_count, ledger.count_every, ledger.count_rest)
    if due < w.end:
        w.expect(COUNT_DUE, due, i)


def count(w: World, i: int) -> None:
    """The shelf is counted, and the books become what was counted."""
    ledger = w.ledgers[i]
    p = ledger.point
    sp = w.points[p]
    ledger.counts += 1
    if abs(sp.unseen) <= ledger.tolerance * sp.on_hand:
        ledger.counts_right += 1
    by = miscounted(w, i, sp) - sp.unseen
    if by > 0.0:
        ledger.found += by
    else:
        ledger.missing -= by
    change_books(w, p, sp, by)
    tell(w, p, sp, COUNTED, -1, by, -1, -1)


def miscounted(w: World, i: int, sp: Point) -> float:
    """Units that a count finds beyond those on the shelf; no count finds fewer than none."""
    ledger = w.ledgers[i]
    if ledger.miscount_stream < 0:
        return 0.0
    wrong = w.draw(ledger.miscount_stream)
    if wrong == 0.0:
        return 0.0
    return max(wrong * in_units(sp, w.draw(ledger.miscounted_stream)), -sp.on_hand)


def change_books(w: World, p: int, sp: Point, by: float) -> None:
    """The books change, the shelf does not: positions follow, and a planner on watch looks where they fall."""
    move_apart(w, sp.ledger, sp, by)
    if sp.ancestors > 0:
        move_echelon(w, sp.first_ancestor, sp.ancestors, by)
    if by < 0.0:
        wake(w, p, sp)


def move_apart(w: World, i: int, sp: Point, by: float) -> None:
    """Books and shelf move apart by so many units, or towards each other; the difference has no rounding crumbs."""
    advance_ledger(w, i, w.now)
    sp.unseen = sp.unseen + by if sp.whole == 1 else on_grid(sp.unseen + by)


def advance_ledger(w: World, i: int, now: int) -> None:
    """Add up the time integral of the difference; called before it changes."""
    ledger = w.ledgers[i]
    elapsed = now - ledger.since
    if elapsed > 0:
        ledger.unseen_time += abs(w.points[ledger.point].unseen) * elapsed
        ledger.since = now


def find_short(w: World, sp: Point, short: float) -> None:
    """A customer found the shelf `short` units short of what it wanted: did the books have them?"""
    if sp.unseen > 0.0 and sp.down == 0:
        ledger = w.ledgers[sp.ledger]
        ledger.phantom += min(short, sp.unseen)
        ledger.phantom_lines += 1
        find_empty(w, sp)


def find_empty(w: World, sp: Point) -> None:
    """Somebody stands before an empty shelf that the books call stocked: where it is asked for, it is counted at once."""
    if w.ledgers[sp.ledger].when_empty == 1 and sp.on_hand <= 0.0 < sp.unseen:
        count(w, sp.ledger)


def in_units(sp: Point, drawn: float) -> float:
    """Units that a draw says, not below 0: whole ones where the product is not divisible."""
    if drawn <= 0.0:
        return 0.0
    return whole_units(drawn) if sp.whole == 1 else on_grid(drawn)
