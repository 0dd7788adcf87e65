"""Cost against service: every policy with both its intervals, the target, and where they were tuned the curve of each rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

from chainsim.report import findings
from chainsim.report.decision.curves import At, curves
from chainsim.report.facts import Facts, Policy
from chainsim.report.intervals import in_words
from chainsim.report.numbers import grouped, percent
from chainsim.report.plots.labels import PLACES, Box, free_end, label
from chainsim.report.plots.plot import Axis, Plot, at, axis, hue, marker, path
from chainsim.report.verdict import Narrative
from chainsim.statistics import Estimate


class _Point(NamedTuple):
    policy: Policy
    x: Estimate
    y: Estimate


def cost_service(facts: Facts, narrative: Narrative) -> Plot | None:
    """None when nothing was demanded. Without costs, average stock takes the place of money."""
    money = any(facts.mean(p, "total_cost") for p in facts.policies)
    kpi = "total_cost" if money else "on_hand_mean"
    everyone = [
        _Point(p, x, y)
        for p in facts.policies
        if (x := facts.estimate(p, kpi)).mean is not None and (y := facts.estimate(p, "fill_rate")).mean is not None
    ]
    if not everyone:
        return None
    far = findings.far_off(
        [(p.x.mean or 0.0, p.y.mean or 0.0) for p in everyone], [p.policy.index == narrative.chosen for p in everyone]
    )
    inside = [p for p, out in zip(everyone, far, strict=True) if not out]
    unit = facts.kpi_units[kpi]
    scale = facts.units.scale(unit, [(p.x.mean, p.x.half_width) for p in inside])
    rays = curves(facts) if money else {}
    x_axis, y_axis = _axes(facts, inside, rays, scale.divisor)
    title = findings.cost_service(facts, narrative, money, [p.policy for p in everyone])
    told = "; ".join(_told(facts, unit, p) for p in everyone)
    goal = f" Target: {percent(facts.target)}." if facts.target is not None else ""
    caption = (
        f"Fill rate against {f'total cost a {facts.over}' if money else 'average stock'}; up and to the left is better."
    )
    if facts.random and facts.n > 1:
        caption += f" Whiskers: {percent(facts.level)} intervals."
    if rays:
        caption += " Curves: other levels where customers buy, the rest as tuned for the target; a policy at its least cost may lie off its own."
    if len(inside) < len(everyone):
        outside = [p for p in everyone if p not in inside]
        caption += f" Too far off for this picture: {'; '.join(_told(facts, unit, p) for p in outside)}."
    svg = _svg(facts, kpi, inside, rays, x_axis, y_axis, scale.divisor, narrative.chosen, f"{title}. {told}.{goal}")
    across = f"{facts.title_of(kpi).lower()}, {scale.unit}"
    return Plot("cost-service", title, caption, f"{told}.{goal}", svg, "scatter", "fill rate, %", across)


def _told(facts: Facts, unit: str, p: _Point) -> str:
    served = in_words(facts.units, "share", p.y)
    return f"{p.policy.label}: {served}, {facts.units.interval(unit, p.x.mean, p.x.half_width)}"


def _axes(facts: Facts, points: list[_Point], rays: Mapping[int, tuple[At, ...]], divisor: float) -> tuple[Axis, Axis]:
    """Room for the intervals, for the target, and for the curves as far as they run near the points."""
    xs = [v / divisor for p in points for v in (p.x.low, p.x.high, p.x.mean) if v is not None]
    ys = [100.0 * v for p in points for v in (p.y.low, p.y.high, p.y.mean) if v is not None]
    ys += [100.0 * facts.target] if facts.target is not None else []
    low, high = min(ys), max(ys)
    near = [c for ray in rays.values() for c in ray if low - 1.0 <= 100.0 * c.service <= high + 1.0]
    xs += [c.cost / divisor for c in near if c.cost / divisor <= 1.15 * max(xs)]
    ys += [100.0 * c.service for c in near]
    wide, tall = max(max(xs) - min(xs), 0.05 * abs(max(xs)), 1e-9), max(max(ys) - min(ys), 0.4)
    top = min(max(ys) + 0.12 * tall, 100.0 + 0.06 * tall)
    return axis(min(xs) - 0.09 * wide, max(xs) + 0.14 * wide), axis(min(ys) - 0.14 * tall, top)


def _svg(
    facts: Facts,
    kpi: str,
    points: list[_Point],
    rays: Mapping[int, tuple[At, ...]],
    x: Axis,
    y: Axis,
    divisor: float,
    chosen: int,
    alt: str,
) -> Markup:
    parts = [
        Markup('<svg class="geo" role="img" aria-label="{}" data-plot="scatter" data-x="{} {:.9g} {:.9g}" data-y="fill_rate {:.9g} {:.9g}" data-places="{}">').format(
            alt, kpi, x.low * divisor, x.high * divisor, y.low / 100.0, y.high / 100.0, ",".join(f"{a} {dx} {dy}" for a, dx, dy in PLACES)
        )
    ]  # fmt: skip
    for tick in (t for t in y.ticks if t <= 100.0):
        parts.append(Markup('<line class="g" x2="100%" y1="{0}" y2="{0}"/>').format(at(y.up(tick))))
        parts.append(
            Markup('<text class="t e" dx="-7" dy="4" y="{}">{}</text>').format(
                at(y.up(tick)), grouped(tick, y.decimals)
            )
        )
    for tick in x.ticks:
        parts.append(Markup('<line class="g" y2="100%" x1="{0}" x2="{0}"/>').format(at(x.across(tick))))
        parts.append(
            Markup('<text class="t m" y="100%" dy="16" x="{}">{}</text>').format(
                at(x.across(tick)), grouped(tick, x.decimals)
            )
        )
    places = [(x.across((p.x.mean or 0.0) / divisor), y.up(100.0 * (p.y.mean or 0.0))) for p in points]
    boxes = [Box.around(cx, cy, 8.0, 8.0) for cx, cy in places]
    for p, (cx, cy) in zip(points, places, strict=True):
        if p.x.low is not None and p.x.high is not None:
            boxes.append(Box.between(x.across(p.x.low / divisor), x.across(p.x.high / divisor), cy, cy))
        if p.y.low is not None and p.y.high is not None:
            boxes.append(Box.between(cx, cx, y.up(100.0 * p.y.high), y.up(100.0 * p.y.low)))
    labels: list[Box] = []
    if facts.target is not None:
        goal = y.up(100.0 * facts.target)
        parts.append(Markup('<line class="tgt" x2="100%" y1="{0}" y2="{0}"/>').format(at(goal)))
        words = f"target {percent(facts.target)}"
        side, box = free_end(words, goal, boxes)
        parts.append(
            Markup('<text class="t l {}" x="{}" dx="{}" dy="-4" y="{}">{}</text>').format(
                "e" if side else "", at(side), -3 if side else 3, at(goal), words
            )
        )
        labels.append(box)
    if rays:
        lines = [
            Markup('<path class="c {}" data-policy="{}" d="{}"/>').format(
                hue(i), i, path([(x.across(c.cost / divisor), y.up(100.0 * c.service)) for c in ray])
            )
            for i, ray in rays.items()
        ]
        parts.append(
            Markup('<svg class="in" viewBox="0 0 1000 1000" preserveAspectRatio="none">{}</svg>').format(
                Markup("").join(lines)
            )
        )
    for p in points:
        parts.append(_mark(facts, kpi, p, x, y, divisor))
    labelled = sorted(zip(points, places, strict=True), key=lambda one: one[0].policy.index != chosen)
    for p, (cx, cy) in labelled:
        parts.append(label(p.policy.label, p.policy.index, cx, cy, boxes, labels, strong=p.policy.index == chosen))
    return Markup("").join([*parts, Markup("</svg>")])


def _mark(facts: Facts, kpi: str, p: _Point, x: Axis, y: Axis, divisor: float) -> Markup:
    """The mark with its whiskers."""
    cx, cy = x.across((p.x.mean or 0.0) / divisor), y.up(100.0 * (p.y.mean or 0.0))
    whiskers = Markup("")
    if p.x.low is not None and p.x.high is not None and p.x.half_width:
        whiskers += Markup('<line class="ci h" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>').format(
            at(x.across(p.x.low / divisor)), at(x.across(p.x.high / divisor)), at(cy)
        )
    if p.y.low is not None and p.y.high is not None and p.y.half_width:
        whiskers += Markup('<line class="ci v" y1="{0}" y2="{1}" x1="{2}" x2="{2}"/>').format(
            at(y.up(100.0 * p.y.low)), at(y.up(100.0 * p.y.high)), at(cx)
        )
    return Markup('<g class="mk {}" data-policy="{}" data-kpi="{} fill_rate" data-tip="{}">{}<svg x="{}" y="{}" class="o"><path d="{}"/></svg></g>').format(
        hue(p.policy.index), p.policy.index, kpi, _told(facts, facts.kpi_units[kpi], p), whiskers, at(cx), at(cy), marker(p.policy.index)
    )  # fmt: skip
