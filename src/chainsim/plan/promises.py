"""What every stock point was asked to deliver, and when its demand is high: what is asked is later held against what came."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from chainsim.plan.buckets import bucket_edges
from chainsim.plan.network import Network
from chainsim.plan.plan import Array, Clock, Layout
from chainsim.policies.adjust import LOTS
from chainsim.policies.base import NetworkFacts, Policy, Promise, Settings
from chainsim.policies.service import ServiceDriven
from chainsim.scenario.levels import level_of
from chainsim.scenario.model import Alternative, Scenario

BUSY = 1.01
"""A bucket is busy when demand is expected to lie this many times above its mean over the run."""


def promises_of(
    network: Network, alternative: Alternative, facts: NetworkFacts, settings: Mapping[int, Settings]
) -> dict[tuple[str, str], Promise]:
    """The promise of every stock point whose level was derived for a service or a cost, by (site, product)."""
    found = {}
    for i, own in sorted(settings.items()):
        point = network.points[i]
        promise = own.promise or _planned_for(alternative, facts, i, own)
        if promise is not None:
            found[point.site, point.product] = promise
    return found


def _planned_for(alternative: Alternative, facts: NetworkFacts, i: int, settings: Settings) -> Promise | None:
    """The service a policy planned for, where its derivation does not say so itself; None where its level was given or
    adjusted."""
    point = facts.points[i]
    if (point.site, point.product) in alternative.adjust:
        return None
    policy = alternative.rules[point.site, point.product].policy
    derived = any(not d.given and d.name not in LOTS for d in settings.derived)
    if not derived or not isinstance(policy, ServiceDriven):
        return None
    if type(policy).derive is not Policy.derive:  # a plan for a network says itself what it was asked, and where
        return None
    target = policy.target(point)
    if target.from_prices:
        return Promise("cost", None, target.origin, by="textbook")
    return Promise(target.kind, target.value, target.origin, by="textbook")


def busy_buckets(scenario: Scenario, network: Network, layout: Layout, clock: Clock) -> Array:
    """When the declared season, steps and surges of the customers downstream make a bucket busy: bool [points, buckets];
    an empty array when demand is level everywhere."""
    edges = bucket_edges(clock)
    own = np.ones((len(network.points), len(edges) - 1))
    weight = np.zeros(len(network.points))
    for demand in scenario.demands:
        i = network.index[(demand.site, demand.product)]
        cells = level_of(demand, scenario.time).cells(clock.end)
        starts = np.array([start for start, _ in cells] + [clock.end])
        factors = np.array([factor for _, factor in cells])
        done = np.concatenate([[0.0], np.cumsum(factors * np.diff(starts))])
        by_bucket = np.diff(np.interp(edges, starts, done)) / np.diff(edges)
        own[i] = (own[i] * weight[i] + by_bucket) / (weight[i] + 1.0)
        weight[i] += 1.0
    if (own == 1.0).all():
        return np.zeros((0, 0), bool)
    levels = np.array([own[list(reach)].mean(axis=0) if reach else np.ones(own.shape[1]) for reach in layout.reach])
    mean = (levels * np.diff(edges)).sum(axis=1, keepdims=True) / clock.end
    busy: Array = levels > BUSY * mean
    return busy
