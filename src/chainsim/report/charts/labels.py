"""Direct labels that do not collide: with each other, with the points, or with lines that must stay readable.

Greedy and deterministic: labels are placed in the order given, each at the free place nearest to its point, tried on
rings of growing distance. A label that had to move away is tied to its point by a thin line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from chainsim.report.charts.style import FEW, FONT, MUTED, renderer_of, text_size
from chainsim.report.names import shown, two_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP = 2.0
_ANGLES = (0, 180, 30, 330, 150, 210, 60, 300, 120, 240, 90, 270)


class Box(NamedTuple):
    """A rectangle, points."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def inside(self, other: Box) -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


def place(
    points: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]], obstacles: Sequence[Box], room: Box
) -> list[Box]:
    """A box of each size near each point, inside `room`, clear of the obstacles and of each other while there is room
    for that; a label that fits nowhere goes where it overlaps least.

    >>> place([(50, 50)], [(20, 8)], [Box(46, 46, 54, 54)], Box(0, 0, 100, 100))
    [Box(left=57.0, bottom=46.0, right=77.0, top=54.0)]
    """
    taken = list(obstacles)
    boxes = []
    for (x, y), (width, height) in zip(points, sizes, strict=True):
        tried = [_at(x, y, width, height, ring, angle) for ring in range(7, 400, 5) for angle in _ANGLES]
        allowed = [box for box in tried if box.inside(room)] or [_pushed(tried[0], room)]
        free = next((box for box in allowed if not any(box.overlaps(t) for t in taken)), None)
        box = free or min(allowed, key=lambda b: sum(_shared(b, t) for t in taken))
        boxes.append(box)
        taken.append(Box(box.left - GAP, box.bottom - GAP, box.right + GAP, box.top + GAP))
    return boxes


def label_points(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    colours: Sequence[str],
    obstacles: Sequence[Box] = (),
    room: Box | None = None,
) -> list[Annotation]:
    """Write a label near each point (data coordinates). Call it when the layout is settled.

    obstacles: boxes that must stay clear, see `box_of`; a small box around every point is always kept clear.
    """
    figure = _figure(axes)
    pixels = [tuple(float(v) for v in axes.transData.transform(p)) for p in points]
    sizes = [text_size(figure, t, FONT, "bold") for t in texts]
    around = [Box(x - 5, y - 5, x + 5, y + 5) for x, y in pixels]
    frame = axes.get_window_extent(renderer_of(figure))
    whole = room or Box(frame.x0 + 2, frame.y0 + 2, frame.x1, frame.y1)
    boxes = place([(x, y) for x, y in pixels], sizes, [*obstacles, *around], whole)
    made = []
    for point, (x, y), text, colour, box in zip(points, pixels, texts, colours, boxes, strict=True):
        # the side nearest to the point is the anchor: a narrower font then stays near it
        align = "left" if box.left >= x else "right" if box.right <= x else "center"
        anchor = {"left": box.left, "right": box.right, "center": (box.left + box.right) / 2}[align]
        away = math.hypot(max(box.left - x, x - box.right, 0), max(box.bottom - y, y - box.top, 0))
        leader = (
            {"arrowstyle": "-", "color": MUTED, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4} if away > 14 else None
        )
        made.append(
            axes.annotate(
                text, point, ((anchor - x), ((box.bottom + box.top) / 2 - y)), textcoords="offset points",
                ha=align, va="center_baseline", color=colour, fontsize=FONT, fontweight="bold", arrowprops=leader,
                annotation_clip=False, zorder=5,
            )
        )  # fmt: skip
    return made


def label_ends(
    axes: Axes, ends: Sequence[tuple[float, float]], texts: Sequence[str], colours: Sequence[str]
) -> list[Annotation]:
    """Write the names of lines in a column right of their ends (data coordinates), each tied to its end by a thin line
    that stays left of the column. Call it when the layout is settled; the axes must leave room on the right."""
    figure = _figure(axes)
    pixels = [tuple(float(v) for v in axes.transData.transform(p)) for p in ends]
    frame = axes.get_window_extent(renderer_of(figure))
    height = max(text_size(figure, t, FONT, "bold")[1] for t in texts) + 1.0
    left = max(x for x, _ in pixels) + 12
    middles = spaced([y for _, y in pixels], height, frame.y0 + height / 2, frame.y1 - height / 2)
    made = []
    for end, (x, y), middle, text, colour in zip(ends, pixels, middles, texts, colours, strict=True):
        tied = left - x > 14 or abs(middle - y) > 4
        leader = (
            {"arrowstyle": "-", "color": MUTED, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 4, "relpos": (0, 0.5)}
            if tied
            else None
        )
        made.append(
            axes.annotate(
                text, end, (left - x, middle - y), textcoords="offset points", ha="left", va="center", color=colour,
                fontsize=FONT, fontweight="bold", linespacing=1.1, annotation_clip=False, zorder=5, arrowprops=leader,
            )
        )  # fmt: skip
    return made


def label_rows(axes: Axes, texts: Sequence[str]) -> None:
    """Write the names of rows 0, 1, … left of the axes, each line set flush right by itself: lines of one text would be
    aligned for the font they are measured in, not for the one they are shown in."""
    axes.set_yticks(range(len(texts)), [""] * len(texts))
    pitch = FONT * 1.25
    for row, text in enumerate(texts):
        lines = text.split("\n")
        for place_, line in enumerate(lines):
            axes.annotate(
                line, (0, row), (-6, ((len(lines) - 1) / 2 - place_) * pitch), xycoords=axes.get_yaxis_transform(),
                textcoords="offset points", ha="right", va="center_baseline", fontsize=FONT, annotation_clip=False,
            )  # fmt: skip


def row_names(labels: Sequence[str]) -> list[str]:
    """Names of policies for the edge of a chart: on two lines while there is room for that, else on one.

    >>> row_names(["Economic order quantity"])[0], row_names(["Economic order quantity"] * 9)[0]
    ('Economic\\norder quantity', 'Economic … quantity')
    """
    return [two_lines(label) if len(labels) <= FEW else shown(label, 19) for label in labels]


def spaced(wanted: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Positions at least `step` apart, in the order of the wanted ones and near them, within low … high as far as there
    is room.

    >>> spaced([50.0, 50.0, 52.0, 90.0], 10.0, 0.0, 100.0)
    [40.666666666666664, 50.666666666666664, 60.666666666666664, 90.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    groups: list[list[float]] = []  # wanted positions less their place in the group: a group sits at their mean
    for i in order:
        groups.append([wanted[i]])
        while len(groups) > 1 and _start(groups[-2], step, low, high) + len(groups[-2]) * step > _start(
            groups[-1], step, low, high
        ):
            last = groups.pop()
            groups[-1] += [w - len(groups[-1]) * step for w in last]
    places = [_start(g, step, low, high) + k * step for g in groups for k in range(len(g))]
    out = [0.0] * len(wanted)
    for i, place_ in zip(order, places, strict=True):
        out[i] = place_
    return out


def _start(group: Sequence[float], step: float, low: float, high: float) -> float:
    return max(low, min(sum(group) / len(group), high - (len(group) - 1) * step))


def box_of(extent: Bbox, margin: float = 0.0) -> Box:
    """A matplotlib extent as a box."""
    return Box(extent.x0 - margin, extent.y0 - margin, extent.x1 + margin, extent.y1 + margin)


def _at(x: float, y: float, width: float, height: float, ring: float, degrees: float) -> Box:
    """The box whose nearest edge or corner lies at that distance and direction from the point."""
    dx, dy = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    centre_x = x + ring * dx + (width / 2) * _sign(dx)
    centre_y = y + ring * dy + (height / 2) * _sign(dy)
    return Box(centre_x - width / 2, centre_y - height / 2, centre_x + width / 2, centre_y + height / 2)


def _sign(v: float) -> float:
    return 0.0 if abs(v) < 1e-9 else math.copysign(1.0, v)


def _pushed(box: Box, room: Box) -> Box:
    """Into the room as far as it goes (for a label wider than the room)."""
    dx = max(room.left - box.left, 0.0) or min(room.right - box.right, 0.0)
    dy = max(room.bottom - box.bottom, 0.0) or min(room.top - box.top, 0.0)
    return Box(box.left + dx, box.bottom + dy, box.right + dx, box.top + dy)


def _shared(a: Box, b: Box) -> float:
    return max(min(a.right, b.right) - max(a.left, b.left), 0.0) * max(min(a.top, b.top) - max(a.bottom, b.bottom), 0.0)


def _figure(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure
