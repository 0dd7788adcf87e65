"""Stages until an interval is narrow: what is reckoned, and how often the interval at the end holds the truth."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.statistics import Estimate, estimate
from chainsim.statistics.amounts import Amount, amounts
from chainsim.statistics.stages import Precision, needed, next_size, reached


def at_the_end(draws: np.ndarray, precision: Precision, amount: Amount) -> Estimate:
    """The estimate when the stages stop, of a sample that could go on."""
    n = precision.least
    while True:
        e = estimate(draws[:n].tolist())
        if reached(e, amount):
            return e
        more = next_size(precision, n, [needed(e, amount)])
        if more == n:
            return e
        n = more


@pytest.mark.parametrize(("law", "least"), [("normal", 10), ("normal", 30), ("skewed", 30)])
def test_the_interval_at_the_end_holds_the_truth_nearly_as_often_as_it_says(law: str, least: int) -> None:
    rng = np.random.default_rng(5)
    asked = Amount(2.0, "%", "total_cost")
    held = 0
    for _ in range(800):
        x = rng.normal(size=1500) if law == "normal" else rng.exponential(size=1500) - 1.0
        e = at_the_end(100.0 + 12.0 * x, Precision((), least, 1500), asked)
        assert reached(e, asked)
        assert e.low is not None
        assert e.high is not None
        held += e.low <= 100.0 <= e.high
    # measured 93 to 95 %; three standard errors of 800 studies are 2.3 points
    assert 0.91 <= held / 800 <= 0.97, held / 800


def test_one_stage_goes_where_the_deviation_says_but_not_too_far_at_once() -> None:
    asked = Precision((), least=30, most=1000)
    assert next_size(asked, 30, [100]) == 105
    assert next_size(asked, 30, [5000]) == 120
    assert next_size(asked, 400, [5000]) == 1000
    assert next_size(asked, 1000, [5000]) == 1000
    assert next_size(asked, 30, [None]) == 60


def test_an_exact_measure_is_reached_and_an_undefined_one_is_not() -> None:
    asked = Amount(1.0, "%", "total_cost")
    assert reached(Estimate(0.0, 0.0, 0.95, 30, ""), asked)
    assert not reached(Estimate(None, None, 0.95, 0, ""), asked)
    assert not reached(Estimate(5.0, None, 0.95, 1, ""), asked)
    assert needed(Estimate(None, None, 0.95, 0, ""), asked) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 of", "is '1 of'"),
        ("0% of total_cost", "above 0"),
        ("200", "does not say of what"),
        ("1% of total_cost, 2% of total_cost", "twice"),
        ("", "is ''"),
        ("-1% of total_cost", "is '-1%"),
        ("150 points of fill_rate", "a share has 100 points in all"),
    ],
)
def test_what_is_no_amount_is_told(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("(", r"\(")):
        amounts(text, [])
