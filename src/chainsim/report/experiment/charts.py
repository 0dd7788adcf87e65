"""The charts of an experiment: responses against factors, effects, and which policy is best where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from chainsim.experiments.effects import Effect
from chainsim.experiments.factors import Factor, shown
from chainsim.experiments.findings import told_number
from chainsim.experiments.model import Curve, Response
from chainsim.experiments.theory_curves import CURVES
from chainsim.report.charts.base import Drawing
from chainsim.report.charts.style import GRID, INK, axis_words, columns_that_fit, finish, grid, look, new_figure
from chainsim.report.experiment.view import View
from chainsim.report.experiment.words import constraint, goal, largest
from chainsim.report.intervals import sides
from chainsim.report.names import shown as cut
from chainsim.report.numbers import Scale, exactly, percent, several

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_CURVES = 3
"""Factors and responses that have a curve of their own."""
MOST_POLICIES = 6
Sides = tuple[float, float]


def charts(view: View) -> Iterator[tuple[str, Drawing]]:
    """Every chart there is something to show of, with its name."""
    data = view.found.data
    if not data.good:
        return
    whole = [
        (name, made) for name, made in (("best", best_map(view)), ("effects", effects_chart(view))) if made is not None
    ]
    drawn = data.asked.design.kind != "full_factorial"
    if drawn:  # single points of a drawn design say little by themselves
        yield from whole
    for r, response in enumerate(data.asked.responses[:MOST_CURVES]):
        for factor in data.asked.factors[:MOST_CURVES]:
            drawing = curve(view, response, factor)
            if drawing is not None:
                yield f"curve-{r + 1}-{_slug(factor.name)}", drawing
    if not drawn:
        yield from whole


def curve(view: View, response: Response, factor: Factor) -> Drawing | None:
    """A response against a factor: means over the other factors in a full factorial, else every point."""
    data = view.found.data
    policies = data.asked.alternatives[:MOST_POLICIES]
    series = {policy: _series(view, policy, response, factor) for policy in policies}
    series = {policy: points for policy, points in series.items() if points}
    if not series or (not factor.numeric and not factor.values):
        return None
    means = data.asked.design.kind == "full_factorial"
    scale = view.units.scale(
        view.unit(response), [(y, max(around)) for points in series.values() for _, y, around in points]
    )
    figure, axes = new_figure()
    handles, texts = [], []
    for policy, points in series.items():
        style = look(view.place(policy))
        axes.errorbar(
            [x for x, _, _ in points], [y / scale.divisor for _, y, _ in points],
            yerr=[[a[0] / scale.divisor for _, _, a in points], [a[1] / scale.divisor for _, _, a in points]],
            fmt=style.marker, color=style.colour, linestyle=style.dash if means else "", markersize=4.5 if means else 3.0,
            linewidth=1.4, elinewidth=1.0, capsize=2.0 if means else 0.0, zorder=3,
        )  # fmt: skip
        handles.append(
            Line2D([], [], color=style.colour, marker=style.marker, linestyle=style.dash if means else "", markersize=5)
        )
        texts.append(cut(view.labels[policy], 34))
    for known in _curves_of(view, response, factor):
        xs, ys = zip(*_fine(view, known), strict=True)
        axes.plot(xs, [y / scale.divisor for y in ys], color=INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=2)
        handles.append(Line2D([], [], color=INK, linewidth=1.2, linestyle=(0, (4, 2))))
        texts.append(f"theory: {CURVES[known.name].title}")
    limit = data.asked.constraint
    if limit is not None and limit.response == response:
        axes.axhline(limit.bound / scale.divisor, color=INK, linewidth=1.0, zorder=1)
        handles.append(Line2D([], [], color=INK, linewidth=1.0))
        texts.append(constraint(view))
    if factor.range is not None and factor.range.log:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: exactly(x)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    if not factor.numeric:
        axes.set_xticks(range(len(factor.values)), [cut(shown(v), 16) for v in factor.values])
        axes.margins(x=0.15)
    axes.set_xlabel(f"{factor.name}{f', {factor.unit}' if factor.unit else ''}")
    axes.set_ylabel(f"{response.title}{f', {scale.unit}' if scale.unit else ''}{axis_words(axes.get_ylim()[0])}")
    grid(axes)
    _legend(figure, handles, texts)
    title = _curve_title(view, response, factor, series)
    finish(figure, title)
    other = [f.name for f in data.asked.factors if f is not factor]
    how = (
        f"means over all values of {', '.join(other)}"
        if means and other
        else "each point"
        if not means
        else "every value tried"
    )
    caption = f"{response.title} against {factor.name}: {how}{_within(view)}."
    return Drawing(figure, title, caption, _numbers(view, series, factor, scale))


def effects_chart(view: View) -> Drawing | None:
    """What each factor does to the objective, by policy."""
    data = view.found.data
    response = data.asked.objective if data.asked.objective in data.asked.responses else data.asked.responses[0]
    told = [e for e in view.found.effects if e.response == response and e.kind in ("main", "regression")]
    rows = list(dict.fromkeys((e.factor, str(e.start), str(e.end)) for e in told))
    if len({e.factor for e in told}) < 2:
        return None
    policies = [p for p in data.asked.alternatives[:MOST_POLICIES] if any(e.policy == p for e in told)]
    ranked = sorted(
        rows, key=lambda row: -max(abs(e.effect) for e in told if (e.factor, str(e.start), str(e.end)) == row)
    )
    scale = view.units.scale(
        view.unit(response), [(e.effect, None if e.high is None else e.high - e.effect) for e in told]
    )
    figure, axes = new_figure(1.4 + max(0.34, 0.17 * len(policies)) * len(rows) + 0.3)
    for place, policy in enumerate(policies):
        style = look(view.place(policy))
        shift = (place - (len(policies) - 1) / 2) * min(0.7, 0.18 * len(policies)) / len(policies)
        for y, row in enumerate(ranked):
            for e in told:
                if e.policy == policy and (e.factor, str(e.start), str(e.end)) == row:
                    half = 0.0 if e.high is None else e.high - e.effect
                    axes.errorbar(e.effect / scale.divisor, y + shift, xerr=half / scale.divisor, fmt=style.marker, color=style.colour,
                                  markersize=4.5, elinewidth=1.2, zorder=3)  # fmt: skip
    axes.axvline(0.0, color=INK, linewidth=0.9)
    names = [
        cut(f"{factor}: {start} → {end}" if not _is_long(factor, start, end) else factor, 30)
        for factor, start, end in ranked
    ]
    axes.set_yticks(range(len(ranked)), names)
    axes.set_ylim(len(ranked) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    grid(axes)
    axes.set_xlabel(
        f"change of {response.title[:1].lower()}{response.title[1:]}{f', {scale.unit}' if scale.unit else ''}"
    )
    looks = [look(view.place(p)) for p in policies]
    _legend(figure, [Line2D([], [], color=s.colour, marker=s.marker, linestyle="", markersize=5) for s in looks],
            [cut(view.labels[p], 34) for p in policies])  # fmt: skip
    top = largest(view)
    title = (
        f"{top.factor} moves the {response.title[:1].lower()}{response.title[1:]} most"
        if top
        else f"Effects on {response.title}"
    )
    finish(figure, title)
    kind = (
        "main effects, from the first value to the last"
        if told[0].kind == "main"
        else "slopes of a plane × the width of the range"
    )
    numbers = "; ".join(
        f"{view.labels[e.policy]}, {e.factor}: {view.units.value(view.unit(response), e.effect)}" for e in told[:24]
    )
    return Drawing(figure, title, f"Effects on {response.title}: {kind}{_within(view)}.", f"{numbers}.")


def best_map(view: View) -> Drawing | None:
    """Which policy is best in the plane of two factors."""
    data, choices = view.found.data, view.found.choices
    numeric = [k for k, factor in enumerate(data.asked.factors) if factor.numeric]
    if len(data.asked.alternatives) < 2 or len(numeric) < 2:
        return None
    a, b = _two_largest(view, numeric)
    first, second = data.asked.factors[a], data.asked.factors[b]
    figure, axes = new_figure()
    axes.grid(visible=True, color=GRID)
    shown_policies = []
    rng = np.random.default_rng(1)
    dense = len(numeric) > 2 and data.asked.design.kind == "full_factorial"
    wide = _spread(view, a), _spread(view, b)
    for i, stands in choices.stands.items():
        x, y = float(first.cell(data.points[i].values[a])), float(second.cell(data.points[i].values[b]))
        if dense:  # points of other factors' values lie upon each other
            x, y = x + wide[0] * rng.uniform(-0.025, 0.025), y + wide[1] * rng.uniform(-0.025, 0.025)
        best = next((s for s in stands if s.chosen), None)
        if best is None:
            axes.plot(x, y, marker="x", color=INK, linestyle="", markersize=6)
            continue
        sure = best.standing is not None and best.standing.place == "best"
        style = look(view.place(best.policy))
        shown_policies.append(best.policy)
        axes.plot(
            x,
            y,
            marker=style.marker,
            color=style.colour,
            markerfacecolor=style.colour if sure else "white",
            linestyle="",
            markersize=7,
        )
    axes.set_xlabel(f"{first.name}{f', {first.unit}' if first.unit else ''}")
    axes.set_ylabel(f"{second.name}{f', {second.unit}' if second.unit else ''}")
    axes.margins(0.12)
    named = [p for p in data.asked.alternatives if p in shown_policies]
    looks = [look(view.place(p)) for p in named]
    _legend(figure, [Line2D([], [], color=s.colour, marker=s.marker, linestyle="", markersize=6) for s in looks],
            [cut(view.labels[p], 34) for p in named])  # fmt: skip
    title = (
        f"{view.labels[named[0]]} is best everywhere"
        if len(named) == 1
        else f"Which policy is best depends on {first.name} and {second.name}"
    )
    title = "No policy may be chosen" if not named else title
    finish(figure, title)
    told = "; ".join(f"{view.labels[p]} at {several(choices.counts[p], 'point')}" for p in named)
    caption = f"The policy with {goal(view)}. Hollow: another may be as good. A cross: no policy may be chosen."
    return Drawing(figure, title, caption, f"{told}.")


# pieces


def _series(view: View, policy: str, response: Response, factor: Factor) -> list[tuple[float, float, Sides]]:
    """x, y, and how far the interval reaches below and above."""
    data = view.found.data
    if data.asked.design.kind == "full_factorial" and len(data.asked.factors) > 1:
        means = [
            m for m in view.found.level_means if (m.policy, m.response, m.factor) == (policy, response, factor.name)
        ]
        found = [(_x(factor, m.value), m.mean, (m.half_width or 0.0,) * 2) for m in means]
        return sorted(found)
    k = data.asked.factors.index(factor)
    found = []
    for i in data.good:
        e = data.estimate(i, policy, response)
        if e.mean is not None:
            found.append((_x(factor, data.points[i].values[k]), e.mean, sides(e)))
    return sorted(found)


def _x(factor: Factor, value: Any) -> float:
    return float(factor.cell(value)) if factor.numeric else float(factor.values.index(value))


def _curves_of(view: View, response: Response, factor: Factor) -> Sequence[Curve]:
    return [c for c in view.found.data.asked.curves if c.response == response and c.factor == factor.name]


def _fine(view: View, known: Curve) -> list[tuple[float, float]]:
    """The curve of theory, finely."""
    xs = [x for x, _ in view.found.theory(known)]
    steps = np.geomspace(xs[0], xs[-1], 60) if xs[0] > 0 else np.linspace(xs[0], xs[-1], 60)
    return [(float(x), CURVES[known.name].value(float(x), **known.numbers)) for x in steps]


def _curve_title(
    view: View, response: Response, factor: Factor, series: dict[str, list[tuple[float, float, Sides]]]
) -> str:
    """The finding of a curve: where a single policy is best, or how far the response moves."""
    policy = view.found.choices.choice if view.found.choices.choice in series else next(iter(series))
    points = series[policy]
    name = f"{response.title[:1].lower()}{response.title[1:]}"
    ys = [y for _, y, _ in points]
    best = int(np.argmin(ys))
    inner = 0 < best < len(points) - 1
    drawn = view.found.data.asked.design.kind != "full_factorial"
    if factor.numeric and not drawn and inner and response == view.found.data.asked.objective:
        return f"{view.labels[policy]}: {name} is lowest at {factor.name} = {told_number(factor, points[best][0])}"
    told = _effect_of(view, policy, response, factor)
    if told is None or not factor.numeric:
        return f"{response.title} against {factor.name}"
    if told.low is not None and told.high is not None and told.low <= 0.0 <= told.high:
        return f"{view.labels[policy]}: no effect of {factor.name} on {name} beyond chance"
    way = "rises" if told.effect > 0.0 else "falls"
    by = view.change(response, abs(told.effect), None if told.high is None else told.high - told.effect)
    return f"{view.labels[policy]}: {name} {way} by {by} over the range of {factor.name}"


def _effect_of(view: View, policy: str, response: Response, factor: Factor) -> Effect | None:
    """The effect of a factor by itself."""
    mine = [
        e
        for e in view.found.effects
        if (e.policy, e.response, e.factor, e.other) == (policy, response, factor.name, "")
    ]
    return next((e for e in mine if e.kind in ("main", "regression")), None)


def _two_largest(view: View, numeric: Sequence[int]) -> tuple[int, int]:
    """The two factors of numbers that move the objective most, in the order of the experiment."""
    names = [factor.name for factor in view.found.data.asked.factors]
    size = {
        k: max((e.share or 0.0 for e in view.found.effects if e.factor == names[k] and not e.other), default=0.0)
        for k in numeric
    }
    a, b = sorted(sorted(numeric, key=lambda k: (-size[k], k))[:2])
    return a, b


def _spread(view: View, k: int) -> float:
    factor = view.found.data.asked.factors[k]
    values = [float(factor.cell(point.values[k])) for point in view.found.data.points]
    return max(values) - min(values)


def _within(view: View) -> str:
    return f", with {percent(view.found.data.level)} intervals" if view.random else ""


def _numbers(view: View, series: dict[str, list[tuple[float, float, Sides]]], factor: Factor, scale: Scale) -> str:
    """The ends of every line, for who cannot see it."""
    ends = []
    for policy, points in series.items():
        (x0, y0, _), (x1, y1, _) = points[0], points[-1]
        names = (
            (f"{x0:g}", f"{x1:g}") if factor.numeric else (shown(factor.values[int(x0)]), shown(factor.values[int(x1)]))
        )
        ends.append(
            f"{view.labels[policy]}: {y0 / scale.divisor:.4g} at {names[0]}, {y1 / scale.divisor:.4g} at {names[1]}"
        )
    return f"{'; '.join(ends)}."


def _is_long(factor: str, start: str, end: str) -> bool:
    return len(factor) + len(start) + len(end) > 20


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower()).strip("-") or "factor"


def _legend(figure: Figure, handles: Sequence[Line2D], texts: Sequence[str]) -> None:
    """A legend below in as many columns as fit."""
    legend = figure.legend(
        handles, ["-"] * len(texts), loc="outside lower center", ncols=columns_that_fit(figure, texts), handlelength=1.8
    )
    for slot, text in zip(legend.get_texts(), texts, strict=True):
        slot.set_text(text)
