"""Deliberate faults: one line of one rule, changed for the simpy engine only, after the compiled engine was compiled.

If both engines really run their own copy of every rule, and `first_difference` sees what it should, each must be noticed.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any, NamedTuple

import pytest

from chainsim.plan.plan import Plan


class Mutation(NamedTuple):
    """In `module`.`function`, `old` becomes `new`; to be noticed in one of the FEATURES."""

    function: str
    old: str
    new: str
    noticed_in: str


MUTATIONS = [
    # when to order, and how much
    Mutation("rules.stock.wake", "seen <= sp.wake_at", "seen < sp.wake_at", "all lot sizes"),
    Mutation("policies.s_S.order_quantity", "watched > p[0]", "watched >= p[0]", "all lot sizes"),
    Mutation("policies.base_stock.order_quantity", "gap > 0.0", "gap > 1.0", "all lot sizes"),
    Mutation("rules.position.inventory_position", "- stock.backorders", "", "allocation first_come partial"),
    Mutation("rules.order.adjust", "quantity = sp.minimum", "quantity = sp.minimum + 1.0", "minimum_order"),
    Mutation("rules.order.adjust", "lots * sp.multiple < quantity", "lots * sp.multiple <= quantity", "order_multiple"),
    Mutation("rules.order.adjust", "0.0 < sp.maximum < quantity", "False", "maximum_order"),
    Mutation("rules.order.review", "sp.recent_demand = 0.0", "pass", "reviews early"),
    Mutation("rules.order.choose_source", ">= quantity", "> quantity + 3.0", "sourcing priority"),
    Mutation("rules.order.split", "gap > behind", "gap >= behind", "sourcing split"),
    # on the way
    Mutation("rules.move.ship", "shipment.quantity = quantity", "shipment.quantity = quantity + 1.0", "maximum_order"),
    Mutation("rules.move.ship", "due = w.now + travel", "due = w.now + travel + 1", "maximum_order"),
    Mutation("rules.move.ship", "lane.no_crossing == 1", "lane.no_crossing == 2", "initial state"),
    Mutation("rules.move.receive", "lane.received += quantity", "lane.received += 1.0", "maximum_order"),
    Mutation("rules.start.ship_earlier", "SHIPMENT_DUE, first.due", "SHIPMENT_DUE, first.due + 1", "initial state"),
    # who is served, and when
    Mutation("rules.serve.serve_in_turn", "claim.remaining <= sp.on_hand", "False", "allocation first_come partial"),
    Mutation("rules.serve.can_go", "level < 0 or", "True or", "allocation priority partial"),
    Mutation("rules.serve.backfill", "claim.joined >= w.warm_up", "claim.joined > w.warm_up", "seasons"),
    Mutation("rules.allocate.claimant_rank", "].rank", "].rank * -1", "allocation uniform partial"),
    Mutation("rules.allocate.share_linear", "- cut", "- cut + 1.0", "allocation linear partial"),
    Mutation("rules.queue.step_in", "fresh == 1", "fresh > 3", "reviews early"),
    Mutation("rules.customer.free_stock", "<= priority", "< priority", "allocation priority all_or_nothing"),
    Mutation("rules.customer.wait", "w.now + customer.patience", "w.now + customer.patience + 1", "a crowd"),
    Mutation("rules.customer.lose_patience", "sp.lost_since_receipt += quantity", "pass", "a crowd"),
    Mutation("rules.customer.arrive", "quantity > free", "quantity >= free", "allocation first_come all_or_nothing"),
    Mutation("rules.grid.on_grid", "+ 0.5", "+ 0.4", "divisible, linear"),
    # the order of an instant
    Mutation("rules.calendar.key_of", "event_key(REVIEW, w.points[index].rank, 0)", "event_key(REVIEW, 99 - w.points[index].rank, 0)", "maximum_order"),
    Mutation("rules.calendar.key_of", "event_key(DISPATCH, w.points[index].rank, 0)", "event_key(SERVE, w.points[index].rank, 0)", "maximum_order"),
    Mutation("rules.calendar.numbered", "sp.sequence += 1", "sp.sequence -= 1", "a crowd"),
    # production, outages, demand, the books
    Mutation("rules.make.start_jobs", "resource.free == 0", "resource.free == 1", "production machines"),
    Mutation("rules.make.renew_capacity", "w.resources[r].left =", "w.resources[r].left +=", "production capacity"),
    Mutation("rules.outage.next_start", "(periods if periods > 1 else 1)", "2", "outage of a site repeated"),
    Mutation("rules.outage.mark", "sp.down += change", "sp.down += 1", "outage of a site once"),
    Mutation("rules.arrivals.next_period", "c.count * c.every", "c.count * c.every + 1", "maximum_order"),
    Mutation("rules.arrivals.calendar_tick", "int((c.clock", "1 + int((c.clock", "seasons"),
    Mutation("rules.arrivals.autoregressive_quantity", "quantity + 0.5", "quantity + 0.4", "seasons"),
    Mutation("rules.stock.advance", "sp.stocked_time += elapsed", "sp.stocked_time += elapsed + 1", "maximum_order"),
    Mutation("rules.move.advance_lane", "lane.since = now", "lane.since = now - 1", "maximum_order"),
]  # fmt: skip


def mutated(mutation: Mutation) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The function as it is, and with its fault."""
    home, _, name = mutation.function.rpartition(".")
    module = import_module(f"chainsim.{home}")
    original = getattr(module, name)
    source = inspect.getsource(original)
    assert mutation.old in source, f"{mutation.function} no longer says: {mutation.old}"
    names = dict(vars(module))
    exec("from __future__ import annotations\n" + source.replace(mutation.old, mutation.new, 1), names)
    return original, names[name]


def break_simpy(mutation: Mutation, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Put the fault wherever Python would call the rule; returns the Plan with its policies' rules changed likewise."""
    original, faulty = mutated(mutation)
    for name, module in list(sys.modules.items()):
        if name.startswith("chainsim."):
            for attribute, value in list(vars(module).items()):
                if value is original:
                    monkeypatch.setattr(module, attribute, faulty)
    return replace(plan, rules=tuple(faulty if rule is original else rule for rule in plan.rules))
