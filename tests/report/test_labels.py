"""Labels that do not collide, in the placer and in the charts themselves."""

from __future__ import annotations

import itertools
import random

import pytest
from matplotlib.text import Annotation

from chainsim.report.charts import bullwhip, cost_service
from chainsim.report.charts.labels import Box, box_of, place, spaced
from chainsim.report.charts.style import renderer_of, settings
from chainsim.report.facts import Facts
from chainsim.report.narrative import narrate

from .synthetic import Shape, make_results

ROOM = Box(0, 0, 400, 300)


@pytest.mark.parametrize("seed", range(20))
def test_boxes_overlap_neither_each_other_nor_the_points(seed: int) -> None:
    rng = random.Random(seed)
    points = [(rng.uniform(60, 340), rng.uniform(40, 260)) for _ in range(8)]
    sizes = [(rng.uniform(30, 110), 11.0) for _ in points]
    marks = [Box(x - 5, y - 5, x + 5, y + 5) for x, y in points]
    line = Box(0, 149, 400, 151)
    boxes = place(points, sizes, [*marks, line], ROOM)
    assert all(box.inside(ROOM) for box in boxes)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    assert not any(box.overlaps(other) for box in boxes for other in (*marks, line))
    assert [(b.right - b.left, b.top - b.bottom) for b in boxes] == [pytest.approx(s) for s in sizes]


def test_points_on_one_spot_get_labels_apart() -> None:
    boxes = place([(200, 150)] * 6, [(80, 11)] * 6, [Box(195, 145, 205, 155)], ROOM)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


@pytest.mark.parametrize("seed", range(10))
def test_spaced_positions_keep_their_order_and_distance(seed: int) -> None:
    rng = random.Random(seed)
    wanted = [rng.choice([rng.uniform(0, 200), 100.0, 195.0]) for _ in range(12)]
    got = spaced(wanted, 12.0, 0.0, 200.0)
    ranked = sorted(range(12), key=lambda i: (wanted[i], i))
    assert all(got[b] - got[a] >= 12.0 - 1e-9 for a, b in itertools.pairwise(ranked))
    assert min(got) >= -1e-9
    assert max(got) <= 200.0 + 1e-9


def test_positions_with_room_stay_where_they_are() -> None:
    assert spaced([80.0, 10.0, 50.0], 12.0, 0.0, 100.0) == [80.0, 10.0, 50.0]


def test_a_label_wider_than_the_room_is_still_placed() -> None:
    assert len(place([(200, 150)], [(900, 11)], [], ROOM)) == 1


def test_overlap_is_seen_when_there_is_one() -> None:
    assert Box(0, 0, 10, 10).overlaps(Box(9, 9, 20, 20))
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 20, 10))


TIES = {f"p{i}": (f"Policy number {i}", 0.95 + 0.001 * (i % 3), 3.40e5 + 400 * (i % 4)) for i in range(6)}
SHAPES = {
    "usual": Shape(),
    "close together": Shape(policies=TIES),
    "on the target": Shape(policies={"a": ("On the target line exactly", 0.95, 3e5), "b": ("B", 0.9502, 3.01e5)}),
    "on one spot": Shape(policies={"a": ("Just in time", 0.96, 3e5), "b": ("Base stock", 0.96, 3e5)}),
    "one": Shape(policies={"a": ("Alone", 0.97, 3e5)}),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("chart", ["cost_service", "bullwhip"])
def test_labels_of_a_chart_collide_with_nothing(name: str, chart: str) -> None:
    facts = Facts(make_results(SHAPES[name]))
    with settings():
        draw = {"cost_service": cost_service, "bullwhip": bullwhip}[chart].draw
        drawing = draw(facts, narrate(facts))
        assert drawing is not None
        figure = drawing.figure
        figure.draw_without_rendering()
        axes = figure.axes[0]
        # `Text`'s own extent: an annotation's includes its leader line, which may touch its point
        texts = [a for a in axes.texts if isinstance(a, Annotation) and a.get_text()]
        boxes = {a.get_text(): box_of(super(Annotation, a).get_window_extent(renderer_of(figure))) for a in texts}
        assert len(boxes) == len(facts.policies) + (chart == "cost_service")
        page = box_of(figure.bbox)
        markers = [
            Box(x - 3, y - 3, x + 3, y + 3)
            for line in axes.lines
            if line.get_marker() not in ("None", "_", "|", "", None)
            for x, y in axes.transData.transform(line.get_xydata())
        ]
    assert len(markers) >= len(facts.policies)
    for a, b in itertools.combinations(boxes, 2):
        assert not boxes[a].overlaps(boxes[b]), f"{a} / {b}"
    for text, box in boxes.items():
        assert box.inside(page), text
        assert not any(box.overlaps(m) for m in markers), text
