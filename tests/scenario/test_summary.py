"""How a scenario shows itself: short, counted as everybody counts, and no name is markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

import chainsim
from chainsim.scenario.model import Scenario

from .samples import GROCER, MINIMAL, load


def lines(scenario: Scenario) -> dict[str, tuple[Any, str]]:
    table = scenario.summary()
    assert list(table.columns) == ["what", "count", "which"]
    return {what: (count, which) for what, count, which in table.itertuples(index=False)}


def test_numbers_counted_by_hand() -> None:
    """One plant, one DC, twelve stores and two products: 14 × 2 stock points; 12 stores × 2 streams; the surge meets one."""
    told = lines(load(GROCER))
    assert pd.isna(told.pop("time")[0])
    assert told == {
        "replications": (5, "seed 7, intervals of 95 %"),
        "products": (2, "soup, tea"),
        "sites": (14, "dc (1), plant (1), store (12)"),
        "lanes": (13, "dc → store (12), plant → dc (1)"),
        "production": (2, "soup at plant, tea at plant"),
        "stock points": (28, "dc (2), plant (2), store (24)"),
        "demand streams": (24, "unmet demand: lost (12), patience (12)"),
        "outages": (2, told["outages"][1]),
        "surges": (1, "× 2 from 250 for 14"),
        "policies": (2, "s_Q (baseline), mixed"),
        "targets": (1, "fill_rate 0.97"),
        **{key: told[key] for key in ("warnings",) if key in told},
    }


def test_the_clock_in_words() -> None:
    assert load(GROCER).summary()["which"][0] == "90 days of warm-up, then 365 days measured, in buckets of 7 days"
    without = load(MINIMAL.replace("warm_up: 10, horizon: 100", "horizon: 1, bucket: 1"))
    assert without.summary()["which"][0] == "1 day measured, in buckets of 1 day"


def test_what_there_is_none_of_is_not_told() -> None:
    assert not {"outages", "surges", "targets", "production"} & set(lines(load(MINIMAL)))


def test_text_is_one_line() -> None:
    assert repr(load(MINIMAL)) == "<Scenario 'One store': 2 sites, 1 product, 1 lane, 1 policy>"
    assert repr(chainsim.load_text(GROCER)) == "<Study of 'Regional grocer': s_Q, mixed>"


class Tags(HTMLParser):
    """The tags of a page and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs, f"{tag} {attrs}"
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("shown", [load, chainsim.load_text])
def test_in_a_notebook_a_sentence_and_a_table_and_no_name_is_markup(shown: Any) -> None:
    nasty = MINIMAL.replace("title: One store", "title: '<script src=//x>\\u202e & co'").replace(
        "soup", "<img onerror=x>"
    )
    page = Tags(shown(nasty)._repr_html_())
    assert page.tags == {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    assert "<script src=//x>" in page.words
    assert "<img onerror=x>" in page.words
    assert "2 sites, 1 product, 1 lane, 1 policy, over 100 days in 30 replications" in page.words


def test_what_tells_scenarios_apart_is_all_of_them() -> None:
    """Short simulations are known again by it, and so are results of scenarios made in code."""
    one = load(MINIMAL)
    [lane] = one.lanes
    other = replace(one, lanes=(replace(lane, order_cost=1.0),))
    assert repr(one) == repr(other)
    assert repr(one.values) != repr(other.values)
    assert repr(one.values) == repr(load(MINIMAL).values)
