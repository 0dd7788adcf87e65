"""P27–P34: what more stock, less time or more capacity does, path by path on the same customers where theory says so,
and on average only where it does not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chainsim.engines.base import simulate
from chainsim.kpis import measure
from chainsim.theory import newsvendor, serial
from chainsim.theory.lead_time_demand import LeadTimeDemand
from tests.fastest import ENGINE
from tests.semantics.stage import point, series, stage

from .single import CUSTOMERS, PERIOD, at, both, lines, path, plant, store

few = settings(max_examples=30, deadline=None)
LEVELS = st.integers(0, 20)
REVIEWS = st.sampled_from(["", ", review_interval: 1", ", review_interval: 2", ", review_interval: 2, offset: 0.5"])
LEADS = st.sampled_from(
    ["lead_time: 0", "lead_time: 2", "lead_time: 1.5", "lead_time: {dist: gamma, mean: 2, cv: 0.8}"]
)


@few
@given(CUSTOMERS, LEVELS, st.integers(1, 9), REVIEWS, LEADS)
def test_more_base_stock_is_that_much_more_net_stock_at_every_instant(
    demand: str, level: int, more: int, review: str, lead: str
) -> None:
    """P27: both start at S and order exactly what is demanded, so net inventory differs by ΔS always; hence more on hand,
    fewer backorders, no lower a fill rate."""
    few, many = (
        store(demand, f"type: base_stock, order_up_to_level: {S}{review}", supply=lead) for S in (level, level + more)
    )
    _, low, high = both(path(*few, "net"), path(*many, "net"))
    assert np.array_equal(high - low, np.full(len(low), float(more)))
    for name, sign in (("on_hand", 1), ("backorders", -1)):
        _, low, high = both(path(*few, name), path(*many, name))
        assert np.all(sign * (high - low) >= 0)
    i = point(few[0], "store")
    assert many[1].closing["points"]["filled"][i] >= few[1].closing["points"]["filled"][i]
    assert lines(few[1], "order") == lines(many[1], "order")


def test_more_base_stock_serves_more_on_average_under_lost_sales() -> None:
    """P28: not path by path (what is lost now leaves stock for later), but in the mean, beyond 4 standard errors."""
    rates = []
    for level in (4, 8, 12):
        plan, _ = store(
            "quantity: {dist: poisson, mean: 4}, unmet: lost",
            f"type: base_stock, order_up_to_level: {level}",
            horizon=300,
        )
        i = point(plan, "store")
        rows = [simulate(plan, r, engine=ENGINE).closing["points"][i] for r in range(12)]
        rates.append([row["filled"] / row["demanded"] for row in rows])
    for low, high in pairwise(rates):
        gain = np.subtract(high, low)
        assert gain.mean() > 4 * stats.sem(gain)


@few
@given(CUSTOMERS, LEVELS, st.sampled_from([0, 1, 1.5, 3]), st.sampled_from([0.5, 1, 2]))
def test_net_stock_is_the_level_less_the_demand_of_one_lead_time(
    demand: str, level: int, lead: float, longer: float
) -> None:
    """P29: continuous base stock, constant lead time: net(t) = S − D(t − L, t] at every instant; so a shorter lead time
    never leaves more backorders."""
    policy = f"type: base_stock, order_up_to_level: {level}"
    plan, record = store(demand, policy, supply=f"lead_time: {lead}")
    asked = np.array(lines(record, "demand") or [(0, 0.0)])
    total = np.concatenate([[0.0], np.cumsum(asked[:, 1])])
    net = path(plan, record, "net")

    def demanded(ticks: np.ndarray) -> np.ndarray:
        """Units demanded up to and at each tick."""
        return total[np.searchsorted(asked[:, 0], ticks, side="right")]

    assert np.array_equal(net[:, 1], level - (demanded(net[:, 0]) - demanded(net[:, 0] - lead * PERIOD)))
    slow = store(demand, policy, supply=f"lead_time: {lead + longer}")
    _, quick_owes, slow_owes = both(path(plan, record, "backorders"), path(*slow, "backorders"))
    assert np.all(quick_owes <= slow_owes)


@few
@given(CUSTOMERS, LEVELS, st.integers(1, 9), st.integers(1, 12), REVIEWS, LEADS)
def test_a_higher_reorder_point_and_start_shift_the_whole_path(
    demand: str, s: int, more: int, lot: int, review: str, lead: str
) -> None:
    """P30: (s, Q) starting δ higher with s higher by δ orders the same at the same instants; net inventory is δ more."""
    runs = [
        store(
            demand, f"type: s_Q, reorder_point: {s + d}, order_quantity: {lot}{review}", supply=lead,
            stock=f", initial: {{on_hand: {s + lot + d}}}",
        )
        for d in (0, more)
    ]  # fmt: skip
    assert lines(runs[0][1], "order") == lines(runs[1][1], "order")
    _, low, high = both(path(*runs[0], "net"), path(*runs[1], "net"))
    assert np.array_equal(high - low, np.full(len(low), float(more)))


@few
@given(CUSTOMERS, LEVELS, st.integers(1, 6), st.integers(1, 9), REVIEWS, st.sampled_from([0, 1, 2.5]))
def test_more_capacity_never_owes_more(
    demand: str, level: int, capacity: int, more: int, review: str, lead: float
) -> None:
    """P31: one plant on base stock; whatever it is asked, with more capacity it finishes no less by any instant."""
    runs = [
        plant(demand, f"type: base_stock, order_up_to_level: {level}{review}", f"lead_time: {lead}, capacity: {c}")
        for c in (capacity, capacity + more)
    ]
    _, slow, quick = both(path(*runs[0], "backorders"), path(*runs[1], "backorders"))
    assert np.all(quick <= slow)


@few
@given(st.floats(1.0, 30.0), st.floats(0.05, 2.0), st.floats(1.0, 20.0), st.floats(1.1, 4.0))
def test_dearer_holding_means_less_stock_and_dearer_shortage_more(
    mean: float, holding: float, shortage: float, factor: float
) -> None:
    """P32, for the optimisers: the newsvendor's level and those of Clark and Scarf."""
    demand = LeadTimeDemand(mean, 0.0, "poisson")

    def levels(h: float, b: float) -> list[float]:
        single = newsvendor.newsvendor(demand, b, h)
        line = serial.optimal_levels(serial.SerialSystem((1.0, 2.0), (h / 2, h / 2), b, mean / 3))
        return [single.level, *line.levels]

    usual = levels(holding, shortage)
    assert all(a <= b for a, b in zip(levels(holding * factor, shortage), usual, strict=True))
    assert all(a >= b for a, b in zip(levels(holding, shortage * factor), usual, strict=True))


POOLED = """
products: {p: {}}
sites: {supplier: {kind: supplier}, SITES}
lanes: [{from: supplier, to: [NAMES], lead_time: 2}]
demand: [DEMAND]
policies: {only: {type: base_stock, order_up_to_level: 0, rules: [RULES]}}
"""


@few
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=12, max_size=12),
    st.integers(0, 15),
    st.integers(0, 15),
)
def test_one_pooled_store_never_owes_more_than_two(
    tmp_path_factory: pytest.TempPathFactory, demand: list[tuple[int, int]], a: int, b: int
) -> None:
    """P33: (x + y)⁺ ≤ x⁺ + y⁺, at the end of every period, on the same customers."""
    folder: Path = tmp_path_factory.mktemp("pool")
    rows = ["period,a,b", *(f"{i},{x},{y}" for i, (x, y) in enumerate(demand))]
    (folder / "d.csv").write_text("\n".join(rows) + "\n")

    def stores(places: dict[str, str], levels: dict[str, int]) -> np.ndarray:
        entry = "{site: %s, product: p, type: history, file: d.csv, every: 1, column: %s, name: %s}"
        body = (
            POOLED.replace("SITES", ", ".join(f"{name}: {{kind: store}}" for name in levels))
            .replace("NAMES", ", ".join(levels))
            .replace("DEMAND", ", ".join(entry % (site, column, column) for column, site in places.items()))
            .replace(
                "RULES",
                ", ".join(f"{{site: {n}, type: base_stock, order_up_to_level: {S}}}" for n, S in levels.items()),
            )
        )
        plan, record = stage(body, folder=folder)
        return np.sum([series(plan, record, "backorders", name) for name in levels], axis=0)

    two = stores({"a": "here", "b": "there"}, {"here": a, "there": b})
    assert np.all(stores({"a": "all", "b": "all"}, {"all": a + b}) <= two)


@few
@given(CUSTOMERS, LEVELS, LEADS)
def test_one_for_one_ordering_passes_demand_on_as_it_is(demand: str, level: int, lead: str) -> None:
    """P34: base stock orders in each period what was demanded in it, so the bullwhip ratio is 1 exactly."""
    plan, record = store(demand, f"type: base_stock, order_up_to_level: {level}", supply=lead)
    assert series(plan, record, "ordered", "store") == series(plan, record, "demanded", "store")
    made = measure(record, plan, "network")
    assert made.values[0, made.ids.index("bullwhip")] == 1.0


@pytest.mark.parametrize("lot", [5, 20])
def test_ordering_in_lots_amplifies(lot: int) -> None:
    """P34: (s, Q) with Q well above one demand: the ratio is above 1 by more than 4 standard errors."""
    plan, _ = store(
        "quantity: {dist: poisson, mean: 4}", f"type: s_Q, reorder_point: 12, order_quantity: {lot}", horizon=200
    )
    ratios = []
    for r in range(10):
        made = measure(simulate(plan, r, engine=ENGINE), plan, "network")
        ratios.append(made.values[0, made.ids.index("bullwhip")])
    assert np.mean(ratios) - 4 * stats.sem(ratios) > 1


def test_the_path_after_an_instant_is_the_last_line_of_it() -> None:
    assert at(np.array([[0, 5.0], [10, 3.0]]), np.array([0, 9, 10, 11])).tolist() == [5, 5, 3, 3]
