"""Demand as a control variate: estimates of a run, corrected by how far its customers asked for more or less than expected.

In a year with more customers costs and services are others. How many units customers ask for is known beforehand, exactly, for
demand per period and Poisson customers; so what a sample owes to its own luck of demand can be taken out. The same replications,
a steadier estimate, and `gain`: how many replications without it one with it was worth (`statistics.variance`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chainsim.chance.book import StreamBook
from chainsim.demand.base import DemandContext
from chainsim.errors import UsageError
from chainsim.kpis import KPIS
from chainsim.plan.clock import clock_of
from chainsim.plan.crowd import streams_of
from chainsim.plan.network import Network
from chainsim.scenario.model import Scenario
from chainsim.statistics.variance import Reduced, control_variates

if TYPE_CHECKING:
    import pandas as pd

    from chainsim.study.results import Results

CONTROL = "units_demanded"
MEASURES = ("total_cost", "fill_rate")
COLUMNS = ("policy", "kpi", "mean", "half_width", "plain", "plain_half_width", "gain", "n")


def expected_demand(scenario: Scenario) -> float:
    """Units that all customers together are expected to ask for within what is measured. Raises UsageError where a stream has no
    formula, and where demand is certain."""
    network, clock = Network(scenario), clock_of(scenario)
    context = DemandContext(
        book=StreamBook(scenario.seed), ticks_per_unit=clock.ticks_per_unit, end=clock.end, tables=scenario.tables or {}
    )
    found = 0.0
    for demand, here in streams_of(scenario, network, context):
        units = demand.process.expected_units(here, clock.warm_up)
        if units is None:
            raise UsageError(
                f"demand cannot be a control variate: what customers at {demand.site} / {demand.product} ask for is expected by no "
                "formula; that is known of demand per period, and of customers who come at a rate"
            )
        found += units
    return found


def controlled(scenario: Scenario, results: Results, kpis: Sequence[str] = MEASURES) -> pd.DataFrame:
    """Measures of the whole network of every policy, with demand as control variate and plain. Columns: policy, kpi, mean, half_width,
    plain, plain_half_width, gain, n. A measure that is undefined in some replication is left out.

    Raises UsageError where demand is expected by no formula, and for fewer than four replications.
    """
    import pandas as pd  # slow to import

    expected, level = expected_demand(scenario), float(results.manifest["confidence"])
    rows = []
    for policy in results.policies:
        asked_for = results.sample(policy, CONTROL).values
        for kpi in kpis:
            sample = results.sample(policy, KPIS.get(kpi).id)
            if any(value != value for value in sample.values):
                continue
            found: Reduced = control_variates(sample, [asked_for], [expected], level)
            one, plain = found.estimate, found.plain
            rows.append((policy, kpi, one.mean, one.half_width, plain.mean, plain.half_width, found.gain, len(sample)))
    return pd.DataFrame(rows, columns=list(COLUMNS))
