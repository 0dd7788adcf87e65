"""Fill rate by site: where customers are served worst, under every policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.dots import Dots, draw_dots, left_out
from chainsim.report.facts import Facts, kind_words
from chainsim.report.names import shown
from chainsim.report.numbers import grouped, percent, several

if TYPE_CHECKING:
    from chainsim.report.verdict import Narrative

MOST = 12


@chart("site-service", place="below", rank=2)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None with fewer than two sites that sell, or when the tables do not go that far."""
    policy = facts.policies[narrative.chosen]
    reached = {s: v for s in facts.customer_sites if (v := facts.mean(policy, "fill_rate", s)) is not None}
    if len(reached) < 2:
        return None
    worst = sorted(reached, key=lambda s: reached[s])[:MOST]
    lowest = worst[0]
    title = f"{shown(lowest, 24)} is served worst: fill rate {facts.units.value('share', reached[lowest])} under {policy.label}"
    missing = 0
    if facts.target is not None:
        missing = sum(v < facts.target - 1e-12 for v in reached.values())
        title = f"{grouped(missing, 0)} of {several(len(reached), 'site')} below the {percent(facts.target)} target under {policy.label}"
        if not missing:
            below = any((facts.estimate(policy, "fill_rate", s).low or v) < facts.target for s, v in reached.items())
            average = " on average" if below else ""
            title = f"{_everyone(facts, len(reached))} the {percent(facts.target)} target{average} under {policy.label}"
    note = f"the {len(worst)} worst of {several(len(reached), 'site')}; " if len(reached) > len(worst) else ""
    dots = Dots("fill_rate", worst, f"{note}fill rate, %", facts.target, "target", policy)
    told = ", ".join(f"{shown(s, 24)} {facts.units.value('share', reached[s])}" for s in worst)
    return Drawing(
        draw_dots(facts, dots, title),
        title,
        f"Fill rate of the sites where customers buy, those worst under {policy.label} first.{left_out(facts)}",
        f"Under {policy.label}: {told}.",
    )


def _everyone(facts: Facts, n: int) -> str:
    """'All 10 store sites meet': only sites where customers buy are here, whatever others run short of."""
    if len(facts.selling) == 1:
        (kind,) = facts.selling
        return f"All {grouped(n, 0)} {kind_words(kind, 24)} sites meet"
    return f"All {grouped(n, 0)} sites where customers buy meet"
