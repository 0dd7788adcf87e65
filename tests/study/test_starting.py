"""Where the start of a run ends: what the scenario declares is known, and a cut is no advice by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from chainsim.demand.history import Replay
from chainsim.kpis import SERIES_NAMES
from chainsim.plan.buckets import bucket_edges
from chainsim.plan.plan import Clock
from chainsim.scenario.model import TimeSpec
from chainsim.study.starting import WARM_UP, cycle_of, starting

WEEKS = 120


@dataclass(frozen=True)
class Stream:
    """A stream of demand as far as the start of a run is concerned."""

    weekly: tuple[float, ...] = ()
    yearly: tuple[float, ...] = ()
    steps: tuple[Any, ...] = ()
    surges: tuple[Any, ...] = ()
    process: Any = field(default=None)


def told(stock: np.ndarray, *demands: Stream, warm_up: float = 84.0, bucket: float = 7.0) -> Mapping[str, Any]:
    """The row of a policy with this stock [replication, bucket]."""
    n = stock.shape[1]
    time = TimeSpec("day", warm_up, n * bucket - warm_up, bucket)
    ticks = time.ticks_per_unit
    clock = Clock(time.ticks(warm_up), time.end, time.ticks(bucket), ticks, 365.0, "day")
    series = np.zeros((len(stock), 1, len(SERIES_NAMES), n))
    series[:, 0, SERIES_NAMES.index("on_hand")] = stock
    plan: Any = SimpleNamespace(policy="p", clock=clock)
    scenario: Any = SimpleNamespace(time=time, demands=demands or (Stream(),))
    (row,) = starting(scenario, [plan], [series], bucket_edges(clock))
    return dict(zip(WARM_UP, row, strict=True))


def noise(n: int = WEEKS, seed: int = 1) -> np.ndarray:
    return 100.0 + 2.0 * np.random.default_rng(seed).normal(size=(10, n))


def test_a_level_series_needs_nothing_more() -> None:
    row = told(noise())
    assert row["state"] == "cut"
    assert row["sure"] is not True
    assert (row["warm_up"], row["until"], row["cycle"]) == (84.0, None, None)


def test_stock_that_still_settles_when_counting_begins_is_seen() -> None:
    row = told(noise() + 60.0 * np.exp(-np.arange(WEEKS) / 12.0))
    assert row["state"] == "cut"
    assert row["cut"] > 84.0
    assert row["excess"] > 0.05
    assert row["sure"] is True
    # the same start, left out for long enough
    assert told(noise() + 60.0 * np.exp(-np.arange(WEEKS) / 12.0), warm_up=420.0)["sure"] is not True


def test_a_cycle_of_reviews_is_no_start() -> None:
    """Stock that rises and falls every thirteen weeks: a part of a cycle lies off the mean, as do all others."""
    waves = 20.0 * np.sign(np.sin(2.0 * np.pi * np.arange(WEEKS) / 26.0))
    for phase in range(0, 26, 5):
        assert told(noise() + np.roll(waves, phase))["sure"] is not True


def test_a_declared_season_is_looked_for() -> None:
    wave = 25.0 * np.sin(2.0 * np.pi * np.arange(WEEKS * 2) / 52.0)
    row = told(noise(WEEKS * 2) + wave, Stream(yearly=(1.0,) * 12))
    assert (row["state"], row["cycle"]) == ("season", 52)
    assert row["cut"] is not None
    assert row["sure"] is not True
    short = told((noise(100) + wave[:100]), Stream(yearly=(1.0,) * 12))
    assert short["state"] in ("too short", "season")
    assert short["cut"] is None


@pytest.mark.parametrize("kind", ["steps", "surges"])
def test_what_comes_after_a_declared_change_is_not_looked_at(kind: str) -> None:
    change = SimpleNamespace(at=400.0, start=400.0)
    stock = noise()
    stock[:, 58:] += 50.0
    assert told(stock)["state"] == "step"
    row = told(stock, Stream(**{kind: (change,)}))
    assert row["state"] == "cut"
    assert (row["until"], row["buckets"]) == (400.0, 57)
    assert told(stock, Stream(**{kind: (SimpleNamespace(at=9e9, start=9e9),)}))["until"] is None


def test_replayed_demand_says_nothing_of_the_start() -> None:
    replay = Replay.__new__(Replay)
    assert told(noise(), Stream(process=replay))["state"] == "replay"


def test_seasons_shorter_than_two_buckets_do_not_show() -> None:
    time = TimeSpec("day", 0.0, 700.0, 7.0)
    make: Any = SimpleNamespace
    assert cycle_of(make(time=time, demands=(Stream(weekly=(1.0,) * 7),))) is None
    assert cycle_of(make(time=replace(time, bucket=1.0), demands=(Stream(weekly=(1.0,) * 7),))) == 7
    assert cycle_of(make(time=time, demands=(Stream(weekly=(1.0,) * 7, yearly=(1.0,) * 12),))) == 52
