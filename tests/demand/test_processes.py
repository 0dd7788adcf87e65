"""Each demand process, worked by hand and against what is known of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chainsim.chance import families as f
from chainsim.chance.book import Streams
from chainsim.demand.ar1 import AutoRegressive
from chainsim.demand.arrivals import Arrivals
from chainsim.demand.base import DEMANDS, used_moments
from chainsim.demand.history import Replay
from chainsim.demand.level import Level
from chainsim.demand.per_period import PerPeriod
from chainsim.errors import ScenarioError
from chainsim.fields import info_of
from tests.demand.town import NAME, UNIT, context, run, table

WEEK = (1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 0.0)
HISTORY = {"daily.csv": table(soup=[3, 0, 5, 2], beans=[1, 1, 1, 1])}


def times(arrivals: list[tuple[int, float]]) -> list[float]:
    return [tick / UNIT for tick, _ in arrivals]


def quantities(arrivals: list[tuple[int, float]]) -> list[float]:
    return [quantity for _, quantity in arrivals]


def test_all_processes_are_registered_and_described() -> None:
    assert DEMANDS.names() == ["per_period", "arrivals", "ar1", "history", "flow"]
    for _, process in DEMANDS.items():
        assert all(info.meaning.endswith(".") for info in info_of(process).values())


# demand per period


def test_per_period_comes_at_offset_plus_k_times_every() -> None:
    process = PerPeriod(quantity=f.Constant(value=4.0), every=2.0, offset=0.5)
    assert run(process, context(7.0)) == [(UNIT // 2 + 2 * k * UNIT, 4.0) for k in range(4)]


def test_demand_every_tenth_of_a_period_does_not_drift() -> None:
    """P-SIM-3: 0.1 is no binary number, yet the 10·k-th demand is at time k to the tick."""
    arrivals = run(PerPeriod(quantity=f.Constant(value=1.0), every=0.1), context(1000.0))
    assert len(arrivals) == 10_000
    assert [tick for tick, _ in arrivals[::10]] == [k * UNIT for k in range(1000)]


def test_a_demand_at_the_end_of_the_run_is_not_in_it() -> None:
    assert times(run(PerPeriod(quantity=f.Constant(value=1.0)), context(3.0))) == [0.0, 1.0, 2.0]


def test_periods_of_no_demand_are_passed_over_but_their_draws_are_taken() -> None:
    some = f.Discrete(values=(0.0, 7.0), probabilities=(0.5, 0.5))
    arrivals = run(PerPeriod(quantity=some), context(400.0))
    assert set(quantities(arrivals)) == {7.0}
    here = context(400.0)
    stream = here.book.stream((*NAME, "quantity"), some)
    streams = Streams(here.book.arrays(), 0)
    drawn = [streams.draw(stream) for _ in range(400)]
    assert times(arrivals) == [float(k) for k, q in enumerate(drawn) if q > 0]


def test_whole_quantities_are_rounded_and_divisible_ones_are_not() -> None:
    process = PerPeriod(quantity=f.Normal(mean=1.0, sd=2.0))
    whole, divisible = run(process, context(500.0)), run(process, context(500.0, whole=False))
    assert all(q == int(q) > 0 for q in quantities(whole))
    assert all(q > 0 for q in quantities(divisible))
    assert any(q != int(q) for q in quantities(divisible))
    exact = dict(divisible)
    assert dict(whole) == {tick: math.floor(exact[tick] + 0.5) for tick in dict(whole)}


def test_a_season_scales_the_distribution_of_each_period() -> None:
    here = context(28.0, level=Level.weekly(WEEK, UNIT) * Level.step(14 * UNIT, 3.0))
    arrivals = run(PerPeriod(quantity=f.Constant(value=10.0)), here)
    by_day = dict(zip(times(arrivals), quantities(arrivals), strict=True))
    assert by_day == {d: 10.0 * WEEK[d % 7] * (3 if d >= 14 else 1) for d in range(28) if d % 7 != 6}


def test_seasonal_poisson_is_poisson_each_day() -> None:
    here = context(7 * 2000.0, level=Level.weekly(WEEK, UNIT))
    arrivals = run(PerPeriod(quantity=f.Poisson(mean=4.0)), here)
    saturday = np.zeros(2000)
    for day, quantity in zip(times(arrivals), quantities(arrivals), strict=True):
        assert day % 7 != 6
        if day % 7 == 5:
            saturday[int(day) // 7] = quantity
    assert saturday.mean() == pytest.approx(8.0, abs=4 * math.sqrt(8 / 2000))
    assert saturday.var() == pytest.approx(8.0, rel=0.15)


def test_facts_of_a_period() -> None:
    facts = PerPeriod(quantity=f.Poisson(mean=4.0), every=2.0).facts(context(100.0))
    assert (facts.mean_rate, facts.variance_rate, facts.interval) == (2.0, 2.0, 2.0)
    assert (facts.size_mean, facts.size_sd, facts.poisson) == (4.0, 2.0, True)
    seasonal = PerPeriod(quantity=f.Normal(mean=10.0, sd=1.0)).facts(
        context(70.0, level=Level.weekly(WEEK, UNIT), whole=False)
    )
    assert seasonal.mean_rate == pytest.approx(10.0)
    assert seasonal.variance_rate == pytest.approx((5 * 1 + 4) / 7)


def test_facts_are_of_quantities_as_used() -> None:
    facts = PerPeriod(quantity=f.Exponential(mean=0.5)).facts(context(10.0))
    drawn = quantities(run(PerPeriod(quantity=f.Exponential(mean=0.5)), context(2e4)))
    assert facts.mean_rate == pytest.approx(0.4255, rel=1e-3)
    assert sum(drawn) / 2e4 == pytest.approx(facts.mean_rate, abs=4 * facts.size_sd / math.sqrt(2e4))
    assert used_moments(f.Gamma(mean=20.0, cv=0.5), True) == (20.0, 10.0)


# arrivals


def test_customers_come_after_each_gap() -> None:
    process = Arrivals(gap=f.Constant(value=0.75), size=f.Constant(value=2.0))
    assert run(process, context(3.1)) == [(k * 3 * UNIT // 4, 2.0) for k in range(1, 5)]


def test_gaps_of_0_bring_customers_at_one_instant() -> None:
    gap = f.Discrete(values=(0.0, 1.0), probabilities=(0.5, 0.5))
    arrivals = run(Arrivals(gap=gap), context(200.0))
    ticks = [tick for tick, _ in arrivals]
    assert ticks == sorted(ticks)
    assert len(set(ticks)) < len(ticks)
    assert all(tick % UNIT == 0 for tick in ticks)


def test_customers_who_want_nothing_are_passed_over() -> None:
    size = f.Discrete(values=(0.0, 3.0), probabilities=(0.9, 0.1))
    arrivals = run(Arrivals(gap=f.Constant(value=1.0), size=size), context(1000.0))
    assert set(quantities(arrivals)) == {3.0}
    assert 60 < len(arrivals) < 140


def test_a_rate_is_a_poisson_process() -> None:
    arrivals = times(run(Arrivals(rate=5.0), context(4000.0)))
    assert stats.kstest(np.diff(arrivals), stats.expon(scale=0.2).cdf).pvalue > 0.001
    counts = np.bincount(np.array(arrivals).astype(int), minlength=4000)
    assert counts.mean() == pytest.approx(5.0, abs=4 * math.sqrt(5 / 4000))
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=4 * math.sqrt(2 / 4000))


def test_a_level_of_2_halves_the_gaps_and_a_level_of_0_brings_nobody() -> None:
    here = context(12.0, level=Level.surge(4 * UNIT, 4 * UNIT, 0.0) * Level.step(8 * UNIT, 2.0))
    assert times(run(Arrivals(gap=f.Constant(value=0.75)), here)) == [
        0.75, 1.5, 2.25, 3.0, 3.75, 8.25, 8.625, 9.0, 9.375, 9.75, 10.125, 10.5, 10.875, 11.25, 11.625
    ]  # fmt: skip


def test_a_level_that_ends_at_0_or_is_0_throughout() -> None:
    gone = context(12.0, level=Level.step(2 * UNIT, 0.0))
    assert times(run(Arrivals(gap=f.Constant(value=0.75)), gone)) == [0.75, 1.5]
    assert run(Arrivals(rate=5.0), context(12.0, level=Level.step(0, 0.0))) == []


def test_counts_in_the_cells_of_a_season_are_poisson() -> None:
    weeks = 1500
    here = context(7.0 * weeks, level=Level.weekly(WEEK, UNIT))
    arrivals = np.array([tick for tick, _ in run(Arrivals(rate=3.0), here)])
    counts = np.bincount(arrivals // UNIT, minlength=7 * weeks).reshape(weeks, 7)
    assert (counts[:, 6] == 0).all()
    for day, factor in enumerate(WEEK[:6]):
        mean = 3.0 * factor
        assert counts[:, day].mean() == pytest.approx(mean, abs=4 * math.sqrt(mean / weeks))
        assert counts[:, day].var() / mean == pytest.approx(1.0, abs=4 * math.sqrt(2 / weeks))
    assert abs(np.corrcoef(counts[:, 0], counts[:, 1])[0, 1]) < 4 / math.sqrt(weeks)


def test_a_longer_run_leaves_the_customers_before_alone() -> None:
    level = Level.weekly(WEEK, UNIT) * Level.step(9 * UNIT, 1.7)
    for process in (
        Arrivals(rate=5.0, size=f.Poisson(mean=2.0)),
        PerPeriod(quantity=f.Poisson(mean=2.0)),
        AutoRegressive(mean=9.0, sd=3.0, rho=0.5),
    ):
        short, long = run(process, context(30.0, level=level)), run(process, context(100.0, level=level))
        assert [a for a in long if a[0] < 30 * UNIT] == short


def test_facts_of_arrivals() -> None:
    unit = Arrivals(rate=5.0).facts(context(10.0))
    assert (unit.mean_rate, unit.variance_rate, unit.poisson, unit.interval) == (5.0, pytest.approx(5.0), True, 0.0)
    compound = Arrivals(gap=f.Gamma(mean=0.5, cv=0.5), size=f.DiscreteUniform(low=1, high=4)).facts(context(10.0))
    assert compound.mean_rate == pytest.approx(5.0)
    assert compound.variance_rate == pytest.approx(2 * (1.25 + 0.25 * 2.5**2))
    assert not compound.poisson
    doubled = Arrivals(rate=5.0).facts(context(10.0, level=Level.step(5 * UNIT, 3.0)))
    assert doubled.mean_rate == pytest.approx(10.0)


# AR(1)


def test_ar1_without_shocks_is_its_mean_at_each_level() -> None:
    here = context(4.0, level=Level.step(2 * UNIT, 1.5))
    assert quantities(run(AutoRegressive(mean=9.0, sd=0.0, rho=0.9), here)) == [9.0, 9.0, 14.0, 14.0]


def test_ar1_follows_the_recursion() -> None:
    process = AutoRegressive(mean=50.0, sd=10.0, rho=0.6)
    here = context(50.0, whole=False)
    got = quantities(run(process, here))
    streams = Streams(here.book.arrays(), 0)
    x = 10.0 * streams.draw(0)
    expected = [50.0 + x]
    for _ in range(49):
        x = 0.6 * x + 8.0 * streams.draw(0)
        expected.append(50.0 + x)
    assert got == pytest.approx(expected, rel=1e-14)
    assert quantities(run(process, context(50.0))) == [math.floor(q + 0.5) for q in expected]


def test_ar1_begins_in_its_steady_state() -> None:
    process, first = AutoRegressive(mean=1000.0, sd=100.0, rho=0.9), []
    for replication in range(800):
        first.append(quantities(run(process, context(1.0), replication))[0])
    assert np.mean(first) == pytest.approx(1000.0, abs=4 * 100 / math.sqrt(800))
    assert np.std(first) == pytest.approx(100.0, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.7, 0.95])
def test_ar1_has_the_mean_sd_and_autocorrelation_it_was_given(rho: float) -> None:
    n = 400_000
    x = np.array(quantities(run(AutoRegressive(mean=1000.0, sd=100.0, rho=rho), context(float(n)))))
    assert len(x) == n
    effective = n * (1 - abs(rho)) / (1 + abs(rho))
    assert x.mean() == pytest.approx(1000.0, abs=4 * 100 / math.sqrt(effective))
    assert x.std() == pytest.approx(100.0, rel=4 / math.sqrt(effective))
    for lag in (1, 2, 5):
        measured = np.corrcoef(x[:-lag], x[lag:])[0, 1]
        assert measured == pytest.approx(rho**lag, abs=5 / math.sqrt(effective))


# replay


def test_history_is_replayed_row_by_row() -> None:
    process = Replay(file="daily.csv", every=1.0)
    assert run(process, context(4.0, tables=HISTORY)) == [(0, 3.0), (2 * UNIT, 5.0), (3 * UNIT, 2.0)]
    assert quantities(run(Replay(file="daily.csv", column="beans"), context(4.0, tables=HISTORY))) == [1.0] * 4


def test_history_may_begin_at_a_later_row() -> None:
    assert quantities(run(Replay(file="daily.csv", start_row=2), context(2.0, tables=HISTORY))) == [5.0, 2.0]


def test_history_at_its_end() -> None:
    with pytest.raises(ScenarioError, match=r"has 4 periods of demand, the run .* 6"):
        run(Replay(file="daily.csv"), context(6.0, tables=HISTORY))
    zero = run(Replay(file="daily.csv", on_end="zero"), context(6.0, tables=HISTORY))
    assert times(zero) == [0.0, 2.0, 3.0]
    again = run(Replay(file="daily.csv", on_end="repeat"), context(6.0, tables=HISTORY))
    assert list(zip(times(again), quantities(again), strict=True)) == [(0, 3), (2, 5), (3, 2), (4, 3)]


@pytest.mark.parametrize(
    ("process", "message"),
    [
        (Replay(file="other.csv"), "was not read"),
        (Replay(file="daily.csv", column="soop"), "did you mean 'soup'"),
        (Replay(file="daily.csv", start_row=4), "has 4 rows"),
        (Replay(file="daily.csv", every=1e-10), "shorter than the clock's tick"),
    ],
)
def test_history_that_cannot_be_replayed_is_refused(process: Replay, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        process.compile(context(4.0, tables=HISTORY))


@pytest.mark.parametrize("shares", [(0.5, 0.5), (1 / 3, 1 / 3, 1 / 3), (0.1,) * 10, (0.62, 0.07, 0.31)])
def test_shares_of_a_history_add_up_in_every_period(shares: tuple[float, ...]) -> None:
    past = [7, 0, 1, 1, 1, 12, 5, 3, 1, 0, 0, 2, 100, 1]
    plan = context(14.0, tables={"daily.csv": table(soup=past)})
    parts = []
    for i, share in enumerate(shares):
        here = plan.at(name=("demand", f"store-{i}", "soup"), product="soup", whole=True, level=Level.constant())
        columns = Replay(file="daily.csv", share=share).compile(here)
        first = int(columns["values_first"])
        parts.append(here.values[first : first + 14])
    assert [sum(day) for day in zip(*parts, strict=True)] == past
    for share, part in zip(shares, parts, strict=True):
        assert all(q >= 0 and q == int(q) for q in part)
        running = np.abs(np.cumsum(part) - share * np.cumsum(past))
        assert running.max() <= 1.5


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=40),
    st.lists(st.integers(1, 9), min_size=1, max_size=8),
)
def test_any_shares_split_any_history_into_whole_parts(past: list[int], weights: list[int]) -> None:
    left = [float(q) for q in past]
    plan = context(float(len(past)), tables={"daily.csv": table(soup=past)})
    for i, weight in enumerate(weights):
        here = plan.at(name=("demand", str(i)), product="soup", whole=True, level=Level.constant())
        first = int(Replay(file="daily.csv", share=weight / sum(weights)).compile(here)["values_first"])
        part = here.values[first : first + len(past)]
        assert all(q >= 0 and q == int(q) for q in part)
        left = [q - taken for q, taken in zip(left, part, strict=True)]
    assert left == [0.0] * len(past)


def test_two_stores_that_replay_a_whole_column_each_get_all_of_it() -> None:
    plan = context(4.0, tables=HISTORY)
    for store in ("a", "b"):
        here = plan.at(name=("demand", store), product="soup", whole=True, level=Level.constant())
        first = int(Replay(file="daily.csv").compile(here)["values_first"])
        assert here.values[first : first + 4] == [3.0, 0.0, 5.0, 2.0]
    assert len(plan.values) == 4  # equal histories are stored once


def test_a_share_of_a_divisible_product_is_exact() -> None:
    arrivals = run(Replay(file="daily.csv", share=0.25), context(4.0, tables=HISTORY, whole=False))
    assert quantities(arrivals) == [0.75, 1.25, 0.5]


def test_a_surge_multiplies_history_without_losing_units() -> None:
    here = context(4.0, tables={"daily.csv": table(soup=[1, 1, 1, 1])}, level=Level.step(0, 1.5))
    assert sum(quantities(run(Replay(file="daily.csv"), here))) == 6.0


def test_facts_of_a_history() -> None:
    facts = Replay(file="daily.csv", share=0.5, every=2.0).facts(context(8.0, tables=HISTORY))
    assert facts.mean_rate == pytest.approx(0.5 * 2.5 / 2.0)
    assert facts.variance_rate == pytest.approx(0.25 * np.var([3, 0, 5, 2]) / 2.0)
    assert facts.interval == 2.0
    assert not facts.poisson


# rules of the parameters


@pytest.mark.parametrize(
    ("good", "bad", "field"),
    [
        (
            PerPeriod(quantity=f.Poisson(mean=1.0), every=0.1),
            PerPeriod(quantity=f.Poisson(mean=1.0), every=0.0),
            "every",
        ),
        (
            PerPeriod(quantity=f.Poisson(mean=1.0), offset=0.0),
            PerPeriod(quantity=f.Poisson(mean=1.0), offset=-1.0),
            "offset",
        ),
        (Arrivals(rate=0.1), Arrivals(rate=0.0), "rate"),
        (Arrivals(gap=f.Constant(value=0.1)), Arrivals(gap=f.Constant(value=0.0)), "gap"),
        (Arrivals(rate=1.0), Arrivals(rate=1.0, gap=f.Constant(value=1.0)), "gap"),
        (Arrivals(rate=1.0), Arrivals(), "gap"),
        (AutoRegressive(mean=1.0, sd=0.0, rho=0.99), AutoRegressive(mean=1.0, sd=0.0, rho=1.0), "rho"),
        (AutoRegressive(mean=0.0, sd=1.0, rho=-0.99), AutoRegressive(mean=0.0, sd=-1.0, rho=0.0), "sd"),
        (Replay(file="a.csv", share=1.0), Replay(file="a.csv", share=1.01), "share"),
        (Replay(file="a.csv", share=0.01), Replay(file="a.csv", share=0.0), "share"),
        (Replay(file="a.csv", on_end="zero"), Replay(file="a.csv", on_end="zeros"), "on_end"),
        (Replay(file="a.csv", start_row=0), Replay(file="a.csv", start_row=-1), "start_row"),
    ],
)
def test_each_rule_on_both_sides(good: PerPeriod, bad: PerPeriod, field: str) -> None:
    assert good.problems() == []
    assert [name for name, _, _ in bad.problems()] == [field]


def test_gaps_shorter_than_the_clocks_tick_are_refused() -> None:
    Arrivals(rate=1e9).compile(context(1.0))
    with pytest.raises(ScenarioError, match="shorter than the clock's tick"):
        Arrivals(rate=1.1e9).compile(context(1.0))


def test_what_is_equal_is_stored_once() -> None:
    plan = context(28.0, level=Level.weekly(WEEK, UNIT))
    for i in range(3):
        for label, process in (("a", Arrivals(rate=5.0)), ("b", AutoRegressive(mean=9.0, sd=3.0, rho=0.5))):
            here = plan.at(name=("demand", str(i), label), product="p", whole=True, level=Level.weekly(WEEK, UNIT))
            process.compile(here)
    assert len(plan.values) == 28
    assert len(plan.warp) == 3 * len(Level.weekly(WEEK, UNIT).cells(28 * UNIT)) + 3
