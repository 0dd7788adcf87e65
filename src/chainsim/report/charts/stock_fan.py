"""Stock over time as a fan over replications, with one replication drawn, for the policy the page is about.

Above 0 what is on hand, below 0 what is owed. A band is drawn only where there are enough replications to say how often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.style import INK, finish, first_height, grid, look, new_figure
from chainsim.report.charts.time_axis import across, name_axis
from chainsim.report.facts import Facts, Policy, echelon
from chainsim.report.names import shown
from chainsim.report.numbers import decimals_for, grouped, several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from chainsim.report.verdict import Narrative

Array = np.ndarray[Any, Any]
SHARE = 0.1
"""An echelon with less than this share of the stock is not worth a picture, unless it serves customers."""
FAR_MORE = 3.0
"""How many times less certain, for its size, the stock of another echelon must be to be shown instead."""
SEEN = 0.01
"""What is owed is drawn where it is more than this part of the stock."""
TENTHS, QUARTERS = 20, 8
"""Replications from which on the band of nine in ten and that of the middle half are drawn: with fewer their ends are only
interpolated between the extremes."""
Fan = dict[str, Array]


class _Seen(NamedTuple):
    """What is drawn: of which place (in words, and as in the tables), starts of buckets, what is on hand, and what is owed (None: never anything)."""

    where: str
    site: str
    starts: Array
    stock: Fan
    owed: Fan | None

    @property
    def net(self) -> Array:
        """Net stock of one replication."""
        first = self.stock["first"]
        return first if self.owed is None else first - self.owed["first"]


@chart("stock-fan", place="first", rank=4)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None when there is no series of at least two buckets."""
    policy = facts.policies[narrative.chosen]
    seen = _most_telling(facts, policy)
    if seen is None:
        return None
    fans = [seen.stock] if seen.owed is None else [seen.stock, seen.owed]
    random = any(bool((fan["q95"] - fan["q05"]).max() > 1e-9) for fan in fans)
    figure, axes = new_figure(first_height(len(facts.policies)))
    _fans(axes, facts, policy, seen, random)
    grid(axes)
    name_axis(axes, facts, facts.clock_words)
    words = "stock on hand" if seen.owed is None else "net stock (below 0: owed)"
    axes.set_ylabel(f"{words}, {_unit(facts)}")
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=4, handlelength=1.0, columnspacing=0.7
    )
    what = f"{'Stock' if random or seen.owed is None else 'Net stock'} of {seen.where} under {policy.label}"
    title = f"{what}{_finding(facts, policy, seen, random)}"
    finish(figure, title)
    caption = f"{what} at the end of each {facts.bucket}"
    if random and facts.n < QUARTERS:
        caption += f": the median of {several(facts.n, 'replication')}, too few to say how far others may lie from it."
    elif random:
        caption += f", as a fan over {several(facts.n, 'replication')}."
        if facts.n < TENTHS:
            caption += f" {several(facts.n, 'replication')} do not say what nine of ten would hold."
    else:
        caption += "."
    if len(facts.products) > 1:
        caption += f" Units of {len(facts.products)} products are added up."
    return Drawing(figure, title, caption, _numbers(facts, seen, random))


def _fans(axes: Axes, facts: Facts, policy: Policy, seen: _Seen, random: bool) -> None:
    colour, starts = look(policy.index).colour, across(facts, seen.starts)
    for fan, sign in ((seen.stock, 1.0), (seen.owed, -1.0)):
        if fan is None or not random:
            continue
        named = sign > 0
        if facts.n >= TENTHS:
            axes.fill_between(
                starts, sign * fan["q05"], sign * fan["q95"], color=colour, alpha=0.18, linewidth=0,
                label="5 to 95 %" if named else None,
            )  # fmt: skip
        if facts.n >= QUARTERS:
            axes.fill_between(
                starts, sign * fan["q25"], sign * fan["q75"], color=colour, alpha=0.38, linewidth=0,
                label="25 to 75 %" if named else None,
            )  # fmt: skip
        if named or fan["q50"].max() > SEEN * seen.stock["q50"].max():  # mostly nothing is owed: no line for that
            axes.plot(starts, sign * fan["q50"], color=colour, linewidth=2.0, label="median" if named else None)
    alone = "one replication" if random else "the only replication" if facts.n == 1 else "every replication"
    axes.plot(
        starts, seen.net, color=INK if random else colour, linewidth=0.8 if random else 2.0,
        label=alone,
    )  # fmt: skip
    high = max(_top(seen.stock, facts), 1e-9)
    low = 0.0 if seen.owed is None else -_top(seen.owed, facts)
    axes.set_ylim(1.06 * low, 1.06 * high)
    axes.set_xlim(float(starts[0]), float(starts[-1]))
    if seen.owed is not None:
        axes.axhline(0.0, color=INK, linewidth=0.8, zorder=1)
    whole = high - low > 5
    if whole:  # a tick at 2.5 must not be called 2
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: grouped(v, 0) if whole else f"{v:.4g}"))


def _top(fan: Fan, facts: Facts) -> float:
    """The highest thing drawn of a fan."""
    upper = fan["q95"] if facts.n >= TENTHS else fan["q75"]
    return float(max(upper.max(), fan["first"].max(), fan["q50"].max()))


def _finding(facts: Facts, policy: Policy, seen: _Seen, random: bool) -> str:
    """What the title says after whose stock it is."""
    if not random:
        return f" {_ends(seen)} in {'the only' if facts.n == 1 else 'every'} replication"
    if facts.n < TENTHS:
        held = facts.estimate(policy, "on_hand_end_mean", seen.site)
        mean = float(seen.stock["mean"].mean())
        told = facts.units.value("units", held.mean, held.half_width) if held.mean is not None else f"{mean:.3g} units"
        return f": {told} on average at the ends of buckets"
    low, high = (float(np.median(seen.stock[q])) for q in ("q05", "q95"))
    decimals = _decimals(low, high)
    return (
        f": at a typical time {grouped(low, decimals)} to {grouped(high, decimals)} units in nine of ten replications"
    )


def _numbers(facts: Facts, seen: _Seen, random: bool) -> str:
    """For readers who cannot see it."""
    told = []
    if not random:
        told.append(f"It {_ends(seen)}.")
    elif facts.n >= TENTHS:
        low, high = float(seen.stock["q05"].min()), float(seen.stock["q95"].max())
        decimals = _decimals(low, high)
        told.append(
            f"At any time at least nine of ten replications hold {grouped(low, decimals)} to {grouped(high, decimals)} units."
        )
        if zero := int((seen.stock["q05"] <= 1e-9).sum()):
            told.append(
                f"In {several(zero, 'bucket')} of {len(seen.starts)} at least one replication in twenty has nothing left."
            )
    if seen.owed is not None:
        most = float(seen.owed["mean"].max())
        told.append(f"On average up to {grouped(most, decimals_for(most, None))} units are owed.")
    return " ".join(told)


def _ends(seen: _Seen) -> str:
    """The lowest and the highest net stock, in words."""
    low, high = float(seen.net.min()), float(seen.net.max())
    decimals = _decimals(low, high)
    if grouped(low, decimals) == grouped(high, decimals):
        return f"is {grouped(high, decimals)} units throughout"
    if low < 0:
        return f"lies between {grouped(-low, decimals)} units owed and {grouped(high, decimals)} on hand"
    return f"lies between {grouped(low, decimals)} and {grouped(high, decimals)} units"


def _decimals(low: float, high: float) -> int:
    decimals = decimals_for(high, (high - low) / 10 if high > low else None)
    return min(decimals, 0) if low.is_integer() and high.is_integer() else decimals


def _unit(facts: Facts) -> str:
    """What is counted: 'units of soup', or units of all products."""
    return f"units of {shown(facts.products[0], 24)}" if len(facts.products) == 1 else "units of all products"


def _most_telling(facts: Facts, policy: Policy) -> _Seen | None:
    """The echelon that serves customers, or one that keeps every product and whose stock is far less certain for its size; the
    network if the tables go no further."""
    whole = facts.series(policy, "", "on_hand")
    if whole is None or len(whole[0]) < 2:
        return None
    total = float(whole[1]["mean"].mean())
    best, most = _seen(facts, policy, "the whole network", "", *whole), -1.0
    for kind in facts.echelons:
        found = facts.series(policy, echelon(kind), "on_hand")
        held = float(found[1]["mean"].mean()) if found else 0.0
        minor = held < SHARE * total or not facts.keeps_everything(kind)
        if found is None or (minor and kind not in facts.selling):
            continue
        spread = float((found[1]["q95"] - found[1]["q05"]).mean()) / held if held > 0 else 0.0
        weight = FAR_MORE if kind in facts.selling else 1.0
        if weight * spread > most:
            best, most = _seen(facts, policy, facts.place(kind), echelon(kind), *found), weight * spread
    return best


def _seen(facts: Facts, policy: Policy, place: str, site: str, starts: Array, stock: Fan) -> _Seen:
    owed = facts.series(policy, site, "backorders")
    some = owed is not None and bool(owed[1]["mean"].max() > 1e-9)
    return _Seen(place, site, starts, stock, owed[1] if some and owed is not None else None)
