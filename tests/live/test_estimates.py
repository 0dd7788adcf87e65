"""The page's estimates are chainsim's, to the last bit: sums, exponentials, intervals, paired differences, risk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainsim.statistics.estimate import Estimate, estimate, student_quantile
from chainsim.statistics.exponential import exponential
from chainsim.statistics.paired import compare, paired_difference
from chainsim.statistics.risk import miss_share, normal_quantile, worst_in
from chainsim.statistics.sample import Sample

from .node import answer, needs_node

LEVEL = 0.95
MOST = 40  # replications of a sample

SPOKEN = {math.inf: "Infinity", -math.inf: "-Infinity"}
ESTIMATES = """
const statistics = new Estimates(Float64Array.from(told('student.json')), told('normal.json'));
const sample = ([above, below, share]) => ({above: Float64Array.from(above), below: below && Float64Array.from(below), share});
tell(told('samples.json').map(([a, b]) => {
  const x = sample(a), y = sample(b), difference = statistics.difference(x, y);
  const risk = statistics.missShare(x.above, y.above[0], 'higher');
  return [statistics.estimate(x), statistics.estimate(y), difference, risk, quantileOf(x.above, 0.05)];
}));
"""

numbers = st.one_of(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.integers(0, 5).map(float),
    st.just(math.nan),
    st.floats(0.0, 1.0),
    st.sampled_from([0.1, 0.1 + 1e-17, 0.3, 1e16, -1e16, 1.0]),
)
shares = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ab: (float(min(ab)), float(max(ab))))


@st.composite
def samples(draw: Any) -> tuple[Sample, Sample]:
    """Two samples of as many replications: values, ratios, shares of whole numbers, one of each."""
    n = draw(st.integers(1, MOST))
    kinds = draw(st.tuples(st.sampled_from("vrs"), st.sampled_from("vrs")))
    return _sample(draw, kinds[0], n), _sample(draw, kinds[1], n)


def _sample(draw: Any, kind: str, n: int) -> Sample:
    if kind == "v":
        return Sample(draw(st.lists(numbers, min_size=n, max_size=n)))
    if kind == "r":
        above, below = (draw(st.lists(numbers, min_size=n, max_size=n)) for _ in range(2))
        return Sample.of(above, below)
    pairs = draw(st.lists(shares, min_size=n, max_size=n))
    return Sample.of([a for a, _ in pairs], [b for _, b in pairs], "share")


def collected(count: int) -> list[tuple[Sample, Sample]]:
    found: list[tuple[Sample, Sample]] = []

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(samples())
    def collect(pair: tuple[Sample, Sample]) -> None:
        found.append(pair)

    collect()
    return found


def plain(x: float) -> Any:
    return "nan" if math.isnan(x) else x


def told(sample: Sample) -> list[Any]:
    below = None if sample.denominators is None else [plain(x) for x in sample.denominators]
    return [[plain(x) for x in sample.numerators], below, sample.share]


def expected(e: Estimate) -> list[Any]:
    return [e.mean, e.half_width, e.low, e.high, e.n, e.undefined]


def in_page(pairs: Sequence[tuple[Sample, Sample]], folder: Path) -> list[Any]:
    files = {
        "student.json": [student_quantile(n, LEVEL) for n in range(1, MOST)],
        "normal.json": normal_quantile(LEVEL),
        "samples.json": [[told(a), told(b)] for a, b in pairs],
    }
    found: list[Any] = answer(folder, ESTIMATES, files)
    return found


def different(pairs: Sequence[tuple[Sample, Sample]], page: Sequence[Any]) -> list[Any]:
    """Pairs for which the page tells something else."""
    wrong = []
    for (a, b), found in zip(pairs, page, strict=True):
        values = [float(v) for v in a.numerators]
        share, worst = miss_share(values, float(b.numerators[0])), worst_in(values).value
        ours = [
            *(expected(e) for e in (estimate(a, LEVEL), estimate(b, LEVEL), paired_difference(a, b, LEVEL))),
            [share.count, share.n, share.value, share.low, share.high],
            worst,
        ]
        ours = [[SPOKEN.get(x, x) for x in row] if isinstance(row, list) else row for row in ours]
        theirs = [*(list(f.values()) for f in found[:4]), found[4]]
        if ours != theirs:
            wrong.append((a, b, ours, theirs))
    return wrong


@needs_node
def test_estimates_of_random_samples(tmp_path: Path) -> None:
    pairs = collected(100)
    assert any(estimate(a).ends for a, _ in pairs)
    assert different(pairs, in_page(pairs, tmp_path)) == []


@needs_node
@pytest.mark.slow
def test_estimates_of_many_random_samples(tmp_path: Path) -> None:
    pairs = collected(5000)
    assert different(pairs, in_page(pairs, tmp_path)) == []


@needs_node
def test_a_last_digit_that_is_wrong_is_seen(tmp_path: Path) -> None:
    pair = Sample([0.1, 0.2, 0.4]), Sample([0.3, 0.1, 0.2])
    (found,) = in_page([pair], tmp_path)
    assert different([pair], [found]) == []
    found[0]["half"] = math.nextafter(found[0]["half"], 1.0)
    assert len(different([pair], [found])) == 1


@needs_node
def test_verdicts(tmp_path: Path) -> None:
    """better, worse, higher, lower, cannot be told apart: as in Python."""
    cases = [([3.0, 4.0, 5.0], [1.0, 2.0, 3.1]), ([1.0, 2.0], [2.0, 1.0]), ([1.0, 2.0, 3.1], [3.0, 4.0, 5.0])]
    directions = ("higher", "lower", "none")
    body = """
    const statistics = new Estimates(Float64Array.from(told('student.json')), 1.96);
    const sample = above => ({above: Float64Array.from(above), below: null, share: false});
    tell(told('cases.json').map(([a, b]) => told('directions.json').map(d => chainsim.verdict(statistics.difference(sample(a), sample(b)), d))));
    """
    student = [student_quantile(n, LEVEL) for n in range(1, 4)]
    found = answer(tmp_path, body, {"student.json": student, "cases.json": cases, "directions.json": directions})
    assert found == [[compare(a, b, LEVEL, d).verdict for d in directions] for a, b in cases]


HARD = [
    [1e308, 1.0, -1e308],
    [1.0, 1e100, 1.0, -1e100],
    [1e16, 1.0, 1e-16],
    [0.1] * 10,
    [2.0**53, 1.0, 2.0**-60],
    [2.0**53, -0.5, -(2.0**-54)],
    [5e-324, 5e-324, -5e-324],
    [],
    [-0.0],
    [1.0, -1.0],
]


@needs_node
def test_hard_sums_and_exponentials(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    sums = HARD + [(random.normal(size=n) * 10.0 ** random.integers(-15, 15, n)).tolist() for n in range(2, 60)]
    powers = [0.0, 1e-300, 0.5, 1.0, 700.0, 709.0, *(random.uniform(0, 40, 200).tolist())]
    body = "tell([told('sums.json').map(fsum), told('powers.json').map(exponential)]);"
    found = answer(tmp_path, body, {"sums.json": sums, "powers.json": powers})
    assert found == [[math.fsum(s) for s in sums], [exponential(x) for x in powers]]


@given(st.floats(0.0, 709.0))
def test_the_exponential_is_right_within_two_last_digits(x: float) -> None:
    assert abs(exponential(x) - math.exp(x)) <= 2.0 * math.ulp(math.exp(x))


@pytest.mark.parametrize("x", [-1e-9, 709.1, math.nan, math.inf])
def test_the_exponential_refuses_what_it_was_not_made_for(x: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 709"):
        exponential(x)
