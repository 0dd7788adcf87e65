"""What levels that came by another road than the model's own laws would give by them: the textbook's, a network plan's.

So that a miss can be told before anything is run, and explained after: demand of many units at a time, say, under a plan that
knows its mean and variance only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from chainsim.policies.base import Derived, PointFacts, Promise
from chainsim.policies.stages import curve_of, priceless, stage_of

if TYPE_CHECKING:
    from chainsim.theory.positions import Rule
    from chainsim.theory.service_curve import Kind

APART = 0.01
"""A service that is expected to be off by no more than this is as asked."""


def with_law(promise: Promise, point: PointFacts, levels: Sequence[Derived]) -> Promise:
    """The promise with what these levels are expected to deliver by the model's own laws.

    A source that may itself run short lets a level serve less than by its own law, never more: below one, only a law that
    misses what is asked says anything, and only that is kept.
    """
    if promise.asked is None or promise.expected is not None:
        return promise
    found = _read(point, levels, "fill_rate" if promise.kind == "fill_rate" else "service")
    if found is None:
        return promise
    expected, one_less = found
    if any(source.origin is not None and source.share > 0.0 for source in point.sources):
        return replace(promise, expected=expected) if expected < promise.asked - APART else promise
    return replace(promise, expected=expected, one_less=one_less)


def misses(promise: Promise) -> bool:
    """Whether less is expected than asked."""
    return promise.asked is not None and promise.expected is not None and promise.expected < promise.asked - APART


def _read(point: PointFacts, levels: Sequence[Derived], kind: Kind) -> tuple[float, float | None] | None:
    named = {d.name.replace("_", " ").removeprefix("echelon "): d.value for d in levels}
    if "reorder point" in named:
        level, lot = named["reorder point"], named.get("order quantity", 0.0)
        rule: Rule = "sQ"
        if not lot:
            rule, lot = "sS", named.get("order up to level", level) - level
    else:
        known = named.get("order up to level", named.get("base-stock level"))
        if known is None:
            return None
        level, lot, rule = known, 0.0, "S"
    return _service(priceless(point), rule, lot, kind, level)


@lru_cache(maxsize=8192)  # equal stock points share one
def _service(point: PointFacts, rule: Rule, lot: float, kind: Kind, level: float) -> tuple[float, float | None] | None:
    """Service at a level, and one unit lower; None where no law is known, or none can be computed."""
    try:
        scaled = stage_of(point, lot)
        if scaled is None:
            return None
        levels, service = curve_of(point, rule, lot, kind)
    except (ValueError, ArithmeticError, MemoryError):
        return None

    def at(units: float) -> float | None:
        place = int(levels.searchsorted(units / scaled.step + 1e-9, side="right")) - 1
        return float(service[min(place, len(service) - 1)]) if place >= 0 else None

    expected = at(level)
    return None if expected is None else (expected, at(level - (1.0 if point.whole else scaled.step)))
