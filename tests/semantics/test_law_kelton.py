"""The inventory example of Law & Kelton, Simulation Modeling and Analysis, §1.5: (s, S) reviewed monthly (P-LK-1).

Customers come 10 a month and ask for 1 to 4; orders take half a month to a month; 32 per order and 3 per unit ordered,
1 per unit and month on hand, 5 per unit and month owed. The rule orders when the level is *below* s. Expected values: exact
numerics of the Markov chain at reviews.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text

from .stage import point

pytestmark = pytest.mark.slow

FILE = """
chainsim: 1
title: Law and Kelton
time: {unit: period, warm_up: WARM_UP, horizon: HORIZON, bucket: 1}
seed: 12
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: {dist: uniform, low: 0.5, high: 1.0}, order_cost: 32, unit_cost: 3}]
stock: [{site: store, initial: {on_hand: 60}}]
demand:
  - site: store
    product: p
    type: arrivals
    gap: {dist: exponential, rate: 10}
    size: {dist: discrete, values: [1, 2, 3, 4], probabilities: [0.167, 0.333, 0.333, 0.167]}
policies:
  only: {type: R_s_S, review_interval: 1, trigger: below, watch: level, reorder_point: LOW, order_up_to_level: HIGH}
"""


def costs(levels: tuple[int, int], warm_up: int, horizon: int, replications: int) -> dict[str, list[float]]:
    """Monthly cost by line, in each replication."""
    changes = {"WARM_UP": warm_up, "HORIZON": horizon, "LOW": levels[0], "HIGH": levels[1]}
    text = FILE
    for word, value in changes.items():
        text = text.replace(word, str(value))
    plan = compile_plan(load_text(text, "case.yaml", None), "only")
    i = point(plan, "store")
    seen: dict[str, list[float]] = {"order": [], "hold": [], "short": [], "total": []}
    for replication in range(replications):
        record = simulate(plan, replication)
        first: Any = record.opening["points"][i]
        last: Any = record.closing["points"][i]
        months = horizon * plan.clock.ticks_per_unit
        row = {
            "order": (32.0 * (last["orders"] - first["orders"]) + 3.0 * (last["ordered"] - first["ordered"])) / horizon,
            "hold": (last["on_hand_time"] - first["on_hand_time"]) / months,
            "short": 5.0 * (last["backorder_time"] - first["backorder_time"]) / months,
        }
        for name, value in (row | {"total": sum(row.values())}).items():
            seen[name].append(float(value))
    return seen


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((20, 40), {"order": 99.2970839542, "hold": 8.67939830386, "short": 18.6224460771, "total": 126.598928335}),
        ((40, 100), {"order": 85.7384273866, "hold": 45.0424758679, "short": 1.03936488825, "total": 131.820268143}),
    ],
)
def test_in_the_long_run(levels: tuple[int, int], expected: dict[str, float]) -> None:
    seen = costs(levels, 24, 2000, 24)
    for name, value in expected.items():
        mean, error = np.mean(seen[name]), np.std(seen[name], ddof=1) / sqrt(24)
        assert error <= max(0.01 * value, 0.05), f"{name}: too wide to prove anything ({error:.4g})"
        assert abs(mean - value) <= 4 * error, f"{name}: {mean:.6g} against {value:.6g} ± {error:.2g}"


def test_the_books_ten_years_from_sixty_units() -> None:
    """No warm-up: the start matters, and the review that would fall on the end of month 120 does not happen."""
    total = costs((20, 40), 0, 120, 300)["total"]
    mean, error = np.mean(total), np.std(total, ddof=1) / sqrt(300)
    assert error <= 0.3
    assert abs(mean - 125.124769773) <= 4 * error
    assert abs(mean - 126.598928335) > 4 * error  # the long run is another number
