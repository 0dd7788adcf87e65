"""Pictures of the page: names of policies in full, none on another, bars whose totals fit."""

from __future__ import annotations

import re

import pytest

from chainsim.report.decision import decide
from chainsim.report.facts import Facts
from chainsim.report.html import page_html
from chainsim.report.narrative import narrate
from chainsim.report.plots.bars import FILLS, NARROW, apart, cost_bars
from chainsim.report.plots.labels import APART, PLACES, TALL, WIDE, Box, is_far, label

from .synthetic import Shape, make_results

LONG = {
    "sterman": ("As people order (Sterman)", 0.722, 3.0e3), "pass": ("Pass the order on", 0.14, 1.2e3),
    "moving": ("Order-up-to, moving average", 0.708, 1.7e3), "smoothed": ("Order-up-to, exponential smoothing", 0.71, 1.1e3),
    "pout": ("Smoothed ordering (POUT)", 0.752, 0.9e3),
}  # fmt: skip


def test_every_policy_of_a_crowded_picture_has_its_whole_name() -> None:
    """The five rules of the beer game: three of them at the same height, as near as that."""
    facts = Facts(make_results(Shape(policies=LONG, target=None)))
    text = page_html(facts, decide(facts, narrate(facts)))
    picture = text[text.index('data-plot="scatter"') : text.index("</figure>", text.index('data-plot="scatter"'))]
    told = {int(i): " ".join(re.findall(r"<tspan[^>]*>([^<]*)<", words)) for i, words in re.findall(r'<text class="l(?![^"]*crowded)[^"]*" data-policy="(\d+)"[^>]*>(.*?)</text>', picture)}  # fmt: skip
    assert told == dict(enumerate(name for name, _, _ in LONG.values()))


@pytest.mark.parametrize("count", [2, 3, 4])
def test_labels_of_marks_on_one_spot_stand_apart(count: int) -> None:
    marks, labels = [Box.around(50.0, 50.0, 8.0, 8.0)], list[Box]()
    for k in range(count):
        assert "crowded" not in label("Weekly order, up to S", k, 50.0, 50.0, marks, labels, strong=False)
    assert all(a.meets(b) == 0.0 for i, a in enumerate(labels) for b in labels[:i])
    assert all(box.top >= 0.0 and box.bottom <= TALL and box.right <= WIDE + 8.0 + APART for box in labels)


def test_names_of_one_line_have_a_space_between_them() -> None:
    """'99.5 % for bicycles' and '99.5 % for parts' side by side read as one name."""
    labels: list[Box] = []
    label("99.5 % for bicycles", 0, 10.0, 50.0, [], labels, strong=False)
    (first,) = labels
    words = len("99.5 % for bicycles") * 7.0
    assert first.right - first.left >= words + 10.0


def test_a_name_whose_near_places_are_taken_stands_further_off() -> None:
    """All that is free lies 60 pixels and more below the mark: its name was left out."""
    near = [Box(0.0, 0.0, WIDE, 85.0)]
    assert "crowded" not in label("Multi-echelon", 0, 20.0, 20.0, near, [], strong=False)


def test_a_line_to_a_label_does_not_run_through_another() -> None:
    """A mark in the middle whose places nearby are taken: the label goes far up, unless its line would run through one there."""
    nearby = [Box.around(50.0, 50.0, 100.0, 21.0)]
    above = Box(150.0, 50.0, 163.0, 57.0)
    free = label("Alpha", 0, 50.0, 50.0, nearby, [], strong=True)
    kept = label("Alpha", 0, 50.0, 50.0, nearby, [above], strong=True)
    assert ('d="M0 0L14 -32"' in free, 'd="M0 0L14 -32"' in kept) == (True, False)


def test_a_label_that_would_hide_others_is_there_for_a_larger_picture() -> None:
    full = [Box(-100.0, -100.0, 400.0, 300.0)]
    assert 'class="l s crowded"' in label("Alpha", 0, 50.0, 50.0, full, list(full), strong=False)
    assert "crowded" not in label("Alpha", 0, 50.0, 50.0, full, list(full), strong=True)


def test_a_label_far_from_its_mark_has_a_line_to_it() -> None:
    blocked = [Box(0.0, 55.0, WIDE, 105.0)]
    assert 'd=""' in label("Alpha", 0, 50.0, 50.0, [], [], strong=False)
    assert 'd="M0 0L' in label("Alpha", 0, 50.0, 50.0, blocked, [], strong=True)
    assert [is_far(dy) for _, _, dy in PLACES].index(True) == 8


def test_a_total_has_room_beside_its_bar() -> None:
    for currency, unit in (("EUR", ""), ("CHF", ""), ("", "money")):
        facts = Facts(make_results(Shape(currency=currency)))
        bars = cost_bars(facts, facts.policies)
        assert bars is not None
        for bar in bars.bars:
            end, words = re.findall(r'<text class="b s" x="([\d.]+)%"[^>]*>([^<]*)</text>', bar.svg)[0]
            assert "money" not in words
            assert float(end) / 100.0 * NARROW + 6.0 + 7.0 * len(words) <= NARROW + 3.0
            assert unit in bar.text


def test_parts_of_a_bar_look_different_as_long_as_there_are_looks() -> None:
    """Shortage and purchase cost are eight places apart in the order of cost lines, and had one look."""
    for places in ([0, 1, 2, 4, 12, 13], [0, 1, 4, 8, 11], list(range(9, 9 + FILLS)), list(range(FILLS))):
        looks = apart(places)
        assert len(set(looks)) == len(places), places
        assert [look for i, look in zip(places, looks, strict=True) if i < FILLS] == [i for i in places if i < FILLS]
    assert set(apart(range(15))) == set(range(FILLS))
