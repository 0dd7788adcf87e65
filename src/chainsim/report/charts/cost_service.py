"""Cost against service: every policy with both its intervals, and the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainsim.report import findings, names
from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.labels import Box, box_of, label_points
from chainsim.report.charts.style import (
    FEW,
    FONT,
    INK,
    axis_words,
    finish,
    first_height,
    grid,
    ink,
    look,
    new_figure,
    renderer_of,
)
from chainsim.report.facts import Facts, Policy
from chainsim.report.intervals import in_words, sides
from chainsim.report.numbers import percent
from chainsim.statistics import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from chainsim.report.verdict import Narrative


Sides = tuple[float, float]
"""How far an interval reaches below and above its mean."""


@chart("cost-service", place="first", rank=1)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None when nothing was demanded. Without costs, average stock takes the place of money."""
    money = any(facts.mean(p, "total_cost") for p in facts.policies)
    x_kpi = "total_cost" if money else "on_hand_mean"
    shown = [
        (p, facts.estimate(p, x_kpi), facts.estimate(p, "fill_rate"))
        for p in facts.policies
        if facts.mean(p, "fill_rate") is not None and facts.mean(p, x_kpi) is not None
    ]
    if not shown:
        return None
    unit = facts.kpi_units[x_kpi]
    everyone = shown
    far = findings.far_off(
        [(x.mean or 0.0, y.mean or 0.0) for _, x, y in shown], [p.index == narrative.chosen for p, _, _ in shown]
    )
    shown = [one for one, out in zip(shown, far, strict=True) if not out]
    outside = [one for one, out in zip(everyone, far, strict=True) if out]
    scale = facts.units.scale(unit, [(x.mean, x.half_width) for _, x, _ in shown])
    figure, axes = new_figure(first_height(len(facts.policies)))
    xs = [(x.mean or 0.0) / scale.divisor for _, x, _ in shown]
    ys = [100 * (y.mean or 0.0) for _, _, y in shown]
    spread_x = [_around(x, 1.0 / scale.divisor) for _, x, _ in shown]
    spread_y = [_around(y, 100.0) for _, _, y in shown]
    for (policy, _, _), x, y, dx, dy in zip(shown, xs, ys, spread_x, spread_y, strict=True):
        style = look(policy.index)
        axes.errorbar(
            x,
            y,
            xerr=[[dx[0]], [dx[1]]],
            yerr=[[dy[0]], [dy[1]]],
            fmt=style.marker,
            color=style.colour,
            markersize=7,
            capsize=2.5,
            elinewidth=1.2,
            zorder=4,
        )
    _limits(axes, xs, spread_x, [*ys, *([100 * facts.target] if facts.target is not None else [])], spread_y)
    grid(axes)
    axes.set_xlabel(f"{facts.title_of(x_kpi).lower()}, {scale.unit}{axis_words(axes.get_xlim()[0])}")
    axes.set_ylabel(f"fill rate, %{axis_words(axes.get_ylim()[0])}")
    title = findings.cost_service(facts, narrative, money, [p for p, _, _ in everyone])
    finish(figure, title)
    keep_clear = [
        box
        for x, y, dx, dy in zip(xs, ys, spread_x, spread_y, strict=True)
        for box in (_between(axes, x - dx[0], y, x + dx[1], y), _between(axes, x, y - dy[0], x, y + dy[1]))
    ]
    if facts.target is not None:
        keep_clear += _target(axes, 100 * facts.target, f"target {percent(facts.target)}", keep_clear)
    label_points(
        axes,
        list(zip(xs, ys, strict=True)),
        [p.label if len(shown) <= FEW else names.shown(p.label, 20) for p, _, _ in shown],
        [ink(look(p.index).colour) for p, _, _ in shown],
        keep_clear,
    )
    told = "; ".join(_told(facts, unit, one) for one in everyone)
    goal = f" The target is {percent(facts.target)}." if facts.target is not None else ""
    what = f"total cost per {facts.over}" if money else "average stock"
    within = f", with {percent(facts.level)} intervals" if facts.random and facts.n > 1 else ""
    caption = f"Fill rate against {what}{within}; up and to the left is better."
    if outside:
        caption += f" Too far off for this picture: {'; '.join(_told(facts, unit, one) for one in outside)}."
    return Drawing(figure, title, caption, f"{told}.{goal}")


def _told(facts: Facts, unit: str, one: tuple[Policy, Estimate, Estimate]) -> str:
    """A point in words."""
    policy, x, y = one
    return f"{policy.label}: {in_words(facts.units, 'share', y)}, {facts.units.interval(unit, x.mean, x.half_width)}"


def _around(e: Estimate, factor: float) -> Sides:
    below, above = sides(e)
    return below * factor, above * factor


def _limits(axes: Axes, xs: list[float], dx: list[Sides], ys: list[float], dy: list[Sides]) -> None:
    """Room around the outermost points, for labels beside them."""
    low, high = (
        min(x - d for x, (d, _) in zip(xs, dx, strict=True)),
        max(x + d for x, (_, d) in zip(xs, dx, strict=True)),
    )
    width = max(high - low, 0.05 * abs(high), 1e-9)
    axes.set_xlim(low - 0.12 * width, high + 0.3 * width)
    dy = [*dy, *[(0.0, 0.0)] * (len(ys) - len(dy))]
    low, high = (
        min(y - d for y, (d, _) in zip(ys, dy, strict=True)),
        max(y + d for y, (_, d) in zip(ys, dy, strict=True)),
    )
    tall = max(high - low, 0.5)
    axes.set_ylim(low - 0.15 * tall, min(high + 0.18 * tall, max(100.0, high) + 0.08 * tall))
    axes.set_yticks([t for t in axes.get_yticks() if axes.get_ylim()[0] <= t <= min(100.0, axes.get_ylim()[1])])


def _target(axes: Axes, target: float, text: str, taken: list[Box]) -> list[Box]:
    """The line and its label, at whichever end and side is free; both as boxes to keep clear."""
    axes.axhline(target, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=2)
    line = _between(axes, *_ends(axes, target), margin=1.0)
    figure = axes.figure
    for x, align in ((0.995, "right"), (0.005, "left")):
        for offset, side in ((3, "bottom"), (-3, "top")):
            label = axes.annotate(
                text, (x, target), (0, offset), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                ha=align, va=side, fontsize=FONT, color=INK,
            )  # fmt: skip
            box = box_of(label.get_window_extent(renderer_of(figure)), 1.0)  # type: ignore[arg-type]
            if not any(box.overlaps(t) for t in taken):
                return [line, box]
            label.remove()
    return [line]


def _ends(axes: Axes, y: float) -> tuple[float, float, float, float]:
    left, right = axes.get_xlim()
    return left, y, right, y


def _between(axes: Axes, x0: float, y0: float, x1: float, y1: float, margin: float = 4.0) -> Box:
    (left, bottom), (right, top) = axes.transData.transform([(x0, y0), (x1, y1)])
    return Box(float(left) - margin, float(bottom) - margin, float(right) + margin, float(top) + margin)
