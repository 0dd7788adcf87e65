"""Set-ups of machines, worked by hand; and lot size against queueing time (docs/semantics.md, "Set-ups")."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.errors import ScenarioError
from chainsim.kpis import measure
from chainsim.plan.compile import compile_plan
from chainsim.plan.ground import ground_of
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import Record
from chainsim.scenario.load import load_text
from tests.fastest import ENGINE

from .stage import log_of, point, stage
from .test_windows import kpi

PLANT = """
products: {a: {}, b: {}}
sites: {plant: {kind: plant, production: {lead_time: 0, machines: MACHINES, unit_time: 1, SETUP}}}
demand:
  - {site: plant, product: a, quantity: 2, every: 100}
  - {site: plant, product: b, quantity: 2, every: 100, offset: 1}
  - {site: plant, product: b, quantity: 1, every: 100, offset: 2, name: more}
policies: {only: {type: base_stock, order_up_to_level: 0}}
"""


def plant(setup: str, machines: int = 1, horizon: float = 30) -> tuple[Plan, Record]:
    """Orders of 2 a at 0, 2 b at 1, 1 b at 2; a unit takes 1."""
    plan, record = stage(PLANT.replace("MACHINES", str(machines)).replace("SETUP", setup), horizon=horizon)
    assert violations(record, plan) == []
    return plan, record


def received(plan: Plan, record: Record, product: str) -> list[float]:
    """When units came."""
    p = point(plan, "plant", product)
    return [line.tick / plan.clock.ticks_per_unit for line in log_of(record, "receive") if line.point == p]


def test_each_order_has_its_own_set_up() -> None:
    """A set-up of 3 before each lot: a at 4, 5; b at 9, 10; the second order of b from 10, at 14."""
    plan, record = plant("setup_time: 3")
    assert received(plan, record, "a") == [4, 5]
    assert received(plan, record, "b") == [9, 10, 14]
    assert record.closing["lanes"]["setups"].tolist() == [1, 2]
    assert record.closing["resources"]["working_time"][0] == 14e9
    assert kpi(plan, record, "setup_share") == pytest.approx(9 / 30)
    assert kpi(plan, record, "utilisation") == pytest.approx(14 / 30)


def test_only_a_change_of_product_has_one() -> None:
    """The second order of b follows the first: no set-up, at 11."""
    plan, record = plant("setup_time: 3, setup_for: product")
    assert received(plan, record, "a") == [4, 5]
    assert received(plan, record, "b") == [9, 10, 11]
    assert record.closing["lanes"]["setups"].tolist() == [1, 1]


def test_each_machine_that_takes_part_is_set_up() -> None:
    """On two machines both units of a at 4, both of b at 8, one more b at 12 on one machine: five set-ups."""
    plan, record = plant("setup_time: 3", machines=2)
    assert received(plan, record, "a") == [4, 4]
    assert received(plan, record, "b") == [8, 8, 12]
    assert record.closing["lanes"]["setups"].tolist() == [2, 3]


def test_a_machine_that_rested_is_ready_for_the_same_product() -> None:
    """Of two machines that made b until 8 one makes the next b until 9; a comes again at 100 and needs both."""
    plan, record = plant("setup_time: 3, setup_for: product", machines=2, horizon=150)
    assert received(plan, record, "b")[:3] == [8, 8, 9]
    assert received(plan, record, "a") == [4, 4, 104, 104]
    assert record.closing["lanes"]["setups"].tolist() == [4, 4]


def test_a_machine_at_work_for_an_earlier_order_is_not_ready_for_the_next() -> None:
    """Two machines: one a until 4. Of three b ordered at 1 the other machine makes the first until 5, and the third, ready as it is,
    until 6; the machine that made a is set up at 4 for the second, until 8."""
    body = PLANT.replace("MACHINES", "2").replace("SETUP", "setup_time: 3")
    body = body.replace("a, quantity: 2", "a, quantity: 1").replace("b, quantity: 2", "b, quantity: 3")
    plan, record = stage(
        body.replace("  - {site: plant, product: b, quantity: 1, every: 100, offset: 2, name: more}\n", "")
    )
    assert received(plan, record, "a") == [4]
    assert received(plan, record, "b") == [5, 6, 8]
    assert record.closing["lanes"]["setups"].tolist() == [1, 2]


def test_set_ups_cost_money() -> None:
    """Three set-ups at 40 in 30 of a year of 30."""
    plan, record = plant("setup_time: 3, setup_cost: 40")
    year = plan.clock.units_per_year / 30
    assert kpi(plan, record, "setup_cost") == pytest.approx(3 * 40 * year)
    assert kpi(plan, record, "setups_per_year") == pytest.approx(3 * year)
    assert kpi(plan, record, "total_cost") == pytest.approx(3 * 40 * year + kpi(plan, record, "carrying_cost"))
    free, again = plant("setup_cost: 40")
    assert received(free, again, "b") == [3, 4, 5]
    assert kpi(free, again, "setup_cost") == pytest.approx(3 * 40 * year)


RATE = """
products: {p: {divisible: true}}
sites: {plant: {kind: plant, production: {lead_time: 0, rate: 4, setup_time: 2, setup_cost: 10}}}
stock: [{site: plant, initial: {on_hand: 4}}]
demand: [{site: plant, product: p, type: flow, rate: 1}]
DISRUPTIONS
costs: {holding_cost: 1}
policies: {only: {type: s_Q, reorder_point: 2, order_quantity: 12}}
"""


def flow(disruptions: str = "", horizon: float = 24) -> tuple[Plan, Record]:
    plan, record = stage(RATE.replace("DISRUPTIONS", disruptions), horizon=horizon)
    assert violations(record, plan) == []
    return plan, record


def test_a_lot_at_a_rate_begins_when_its_set_up_ends() -> None:
    """From 4 at 1 per period to 2 at time 2: ordered, set up until 4, when the shelf is empty; 12 at 4 per period until 7, then 9.
    Every cycle of 12 is the same: two lots by time 24, the second from 16 to 19."""
    plan, record = flow()
    assert [round(x.tick / plan.clock.ticks_per_unit, 6) for x in log_of(record, "receive")] == [7, 19]
    assert kpi(plan, record, "setups_per_year") / plan.clock.units_per_year * 24 == pytest.approx(2)
    # 4 → 0 in 4; two cycles 0 → 9 in 3 → 0 in 9, the last of which ends at 28: 4 short of it at 24
    area = 4 * 4 / 2 + 2 * (9 * 12 / 2) - 4 * 4 / 2
    assert kpi(plan, record, "on_hand_mean") == pytest.approx(area / 24, rel=1e-8)
    assert kpi(plan, record, "utilisation") == pytest.approx((3 + 2 + 3 + 2) / 24, rel=1e-8)
    assert kpi(plan, record, "fill_rate") == pytest.approx(1.0, abs=1e-8)


def test_a_set_up_goes_on_while_the_site_is_down_and_the_lot_waits() -> None:
    """Down from 3 to 5, with nobody served: the set-up ends at 4, the lot begins at 5 and ends at 8."""
    plan, record = flow("disruptions: [{type: outage, site: plant, start: 3, duration: 2}]", horizon=10)
    assert [round(x.tick / plan.clock.ticks_per_unit, 6) for x in log_of(record, "receive")] == [8]
    assert record.closing["resources"]["working_time"][0] == pytest.approx(5e9, rel=1e-8)


EPQ = """
chainsim: 1
title: Economic production quantity with set-ups
time: {unit: period, warm_up: 120, horizon: 1200, bucket: 120}
replications: 1
seed: 1
products: {p: {divisible: true}}
sites: {plant: {kind: plant, production: {lead_time: 0, rate: 4, setup_time: 2, setup_cost: 54}}}
demand: [{site: plant, product: p, type: flow, rate: 1}]
stock: [{site: plant, initial: {on_hand: 2}}]
costs: {holding_cost: 1}
policies: {lots: {type: s_Q, reorder_point: 2, order_quantity: 12}}
"""


def test_the_economic_production_quantity() -> None:
    """√(2KD ÷ h(1 − D/P)) = 12 for K = 54: costs √(2KDh(1 − D/P)) = 9 per period, as the set-up is covered by a reorder point of 2."""
    plan = compile_plan(load_text(EPQ, "case.yaml", None), "lots")
    record = simulate(plan, 0)
    assert kpi(plan, record, "total_cost") / plan.clock.units_per_year == pytest.approx(9.0, rel=1e-8)
    assert kpi(plan, record, "setup_cost") / plan.clock.units_per_year == pytest.approx(4.5, rel=1e-8)


BATCHES = """
chainsim: 1
title: Lot size and queueing time
time: {unit: period, warm_up: 400, horizon: 12000, bucket: 400}
seed: 3
products: {p: {}}
sites: {plant: {kind: plant, production: {lead_time: 0, machines: 1, unit_time: 0.5, setup_time: {dist: exponential, mean: 1.5}}}}
demand: [{site: plant, product: p, type: arrivals, rate: RATE, size: LOT}]
policies: {only: {type: base_stock, order_up_to_level: 0}}
"""


def sojourn(lot: int, units: float = 0.8) -> float:
    """Mean time from order to receipt of a unit: M/G/1 (Pollaczek–Khinchine), lots of Q at rate D/Q that take τ + Qp, τ exponential;
    the k-th unit of a lot is ready after τ + kp (U. S. Karmarkar 1987, Management Science 33(3))."""
    rate, p, tau = units / lot, 0.5, 1.5
    mean, square = tau + lot * p, 2 * tau * tau + 2 * tau * lot * p + (lot * p) ** 2
    return rate * square / (2 * (1 - rate * mean)) + tau + (lot + 1) / 2 * p


LOTS = (3, 4, 6, 12, 24)


def test_theory_has_a_best_lot() -> None:
    """Small lots wait for set-ups, large ones for themselves: W falls, then rises, and is convex."""
    waits = [sojourn(lot) for lot in LOTS]
    best = waits.index(min(waits))
    assert 0 < best < len(LOTS) - 1
    slopes = [(b - a) / (m - n) for a, b, n, m in zip(waits, waits[1:], LOTS, LOTS[1:], strict=False)]
    assert slopes == sorted(slopes)


@pytest.mark.parametrize("lot", LOTS)
def test_queueing_time_by_lot_size(lot: int) -> None:
    """With nothing on the shelf customers wait for exactly as long as production takes."""
    text = BATCHES.replace("RATE", str(0.8 / lot)).replace("LOT", str(lot))
    plan = compile_plan(load_text(text, "case.yaml", None), "only")
    measured = [measure(simulate(plan, r, engine=ENGINE), plan) for r in range(32)]
    # Little's law: units owed ÷ units per time
    waits = np.array([m.values[0, m.ids.index("backorders_mean")] for m in measured]) / 0.8
    error = waits.std(ddof=1) / sqrt(len(waits))
    assert error <= 0.05 * sojourn(lot), f"too wide to prove anything ({error:.3g})"
    assert abs(waits.mean() - sojourn(lot)) <= 4 * error


@pytest.mark.parametrize(
    ("production", "said"),
    [
        ("{lead_time: 1, setup_time: 1}", "a set-up is of machines"),
        ("{lead_time: 1, capacity: 5, setup_cost: 1}", "a set-up is of machines"),
        ("{lead_time: 1, machines: 1, unit_time: 1, setup_for: product}", "takes no time and costs nothing"),
    ],
)
def test_set_ups_that_make_no_sense_are_refused(production: str, said: str) -> None:
    text = f"products: {{a: {{}}}}\nsites: {{plant: {{kind: plant, production: {production}}}}}\n"
    text += "demand: [{site: plant, product: a, quantity: 2, every: 1}]\npolicies: {only: {type: base_stock, order_up_to_level: 0}}\n"
    with pytest.raises(ScenarioError, match=said):
        stage(text)


def test_what_levels_know_of_set_ups() -> None:
    """The mean set-up is in the lead time, its cost in that of a lot; and that it makes others wait is said not to be known."""
    text = (
        BATCHES.replace("RATE", "0.2")
        .replace("LOT", "2")
        .replace("unit_time: 0.5", "unit_time: 0.5, setup_cost: 5, order_cost: 3")
    )
    scenario = load_text(text, "case.yaml", None)
    fact = ground_of(scenario).facts_of(scenario.alternatives[0]).points[0]
    assert fact.lead_mean == pytest.approx(2.0)
    assert fact.order_cost == pytest.approx(8.0)
    assert {"capacity", "set-ups"} <= set(fact.unknown)
