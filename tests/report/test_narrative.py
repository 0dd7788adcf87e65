"""The sentence, on numbers made by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from chainsim.report.narrative import recommend
from chainsim.report.numbers import HARD, NARROW, Units
from chainsim.report.sensitivity import sensitivity, tie
from chainsim.report.verdict import Narrative, Option

STEADY = (-1.0, 0.0, 1.0, 0.0)


def option(
    label: str,
    cost: float,
    fill: float,
    *,
    noise: float = 0.0,
    fill_noise: float = 0.0,
    pattern: Sequence[float] = STEADY,
    **lines: float,
) -> Option:
    """Four replications around a cost (thousands) and a fill rate."""
    costs = [1000.0 * (cost + noise * e) for e in pattern]
    fills = [fill + fill_noise * e for e in pattern]
    return Option(label, costs, fills, {"carrying cost": 0.0, "shortage cost": 0.0, **lines})


def told(options: Sequence[Option], target: float | None) -> Narrative:
    n = recommend(options, target, Units("EUR"))
    clean = [t.replace(HARD, " ").replace(NARROW, " ") for t in (n.headline, n.text, n.sensitivity)]
    return Narrative(n.choice, clean[0], clean[1], clean[2], n.standings)


def test_the_cheapest_that_meets_the_target_is_recommended() -> None:
    n = told([option("JIT", 300, 0.86), option("s_Q", 371, 0.957), option("ME", 334, 0.968)], 0.95)
    assert (n.chosen, n.headline) == (2, "Recommendation: ME.")
    assert "It reaches a fill rate of 96.8 % at €334k/year (target 95 %, met by the whole interval)." in n.text
    assert (
        "€37.0k/year less than s_Q, the next cheapest that meets the target (10 %; in every replication), with 1.10 percentage points more fill rate"
        in n.text
    )
    assert "€34.0k/year more than JIT, the baseline (11 %" in n.text
    assert n.text.endswith("JIT misses the target.")
    assert "only policy" not in n.text
    assert n.standings == ("misses the target", "meets the target, dearer", "recommended")


def test_the_interval_is_that_of_the_paired_differences() -> None:
    # both costs swing by ±10 together and by ±1 apart: 3.182 · (√(2/3)) / √4 = 1.299
    a = option("A", 100, 0.97, noise=10.0)
    b = Option(
        "B", [1000.0 * (120 + 10 * e + d) for e, d in zip(STEADY, (0.0, 1.0, 0.0, -1.0), strict=True)], a.fills, a.lines
    )
    n = told([b, a], 0.95)
    assert (
        "€20.0k/year less than B, the baseline and the next cheapest that meets the target (17 %; paired 95 % interval €18.7k to €21.3k/year)"
        in n.text
    )


def test_cannot_be_told_apart_says_how_many_replications_would_settle_it() -> None:
    a = option("C", 100, 0.97)
    b = option("D", 102, 0.97, noise=3.0)
    n = told([a, b], 0.95)
    half_width = 3.182446 * math.sqrt(2 * 9 / 3) / math.sqrt(4)
    assert math.ceil(4 * (half_width / 2) ** 2) == 16
    assert n.headline == "No clear winner: C or D."
    assert (
        "C and D cannot be told apart with 4 replications (difference €2 000 ± 4 000/year); about 20 replications would settle it."
        in n.text
    )
    assert n.standings == ("no clear winner", "no clear winner")


def test_policies_that_cost_the_same_every_time_are_not_sent_for_more_replications() -> None:
    n = told([option("C", 100, 0.97), option("D", 100, 0.97)], 0.95)
    assert "D costs as much as C in every replication." in n.text
    assert n.headline == "Recommendation: C; D is equal for practical purposes."
    assert "settle" not in n.text


def test_met_on_average_only() -> None:
    n = told([option("A", 100, 0.951, fill_noise=0.004), option("B", 200, 0.99)], 0.95)
    assert "met on average only: the interval reaches below it; about" in n.text
    assert n.chosen == 0


def test_missed_on_average_only_is_said() -> None:
    n = told([option("A", 100, 0.97), option("B", 90, 0.949, fill_noise=0.004)], 0.95)
    assert "It is the only policy that meets the target." in n.text
    assert "B misses it on average, though its interval includes it." in n.text


def test_none_meets_the_target() -> None:
    n = told([option("A", 100, 0.90), option("B", 150, 0.93)], 0.95)
    assert n.headline == "No policy reaches the fill-rate target of 95 %."
    assert n.text == "B comes closest with 93.0 % at €150k/year. The cheapest, A, reaches 90.0 % at €100k/year."
    assert (n.chosen, n.sensitivity) == (1, "")
    assert n.standings == ("misses the target", "misses the target, comes closest")


def test_a_hair_of_service_does_not_hide_a_cheaper_policy_that_serves_as_well() -> None:
    swing = (0.004, -0.004, 0.002, -0.002)
    textbook = Option("Textbook", [1000.0 * 20] * 4, [0.9193 + e for e in swing], {})
    planned = Option("Planned", [1000.0 * 15] * 4, [0.9191 - e for e in swing], {})
    far = option("Far", 10, 0.80)
    n = told([textbook, planned, far], 0.95)
    assert n.chosen == 1
    assert n.text.startswith(
        "Planned and Textbook come closest; their service cannot be told apart. Planned reaches 91.9"
    )
    assert "and costs €5 000/year less than Textbook (25 %; in every replication)." in n.text
    assert "The cheapest, Far, reaches 80.0 % at €10.0k/year." in n.text
    assert n.standings == ("misses the target, comes closest", "misses the target, comes closest", "misses the target")


def test_a_surely_higher_service_is_the_closest_even_if_by_little() -> None:
    n = told([option("A", 20, 0.9193, fill_noise=0.01), option("B", 15, 0.9191, fill_noise=0.01)], 0.95)
    assert n.chosen == 0
    assert n.standings == ("misses the target, comes closest", "misses the target")


def test_nothing_is_sensitive_without_a_winner() -> None:
    a = option("C", 100, 0.97, **{"carrying cost": 40.0})
    b = option("D", 102, 0.97, noise=3.0, **{"carrying cost": 60.0})
    assert told([a, b], 0.95).sensitivity == ""
    assert told([a, option("D", 102, 0.97, **{"carrying cost": 60.0})], 0.95).sensitivity != ""


def test_a_difference_lost_in_the_noise_asks_for_no_number_of_replications() -> None:
    n = told([option("C", 100, 0.97), option("D", 100.01, 0.97, noise=3.0)], 0.95)
    assert "more than 10 000 replications would settle it" in n.text


def test_a_difference_of_as_much_as_the_whole_is_written_out() -> None:
    n = told([option("A", 1, 0.96), option("B", 400, 0.97)], 0.95)
    assert "(100 %;" in n.text
    assert "e+" not in n.text


def test_none_meets_it_but_more_replications_may_show_that_one_does() -> None:
    n = told([option("A", 100, 0.949, fill_noise=0.004), option("B", 150, 0.93)], 0.95)
    assert "Its interval includes the target" in n.text


def test_without_a_target_cost_decides_and_service_is_said() -> None:
    n = told([option("A", 100, 0.90), option("B", 150, 0.93)], None)
    assert n.headline == "Lowest cost: A."
    assert (
        "It reaches a fill rate of 90.0 % at €100k/year; no service was asked for, neither by the scenario nor by this policy’s levels."
        in n.text
    )
    assert "€50.0k/year less than B, the next cheapest (33 %" in n.text
    assert n.standings == ("lowest cost", "dearer")  # nobody recommends what nothing was asked of


def test_without_costs_service_decides() -> None:
    n = told([option("A", 0, 0.96), option("B", 0, 0.98)], 0.95)
    assert (n.headline, n.chosen) == ("Most service: B.", 1)
    assert n.standings == ("meets the target, less service", "most service")
    assert "2.00 percentage points above A, the baseline and the next that meets the target" in n.text
    assert "€" not in n.text


def test_one_policy_is_described() -> None:
    n = told([option("A", 100, 0.96)], 0.95)
    assert n.headline == "A, the only policy of this run."
    assert n.text == "A reaches a fill rate of 96.0 % at €100k/year (target 95 %, met by the whole interval)."
    assert n.sensitivity == ""
    assert told([option("A", 100, 0.90)], 0.95).headline == "The policy does not reach the fill-rate target of 95 %."


def test_one_replication_claims_nothing() -> None:
    n = told([option("A", 100, 0.96, pattern=[0.0]), option("B", 150, 0.97, pattern=[0.0])], 0.95)
    assert "One replication cannot tell A and B apart." in n.text
    assert "met in the only replication" in n.text


def test_what_chance_does_not_touch_is_said_without_an_interval() -> None:
    n = told([option("A", 100, 0.96, pattern=[0.0, 0.0]), option("B", 150, 0.97, pattern=[0.0, 0.0])], None)
    assert "€50.0k/year less than B" in n.text
    assert "(33 %; in every replication)" in n.text


def test_no_demand_is_not_a_service() -> None:
    n = told([option("A", 100, math.nan), option("B", 150, math.nan)], 0.95)
    assert n.text == "The fill rate is undefined for every policy: nothing was demanded."


def test_a_fill_rate_equal_to_the_target_meets_it() -> None:
    assert told([option("A", 100, 0.95)], 0.95).chosen == 0
    assert told([option("A", 100, 0.95)], 0.95).headline.startswith("A,")


# sensitivity: A costs 60 + 40, B costs 30 + 80


def test_sensitivity_is_the_multiplier_at_which_the_two_would_tie() -> None:
    # 60 + 40m = 30 + 80m at m = 0.75 (shortage); 60m + 40 = 30m + 80 at m = 1.333 (carrying): carrying is farther
    assert tie(100.0, 40.0, 110.0, 80.0) == pytest.approx(0.75)
    assert tie(100.0, 60.0, 110.0, 30.0) == pytest.approx(1 + 1 / 3)
    text = sensitivity(
        "A", 100.0, {"carrying": 60.0, "shortage": 40.0}, [("B", 110.0, {"carrying": 30.0, "shortage": 80.0})]
    )
    assert text in (
        "If shortage fell below 0.75 of what it is, B would be cheaper.",
        "If carrying were more than 1.3 times as high, B would be cheaper.",
    )
    assert abs(math.log(4 / 3)) == pytest.approx(abs(math.log(0.75)))


def test_at_the_tie_the_totals_are_equal() -> None:
    m = tie(100.0, 40.0, 110.0, 30.0)
    assert m is not None
    assert 100.0 + (m - 1) * 40.0 == pytest.approx(110.0 + (m - 1) * 30.0)


def test_a_winner_that_no_single_line_can_turn_is_said_to_stay() -> None:
    assert sensitivity("A", 100.0, {"carrying": 10.0}, [("B", 200.0, {"carrying": 20.0})]).startswith(
        "A stays cheapest"
    )
    assert sensitivity("A", 100.0, {"carrying": 10.0}, [("B", 200.0, {"carrying": 10.0})]).startswith(
        "A stays cheapest"
    )
    assert sensitivity("A", 100.0, {"carrying": 20.0}, [("B", 200.0, {"carrying": 1.0})]).startswith(
        "A stays cheapest"
    )  # m = 6.3


def test_the_rival_that_overtakes_first_is_named_even_if_it_is_not_the_runner_up() -> None:
    rivals = [("B", 110.0, {"carrying": 50.0}), ("C", 115.0, {"carrying": 10.0})]
    assert (
        sensitivity("A", 100.0, {"carrying": 50.0}, rivals)
        == "If carrying were more than 1.4 times as high, C would be cheaper."
    )


def test_a_multiplier_near_one_is_not_rounded_to_one() -> None:
    assert "1.004 times" in sensitivity("A", 100.0, {"carrying": 50.0}, [("B", 100.1, {"carrying": 25.0})])


def test_only_the_winner_is_said_to_stay_not_the_order_of_the_others() -> None:
    """B and C change places when carrying doubles; A stays ahead of both."""
    rivals = [("B", 200.0, {"carrying": 10.0}), ("C", 205.0, {"carrying": 1.0})]
    assert sensitivity("A", 100.0, {"carrying": 5.0}, rivals).startswith("A stays cheapest with any one cost line")


def test_who_misses_is_not_said_again_after_who_alone_meets() -> None:
    n = told([option("JIT", 300, 0.86), option("ME", 334, 0.968)], 0.95)
    assert "It is the only policy that meets the target." in n.text
    assert "misses the target" not in n.text


def test_names_with_commas_are_told_apart() -> None:
    n = told(
        [
            option("(s, Q), gamma", 300, 0.86),
            option("Weekly, up to S", 301, 0.87),
            option("A", 334, 0.968),
            option("B", 390, 0.97),
        ],
        0.95,
    )
    assert "“(s, Q), gamma” and “Weekly, up to S” miss the target." in n.text


def test_the_difference_of_a_tie_reaches_0_as_the_comparison_with_all_does_that_finds_no_winner() -> None:
    # 2 ± 1.8 of the pair alone, 2 ± 2.3 where two pairs hold at once: 4.177 · 1.1 / √4
    off = [1.1 * math.sqrt(3 / 4) * e for e in (1.0, -1.0, 1.0, -1.0)]
    a, c = option("A", 100, 0.97), option("C", 150, 0.97)
    b = Option("B", [cost + 1000.0 * (2 + e) for cost, e in zip(a.costs, off, strict=True)], a.fills, a.lines)
    n = told([a, b, c], 0.95)
    assert n.choice.kind == "no clear winner"
    assert n.choice.level == pytest.approx(0.975)
    assert "(difference €2 000 ± 2 000/year)" in n.text.replace("\u202f", " ").replace("\xa0", " ")
