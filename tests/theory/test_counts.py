"""Numbers of events without end: what stands for many keeps their mean, and what their sums are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from chainsim.theory import s_S, service_crossing, service_curve
from chainsim.theory.counts import CELLS, Counts
from chainsim.theory.cover import Rhythm
from chainsim.theory.crossing import MANY, in_order_of_placement, in_order_of_receipt
from chainsim.theory.positions import positions, renewal_density
from chainsim.theory.stage import Stage, Sums

POISSON = np.asarray(stats.poisson.pmf(np.arange(60), 5.0))


def test_few_counts_are_told_one_by_one() -> None:
    counts = Counts.of(np.array([7, 3, 260]), np.array([1.0, 2.0, 1.0]))
    assert (counts.first, counts.step, counts.mean) == (3, 2, pytest.approx((7 + 6 + 260) / 4))
    exact = Counts.of(np.array([7, 3, 250]), np.array([1.0, 2.0, 1.0]))
    assert exact.step == 1
    assert np.flatnonzero(exact.shares).tolist() == [0, 4, 247]


@pytest.mark.parametrize("high", [10, CELLS, CELLS + 1, 100_001, 10**12])
def test_many_counts_keep_mean_and_nearly_their_variance(high: int) -> None:
    values = np.unique(np.linspace(3, 3 + high, 1001).astype(np.int64))
    counts = Counts.of(values, np.ones(len(values)))
    at = counts.first + counts.step * np.arange(len(counts.shares))
    assert len(counts.shares) <= CELLS + 1
    assert counts.mean == pytest.approx(values.mean())
    assert counts.shares @ (at - counts.mean) ** 2 == pytest.approx(values.var(), rel=2e-4)


def test_a_mean_count_lies_between_two() -> None:
    assert Counts.of(np.array([2.25]), np.ones(1)).shares.tolist() == [0.75, 0.25]


def test_the_sum_of_many_different_counts_is_that_of_each() -> None:
    sums = Sums(Stage(POISSON, np.zeros(1), Rhythm.of(1.0, 1.0)), 2000)
    n = np.arange(20, 60)
    one_by_one = sum(np.asarray(sums.one**k) for k in n.tolist()) / len(n)
    assert sums.events(n) == pytest.approx(one_by_one, abs=1e-12)


@pytest.mark.parametrize("law", [np.array([0.5, 0.0, 0.5]), np.array([0.0, 1.0]), POISSON, np.array([1 - 1e-9, 1e-9])])
@pytest.mark.parametrize("length", [1, 2, 7, 300])
def test_the_renewal_density_is_that_of_the_recursion(law: np.ndarray, length: int) -> None:
    assert renewal_density(law, length) == pytest.approx(s_S.renewal_density(law.tolist(), length), rel=1e-9, abs=1e-14)


def test_a_lot_of_half_a_million_steps_is_a_renewal_density_too() -> None:
    """Far below S every step is visited once per mean demand."""
    resting = positions("sS", 1 << 19, POISSON)
    assert resting[1000] * (1 << 19) == pytest.approx(1.0, rel=1e-3)


@pytest.mark.parametrize(
    "leads", [np.linspace(1.0, 5.0, 4001), stats.gamma.ppf((np.arange(4000) + 0.5) / 4000, 4, scale=0.75)]
)
def test_lead_times_of_very_many_orders_in_order_of_receipt_are_normal(leads: np.ndarray) -> None:
    """Just below and just above where the number on its way is taken as normal, and without end."""
    width = float(np.ptp(leads))
    exact, normal = (in_order_of_receipt(leads, width / many) for many in (MANY, MANY + 0.01))
    assert np.abs(exact - normal)[40:-40].max() < 0.002 * width
    without_end = in_order_of_receipt(leads, width * 1e-9)
    assert (without_end.mean(), without_end.std()) == pytest.approx((leads.mean(), 0.0), rel=1e-3, abs=1e-3)


def test_where_the_later_waits_for_very_many_earlier_the_longest_lead_time_counts() -> None:
    leads = np.linspace(1.0, 5.0, 4001)
    some, more = (in_order_of_placement(leads, 4.0 / many).mean() for many in (400, 401))
    assert some == pytest.approx(more, rel=1e-3)
    assert in_order_of_placement(leads, 1e-9).mean() == pytest.approx(5.0, abs=0.05)


@pytest.mark.parametrize("kind", ["service", "fill_rate"])
def test_many_orders_out_are_as_good_in_groups(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = np.linspace(1.0, 5.0, 4001)
    stage = Stage(POISSON, leads, Rhythm.of(0.02, 0.02))
    found = {}
    for many in (10, 10_000):
        monkeypatch.setattr(service_crossing, "MANY", many)
        found[many] = service_curve.curve(stage, "S", 0, kind)[1]  # type: ignore[arg-type]
    assert found[10] == pytest.approx(found[10_000], abs=2e-4)


@pytest.mark.parametrize("kind", ["service", "fill_rate"])
def test_many_demands_between_reviews_are_as_good_by_some_of_them(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(POISSON, np.linspace(0.3, 4.0, 500), Rhythm.of(0.01, 1.0))
    sums = Sums(stage, stage.reach(0))
    found = {}
    for few in (64, 100):
        monkeypatch.setattr(service_crossing, "FEW_DEMANDS", few)
        at = service_crossing.at_a_moment(stage, sums)
        found[few] = service_curve.curve(stage, "S", 0, kind)[1], sums.mass(at) @ np.arange(sums.length)  # type: ignore[arg-type]
    assert found[64][0] == pytest.approx(found[100][0], abs=1e-3)
    assert found[64][1] == pytest.approx(found[100][1], rel=1e-3)
