"""The end customers of a Plan: one row per stream of demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainsim.chance.book import StreamBook
from chainsim.demand.base import DemandContext, DemandFacts
from chainsim.demand.tables import CUSTOMER
from chainsim.ordering import natural
from chainsim.plan.network import Network
from chainsim.plan.plan import Array, Clock
from chainsim.rules.customer import UNMET
from chainsim.scenario.levels import level_of
from chainsim.scenario.model import Scenario


@dataclass(frozen=True)
class Crowd:
    """Rows of the CUSTOMER table with what they refer to, and the facts of demand by stock point."""

    rows: Array
    partners: Array
    values: Array
    warp: Array
    facts: dict[int, list[DemandFacts]]
    arrivals: float  # expected number of demand events in one replication


def compile_customers(scenario: Scenario, network: Network, book: StreamBook, clock: Clock) -> Crowd:
    """All demand streams, in order of stock point and label."""
    demands = sorted(scenario.demands, key=lambda d: (network.index[(d.site, d.product)], natural(d.label)))
    rows = CUSTOMER.array(len(demands))
    facts: dict[int, list[DemandFacts]] = {}
    context = DemandContext(book=book, ticks_per_unit=clock.ticks_per_unit, end=clock.end, tables=scenario.tables or {})
    arrivals = 0.0
    rank: dict[int, int] = {}
    partners: list[int] = []
    for row, demand in zip(rows, demands, strict=True):
        i = network.index[(demand.site, demand.product)]
        rank[i] = rank.get(i, -1) + 1
        row["point"], row["rank"] = i, rank[i]
        row["unmet"], row["patience"] = UNMET.code(demand.unmet), round(demand.patience * clock.ticks_per_unit)
        row["all_or_nothing"], row["priority"] = demand.all_or_nothing, demand.priority
        row["first_partner"], row["partners"] = len(partners), len(demand.transship_from)
        partners.extend(network.index[(site, demand.product)] for site in demand.transship_from)
        row["promise"] = round(demand.promise * clock.ticks_per_unit)
        here = context.at(
            name=("demand", demand.site, demand.product, demand.label),
            product=demand.product,
            whole=not network.product_of[demand.product].divisible,
            level=level_of(demand, scenario.time),
        )
        for column, value in demand.process.compile(here).items():
            row[column] = value
        known = demand.process.facts(here)
        facts.setdefault(i, []).append(known)
        if known.size_mean > 0:
            arrivals += known.mean_rate / known.size_mean * clock.end / clock.ticks_per_unit
    return Crowd(
        rows,
        np.array(partners, np.int64),
        np.array(context.values, float),
        np.array(context.warp, float),
        facts,
        arrivals,
    )
