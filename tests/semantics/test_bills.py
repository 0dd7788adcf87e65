"""Production that consumes components: every number of a hand-worked trace, and the rules of release one by one.

The trace: f is made of two a and one b, in one period, of what lies at the plant. Levels 3 / 6 / 2 and as much on hand; a and b
come after 2 and 3 periods. Demand 2, 0, 3, 1, 0, 0, 4. What is released when is worked out below, instant by instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.kpis import KPIS, Scope, measure
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit
from chainsim.record.record import EVENT_KINDS, Record
from chainsim.record.recount import recount
from chainsim.scenario.load import load_text

ENGINES = ("simpy", "compiled")
LINE = """\
chainsim: 1
title: Two components
time: {unit: day, horizon: 16, bucket: day}
replications: 1
products:
  a: {unit_cost: 2}
  b: {unit_cost: 3}
  f: {unit_cost: 10, made_of: {a: 2, b: 1}}
sites:
  maker: {kind: supplier}
  plant: {kind: plant, production: {lead_time: 1}}
lanes:
  - {from: maker, to: plant, products: a, lead_time: 2}
  - {from: maker, to: plant, products: b, lead_time: 3}
demand:
  - {site: plant, product: f, type: history, file: demand.csv, every: 1}
costs: {carrying_rate: 100% per day}
policies:
  base:
    type: base_stock
    order_up_to_level: 3
    rules:
      - {product: a, type: base_stock, order_up_to_level: 6}
      - {product: b, type: base_stock, order_up_to_level: 2}
"""
DEMANDED = (2, 0, 3, 1, 0, 0, 4, *[0] * 9)

NETWORK = Scope("network", "", "")

RELEASED = [
    # day, units of f: components on hand before
    (0, 2.0),  # a 6, b 2: the whole job
    (3, 2.0),  # 3 are wanted since day 2, b had run out; 2 b come
    (5, 1.0),  # 3 b come: the rest of that job …
    (5, 1.0),  # … and the next, placed on day 3
    (6, 2.0),  # 4 are wanted, b 2
    (9, 2.0),  # 4 b come
]


def plan_of(tmp_path: Path, text: str = LINE, demanded: Sequence[float] = DEMANDED, *changes: tuple[str, str]) -> Plan:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (tmp_path / "demand.csv").write_text("period,f\n" + "".join(f"{k + 1},{x}\n" for k, x in enumerate(demanded)))
    return compile_plan(load_text(text, "line.yaml", tmp_path), "base")


def place(plan: Plan, product: str, site: str = "plant") -> int:
    layout = plan.layout
    names = [(layout.sites[s], layout.products[p]) for s, p in zip(layout.site, layout.product, strict=True)]
    return names.index((site, product))


def released(plan: Plan, record: Record) -> list[tuple[float, float]]:
    """(day, units) of every release of f, told by its b."""
    b, kind = place(plan, "b"), EVENT_KINDS.index("consume")
    return [
        (line.tick / plan.clock.ticks_per_unit, line.quantity)
        for line in record.log or ()
        if line.point == b and line.kind == kind
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_hand_worked_trace(tmp_path: Path, engine: str) -> None:
    plan = plan_of(tmp_path)
    record = simulate(plan, 0, engine=engine, log=True)
    assert released(plan, record) == RELEASED
    day = plan.clock.ticks_per_unit
    points = record.closing["points"]
    by_product = {name: points[place(plan, name)] for name in "abf"}
    assert {name: row["on_hand_time"] / day for name, row in by_product.items()} == {"f": 27.0, "a": 82.0, "b": 15.0}
    assert {name: row["consumed"] for name, row in by_product.items()} == {"f": 0.0, "a": 20.0, "b": 10.0}
    # b is owed 3 and then 2 more than there are: 3 on day 2, 1 and 1 until day 5, 2 from day 6 to 9; a 2 of day 3 to 4
    assert by_product["b"]["short_time"] / day == 3.0 + 2 * 2.0 + 3 * 2.0
    assert by_product["a"]["short_time"] / day == 1 * 2.0 + 2 * 2.0
    f = by_product["f"]
    assert (f["demanded"], f["filled"], f["backfilled"]) == (10.0, 8.0, 2.0)
    [jobs] = record.closing["assemblies"]
    assert (jobs["waiting_time"] / day, jobs["at_plant_time"], jobs["released"]) == (13.0, 0.0, 10.0)
    [made] = np.flatnonzero(plan.lanes["origin"] < 0)
    assert record.closing["lanes"]["in_transit_time"][made] / day == 10.0
    audit(record, plan)
    assert recount(record, plan).cost == pytest.approx(16402.1875, rel=1e-12)
    silent = simulate(plan, 0, engine=engine)
    for table in record.closing:
        assert silent.closing[table].tobytes() == record.closing[table].tobytes()


def test_measures_of_the_trace(tmp_path: Path) -> None:
    """On hand 27 x 10 + 82 x 2 + 15 x 3; on the way 40 a and 30 b unit-days; 10 unit-days of work at 2 x 2 + 3: 719 over 16 days."""
    plan = plan_of(tmp_path)
    record = simulate(plan, 0)
    found = measure(record, plan)

    def at(kpi: str, scope: Scope = NETWORK) -> float:
        return float(found.values[found.scopes.index(scope), found.ids.index(kpi)])

    assert at("carrying_cost") == pytest.approx(365 * (270 + 164 + 45 + 80 + 90 + 70) / 16) == pytest.approx(16402.1875)
    assert at("work_in_process") == 10 / 16
    assert at("waiting_for_components") == 13 / 16
    assert at("raw_value_mean") == (164 + 45) / 16
    assert at("parts_value_mean") == 0.0
    assert at("work_value_mean") == 70 / 16
    assert at("finished_value_mean") == 270 / 16
    b = Scope("stock_point", "plant", "b")
    assert at("component_shortage", b) == 13 / 16
    assert set(KPIS.names()) >= {"component_shortage"}
