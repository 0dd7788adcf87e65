"""What people put on top of derived numbers: so many days more or less of stock, lots so many times as large.

An adjustment is in units that fit every stock point, so that one holds for a whole echelon: levels move by the mean demand
of a time, lots by a factor. It comes last, on top of what was derived and of what short simulations corrected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor

from chainsim.policies.base import PointFacts, Settings, where
from chainsim.policies.moved import LEVELS, movable, moved

LOTS = ("order_quantity", "order quantity")
"""Names of derived parameters that are lots."""


@dataclass(frozen=True)
class Adjust:
    """cover: time units of mean demand by which every level is higher. lots: so many times the lot."""

    cover: float = 0.0
    lots: float = 1.0


def cover_in_units(settings: Settings, point: PointFacts, cover: float) -> float:
    """Units by which the levels of a stock point move: whole ones for whole products, and none below 0 that was not there.

    Raises ValueError with a sentence where its numbers are no levels.
    """
    if cover == 0.0:
        return 0.0
    places = movable(settings, every=True)
    if not places:
        raise ValueError(
            f"{where(point)}: its policy orders by no level, so there is nothing that more cover could raise"
        )
    by = cover * point.demand_mean
    by = floor(by + 0.5) if point.whole else by
    lowest = min(settings.p[places[0]], *(page.p[places[0]] for page in settings.pages), float("inf"))
    return max(by, min(0.0, -lowest))


def with_levels(settings: Settings, by: float) -> Settings:
    """The settings with every level so many units higher, and no promise: nobody asked for what these deliver."""
    if by == 0.0:
        return settings
    places, found = movable(settings, every=True), moved(settings, by, every=True)
    derived = tuple(
        replace(d, formula=f"{d.formula}; adjusted by {by:+g}") if k in places else d
        for k, d in enumerate(found.derived)
    )
    return replace(found, derived=derived, promise=None)


def with_lots(settings: Settings, point: PointFacts, factor: float) -> Settings:
    """The settings with a lot so many times as large, rounded to whole units where it was whole; one unit at least.

    The lot of an (s, S) policy is what lies between its levels. Raises ValueError with a sentence where there is none.
    """
    if factor == 1.0:
        return settings
    places = {d.name: k for k, d in enumerate(settings.derived) if k < len(settings.p) and settings.p[k] == d.value}
    lot = next((places[name] for name in LOTS if name in places), None)
    s, top = (places.get(name) for name in LEVELS)
    if lot is None and (s is None or top is None):
        raise ValueError(f"{where(point)}: its policy has no lot that could be larger or smaller")
    k, bottom = (top, s) if lot is None else (lot, None)
    assert k is not None

    def changed(p: tuple[float, ...]) -> tuple[float, ...]:
        base = 0.0 if bottom is None else p[bottom]
        return (*p[:k], base + _lot(p[k] - base, factor), *p[k + 1 :])

    p = changed(settings.p)
    by, derived = p[k] - settings.p[k], settings.derived[k]
    return replace(
        settings,
        p=p,
        order_up_to=settings.order_up_to + by,
        pages=tuple(replace(page, p=changed(page.p)) for page in settings.pages),
        derived=(
            *settings.derived[:k],
            replace(derived, value=p[k], exact=p[k], formula=f"{derived.formula}; lot times {factor:g}"),
            *settings.derived[k + 1 :],
        ),
        promise=None,
    )


def _lot(lot: float, factor: float) -> float:
    larger = lot * factor
    return float(max(floor(larger + 0.5), 1)) if float(lot).is_integer() else larger
