"""The beer game's published run (P-BEER-1, 2): deterministic, so to the last case of beer.

Sterman (1989), Management Science 35:321-339: with everything seen and closed at once, S' = 28, 28, 28, 20 and the first
four orders at 4, the game costs 204. (The same board as scenarios/beer_game.yaml.)
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text

from .stage import point, series

STAGES = ("retailer", "wholesaler", "distributor", "factory")


def board(policies: str) -> str:
    lanes, stock = [], []
    for below, above in pairwise(STAGES):
        lanes.append(f"  - {{from: {above}, to: {below}, order_lag: 2, lead_time: 2}}")
        boxes = ", ".join(f"{{from: {above}, quantity: 4, due: {due}}}" for due in (0, 1))
        stock.append(f"  - {{site: {below}, initial: {{on_hand: 12, shipments: [{boxes}], orders: [{boxes}]}}}}")
    brewing = ", ".join(f"{{from: factory, quantity: 4, due: {due}}}" for due in (0, 1, 2))
    stock.append(f"  - {{site: factory, initial: {{on_hand: 12, shipments: [{brewing}]}}}}")
    sites = "\n".join(f"  {site}: {{kind: {site}}}" for site in STAGES[:-1])
    return "\n".join(
        [
            "chainsim: 1",
            "title: Beer game",
            "time: {unit: week, horizon: 36, bucket: 1}",
            "seed: 1",
            "products: {beer: {}}",
            "sites:",
            sites,
            "  factory: {kind: factory, production: {lead_time: 3}}",
            "lanes:",
            *lanes,
            "stock:",
            *stock,
            "demand:",
            "  - {site: retailer, product: beer, quantity: 4, step: {at: 4, factor: 2}}",
            "policies:",
            policies,
        ]
    )


STERMAN = "type: sterman, review_interval: 1, adjustment: 1, supply_line: 1, smoothing: 0, expected: 4, hold: 4"
ANCHORED = f"""  only:
    {{{STERMAN}, desired_stock: 28, rules: [{{site: factory, {STERMAN}, desired_stock: 20}}]}}"""
PASS_ON = """  only:
    {type: base_stock, order_up_to_level: 28, review_interval: 1,
     rules: [{site: factory, type: base_stock, order_up_to_level: 24, review_interval: 1}]}"""


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        (
            ANCHORED,
            {
                "cost": [46.0, 50.0, 54.0, 54.0],
                "peak order": [12.0, 12.0, 12.0, 12.0],
                "backlog": [4.0, 4.0, 4.0, 4.0],
                "final": [0.0, 0.0, 0.0, 0.0],
                "variance": [2.11111111111, 2.46913580247, 2.8024691358, 3.3950617284],
            },
        ),
        (
            PASS_ON,
            {
                "cost": [330.0, 242.0, 154.0, 66.0],
                "peak order": [8.0, 8.0, 8.0, 8.0],
                "backlog": [12.0, 8.0, 4.0, 0.0],
                "final": [-12.0, -8.0, -4.0, 0.0],
                "variance": [1.58024691358, 2.22222222222, 2.76543209877, 3.20987654321],
            },
        ),
    ],
    ids=["P-BEER-1 Sterman's benchmark: 204", "P-BEER-2 pass the order on: 792"],
)
def test_the_beer_game(policies: str, expected: dict[str, list[float]]) -> None:
    """0.50 a week for a case on hand, 1.00 for one owed, to the customer or to the team below; weeks 1 … 36."""
    plan = compile_plan(load_text(board(policies), "case.yaml", None), "only")
    record = simulate(plan, 0)
    seen: dict[str, list[Any]] = {name: [] for name in expected}
    for site in STAGES:
        row = record.closing["points"][point(plan, site, "beer")]
        orders = series(plan, record, "ordered", site, "beer")
        on_hand, owed = series(plan, record, "on_hand", site, "beer"), series(plan, record, "backorders", site, "beer")
        seen["cost"].append((0.5 * row["on_hand_time"] + row["backorder_time"]) / plan.clock.ticks_per_unit)
        seen["peak order"].append(max(orders))
        seen["backlog"].append(max(owed))
        seen["final"].append(on_hand[-1] - owed[-1])
        seen["variance"].append(np.var(orders))
    for name, values in expected.items():
        assert seen[name] == pytest.approx(values, rel=1e-9), name
