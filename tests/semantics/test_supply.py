"""Production, capacity, machines, outages, echelon positions: cases of a few events."""

from __future__ import annotations

from pathlib import Path

from chainsim.kpis import measure
from chainsim.record.audit import audit, violations
from chainsim.rules.position import ECHELON

from .stage import demand_rows, log_of, point, series, stage, total


def plant(
    production: str, policy: str = "{type: base_stock, order_up_to_level: 0}", demand: str = "quantity: 12, every: 100"
) -> str:
    return f"""
    products: {{p: {{}}}}
    sites: {{plant: {{kind: plant, production: {{{production}}}}}}}
    demand: [{{site: plant, product: p, {demand}}}]
    policies: {{only: {policy}}}
    """


def test_unlimited_production_takes_its_lead_time() -> None:
    plan, record = stage(plant("lead_time: 3"))
    assert series(plan, record, "received", "plant")[3] == 12


def test_capacity_starts_so_many_units_per_period() -> None:
    """12 ordered at 0 with 5 per period and lead time 1: 5 at 1, 5 at 2, 2 at 3."""
    plan, record = stage(plant("lead_time: 1, capacity: 5"))
    assert series(plan, record, "received", "plant")[:5] == [0, 5, 5, 2, 0]


def test_capacity_not_used_is_gone(tmp_path: Path) -> None:
    """Nothing ordered for three periods does not make the fourth period bigger."""
    demand_rows(tmp_path, [0, 0, 0, 12, 0, 0, 0])
    plan, record = stage(
        plant("lead_time: 1, capacity: 5", demand="type: history, file: demand.csv"), horizon=7, folder=tmp_path
    )
    assert series(plan, record, "received", "plant") == [0, 0, 0, 0, 5, 5, 2]


def test_machines_make_one_unit_each() -> None:
    """4 units on 2 machines of 1.5 periods, then a lead time of 1: two units at 2.5, two at 4."""
    _plan, record = stage(plant("lead_time: 1, machines: 2, unit_time: 1.5", demand="quantity: 4, every: 100"))
    assert [(x.tick / 10**9, x.quantity) for x in log_of(record, "receive")] == [(2.5, 1), (2.5, 1), (4.0, 1), (4.0, 1)]
    assert record.closing["resources"]["working_time"][0] == 4 * 1.5e9


def test_nothing_leaves_a_site_that_is_down() -> None:
    """The store is down from 2 to 4: customers of 2 and 3 wait, and are served when it is up, before those of 4."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 1}]
        stock: [{site: store, initial: {on_hand: 100}}]
        demand: [{site: store, product: p, quantity: 5, every: 1}]
        disruptions: [{type: outage, site: store, start: 2, duration: 2}]
        policies: {only: {type: base_stock, order_up_to_level: 100}}
        """,
        horizon=6,
    )
    assert series(plan, record, "filled", "store") == [5, 5, 0, 0, 5, 5]
    assert series(plan, record, "backorders", "store") == [0, 0, 5, 10, 0, 0]
    assert series(plan, record, "received", "store") == [0, 5, 5, 5, 5, 5]  # receipts go on


def test_orders_wait_while_a_lane_is_down() -> None:
    """The lane is down from 1 to 4: orders of 1, 2, 3 leave together at 4; what was under way arrives."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 2}]
        stock: [{site: store, initial: {on_hand: 100}}]
        demand: [{site: store, product: p, quantity: 5, every: 1}]
        disruptions: [{type: outage, lane: {from: supplier, to: store}, start: 1, duration: 3}]
        policies: {only: {type: base_stock, order_up_to_level: 100}}
        """,
        horizon=8,
    )
    assert series(plan, record, "received", "store") == [0, 0, 5, 0, 0, 0, 20, 5]


def test_no_job_starts_at_a_plant_that_is_down() -> None:
    body = plant("lead_time: 1") + "disruptions: [{type: outage, site: plant, start: 0, duration: 3}]\n    "
    plan, record = stage(body)
    assert series(plan, record, "received", "plant")[:6] == [0, 0, 0, 0, 12, 0]


def test_repeated_outages_come_back() -> None:
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 1}]
        stock: [{site: store, initial: {on_hand: 100}}]
        demand: [{site: store, product: p, quantity: 5, every: 1, unmet: lost}]
        disruptions: [{type: outage, site: store, start: 1, duration: 1, every: 3}]
        policies: {only: {type: base_stock, order_up_to_level: 100}}
        """,
        horizon=8,
    )
    assert series(plan, record, "lost", "store") == [0, 5, 0, 0, 5, 0, 0, 5]


def test_a_surge_multiplies_demand_while_it_lasts() -> None:
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 1}]
        demand: [{site: store, product: p, quantity: 5, every: 1}]
        disruptions: [{type: surge, site: store, product: p, start: 2, duration: 3, factor: 2}]
        policies: {only: {type: base_stock, order_up_to_level: 100}}
        """,
        horizon=7,
    )
    assert series(plan, record, "demanded", "store") == [5, 5, 10, 10, 10, 5, 5]


def test_an_echelon_policy_decides_when_demand_lowers_its_echelon_position() -> None:
    """P-SIM-5: an upstream echelon policy decides at every customer, not only when an order reaches it.

    Both order in batches of Q. The store starts with its position at r + Q, the DC so that its echelon position stands 3
    above its r: the third customer makes the DC order, while the store has ordered nothing yet.
    """
    body = """
        products: {p: {unit_cost: 10}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
        lanes:
          - {from: supplier, to: dc, lead_time: 9, order_cost: 20}
          - {from: dc, to: store, lead_time: 1, order_cost: 20}
        stock: [{site: dc, initial: {on_hand: DC}}, {site: store, initial: {on_hand: STORE}}]
        demand: [{site: store, product: p, type: arrivals, gap: 1}]
        costs: {carrying_rate: 0.05}
        policies: {only: {type: multi_echelon, method: echelon_base_stock, service_level: 0.99}}
        """
    plan, _ = stage(body.replace("DC", "0").replace("STORE", "0"), horizon=6)
    dc, store = point(plan, "dc"), point(plan, "store")
    (low, lot), (shop_low, shop_lot) = plan.parameters[dc], plan.parameters[store]
    assert plan.points[dc]["watch"] == plan.points[store]["watch"] == ECHELON
    assert shop_lot > 5
    shop_stock = shop_low + shop_lot
    plan, record = stage(body.replace("DC", f"{low + 3 - shop_stock:g}").replace("STORE", f"{shop_stock:g}"), horizon=6)
    assert total(plan, record, "orders", "store") == 0
    assert series(plan, record, "ordered", "dc") == [0, 0, 0, lot, 0, 0]  # customers come at 1, 2, 3 …
    last, shop = record.closing["points"][dc], record.closing["points"][store]
    assert last["echelon_position"] == low + 3 - 5 + lot == last["on_hand"] + last["on_order"] + shop["on_hand"]


def test_jit_line_at_level_demand_holds_no_stock() -> None:
    """P-JIT-1: lead times 2, 3, 1 at 10 a day: nothing on hand at the end of any day, pipeline = rate × lead time."""
    due = lambda site, source, lead: (  # noqa: E731
        f"{{site: {site}, initial: {{on_hand: 0, shipments: ["
        + ", ".join(f"{{from: {source}, quantity: 10, due: {d}}}" for d in range(lead))
        + "]}}"
    )
    plan, record = stage(
        f"""
        products: {{p: {{}}}}
        sites: {{supplier: {{kind: supplier}}, c: {{kind: plant}}, b: {{kind: dc}}, a: {{kind: store}}}}
        lanes: [{{from: supplier, to: c, lead_time: 1}}, {{from: c, to: b, lead_time: 3}}, {{from: b, to: a, lead_time: 2}}]
        stock: [{due("a", "b", 2)}, {due("b", "c", 3)}, {due("c", "supplier", 1)}]
        demand: [{{site: a, product: p, quantity: 10}}]
        policies: {{only: {{type: jit, review_interval: 1}}}}
        """,
        horizon=200,
    )
    assert total(plan, record, "filled", "a") == 2000
    for site, pipeline in (("a", 20), ("b", 30), ("c", 10)):
        assert set(series(plan, record, "on_hand", site)) == {0.0}
        assert set(series(plan, record, "in_transit", site)) == {float(pipeline)}


def test_what_a_machine_has_in_work_is_in_process() -> None:
    """Two units are in process from 0 to 2.5 and two from 1.5 to 4, the lead time of 1 included: 10 unit-periods."""
    plan, record = stage(
        plant("lead_time: 1, machines: 2, unit_time: 1.5", demand="quantity: 4, every: 100"), horizon=5
    )
    assert series(plan, record, "in_transit", "plant") == [2, 4, 2, 2, 0]
    lane = record.closing["lanes"][0]
    assert lane["in_transit_time"] == lane["lead_ticks"] == 10e9
    assert audit(record, plan).in_transit == 1.0
    found = measure(record, plan, "network")
    assert found.values[0, found.ids.index("in_transit_mean")] == 10 / 5
    assert violations(record, plan) == []


def test_work_that_a_machine_begins_and_the_audit_does_not_see_is_a_violation() -> None:
    plan, record = stage(
        plant("lead_time: 1, machines: 2, unit_time: 1.5", demand="quantity: 4, every: 100"), horizon=5
    )
    record.closing["lanes"]["in_transit_time"][0] -= 6e9  # the machines' time, as if work in process were nowhere
    assert [v.law for v in violations(record, plan)] == ["time in transit"]
