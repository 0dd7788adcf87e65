"""What each factor does to a response, with intervals from the replications.

Every replication meets the same customers at all points, so a replication's effect is a number of its own and an interval
follows from how these differ; a ratio is estimated by its sums, with the jackknife over replications.

| design | kind of effect | meaning |
|---|---|---|
| full_factorial | main | mean at the last level − mean at the first, over all values of the others (Montgomery, Design and Analysis of Experiments, ch. 5–6) |
| full_factorial | interaction | half of: effect of one factor at the last level of the other − at its first |
| any other | regression | slope of a plane fitted by least squares × the width of the range; standardised, squared: share (Saltelli et al. 2008, §1.2.5) |
| saltelli | first order, total | share of the variance due to a factor alone, and with all its interactions (Saltelli et al. 2010) |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from chainsim.experiments.data import Data
from chainsim.experiments.model import Response
from chainsim.statistics.estimate import student_quantile
from chainsim.statistics.ratios import jackknife_error, without_each

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Effect:
    """start, end: values of the factor between which it is measured. other: the second factor of an interaction. share: of the
    variance between points, None where it is not told. low, high: the interval."""

    policy: str
    response: Response
    kind: str
    factor: str
    other: str
    start: Any
    end: Any
    effect: float
    low: float | None
    high: float | None
    share: float | None
    method: str


@dataclass(frozen=True)
class LevelMean:
    """Mean response over all points at one value of a factor."""

    policy: str
    response: Response
    factor: str
    value: Any
    mean: float
    half_width: float | None
    points: int


@dataclass(frozen=True)
class Surface:
    """A response of a policy at all points [points], and with each replication left out [points, replications]; the second is None
    where there is only one replication."""

    values: Array
    left_out: Array | None
    level: float

    def combined(self, weights: Array) -> tuple[float, float | None]:
        """A sum of the points' responses by weights, with its half-width."""
        value = float(weights @ self.values)
        if self.left_out is None:
            return value, None
        size = float(np.abs(weights) @ np.abs(self.values))
        error = jackknife_error((weights @ self.left_out).tolist(), size)
        return value, student_quantile(self.left_out.shape[1] - 1, self.level) * error


def surface(data: Data, policy: str, response: Response) -> Surface | None:
    """The response at all points; None where it is not known at every one of them."""
    values, left_out = [], []
    for i in range(len(data.points)):
        sample = data.sample(i, policy, response)
        value = data.estimate(i, policy, response).mean
        if sample is None or value is None:
            return None
        below = sample.denominators or [1.0] * len(sample)
        if np.isnan(sample.numerators).any() or np.isnan(below).any():
            return None
        values.append(value)
        left_out.append(without_each(sample.numerators, below) if len(sample) > 1 else None)
    known = [row for row in left_out if row is not None]
    return Surface(np.array(values), np.array(known) if len(known) == len(values) else None, data.level)


def effects(data: Data) -> list[Effect]:
    """All that the design allows, for every policy and response."""
    found: list[Effect] = []
    for policy in data.asked.alternatives:
        for response in data.asked.responses:
            seen = surface(data, policy, response)
            if seen is None:
                continue
            if data.asked.design.kind == "full_factorial":
                found += _factorial(data, policy, response, seen)
            else:
                found += _regression(data, policy, response, seen)
            if data.asked.design.kind == "saltelli":
                found += _indices(data, policy, response, seen)
    return found


def level_means(data: Data) -> list[LevelMean]:
    """Means by value of each factor, in a full factorial."""
    found = []
    if data.asked.design.kind != "full_factorial":
        return []
    for policy in data.asked.alternatives:
        for response in data.asked.watched:
            seen = surface(data, policy, response)
            for k, factor in enumerate(data.asked.factors if seen is not None else ()):
                for value in factor.values:
                    here = _at(data, {k: value})
                    assert seen is not None
                    mean, half = seen.combined(here / here.sum())
                    found.append(LevelMean(policy, response, factor.name, value, mean, half, int(here.sum())))
    return found


def _at(data: Data, fixed: dict[int, Any]) -> Array:
    """1 for the points with these values, else 0."""
    return np.array([float(all(point.values[k] == v for k, v in fixed.items())) for point in data.points])


def _factorial(data: Data, policy: str, response: Response, seen: Surface) -> Iterator[Effect]:
    factors = data.asked.factors
    total = float(((seen.values - seen.values.mean()) ** 2).sum())
    own: dict[int, float] = {}
    for k, factor in enumerate(factors):
        if len(factor.values) < 2:
            continue
        own[k] = _between(data, seen, [k])
        for end in factor.values[1:] if not factor.numeric else factor.values[-1:]:
            first, last = _at(data, {k: factor.values[0]}), _at(data, {k: end})
            value, half = seen.combined(last / last.sum() - first / first.sum())
            yield _made(policy, response, "main", factor.name, "", factor.values[0], end, value, half, _share(own[k], total),
                        "difference of level means, t over replications")  # fmt: skip
    for k, m in combinations(own, 2):
        a, b = factors[k], factors[m]
        weights = sum(
            sign * (cell := _at(data, {k: x, m: y})) / cell.sum() / 2.0
            for x, y, sign in (
                (a.values[-1], b.values[-1], 1), (a.values[0], b.values[-1], -1), (a.values[-1], b.values[0], -1),
                (a.values[0], b.values[0], 1),
            )
        )  # fmt: skip
        value, half = seen.combined(np.asarray(weights))
        share = _share(_between(data, seen, [k, m]) - own[k] - own[m], total)
        yield _made(policy, response, "interaction", a.name, b.name, a.values[0], a.values[-1], value, half, share,
                    "half the difference of two effects, t over replications")  # fmt: skip


def _between(data: Data, seen: Surface, chosen: Sequence[int]) -> float:
    """Sum of squares between groups of points that share the values of some factors."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for i, point in enumerate(data.points):
        groups.setdefault(tuple(str(point.values[k]) for k in chosen), []).append(i)
    grand = seen.values.mean()
    return float(sum(len(group) * (seen.values[group].mean() - grand) ** 2 for group in groups.values()))


def _share(part: float, total: float) -> float | None:
    return max(part, 0.0) / total if total > 0.0 else None


def _regression(data: Data, policy: str, response: Response, seen: Surface) -> Iterator[Effect]:
    """A plane through all points. Factors of names need two values to have a slope."""
    columns, names = _columns(data)
    if not columns or len(data.points) <= len(columns) + 1:
        return
    x = np.column_stack(columns)
    spread = x.std(axis=0)
    if (spread == 0.0).any():
        return
    design = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / spread])
    slopes = np.linalg.pinv(design)[1:]  # a row of weights for each factor: slopes are sums of the points' responses
    fitted = design @ (np.linalg.pinv(design) @ seen.values)
    sd = float(seen.values.std())
    explained = (
        1.0 - float(((seen.values - fitted) ** 2).sum() / ((seen.values - seen.values.mean()) ** 2).sum())
        if sd > 0
        else 0.0
    )
    for j, name in enumerate(names):
        low, high = int(x[:, j].argmin()), int(x[:, j].argmax())
        value, half = seen.combined(slopes[j] * (x[high, j] - x[low, j]) / spread[j])
        standardised = float(slopes[j] @ seen.values) / sd if sd > 0.0 else 0.0
        k = [f.name for f in data.asked.factors].index(name)
        yield _made(policy, response, "regression", name, "", data.points[low].values[k], data.points[high].values[k], value, half,
                    standardised**2, f"least squares; standardised coefficient {standardised:.3f}, R² {explained:.3f}; t over replications")  # fmt: skip


def _columns(data: Data) -> tuple[list[Array], list[str]]:
    """What a regression can use: numbers, or the place of one of two names."""
    columns, names = [], []
    for k, factor in enumerate(data.asked.factors):
        values = [point.values[k] for point in data.points]
        if factor.numeric:
            columns.append(np.array([float(factor.cell(value)) for value in values]))
        elif len(factor.values) == 2:
            columns.append(np.array([float(value == factor.values[1]) for value in values]))
        else:
            continue
        names.append(factor.name)
    return columns, names


RESAMPLES = 500


def _indices(data: Data, policy: str, response: Response, seen: Surface) -> Iterator[Effect]:
    """Sobol' indices of a Saltelli design, with percentile bootstrap intervals over its points."""
    n, k = data.asked.design.points, len(data.asked.factors)
    if float(seen.values.std()) == 0.0:
        return
    a, b, mixed = seen.values[:n], seen.values[n : 2 * n], seen.values[2 * n :].reshape(k, n)
    chance = np.random.default_rng(data.asked.design.seed)
    drawn = [chance.integers(0, n, n) for _ in range(RESAMPLES)]
    again = np.array([sobol_indices(a[rows], b[rows], mixed[:, rows]) for rows in drawn])
    ends = np.quantile(again, [0.5 - data.level / 2.0, 0.5 + data.level / 2.0], axis=0)
    for kind, values, lows, highs in zip(("first order", "total"), sobol_indices(a, b, mixed), *ends, strict=True):
        for j, factor in enumerate(data.asked.factors):
            yield Effect(policy, response, kind, factor.name, "", None, None, float(values[j]), float(lows[j]), float(highs[j]),
                         float(values[j]), f"{n} points in each sample, percentile bootstrap over points")  # fmt: skip


def sobol_indices(a: Array, b: Array, mixed: Array) -> tuple[Array, Array]:
    """First-order and total indices [factors] of a function at two samples a, b [n] and at a with column i from b, mixed [factors, n].

    A. Saltelli et al., Variance based sensitivity analysis of model output, Computer Physics Communications 181, 2010, 259-270:
    table 2 (b) for the first order, (f), Jansen's, for the total.
    """
    everything = np.concatenate([a, b])
    centre, variance = everything.mean(), everything.var()
    a, b, mixed = a - centre, b - centre, mixed - centre
    return (b * (mixed - a)).mean(axis=1) / variance, ((a - mixed) ** 2).mean(axis=1) / 2.0 / variance


def _made(
    policy: str, response: Response, kind: str, factor: str, other: str, start: Any, end: Any, value: float,
    half: float | None, share: float | None, method: str,
) -> Effect:  # fmt: skip
    low, high = (None, None) if half is None else (value - half, value + half)
    return Effect(policy, response, kind, factor, other, start, end, value, low, high, share, method)
