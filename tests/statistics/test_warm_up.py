"""Where the start ends, and when no number may be given."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.errors import UsageError
from chainsim.statistics.warm_up import Array, WarmUp, mser5, warm_up, welch

T = np.arange(200)


def noise(replications: int = 10, buckets: int = 200, correlation: float = 0.5, seed: int = 15) -> Array:
    """AR(1) with deviation 10 of its shocks, stationary."""
    shocks = 10.0 * np.random.default_rng(seed).normal(size=(replications, buckets))
    shocks[:, 0] /= np.sqrt(1.0 - correlation**2)
    for i in range(1, buckets):
        shocks[:, i] += correlation * shocks[:, i - 1]
    return shocks


def test_mser5_of_the_published_series() -> None:
    """P-OUT-3: 20 of 100 batches."""
    i = np.arange(500)
    assert mser5(10.0 * np.exp(-i / 20.0) + ((7919 * i) % 101) / 101.0 - 0.5) == 100


def test_mser5_at_its_limit_says_too_short() -> None:
    assert mser5(np.arange(100.0)) is None
    assert warm_up(np.arange(100.0)) == WarmUp("too short", None, checked=False)


def test_a_start_that_fades_is_cut_after_it() -> None:
    """exp(−i/10): after 30 buckets 5 % of it is left."""
    told = warm_up(100.0 + 80.0 * np.exp(-T / 10.0) + noise())
    assert told.state == "cut"
    assert told.cut is not None
    assert 20 <= told.cut <= 60


def test_nothing_to_cut() -> None:
    """MSER-5 scatters: of twenty such series it cuts most nowhere, some a little."""
    assert np.median([warm_up(100.0 + noise(seed=s)).cut or 0 for s in range(20)]) == 0


def test_a_step_is_no_warm_up() -> None:
    """MSER-5 would say 90."""
    series = np.where(T < 90, 100.0, 140.0) + noise()
    assert mser5(series.mean(axis=0)) == 90
    told = warm_up(series)
    assert (told.state, told.cut, told.at) == ("step", None, 90)
    assert told.change == pytest.approx(40.0, abs=4.0)


def test_a_step_after_a_start_and_one_in_the_second_half_are_seen() -> None:
    start = 80.0 * np.exp(-T / 5.0)
    assert warm_up(np.where(T < 70, 100.0, 140.0) + start + noise()).state == "step"
    assert warm_up(np.where(T < 150, 100.0, 70.0) + noise()).at == 150


def test_a_jump_early_in_the_run_is_its_start() -> None:
    """Stock is full until the first orders come."""
    told = [warm_up(np.where(T < 20, 180.0, 100.0) + noise(seed=s)) for s in range(20)]
    assert {each.state for each in told} == {"cut"}
    cuts = [each.cut or 0 for each in told]
    assert min(cuts) == 20
    assert np.median(cuts) <= 30


def test_a_step_too_small_to_matter_is_none() -> None:
    series = np.where(T < 90, 100.0, 103.0) + 0.1 * noise()
    assert warm_up(series).state != "step"
    assert warm_up(series, material=0.01).state == "step"


def test_what_moves_to_the_end_has_no_warm_up() -> None:
    for told in (warm_up(100.0 + 60.0 * T / 200.0 + noise()), warm_up(100.0 + 80.0 * np.exp(-T / 200.0) + noise())):
        assert told.state in ("drift", "too short")
        assert told.cut is None


def test_a_season_is_told_and_taken_out() -> None:
    t = np.arange(260)
    series = 100.0 + 20.0 * np.sin(2.0 * np.pi * t / 52.0) + 80.0 * np.exp(-t / 8.0) + noise(buckets=260)
    told = warm_up(series, cycle=52)
    assert told.state == "season"
    assert told.cut is not None
    assert 15 <= told.cut <= 80
    assert warm_up(series[:, :110], cycle=52) == WarmUp("season", None, change=pytest.approx(45.0, abs=25.0))
    assert warm_up(series[:, :100], cycle=52) == WarmUp("too short", None, checked=False)


def test_a_weekly_season() -> None:
    series = 100.0 + 30.0 * (T % 7 > 4) + 80.0 * np.exp(-T / 8.0) + noise()
    told = warm_up(series, cycle=7)
    assert told.state == "season"
    assert told.cut is not None
    assert 15 <= told.cut <= 60


def test_a_cycle_without_a_season_is_none() -> None:
    """Nor is a start that fills part of the first cycle."""
    series = 100.0 + 80.0 * np.exp(-T / 10.0) + noise()
    assert warm_up(series, cycle=7).state == "cut"
    assert warm_up(series[:, :156], cycle=52).state == "cut"


def test_false_alarms_are_rare() -> None:
    """Stationary and correlated: of 300 series at most 5 % are refused a number, season asked for as well."""
    told = [warm_up(100.0 + noise(correlation=0.8, seed=s), cycle=26).state for s in range(300)]
    assert sum(state != "cut" for state in told) <= 15


def test_one_replication_is_not_checked() -> None:
    told = warm_up((100.0 + 80.0 * np.exp(-T / 10.0) + noise(1))[0], cycle=52)
    assert not told.checked
    assert told.state == "cut"


def test_series_without_any_noise() -> None:
    assert warm_up(np.full((3, 100), 5.0)) == WarmUp("cut", 0)
    assert warm_up(np.tile(np.where(np.arange(100) < 50, 1.0, 2.0), (3, 1))).state == "step"
    assert warm_up(np.tile(np.arange(120) % 4.0, (3, 1)), cycle=4).state == "season"


def test_welch_by_hand() -> None:
    """Window 1: the first bucket alone, then threes; averaged over two replications first."""
    series = np.array([[0.0, 6.0, 3.0, 6.0, 3.0, 6.0, 3.0, 6.0], [2.0, 4.0, 5.0, 4.0, 5.0, 4.0, 5.0, 4.0]])
    assert welch(series, 1).tolist() == pytest.approx([1.0, 10 / 3, 14 / 3, 13 / 3, 14 / 3, 13 / 3, 14 / 3])


@pytest.mark.parametrize("window", [0, 3])
def test_welchs_window_is_at_most_a_quarter(window: int) -> None:
    with pytest.raises(UsageError, match="between 1 and a quarter"):
        welch(np.ones(8), window)


def test_arguments_are_checked() -> None:
    for series in (np.ones((2, 2, 2)), np.empty((2, 0)), np.array([1.0, np.nan])):
        with pytest.raises(UsageError, match="of numbers, and not empty"):
            warm_up(series)
    with pytest.raises(UsageError, match="two buckets or more"):
        warm_up(np.ones(100), cycle=1)
    with pytest.raises(UsageError, match="at least 0"):
        warm_up(np.ones(100), material=-0.1)
