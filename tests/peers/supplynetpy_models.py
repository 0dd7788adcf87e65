"""Run by SupplyNetPy's own interpreter: the deterministic models it publishes, as JSON on standard output."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

import simpy
import SupplyNetPy.Components as scm

POLICIES = {"RQ": scm.RQReplenishment, "SS": scm.SSReplenishment, "periodic": scm.PeriodicReplenishment}
# name → (policy, its parameters, stock at the start, time between customers, units each, lead time, horizon)
MODELS: dict[str, tuple[str, dict[str, float], float, float, float, float, float]] = {
    "lots": ("RQ", {"R": 500, "Q": 300}, 500, 1, 300, 2, 31),
    "exercise_1": ("RQ", {"R": 500, "Q": 500}, 1000, 2, 120, 2, 59),
    "standing_orders": ("periodic", {"T": 1, "Q": 3}, 5, 0.3, 1, 2, 10),
    "min_max": ("SS", {"s": 500, "S": 1000}, 1000, 1, 60, 1, 31),
    "large_lots": ("RQ", {"R": 1000, "Q": 500}, 1500, 2, 140, 1, 31),
    "drifting_clock": ("SS", {"s": 400, "S": 800}, 420, 0.3, 40, 0.5, 60),
}


def totals(
    policy: str, parameters: dict[str, float], start: float, gap: float, size: float, lead: float, end: float
) -> Any:
    """One supplier without limit, one distributor, one demand whose orders are filled whole or lost."""
    env = simpy.Environment()
    supplier = scm.Supplier(env=env, ID="S1", name="supplier", node_type="infinite_supplier", logging=False)
    shop = scm.InventoryNode(
        env=env,
        ID="D1",
        name="shop",
        node_type="distributor",
        capacity=float("inf"),
        initial_level=start,
        inventory_holding_cost=1.0,
        replenishment_policy=POLICIES[policy],
        policy_param=parameters,
        product_sell_price=100,
        product_buy_price=90,
        logging=False,
    )
    link = scm.Link(env=env, ID="L1", source=supplier, sink=shop, cost=10, lead_time=lambda: lead)
    demand = scm.Demand(
        env=env,
        ID="d1",
        name="customers",
        order_arrival_model=lambda: gap,
        order_quantity_model=lambda: size,
        demand_node=shop,
        lead_time=lambda: 0,
        logging=False,
    )
    net = scm.create_sc_net(env=env, nodes=[supplier, shop], links=[link], demands=[demand])
    scm.simulate_sc_net(net, sim_time=end, logging=False)
    shop_says, customers_say = shop.stats.get_statistics(), demand.stats.get_statistics()
    return {
        "demanded": customers_say["demand_placed"][1],
        "lost": shop_says["lost_sales"][1],
        "ordered": shop_says["demand_placed"][1],
        "received": shop_says["fulfillment_received"][1],
        "on_hand": shop_says["inventory_level"],
        "on_hand_time": shop_says["inventory_level_time"],
    }


if __name__ == "__main__":
    print(json.dumps({"version": version("supplynetpy"), "totals": {k: totals(*m) for k, m in MODELS.items()}}))
