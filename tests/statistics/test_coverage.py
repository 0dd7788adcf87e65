"""A 95 % interval should hold the truth 95 times in 100: counted, on data and on simulations whose mean is known (P43).

P-OUT-1: observations of one run are correlated, and the formula for independent ones then promises far too much, while
Student's interval over replications keeps its word. P-OUT-2: the same on chainsim's own simulations. P-OUT-3, where to cut
the warm-up, is an answer of `chainsim.theory.output_series.mser` (tests/theory/test_cases.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import stats

from chainsim.engines.base import replications
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text
from chainsim.statistics import Estimate, compare, estimate
from chainsim.statistics.estimate import student_quantile
from chainsim.theory.base_stock import palm
from chainsim.theory.output_series import coverage_limits, mean_of_ar1

Array = np.ndarray[Any, np.dtype[np.float64]]

CORRELATION, OBSERVATIONS, BATCHES = 0.8, 2000, 20
REPLICATIONS = 10


def covers(interval: Estimate, truth: float) -> bool:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low <= truth <= interval.high


def assert_within(covered: Sequence[bool], level: float) -> None:
    """As many as there should be, within the central 99.9 % of a binomial."""
    low, high = coverage_limits(len(covered), level)
    assert low <= sum(covered) <= high


@pytest.fixture(scope="module")
def series() -> Array:
    """4,000 stationary AR(1) series, one a column."""
    random = np.random.default_rng(20)
    shocks = random.standard_normal((OBSERVATIONS, 4000))
    shocks[0] /= math.sqrt(1.0 - CORRELATION**2)
    for i in range(1, OBSERVATIONS):
        shocks[i] += CORRELATION * shocks[i - 1]
    return shocks


def assert_mean(values: Array, expected: float) -> None:
    assert abs(values.mean() - expected) <= 4.5 * values.std(ddof=1) / math.sqrt(len(values))


def test_observations_of_one_run_are_not_replications(series: Array) -> None:
    """The variance of the mean is nine times what S²/n says; 95 % intervals made of it hold the truth half the time."""
    known = mean_of_ar1(CORRELATION, 1.0, OBSERVATIONS, BATCHES)
    assert_mean(series.mean(axis=0) ** 2, known.variance_of_mean)
    naive = [estimate(run.tolist()) for run in series.T[:500]]
    quantile = student_quantile(OBSERVATIONS - 1, 0.95)
    assert_mean(np.array([(e.half_width or 0.0) / quantile for e in naive]) ** 2, known.expected_naive_estimate)
    promised = quantile * math.sqrt(known.expected_naive_estimate / known.variance_of_mean)
    truly = 1.0 - 2.0 * float(stats.norm.sf(promised))
    assert truly < 0.5
    assert_within([covers(e, 0.0) for e in naive], truly)


def test_batch_means_come_close(series: Array) -> None:
    known = mean_of_ar1(CORRELATION, 1.0, OBSERVATIONS, BATCHES)
    batches = series.reshape(BATCHES, OBSERVATIONS // BATCHES, -1).mean(axis=1)
    assert_mean(batches.var(axis=0, ddof=1) / BATCHES, known.expected_batch_estimate)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_intervals_over_replications_keep_their_word(series: Array, level: float) -> None:
    means = series.mean(axis=0).reshape(-1, REPLICATIONS)
    assert_within([covers(estimate(row, level), 0.0) for row in means.tolist()], level)
    assert_within(
        [
            covers(compare(a, b, level).difference, 0.0)
            for a, b in zip(means[::2].tolist(), means[1::2].tolist(), strict=True)
        ],
        level,
    )


STORE = """
chainsim: 1
title: P-OUT-2, base stock with Poisson demand
time: {unit: period, warm_up: 10, horizon: 200, bucket: 200}
replications: 10
seed: 43
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 1.5}]
demand: [{site: store, product: p, type: arrivals, gap: {dist: exponential, rate: 4}}]
policies:
  eight: {type: base_stock, order_up_to_level: 8}
  nine: {type: base_stock, order_up_to_level: 9}
"""


def averages(policy: str, count: int) -> dict[str, Array]:
    """Mean stock on hand and mean backorders of each replication, in blocks of REPLICATIONS."""
    plan = compile_plan(load_text(STORE, "coverage.yaml"), policy)
    store = int(np.flatnonzero(~np.asarray(plan.layout.unlimited, bool))[0])
    window = plan.clock.end - plan.clock.warm_up
    columns = ("on_hand_time", "customer_backorder_time")
    rows = [
        [float(r.closing["points"][c][store] - r.opening["points"][c][store]) / window for c in columns]
        for stack in replications(plan, 0, count, engine="compiled")
        for r in stack.singly()
    ]
    on_hand, backorders = np.array(rows).T
    return {"on_hand": on_hand.reshape(-1, REPLICATIONS), "backorders": backorders.reshape(-1, REPLICATIONS)}


@pytest.mark.slow
def test_a_thousand_experiments_cover_the_known_mean() -> None:
    """P-OUT-2 and P43: 1,000 experiments of 10 replications, mean on hand 2.31402 and mean backorders 0.314021 (Palm);
    and the paired difference to base stock 9 on the same customers."""
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    experiments = 1000
    assert coverage_limits(experiments, 0.95) == (926, 971)
    eight, nine = (averages(policy, experiments * REPLICATIONS) for policy in ("eight", "nine"))
    lower, higher = palm(4, 1.5, 8), palm(4, 1.5, 9)
    assert lower.on_hand == pytest.approx(2.31402138915, rel=1e-9)
    assert lower.backorders == pytest.approx(0.314021389154, rel=1e-9)
    for name, truth, other in (
        ("on_hand", lower.on_hand, higher.on_hand),
        ("backorders", lower.backorders, higher.backorders),
    ):
        assert_mean(eight[name].ravel(), truth)
        assert_within([covers(estimate(row), truth) for row in eight[name].tolist()], 0.95)
        pairs = zip(nine[name].tolist(), eight[name].tolist(), strict=True)
        assert_within([covers(compare(a, b).difference, other - truth) for a, b in pairs], 0.95)
