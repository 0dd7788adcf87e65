"""Disruptions beyond outages of shipments, worked by hand (docs/semantics.md, "Demand, surges, outages")."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.errors import ScenarioError
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.follow import follow
from chainsim.record.record import Record
from chainsim.record.recount import recount
from chainsim.scenario.load import load_text

from .stage import HEAD, demand_rows, log_of, point, series, stage, total
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10, divisible: DIVISIBLE}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, LANE}]
stock: [{site: shop, initial: {INITIAL}}]
demand: [{site: shop, product: p, DEMAND, unmet: lost}]
disruptions: [DISRUPTIONS]
policies: {only: {POLICY}}
"""
ON_WATCH = "type: base_stock, order_up_to_level: 10"
TWO_A_PERIOD = "type: history, file: demand.csv, column: p, on_end: zero"
PAUSE = "{type: outage, site: shop, stops: orders, start: 2, duration: 3}"


def shop(
    tmp_path: Path,
    disruptions: str,
    policy: str = ON_WATCH,
    demand: str = TWO_A_PERIOD,
    divisible: bool = False,
    lane: str = "lead_time: 1",
    initial: str = "on_hand: 10",
    horizon: int = 9,
) -> tuple[Plan, Record]:
    demand_rows(tmp_path, [2.0] * horizon)
    text = SHOP.replace("DISRUPTIONS", disruptions).replace("POLICY", policy).replace("DEMAND", demand)
    text = text.replace("LANE", lane).replace("INITIAL", initial)
    plan, record = stage(text.replace("DIVISIBLE", str(divisible).lower()), horizon=horizon, folder=tmp_path)
    assert violations(record, plan) == []
    return plan, record


def orders(plan: Plan, record: Record) -> list[tuple[float, float]]:
    """(period, units) of each order."""
    return [(line.tick / plan.clock.ticks_per_unit, line.quantity) for line in log_of(record, "order")]


def test_while_orders_are_paused_a_planner_on_watch_orders_nothing_and_at_the_end_looks(tmp_path: Path) -> None:
    """From 2 to 5: what was ordered at 1 still comes at 2. At 5, after that instant's customer, 8 are ordered for the four since."""
    plan, record = shop(tmp_path, PAUSE)
    assert series(plan, record, "ordered", "shop") == [2, 2, 0, 0, 0, 8, 2, 2, 2]
    assert series(plan, record, "on_hand", "shop") == [8, 8, 8, 6, 4, 2, 8, 8, 8]


def test_it_looks_when_the_pause_ends_and_not_at_the_next_customer(tmp_path: Path) -> None:
    """Until 4.5: 6 for the three customers since."""
    plan, record = shop(tmp_path, PAUSE.replace("duration: 3", "duration: 2.5"))
    assert orders(plan, record)[:4] == [(0, 2), (1, 2), (4.5, 6), (5, 2)]


def test_a_planner_by_the_calendar_decides_at_the_next_review(tmp_path: Path) -> None:
    """Reviews at 0, 2, 4, 6, 8: those of 2 and 4 place nothing, and nobody looks at 5. The customers of 1 to 5 took all there was."""
    plan, record = shop(tmp_path, PAUSE, "type: R_S, review_interval: 2, order_up_to_level: 10")
    assert series(plan, record, "ordered", "shop") == [2, 0, 0, 0, 0, 0, 10, 0, 4]


def test_of_two_pauses_that_overlap_the_last_to_end_counts(tmp_path: Path) -> None:
    again = "{type: outage, name: strike, site: shop, stops: orders, start: 4, duration: 2}"
    plan, record = shop(tmp_path, f"{PAUSE}, {again}")
    assert series(plan, record, "ordered", "shop") == [2, 2, 0, 0, 0, 0, 10, 2, 2]


FIRE = "{type: outage, site: shop, stops: nothing, destroys: 50%, start: 3, duration: 1}"


def test_stock_destroyed_is_gone_before_anything_else_of_that_instant(tmp_path: Path) -> None:
    """At 3 half of 8 is lost, before the 2 of that instant come and are sold; the planner orders 4 more with the 2."""
    plan, record = shop(tmp_path, FIRE)
    assert series(plan, record, "on_hand", "shop") == [8, 8, 8, 4, 8, 8, 8, 8, 8]
    assert series(plan, record, "ordered", "shop") == [2, 2, 2, 6, 2, 2, 2, 2, 2]
    assert total(plan, record, "destroyed", "shop") == 4.0
    assert kpi(plan, record, "destroyed_per_year") == pytest.approx(4 / 9)
    assert kpi(plan, record, "destruction_cost") == pytest.approx(40 / 9)
    assert recount(record, plan).cost == pytest.approx(kpi(plan, record, "total_cost"))
    found = follow(record, plan, point(plan, "shop"), every=plan.clock.ticks_per_unit, until=plan.clock.end)
    assert [row.destroyed for row in found.periods] == [0, 0, 0, 4, 0, 0, 0, 0, 0]
    assert "4 are destroyed at shop; 4 on hand" in [line.words for line in found.told]


def test_what_is_destroyed_is_ordered_again_at_once(tmp_path: Path) -> None:
    """Half of 8 at 3.5, between two customers."""
    plan, record = shop(tmp_path, FIRE.replace("start: 3", "start: 3.5"))
    assert orders(plan, record)[3:6] == [(3, 2), (3.5, 4), (4, 2)]


def test_of_whole_units_the_nearest_number_is_destroyed(tmp_path: Path) -> None:
    """30 % of 8 are 2.4."""
    plan, record = shop(tmp_path, FIRE.replace("50%", "30%"))
    assert total(plan, record, "destroyed", "shop") == 2.0


def test_a_flow_goes_on_from_what_is_left(tmp_path: Path) -> None:
    """10 less 2 a period: half of 4 is lost at 3, and the other half lasts until 4."""
    policy = "type: s_Q, reorder_point: -100, order_quantity: 8"
    plan, record = shop(tmp_path, FIRE, policy, "type: flow, rate: 2", divisible=True)
    assert total(plan, record, "destroyed", "shop") == pytest.approx(2)
    assert series(plan, record, "on_hand", "shop")[:5] == pytest.approx([8, 6, 4, 0, 0])
    assert total(plan, record, "stocked_time", "shop") == pytest.approx(4 * plan.clock.ticks_per_unit)


def receipts(plan: Plan, record: Record) -> list[float]:
    """When goods were received."""
    return [line.tick / plan.clock.ticks_per_unit for line in log_of(record, "receive")]


SLOW = "{type: outage, lane: {from: supplier, to: shop}, stops: nothing, stretches: 2.5, start: 2, duration: 2}"


@pytest.mark.parametrize(
    "where", ["lane: {from: supplier, to: shop}", "lane: {to: shop}", "lane: {from: supplier}", "site: supplier"]
)
def test_lead_times_that_begin_in_it_are_longer_and_no_others(where: str, tmp_path: Path) -> None:
    """What is sent at 2 and 3 takes 2.5 days; what was sent at 1 comes at 2, and what is sent at 4 at 5, before the other."""
    plan, record = shop(tmp_path, SLOW.replace("lane: {from: supplier, to: shop}", where))
    assert receipts(plan, record) == [1, 2, 4.5, 5, 5.5, 6, 7, 8]
    assert series(plan, record, "on_hand", "shop") == [8, 8, 8, 6, 6, 8, 8, 8, 8]


def test_what_is_sent_while_two_are_in_force_takes_the_product_of_their_factors(tmp_path: Path) -> None:
    """Sent at 2: 2 days, at 3: 2 × 1.5, at 4: 1.5, at 5: 1."""
    first = SLOW.replace("2.5", "2")
    second = (
        SLOW.replace("2.5", "1.5").replace("type: outage", "type: outage, name: fog").replace("start: 2", "start: 3")
    )
    plan, record = shop(tmp_path, f"{first}, {second}")
    assert receipts(plan, record) == [1, 2, 4, 5.5, 6, 6, 7, 8]


def test_the_way_of_the_order_is_not_stretched_and_processing_is(tmp_path: Path) -> None:
    """Each order is a day in the post. That of 1 is handed over at 2: 4 days for 2. That of 2 is handed over at 3, when all is over."""
    twice = SLOW.replace("2.5", "2").replace("duration: 2", "duration: 1")
    plan, record = shop(tmp_path, twice, lane="lead_time: 1, processing: 1, order_lag: 1")
    assert receipts(plan, record) == [3, 5, 6, 6, 7, 8]


def test_of_a_plant_the_lead_time_of_its_production_is_longer(tmp_path: Path) -> None:
    """What is begun at 2 takes 3 days."""
    slow = "{type: outage, site: plant, stops: nothing, stretches: 3, start: 2, duration: 1}"
    text = SHOP.replace("DISRUPTIONS", slow).replace("POLICY", ON_WATCH).replace("DEMAND", TWO_A_PERIOD)
    text = text.replace(
        "supplier: {kind: supplier}, shop: {kind: store}", "plant: {kind: plant, production: {lead_time: 1}}"
    )
    text = text.replace("lanes: [{from: supplier, to: shop, LANE}]\n", "").replace("site: shop", "site: plant")
    text = text.replace("INITIAL", "on_hand: 10")
    demand_rows(tmp_path, [2.0] * 9)
    plan, record = stage(text.replace("DIVISIBLE", "false"), horizon=9, folder=tmp_path)
    assert violations(record, plan) == []
    assert receipts(plan, record) == [1, 2, 4, 5, 5, 6, 7, 8]


HELD = "{type: outage, lane: {from: supplier, to: shop}, holds: true, start: 4, duration: 2}"


def test_goods_under_way_stay_where_they_are_and_go_on_with_what_was_left(tmp_path: Path) -> None:
    """Three days on the way, closed from 4 to 6. What was due at 4, 5 and 6 comes two days later; orders of 4 and 5 leave at 6."""
    plan, record = shop(tmp_path, HELD, lane="lead_time: 3")
    assert receipts(plan, record) == [3, 6, 7, 8]
    assert series(plan, record, "on_hand", "shop") == [8, 6, 4, 4, 2, 0, 0, 0, 0]
    days = float(record.closing["lanes"]["lead_ticks"].sum()) / plan.clock.ticks_per_unit
    assert (
        days == 2 * 3 * 9 + 2 * 2 * 3
    )  # nine shipments of two units and three days, of which three were held for two days


def test_what_is_sent_while_goods_are_held_sets_out_when_that_is_over(tmp_path: Path) -> None:
    """A day and a half on the way, from 4 to 6 the border is closed, and the supplier sends all the same: what he sent at 3 has half a
    day left, what he sends at 4, 5 and 6 comes at 7.5."""
    plan, record = shop(tmp_path, HELD.replace("holds", "stops: nothing, holds"), lane="lead_time: 1.5")
    assert receipts(plan, record) == [1.5, 2.5, 3.5, 6.5, 7.5, 7.5, 7.5, 8.5]


def test_goods_are_held_once_where_two_hold_them(tmp_path: Path) -> None:
    """From 4 to 6 and from 5 to 7: three days. What was sent at 3 has half a day left."""
    again = HELD.replace("type: outage", "type: outage, name: again").replace("start: 4", "start: 5")
    plan, record = shop(tmp_path, f"{HELD}, {again}", lane="lead_time: 1.5")
    assert receipts(plan, record) == [1.5, 2.5, 3.5, 7.5, 8.5, 8.5, 8.5, 8.5]


def test_three_holds_that_overlap_hold_for_the_time_they_cover(tmp_path: Path) -> None:
    """From 4 to 6, 5 to 5.5 and 6 to 7: three days for what is under way; what is sent from 4 to 7 comes at 10. The customer of 6 is lost."""
    rest = "lane: {to: shop}, stops: nothing, holds: true"
    times = ("4, duration: 2", "5, duration: 0.5", "6, duration: 1")
    held = ", ".join(f"{{type: outage, name: n{k}, {rest}, start: {at}}}" for k, at in enumerate(times))
    plan, record = shop(tmp_path, held, lane="lead_time: 3", horizon=12)
    assert receipts(plan, record) == [3, 7, 8, 9, 10, 10, 10, 11]


def test_what_would_take_no_time_waits_for_the_end_of_a_hold(tmp_path: Path) -> None:
    plan, record = shop(tmp_path, HELD.replace("holds", "stops: nothing, holds"), lane="lead_time: 0")
    assert receipts(plan, record) == [0, 1, 2, 3, 6, 6, 6, 7, 8]


@pytest.mark.parametrize("factor", ["1.0e+12", "1.0e+15"])
def test_a_lead_time_longer_than_any_run_never_ends(factor: str, tmp_path: Path) -> None:
    """Sent at 2 and 3, under both."""
    slow = SLOW.replace("2.5", factor)
    plan, record = shop(tmp_path, f"{slow}, {slow.replace('type: outage', 'type: outage, name: fog')}")
    assert receipts(plan, record) == [1, 2, 5, 6, 7, 8]


def test_what_was_under_way_at_the_start_is_held_as_well(tmp_path: Path) -> None:
    plan, record = shop(
        tmp_path,
        HELD.replace("start: 4, duration: 2", "start: 1, duration: 3"),
        lane="lead_time: 9",
        initial="on_hand: 10, shipments: [{from: supplier, quantity: 4, due: 2}]",
    )
    assert receipts(plan, record) == [5]


def test_nothing_overtakes_what_is_held_where_nothing_may(tmp_path: Path) -> None:
    """What is sent at 3 would take 4 days and is held for two: 9. What is sent at 6 and 7 takes one day, and must wait for it. The
    customer of 8 finds nothing and is lost: no order."""
    slow = SLOW.replace("2.5", "4").replace("start: 2, duration: 2", "start: 3, duration: 1")
    plan, record = shop(tmp_path, f"{slow}, {HELD}", lane="lead_time: 1, crossing: no", horizon=11)
    assert receipts(plan, record) == [1, 2, 3, 9, 9, 9, 9, 9, 10]


STRIKE = "{type: outage, name: strike, lane: {from: supplier, to: shop}, start: 2, duration: 1, every: 3}"
AFTERWARDS = "{type: outage, site: shop, stops: nothing, destroys: 50%, duration: 1, after: {name: strike, AFTER}}"


@pytest.mark.parametrize(
    ("after", "when"),
    [
        ("when: ends", [3, 6]),
        ("when: begins", [2, 5, 8]),
        ("lag: 0.5", [3.5, 6.5]),
        ("when: begins, lag: 4", [6]),
        ("probability: 0", []),
    ],
)
def test_an_outage_that_begins_or_ends_sets_another_off(after: str, when: list[float], tmp_path: Path) -> None:
    """The lane is closed from 2 to 3, from 5 to 6 and from 8 on."""
    plan, record = shop(tmp_path, f"{STRIKE}, {AFTERWARDS.replace('AFTER', after)}")
    assert [line.tick / plan.clock.ticks_per_unit for line in log_of(record, "destroy")] == when


def test_what_was_set_off_sets_off_what_comes_after_it(tmp_path: Path) -> None:
    """The strike ends at 3 and 6; a day later planners place nothing for a day; when that ends, half of what is there is lost."""
    pause = "{type: outage, name: muddle, site: shop, stops: orders, duration: 1, after: {name: strike, lag: 1}}"
    fire = AFTERWARDS.replace("name: strike, AFTER", "name: muddle")
    plan, record = shop(tmp_path, f"{STRIKE}, {pause}, {fire}")
    assert [line.tick / plan.clock.ticks_per_unit for line in log_of(record, "destroy")] == [5, 8]
    assert 4 not in [at for at, _ in orders(plan, record)]
    assert 7 not in [at for at, _ in orders(plan, record)]


def test_a_cascade_of_one_instant_goes_by_its_causes_and_not_by_its_names(tmp_path: Path) -> None:
    """At 2, in no time: 8 on hand, then 4, 2 and 1; a day later the rest."""
    fire = "{type: outage, name: NAME, site: shop, stops: nothing, destroys: 50%, duration: 0, AFTER}"
    chain = [
        fire.replace("NAME", name).replace("AFTER", after)
        for name, after in (
            ("z", "start: 2"),
            ("m", "after: {name: z, when: begins}"),
            ("a", "after: {name: m}"),
            ("b", "after: {name: m, lag: 1}"),
            ("c", "after: {name: m, probability: 0}"),
        )
    ]
    plan, record = shop(tmp_path, ", ".join(chain))
    told = [(line.tick / plan.clock.ticks_per_unit, line.quantity) for line in log_of(record, "destroy")]
    assert [at for at, _ in told] == [2, 2, 2, 3]
    assert [units for _, units in told[:3]] == [4, 2, 1]


def test_chance_decides_each_time_anew(tmp_path: Path) -> None:
    """3,000 strikes, of which 30 % bring a fire: 900, give or take 25; four times that is allowed."""
    fire = AFTERWARDS.replace("AFTER", "probability: 30%").replace("50%", "100%")
    _, record = shop(tmp_path, f"{STRIKE}, {fire}", horizon=9000)
    assert abs(len(log_of(record, "destroy")) - 900) <= 100


@pytest.mark.parametrize(
    ("disruption", "said"),
    [
        ("{type: outage, site: shop, stops: nothing, start: 2, duration: 3}", "destroys nothing"),
        ("{type: outage, lane: {from: supplier, to: shop}, destroys: 0.2, start: 2, duration: 3}", "no stock on hand"),
        (
            "{type: outage, lane: {from: supplier, to: shop}, stops: orders, start: 2, duration: 3}",
            "a lane places no orders",
        ),
        (PAUSE, "its orders cannot be paused"),
        ("{type: outage, lane: {name: road}, start: 2, duration: 3}", "neither where the lanes come from"),
        (
            f"{STRIKE}, {AFTERWARDS.replace('strike, AFTER', 'strikes')}",
            "no outage is called 'strikes' .did you mean 'strike'",
        ),
        (
            "{type: outage, name: a, site: [supplier, shop], start: 2, duration: 3}, "
            "{type: outage, site: shop, duration: 3, after: {name: a}}",
            "'a' is the name of 2 outages: shop .a., supplier .a.",
        ),
        ("{type: outage, name: a, site: shop, duration: 3, after: {name: a}}", "nothing starts it"),
        ("{type: outage, site: shop, duration: 3}", "set off by another"),
        (
            "{type: outage, name: a, site: supplier, start: 2, duration: 3}, "
            "{type: outage, site: shop, duration: 3, known: true, after: {name: a}}",
            "is a surprise",
        ),
    ],
)
def test_what_is_refused(disruption: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=said):
        shop(
            tmp_path,
            disruption,
            "type: s_Q, reorder_point: 2, order_quantity: 8",
            "type: flow, rate: 2",
            divisible=True,
        )


@pytest.mark.parametrize("does", ["holds: true", "stretches: 2"])
@pytest.mark.parametrize(("where", "warned"), [("site: shop", 1), ("site: supplier", 0), ("lane: {to: shop}", 0)])
def test_a_site_that_no_lane_leads_from_is_warned_of(does: str, where: str, warned: int) -> None:
    """Who writes the shop means the lanes into it."""
    text = SHOP.replace("DISRUPTIONS", f"{{type: outage, {where}, stops: nothing, {does}, start: 2, duration: 1}}")
    text = (
        text.replace("POLICY", ON_WATCH)
        .replace("DEMAND", "type: per_period, quantity: 2")
        .replace("LANE", "lead_time: 1")
    )
    text = text.replace("DIVISIBLE", "false").replace("INITIAL", "on_hand: 10")
    read = load_text(HEAD.replace("HORIZON", "9").replace("REVIEW", "after_demand") + text, "case.yaml", None)
    assert sum("no lane leads from shop" in str(finding) for finding in read.warnings) == warned


def test_of_what_is_set_off_nothing_is_said_where_its_cause_is_wrong(tmp_path: Path) -> None:
    """There is an outage of that name."""
    chain = (
        "{type: outage, name: a, site: shop, duration: 1}, {type: outage, site: shop, duration: 1, after: {name: a}}"
    )
    with pytest.raises(ScenarioError) as error:
        shop(tmp_path, chain)
    assert "set off by another" in str(error.value)
    assert "no outage is called" not in str(error.value)


def test_a_circle_is_refused_beside_a_warning(tmp_path: Path) -> None:
    """A calendar that closes outside the run is warned of, before outages are read."""
    text = SHOP.replace("DISRUPTIONS", "{type: outage, name: a, site: shop, duration: 3, after: {name: a}}")
    text = text.replace("POLICY", ON_WATCH).replace("DEMAND", TWO_A_PERIOD).replace("INITIAL", "on_hand: 10")
    text = text.replace("DIVISIBLE", "false").replace("LANE", "lead_time: 1, shipping_days: {closed: [2020-01-01]}")
    head = "chainsim: 1\ntitle: t\ntime: {unit: day, start: 2024-01-01, horizon: 9}\nreplications: 1\nseed: 1\n"
    demand_rows(tmp_path, [2.0] * 9)
    with pytest.raises(ScenarioError, match="nothing starts it"):
        load_text(head + text, "case.yaml", tmp_path)


@pytest.mark.parametrize("lane", ["lead_time: 1, departures: {every: 2}", "lead_time: 1, shipping_days: [mon-fri]"])
@pytest.mark.parametrize("where", ["lane: {to: shop}", "site: supplier"])
def test_goods_that_go_by_a_timetable_cannot_be_held(where: str, lane: str, tmp_path: Path) -> None:
    text = HELD.replace("lane: {from: supplier, to: shop}", where)
    with pytest.raises(ScenarioError, match="go by departures or calendars, and cannot be held"):
        shop(tmp_path, text, lane=lane.replace("[mon-fri]", "{closed: [{from: 3, to: 4}]}"))
