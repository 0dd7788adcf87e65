"""Utilisation: how busy sites with a limited capacity are, under every policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.dots import Dots, draw_dots, left_out
from chainsim.report.facts import Facts
from chainsim.report.names import shown
from chainsim.report.numbers import several

if TYPE_CHECKING:
    from chainsim.report.verdict import Narrative

MOST = 12


@chart("utilisation", place="below", rank=3)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None when fewer than two sites have a limited capacity (a single number stands among the measures), or when the tables do
    not go down to sites."""
    policy = facts.policies[narrative.chosen]
    busy = {s: v for s in facts.sites if (v := facts.mean(policy, "utilisation", s)) is not None}
    if len(busy) < 2:
        return None
    busiest = sorted(busy, key=lambda s: -busy[s])[:MOST]
    top = busiest[0]
    title = f"Utilisation: {shown(top, 24)} at {facts.units.value('share', busy[top])} under {policy.label}"
    note = f"the {len(busiest)} busiest of {several(len(busy), 'site')}; " if len(busy) > len(busiest) else ""
    told = ", ".join(f"{shown(s, 24)} {facts.units.value('share', busy[s])}" for s in busiest)
    dots = Dots("utilisation", busiest, f"{note}utilisation, %", 1.0, "all of it", policy)
    return Drawing(
        draw_dots(facts, dots, title),
        title,
        f"Utilisation by site, busiest first.{left_out(facts)}",
        f"Under {policy.label}: {told}.",
    )
