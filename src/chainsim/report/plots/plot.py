"""A picture of the page, its words, and the pieces of SVG it is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

MARKERS = (
    "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0-5 0Z", "M-4.6-4.6H4.6V4.6H-4.6Z", "M0-5.8 5.6 4.4H-5.6Z", "M0-6.4 6.4 0 0 6.4-6.4 0Z",
    "M0 5.8-5.6-4.4H5.6Z", "M-2-5.6H2V-2H5.6V2H2V5.6H-2V2H-5.6V-2H-2Z",
    "M-3-5.6 0-2.6 3-5.6 5.6-3 2.6 0 5.6 3 3 5.6 0 2.6-3 5.6-5.6 3-2.6 0-5.6-3Z", "M0-5.8 5.5-1.8 3.4 4.7H-3.4L-5.5-1.8Z",
    "M-5.8 0 4.4-5.6V5.6Z", "M5.8 0-4.4-5.6V5.6Z", "M-3-5.4H3L6 0 3 5.4H-3L-6 0Z",
)  # fmt: skip
"""Shapes of the marks of policies, in the order of policies, in pixels around the origin; those of the picture files."""
COLOURS = 12
"""Policies of a colour of their own; classes repeat after so many."""


@dataclass(frozen=True)
class Plot:
    """title: the finding; caption: what is drawn; alt: the same with its numbers; svg: the picture; kind: a class of the frame."""

    id: str
    title: str
    caption: str
    alt: str
    svg: Markup
    kind: str = ""
    down: str = ""
    across: str = ""


def hue(index: int) -> str:
    """The class of a policy's colour."""
    return f"p{index % COLOURS}"


def marker(index: int) -> str:
    """The shape of a policy's mark."""
    return MARKERS[index % len(MARKERS)]


def sign(index: int) -> Markup:
    """A policy's mark as a word of a line."""
    return Markup('<svg class="sign {}" viewBox="-8 -8 16 16" aria-hidden="true"><path d="{}"/></svg>').format(
        hue(index), marker(index)
    )


def at(x: float) -> str:
    """A place in per cent.

    >>> at(33.3333), at(50.0), at(-0.001)
    ('33.33%', '50%', '0%')
    """
    return f"{round(x, 2) + 0.0:g}%"


@dataclass(frozen=True)
class Axis:
    """From `low` on the left or below to `high`; ticks at round numbers between them."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def across(self, x: float) -> float:
        """Per cent from the left."""
        return 100.0 * (x - self.low) / (self.high - self.low)

    def up(self, y: float) -> float:
        """Per cent from above."""
        return 100.0 - self.across(y)

    @property
    def decimals(self) -> int:
        """Of the ticks."""
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else self.high - self.low
        return max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0


def axis(low: float, high: float, most: int = 6) -> Axis:
    """An axis over a range, with at most so many ticks.

    >>> axis(0.0, 10.0).ticks, axis(27.3, 48.2).ticks
    ((0.0, 2.0, 4.0, 6.0, 8.0, 10.0), (30.0, 35.0, 40.0, 45.0))
    """
    width = high - low or abs(high) or 1.0
    rough = width / max(most - 1, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(k * size for k in (1.0, 2.0, 5.0, 10.0) if k * size >= rough * (1.0 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    return Axis(low, low + width, tuple(round((first + i) * step, 12) + 0.0 for i in range(count)))


def path(points: list[tuple[float, float]]) -> str:
    """A line through points given in per cent, for an inner SVG of 1000 × 1000.

    >>> path([(0.0, 50.0), (10.0, 51.23)])
    'M0 500L100 512'
    """
    return "M" + "L".join(f"{10 * x:.0f} {10 * y:.0f}" for x, y in points)
