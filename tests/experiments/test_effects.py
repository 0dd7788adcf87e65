"""Effects on made-up numbers of which they are known, and on functions of which the indices are."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from chainsim.experiments.effects import Effect, sobol_indices

from .made_up import REPLICATIONS, TWO, coded, findings


def plane(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
    a, b = coded(values)
    return 10.0 + 3.0 * a + 2.0 * b + 1.0 * a * b + 5.0 * r, 0.9


def of(effects: list[Effect], policy: str = "s_Q", kpi: str = "total_cost") -> dict[tuple[str, str, str], Effect]:
    return {(e.kind, e.factor, e.other): e for e in effects if e.policy == policy and e.response.kpi == kpi}


def test_effects_of_a_factorial_by_hand() -> None:
    """From −1 to +1 a coefficient counts twice; what all points share in a replication cancels."""
    found = of(findings(TWO, plane).effects)
    assert {key: round(e.effect, 9) for key, e in found.items()} == {
        ("main", "a", ""): 6.0, ("main", "b", ""): 4.0, ("interaction", "a", "b"): 2.0,
    }  # fmt: skip
    assert all(e.high == pytest.approx(e.low) for e in found.values())
    total = 3.0**2 + 2.0**2 + 1.0**2
    shares = [found["main", "a", ""].share, found["main", "b", ""].share, found["interaction", "a", "b"].share]
    assert shares == pytest.approx([9 / total, 4 / total, 1 / total])


def test_the_interval_of_an_effect_is_students_over_replications() -> None:
    noise = [0.3, -0.2, 0.5, 0.1, -0.4, 0.0]

    def noisy(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
        a, b = coded(values)
        return 3.0 * a + 2.0 * b + noise[r] * a, 0.9

    e = of(findings(TWO, noisy).effects)["main", "a", ""]
    each = [2.0 * (3.0 + x) for x in noise]
    half = stats.t.ppf(0.975, REPLICATIONS - 1) * np.std(each, ddof=1) / sqrt(REPLICATIONS)
    assert e.effect == pytest.approx(np.mean(each))
    assert e.high - e.effect == pytest.approx(half)


def test_the_effect_on_a_ratio_is_that_of_its_sums() -> None:
    def filling(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
        return 1.0, 0.8 + 0.05 * coded(values)[0] + 0.01 * r

    e = of(findings(TWO, filling).effects, kpi="fill_rate")["main", "a", ""]
    assert e.effect == pytest.approx(0.1)


def test_names_are_compared_with_the_first() -> None:
    factors = {"carrier": {"levels": {name: {"seed": k} for k, name in enumerate(["slow", "fast", "dear"])}}}
    told = findings(factors, lambda values, policy, r: (10.0 * values[0] ** 2, 0.9), policies=["s_Q"])
    effects = [e for e in told.effects if e.response.kpi == "total_cost"]
    assert [(e.start, e.end, e.effect) for e in effects] == [("slow", "fast", 10.0), ("slow", "dear", 40.0)]


def test_level_means_average_over_the_other_factor() -> None:
    found = findings(TWO, plane)
    means = {
        (m.factor, m.value): m.mean for m in found.level_means if m.policy == "s_Q" and m.response.kpi == "total_cost"
    }
    base = 10.0 + 5.0 * 2.5
    assert means["a", "10% per year"] == pytest.approx(base - 3.0)
    assert means["b", 0.8] == pytest.approx(base + 2.0)


def test_a_plane_is_found_by_regression() -> None:
    factors = {
        "a": {"path": "costs.carrying_rate", "values": "10%:30% per year"},
        "b": {"path": "lanes[source->dc].lead_time.cv", "values": "0.2:0.8"},
    }

    def flat(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
        a, b = coded(values)
        return 10.0 + 3.0 * a + 2.0 * b, 0.9

    told = findings(factors, flat, design={"type": "latin_hypercube", "points": 16})
    found = of(told.effects)
    wide = {k: [p.values[k] for p in told.data.points] for k in (0, 1)}
    width = max(wide[1]) - min(wide[1])
    assert found["regression", "b", ""].effect == pytest.approx(2.0 * width / 0.3)
    assert "R² 1.000" in found["regression", "a", ""].method


def test_indices_of_ishigamis_function() -> None:
    """Ishigami & Homma 1990, a = 7, b = 0.1: S = 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437. And as scipy has them."""
    from scipy.stats import qmc

    def f(x: np.ndarray) -> np.ndarray:
        return np.sin(x[..., 0]) + 7.0 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])

    n = 4096
    drawn = (2.0 * qmc.Sobol(6, seed=np.random.default_rng(1)).random(n) - 1.0) * np.pi
    a, b = drawn[:, :3], drawn[:, 3:]
    mixed = np.array([f(np.where(np.arange(3) == k, b, a)) for k in range(3)])
    first, total = sobol_indices(f(a), f(b), mixed)
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    theirs = stats.sobol_indices(func={"f_A": f(a)[None], "f_B": f(b)[None], "f_AB": mixed[:, None]}, n=n)
    assert first == pytest.approx(np.ravel(theirs.first_order), abs=1e-3)
    assert total == pytest.approx(np.ravel(theirs.total_order), abs=1e-3)


def test_a_saltelli_design_tells_an_interaction_from_effects_alone() -> None:
    factors = {
        "a": {"path": "costs.carrying_rate", "values": "10%:30% per year"},
        "b": {"path": "lanes[source->dc].lead_time.cv", "values": "0.2:0.8"},
    }

    def product(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
        a, b = coded(values)
        return a * b, 0.9

    found = of(findings(factors, product, design={"type": "saltelli", "points": 256}, policies=["s_Q"]).effects)
    assert found["first order", "a", ""].effect == pytest.approx(0.0, abs=0.2)
    assert found["total", "a", ""].effect == pytest.approx(1.0, abs=0.1)
    assert found["total", "b", ""].low < 1.0 < found["total", "b", ""].high + 0.1


def test_a_point_that_failed_leaves_effects_out() -> None:
    told = findings(TWO, plane, failed=(2,))
    assert told.effects == []
    assert sorted(told.choices.stands) == [0, 2, 3]
