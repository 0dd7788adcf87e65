"""P21–P26: other units, and other ways to say the same, change nothing but the units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainsim.kpis import measure
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from tests.semantics.stage import stage

from .networks import Document, changed, networks, run
from .scaling import dearer, larger, slower, with_prices
from .test_structure import by_name

few = settings(max_examples=12, deadline=None)
MONEY = (
    "carrying_cost", "ordering_cost", "transport_cost", "production_cost", "setup_cost", "shortage_cost", "emergency_cost",
    "transshipment_cost", "outdating_cost", "total_cost", "revenue", "margin",
)  # fmt: skip
powers_of_two = st.sampled_from([0.25, 0.5, 2.0, 4.0, 1024.0])


def values(plan: Plan, record: Record, *names: str) -> np.ndarray[Any, Any]:
    """Measures at every scope, one column per name."""
    made = measure(record, plan)
    return made.values[:, [made.ids.index(name) for name in names]]


@few
@given(networks(), powers_of_two, st.sampled_from([0.01, 3.0, 0.0]))
def test_all_money_times_c_gives_money_times_c(document: Document, power: float, other: float) -> None:
    """P21: exactly for a power of two, to rounding for any other number; 0 for 0; and not one event moves."""
    document = with_prices(document)
    plan, record = run(document)
    money = values(plan, record, *MONEY)
    for factor, tolerance in ((power, 0.0), (other, 1e-9)):
        other_plan, scaled = run(dearer(document, factor))
        assert scaled.log == record.log
        told = values(other_plan, scaled, *MONEY)
        if tolerance:
            assert told == pytest.approx(factor * money, rel=tolerance, abs=1e-9)
        else:
            assert np.array_equal(told, factor * money)


@few
@given(networks(), st.sampled_from(["order_cost", "unit_cost", "backorder", "emergency", "outdating"]))
def test_one_dearer_line_moves_only_its_own_cost(document: Document, line: str) -> None:
    """P21: each price is in one line of the costs (and in the total)."""
    document = with_prices(document)
    more = changed(document)
    if line in ("order_cost", "unit_cost"):
        for lane in more["lanes"]:
            lane[line] *= 2
        moved = {"order_cost": "ordering_cost", "unit_cost": "transport_cost"}[line]
        for site in document["sites"].values():  # production has prices of its own, in the same lines
            if "production" in site and line == "order_cost":
                site["production"]["order_cost"] = 0.0
        for site in more["sites"].values():
            if "production" in site and line == "order_cost":
                site["production"]["order_cost"] = 0.0
    else:
        more["costs"][line] *= 2
        moved = {"backorder": "shortage_cost", "emergency": "emergency_cost", "outdating": "outdating_cost"}[line]
    document["costs"]["lost_sale"] = more["costs"]["lost_sale"] = 0  # the other half of the shortage cost
    before, after = values(*run(document), *MONEY[:9]), values(*run(more), *MONEY[:9])
    expected = before.copy()
    expected[:, MONEY.index(moved)] *= 2
    assert np.array_equal(after, expected)


def same_events(other: Record, record: Record, factor: float) -> None:
    """The same lines, ticks × factor. A mean told in another unit may round a random time to the next tick, and gaps between
    customers add up: ticks agree to some hundreds."""
    assert record.log is not None
    assert other.log is not None
    assert [line[2:] for line in other.log] == [line[2:] for line in record.log]
    ticks = np.array([line.tick for line in record.log], float)
    assert np.abs(np.array([line.tick for line in other.log]) - factor * ticks).max(initial=0) < 500 * factor


SAME_UNITS = ("fill_rate", "on_hand_mean", "backorders_mean", "in_transit_mean", "ready_rate", "lost_sales_rate")


@few
@given(networks(), st.sampled_from([0.5, 2.0, 4.0]))
def test_all_times_times_k_give_the_same_units_and_money(document: Document, factor: float) -> None:
    """P22: every tick × k, the same units at each, the same money in all. Random times are rounded to ticks, and gaps
    between customers add up, so ticks agree to a few hundred billionths of a period; everything else to the last unit."""
    document = with_prices(document)
    document["time"]["periods_per_year"] = 1.0
    plan, record = run(document)
    other_plan, other = run(slower(document, factor))
    same_events(other, record, factor)
    told, before = values(other_plan, other, *MONEY, *SAME_UNITS), values(plan, record, *MONEY, *SAME_UNITS)
    assert told == pytest.approx(before, rel=1e-6, abs=1e-6, nan_ok=True)


@few
@given(networks())
def test_weeks_told_in_days_are_the_same_ticks(document: Document) -> None:
    """P22: another unit of time in the file, the same moments in the run."""
    document = with_prices(document)
    document["time"]["unit"] = "week"
    document["costs"]["holding_cost"] = document["costs"].pop("carrying_rate")
    days = slower(document | {"time": document["time"] | {"unit": "day"}}, 7)
    del days["time"]["periods_per_year"]
    plan, record = run(document)
    other_plan, other = run(days)
    same_events(other, record, 1)
    names = (*MONEY, *SAME_UNITS)
    assert values(other_plan, other, *names) == pytest.approx(values(plan, record, *names), rel=1e-9, nan_ok=True)


@few
@given(networks(), st.sampled_from([2, 3, 8]))
def test_all_quantities_times_k_give_k_times_the_units_for_the_same_money(document: Document, factor: int) -> None:
    """P23: a divisible product counted in smaller units. A machine makes one unit at a time, whatever a unit is, so
    machines stay out; and so do counts, which have no unit (Poisson), and sites that share among several below them (a
    share is rounded down to 10⁻⁹ of a unit, whatever a unit is)."""
    document = with_prices(document)
    above: set[str] = set()
    for lane in document["lanes"]:
        lane["from"] = "supplier" if lane["from"] in above else lane["from"]
        above.add(lane["from"])
    document["disruptions"] = [
        entry for entry in document["disruptions"] if "start" in entry
    ]  # of sites, by the calendar
    for product in document["products"].values():
        product["divisible"] = True
    for site in document["sites"].values():
        if site.get("allocation") != "priority":
            site.pop("allocation", None)
        for key in ("machines", "unit_time", "setup_time", "setup_cost"):
            site.get("production", {}).pop(key, None)
    for entry in document["demand"]:
        for key in ("quantity", "size"):
            if entry.get(key, {}).get("dist") in ("poisson", "negative_binomial", "discrete_uniform"):
                entry[key] = {"dist": "discrete", "values": [0, 1, 2, 7], "probabilities": [0.2, 0.3, 0.3, 0.2]}
    plan, record = run(document)
    other_plan, other = run(larger(document, factor))
    assert record.log is not None
    assert other.log is not None
    assert [line[:5] for line in other.log] == [line[:5] for line in record.log]
    here, there = np.array([line[5:9] for line in record.log]), np.array([line[5:9] for line in other.log])
    assert there == pytest.approx(factor * here, rel=1e-9, abs=1e-6)
    assert values(other_plan, other, *MONEY) == pytest.approx(values(plan, record, *MONEY), rel=1e-6, abs=1e-6)


HISTORY = st.lists(st.integers(0, 9), min_size=12, max_size=12)


def history(folder: Path, rows: list[list[int]], name: str = "demand.csv") -> None:
    """A demand history: one row per period, columns a, b, …"""
    columns = "abc"[: len(rows[0])]
    lines = [",".join(["period", *columns]), *(",".join(map(str, [i, *row])) for i, row in enumerate(rows))]
    (folder / name).write_text("\n".join(lines) + "\n")


CHAIN = """
products: {p: {}}
sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
lanes: [{from: supplier, to: dc, lead_time: 2}, {from: dc, to: store, lead_time: 1, order_lag: LAG}]
demand: [{site: store, product: p, type: history, file: demand.csv, column: a, every: 1, UNMET}]
policies: {only: {type: base_stock, order_up_to_level: 12, POLICY, rules: [{site: dc, type: s_S, reorder_point: 6, order_up_to_level: 14}]}}
"""
UNMET = st.sampled_from(["unmet: backorder", "unmet: lost", "unmet: patience, patience: 1.5", "unmet: emergency"])


def shifted(record: Record, ticks: int) -> list[tuple[float, ...]]:
    """The log, later."""
    assert record.log is not None
    return [(line.tick + ticks, *line[1:]) for line in record.log]


@few
@given(
    HISTORY,
    st.integers(1, 4),
    UNMET,
    st.sampled_from(["review_interval: 1", "review: after_demand"]),
    st.integers(0, 1),
)
def test_later_demand_gives_the_same_history_later(
    tmp_path_factory: pytest.TempPathFactory, demand: list[int], d: int, unmet: str, policy: str, lag: int
) -> None:
    """P24: a chain that starts full and waits d periods longer for its first customer does everything d periods later."""
    folder = tmp_path_factory.mktemp("shift")
    body = CHAIN.replace("LAG", str(lag)).replace("UNMET", unmet).replace("POLICY", policy)
    history(folder, [[q] for q in demand])
    _, now = stage(body, horizon=12, folder=folder)
    history(folder, [[0]] * d + [[q] for q in demand])
    _, later = stage(body, horizon=12 + d, folder=folder)
    assert later.log == tuple(shifted(now, d * 10**9))


@few
@given(networks(), st.sampled_from([(1, 2), (0, 1), (1.25, 0), (0.5, 0.5)]))
def test_a_cross_dock_in_a_lane_changes_nothing_behind_it(document: Document, times: tuple[float, float]) -> None:
    """P25: goods pass through a site without stock of its own that orders one for one; a + b is the old lead time."""
    a, b = times
    document = with_prices(document)
    for entry in document["disruptions"]:
        entry["site"] = "s1" if entry.pop("lane", None) or entry["site"] == "supplier" else entry["site"]
        entry.setdefault("name", str(len(entry)))
        for key in ("holds", "stretches", "after"):  # lead times of a site's own lanes, of which there is one more
            entry.pop(key, None)
    document["disruptions"] = document["disruptions"][:1]
    through = changed(document)
    for lane, longer in zip(document["lanes"], through["lanes"], strict=True):
        if lane["from"] == "supplier":
            for key in ("departures", "order_lag", "crossing", "fill"):
                lane.pop(key, None)
                longer.pop(key, None)
            lane["lead_time"], longer["lead_time"], longer["from"] = a + b, b, "zz_dock"
    through["sites"]["zz_dock"] = {"kind": "dock"}
    through["lanes"].append(
        {"from": "supplier", "to": "zz_dock", "lead_time": a, "products": list(document["products"])}
    )
    through["policies"]["only"]["rules"].append({"site": "zz_dock", "type": "base_stock", "order_up_to_level": 0})
    direct, behind = by_name(*run(document)), by_name(*run(through))
    for site, product in direct:
        if site != "supplier":
            assert behind[site, product] == direct[site, product]


@few
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=12, max_size=12), UNMET,
    st.sampled_from(["review_interval: 1", "review: after_demand"]),
)  # fmt: skip
def test_one_stream_of_customers_or_two_is_the_same_for_the_store(
    tmp_path_factory: pytest.TempPathFactory, demand: list[tuple[int, int]], unmet: str, policy: str
) -> None:
    """P26: the same customers told as one stream or as two."""
    folder = tmp_path_factory.mktemp("split")
    body = CHAIN.replace("LAG", "0").replace("POLICY", policy)
    line = next(line for line in body.splitlines() if line.startswith("demand"))
    entry = line.removeprefix("demand: [").removesuffix("]").replace("UNMET", unmet)
    two = f"demand: [{entry}, {entry.replace('column: a', 'column: b, name: other')}]"
    history(folder, [[a + b] for a, b in demand])
    plan, whole = stage(body.replace("UNMET", unmet), folder=folder)
    history(folder, [[a, b] for a, b in demand])
    _, parts = stage(body.replace(line, two), folder=folder)
    assert np.array_equal(parts.series, whole.series)
    for name in set(plan.points.dtype.names) - {"lines", "lines_filled", "sequence"}:
        assert np.array_equal(parts.closing["points"][name], whole.closing["points"][name]), name
