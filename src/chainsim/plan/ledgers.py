"""How the books of stock points come to differ from their shelves, and what decays there, as rows with their random streams."""

from __future__ import annotations

from math import log1p

from chainsim.chance.book import Rounding, StreamBook
from chainsim.chance.families import Discrete
from chainsim.demand.flow import Flow
from chainsim.plan.network import Network
from chainsim.plan.plan import Array, Clock
from chainsim.plan.supply import time_stream
from chainsim.plan.tables_records import LEDGER
from chainsim.rules.decay import STEP
from chainsim.scenario.model import StockPoint
from chainsim.scenario.model_shelf import Mistake


def compile_ledgers(network: Network, points: Array, book: StreamBook, clock: Clock) -> Array:
    """Rows of the LEDGER table; notes in `points` which stock point has which. The shelves of unlimited suppliers are nobody's
    concern."""
    struck = {outage.site for outage in network.scenario.outages if outage.destroys > 0.0}
    lying = [
        i
        for i, p in enumerate(network.points)
        if (may_lie(p) or p.decay or p.site in struck or p.markdown or network.ends(i) is not None)
        and not network.unlimited[i]
    ]
    flowing = {(d.site, d.product) for d in network.scenario.demands if isinstance(d.process, Flow)}
    points["ledger"][lying] = range(len(lying))
    rows = LEDGER.array(len(lying))
    for row, i in zip(rows, lying, strict=True):
        point = network.points[i]
        row["point"] = i
        ends = network.ends(i)
        row["ends"] = -1 if ends is None else clock.ticks(ends)
        if point.markdown is not None:
            row["markdown"] = clock.ticks(point.lifetime or 0.0) - clock.ticks(point.markdown.after)
        name = ("records", point.site, point.product)
        whole = not network.product_of[point.product].divisible
        rounding: Rounding = "whole" if whole else "none"
        if point.decay:
            row["decay_step"] = 0.0 if whole or (point.site, point.product) in flowing else STEP
            at_once = (
                STEP / -log1p(-STEP) if row["decay_step"] > 0.0 else 1.0
            )  # stock left alone follows e^(−rate × time)
            row["decay"] = point.decay * at_once / clock.ticks_per_unit
        if point.loss:
            row["gap_stream"] = time_stream(book, (*name, "loss", "gap"), point.loss.gap, clock)
            row["loss_stream"] = book.stream((*name, "loss", "units"), point.loss.units, rounding=rounding)
        for mistake, which, by in (
            (point.misbooking, "misbooking", "misbooked"),
            (point.count and point.count.mistake, "miscount", "miscounted"),
        ):
            if mistake:
                row[f"{which}_stream"] = book.stream((*name, which), wrong_way(mistake))
                row[f"{by}_stream"] = book.stream((*name, by), mistake.units, rounding=rounding)
        if point.count:
            row["when_empty"], row["tolerance"] = point.count.when_empty, point.count.tolerance
            if point.count.every is not None:
                every = point.count.every
                row["count_every"], row["count_rest"] = max(1, clock.ticks(every)), clock.rest(every)
                row["first_count"] = clock.ticks(point.count.first)
    return rows


def may_lie(point: StockPoint) -> bool:
    """Whether anything is said of its records."""
    return point.loss is not None or point.misbooking is not None or point.count is not None


def wrong_way(mistake: Mistake) -> Discrete:
    """-1 too few, 0 right, 1 too many."""
    half = mistake.share / 2.0
    return Discrete(values=(-1.0, 0.0, 1.0), probabilities=(half, 1.0 - mistake.share, half))
