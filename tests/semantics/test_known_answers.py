"""Simulation against exact theory, case by case: the statistical part of `chainsim verify --quick`, and P-LK-1.

On the compiled engine where there is one; that SimPy walks the same paths is tests/verify/test_both_engines.py."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.kpis import measure
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text
from chainsim.verify import Case, cases, verify
from tests.fastest import ENGINE

pytestmark = pytest.mark.slow

QUICK = [case for case in cases().values() if case.scenarios and not case.exact and case.level == "quick"]
TEXTBOOK = cases()["P-LK-1"]  # the one later case that tells the first ten years from the long run


@pytest.mark.parametrize("case", [*QUICK, TEXTBOOK], ids=lambda case: case.id)
def test_simulation_agrees_with_theory(case: Case) -> None:
    rows = verify([case], case.level, [ENGINE], jobs=1)
    assert [r for r in rows if r.verdict in ("failed", "too wide")] == []
    assert any(r.how == "simulated" for r in rows)


HALF_LOAD = """
chainsim: 1
title: M/M/1 made to stock
time: {unit: period, warm_up: 200, horizon: 6000, bucket: 100}
seed: 4
products: {p: {}}
sites: {plant: {kind: plant, production: {lead_time: 0, machines: 1, unit_time: {dist: exponential, mean: 1}}}}
demand: [{site: plant, product: p, type: arrivals, rate: 0.5}]
policies: {only: {type: base_stock, order_up_to_level: 3}}
"""


def test_a_machine_at_half_load() -> None:
    """ρ = 0.5, S = 3 (Buzacott & Shanthikumar 1993, ch. 4): fill rate 1 − ρ³, backorders ρ⁴/(1 − ρ), on hand 3 − 1 + 0.125.
    P-MM1-1, at ρ = 0.8, needs a hundred times the run for the same width, and is left to `verify --full`."""
    plan = compile_plan(load_text(HALF_LOAD, "case.yaml", None), "only")
    measured = [measure(simulate(plan, r, engine=ENGINE), plan) for r in range(24)]
    for name, value in (("on_hand_mean", 2.125), ("backorders_mean", 0.125), ("fill_rate", 0.875)):
        seen = np.array([m.values[0, m.ids.index(name)] for m in measured])
        error = seen.std(ddof=1) / sqrt(len(seen))
        assert error <= 0.01, f"{name}: too wide to prove anything ({error:.4g})"
        assert abs(seen.mean() - value) <= 3 * error, f"{name}: {seen.mean():.5g} against {value} ± {error:.2g}"
