"""What stock points, and scenarios, share of a derivation: nothing that is shared may depend on what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chainsim.chance.facts import EventLaw
from chainsim.chance.families import Poisson
from chainsim.plan.derivation import derived_by, names_no_place
from chainsim.policies.base import NO_PRICES, POLICIES, NetworkFacts, PointFacts, Policy, Settings
from chainsim.policies.s_Q import FixedQuantity
from tests.policies.stock_points import facts, ready

NAMES = POLICIES.names()
ASKED: list[dict[str, Any]] = [
    {},
    {"fill_rate": 0.95},
    {"order_up_to_level": 60.0},
    {"order_quantity": 30.0},
    {"order_quantity": 30.0, "fill_rate": 0.95},
    {"reorder_point": 12.0, "order_quantity": 30.0},
    {"reorder_point": 12.0, "order_up_to_level": 60.0},
]


def point(**changes: Any) -> PointFacts:
    law = EventLaw(Poisson(mean=6.0), every=1.0)
    return facts(
        demand_mean=6.0, demand_sd=6.0**0.5, demand_interval=1.0, demand_size_mean=6.0, demand_size_sd=6.0**0.5, lead_mean=2.0,
        review_interval=1.0, events=((law, 1),), backorder_cost=4.0, **changes,
    )  # fmt: skip


def made(name: str, given: dict[str, Any]) -> Policy | None:
    try:
        return ready(name, **given)
    except TypeError:  # it has no such field
        return None


def derived(policy: Policy, here: PointFacts) -> Settings | str:
    try:
        return policy.settings(here)
    except NotImplementedError:
        return "by the network"


@pytest.mark.parametrize("target", [None, 0.97])
@pytest.mark.parametrize("given", ASKED, ids=lambda given: " ".join(given) or "nothing")
@pytest.mark.parametrize("name", NAMES)
def test_a_policy_that_reads_no_prices_derives_the_same_at_any(
    name: str, given: dict[str, Any], target: float | None
) -> None:
    policy, here = made(name, given), point(target_fill_rate=target)
    if policy is None or policy.reads_prices(here):
        return
    prices = {price: getattr(here, price) for price in NO_PRICES}
    dearer = replace(here, **{price: 3.0 * x + 1.0 for price, x in prices.items() if x is not None})
    assert derived(policy, dearer) == derived(policy, here)


def test_a_service_asked_of_base_stock_reads_no_prices_and_least_cost_does() -> None:
    assert not ready("R_S").reads_prices(point(target_fill_rate=0.97))
    assert ready("R_S").reads_prices(point())
    assert ready("s_S").reads_prices(point(target_fill_rate=0.97))


@pytest.mark.parametrize("name", [name for name in NAMES if names_no_place(ready(name))])
def test_copies_have_the_numbers_that_each_would_have_alone(name: str) -> None:
    policy = ready(name)
    copies = tuple(replace(point(target_fill_rate=0.97), index=k, site=f"store {k}") for k in range(2))
    found = derived_by(policy, NetworkFacts(copies, ((), ()), "day", "EUR", 365.0), [0, 1], {})
    assert found[0] is found[1]
    assert found[1] == policy.settings(copies[1])


class ByName(FixedQuantity):
    """A policy of somebody else, which knows the stock point by its name."""

    def target(self, point: PointFacts) -> Any:
        return replace(super().target(point), value=0.99 if point.site == "store 1" else 0.9)


def test_a_policy_of_somebody_else_is_asked_for_every_stock_point() -> None:
    policy = ByName(review_interval=1.0)
    copies = tuple(replace(point(target_fill_rate=0.97), index=k, site=f"store {k}") for k in range(2))
    found = derived_by(policy, NetworkFacts(copies, ((), ()), "day", "EUR", 365.0), [0, 1], {})
    assert found[1].p[0] > found[0].p[0]


def test_what_was_derived_before_is_taken_where_only_prices_changed() -> None:
    here = point(target_fill_rate=0.97)
    dearer = replace(here, holding_cost=9.0)
    network = NetworkFacts((dearer,), ((),), "day", "EUR", 365.0)
    before = {0: (here, Settings((1.0,), 1.0))}
    assert derived_by(ready("R_S"), network, [0], before)[0] is before[0][1]
    assert derived_by(ready("s_S"), network, [0], before)[0] is not before[0][1]
    more = NetworkFacts((replace(dearer, demand_mean=7.0),), ((),), "day", "EUR", 365.0)
    assert derived_by(ready("R_S"), more, [0], before)[0] is not before[0][1]
