"""How long a stress test of a hundred sites takes: every site and lane out for 30 days, ten replications, one policy, with
the cheapest buffers.

    python benchmarks/stress.py

Prints CPU seconds and wall seconds; the goal is 60 s of wall clock on two free cores.
"""

from __future__ import annotations

import time

import chainsim

STORES, DCS = 90, 8
HEAD = """
chainsim: 1
title: A hundred sites
time: {unit: day, warm_up: 60, horizon: 365}
replications: 10
products: {tea: {unit_cost: 10, unit_price: 18}}
sites: {supplier: {kind: supplier}, plant: {kind: plant}, dc: {kind: dc, copies: 8}, store: {kind: store, copies: 90}}
demand: [{site: {kind: store}, product: tea, quantity: {dist: poisson, mean: 8}, unmet: lost}]
costs: {currency: EUR, carrying_rate: 25% per year, lost_sale: margin}
targets: {fill_rate: 0.96}
policies: {s_Q: {type: s_Q}}
lanes:
  - {from: supplier, to: plant, lead_time: {dist: gamma, mean: 5, cv: 0.3}, order_cost: 300}
  - {from: plant, to: dc, lead_time: {dist: gamma, mean: 4, cv: 0.3}, order_cost: 100}
"""


def network() -> str:
    """The scenario: a supplier, a plant, eight DCs and ninety stores, 99 lanes."""
    stores = (f"  - {{from: dc-{k % DCS + 1}, to: store-{k + 1}, lead_time: 2, order_cost: 15}}" for k in range(STORES))
    return HEAD + "\n".join(stores) + "\n"


def main() -> None:
    """Once with places out only, once with the buffers against them."""
    study = chainsim.load_text(network())
    study.stress(only="nodes", replications=1, buffers=False)  # compiled now, if not before
    for buffers in (False, True):
        wall, work = time.perf_counter(), time.process_time()
        found = study.stress(only=["nodes", "lanes"], buffers=buffers)
        print(
            f"{len(found.nodes)} places, buffers {'looked for' if buffers else 'not looked for'}: "
            f"{time.process_time() - work:.1f} s CPU, {time.perf_counter() - wall:.1f} s wall"
        )


if __name__ == "__main__":
    main()
