"""Deliberate faults, one at a time, in a copy of the sources; for each, a few tests that must fail.

    python tests/mutations.py                       all of them: who noticed, and how soon
    python tests/mutations.py trigger_below_s …     these only
    python tests/mutations.py --list                what there is
    python tests/mutations.py --jobs 4              so many at a time (default: one per core, at most 4)

A suite that passes proves little until one has seen it fail. Every fault is one a simulator of this field might well have:
a lead time off by one tick, an order at < s instead of ≤ s, a fill rate that counts those who waited. The tests named
beside it are first run on the sources as they are, and must pass. Exit code 0: every fault was noticed; 1: one survived,
or a test failed without any fault; 2: no such fault.

(`tests/engines/mutations.py` breaks one engine only, to see that the parity tests notice.)
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Mutation(NamedTuple):
    """In `src/chainsim/file`, `old` (found exactly once) becomes `new`; one of the `tests` must fail."""

    file: str
    old: str
    new: str
    tests: str


ORDERING = "tests/semantics/test_ordering.py::"
TERMS = "tests/semantics/test_terms.py::"
RECORDS = "tests/semantics/test_records.py::"
DECAY = "tests/semantics/test_decay.py::"
DISRUPTIONS = "tests/semantics/test_disruptions.py::"
EVENTS = "tests/semantics/test_order_of_events.py::"
WINDOWS = "tests/semantics/test_windows.py::"
SUPPLY = "tests/semantics/test_supply.py::"
LIFETIMES = "tests/semantics/test_lifetimes.py::"
TRACES = "tests/semantics/test_golden_traces.py"
STREAMS = "tests/chance/test_streams.py::"
STATISTICS = "tests/statistics/test_statistics.py::"
EVERY_EVENT = "tests/properties/test_every_event.py::"
MEASURES = "tests/kpis/test_measures.py::"
PAGES = "tests/live/test_parity.py::"
ESTIMATES = "tests/live/test_estimates.py::test_estimates_of_random_samples"

MUTATIONS = {
    # when to order, and how much
    "trigger_below_s": Mutation(
        "policies/s_Q.py", "if short < 0.0:", "if short <= 0.0:",
        ORDERING + "test_s_Q_orders_at_or_below_s_and_as_many_Q_as_bring_it_above",
    ),
    "trigger_below_s_of_s_S": Mutation(
        "policies/s_S.py", "if watched > p[0] or", "if watched >= p[0] or", ORDERING + "test_s_S_orders_up_to_S_at_or_below_s"
    ),
    "planner_wakes_below_s": Mutation(
        "rules/stock.py", "if watched_quantity(sp) <= sp.wake_at", "if watched_quantity(sp) < sp.wake_at", ORDERING + "test_s_S_orders_up_to_S_at_or_below_s"
    ),
    "position_forgets_units_on_order": Mutation(
        "rules/position.py", "position: float = stock.on_hand + stock.unseen + stock.on_order - stock.backorders",
        "position: float = stock.on_hand + stock.unseen - stock.backorders",
        TRACES,
    ),
    "position_forgets_backorders": Mutation(
        "rules/position.py", "position: float = stock.on_hand + stock.unseen + stock.on_order - stock.backorders",
        "position: float = stock.on_hand + stock.unseen + stock.on_order",
        EVERY_EVENT + "test_base_stock_orders_exactly_what_left_since_its_last_order",
    ),
    "lots_end_at_s": Mutation(
        "policies/s_Q.py", "lots_in(short, p[1]) + 1.0 if p[2] == 0.0 else lots_covering", "lots_covering",
        ORDERING + "test_s_Q_orders_at_or_below_s_and_as_many_Q_as_bring_it_above",
    ),
    "order_multiple_rounded_down": Mutation(
        "rules/order.py", "lots_covering(quantity, sp.multiple)", "lots_in(quantity, sp.multiple)",
        ORDERING + "test_order_modifiers_apply_in_order",
    ),
    "lost_sales_enter_the_position": Mutation(
        "rules/customer.py", "        sp.lost += short\n", "        sp.lost += short\n        sp.backorders += short\n",
        ORDERING + "test_lost_sales_never_enter_the_position",
    ),
    "recent_demand_not_reset": Mutation(
        "rules/order.py", "sp.recent_demand = 0.0", "pass", WINDOWS + "test_a_forecast_hears_of_each_period_once"
    ),
    "protection_interval_one_period_long": Mutation(
        "policies/base.py", "interval -= self.demand_interval", "pass",
        "tests/policies/test_derivation.py::test_the_protection_interval_follows_the_review_convention",
    ),
    # the order of events at one instant
    "review_before_and_after_demand_swapped": Mutation(
        "rules/calendar.py", ".before_demand == 1 else", ".before_demand == 0 else",
        EVENTS + "test_review_before_demand_protects_one_period_more",
    ),
    "first_review_one_interval_late": Mutation(
        "engines/processes.py", "    at = first_review(world, sp)\n", "    at = next_review(world, sp, sp.offset)\n",
        TRACES,
    ),
    "demand_before_receipts": Mutation(
        "rules/phases.py", "\nDEMAND = 5 ", "\nDEMAND = 0 ", EVENTS + "test_a_receipt_meets_the_demand_of_its_own_instant"
    ),
    "upstream_decides_before_downstream": Mutation(
        "rules/calendar.py", 'rank = f"{sp}.rank"', 'rank = f"999 - {sp}.rank"',
        TRACES,
    ),
    "events_at_the_horizon_happen": Mutation(
        "engines/simpy_calendar.py", "stop = (end, key)", "stop = (end + 1, key)", EVENTS + "test_a_shipment_due_exactly_at_the_end_stays_on_its_way"
    ),
    "customers_overtake_those_who_wait": Mutation(
        "rules/customer.py", "    if sp.allocation == FIRST_COME:\n        return 0.0\n", "",
        ORDERING + "test_all_or_nothing_customers_are_served_complete",
    ),
    "patience_one_tick_long": Mutation(
        "rules/customer.py", "w.now + customer.patience", "w.now + customer.patience + 1",
        EVENTS + "test_who_leaves_goes_before_the_customers_of_that_instant",
    ),
    # terms of supply
    "price_beyond_its_break": Mutation(
        "rules/terms.py", ".start > quantity", ".start >= quantity", TERMS + "test_a_price_holds_for_all_units_of_an_order"
    ),
    "two_orders_open": Mutation(
        "rules/terms.py", "or sp.on_order <= 0.0))", "or True))", TERMS + "test_a_periodic_review_finds_the_order_open_and_passes"
    ),
    "planner_sleeps_through_the_receipt": Mutation(
        "rules/terms.py", "sp.on_order <= 0.0:\n        wake(w, p, sp)\n", "sp.on_order <= 0.0:\n        pass\n", TERMS + "test_one_open_order_waits_for_its_receipt"
    ),
    "stock_at_list_price": Mutation(
        "kpis/paid.py", "beyond = view.at_target(view.terms_flow(\"purchases\") - bought(view))", "beyond = 0.0 * ordered",
        TERMS + "test_stock_costs_what_was_paid_for_it",
    ),
    "goods_counted_twice": Mutation(
        "kpis/money.py", " - view.total(view.at_target(bought(view))) * view.per_year", "",
        TERMS + "test_goods_bought_at_prices_take_the_place_of_their_unit_cost_in_the_margin",
    ),
    # decay and disruptions
    "new_goods_do_not_hasten_decay": Mutation(
        "rules/records.py", "    expect_decay(w, sp.ledger)\n", "", DECAY + "test_a_planner_on_watch_orders_again_what_decays"
    ),
    "decay_is_a_secret": Mutation(
        "rules/decay.py", "        position_falls(w, p, sp, quantity)\n", "", DECAY + "test_a_planner_on_watch_orders_again_what_decays"
    ),
    "decay_starts_anew_at_each_look": Mutation(
        "rules/decay.py", "    ledger.decay_due += ledger.decay *", "    ledger.decay_due = ledger.decay *",
        DECAY + "test_what_is_sold_decays_no_more",
    ),
    "the_curve_is_a_line": Mutation(
        "rules/fade.py", "    if rate <= 0.0:\n", "    if rate <= 1.0:\n",
        DECAY + "test_a_flow_runs_dry_on_its_curve_and_what_is_lost_is_the_rest",
    ),
    "what_is_owed_decays": Mutation(
        "rules/flow.py", "    if sp.down > 0 or sp.customer_backorders <= 0.0:\n        area", "    if True:\n        area",
        DECAY + "test_a_backlog_does_not_decay",
    ),
    "a_pause_ends_unnoticed": Mutation(
        "rules/terms.py", "    if terms.paused == 0:\n        wake(w, p, sp)\n", "",
        DISRUPTIONS + "test_it_looks_when_the_pause_ends_and_not_at_the_next_customer",
    ),
    "planners_count_on_what_is_destroyed": Mutation(
        "rules/outage.py", "        position_falls(w, p, sp, quantity)\n", "",
        DISRUPTIONS + "test_what_is_destroyed_is_ordered_again_at_once",
    ),
    "held_goods_move_on": Mutation(
        "rules/move.py", "    lane.standstill += more\n", "",
        DISRUPTIONS + "test_goods_under_way_stay_where_they_are_and_go_on_with_what_was_left",
    ),
    "what_is_sent_is_not_held": Mutation(
        "rules/move.py", "due = max(w.now, lane.still_until) + ticks", "due = w.now + ticks",
        DISRUPTIONS + "test_what_is_sent_while_goods_are_held_sets_out_when_that_is_over",
    ),
    "two_holds_add_up": Mutation(
        "rules/move.py", "more = until - max(w.now, lane.still_until)", "more = until - w.now",
        DISRUPTIONS + "test_goods_are_held_once_where_two_hold_them",
    ),
    "held_goods_are_overtaken": Mutation(
        "rules/move.py", "        lane.last_arrival += more\n", "        pass\n",
        DISRUPTIONS + "test_nothing_overtakes_what_is_held_where_nothing_may",
    ),
    "lead_times_stay_long": Mutation(
        "rules/outage.py", "if other.in_force > 0 and other.stretches", "if other.stretches",
        DISRUPTIONS + "test_lead_times_that_begin_in_it_are_longer_and_no_others",
    ),
    "an_end_sets_nothing_off": Mutation(
        "rules/outage.py", "    set_off(w, u, 1)\n", "", DISRUPTIONS + "test_what_was_set_off_sets_off_what_comes_after_it"
    ),
    # records
    "planner_sees_the_shelf": Mutation(
        "rules/position.py", "position: float = stock.on_hand + stock.unseen + stock.on_order",
        "position: float = stock.on_hand + stock.on_order",
        RECORDS + "test_the_planner_reads_the_books_and_the_customer_meets_the_shelf",
    ),
    "a_loss_is_seen": Mutation(
        "rules/records.py", "        move_apart(w, i, sp, quantity)\n", "", RECORDS + "test_stock_that_is_there_on_paper_only_freezes_the_order"
    ),
    "counted_after_receipts": Mutation(
        "rules/happenings.py", '_of(at.COUNT_DUE, "ledger", at.ENVIRONMENT', '_of(at.COUNT_DUE, "ledger", at.DISPATCH',
        RECORDS + "test_the_planner_reads_the_books_and_the_customer_meets_the_shelf",
    ),
    "echelons_do_not_hear_of_counts": Mutation(
        "rules/records.py", "sp.ancestors, by)", "sp.ancestors, 0.0)", RECORDS + "test_a_count_at_a_store_is_seen_by_who_watches_its_echelon"
    ),
    # supply
    "lead_time_one_tick_long": Mutation(
        "rules/move.py", "lane.still_until) + ticks\n", "lane.still_until) + ticks + 1\n",
        EVENTS + "test_a_receipt_meets_the_demand_of_its_own_instant",
    ),
    "lead_time_one_period_long": Mutation(
        "rules/move.py", "lane.still_until) + ticks\n", "lane.still_until) + ticks + 1_000_000_000\n",
        TRACES,
    ),
    "no_crossing_looks_at_the_wrong_shipment": Mutation(
        "rules/move.py", "    if due > lane.last_arrival:\n        lane.last_arrival = due\n", "    lane.last_arrival = due - ticks\n",
        EVERY_EVENT + "test_every_shipment_arrives_once_and_exactly_its_lead_time_later",
    ),
    "a_departure_just_reached_is_missed": Mutation(
        "rules/departures.py",
        "            while lane.next_departure < ready:\n                k += 1\n",
        "            while lane.next_departure <= ready:\n                k += 1\n",
        "tests/semantics/test_departures.py",
    ),
    "orders_cross_though_forbidden": Mutation(
        "rules/move.py", "lane.no_crossing == 1", "lane.no_crossing == 2",
        ORDERING + "test_orders_do_not_cross_when_crossing_is_forbidden",
    ),
    "remainder_to_the_wrong_rank": Mutation(
        "rules/allocate.py", "rank < best_rank", "rank > best_rank",
        EVENTS + "test_simultaneous_orders_share_by_the_allocation_rule",
    ),
    "unused_capacity_is_kept": Mutation(
        "rules/make.py", "w.resources[r].left = w.resources[r].capacity", "w.resources[r].left += w.resources[r].capacity",
        SUPPLY + "test_capacity_not_used_is_gone",
    ),
    "a_site_that_is_down_ships": Mutation(
        "rules/serve.py", "if sp.down > 0 or sp.head < 0:", "if sp.head < 0:", SUPPLY + "test_nothing_leaves_a_site_that_is_down"
    ),
    "lifetime_one_tick_long": Mutation(
        "rules/movement.py", "shipment.good, w.now + life_of(w, sp))", "shipment.good, w.now + life_of(w, sp) + 1)",
        LIFETIMES + "test_what_was_received_is_gone_after_its_lifetime_before_demand_comes",
    ),
    "initial_stock_lasts_one_tick_long": Mutation(
        "rules/shelf.py", "expires = w.now + life_of(w, sp)", "expires = w.now + life_of(w, sp) + 1",
        LIFETIMES + "test_a_lifetime_of_m_is_m_periods_of_demand",
    ),
    # the books
    "integral_advanced_after_the_change": Mutation(
        "rules/movement.py",
        "    advance(sp, w.now)\n    sp.on_hand += shipment.good\n",
        "    sp.on_hand += shipment.good\n    advance(sp, w.now)\n",
        WINDOWS + "test_ready_rate_and_fill_rate_are_different_things",
    ),
    "backlog_dropped_at_the_horizon": Mutation(
        "rules/customer.py", "w.waiting[p] += claim.remaining", "pass", WINDOWS + "test_the_fate_of_a_unit_counts_when_it_was_demanded"
    ),
    "window_begins_one_bucket_late": Mutation(
        "rules/bucket.py", "return w.edges[b] >= w.warm_up and", "return w.edges[b] > w.warm_up and",
        WINDOWS + "test_buckets_are_aligned_to_the_end_of_the_warm_up",
    ),
    "demand_at_the_end_of_the_warm_up_left_out": Mutation(
        "rules/serve.py", "if claim.joined >= w.warm_up:", "if claim.joined > w.warm_up:",
        WINDOWS + "test_the_fate_of_a_unit_counts_when_it_was_demanded",
    ),
    "audit_tolerates_a_hundredth": Mutation(
        "record/audit.py", "TOLERANCE = 1e-9", "TOLERANCE = 1e-2",
        "tests/kpis/test_audit.py::test_whole_units_balance_exactly_and_divisible_ones_nearly",
    ),
    "lost_sales_not_counted": Mutation(
        "rules/customer.py", "        sp.lost += short\n", "        sp.lost += 0.0\n",
        "tests/properties/test_conservation.py::test_units_are_conserved_at_every_stock_point",
    ),
    # measures and money
    "fill_rate_is_the_ready_rate": Mutation(
        "kpis/service.py", 'return ratio(view.units("filled", "requested_filled"), view.demanded)', "return ready_rate(view)",
        MEASURES + "test_measure_by_hand",
    ),
    "bullwhip_upside_down": Mutation(
        "kpis/variability.py", "ratio(view.variance(view.placed_orders), view.variance(view.upstream_received))",
        "ratio(view.variance(view.upstream_received), view.variance(view.placed_orders))",
        "tests/properties/test_monotonicity.py::test_ordering_in_lots_amplifies",
    ),
    "order_cost_per_shipment": Mutation(
        "kpis/money.py", 'quantity=lambda view: view.lane_flow("orders")',
        'quantity=lambda view: view.lane_flow("shipments")', MEASURES + "test_money_by_hand",
    ),
    "fill_rate_counts_backfills": Mutation(
        "kpis/service.py", 'return ratio(view.units("filled", "requested_filled"), view.demanded)',
        'return ratio(view.units("filled", "requested_filled") + view.units("backfilled"), view.demanded)',
        WINDOWS + "test_ready_rate_and_fill_rate_are_different_things",
    ),
    "holding_on_transit_nobody_owns": Mutation(
        "plan/layout.py", "owner.append(-1 if charged >= 0 and network.unlimited[charged] else charged)",
        "owner.append(way.target)", WINDOWS + "test_stock_in_transit_is_charged_to_its_owner",
    ),
    "backorder_cost_on_orders_between_sites": Mutation(
        "kpis/money.py", '"customer_backorders", "customer_backorder_time"', '"backorders", "backorder_time"',
        "tests/kpis/test_measures.py::test_money_by_hand",
    ),
    # chance and statistics
    "draws_ignore_the_replication": Mutation(
        "chance/streams.py", "words = _words(key, replication, first", "words = _words(key, 0, first",
        STREAMS + "test_other_names_seeds_and_replications_give_other_numbers",
    ),
    "stream_key_ignores_the_name": Mutation(
        "chance/streams.py", "str(seed), *name):", "str(seed)):", STREAMS + "test_other_names_seeds_and_replications_give_other_numbers"
    ),
    "streams_named_by_their_order": Mutation(
        "chance/book.py", "stream_key(self.seed, *name)", "stream_key(self.seed, str(len(self._streams)))",
        "tests/properties/test_structure.py::test_a_far_store_and_an_idle_store_leave_the_others_unchanged",
    ),
    "quantities_cut_not_rounded": Mutation(
        "chance/book.py", "np.floor(np.maximum(x, 0.0) + 0.5)", "np.floor(np.maximum(x, 0.0))",
        "tests/chance/test_book.py::test_rounding_cuts_at_0_and_rounds_half_up",
    ),
    "interval_one_sided": Mutation(
        "statistics/estimate.py", "0.5 * (1.0 + level)", "level", STATISTICS + "test_interval_is_that_of_scipy"
    ),
    "not_a_number_is_accepted": Mutation(
        "scenario/kinds.py", "if not -LARGEST <= value <= LARGEST:", "if value < -LARGEST or value > LARGEST:",
        "tests/scenario/test_values.py",
    ),
    "names_are_markup": Mutation(
        "report/html.py", "autoescape=True", "autoescape=False",
        "tests/report/test_page.py::test_names_are_text_wherever_they_stand",
    ),
    # the engine in the page
    "page_divides_a_variance_by_n": Mutation(
        "live/engine/measures.js", "return squares / (n - 1);", "return squares / n;", PAGES + "test_a_scenario_in_a_page"
    ),
    "page_keeps_the_series_of_the_replication_before": Mutation(
        "live/engine/machine.js", "this.i8.fill(0n, this.keptAt, this.keptAt + this.keptWords);", "", PAGES + "test_a_scenario_in_a_page"
    ),
    "page_loses_rows_of_a_pool_that_grows": Mutation(
        "live/engine/machine.js", "this.i8.copyWithin(this.at[name], old, old + rows * width);", "", PAGES + "test_pools_grow_in_the_page"
    ),
    "page_writes_a_lever_one_word_too_far": Mutation(
        "live/engine/study.js", "Number(told[count + r]), end", "Number(told[count + r]) + 1, end",
        "tests/live/test_levers.py::test_a_position_is_its_plan",
    ),
    "page_jackknife_of_one_replication_too_many": Mutation(
        "live/engine/estimates.js", "Math.sqrt((n - 1) / n * fsum(left", "Math.sqrt(fsum(left", ESTIMATES
    ),
    "page_tells_a_share_on_the_plain_scale": Mutation(
        "live/engine/estimates.js", "all - n, logitEnds(ratio, half));", "all - n);", ESTIMATES
    ),
    "page_takes_a_patch_for_another_place": Mutation(
        "live/memory.py", "row[np.searchsorted(places, where)] = there", "row[np.searchsorted(places, where) - 1] = there",
        "tests/live/test_levers.py::test_a_position_is_its_plan",
    ),
}  # fmt: skip


class Outcome(NamedTuple):
    """What became of a fault: the first test that failed (empty: it survived), the seconds, and what else was said."""

    killed_by: str
    seconds: float
    trouble: str = ""


def problems(name: str) -> str:
    """Why the fault cannot be planted: its file no longer says what is to be changed. Empty when it can."""
    mutation = MUTATIONS[name]
    found = (ROOT / "src/chainsim" / mutation.file).read_text(encoding="utf-8").count(mutation.old)
    return "" if found == 1 else f"{mutation.file} says {found} times, not once: {mutation.old!r}"


def run(tests: Iterable[str], source: Path) -> subprocess.CompletedProcess[str]:
    """The tests on the package in `source`, up to the first that fails; nothing is left behind."""
    quiet = [
        "-x", "-q", "-rfE", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-n", "0",
        "--hypothesis-profile=first_failure",
    ]  # fmt: skip
    command = [sys.executable, "-m", "pytest", *quiet, *tests]
    with tempfile.TemporaryDirectory() as cache:
        ours = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1", "CHAINSIM_CACHE_DIR": cache}
        return subprocess.run(command, cwd=ROOT, env=ours, capture_output=True, text=True, timeout=300, check=False)


def plant(name: str) -> Outcome:
    """Copy the sources, break them, run the tests."""
    if problems(name):
        return Outcome("", 0.0, problems(name))
    mutation = MUTATIONS[name]
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "chainsim"
        shutil.copytree(ROOT / "src/chainsim", package)
        file = package / mutation.file
        file.write_text(file.read_text(encoding="utf-8").replace(mutation.old, mutation.new), encoding="utf-8")
        start = time.perf_counter()
        done = run(mutation.tests.split(), Path(folder))
        seconds = time.perf_counter() - start
    failed = re.search(r"^FAILED \S*?::(.*?)(?: - |$)", done.stdout, re.MULTILINE)
    if done.returncode == 1 and failed:
        return Outcome(failed[1], seconds)
    if done.returncode == 0:
        return Outcome("", seconds)
    return Outcome("", seconds, f"pytest could not run: {(done.stdout + done.stderr).strip()[-300:]}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Break one rule at a time and see a test fail.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="faults to plant; default: all")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1), help="so many at a time")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in MUTATIONS]
    if unknown:
        print(f"no such fault: {', '.join(unknown)}; --list shows what there is", file=sys.stderr)
        return 2
    names = given.names or list(MUTATIONS)
    width = max(map(len, names))
    if given.list:
        for name in names:
            print(f"{name:{width}}  {MUTATIONS[name].file}: {MUTATIONS[name].tests}")
        return 0
    tests = sorted({test for name in names for test in MUTATIONS[name].tests.split()})
    right = run(tests, ROOT / "src")
    if right.returncode != 0:
        print(f"the tests must pass without any fault, but:\n{right.stdout}{right.stderr}")
        return 1
    print(f"{'fault':{width}}  seconds  noticed by")
    survivors = 0
    with ThreadPoolExecutor(max(1, given.jobs)) as pool:
        for name, outcome in zip(names, pool.map(plant, names), strict=True):
            survivors += not outcome.killed_by
            verdict = outcome.killed_by or f"SURVIVED {outcome.trouble}".rstrip()
            print(f"{name:{width}}  {outcome.seconds:7.1f}  {verdict}", flush=True)
    print(f"{len(names) - survivors} of {len(names)} faults noticed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
