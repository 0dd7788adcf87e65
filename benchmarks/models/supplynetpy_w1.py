"""W1 and W2 with SupplyNetPy, whose model is the nearest to ours.

Written the way its documentation writes models: a function that draws one number at each call, and `logging=False` when
it is simulated. `supplynetpy_tuned.py` is the same model made as quick as we could without touching the library.

What remains different: its (R, Q) policy orders one Q at a time, and among customers who wait the order of service is
not promised. Its fill rate is by whole orders; the unit fill rate below is taken from its own count of units short when
they were asked for. It keeps no weekly series, so there is no order variance ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
import SupplyNetPy.Components as scm
import workload as w
from measure import report
from numpy.random import default_rng
from workload import Workload

VERSIONS = [(name, version(name)) for name in ("supplynetpy", "simpy", "numpy")]
BLOCK = 1024
Draw = Callable[[], Any]


def build(workload: Workload, seed: int, tuned: bool = False) -> dict[str, Any]:
    """The network, in the library's own dictionaries. tuned: draws come in blocks, the logs of the nodes are off."""
    to_dc, to_store, gap, size = in_blocks(workload, seed) if tuned else one_by_one(workload, seed)
    quiet = {"logging": False} if tuned else {}

    def stock_point(name: str, kind: str, s: int, q: int) -> dict[str, Any]:
        return quiet | {
            "ID": name,
            "name": name,
            "node_type": kind,
            "capacity": float("inf"),
            "initial_level": s + q,
            "inventory_holding_cost": 0.0,
            "product_sell_price": 0.0,
            "product_buy_price": 0.0,
            "replenishment_policy": scm.RQReplenishment,
            "policy_param": {"R": s, "Q": q},
        }

    nodes = [quiet | {"ID": "plant", "name": "plant", "node_type": "infinite_supplier"}]
    links, demands = [], []
    for d in range(workload.dcs):
        dc = f"dc{d}"
        nodes.append(stock_point(dc, "warehouse", workload.dc_s, workload.dc_q))
        links.append({"ID": f"to {dc}", "source": "plant", "sink": dc, "cost": 0.0, "lead_time": to_dc})
        for k in range(workload.stores_per_dc):
            store = f"store{d}_{k}"
            nodes.append(stock_point(store, "store", w.STORE_S, w.STORE_Q))
            links.append({"ID": f"to {store}", "source": dc, "sink": store, "cost": 0.0, "lead_time": to_store})
            demands.append(
                quiet
                | {
                    "ID": f"customers of {store}",
                    "name": f"customers of {store}",
                    "order_arrival_model": gap,
                    "order_quantity_model": size,
                    "demand_node": store,
                    "tolerance": float("inf"),
                    "order_min_split_ratio": 1e-9,  # customers take what there is; 0 itself is refused
                }
            )
    return scm.create_sc_net(nodes=nodes, links=links, demands=demands)


def one_by_one(workload: Workload, seed: int) -> tuple[Draw, Draw, Draw, Draw]:
    """Lead time to a DC and to a store, time between customers, units of a customer."""
    rng = default_rng(seed)
    shape = w.LEAD_TIME_CV**-2
    low, high = w.CUSTOMER_SIZES
    to_dc = lambda: rng.gamma(shape, w.DC_LEAD_TIME / shape)  # noqa: E731
    to_store = lambda: rng.gamma(shape, w.STORE_LEAD_TIME / shape)  # noqa: E731
    if workload.daily:  # a demand of 0 is refused; Poisson(20) has one in 5e8
        return to_dc, to_store, lambda: 1, lambda: max(rng.poisson(w.DAILY_MEAN), 1)
    return to_dc, to_store, lambda: rng.exponential(w.CUSTOMER_GAP), lambda: rng.integers(low, high, endpoint=True)


def in_blocks(workload: Workload, seed: int) -> tuple[Draw, Draw, Draw, Draw]:
    """As `one_by_one`, as plain Python numbers out of NumPy blocks."""
    rng = default_rng(seed)
    shape = w.LEAD_TIME_CV**-2
    low, high = w.CUSTOMER_SIZES
    to_dc = block_draw(lambda: rng.gamma(shape, w.DC_LEAD_TIME / shape, BLOCK))
    to_store = block_draw(lambda: rng.gamma(shape, w.STORE_LEAD_TIME / shape, BLOCK))
    if workload.daily:
        return to_dc, to_store, lambda: 1, block_draw(lambda: np.maximum(rng.poisson(w.DAILY_MEAN, BLOCK), 1))
    gap = block_draw(lambda: rng.exponential(w.CUSTOMER_GAP, BLOCK))
    return to_dc, to_store, gap, block_draw(lambda: rng.integers(low, high, BLOCK, endpoint=True))


def block_draw(draw: Callable[[], np.ndarray[Any, Any]]) -> Draw:
    def values() -> Iterator[Any]:
        while True:
            yield from draw().tolist()

    return values().__next__


def run(network: dict[str, Any]) -> dict[str, float | None]:
    scm.simulate_sc_net(network, sim_time=w.WARM_UP, logging=False)
    scm.reset_stats(network)
    scm.simulate_sc_net(network, sim_time=w.STOPS, logging=False)
    stores = [n.stats for n in network["nodes"].values() if n.node_type == "store"]
    dcs = [n.stats for n in network["nodes"].values() if n.node_type == "warehouse"]
    demanded = sum(s.demand_received[1] for s in stores)
    return {
        "fill_rate": float(1.0 - sum(s.shortage[1] for s in stores) / demanded),
        "on_hand": float(sum(s.avg_inventory_level for s in stores) / len(stores)),
        "store_orders": sum(s.demand_placed[0] for s in stores),
        "dc_orders": sum(s.demand_placed[0] for s in dcs),
    }


if __name__ == "__main__":
    report(build, run, *VERSIONS)
