"""What was found, worked out once for tables, page and terminal: choices, effects, level means, boxes, curves of theory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from chainsim.experiments.choosing import Choices
from chainsim.experiments.data import Data
from chainsim.experiments.discovery import Axis, Box, Limit, discover
from chainsim.experiments.effects import Effect, LevelMean, effects, level_means
from chainsim.experiments.factors import Factor, number_of, shown
from chainsim.experiments.model import Curve
from chainsim.experiments.theory_curves import CURVES
from chainsim.study.csvtext import Cell, csv_bytes


@dataclass(frozen=True)
class Findings:
    """Everything that follows from the samples."""

    data: Data

    @cached_property
    def choices(self) -> Choices:
        """How policies stand at each point."""
        return Choices.of(self.data)

    @cached_property
    def effects(self) -> list[Effect]:
        """What each factor does."""
        return effects(self.data)

    @cached_property
    def level_means(self) -> list[LevelMean]:
        """Means by value of a factor, in a full factorial."""
        return level_means(self.data)

    @cached_property
    def broken(self) -> dict[int, str]:
        """Why the choice would not be made, by place of the good points; '' where it would."""
        if not self.choices.breakable:
            return {}
        return {i: self.choices.why_broken(i) for i in self.data.good}

    @cached_property
    def boxes(self) -> list[Box]:
        """Futures in which the choice breaks."""
        good = sorted(self.broken)
        return discover(self._axes(good), [bool(self.broken[i]) for i in good])

    def _axes(self, good: Sequence[int]) -> list[Axis]:
        axes = []
        for k, factor in enumerate(self.data.asked.factors):
            values = [self.data.points[i].values[k] for i in good]
            numbers = [factor.cell(v) if factor.numeric else factor.values.index(v) for v in values]
            axes.append(Axis(factor.name, np.array(numbers, float), factor.numeric))
        return axes

    def words(self, box: Box) -> str:
        """The limits of a box in words; numbers are values that were tried."""
        told = []
        for k in dict.fromkeys(limit.axis for limit in box.limits):
            told.append(
                self._limit_words(self.data.asked.factors[k], [limit for limit in box.limits if limit.axis == k])
            )
        return " and ".join(told)

    def _limit_words(self, factor: Factor, limits: Sequence[Limit]) -> str:
        if limits[0].kept:
            names = [shown(factor.values[int(k)]) for k in sorted(limits[0].kept)]
            return f"{factor.name} is {' or '.join(names)}"
        low, high = max(limit.low for limit in limits), min(limit.high for limit in limits)
        if low == high:
            return f"{factor.name} is {told_number(factor, low)}"
        if low == -np.inf:
            return f"{factor.name} is at most {told_number(factor, high)}"
        if high == np.inf:
            return f"{factor.name} is at least {told_number(factor, low)}"
        return f"{factor.name} is from {told_number(factor, low)} to {told_number(factor, high)}"

    def theory(self, curve: Curve) -> Iterator[tuple[float, float]]:
        """The curve of theory at the values of its factor, rising."""
        k = [factor.name for factor in self.data.asked.factors].index(curve.factor)
        known = {number_of(point.values[k])[0] for point in self.data.points}
        for x in sorted(x for x in known if x is not None):
            yield x, CURVES[curve.name].value(x, **curve.numbers)


def told_number(factor: Factor, number: float) -> str:
    """A number of a factor with its unit.

    >>> told_number(Factor("rate", "x", ("15% per year", "25% per year")), 25.0)
    '25% per year'
    """
    unit = factor.unit
    return f"{number:.4g}{'' if unit.startswith('%') or not unit else ' '}{unit}"


def finding_tables(found: Findings) -> dict[str, bytes]:
    """best, effects, level means, theory and breaks, by file name."""
    names = [factor.name for factor in found.data.asked.factors]
    return {
        "best.csv": csv_bytes(
            (
                "point",
                *names,
                "policy",
                "kpi",
                "value",
                "meets",
                "chosen",
                "place",
                "rival",
                "gap",
                "low",
                "high",
                "breaks",
            ),
            _best(found),
        ),
        "effects.csv": csv_bytes(
            (
                "policy",
                "site",
                "product",
                "kpi",
                "kind",
                "factor",
                "other",
                "from",
                "to",
                "effect",
                "low",
                "high",
                "share",
                "method",
            ),
            _effects(found),
        ),
        "level_means.csv": csv_bytes(
            ("policy", "site", "product", "kpi", "factor", "level_of_factor", "mean", "half_width", "points"),
            _means(found),
        ),
        "theory.csv": csv_bytes(("curve", "kpi", "factor", "level_of_factor", "theory", "source"), _theory(found)),
        "breaks.csv": csv_bytes(
            (
                "box",
                "policy",
                "factor",
                "low",
                "high",
                "values",
                "chance",
                "points",
                "broken",
                "density",
                "coverage",
                "words",
            ),
            _breaks(found),
        ),
    }


def _best(found: Findings) -> Iterator[Sequence[Cell]]:
    from chainsim.experiments.tables import cells

    choices, data = found.choices, found.data
    for i in data.good:
        runners = [stand.policy for stand in choices.stands[i] if stand.standing is not None]
        for stand in choices.stands[i]:
            told = stand.standing
            rival = "" if told is None or told.rival is None else runners[told.rival]
            gap = None if told is None or told.gap is None else told.gap.mean
            place = "may not be chosen" if told is None else told.place
            why = found.broken.get(i, "") if stand.policy == choices.choice else ""
            yield (
                *cells(data, i), stand.policy, data.asked.objective.kpi, stand.value, stand.meets, stand.chosen, place, rival, gap,
                None if told is None else told.low, None if told is None else told.high, why,
            )  # fmt: skip


def _effects(found: Findings) -> Iterator[Sequence[Cell]]:
    for e in found.effects:
        r = e.response
        ends = (_value(e.start), _value(e.end))
        yield (
            e.policy,
            r.site,
            r.product,
            r.kpi,
            e.kind,
            e.factor,
            e.other,
            *ends,
            e.effect,
            e.low,
            e.high,
            e.share,
            e.method,
        )


def _means(found: Findings) -> Iterator[Sequence[Cell]]:
    for m in found.level_means:
        r = m.response
        yield m.policy, r.site, r.product, r.kpi, m.factor, _value(m.value), m.mean, m.half_width, m.points


def _theory(found: Findings) -> Iterator[Sequence[Cell]]:
    for curve in found.data.asked.curves:
        for x, y in found.theory(curve):
            yield curve.name, curve.response.kpi, curve.factor, x, y, CURVES[curve.name].source


def _breaks(found: Findings) -> Iterator[Sequence[Cell]]:
    for number, box in enumerate(found.boxes, 1):
        for limit in box.limits:
            factor = found.data.asked.factors[limit.axis]
            low, high = (None if abs(x) == np.inf else x for x in (limit.low, limit.high))
            names = "; ".join(shown(factor.values[int(k)]) for k in sorted(limit.kept))
            yield (
                number, found.choices.choice, factor.name, low, high, names, limit.chance, box.points, box.broken, box.density,
                box.coverage, found.words(box),
            )  # fmt: skip


def _value(value: Any) -> str:
    return "" if value is None else shown(value)
