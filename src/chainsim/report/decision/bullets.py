"""The three bullets that everyone reads: money, service, certainty. A bullet says its finding in a few words, then what stands behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainsim.report.decision.phrase import Figure, Phrase, phrase
from chainsim.report.decision.situation import HAIR, Situation
from chainsim.report.decision.spoken import all_of, apart, cost_of, count_of, how_often, money, share, share_of, span
from chainsim.report.decision.what_if import WhatIf
from chainsim.report.decision.years import sentence, years_of
from chainsim.report.facts import Policy
from chainsim.report.numbers import HARD, grouped, percent, several
from chainsim.report.precision import replications


@dataclass(frozen=True)
class Bullet:
    """topic: 'Money'; strong: the finding; text: what stands behind it."""

    topic: str
    strong: Phrase
    text: Phrase


def for_everyone(s: Situation, stood: WhatIf | None) -> tuple[Bullet, ...]:
    """Money, service, certainty."""
    return money_bullet(s), service_bullet(s), certainty_bullet(s, stood)


def money_bullet(s: Situation) -> Bullet:
    """What it costs, against the baseline and the runner-up."""
    if not s.money:
        held = s.facts.mean(s.chosen, "on_hand_mean")
        return Bullet(
            "Stock",
            phrase(count_of(held), " units in stock"),
            ("The scenario names no costs, so stock stands for money.",),
        )
    cost, before = s.facts.mean(s.chosen, "total_cost"), s.facts.mean(s.baseline, "total_cost")
    strong = a_year(s, cost, None)
    text: list[str | Figure] = []
    if s.changes and s.baseline.index in s.choice.ties:  # nobody knows whether it costs more
        text += _next(s, s.baseline, "The baseline")
    elif s.changes and cost is not None and before:
        strong = a_year(s, cost, before)
        served = f", which serves {share(s.facts.mean(s.baseline, 'fill_rate'))}" if _misses(s, s.baseline) else ""
        text += _against(s, s.baseline, f"{s.baseline.label}, the baseline{served}", share_too=True)
    other = s.runner_up
    if other is not None and (not s.changes or other.index != s.baseline.index):
        role = "The next" if not s.choice.ties else "The other" if len(s.choice.ties) == 1 else "The nearest"
        text += [" " if text else "", *_next(s, other, role)]
    return Bullet("Money", strong, phrase(*text) or (_alone(s),))


def a_year(s: Situation, cost: float | None, before: float | None) -> Phrase:
    """'€30k a year, not €44k'; only the first where the other is not known, or told alike."""
    if cost is not None and before:
        now, was = apart(s.facts.units, cost, before)
        if now != was:
            return phrase(Figure(now, cost), f" a {s.facts.over}, not ", Figure(was, before))
    return phrase(cost_of(s.facts, cost), f" a {s.facts.over}")


def _alone(s: Situation) -> str:
    """Why there is none to compare with."""
    if s.choice.kind == "same rule":
        return "The others cost the same." if len(s.facts.policies) > 2 else "The other costs the same."
    told = {"recommended": "No other policy reaches the target.", "none meets": "No policy reaches the target."}
    return told.get(s.choice.kind, "No other policy to compare with.")


def _against(s: Situation, other: Policy, name: str, *, share_too: bool) -> Phrase:
    """'33 % less than Just in time, the baseline.'"""
    gap, base = s.cost_gap(other).difference.mean, s.facts.mean(other, "total_cost")
    if gap is None or not base:
        return ()
    if gap == 0:
        return (f"As much as {name}.",)
    return (
        f"{grouped(100.0 * abs(gap) / base, 0 if abs(gap) >= 0.1 * base else 1)}{HARD}% {'less' if gap > 0 else 'more'} than {name}.",
    )


def _next(s: Situation, other: Policy, role: str) -> Phrase:
    """'The next, EOQ, costs €800 more (likely €400 to €1 100).'"""
    gap = s.cost_gap(other).difference
    if gap.mean is None:
        return ()
    units = s.facts.units
    if gap.mean == 0 and not gap.half_width:
        return (f"{role}, {other.label}, costs as much.",)
    more = "more" if gap.mean > 0 else "less"
    if gap.low is None or gap.high is None or not gap.half_width or gap.half_width <= 1e-9 * abs(gap.mean):
        alone = "" if gap.low is None else f" in every {s.year}"
        return phrase(
            f"{role}, {other.label}, costs ", Figure(money(units, abs(gap.mean)), gap.mean), f" {more}{alone}."
        )
    low, high = sorted((abs(gap.low), abs(gap.high)))
    figure = Figure(money(units, abs(gap.mean), like=high), gap.mean)
    ends = f"likely {span(units, low, high)}"
    if gap.low < 0.0 < gap.high:
        ends = f"may be {money(units, -gap.low, like=high)} less to {money(units, gap.high, like=high)} more"
    return phrase(f"{role}, {other.label}, costs ", figure, f" {more} ({ends}).")


def service_bullet(s: Situation) -> Bullet:
    """What customers get, and how often they do not."""
    served, target = s.facts.mean(s.chosen, "fill_rate"), s.facts.target
    if served is None:
        return Bullet("Service", ("Fill rate undefined",), ("Nothing was demanded, so there is nothing to serve.",))
    goal = f", target {percent(target)}" if target is not None else ""
    strong = phrase(share_of(served), f" served at once{goal}")
    own = years_of(s, s.chosen)
    if target is None:
        worst = f" The worst {s.year} reaches {share(own.worst)}." if s.facts.random and s.facts.n > 1 else ""
        return Bullet("Service", strong, (f"The scenario sets no target.{worst}",))
    if s.facts.n == 1 or not s.facts.random:
        met = "reached" if served >= target - HAIR else "missed"
        return Bullet(
            "Service", strong, (f"The target is {met} in {'the only' if s.facts.n == 1 else 'every'} {s.year}.",)
        )
    text = sentence(s, own)
    if s.runner_up is not None:
        other = years_of(s, s.runner_up)
        if (other.bad, other.bad_months) != (own.bad, own.bad_months):
            text += f" Under {s.runner_up.label}: {_counted(s, other.bad, other.n, s.year, other.bad_months, other.months)}."
    return Bullet("Service", strong, (text,))


def _counted(s: Situation, bad: int | None, of: int, year: str, bad_months: int | None, months: int) -> str:
    told = how_often(bad or 0, of, year).text
    return told if bad_months is None else f"{told}, {how_often(bad_months, months, s.month).text}"


def certainty_bullet(s: Situation, stood: WhatIf | None) -> Bullet:
    """How sure the choice is: by luck, and by shocks."""
    shocks = (
        f" It survives {stood.survived[s.chosen.index]} of {several(len(stood.shocks), 'shock')}."
        if stood is not None
        else ""
    )
    strong, text = _luck(s)
    return Bullet("Certainty", strong, phrase(text, shocks))


def _luck(s: Situation) -> tuple[Phrase, str]:
    facts, n = s.facts, s.facts.n
    if s.choice.kind == "undefined":
        return ("Nothing can be said",), "No policy served anyone."
    if s.choice.kind == "same rule":
        return (
            ("Nothing to choose between",),
            f"{all_of(len(facts.policies))} give the same numbers in every {s.year}.",
        )
    if len(facts.policies) == 1:
        return ("Nothing to compare with",), "One policy was run: what is best cannot be said."
    if n == 1:
        return ("One replication: not known",), f"Run more to learn how sure this is: one {s.year} may be luck."
    if not facts.random:
        return ("Nothing here is random",), f"Every {s.year} is the same, so the numbers are exact for this model."
    if s.choice.kind == "no clear winner":
        names = [s.chosen.label, *(facts.policies[i].label for i in s.choice.ties)]
        who = " and ".join(names) if len(names) == 2 else f"{len(names)} policies"
        settle = f"; {replications(s.choice.settles)} would settle it" if s.choice.settles else ""
        return (f"Not settled by {several(n, 'replication')}",), f"{who} cannot be told apart{settle}."
    if s.choice.kind == "none meets":
        return _short(s)
    return _wins(s)


def _short(s: Situation) -> tuple[Phrase, str]:
    target, e = s.facts.target, s.facts.estimate(s.chosen, "fill_rate")
    if target is not None and e.high is not None and e.high >= target:
        return (
            "It may still reach the target",
        ), "Its interval includes the target: more replications may show that it does."
    return (
        "The target is surely missed",
    ), "A way to it: chainsim tune raises the levels until the target is met, at least cost."


def _wins(s: Situation) -> tuple[Phrase, str]:
    """In how many years the choice is better than the baseline, and than the runner-up."""
    # a baseline that misses the target is no rival: that it costs less decides nothing
    rival = s.changes and not _misses(s, s.baseline)
    against = s.baseline if rival else s.runner_up
    if against is None:
        return ("The only one that meets the target",), "All other policies miss it."
    better = "Cheaper" if s.money else "Better"
    wins, of = _won(s, against)
    name = "the baseline" if rival else against.label
    strong = (f"{better} in {grouped(wins, 0)} of {several(of, s.year)}",)
    text = f"than {name}"
    if s.changes and not rival:
        text += "; the baseline misses the target"
    elif s.changes and s.runner_up is not None and s.runner_up.index != s.baseline.index:
        again, _ = _won(s, s.runner_up)
        text += f"; than {s.runner_up.label} in {grouped(again, 0)}"
    met = s.facts.estimate(s.chosen, "fill_rate")
    if s.facts.target is not None and met.low is not None and met.low < s.facts.target:
        text += ". The target is met on average only: its interval reaches below it"
    return strong, f"{text}."


def _misses(s: Situation, policy: Policy) -> bool:
    """Whether a policy misses the target on average."""
    target, served = s.facts.target, s.facts.mean(policy, "fill_rate")
    return target is not None and served is not None and served < target - HAIR


def _won(s: Situation, other: Policy) -> tuple[int, int]:
    """In how many replications the choice is better than another, of those in which both are known."""
    kpi, sign = ("total_cost", 1.0) if s.money else ("fill_rate", -1.0)
    gap = sign * (s.facts.samples(other, kpi) - s.facts.samples(s.chosen, kpi))
    gap = gap[~np.isnan(gap)]
    return int((gap > 0).sum()), len(gap)
