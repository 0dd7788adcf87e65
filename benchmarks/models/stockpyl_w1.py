"""W1-D and W2-D with stockpyl, which simulates in whole periods and so has no W1-C.

What remains different: its lead times are deterministic (7 and 2 days, the means), so its fill rate is higher; its
(r, Q) policy orders one Q at a time; stock is counted at the end of the day. It keeps every state of every period, from
which the measures are taken, and has no warm-up. Its progress bar and its consistency checks are off, which is how it
is quickest.
"""

from __future__ import annotations

from importlib.metadata import version
from statistics import variance
from typing import Any

import workload as w
from measure import report
from stockpyl.sim import simulation
from stockpyl.supply_chain_network import network_from_edges
from workload import Workload


def build(workload: Workload, seed: int) -> tuple[Any, int]:
    """The network: DCs have the lowest numbers, their stores follow."""
    if not workload.daily:
        raise SystemExit("stockpyl simulates in whole periods: it has no continuous demand")
    dcs = range(workload.dcs)
    stores = range(workload.dcs, workload.dcs + workload.stores)
    edges = [(k // workload.stores_per_dc, store) for k, store in enumerate(stores)]
    network = network_from_edges(
        edges=edges,
        demand_type=dict.fromkeys(dcs) | dict.fromkeys(stores, "P"),
        mean=dict.fromkeys(dcs) | dict.fromkeys(stores, w.DAILY_MEAN),
        policy_type="rQ",
        reorder_point=dict.fromkeys(dcs, workload.dc_s) | dict.fromkeys(stores, w.STORE_S),
        order_quantity=dict.fromkeys(dcs, workload.dc_q) | dict.fromkeys(stores, w.STORE_Q),
        initial_inventory_level=dict.fromkeys(dcs, workload.dc_s + workload.dc_q)
        | dict.fromkeys(stores, w.STORE_S + w.STORE_Q),
        shipment_lead_time=dict.fromkeys(dcs, int(w.DC_LEAD_TIME)) | dict.fromkeys(stores, int(w.STORE_LEAD_TIME)),
    )
    return network, seed


def run(model: tuple[Any, int]) -> dict[str, float | None]:
    network, seed = model
    periods, warm_up = int(w.STOPS), int(w.WARM_UP)
    simulation(network, periods, rand_seed=seed, progress_bar=False, consistency_checks="N")
    dcs = [n for n in network.nodes if not n.predecessors()]
    stores = [n for n in network.nodes if n.predecessors()]
    window = range(warm_up, periods)

    def grown(name: str) -> float:
        return sum(
            getattr(n.state_vars[periods - 1], name)() - getattr(n.state_vars[warm_up - 1], name)() for n in stores
        )

    def orders(nodes: list[Any]) -> int:
        return sum(1 for n in nodes for t in window if n.state_vars[t].get_order_quantity() > 0)

    on_hand = sum(max(n.state_vars[t].get_inventory_level(), 0) for n in stores for t in window)
    week = int(w.BUCKET)
    weeks = [range(t, t + week) for t in range(warm_up, periods - week + 1, week)]
    ordered = [sum(n.state_vars[t].get_order_quantity() for n in dcs for t in days) for days in weeks]
    sold = [sum(n.state_vars[t].get_inbound_order() for n in stores for t in days) for days in weeks]
    return {
        "fill_rate": grown("get_demand_met_from_stock_cumul") / grown("get_demand_cumul"),
        "on_hand": on_hand / len(stores) / len(window),
        "store_orders": orders(stores),
        "dc_orders": orders(dcs),
        "order_variance_ratio": variance(ordered) / variance(sold),
    }


if __name__ == "__main__":
    report(build, run, *((name, version(name)) for name in ("stockpyl", "numpy", "scipy")))
