"""The figure of the page of `chainsim verify`: how far simulated means lie from known answers, against what chance alone would do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chainsim.verify import Row

WIDTH, HEIGHT, FOOT = 640, 220, 44
FARTHEST, STEP = 3.5, 0.5
"""Scores beyond the last column are counted in it."""


@dataclass(frozen=True)
class Scores:
    """A histogram of z-scores as SVG, and what to read in it."""

    svg: Markup
    caption: str


def scores(rows: Sequence[Row]) -> Scores | None:
    """The figure of these rows; None when fewer than twenty numbers have a score. Engines walk the same paths: one is shown."""
    engine = next((row.engine for row in rows if row.engine), "")
    found = [row.z for row in rows if row.engine == engine and row.z is not None and row.half_width]
    if len(found) < 20:
        return None
    return Scores(Markup(_svg(found)), _caption(found))


def normal_share(low: float, high: float) -> float:
    """Probability that a standard normal variable lies between.

    >>> round(normal_share(-1, 1), 3)
    0.683
    """
    return 0.5 * (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2)))


def _caption(found: Sequence[float]) -> str:
    shares = []
    for limit in (1, 2, 3):
        share = sum(abs(z) <= limit for z in found) / len(found)
        shares.append(f"{100 * share:.1f} % within ±{limit} (chance: {100 * normal_share(-limit, limit):.1f} %)")
    return (
        f"The z-scores of {len(found):,} simulated means: (mean − known answer) ÷ standard error. {', '.join(shares)}. The line is what "
        "chance alone would do if all were independent; numbers of one case go together, so the columns are rougher than that. Where z would "
        "exceed 3 on a second seed too, the case has failed."
    )


def _svg(found: Sequence[float]) -> str:
    columns = round(2 * FARTHEST / STEP)
    counts = [0] * columns
    for z in found:
        counts[min(columns - 1, max(0, math.floor((z + FARTHEST) / STEP)))] += 1
    expected = [len(found) * normal_share(low, low + STEP) for low in (-FARTHEST + STEP * k for k in range(columns))]
    top = 1.08 * max(*counts, *expected)
    wide, high = WIDTH / columns, HEIGHT - FOOT

    def y(count: float) -> float:
        return high * (1 - count / top)

    bars = "".join(
        f'<rect x="{k * wide + 1:.1f}" y="{y(n):.1f}" width="{wide - 2:.1f}" height="{high - y(n):.1f}"/>'
        for k, n in enumerate(counts)
    )
    fine = [-FARTHEST + FARTHEST * k / 40 for k in range(81)]
    line = " ".join(
        f"{(z + FARTHEST) / (2 * FARTHEST) * WIDTH:.1f},{y(len(found) * STEP * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)):.1f}"
        for z in fine
    )
    ticks = "".join(
        f'<text x="{(z + FARTHEST) / (2 * FARTHEST) * WIDTH:.1f}" y="{high + 18}">{f"{z:+d}".replace("-", "−") if z else "0"}</text>'
        for z in range(-3, 4)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Histogram of {len(found)} z-scores with the normal curve">'
        f'<g fill="#56b4e9">{bars}</g><polyline points="{line}" fill="none" stroke="#d55e00" stroke-width="2"/>'
        f'<line x1="0" y1="{high}" x2="{WIDTH}" y2="{high}" stroke="#999"/>'
        f'<g font-size="16" fill="#5c5c5c" text-anchor="middle">{ticks}'
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 4}">z: standard errors from the known answer</text></g></svg>'
    )
