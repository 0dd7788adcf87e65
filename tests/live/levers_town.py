"""A small scenario that has all that levers move, and settings of its levers as a reader makes them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from chainsim.live.panel import Panel

TOWN = """\
chainsim: 1
title: A town
time: {unit: day, warm_up: 20, horizon: 120, bucket: week}
replications: 3
seed: 5
products: {tea: {unit_cost: 4, unit_price: 9}}
sites: {farm: {kind: supplier}, dc: {kind: dc}, shop: {kind: store, copies: 2}}
lanes:
  - {from: farm, to: dc, lead_time: {dist: gamma, mean: 4, cv: 0.3}, order_cost: 30}
  - {from: dc, to: shop, lead_time: 1, order_cost: 2}
demand:
  - {site: shop, product: tea, quantity: {dist: negative_binomial, mean: 8, sd: 5}, unmet: lost}
costs: {currency: EUR, carrying_rate: 30% per year, lost_sale: 5}
targets: {fill_rate: 0.95}
policies:
  daily: {type: base_stock, fill_rate: 0.95, review_interval: 1 day}
  lots: {type: s_Q, service_level: 0.9}
  chain: {type: base_stock, watch: echelon, order_up_to_level: 90, rules: [{kind: store, type: base_stock, order_up_to_level: 30}]}
"""


def block(panel: Panel, id: str) -> str:
    return next(text for name, _, text in panel.data if name == id)


def told(panel: Panel) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(block(panel, "live-levers"))
    return data


def settings(
    data: dict[str, Any], world: str, count: int, seed: str = ""
) -> Iterator[tuple[dict[str, int], list[str]]]:
    """Random settings of up to three levers that may be moved together: where each packed lever stands, and the command."""
    draw = random.Random(f"{seed} {world}")
    pairs = {frozenset(pair) for pair in data["exclusive"][world]}
    for _ in range(count):
        positions: dict[str, int] = {}
        moved: list[dict[str, Any]] = []
        parts: list[str] = []
        for lever in draw.sample(data["levers"], len(data["levers"])):
            shows = lever["worlds"].get(world) or (lever["worlds"]["held"] if lever["group"] == "policies" else None)
            if shows is None or len(moved) == 3 or any(frozenset((lever["id"], m["id"])) in pairs for m in moved):
                continue
            places = [k for k, at in enumerate(shows["at"]) if at >= 0 and k != lever["base"]]
            if places:
                k = draw.choice(places)
                positions[shows["id"]] = shows["at"][k]
                parts += lever["spots"][k]["set"]
                moved.append(lever)
        of_the_world = any(lever["group"] != "policies" for lever in moved)
        hold = ["--hold"] if world == "held" and of_the_world and not data["held"] else []
        yield positions, [data["command"], *parts, *hold]
