"""Levels that follow a known season: the derivation of a policy, again for the demand ahead of every review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, exp, log, sqrt

from chainsim.chance.facts import SEASON, STEPS, EventLaw
from chainsim.policies.base import Page, PointFacts, Policy, Settings, round_up
from chainsim.policies.moved import LEVELS, movable, turned
from chainsim.policies.service import LevelDriven

SEASON_INPUTS = ("lowest factor", "rise at lowest", "highest factor", "rise at highest")
"""Inputs of a derived level that follows a season: its ends, for tables."""
APART = 3.0
"""Levels are derived at factors at most so many times apart, and read in between along a·f + b·√f: what demand grows by and
what its spread grows by."""
NARROW = 1.25
"""Factors about the mean at most so far apart are told by one of them and the mean."""
FEW = 4.0
"""Whole units between two derived levels up to which each step is derived, not read from the curve."""


def follows(policy: Policy) -> bool:
    """Whether this policy's levels follow a known season: derived, by the model's own laws."""
    given = any(getattr(policy, name, None) is not None for name in LEVELS)
    return (
        isinstance(policy, LevelDriven)
        and policy.levels == "seasonal"
        and policy.derivation != "textbook"
        and not given
    )


def in_season(policy: Policy, point: PointFacts, settings: Settings, time_unit: str) -> Settings:
    """The settings with pages for the known season of their stock point; as they are where nothing follows it, with a
    warning where a rule of echelons plans for the mean.

    What is derived for the mean of the run stays the base; a page moves all derived levels by what the level of that time
    is above or below it. Raises as `policy.settings` does.
    """
    if not point.season:
        return settings
    if type(policy).watches == "echelon":
        return replace(_season_known(settings), warnings=(*settings.warnings, *_for_the_mean(point, time_unit)))
    places = movable(settings)
    if not follows(policy) or not places:
        return settings
    lot = next((d.value for d in settings.derived if d.name == "order_quantity" and not d.given), 0.0)
    named = {d.name: d.value for d in settings.derived}
    if all(name in named for name in LEVELS):  # min-max: the distance of its levels
        lot = named["order_up_to_level"] - named["reorder_point"]
    factors = sorted({factor for _, factor in point.season})
    rises = _rises(policy, replace(point, season=(), lot=lot), settings.derived[places[0]].value, factors)
    start = Page(0.0, settings.p, settings.wake_at)
    turns = {factor: turned(start, places, by) for factor, by in rises.items()}
    pages: list[Page] = []
    last: tuple[float, ...] | None = None
    for at, factor in point.season:
        page = turns[factor]
        if page.p != last:
            last = page.p
            pages.append(Page(at, last, page.wake_at))
    derived = list(settings.derived)
    told = _told(point, rises, time_unit)
    for k in places:
        inputs = {**derived[k].inputs, **_ends(rises)}
        derived[k] = replace(derived[k], formula=f"{derived[k].formula}; {told}", inputs=inputs)
    return replace(
        _season_known(settings),
        pages=tuple(pages),
        order_up_to=settings.order_up_to + rises[point.season[0][1]],
        wake_at=pages[0].wake_at,
        derived=tuple(derived),
    )


def _season_known(settings: Settings) -> Settings:
    """The settings whose promise does not call the season unknown: it is followed, or warned of by itself."""
    if settings.promise is None:
        return settings
    known = tuple(word for word in settings.promise.unknown if word not in (SEASON, STEPS))
    return replace(settings, promise=replace(settings.promise, unknown=known))


def at_level(point: PointFacts, factor: float) -> PointFacts:
    """The stock point with `factor` times its mean demand, by the laws of its streams at that level."""
    if factor == 1.0:
        return point
    events = tuple((replace(law, level=law.level * factor, rate=law.rate * factor), n) for law, n in point.events)
    grown = factor if point.poisson else factor**2
    if point.demand_interval == 0.0:
        return replace(
            point, events=events, demand_mean=point.demand_mean * factor, demand_sd=point.demand_sd * factor**0.5
        )
    before, after = _variance(point.events), _variance(events)
    if before > 0.0:
        grown = after / before
    return replace(
        point,
        events=events,
        demand_mean=point.demand_mean * factor,
        demand_sd=point.demand_sd * grown**0.5,
        demand_size_mean=point.demand_size_mean * factor,
        demand_size_sd=point.demand_size_sd * grown**0.5,
    )


def _variance(events: Sequence[tuple[EventLaw, int]]) -> float:
    return sum(n * (law.share * law.event.standard_deviation()) ** 2 for law, n in events)


def _rises(policy: Policy, point: PointFacts, base: float, factors: Sequence[float]) -> Mapping[float, float]:
    """By how much levels are above those of the mean, for every factor of the season."""

    def level(factor: float, above: float | None) -> float:
        """Where next to nothing is wanted no formula may do: then the level of a higher factor."""
        if factor == 1.0:
            return base
        try:
            chosen = policy.settings(at_level(point, factor))
            return chosen.derived[movable(chosen)[0]].value
        except (ValueError, ArithmeticError, IndexError):  # a law that is all 0, too
            if factor >= 1.0 or above is None:
                raise
            return above

    found: dict[float, float] = {}
    marks = _marks(factors)
    high = marks[-1], level(marks[-1], None)
    found[high[0]] = high[1]
    for mark in reversed(marks[:-1]):
        low = mark, level(mark, high[1])
        here = [f for f in factors if (low[0] <= f or mark == marks[0]) and (f <= high[0] or high[0] == marks[-1])]
        found.update(_stretch([f for f in here if f not in found], low, high, level, point.whole))
        high = low
    return {factor: found[factor] - base for factor in factors}


def _marks(factors: Sequence[float]) -> list[float]:
    """Factors to derive at: the ends, the mean between them, and some, so that no two are far apart."""
    ends = sorted({factors[0], factors[-1], *([1.0] if factors[0] < 1.0 < factors[-1] else [])})
    if len(ends) == 3 and ends[2] < NARROW * ends[0]:
        ends.pop(0 if ends[0] * ends[2] > 1.0 else 2)  # the mean, and one more, tell of all
    marks = ends[:1]
    for low, high in pairwise(ends):
        parts = ceil(log(high / low) / log(APART) - 1e-9)
        marks += [low * exp(log(high / low) * k / parts) for k in range(1, parts)] + [high]
    return marks


def _stretch(
    factors: Sequence[float],
    low: tuple[float, float],
    high: tuple[float, float],
    level: Callable[[float, float | None], float],
    whole: bool,
) -> dict[float, float]:
    """Levels at factors between two where they are known: along the curve, or step by step where steps are few."""
    (a, least), (b, most) = low, high
    if whole and 1.0 < most - least <= FEW and len(factors) > 2:
        middle = factors[len(factors) // 2]
        mark = middle, level(middle, most)
        return {
            **_stretch([f for f in factors if f < middle], low, mark, level, whole),
            **_stretch([f for f in factors if f >= middle], mark, high, level, whole),
        }
    # a·f + b·√f through both: g = level / √f is a straight line in √f
    low_root, high_root = sqrt(a), sqrt(b)
    if low_root == high_root:  # one factor, or two that rounding made of one
        return dict.fromkeys(factors, most)
    slope = (most / high_root - least / low_root) / (high_root - low_root)
    return {f: round_up(sqrt(f) * (least / low_root + slope * (sqrt(f) - low_root)), whole) for f in factors}


def _told(point: PointFacts, rises: Mapping[float, float], time_unit: str) -> str:
    """'follows the season: 75 lower at factor 0.3 (from day 180 of the run), 213 higher at factor 2.1 (from day 1)'."""
    factors = sorted(rises)
    ends = factors[:1] if len(factors) == 1 else [factors[0], factors[-1]]
    parts = []
    for factor in ends:
        at = next(at for at, known in point.season if known == factor)
        by = rises[factor]
        more = "as it is" if by == 0.0 else f"{abs(by):.10g} {'higher' if by > 0.0 else 'lower'}"
        parts.append(f"{more} at factor {factor:.3g} (from {time_unit} {at:.6g} of the run)")
    return f"follows the season: {', '.join(parts)}"


def _ends(rises: Mapping[float, float]) -> dict[str, float]:
    """The lowest and the highest factor of the season, and by how much the level is higher there than for the mean."""
    low, high = min(rises), max(rises)
    return dict(zip(SEASON_INPUTS, (low, rises[low], high, rises[high]), strict=True))


def _for_the_mean(point: PointFacts, time_unit: str) -> tuple[str, ...]:
    """What a rule of echelons does not do."""
    at, peak = max(point.season, key=lambda page: page[1])
    if peak <= 1.02:
        return ()
    return (
        "plans for the mean of the season, so that its levels are too low at the peak; s_Q, s_S, R_S or base_stock follow a "
        f"season: at the peak {peak:.3g} times the mean is ahead, first on {time_unit} {at:.4g} of the run",
    )
