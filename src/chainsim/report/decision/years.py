"""Risk in counts: how many years miss the target, the worst of them, how many months do, and the worst month."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.report.decision.situation import Situation
from chainsim.report.decision.spoken import how_often, share
from chainsim.report.facts import Policy
from chainsim.report.numbers import grouped, several
from chainsim.showing import plural


@dataclass(frozen=True)
class Years:
    """A policy over all replications. bad, n: years that miss the target, of all in which anything was demanded; worst: lowest fill
    rate of a year, dearest: highest cost; the same of months. None without a target, or where there is nothing to count."""

    policy: Policy
    n: int
    bad: int | None
    worst: float | None
    months: int
    bad_months: int | None
    worst_month: float | None
    dearest: float | None


@dataclass(frozen=True)
class Risk:
    """title: what is to be feared. year, month: what they are called; rows: by policy. note: what cannot be said."""

    title: str
    year: str
    month: str
    rows: tuple[Years, ...]
    note: str


def risk(s: Situation) -> Risk:
    """How often and how badly each policy fails."""
    rows = tuple(years_of(s, policy) for policy in s.facts.policies)
    return Risk(_title(s, rows[s.chosen.index]), s.year, s.month, rows, _note(s))


def years_of(s: Situation, policy: Policy) -> Years:
    """The counts of one policy."""
    fills, months, costs = s.fills(policy), s.months(policy), s.facts.samples(policy, "total_cost")
    asked = s.facts.target is not None
    return Years(
        policy,
        len(fills),
        s.below(fills) if asked and len(fills) else None,
        float(fills.min()) if len(fills) else None,
        len(months),
        s.below(months) if asked and len(months) else None,
        float(months.min()) if len(months) else None,
        float(costs.max()) if s.money and len(costs) else None,
    )


def sentence(s: Situation, own: Years) -> str:
    """How often the target is missed; '' without a target."""
    if own.bad is None:
        return ""
    years = how_often(own.bad, own.n, s.year).verb("misses", "miss")
    months = ""
    if own.bad_months is not None:
        often = how_often(own.bad_months, own.months, s.month).verb("does", "do")
        months = f"{', but' if own.bad == 0 < own.bad_months else ', and'} {often}"
    return f"{years[0].upper()}{years[1:]} the target{months}."


def _title(s: Situation, own: Years) -> str:
    if not own.n:
        return "Risk: nothing was demanded"
    if s.facts.n == 1:
        return f"Risk: one {s.year} says nothing of bad ones"
    if not s.facts.random:
        return f"Risk: every {s.year} is the same"
    if own.bad is None:
        return f"Risk: {share(own.worst)} served in the worst {s.year}"
    none = f"none of {several(own.n, s.year)} bad" if " " in s.year else f"no bad {s.year} of {own.n}"
    years = none if own.bad == 0 else f"{how_often(own.bad, own.n, s.year).text} bad"
    if not own.bad_months:
        return f"Risk: {years}"
    months = how_often(own.bad_months, own.months, s.month).text
    return f"Risk: {years}, {'but' if own.bad == 0 else 'and'} {months}{' bad' if own.bad == 0 else ''}"


def _note(s: Situation) -> str:
    if s.facts.n == 1:
        return f"Only one {s.year} was simulated: how bad others may be cannot be said."
    if not s.facts.random:
        return "Nothing here is random."
    bad = "" if s.facts.target is None else f" Bad: below the target over all of a {s.year}, or of a {s.month}."
    return f"Worst of {grouped(s.facts.n, 0)} {plural(s.year)} simulated; there may be worse.{bad}"
