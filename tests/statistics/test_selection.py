"""The staged selection: each decision by hand, the guarantee's shape, and that it cannot be misused in silence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chainsim.errors import UsageError
from chainsim.statistics.bounds import ratio_bounds, ratio_moments
from chainsim.statistics.observed import Observed
from chainsim.statistics.screening import share_out
from chainsim.statistics.selection import Selection, Terms, confidence_of_attempt, look_sizes

HALF = np.tile([-1.0, 1.0], 5)  # ten replications, mean 0, standard deviation √(10/9)
TEN = (10,)


def seen(cost: float, filled: float = 99.0, cost_noise: float = 0.0, service_noise: float = 0.0) -> Observed:
    """Ten replications of a hundred units each; noise of cost and service is ± so much, alternately."""
    return Observed(cost + cost_noise * HALF, filled + service_noise * HALF, np.full(10, 100.0))


def look(
    *candidates: Observed, targets: tuple[float, ...] = (0.95,), within: float = 0.02, indifference: float = 1.0
) -> Selection:
    return Selection.of(len(candidates), Terms(targets, within, indifference, sizes=TEN)).look(list(candidates))


def critical(risk: float, n: int = 10) -> float:
    return float(stats.t.ppf(1.0 - risk, n - 1))


# — how the error is shared ——————————————————————————————————————————————————————————————————————————————————————————————————


def test_error_is_shared_over_service_and_cost_looks_candidates_and_pairs() -> None:
    risks = share_out(0.06, candidates=3, groups=1, thresholds=1, costs=1, looks=2)
    assert risks.serves == risks.short == pytest.approx(0.03 / 3 / 2)
    assert risks.pair == pytest.approx(0.03 / 3 / 2)  # three pairs


def test_what_is_not_asked_costs_no_error() -> None:
    assert share_out(0.05, 1, 1, 1, 1, 1).serves == 0.05
    assert share_out(0.05, 3, 0, 1, 1, 1).pair == pytest.approx(0.05 / 3)


def test_five_thresholds_cost_as_much_as_two() -> None:
    one, two, five = (share_out(0.05, 4, 1, m, 1, 8) for m in (1, 2, 5))
    assert five == two
    assert one.serves == 2 * two.serves
    assert one.pair == two.pair
    assert share_out(0.05, 4, 1, 5, 5, 8).pair == pytest.approx(one.pair / 5)  # costs carried to each threshold differ


def test_groups_share_only_the_error_of_being_short() -> None:
    risks = share_out(0.05, 4, 3, 1, 1, 8)
    assert risks.serves == share_out(0.05, 4, 1, 1, 1, 8).serves
    assert risks.short == pytest.approx(risks.serves / 3)


# — one look, by hand ————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_service_is_marked_by_students_t_on_z() -> None:
    """One candidate, α = 5 % all for its service: mean(Z) = 1, s/√n = d·√(10/9)/√10 = d/3."""
    t = critical(0.05)
    enough, short_of = (look(seen(50.0, 96.0, service_noise=3.0 / t * x)) for x in (0.70, 1.01))
    # Wilson's bound, with the variance of the threshold, asks for a little more than Student's t here: 4 % short seen, 5 % allowed
    assert enough.answers[0].serves == (0,)
    assert short_of.answers[0].serves == ()


def test_short_is_what_is_surely_below_target_and_within() -> None:
    t = critical(0.05)
    surely, hardly = (look(seen(50.0, 96.0, service_noise=3.0 / t * x)) for x in (0.99, 1.01))  # Z at 97 %: mean −1
    assert (surely.answers[0].serves, surely.answers[0].short) == ((), (0,))
    assert hardly.answers[0].short == ()
    assert surely.answers[0].state == "nobody"
    assert surely.answers[0].converged
    assert not hardly.answers[0].converged


def test_the_gap_is_the_upper_end_of_the_paired_difference() -> None:
    """Two candidates, both surely serve, the same cost on average: X = t(α/2)·s/√n."""
    told = look(seen(50.0, cost_noise=2.0), seen(50.0)).answers[0]
    assert told.winner == 0
    assert told.gap == pytest.approx(critical(0.025) * 2.0 / 3.0)
    assert told.costs[1] is not None
    assert told.costs[1].low == pytest.approx(-told.gap)


def test_a_surely_dearer_one_is_dropped_and_not_wanted_again() -> None:
    begun = Selection.of(3, Terms((0.95,), 0.02, 0.0, sizes=(10, 15)))
    after = begun.look([seen(50.0, cost_noise=3.0), seen(60.0), seen(50.0)])
    assert after.answers[0].dearer == (1,)
    assert after.wanted == (0, 2)
    assert not after.done
    assert after.size == 15


def test_dearer_on_average_is_not_surely_dearer() -> None:
    """A difference of 1 ± t·s/√n: dropped when the interval lies above 0, and not before."""
    sure, unsure = (look(seen(51.0, cost_noise=3.0 / critical(0.025) * x), seen(50.0)) for x in (0.99, 1.01))
    assert sure.answers[0].dearer == (0,)
    assert unsure.answers[0].dearer == ()
    assert unsure.answers[0].winner == 1


def test_a_cheap_one_whose_service_is_open_widens_the_gap_and_can_not_win() -> None:
    told = look(seen(50.0), seen(40.0, 96.0, service_noise=9.0)).answers[0]
    assert (told.winner, told.serves) == (0, (0,))
    assert told.gap == 10.0
    assert not told.converged


def test_a_cheap_one_that_is_short_beats_nobody() -> None:
    told = look(seen(50.0), seen(40.0, 90.0)).answers[0]
    assert (told.winner, told.gap, told.short, told.dearer) == (0, 0.0, (1,), ())
    assert told.converged


def test_equal_candidates_stand_beside_each_other() -> None:
    told = look(seen(50.0), seen(50.0)).answers[0]
    assert (told.dearer, told.winner, told.gap) == ((), 0, 0.0)


def test_differences_of_rounding_drop_nobody() -> None:
    told = look(seen(50.0), Observed(seen(50.0).cost * (1 + 1e-15), *seen(50.0)[1:])).answers[0]
    assert told.dearer == ()


def test_nobody_qualifies_tells_the_nearest_and_its_shortfall() -> None:
    told = look(seen(50.0, 90.0), seen(60.0, 93.0)).answers[0]
    assert (told.state, told.winner, told.gap, told.nearest) == ("nobody", None, None, 1)
    assert told.shortfall == pytest.approx(0.02)


def test_no_target_asks_for_the_cheapest_of_all() -> None:
    told = look(Observed(seen(50.0).cost), Observed(seen(49.0).cost), targets=(), within=0.0).answers[0]
    assert (told.target, told.serves, told.winner, told.dearer, told.nearest) == (None, (0, 1), 1, (0,), None)


def test_a_group_below_its_target_makes_a_candidate_short() -> None:
    units = np.full((2, 10), 100.0)
    both = Observed(np.full(10, 50.0), np.array([np.full(10, 99.0), np.full(10, 91.0)]), units)
    terms = Terms(((0.95, 0.90), (0.95, 0.95)), 0.005, 1.0, sizes=TEN)
    lower, higher = Selection.of(1, terms).look([both]).answers
    assert (lower.serves, higher.serves, higher.short) == ((0,), (), (0,))
    assert higher.shortfall == pytest.approx(0.04)


# — several thresholds, several looks ————————————————————————————————————————————————————————————————————————————————————————


def test_several_thresholds_are_answered_from_the_same_observations() -> None:
    selection = look(seen(50.0, 99.5), seen(40.0, 96.0), targets=(0.90, 0.98), within=0.005)
    low, high = selection.answers
    assert (low.winner, low.serves, low.dearer) == (1, (0, 1), (0,))
    assert (high.winner, high.serves, high.short) == (0, (0,), (1,))
    assert selection.done


def test_it_goes_on_until_every_threshold_is_answered() -> None:
    terms = Terms((0.90, 0.95), 0.02, 1.0, sizes=(10, 15))
    selection = Selection.of(2, terms).look([seen(50.0), seen(40.0, 95.5, service_noise=2.5)])
    assert [told.converged for told in selection.answers] == [True, False]
    assert not selection.done


def test_costs_may_differ_by_threshold() -> None:
    cost = np.array([np.full(10, 50.0), np.full(10, 60.0)])
    other = np.array([np.full(10, 51.0), np.full(10, 55.0)])
    units = (np.full(10, 99.5), np.full(10, 100.0))
    low, high = look(Observed(cost, *units), Observed(other, *units), targets=(0.90, 0.95)).answers
    assert (low.winner, high.winner) == (0, 1)


def test_who_was_dropped_may_be_brought_again_to_be_marked() -> None:
    rng = np.random.default_rng(3)
    filled = 96.2 + 3.5 * rng.normal(size=518)
    dear = Observed(np.full(518, 90.0), filled, np.full(518, 100.0))
    cheap = Observed(np.full(518, 50.0), np.full(518, 99.0), np.full(518, 100.0))
    selection = Selection.of(2, Terms((0.95,), 0.02, 1.0)).look([dear, cheap])
    assert selection.done
    assert selection.undecided == (0,)
    while selection.undecided and selection.size is not None:
        selection = selection.look([dear, cheap])
    assert selection.undecided == ()
    assert selection.looked > 1
    assert selection.answers[0].dearer == (0,)
    alone = Selection.of(2, Terms((0.95,), 0.02, 1.0)).look([dear, cheap]).look([None, cheap])
    assert alone.answers[0].replications == (30, 45)


def test_marks_stay_and_only_fewer_are_wanted() -> None:
    rng = np.random.default_rng(4)
    costs = 50.0 + rng.normal(size=(5, 518)) * 5.0 + np.arange(5)[:, None]
    filled = 96.5 + rng.normal(size=(5, 518)) * 4.0 - np.arange(5)[:, None] * 0.5
    all_ = [Observed(c, f, np.full(518, 100.0)) for c, f in zip(costs, filled, strict=True)]
    selection, before = Selection.of(5, Terms((0.95,), 0.01, 0.2)), None
    while selection.size is not None:
        selection = selection.look(all_)
        told = selection.answers[0]
        if before is not None:
            assert set(before.serves) <= set(told.serves)
            assert set(before.short) <= set(told.short)
            assert set(before.dearer) <= set(told.dearer)
        assert not set(told.serves) & set(told.short)
        before = told


def test_only_the_replications_of_the_look_are_read() -> None:
    many = [
        Observed(np.concatenate([x.cost, np.full(7, 1e9)]), np.full(17, 99.0), np.full(17, 100.0))
        for x in (seen(50.0), seen(51.0))
    ]
    assert look(*many).answers == look(seen(50.0), seen(51.0)).answers


def test_how_many_would_settle_it() -> None:
    """Gap 2·t/√n·√(10/9) ≤ 1 asks for n ≥ t²·40/9 with t at n − 1 degrees of freedom."""
    selection = look(seen(50.0, cost_noise=2.0), seen(50.0))
    assert not selection.answers[0].converged
    n = selection.settles()
    assert n is not None
    needed = [critical(0.025, m) * 2.0 * math.sqrt(10.0 / 9.0 / m) for m in (n - 1, n)]
    assert needed[0] > 1.0 >= needed[1]
    assert look(seen(50.0), seen(60.0)).settles() == 10
    assert look(seen(50.0, cost_noise=2.0), seen(50.0), indifference=0.0).settles() is None
    assert Selection.of(2, Terms((0.95,), 0.02, 1.0)).settles() is None


def test_settling_may_be_a_matter_of_service() -> None:
    """The cheap one, 96 % ± much, is known to serve or not after a while; it then wins."""
    selection = look(seen(50.0), seen(40.0, 96.0, service_noise=4.0))
    assert selection.settles() is not None
    assert 10 < (selection.settles() or 0) < 1000


# — silence, misuse ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_below_ten_replications_there_is_no_sentence() -> None:
    selection = Selection.of(2, Terms((0.95,), 0.02, 1.0, sizes=look_sizes(most=9)))
    assert selection.done
    assert selection.size is None
    assert selection.answers[0].state == "no sentence"
    assert Selection.of(2, Terms((0.95,), 0.02, 1.0)).answers[0].state == "no sentence"


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"confidence": 95.0}, "between 0 and 1"),
        ({"within": 0.0}, "within must be above 0"),
        ({"within": math.nan}, "within must be above 0"),
        ({"indifference": -1.0}, "at least 0"),
        ({"targets": (0.97, 0.95)}, "ascend"),
        ({"targets": (0.97, (0.95, 0.96))}, "as there are groups"),
        ({"targets": (math.nan,)}, "numbers"),
        ({"sizes": (5, 10)}, "from 10 replications"),
        ({"sizes": (30, 30)}, "looks grow"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(terms: dict[str, object], words: str) -> None:
    given: dict[str, object] = {"targets": (0.95,), "within": 0.02, "indifference": 1.0} | terms
    with pytest.raises(UsageError, match=words):
        Terms(**given)  # type: ignore[arg-type]


def test_looks_that_cannot_be_taken_are_refused() -> None:
    with pytest.raises(UsageError, match="at least one"):
        Selection.of(0, Terms((0.95,), 0.02, 1.0))
    begun = Selection.of(2, Terms((0.95,), 0.02, 1.0, sizes=TEN))
    with pytest.raises(UsageError, match=r"takes 10 replications of each of the candidates \(0, 1\)"):
        begun.look([seen(50.0), None])
    with pytest.raises(UsageError, match="some are missing"):
        begun.look([seen(50.0), Observed(np.ones(9), np.ones(9), np.ones(9))])
    with pytest.raises(UsageError, match="candidate 1 has replications"):
        begun.look([seen(50.0), Observed(np.full(10, math.nan), np.ones(10), np.ones(10))])
    with pytest.raises(UsageError, match="candidate 0: expected"):
        begun.look([Observed(np.ones(10)), seen(50.0)])
    with pytest.raises(UsageError, match="fresh replications"):
        begun.look([seen(50.0), seen(50.0)]).look([seen(50.0), seen(50.0)])
    with pytest.raises(UsageError, match="and grow"):
        look_sizes(first=5)


def test_attempts_share_the_error() -> None:
    spent = sum(1.0 - confidence_of_attempt(0.95, m) for m in range(1, 40))
    assert spent == pytest.approx(0.05)


# — bounds ———————————————————————————————————————————————————————————————————————————————————————————————————————————————————

samples = st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(1.0, 100.0)), min_size=3, max_size=30)


@settings(max_examples=100, deadline=None)
@given(samples, st.floats(0.0, 1.0), st.floats(0.5, 4.0))
def test_bounds_decide_as_students_t_on_z_does(rows: list[tuple[float, float]], q: float, t: float) -> None:
    """high < q exactly where t on Z says short; low ≥ q only where t on Z says that it serves."""
    below = np.array([d for _, d in rows])
    above = np.array([s for s, _ in rows]) * below
    n = np.array(len(rows))
    low, high = (float(x) for x in ratio_bounds(ratio_moments(above, below), n, np.array(t), np.array(t)))
    z = above - q * below
    middle, error = z.mean(), t * z.std(ddof=1) / math.sqrt(len(rows))
    if below.mean() <= t * below.std(ddof=1) / math.sqrt(len(rows)):
        assert (low, high) == (-math.inf, math.inf)
        return
    near = 1e-9 * below.mean()
    if abs(middle + error) > near:
        assert (high < q) == (middle + error < 0.0)
    if middle - error < -near:
        assert low < q


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_at_its_ends_the_interval_of_z_touches_0(sign: float) -> None:
    """Demand and shortage go together, or against each other; demand varies much, so that no term of Fieller's is small."""
    rng = np.random.default_rng(21)
    luck = rng.normal(size=12)
    below = 10.0 + 3.0 * luck
    above = 0.5 * below + sign * luck + rng.normal(size=12)
    low, high = (
        float(x) for x in ratio_bounds(ratio_moments(above, below), np.array(12), np.array(2.5), np.array(2.5))
    )
    assert low < high
    z = above - high * below
    assert z.mean() + 2.5 * z.std(ddof=1) / math.sqrt(12) == pytest.approx(0.0, abs=1e-9)


def test_a_sample_without_a_shortage_is_not_sure_of_everything() -> None:
    """Thirty years of eleven Poisson customers, none short: by Student's t 100 % ± 0; Wilson leaves cφ/(B + cφ), c = t²/30, φ = 1."""
    demanded = np.tile([8.0, 14.0], 15) + np.tile([0.0, 0.0, 0.0], 10)
    m = ratio_moments(demanded, demanded)
    phi = float(np.var(demanded, ddof=1)) / 11.0
    low, high = ratio_bounds(m, np.array(30), np.array(3.0), np.array(3.0))
    assert float(high) == 1.0
    assert float(low) == pytest.approx(1.0 - 0.3 * phi / (11.0 + 0.3 * phi))


def test_single_units_are_wilsons_interval() -> None:
    """One unit a replication, served or not: the design effect is n/(n − 1), so low is Wilson's with that many fewer."""
    served = np.array([1.0] * 45 + [0.0] * 5)
    low, _ = ratio_bounds(ratio_moments(served, np.ones(50)), np.array(50), np.array(1.959964), np.array(1.959964))
    known = stats.binomtest(45, 50).proportion_ci(0.95, "wilson").low
    assert float(low) == pytest.approx(known, abs=0.002)
    assert float(low) <= known
