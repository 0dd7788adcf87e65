"""Flows: stock points with demand at a constant rate, and production that feeds them at a rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.plan.network import Network
from chainsim.plan.plan import Array, Clock
from chainsim.plan.tables import FLOW
from chainsim.policies.base import Settings
from chainsim.rules.position import LEVEL, ON_HAND
from chainsim.scenario.model import Alternative, Demand, Scenario


def compile_flows(scenario: Scenario, network: Network, points: Array, clock: Clock) -> Array:
    """Rows of the FLOW table, in order of stock points, which get their numbers."""
    from chainsim.demand.flow import Flow

    rows = []
    for demand in scenario.demands:
        if isinstance(demand.process, Flow):
            rows.append(_row(demand, demand.process.rate, network, clock))
    table = np.concatenate(rows) if rows else FLOW.array(0)
    table = table[np.argsort(table["point"])]
    points["flow"][table["point"]] = np.arange(len(table))
    return table


def _row(demand: Demand, rate: float, network: Network, clock: Clock) -> Array:
    i = network.index[(demand.site, demand.product)]
    row = FLOW.array(1)
    row["point"], row["rate"] = i, rate / clock.ticks_per_unit
    row["lost"], row["promise"] = demand.unmet == "lost", clock.ticks(demand.promise)
    for j in network.lanes_to[i]:
        production = network.ways[j].production
        if production is not None and production.rate is not None:
            row["lane"], row["supply"] = j, production.rate / clock.ticks_per_unit
    return row


def check_flows(
    scenario: Scenario, alternative: Alternative, network: Network, points: Array, settings: Mapping[int, Settings]
) -> None:
    """Raises ScenarioError where a policy would order without end from a stock that falls along a straight line, or
    follows an echelon that a flow runs out of."""
    findings = []
    for i in np.flatnonzero(points["flow"] >= 0).tolist():
        what = _unfit(points[i], settings.get(i))
        if what:
            point = network.points[i]
            message = f"{point.site} / {point.product}: demand flows there, and {what[0]}"
            at = alternative.rules[(point.site, point.product)].place
            at = at or Finding("error", Place(scenario.name), f"policies.{alternative.name}", "")
            findings.append(replace(at, message=message, cure=what[1]))
    if findings:
        raise ScenarioError(findings)


def _unfit(point: Any, settings: Settings | None) -> tuple[str, str] | None:
    """Why a policy does not go with a flow, and the cure."""
    lots = "give it a review_interval, or use s_Q, s_S or eoq"
    if point["ancestors"] > 0:
        return "this policy follows its echelon's stock", "use a policy that looks at one stock point only"
    if settings is None or point["review_interval"] > 0:
        return None
    if point["watch"] in (LEVEL, ON_HAND):
        return "under continuous review this policy would order anew every instant until goods arrive", lots
    if settings.wake_at >= settings.order_up_to:
        return "under continuous review this policy would order every drop by itself", lots
    return None
