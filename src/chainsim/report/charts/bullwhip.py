"""Bullwhip: how much more the orders of each echelon swing than what end customers buy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.labels import label_ends
from chainsim.report.charts.style import FONT, INK, finish, grid, look, new_figure, text_size
from chainsim.report.facts import Facts, Policy, echelon
from chainsim.report.names import shown
from chainsim.report.numbers import PLAIN, UNDEFINED, length, on
from chainsim.statistics import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from chainsim.report.narrative import Narrative

KPI = "bullwhip_cumulative"


@chart("bullwhip", place="first", rank=3)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None when no echelon has a bullwhip ratio (steady demand)."""
    kinds = [k for k in facts.echelons if any(facts.mean(p, KPI, echelon(k)) is not None for p in facts.policies)]
    if not kinds:
        return None
    lines = [(p, [facts.estimate(p, KPI, echelon(k)) for k in kinds]) for p in facts.policies]
    lines = [(p, estimates) for p, estimates in lines if any(e.mean is not None for e in estimates)]
    values = [e.mean for _, estimates in lines for e in estimates if e.mean is not None]
    logarithmic = min(values) > 0 and max(values) / min(values) > 12
    figure, axes = new_figure()
    shift = 0.28 / max(len(lines), 1)
    places = [
        [(i + (row - (len(lines) - 1) / 2) * shift, e) for i, e in enumerate(estimates) if e.mean is not None]
        for row, (_, estimates) in enumerate(lines)
    ]
    for (policy, _), line in zip(lines, places, strict=True):
        _line(axes, policy, line, logarithmic)
    axes.axhline(1.0, color=INK, linewidth=1.0, linestyle=(0, (1, 1.5)), zorder=1)
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=12))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_ylim(0, 1.08 * max(max((e.high or e.mean or 0.0) for _, es in lines for e in es), 1.0))
    axes.set_xticks(range(len(kinds)), [shown(k, 18) for k in kinds])
    _room_for_labels(axes, figure, [shown(p.label, 24) for p, _ in lines], len(kinds))
    grid(axes, "y")
    bucket = facts.manifest["time"]["bucket"]
    axes.set_ylabel(f"Var(orders) ÷ Var(end demand){', log scale' if logarithmic else ''}")
    axes.set_xlabel(f"echelon, downstream to upstream (buckets of {length(bucket, facts.time_unit)})")
    title = _title(facts, narrative, kinds)
    finish(figure, title)
    ends = [(line[-1][0], line[-1][1].mean or 0.0) for line in places]
    label_ends(axes, ends, [shown(p.label, 24) for p, _ in lines], [look(p.index).colour for p, _ in lines])
    told = "; ".join(
        f"{p.label}: "
        + ", ".join(f"{shown(k, 18)} {on(PLAIN, e.mean, e.half_width)}" for k, e in zip(kinds, es, strict=True))
        for p, es in lines
    )
    caption = "Variance of the orders each echelon places, relative to that of end demand; 1 means no amplification."
    return Drawing(figure, title, caption, f"{told}.")


def _line(axes: Axes, policy: Policy, line: list[tuple[float, Estimate]], logarithmic: bool) -> None:
    style = look(policy.index)
    means = [e.mean or 0.0 for _, e in line]
    spread = [e.half_width or 0.0 for _, e in line]
    # on a log scale an interval that reaches below 0 is cut just above the bottom
    below = [min(s, 0.9 * m) if logarithmic else s for s, m in zip(spread, means, strict=True)]
    axes.errorbar(
        [x for x, _ in line], means, yerr=[below, spread], color=style.colour, marker=style.marker, linestyle=style.dash,
        markersize=6, capsize=2.5, linewidth=1.6, elinewidth=1.1, zorder=3,
    )  # fmt: skip


def _room_for_labels(axes: Axes, figure: Figure, texts: list[str], kinds: int) -> None:
    """Free space right of the last echelon, wide enough for the widest label."""
    widest = max(text_size(figure, t, FONT, "bold")[0] for t in texts)
    share = min(0.5, (widest + 14) / (0.84 * figure.get_figwidth() * 72))
    ends = kinds - 1 + 0.2
    axes.set_xlim(-0.4, ends + (ends + 0.4) * share / (1 - share))


def _title(facts: Facts, narrative: Narrative, kinds: list[str]) -> str:
    top = kinds[-1]
    chosen = facts.policies[narrative.chosen]
    at_top = {p.name: facts.mean(p, KPI, echelon(top)) for p in facts.policies}
    own = at_top[chosen.name]
    ranked = sorted((p for p in facts.policies if at_top[p.name] is not None), key=lambda p: at_top[p.name] or 0.0)
    said = f"{_times(own)} under {chosen.label}"
    # against the one that amplifies most; if that is the recommended policy itself, against the calmest
    other = ranked[0] if ranked[-1].name == chosen.name else ranked[-1]
    if _times(at_top[other.name]) != _times(own):
        said += f", {_times(at_top[other.name])} under {other.label}"
    return f"Bullwhip at {facts.place(top)}: {said}"


def _times(value: float | None) -> str:
    return UNDEFINED if value is None else f"{on(PLAIN, value)}×"
