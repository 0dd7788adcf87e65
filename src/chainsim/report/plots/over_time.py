"""Small multiples over time: net stock, and orders, of each echelon under each policy, on one scale an echelon.

Thick: the mean over replications, which below 0 is owed. Thin: replication 0 as it went. Means of what is on hand and of what is
owed may be subtracted; their quantiles may not, so no band of net stock is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from chainsim.report.decision.situation import Situation
from chainsim.report.decision.spoken import count
from chainsim.report.facts import Array, Facts, Policy, echelon, kind_words
from chainsim.report.numbers import exactly, several
from chainsim.report.plots.plot import Axis, at, axis, hue, path

MOST = 6
"""Policies drawn: the choice, its rivals, then the others in order."""
POINTS = 120
"""Buckets drawn at most; more are averaged together."""
Lines = dict[str, Array]


@dataclass(frozen=True)
class Panel:
    """One policy at one echelon."""

    policy: Policy
    svg: Markup


@dataclass(frozen=True)
class Strip:
    """One measure at one echelon under every policy drawn. what: 'Net stock' or 'Orders'."""

    what: str
    where: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class OverTime:
    """strips: echelon by echelon, downstream first. note: what is drawn; left_out: policies that are not."""

    strips: tuple[Strip, ...]
    note: str


def over_time(s: Situation) -> OverTime | None:
    """None where no series was kept."""
    facts, policies = s.facts, _drawn(s)
    strips = []
    for kind in facts.echelons:
        site, n = echelon(kind), facts.sites_of(kind)
        where = kind_words(kind, 24) if n == 1 else several(n, kind_words(kind, 24))
        for what, read in (("Net stock", _net), ("Orders", _orders)):
            found = {p: lines for p in policies if (lines := read(facts, p, site)) is not None}
            if found:
                strips.append(Strip(what, where, _panels(what, where, found)))
    if not strips:
        return None
    left_out = len(facts.policies) - len(policies)
    several_runs = facts.random and facts.n > 1
    what = "Thick: mean of all replications" if several_runs else "Net stock"
    thin = " Thin: replication 0 as it went." if several_runs else ""
    note = f"{what} at the end of each {facts.bucket}, below 0 owed; orders within a {facts.bucket}.{thin} Across: {_across(facts)}. Panels of a row have one scale."
    if len(facts.products) > 1:
        note += f" Units of {len(facts.products)} products are added up."
    if left_out:
        note += f" {left_out} policies are not drawn; series.csv has them."
    return OverTime(tuple(strips), note)


def _across(facts: Facts) -> str:
    """What an axis of time counts, or from when to when it goes."""
    if not facts.dated:
        return facts.clock_words
    return f"{facts.told(0.0)} to {facts.told(float(facts.manifest['time']['horizon']))}"


def _drawn(s: Situation) -> list[Policy]:
    first = [s.chosen, *([s.runner_up] if s.runner_up else []), s.baseline]
    order = list(dict.fromkeys([*first, *s.facts.policies]))[:MOST]
    return sorted(order, key=lambda p: p.index)


def _net(facts: Facts, policy: Policy, site: str) -> Lines | None:
    held, owed = (facts.series(policy, site, name) for name in ("on_hand", "backorders"))
    if held is None or owed is None or len(held[0]) < 2:
        return None
    return {"start": held[0], **{k: held[1][k] - owed[1][k] for k in ("mean", "first")}}


def _orders(facts: Facts, policy: Policy, site: str) -> Lines | None:
    found = facts.flow(policy, site, "orders")
    if found is None or len(found[0]) < 2:
        return None
    return {"start": found[0], **{k: found[1][k] for k in ("mean", "first")}}


def _panels(what: str, where: str, found: dict[Policy, Lines]) -> tuple[Panel, ...]:
    values = np.concatenate([lines[k] for lines in found.values() for k in ("mean", "first")])
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    high += 0.04 * (high - low or 1.0)
    scale = next(
        a for most in (3, 4, 5, 6) if len((a := axis(low, high, most)).ticks) > 1
    )  # one tick alone tells no size
    return tuple(Panel(p, _panel(what, where, p, lines, scale)) for p, lines in found.items())


def _panel(what: str, where: str, policy: Policy, lines: Lines, y: Axis) -> Markup:
    parts = []
    for tick in y.ticks:
        parts.append(
            Markup('<line class="{1}" x2="100%" y1="{0}" y2="{0}"/>').format(
                at(y.up(tick)), "z" if tick == 0.0 else "g"
            )
        )
        parts.append(Markup('<text class="t e" dx="-5" dy="4" y="{}">{}</text>').format(at(y.up(tick)), exactly(tick)))
    curves = [
        Markup('<path class="c {} {}" d="{}"/>').format(
            look, hue(policy.index), path(_thinned(lines["start"], lines[k], y))
        )
        for k, look in (("first", "thin"), ("mean", "thick"))
        if k == "mean" or not np.allclose(lines["first"], lines["mean"])
    ]
    parts.append(
        Markup('<svg class="in" viewBox="0 0 1000 1000" preserveAspectRatio="none">{}</svg>').format(
            Markup("").join(curves)
        )
    )
    mean = lines["mean"]
    alt = f"{what} of {where} under {policy.label}: mean {count(float(mean.mean()))}, from {count(float(mean.min()))} to {count(float(mean.max()))}"
    return Markup('<svg class="geo" role="img" aria-label="{}" data-tip="{}">{}</svg>').format(
        alt, alt, Markup("").join(parts)
    )


def _thinned(starts: Array, values: Array, y: Axis) -> list[tuple[float, float]]:
    """Per cent across and down, neighbours averaged where there are too many."""
    each = -(-len(values) // POINTS)
    whole = len(values) // each * each
    means = values[:whole].reshape(-1, each).mean(axis=1)
    at_start = starts[:whole].reshape(-1, each)[:, 0]
    wide = float(at_start[-1] - at_start[0]) or 1.0
    return [(100.0 * float(t - at_start[0]) / wide, y.up(float(v))) for t, v in zip(at_start, means, strict=True)]
