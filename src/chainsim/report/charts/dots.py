"""A dot plot of one measure, a share, by site: one row a site, one mark a policy. For the charts that need one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from chainsim.report.charts.style import INK, axis_words, columns_that_fit, finish, grid, look, new_figure
from chainsim.report.facts import Facts, Policy
from chainsim.report.intervals import sides
from chainsim.report.names import shown

MOST_POLICIES = 5


@dataclass(frozen=True)
class Dots:
    """The measure, its sites from top to bottom, the axis' words, a line to compare with, the policy to show whatever
    else is left out."""

    kpi: str
    sites: Sequence[str]
    axis: str
    mark: float | None
    mark_text: str
    chosen: Policy


def draw_dots(facts: Facts, dots: Dots, title: str) -> Figure:
    """The plot; the policies' marks lie side by side within a row so that none hides another."""
    policies = [
        p for p in shown_policies(facts, dots.chosen) if any(facts.mean(p, dots.kpi, s) is not None for s in dots.sites)
    ]
    per_row = min(0.62, 0.16 * len(policies))
    figure, axes = new_figure()
    for place, policy in enumerate(policies):
        shift = (place - (len(policies) - 1) / 2) * per_row / max(len(policies), 1)
        style = look(policy.index)
        marks = [(i + shift, facts.estimate(policy, dots.kpi, s)) for i, s in enumerate(dots.sites)]
        known = [(y, e) for y, e in marks if e.mean is not None]
        around = [sides(e) for _, e in known]
        axes.errorbar(
            [100 * (e.mean or 0.0) for _, e in known], [y for y, _ in known],
            xerr=[[100 * low for low, _ in around], [100 * high for _, high in around]],
            fmt=style.marker, color=style.colour, markersize=4.5, elinewidth=1.0, zorder=3,
        )  # fmt: skip
    handles = [
        Line2D([], [], color=look(p.index).colour, marker=look(p.index).marker, linestyle="", markersize=5)
        for p in policies
    ]
    texts = [shown(p.label, 34) for p in policies]
    if dots.mark is not None:
        axes.axvline(100 * dots.mark, color=INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1)
        handles.append(Line2D([], [], color=INK, linewidth=1.1, linestyle=(0, (4, 2))))
        texts.append(dots.mark_text)
    axes.set_yticks(range(len(dots.sites)), [shown(s, 22) for s in dots.sites])
    axes.set_ylim(len(dots.sites) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    grid(axes)
    axes.set_xlabel(f"{dots.axis}{axis_words(axes.get_xlim()[0])}")
    rows = _legend(figure, handles, texts)
    figure.set_figheight(1.15 + 0.18 * rows + len(dots.sites) * max(0.24, 0.085 * len(policies)))
    finish(figure, title)
    return figure


def shown_policies(facts: Facts, chosen: Policy) -> list[Policy]:
    """All policies, or of many the chosen one, the baseline and the first others; in the one order of policies."""
    ranked = sorted(facts.policies, key=lambda p: (p.index not in (chosen.index, 0), p.index))
    return sorted(ranked[:MOST_POLICIES], key=lambda p: p.index)


def left_out(facts: Facts) -> str:
    """What to say when there are too many policies for a plot."""
    return f" {MOST_POLICIES} of {len(facts.policies)} policies." if len(facts.policies) > MOST_POLICIES else ""


def _legend(figure: Figure, handles: Sequence[Line2D], texts: Sequence[str]) -> int:
    """A legend below in as many columns as fit; the number of its rows."""
    # matplotlib leaves out labels that begin with an underscore, which a policy's may: they are set afterwards
    columns = columns_that_fit(figure, texts)
    legend = figure.legend(
        handles, ["-"] * len(texts), loc="outside lower center", ncols=columns, handlelength=1.4, columnspacing=1.0
    )
    for slot, text in zip(legend.get_texts(), texts, strict=True):
        slot.set_text(text)
    return -(-len(texts) // columns)
