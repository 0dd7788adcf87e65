"""The network as `multi_echelon` sees it: connected groups of stock points, their shape, and the service they owe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from chainsim.policies.base import NetworkFacts, PointFacts, SourceFacts
from chainsim.policies.service import Target
from chainsim.theory.eoq import economic_order_quantity

MOST_FILL_RATE = 0.9999  # a target of 1 has no finite level


@dataclass(frozen=True)
class Group:
    """Stock points linked by lanes, governed together; numbered here 0, 1, 2 …, customers' end first."""

    points: tuple[PointFacts, ...]

    @cached_property
    def place(self) -> dict[int, int]:
        """Number in this group by index in the network."""
        return {point.index: k for k, point in enumerate(self.points)}

    @cached_property
    def arcs(self) -> tuple[tuple[int, int], ...]:
        """(supplier, customer) pairs of numbers in this group."""
        pairs = (
            (self.place[source.origin], k)
            for k, point in enumerate(self.points)
            for source in used_sources(point)
            if source.origin in self.place
        )
        return tuple(dict.fromkeys(pairs))  # two lanes between the same ends are one arc

    @cached_property
    def customers_of(self) -> list[list[int]]:
        """Stock points each one supplies."""
        below: list[list[int]] = [[] for _ in self.points]
        for supplier, customer in self.arcs:
            below[supplier].append(customer)
        return below

    def serves_customers(self, k: int) -> bool:
        """Whether its demand comes from outside the group: end customers, or stock points under another policy."""
        return self.points[k].customers or not self.customers_of[k]

    def is_serial(self) -> bool:
        """A line: each has one supplier and one stock point to supply, customers buy at its end only.

        Its end must be governed too: the echelon of a stock point whose customers follow another policy holds their stock
        as well, which these levels would not count.
        """
        last = len(self.points) - 1
        return self.points[0].customers and all(
            (k == last or len(used_sources(point)) == 1)
            and (k == 0 or not point.customers)
            and (k == 0 or self.customers_of[k] == [k - 1])
            for k, point in enumerate(self.points)
        )

    def is_one_warehouse(self) -> bool:
        """One warehouse without customers of its own, and two or more retailers it alone supplies."""
        top = len(self.points) - 1
        return (
            top >= 2
            and not self.points[top].customers
            and sorted(self.customers_of[top]) == list(range(top))
            and all(len(used_sources(point)) == 1 for point in self.points[:top])
        )

    def share(self, supplier: int, customer: int) -> float:
        """Share of the customer's orders that go to the supplier."""
        origin = self.points[supplier].index
        return sum(s.share for s in self.points[customer].sources if s.origin == origin)


class Wish(Protocol):
    """What the user asks of `multi_echelon`: its parameters, as the derivation of the levels reads them."""

    @property
    def method(self) -> str: ...
    @property
    def derivation(self) -> str: ...
    @property
    def service_level(self) -> float | None: ...
    @property
    def service_time(self) -> float: ...
    @property
    def batch(self) -> str: ...
    def target(self, point: PointFacts) -> Target:
        """The service planned for at a stock point."""
        ...


@dataclass(frozen=True)
class Goal:
    """The service a stock point owes: a fill rate, or a probability that nothing is owed; and where it came from.

    from_cost: the probability is the newsvendor ratio, which is meant on average over time.
    """

    probability: float
    fill_rate: float | None
    reason: str
    from_cost: bool = False


def connected(network: NetworkFacts, points: Sequence[int]) -> list[Group]:
    """The governed stock points in groups linked by lanes; within a group downstream first."""
    governed = sorted(points)
    group_of = {i: i for i in governed}

    def find(i: int) -> int:
        while group_of[i] != i:
            group_of[i] = group_of[group_of[i]]
            i = group_of[i]
        return i

    for i in governed:
        for source in used_sources(network.points[i]):
            if source.origin is not None and source.origin in group_of:
                group_of[find(i)] = find(source.origin)
    members: dict[int, list[PointFacts]] = {}
    for i in governed:
        members.setdefault(find(i), []).append(network.points[i])
    return [Group(tuple(group)) for group in members.values()]


def used_sources(point: PointFacts) -> list[SourceFacts]:
    """The sources that receive orders."""
    return [source for source in point.sources if source.share > 0.0]


def goal_of(policy: Wish, point: PointFacts) -> Goal:
    """The service wanted at a stock point, from what the user gave or the scenario says (`policies.service`)."""
    target = policy.target(point)
    if target.kind == "fill_rate":
        value = min(target.value, MOST_FILL_RATE)
        return Goal(value, value, str(target))
    from_cost = policy.service_level is None and point.backorder_cost > 0.0 and point.holding_cost > 0.0
    return Goal(target.value, None, str(target), from_cost)


def batch_of(policy: Wish, point: PointFacts) -> float:
    """Quantity to order in: √(2Kd/h), whole units at least 1; 0 for one-for-one ordering."""
    if policy.batch == "none" or point.order_cost <= 0.0 or point.holding_cost <= 0.0:
        return 0.0
    exact = economic_order_quantity(point.order_cost, point.demand_mean, point.holding_cost)
    return max(1.0, float(round(exact))) if point.whole else exact
