"""The end customers of a Plan: one row per stream of demand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chainsim.chance.book import StreamBook
from chainsim.chance.families import Discrete
from chainsim.demand.base import DemandContext, DemandFacts
from chainsim.demand.tables import CUSTOMER
from chainsim.ordering import natural
from chainsim.plan.network import Network
from chainsim.plan.plan import Array, Clock
from chainsim.rules.customer import UNMET
from chainsim.scenario.levels import level_of
from chainsim.scenario.model import Demand, Scenario


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
    context = DemandContext(book=book, ticks_per_unit=clock.ticks_per_unit, end=clock.end, tables=scenario.tables or {})
    rows = CUSTOMER.array(len(scenario.demands))
    facts: dict[int, list[DemandFacts]] = {}
    arrivals = 0.0
    rank: dict[int, int] = {}
    partners: list[int] = []
    for row, (demand, here) in zip(rows, streams_of(scenario, network, context), strict=True):
        i = network.index[(demand.site, demand.product)]
        rank[i] = rank.get(i, -1) + 1
        row["point"], row["rank"] = i, rank[i]
        row["unmet"], row["patience"] = UNMET.code(demand.unmet), clock.ticks(demand.patience)
        if demand.unmet == "some_wait":
            share = demand.waiting_share
            who = Discrete(values=(0.0, 1.0), probabilities=(1.0 - share, share))
            row["wait_stream"] = book.stream((*here.name, "waits"), who)
        row["all_or_nothing"], row["priority"] = demand.all_or_nothing, demand.priority
        row["first_partner"], row["partners"] = len(partners), len(demand.transship_from)
        partners.extend(network.index[(site, demand.product)] for site in demand.transship_from)
        row["promise"] = clock.ticks(demand.promise)
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


def streams_of(scenario: Scenario, network: Network, context: DemandContext) -> Iterator[tuple[Demand, DemandContext]]:
    """Every stream of demand with what it meets, in order of stock point and label."""
    for demand in sorted(scenario.demands, key=lambda d: (network.index[(d.site, d.product)], natural(d.label))):
        yield (
            demand,
            context.at(
                name=("demand", demand.site, demand.product, demand.label),
                product=demand.product,
                whole=not network.product_of[demand.product].divisible,
                level=level_of(demand, scenario.time),
            ),
        )
