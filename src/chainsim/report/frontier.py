"""The chart of a tuning: cost against service along every policy's curve, with bands, the target and what was confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainsim.report.charts.base import Drawing
from chainsim.report.charts.style import FONT, INK, axis_words, finish, first_height, grid, look, new_figure
from chainsim.report.numbers import Units, percent

if TYPE_CHECKING:
    from chainsim.tune.results import Tuned

WINDOW = (0.895, 1.0)
"""Of service, what is drawn."""


def draw(tuned: Tuned) -> Drawing | None:
    """None where nothing was tuned to a service."""
    if not tuned.aim.measure or not tuned.points:
        return None
    units = Units(tuned.currency)
    low = min(WINDOW[0], tuned.aim.target - 0.02)
    drawn = {name: [p for p in points if p.service >= low] for name, points in tuned.points.items()}
    scale = units.scale("{currency}/year".replace("{currency}", tuned.currency or "money"), [
        (p.cost, p.cost_high - p.cost) for points in drawn.values() for p in points
    ])  # fmt: skip
    figure, axes = new_figure(first_height(len(drawn)) + 0.9)
    told = []
    for k, (name, points) in enumerate(drawn.items()):
        style, label = look(k), tuned.subjects[name].label
        x = [100 * p.service for p in points]
        axes.plot(
            x,
            [p.cost / scale.divisor for p in points],
            color=style.colour,
            linestyle=style.dash,
            linewidth=1.6,
            label=label,
        )
        axes.fill_between(
            x, [p.cost_low / scale.divisor for p in points], [p.cost_high / scale.divisor for p in points],
            color=style.colour, alpha=0.15, linewidth=0,
        )  # fmt: skip
        service, cost = tuned.service_of(name), tuned.cost_of(name)
        assert service is not None
        mean, half = (cost.mean or 0.0) / scale.divisor, (cost.half_width or 0.0) / scale.divisor
        ends = 100 * (service.mean or 0.0)
        axes.errorbar(
            ends, mean, xerr=[[ends - 100 * (service.low or 0.0)], [100 * (service.high or 0.0) - ends]], yerr=half,
            fmt=style.marker, color=style.colour, markersize=7, capsize=2.5, elinewidth=1.2, zorder=4,
        )  # fmt: skip
        asked = tuned.today.get(name)
        if asked is not None and (tuned.aim.as_today in (None, name)) and asked.service >= low:
            axes.plot(
                100 * asked.service, asked.cost / scale.divisor, marker=style.marker, markersize=7, color=style.colour,
                markerfacecolor="white", linestyle="none", zorder=3,
            )  # fmt: skip
        if points:
            best = min(points, key=lambda p: p.cost)
            if best.service < max(p.service for p in points):
                axes.plot(100 * best.service, best.cost / scale.divisor, marker="+", markersize=11, color=INK, zorder=5)
        told.append(
            f"{label}: {percent(round(service.mean or 0.0, 4))}, {mean:.3g} {scale.unit}; {tuned.minimum(name)}"
        )
    axes.axvline(100 * tuned.aim.target, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=2)
    axes.annotate(
        f"target {percent(tuned.aim.target)}", (100 * tuned.aim.target, 0.985), (-4, 0), xycoords=axes.get_xaxis_transform(),
        textcoords="offset points", ha="right", va="top", fontsize=FONT, color=INK, rotation=90,
    )  # fmt: skip
    axes.set_xlim(100 * low, 100.0)
    grid(axes)
    title = tuned.aim.measure.replace("_", " ")
    axes.set_xlabel(f"{title}, %, axis not from 0")
    axes.set_ylabel(f"total cost, {scale.unit}{axis_words(axes.get_ylim()[0])}")
    axes.legend(loc="best")
    winner = tuned.confirmed.answer.winner
    said = (
        f"{tuned.labels[winner]} is the cheapest way to {percent(tuned.aim.target)}"
        + ("" if tuned.confirmed.answer.converged else " that is sure so far")
        if winner is not None
        else f"No policy is sure to reach {percent(tuned.aim.target)}"
    )
    finish(figure, said)
    who = "of today's practice" if tuned.aim.as_today else "of each policy as asked"
    caption = (
        f"Cost against {title}: levels where customers buy move, the rest as tuned for {percent(tuned.aim.target)}. Bands: "
        f"{percent(tuned.aim.confidence)} intervals on the search's replications, which are common to all. Filled points: confirmed on "
        f"fresh replications. Hollow points: the setting {who}. A cross: where total cost is least."
    )
    return Drawing(figure, said, caption, "; ".join(told) + ".")
