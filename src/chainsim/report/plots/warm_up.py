"""Welch's picture: smoothed stock of the whole network from the start of the run, under every policy."""

from __future__ import annotations

from markupsafe import Markup

from chainsim.report.decision.spoken import count
from chainsim.report.facts import Facts
from chainsim.report.numbers import grouped
from chainsim.report.plots.plot import Plot, at, axis, hue, path
from chainsim.report.settling import settling


def warm_up(facts: Facts) -> Plot | None:
    """None where there are hardly any buckets, or nothing was kept of the start."""
    found = settling(facts)
    if found is None:
        return None
    ends = [float(x) for line in found.lines.values() for x in line.starts[[0, -1]]]
    across = axis(0.0, max(ends), 4 if facts.dated else 6)
    up = axis(0.0, 1.05 * max(float(line.values.max()) for line in found.lines.values()) or 1.0, 5)
    parts = [
        Markup(
            '<line class="g" x2="100%" y1="{0}" y2="{0}"/><text class="t e" dx="-6" dy="4" y="{0}">{1}</text>'
        ).format(at(up.up(t)), count(t, 3))
        for t in up.ticks
    ]
    parts += [
        Markup('<text class="t m" y="100%" dy="16" x="{}">{}</text>').format(
            at(across.across(t)), facts.told(t - facts.warm_up) if facts.dated else grouped(t, 0)
        )
        for t in across.ticks
    ]
    if facts.warm_up:
        parts.append(
            Markup(
                '<line class="tgt" y2="100%" x1="{0}" x2="{0}"/><text class="t l s" dx="4" dy="-4" x="{0}">counting begins</text>'
            ).format(at(across.across(facts.warm_up)))
        )
    curves = [
        Markup('<path class="c {}" data-policy="{}" d="{}"/>').format(
            hue(p.index),
            p.index,
            path([(across.across(float(x)), up.up(float(y))) for x, y in zip(line.starts, line.values, strict=True)]),
        )
        for p, line in found.lines.items()
    ]
    parts.append(
        Markup('<svg class="in" viewBox="0 0 1000 1000" preserveAspectRatio="none">{}</svg>').format(
            Markup("").join(curves)
        )
    )
    alt = f"{found.title}. " + "; ".join(
        f"{p.label} ends at {count(float(line.values[-1]), 3)} units" for p, line in found.lines.items()
    )
    svg = Markup('<svg class="geo" role="img" aria-label="{}">{}</svg>').format(alt, Markup("").join(parts))
    return Plot(
        "warm-up",
        found.title,
        found.caption,
        alt,
        svg,
        "",
        "stock on hand, units",
        "date" if facts.dated else f"{facts.time_unit}s since the start of the run",
    )
