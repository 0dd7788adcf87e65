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

from chainsim.engines import moments
from chainsim.plan.plan import Plan
from chainsim.rules import calendar


class Mutation(NamedTuple):
    """In `module`.`function`, `old` becomes `new`; to be noticed in one of the FEATURES."""

    function: str
    old: str
    new: str
    noticed_in: str


MUTATIONS = [
    # when to order, and how much
    Mutation("rules.stock.wake", "<= sp.wake_at", "< sp.wake_at", "all lot sizes"),
    Mutation("policies.s_S.order_quantity", "watched > p[0]", "watched >= p[0]", "all lot sizes"),
    Mutation("policies.base_stock.order_quantity", "gap > 0.0", "gap > 1.0", "all lot sizes"),
    Mutation("rules.position.watched_quantity", "- stock.backorders", "", "allocation first_come partial"),
    Mutation("rules.position.inventory_position", "- stock.backorders", "", "divisible, linear"),
    Mutation("rules.order.adjust", "quantity = sp.minimum", "quantity = sp.minimum + 1.0", "minimum_order"),
    Mutation("rules.order.adjust", "lots_covering(quantity, sp.multiple)", "(lots_in(quantity, sp.multiple) + 1.0)", "order_multiple"),
    Mutation("rules.order.adjust", "0.0 < sp.maximum < quantity", "False", "maximum_order"),
    Mutation("rules.order.review", "sp.recent_demand = 0.0", "pass", "reviews early"),
    Mutation("rules.order.choose_source", ">= quantity", "> quantity + 3.0", "sourcing priority"),
    Mutation("rules.order.lightest", "weighs < least - TIE * least", "weighs > least", "cheapest of three"),
    Mutation("rules.order.lightest", "up and not best_up", "False", "sourcing fastest"),
    Mutation("rules.terms.weight_of", "terms.weight_a_vehicle * lots_covering(quantity, terms.capacity)", "0.0", "cheapest of three"),
    Mutation("rules.order.split", "gap > behind", "gap >= behind", "sourcing split"),
    # on the way
    Mutation("rules.move.send", "shipment.quantity = quantity", "shipment.quantity = quantity + 1.0", "maximum_order"),
    Mutation("rules.move.send", "lane.still_until) + ticks", "lane.still_until) + ticks + 1", "maximum_order"),
    Mutation("rules.move.send", "lane.no_crossing == 1", "lane.no_crossing == 2", "initial state"),
    Mutation("rules.move.receive", "lane.received += quantity", "lane.received += 1.0", "maximum_order"),
    Mutation("rules.start.ship_earlier", "SHIPMENT_DUE, first.due", "SHIPMENT_DUE, first.due + 1", "initial state"),
    # things made of things
    Mutation("rules.release.release", "        k = following", "        k = following if claim.remaining <= 0.0 else -1", "bills of materials"),
    Mutation("rules.release.release", "claim.fresh == 0 or fresh_too == 1", "True or fresh_too == 1", "bills of materials"),
    Mutation("rules.release.can_make", "or anybody_waits(w, sp)", "", "bills of materials"),
    Mutation("rules.release.queue_at_desk", "sp.backorders += quantity", "pass", "bills of materials"),
    Mutation("rules.stock.move_echelon", " * w.contents[i]", "", "bills of materials"),
    Mutation("rules.assembly.begin_work", "row.at_plant -= quantity", "pass", "bills of materials"),
    Mutation("rules.queue.serve_soon", "if sp.desk >= 0:", "if False:", "bills of materials"),
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
    Mutation("rules.calendar.key_of", "event_key(6, w.points[index].rank, 0)", "event_key(6, 99 - w.points[index].rank, 0)", "maximum_order"),
    Mutation("rules.calendar.key_of", "event_key(7, w.points[index].rank, 0)", "event_key(2, w.points[index].rank, 0)", "maximum_order"),
    Mutation("rules.calendar.numbered", "sp.sequence += 1", "sp.sequence -= 1", "a crowd"),
    # production, outages, demand, the books
    Mutation("rules.make.start_jobs", "resource.free == 0", "resource.free == 1", "production machines"),
    Mutation("rules.make.renew_capacity", "w.resources[r].left =", "w.resources[r].left +=", "production capacity"),
    Mutation("rules.outage.next_start", "return at", "return at + outage.every", "outage of a site repeated"),
    Mutation("rules.outage.mark_shelves", "sp.down += change", "sp.down += 1", "outage of a site once"),
    Mutation("rules.arrivals.next_period", "c.every_rest, c.count)", "c.every_rest, c.count) + 1", "maximum_order"),
    Mutation("rules.arrivals.calendar_tick", "int((c.clock", "1 + int((c.clock", "seasons"),
    Mutation("rules.arrivals.autoregressive_quantity", "quantity + 0.5", "quantity + 0.4", "seasons"),
    Mutation("rules.stock.advance", "sp.stocked_time += elapsed", "sp.stocked_time += elapsed + 1", "maximum_order"),
    Mutation("rules.move.advance_lane", "lane.since = now", "lane.since = now - 1", "maximum_order"),
    # calendars
    Mutation("rules.openings.after_work", "tick > row.opens", "False", "lead times in working time"),
    Mutation("rules.openings.opening_at", "closes > tick", "closes >= tick", "working days"),
    Mutation("rules.openings.after_work", ".before <= done", ".before < done", "lead times in working time"),
    Mutation("rules.openings.next_review", "while at <= now", "while at < now", "order days, periodic"),
    Mutation("rules.departures.ticks_by_timetable", "lane.shipping_days, ready", "-1, ready", "shipping days"),
    Mutation("rules.departures.ticks_by_timetable", "lane.receiving_days, after_work", "-1, after_work", "working days"),
    Mutation("rules.outage.mark", "outage.stops == SHIPMENTS", "True", "working days of a plant"),
    Mutation("rules.make.start_jobs", "after_work(w, days", "after_work(w, -1", "working days of a plant"),
    # loads
    Mutation("rules.dock.put_on_dock", "terms.at_dock >= terms.until", "terms.at_dock > terms.until", "loads, until 8"),
    Mutation("rules.dock.reopen", "0 <= terms.leave_at < w.now", "False", "loads, or after 2"),
    Mutation("rules.dock.take_from_dock", "lane.down > 0", "False", "loads, or after 2"),
    Mutation("rules.dock.count_vehicles", "lots_covering(quantity, terms.capacity)", "1.0", "loads, vehicles"),
    # set-ups
    Mutation("rules.setups.set_up", "resource.ready -= 1", "pass", "set-ups for each product"),
    Mutation("rules.setups.set_up", "w.lanes[claim.lane].setups += 1", "pass", "set-ups for each order"),
    Mutation("rules.setups.end_order", "resource.setup == EACH_ORDER", "False", "set-ups for each order"),
    Mutation("rules.setups.stay_ready", "resource.run == run", "True", "set-ups for each product"),
    Mutation("rules.make.end_setup", "resource.free += 1", "resource.free += 0", "set-ups at a rate, for each order"),
    # yields, departures, lifetimes
    Mutation("rules.move.draw_good", "good -= w.draw", "good += w.draw", "yield lost"),
    Mutation("rules.move.draw_good", "whole_units(good)", "whole_units(good - 0.1)", "yield fraction"),
    Mutation("rules.move.scrap", "position_falls(w, p, sp, quantity)", "pass", "yield lost"),
    Mutation("rules.departures.wait_for_departure", "tick_at(first, every, rest, k)", "tick_at(first, every, rest, k + 1)", "departures by the calendar, no way"),
    Mutation("rules.departures.wait_for_departure", "== 0 or lane.next_departure < ready", "== 0 or lane.next_departure <= ready", "departures by chance on whole days, no way"),
    Mutation("rules.departures.take_departure", "lane.last_departure != lane.next_departure", "True", "departures by the calendar, a way"),
    Mutation("rules.shelf.take_from_shelf", "sp.issuing == FIFO", "True", "lifetime 6, lifo"),
    Mutation("rules.movement.enter_shelf", "w.now + life_of(w, sp)", "w.now + life_of(w, sp) + 1", "lifetime 2.5, fifo"),
    Mutation("rules.shelf.life_of", "sp.life_stream < 0", "True", "random lifetimes, fifo"),
    Mutation("rules.shelf.outdate", "expires <= w.now", "expires < w.now", "lifetime 6, fifo"),
    Mutation("rules.shelf.throw_away", "position_falls(w, p, sp, quantity)", "pass", "lifetime, watch the level"),
    Mutation("rules.shelf.throw_away", "position_falls(w, p, sp, quantity)", "position_falls(w, p, sp, -quantity)", "lifetime within an echelon"),
    Mutation("rules.shelf.remove_lot", "sp.last_lot = lot.previous", "sp.last_lot = sp.first_lot", "lifetime 6, lifo"),
    # ages
    Mutation("rules.shelf.put_on_shelf", "expires > expires", "expires < expires", "age travels, lifetime 7, lifo"),
    Mutation("rules.shelf.take_from_shelf", "w.agings[a].part = left", "pass", "age travels, lifetime 7, fifo"),
    Mutation("rules.shelf.take_from_shelf", "part_expires = lot.expires", "part_expires = lot.expires + 1", "age travels, lifetime 7, fifo"),
    Mutation("rules.shelf.look_again", "first < sp.outdate_at", "False", "age travels, lifetime 7, fifo"),
    Mutation("rules.shelf.outdate", "sp.outdate_at != w.now", "False", "age travels, yield fraction, fifo"),
    Mutation("rules.ages.seal", "aging.part = 0.0", "pass", "age travels, lifetime 7, fifo"),
    Mutation("rules.ages.unload", "min(lot.expires, fresh)", "lot.expires", "age travels, a shorter life downstream"),
    Mutation("rules.ages.unload", "min(lot.quantity, left)", "lot.quantity", "age travels, yield fraction, fifo"),
    Mutation("rules.ages.shelve", "expires <= w.now", "False", "age travels, lifetime 2, fifo"),
    Mutation("rules.move.receive", "throw_away(w, p, sp, spoiled)", "pass", "age travels, lifetime 2, fifo"),
    # emergency, expediting, transshipment, players
    Mutation("rules.customer.go_without", "customer.unmet == EMERGENCY", "False", "emergency, partial"),
    Mutation("rules.customer.go_without", "sp.emergency += short", "sp.emergency += 1.0", "emergency, all_or_nothing"),
    Mutation("rules.customer.ask_partners", "lent > short", "lent > short + 1.0", "transship, backorder"),
    Mutation("rules.movement.take_off", "take_from_shelf(w, sp, quantity, j)", "pass", "lifetimes and transshipment"),
    Mutation("rules.customer.lend", "position_falls(w, q, partner, quantity)", "pass", "transship, lost"),
    Mutation("rules.customer.lend", "position_falls(w, q, partner, quantity)", "position_falls(w, q, partner, -quantity)", "transship within an echelon"),
    Mutation("rules.order.expedite", "- w.lanes[j].on_order", "- sp.on_order", "expedite, dual index"),
    Mutation("rules.order.choose_source", "sp.first_source + 1", "sp.first_source", "expedite, base surge"),
    Mutation("policies.sterman.order_quantity", "memory[0] > p[4]", "memory[0] >= p[4]", "sterman given, after_demand"),
    Mutation("policies.sterman.order_quantity", "- p[1] * stock.on_order", "- stock.on_order", "sterman derived, after_demand"),
    Mutation("rules.customer.note_waiting", "claim.customer >= 0", "claim.customer > 0", "products apart"),
    # books and shelf
    Mutation("rules.records.lose_unseen", "move_apart(w, i, sp, quantity)", "pass", "records, watch level"),
    Mutation("rules.records.book_receipt", "change_books(w, p, sp, by)", "pass", "records counted by the calendar"),
    Mutation("rules.records.count", "<= ledger.tolerance * sp.on_hand", "<= 0.0", "records counted by the calendar"),
    Mutation("rules.records.change_books", "wake(w, p, sp)", "pass", "records, watch on_hand"),
    Mutation("rules.records.change_books", "sp.ancestors, by)", "sp.ancestors, -by)", "records, watch echelon"),
    Mutation("rules.records.find_empty", "when_empty == 1", "when_empty == 2", "records counted when empty"),
    Mutation("rules.records.find_short", "min(short, sp.unseen)", "short", "records never counted"),
    Mutation("rules.position.watched_quantity", "+ stock.unseen", "", "records counted by the calendar"),
    Mutation("rules.decay.expect_decay", "ledger.decay_step * sp.on_hand", "1.0", "decay, divisible, position"),
    Mutation("rules.decay.decay", "ledger.decay_due -= quantity", "ledger.decay_due = 0.0", "decay, lifetime, records"),
    Mutation("rules.decay.decay", "position_falls(w, p, sp, quantity)", "pass", "decay, whole, echelon"),
    Mutation("rules.flow.melt", "ledger.decay_due -= gone", "ledger.decay_due = 0.0", "decay, flow, R_S"),
    # disruptions
    Mutation("rules.terms.may_order", "w.terms[t].paused == 0", "True", "orders paused, by the calendar"),
    Mutation("rules.terms.pause", "wake(w, p, sp)", "pass", "orders paused, on watch"),
    Mutation("rules.order.expedite", "may_order(w, sp)", "True", "orders paused, expedite"),
    Mutation("rules.outage.destroy", "position_falls(w, p, sp, quantity)", "pass", "stock destroyed, whole"),
    Mutation("rules.outage.destroy", "pour(w, p, sp)", "pass", "stock destroyed, flow"),
    Mutation("rules.outage.stretch", "other.in_force > 0", "True", "lead times stretched"),
    Mutation("rules.departures.stretched", "+ 0.5", "+ 0.4", "lead times stretched"),
    Mutation("rules.move.stand_still", "lane.standstill += more", "lane.standstill += more + 1", "goods held"),
    Mutation("rules.move.receive", "shipment.standstill < lane.standstill", "False", "goods held"),
    Mutation("rules.outage.set_off", "== 1.0", "== 0.0", "outages set off"),
    Mutation("rules.movement.clear", "sp.on_hand - sp.backorders", "sp.on_hand", "the end of a product"),
    Mutation("rules.move.receive", "clear(w, p, sp)", "pass", "the end of a product"),
    Mutation("rules.outage.begin_outage", "clear(w, p, w.points[p])", "pass", "the end of a product"),
    Mutation("rules.shelf.throw_away", ".left_over += quantity", ".left_over += 0.0", "the end of a product"),
    Mutation("rules.shelf.mark_down", "<= ledger.markdown", "< ledger.markdown", "marked down, fifo"),
    Mutation("rules.shelf.mark_down", "lot.previous", "lot.next", "marked down, lifo"),
    # terms of supply
    Mutation("rules.terms.cost_of", ".start > quantity", ".start >= quantity", "prices, all_units"),
    Mutation("rules.terms.cost_of", "terms.incremental == 1", "False", "prices, incremental"),
    Mutation("rules.terms.may_order", "sp.on_order <= 0.0", "True", "one open order, s_Q"),
    Mutation("rules.customer.go_without", "w.draw(customer.wait_stream) == 0.0", "w.draw(customer.wait_stream) == 1.0", "some wait, partial"),
    Mutation("rules.terms.look_again", "wake(w, p, sp)", "pass", "one open order, s_Q"),
    # flows and production at a rate
    Mutation("rules.flow.carry", "flow.due = wanted - taken - short", "flow.due = 0.0", "flow, s_Q"),
    Mutation("rules.flow.carry", "sp.down > 0 or owed > 0.0 or", "owed > 0.0 or", "flow, R_S, outages"),
    Mutation("rules.flow.add_up", "0.5 * (stock + sp.on_hand)", "0.5 * (stock + stock)", "flow, s_S"),
    Mutation("rules.flow.produce", "flow.made = come - made", "flow.made = 0.0", "flow, s_S"),
    Mutation("rules.flow.backfill", "early = min(quantity, flow.early)", "early = 0.0", "flow, s_Q below 0"),
    Mutation("rules.flow.pour", "min(owed, sp.on_hand)", "sp.on_hand", "flow, s_Q below 0"),
    Mutation("rules.flow.ticks_until", "if ticks < exact", "if False", "flow, s_Q"),
    Mutation("rules.make.start_lot", "end_cycle(w, sp)", "pass", "flow, s_S"),
    Mutation("rules.make.finish_lot", "resource.free += 1", "pass", "flow, s_Q"),
    Mutation("rules.reach.reach", "finish_lot(w, p, sp, flow)", "pass", "flow, s_Q"),
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
    for name, value in list(calendar.key_of.__globals__.items()):  # it is written from a table, with names of its own
        if value is original:
            monkeypatch.setitem(calendar.key_of.__globals__, name, faulty)
    for kind, (rule, arguments) in moments.RULES.items():
        if rule is original:
            monkeypatch.setitem(moments.RULES, kind, (faulty, arguments))
    return replace(plan, rules=tuple(faulty if rule is original else rule for rule in plan.rules))
