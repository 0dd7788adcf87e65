"""Stock over time as a fan over replications, with one replication drawn, for the recommended policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FuncFormatter

from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.style import INK, finish, grid, look, new_figure
from chainsim.report.facts import Facts, Policy, echelon
from chainsim.report.names import shown
from chainsim.report.numbers import decimals_for, grouped, several

if TYPE_CHECKING:
    from chainsim.report.verdict import Narrative

Array = np.ndarray[Any, Any]
SHARE = 0.1
"""An echelon with less than this share of the stock is not worth a picture, unless it serves customers."""
FAR_MORE = 3.0
"""How many times less certain, for its size, the stock of another echelon must be to be shown instead."""


@chart("stock-fan", place="first", rank=4)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None when there is no series of at least two buckets."""
    policy = facts.policies[narrative.chosen]
    found = _most_telling(facts, policy)
    if found is None:
        return None
    where, starts, fan = found
    random = bool((fan["q95"] - fan["q05"]).max() > 1e-9)
    figure, axes = new_figure()
    colour = look(policy.index).colour
    if random:
        axes.fill_between(starts, fan["q05"], fan["q95"], color=colour, alpha=0.18, linewidth=0, label="5 to 95 %")
        axes.fill_between(starts, fan["q25"], fan["q75"], color=colour, alpha=0.38, linewidth=0, label="25 to 75 %")
        axes.plot(starts, fan["q50"], color=colour, linewidth=2.0, label="median")
        axes.plot(starts, fan["first"], color=INK, linewidth=0.8, label="one replication")
    else:
        alone = "the only replication" if facts.n == 1 else "every replication"
        axes.plot(starts, fan["first"], color=colour, linewidth=2.0, label=alone)
    highest = float(max(fan["q95"].max(), fan["first"].max(), 1e-9))
    axes.set_ylim(0, 1.06 * highest)
    axes.set_xlim(float(starts[0]), float(starts[-1]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: grouped(v, 0 if highest > 5 else 1)))
    grid(axes)
    axes.set_xlabel(f"{facts.time_unit}s since the end of the warm-up")
    axes.set_ylabel(f"stock on hand, {_unit(facts)}")
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=4, handlelength=1.6, columnspacing=1.2
    )
    low, high = float(fan["q05"].min()), float(fan["q95"].max())
    decimals = decimals_for(high, (high - low) / 10 if high > low else None)
    if low.is_integer() and high.is_integer():
        decimals = min(decimals, 0)
    ends = f"between {grouped(low, decimals)} and {grouped(high, decimals)} units"
    where = f"{where} under {policy.label}"
    caption = f"{where} at the end of each bucket"
    if not random:
        title = f"{where} lies {ends} in {'the only' if facts.n == 1 else 'every'} replication"
        finish(figure, title)
        return Drawing(figure, title, f"{caption}.", f"It lies {ends}.")
    title = f"{where} lies {ends} nine times out of ten"
    finish(figure, title)
    zero = int((fan["q05"] <= 1e-9).sum())
    out = (
        f" In {several(zero, 'bucket')} of {len(starts)} at least one replication in twenty has nothing left."
        if zero
        else ""
    )
    caption += f", as a fan over {several(facts.n, 'replication')}."
    return Drawing(figure, title, caption, f"At any time at least nine of ten replications lie {ends}.{out}")


def _unit(facts: Facts) -> str:
    """What is counted: 'units of soup', or units of all products."""
    return f"units of {shown(facts.products[0], 24)}" if len(facts.products) == 1 else "units of all products"


def _most_telling(facts: Facts, policy: Policy) -> tuple[str, Array, dict[str, Array]] | None:
    """The echelon that serves customers, or one whose stock is far less certain for its size; the network if the tables
    go no further."""
    whole = facts.series(policy, "", "on_hand")
    if whole is None or len(whole[0]) < 2:
        return None
    total = float(whole[1]["mean"].mean())
    best, most = ("Stock of the whole network", *whole), -1.0
    for kind in facts.echelons:
        found = facts.series(policy, echelon(kind), "on_hand")
        held = float(found[1]["mean"].mean()) if found else 0.0
        if found is None or held <= 0 or (held < SHARE * total and kind not in facts.selling):
            continue
        spread = float((found[1]["q95"] - found[1]["q05"]).mean()) / held
        weight = FAR_MORE if kind in facts.selling else 1.0
        if weight * spread > most:
            best, most = (f"Stock of {facts.place(kind)}", *found), weight * spread
    return best
