"""What a run would take, from arithmetic alone, before anything is made: asked first of a scenario that is sound.

Every number here is known from the file (run ÷ every, values a scaled law spans, units asked for over the run), so that a
slip of a unit is refused at its line in no time, and not found out by filling the memory.
"""

from __future__ import annotations

from typing import Any

from chainsim.chance.base import Distribution
from chainsim.demand.level import Level, Season
from chainsim.scenario.draft import Draft
from chainsim.scenario.levels import level_of
from chainsim.scenario.model import Demand
from chainsim.scenario.nodes import Path

MOST_PERIODS = 10_000_000
"""Happenings of one kind at one place in one replication: periods, reviews, departures, outages."""
MOST_LEVELS = 2_000_000
"""Periods whose own level is kept in memory: those of a season, step or surge, of an AR(1) process and of a replay."""
MOST_CELLS = 500_000
"""Stretches of one level in a run, each kept in memory."""
MOST_SPANNED = 20_000_000
"""Values in the tables of all laws that a season, step or surge scales."""
MOST_UNITS = 2.0**53
"""Units that may be asked for in a run: whole numbers above this are not all held exactly, and sums lose units."""


def periods(draft: Draft) -> None:
    """Demand that comes too often to be counted, and levels that change too often to be kept."""
    told: set[Path] = set()
    kept: dict[tuple[Any, ...], tuple[float, Path]] = {}
    for demand, path in draft.demands:
        every = getattr(demand.process, "every", None)
        if path in told or every is None:
            continue
        count = _run(draft) / every
        if _too_many(
            draft, (*path, "every"), count, f"demands of {demand.site} / {demand.product}", "lengthen `every`"
        ):
            told.add(path)
        elif _keeps_levels(demand):
            level = level_of(demand, draft.time)
            kept[(level, every, getattr(demand.process, "offset", 0.0), type(demand.process))] = (count, path)
    total = sum(count for count, _ in kept.values())
    if total > MOST_LEVELS:
        _, path = max(kept.values(), key=lambda one: one[0])
        message = f"{total:,.0f} periods with a level of their own in one replication (limit {MOST_LEVELS:,})"
        draft.error(path, message, "lengthen `every`, shorten time.horizon, or do without seasons", budget=True)


def levels(draft: Draft) -> None:
    """Seasons that come round too often in the run."""
    told: set[Path] = set()
    for demand, path in draft.demands:
        cells = sum(
            draft.time.end / part.length * len(part.factors)
            for part in level_of(demand, draft.time).parts
            if isinstance(part, Season)
        )
        if cells > MOST_CELLS and path not in told:
            told.add(path)
            message = f"changes {cells:,.0f} times in a run (limit {MOST_CELLS:,})"
            draft.error((*path, "season"), message, "shorten time.horizon", budget=True)


def scaled_laws(draft: Draft) -> None:
    """Laws that a season, step or surge scales beyond what a table holds, or into too many tables."""
    told: set[Path] = set()
    tables: dict[tuple[Any, ...], tuple[float, Path]] = {}
    for demand, path in draft.demands:
        law = getattr(demand.process, "quantity", None)
        level = level_of(demand, draft.time)
        if path in told or not level.parts or not isinstance(law, Distribution):
            continue
        most = _most(level)
        wrong, spans = _scaled(law, most)
        if wrong:
            told.add(path)
            message = f"a season, step or surge makes it up to {most:g} times as much, which {wrong}"
            draft.error((*path, _where(demand)), message, "lower the factor, or use gamma or normal", budget=True)
            continue
        different = min(_factors(level), _run(draft) / getattr(demand.process, "every", 1.0))
        tables[(law, level)] = (different * spans, path)
    total = sum(values for values, _ in tables.values())
    if total > MOST_SPANNED:
        _, path = max(tables.values(), key=lambda one: one[0])
        message = f"{total:.1e} values in the tables of all scaled laws (limit {MOST_SPANNED:.0e})"
        draft.error(path, message, "use gamma or normal: a law of a continuous family has one table", budget=True)


def reviews(draft: Draft) -> None:
    """Reviews that come too often to be counted."""
    told: set[tuple[str, float]] = set()
    for alternative in draft.alternatives:
        for (site, product), governed in alternative.rules.items():
            interval = getattr(governed.policy, "review_interval", None)
            if interval and (alternative.name, interval) not in told:
                told.add((alternative.name, interval))
                what = f"reviews of {site} / {product}"
                path = ("policies", alternative.name, "review_interval")
                _too_many(draft, path, _run(draft) / interval, what, "lengthen it")


def outages(draft: Draft) -> None:
    """Outages that come back too often."""
    told: set[Path] = set()
    for outage, path in draft.outages:
        if path in told:
            continue
        cycle, key = outage.every, "every"
        if outage.time_between is not None:
            down = outage.duration.expectation() if isinstance(outage.duration, Distribution) else outage.duration
            cycle, key = outage.time_between.expectation() + down, "time_between"
        if cycle is None:
            continue
        count = _run(draft) / cycle if cycle > 0.0 else float("inf")
        if _too_many(draft, (*path, key), count, f"outages of {outage.label}", "is its unit right?", MOST_PERIODS / 10):
            told.add(path)


def departures(draft: Draft) -> None:
    """Capacity periods that come too often; departures at fixed times are skipped without work."""
    for site in draft.sites.values():
        for made in site.production:
            if made.capacity is None:
                continue
            path = (*made.path, "capacity")
            _too_many(draft, path, _run(draft) / made.period, f"capacity periods of {site.name}", "lengthen the period")


def units(draft: Draft) -> None:
    """Demand of more units than can be added up exactly. Means as the laws say them: no table is made."""
    asked: dict[str, float] = {}
    told: set[str] = set()
    for demand, path in draft.demands:
        most = _most(level_of(demand, draft.time))
        asked[demand.product] = asked.get(demand.product, 0.0) + _rate(draft, demand) * _run(draft) * max(most, 1.0)
        if asked[demand.product] > MOST_UNITS and demand.product not in told:
            told.add(demand.product)
            message = (
                f"{asked[demand.product]:.3g} units of '{demand.product}' are asked for in one run; sums are exact up to "
                f"2^53 ({MOST_UNITS:.3g})"
            )
            draft.error((*path, _where(demand)), message, "count in a larger unit, or is its unit right?", budget=True)


def _rate(draft: Draft, demand: Demand) -> float:
    """Units per time unit at level 1."""
    process = demand.process
    law = getattr(process, "quantity", None) or getattr(process, "size", None)
    each = law.expectation() if isinstance(law, Distribution) else float(getattr(process, "mean", 0.0) or 0.0)
    if getattr(process, "every", None):
        return each / float(getattr(process, "every", 1.0))
    gap, rate = getattr(process, "gap", None), getattr(process, "rate", None)
    if gap is not None:
        return each / float(gap.expectation())
    return (each or 1.0) * float(rate or 0.0)


def _run(draft: Draft) -> float:
    return draft.time.warm_up + draft.time.horizon


def _where(demand: Demand) -> str:
    """The key that says how much is asked for."""
    keys = ("quantity", "size", "mean", "rate", "file")
    return next((key for key in keys if getattr(demand.process, key, None) is not None), "type")


def _keeps_levels(demand: Demand) -> bool:
    """Whether the process keeps a number for every period."""
    seasonal = bool(demand.weekly or demand.yearly or demand.steps or demand.surges)
    return seasonal or not isinstance(getattr(demand.process, "quantity", None), Distribution)


def _most(level: Level) -> float:
    """The highest factor there may be: those of all parts together."""
    most = 1.0
    for part in level.parts:
        most *= max(part.factors) if isinstance(part, Season) else max(part.factor, 1.0)
    return most


def _factors(level: Level) -> float:
    """How many different factors there may be."""
    count = 1.0
    for part in level.parts:
        count *= len(set(part.factors)) if isinstance(part, Season) else 2.0
    return count


def _scaled(law: Distribution, factor: float) -> tuple[str, float]:
    """What is wrong with a law times a factor ('' if nothing), and how many values its table would hold."""
    try:
        scaled = law.scaled(factor)
        wrong = scaled.problems()
        return (wrong[0][1], 0.0) if wrong else ("", scaled.values_held())
    except (ValueError, OverflowError):
        return "is more than can be counted", 0.0


def _too_many(draft: Draft, path: Path, count: float, what: str, cure: str, most: float = MOST_PERIODS) -> bool:
    if count <= most:
        return False
    counted = f"{count:,.0f}" if count < 1e15 else f"{count:.3g}"
    message = f"makes {counted} {what} in one replication (limit {most:,.0f})"
    draft.error(_written(draft, path), message, f"{cure}, or shorten time.horizon", budget=True)
    return True


def _written(draft: Draft, path: Path) -> Path:
    """The key where it is written, else the horizon, which makes the many of them."""
    return path if draft.source.has(path) else ("time", "horizon")


CHECKS = (periods, levels, reviews, outages, departures, units, scaled_laws)
