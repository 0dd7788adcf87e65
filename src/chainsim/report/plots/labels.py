"""Where the names of policies stand beside their marks, so that none hides another, a mark or an interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from chainsim.report.names import shown, two_lines
from chainsim.report.plots.plot import at

WIDE, TALL = 300.0, 160.0
"""Pixels of the picture where it is smallest: labels that do not meet there meet nowhere."""
LETTER, LINE = 7.0, 15.0
"""Pixels of a letter of the widest usual font, and of a line."""
LONGEST, ONE_LINE = 40, 24
"""Letters of a label, and from how many on it takes two lines."""
FAR, DEAR, UNREAD, CROSSED = 22, 60.0, 4.0, 80.0
"""Pixels from its mark from which a label has a line to it; what standing there costs against square pixels that it would hide; what
those of another label count; and what each part of a line costs that runs through another label."""
ABOVE, TITLE = 14.0, 60.0
"""Pixels above the picture that a label may take, and from where on: further left stands what the axis tells."""
APART = 6.0
"""Pixels between two labels of one line: with less they read as one name."""
PARTS = (0.4, 0.6, 0.8)
"""Of the way from a mark to its label, where the line between them is looked at."""
PLACES = (
    ("s", 10, 4), ("e", -10, 4), ("m", 0, -11), ("m", 0, 20), ("s", 6, -10), ("e", -6, -10), ("s", 6, 20), ("e", -6, 20),
    ("s", 14, -28), ("e", -14, -28), ("s", 14, 36), ("e", -14, 36), ("s", 22, -46), ("e", -22, -46), ("s", 22, 54), ("e", -22, 54),
    ("s", 30, -64), ("e", -30, -64), ("s", 30, 72), ("e", -30, 72),
)  # fmt: skip
"""Where a label may stand, the first that is free: which end of it, and pixels from its mark to its base line. The page's script takes them
from the picture."""


class Box(NamedTuple):
    """A rectangle in the pixels of the smallest picture."""

    left: float
    top: float
    right: float
    bottom: float

    @staticmethod
    def around(x: float, y: float, wide: float, tall: float) -> Box:
        """Around a place given in per cent."""
        cx, cy = x * WIDE / 100.0, y * TALL / 100.0
        return Box(cx - wide, cy - tall, cx + wide, cy + tall)

    @staticmethod
    def between(x1: float, x2: float, y1: float, y2: float) -> Box:
        """Of a line between places given in per cent."""
        x1, x2, y1, y2 = x1 * WIDE / 100.0, x2 * WIDE / 100.0, y1 * TALL / 100.0, y2 * TALL / 100.0
        return Box(x1 - 2.0, y1 - 2.0, x2 + 2.0, y2 + 2.0)

    @staticmethod
    def along(x: float, y: float, dx: float, dy: float) -> list[Box]:
        """Of the parts of a line from a mark to its label, in pixels."""
        return [Box(x + k * dx - 3.0, y + k * dy - 3.0, x + k * dx + 3.0, y + k * dy + 3.0) for k in PARTS]

    def wider(self, by: float) -> Box:
        """With so much more at both sides."""
        return self._replace(left=self.left - by, right=self.right + by)

    def meets(self, other: Box) -> float:
        """Area in common."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(tall, 0.0)


def free_end(words: str, goal: float, taken: Sequence[Box]) -> tuple[float, Box]:
    """At which end of a line across the picture its words meet least: per cent from the left, and their box."""
    wide, y = len(words) * LETTER, goal * TALL / 100.0
    ends = {0.0: Box(0.0, y - LINE, wide, y), 100.0: Box(WIDE - wide, y - LINE, WIDE, y)}
    side = min(ends, key=lambda end: sum(ends[end].meets(box) for box in taken))
    return side, ends[side]


def lines_of(name: str) -> list[str]:
    """A name on one line, or on two where it is long.

    >>> lines_of("Just in time"), lines_of("Order-up-to, exponential smoothing")
    (['Just in time'], ['Order-up-to,', 'exponential smoothing'])
    """
    text = shown(name, LONGEST)
    return two_lines(text).split("\n") if len(text) > ONE_LINE else [text]


def label(
    name: str, policy: int, cx: float, cy: float, taken: Sequence[Box], labels: list[Box], *, strong: bool
) -> Markup:
    """A policy's name beside its mark at a place in per cent, where it meets least of what is taken and of the labels before it; far from
    its mark with a line to it. Not shown where it would hide more than it says; the page's script shows it where a larger picture has room."""
    lines = lines_of(name)
    px, py = cx * WIDE / 100.0, cy * TALL / 100.0
    wide = max(map(len, lines)) * LETTER * (1.1 if strong else 1.0)
    starts = {"s": 0.0, "m": wide / 2.0, "e": wide}
    boxes = {}
    for end, dx, dy in PLACES:
        left, base = px + dx - starts[end], py + dy + raised(dy, len(lines))
        boxes[end, dx, dy] = Box(left, base - 12.0, left + wide, base + 2.0 + LINE * (len(lines) - 1))

    def cost(place: tuple[str, int, int]) -> float:
        box = boxes[place]
        outside = max(-4.0 - box.left, 0.0) + max(box.right - WIDE - 8.0, 0.0)
        outside += max(-box.top - (ABOVE if box.left > TITLE else 0.0), 0.0) + max(box.bottom - TALL, 0.0)
        hidden = sum(box.meets(other) for other in taken) + UNREAD * sum(box.meets(other) for other in labels)
        crossed = sum(any(part.meets(other) for other in labels) for part in line(place))
        return hidden + 40.0 * outside + (DEAR if is_far(place[2]) else 0.0) + CROSSED * crossed

    def line(place: tuple[str, int, int]) -> list[Box]:
        _, dx, dy = place
        return Box.along(px, py, dx, line_end(dy)) if is_far(dy) else []

    place = min(boxes, key=cost)
    crowded = cost(place) > 0.35 * wide * LINE * len(lines) and not strong
    if not crowded:
        labels += [boxes[place].wider(APART), *line(place)]
    return _written(lines, policy, cx, cy, place, " b" if strong else " crowded" if crowded else "")


def raised(dy: int, lines: int) -> float:
    """By how much the first of several lines stands higher than a single one would: above its mark by all others, beside it by half."""
    return -LINE * (lines - 1) * (1.0 if dy < 0 else 0.5 if dy < 10 else 0.0)


def is_far(dy: int) -> bool:
    return dy < -FAR or dy > FAR + 10


def line_end(dy: int) -> int:
    """The middle of the side of the words that looks at the mark."""
    return dy - 4 if dy < 0 else dy - 10


def _written(
    lines: Sequence[str], policy: int, cx: float, cy: float, place: tuple[str, int, int], looks: str
) -> Markup:
    end, dx, dy = place
    path = f"M0 0L{dx} {line_end(dy)}" if is_far(dy) and "crowded" not in looks else ""
    spans = Markup("").join(
        Markup('<tspan x="{}" dx="{}" dy="{}">{}</tspan>').format(
            at(cx), dx, f"{dy + raised(dy, len(lines)):g}" if k == 0 else f"{LINE:g}", line
        )
        for k, line in enumerate(lines)
    )
    return Markup(
        '<svg class="o lead" data-policy="{0}" x="{1}" y="{2}"><path d="{3}"/></svg><text class="l {4}{5}" data-policy="{0}" x="{1}" y="{2}">{6}</text>'
    ).format(policy, at(cx), at(cy), path, end, looks, spans)
