"""P43 and the public cases P-OUT-1, P-OUT-2: do intervals contain the truth as often as they say? Against systems whose
truth is known, over thousands of experiments."""

from __future__ import annotations

from math import sqrt
from textwrap import dedent

import numpy as np
import pytest
from scipy import stats

from chainsim.chance.streams import stream_key, uniforms
from chainsim.engines.base import ENGINES
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.scenario.load import load_text
from chainsim.statistics import compare, compare_independent, estimate
from chainsim.theory.base_stock import palm
from chainsim.theory.output_series import coverage_limits, mean_of_ar1

LEVEL = 0.95


def covered(samples: np.ndarray, truth: float) -> int:
    """How many rows' intervals contain the truth."""
    made = [estimate(row, LEVEL) for row in samples.tolist()]
    return sum(e.low <= truth <= e.high for e in made)  # type: ignore[operator]


def normals(name: str, count: int) -> np.ndarray:
    """Standard normal draws of a stream of their own."""
    return stats.norm.ppf(uniforms(stream_key(1, "coverage", name), 0, 0, count))


def test_intervals_of_normal_replications_cover_as_often_as_they_say() -> None:
    """Student's interval is exact for normal data: the count of 4,000 lies in the central 99.9 % of the binomial."""
    low, high = coverage_limits(4000, LEVEL)
    assert low <= covered(normals("normal", 20_000).reshape(4000, 5) + 7, 7.0) <= high


def test_the_paired_interval_covers_the_difference_and_is_the_narrower() -> None:
    common, own, other = (normals(name, 10_000).reshape(1000, 10) for name in ("common", "own", "other"))
    ours, theirs = 3 * common + own + 2, 3 * common + other
    low, high = coverage_limits(1000, LEVEL)
    paired = [compare(a, b, LEVEL).difference for a, b in zip(ours.tolist(), theirs.tolist(), strict=True)]
    assert low <= sum(e.low <= 2 <= e.high for e in paired) <= high  # type: ignore[operator]
    apart = [compare_independent(a, b, LEVEL).difference for a, b in zip(ours.tolist(), theirs.tolist(), strict=True)]
    ratio = np.mean([e.half_width for e in paired]) / np.mean([e.half_width for e in apart])  # type: ignore[arg-type]
    assert ratio == pytest.approx(1 / sqrt(10), rel=0.1)  # variances 2 against 20


def test_one_long_run_taken_for_independent_data_is_sure_of_too_much() -> None:
    """P-OUT-1, AR(1) output with φ = 0.8: the interval that takes successive observations for independent says a ninth of
    the variance of the mean, and covers it half of the time; replications cover as they should."""
    length, runs, phi = 200, 1000, 0.8
    shocks = normals("ar1", length * runs).reshape(runs, length)
    series = np.empty_like(shocks)
    series[:, 0] = shocks[:, 0] / sqrt(1 - phi**2)
    for t in range(1, length):
        series[:, t] = phi * series[:, t - 1] + shocks[:, t]
    known = mean_of_ar1(phi, 1.0, length, 10)
    means = series.mean(axis=1)
    assert means.var() == pytest.approx(known.variance_of_mean, rel=5 * sqrt(2 / runs))
    naive = (series.var(axis=1, ddof=1) / length).mean()
    assert naive == pytest.approx(known.expected_naive_estimate, rel=0.05)
    assert known.variance_of_mean / naive > 8
    batches = series.reshape(runs, 10, length // 10).mean(axis=2)
    assert (batches.var(axis=1, ddof=1) / 10).mean() == pytest.approx(known.expected_batch_estimate, rel=0.1)
    expected = 2 * stats.norm.cdf(1.96 * sqrt(naive / known.variance_of_mean)) - 1
    assert covered(series, 0.0) / runs == pytest.approx(expected, abs=0.06)
    assert covered(series, 0.0) / runs < 0.6
    low, high = coverage_limits(runs // 10, LEVEL)
    assert low <= covered(means.reshape(runs // 10, 10), 0.0) <= high


PALM = """
chainsim: 1
title: Coverage
time: {unit: period, warm_up: 15, horizon: 60}
replications: 1
seed: 2
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 1.5}]
demand: [{site: store, product: p, type: arrivals, gap: {dist: exponential, rate: 4}}]
policies: {only: {type: base_stock, order_up_to_level: 8}}
"""


def averages(plan: Plan, replications: int) -> np.ndarray:
    """Time averages of stock on hand and of backorders, one row per replication, by the quickest engine there is."""
    engine = ENGINES["compiled"] if ENGINES["compiled"].support(plan) else ENGINES["simpy"]
    rows = np.empty((replications, 2))
    store = int(np.flatnonzero(~plan.layout.unlimited)[0])
    for i, record in enumerate(engine.load().replications(plan, 0, replications)):
        for k, name in enumerate(("on_hand_time", "backorder_time")):
            rows[i, k] = record.closing["points"][name][store] - record.opening["points"][name][store]
    return rows / (plan.clock.end - plan.clock.warm_up)


@pytest.mark.slow
def test_intervals_of_a_simulated_store_cover_the_truth() -> None:
    """P43, P-OUT-2: 2,000 experiments of 10 replications each, warm-up of ten lead times; the truth is Palm's theorem.
    Backorders are skewed, so their intervals may cover two points less."""
    experiments = 2000
    plan = compile_plan(load_text(dedent(PALM), "coverage.yaml", None), "only")
    rows = averages(plan, 10 * experiments).reshape(experiments, 10, 2)
    truth = palm(4.0, 1.5, 8)
    low, high = coverage_limits(experiments, LEVEL)
    assert (low, high) == (1867, 1931)  # 93.4 % … 96.6 %
    on_hand = covered(rows[:, :, 0], truth.on_hand)
    backorders = covered(rows[:, :, 1], truth.backorders)
    assert low <= on_hand <= high
    assert low - 0.02 * experiments <= backorders <= high
    # and the means themselves, over all 20,000 replications
    error = rows.reshape(-1, 2).std(axis=0, ddof=1) / sqrt(10 * experiments)
    assert np.all(np.abs(rows.mean(axis=(0, 1)) - (truth.on_hand, truth.backorders)) < 4 * error)
