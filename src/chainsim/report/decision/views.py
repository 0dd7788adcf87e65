"""The same decision for those who look after one part of it: each with its own measure first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainsim.report.decision.bullets import Bullet, a_year, for_everyone
from chainsim.report.decision.cash import Cash
from chainsim.report.decision.orders import Orders
from chainsim.report.decision.phrase import Phrase, phrase
from chainsim.report.decision.situation import Situation
from chainsim.report.decision.spoken import cost_of, count, count_of, money, share, share_of
from chainsim.report.decision.what_if import WhatIf
from chainsim.report.decision.years import sentence, years_of
from chainsim.report.facts import Policy, echelon
from chainsim.report.numbers import MINUS
from chainsim.report.precision import tells_nothing, times

CALM = 0.05
"""Bullwhip ratios so near to 1 say that orders swing as demand does."""
ENOUGH, BUSY = 20, 0.95
"""Buckets from which on one in twenty can be said, and the share of them that ask no more than a busy one."""


@dataclass(frozen=True)
class View:
    """For whom, and what they read first."""

    id: str
    title: str
    bullets: tuple[Bullet, ...]


def views(s: Situation, stood: WhatIf | None, tied: Cash | None, todo: Orders | None) -> tuple[View, ...]:
    """Everyone first."""
    made = [View("everyone", "Everyone", for_everyone(s, stood))]
    for id, title, bullets in (
        ("finance", "Finance", _finance(s, tied)),
        ("operations", "Operations", _operations(s)),
        ("purchasing", "Purchasing", _purchasing(s, todo)),
    ):
        if bullets:
            made.append(View(id, title, bullets))
    return tuple(made)


def joint(s: Situation) -> Phrase:
    """The two measures that every view shares: what it costs and what it gives."""
    cost, served = s.facts.mean(s.chosen, "total_cost"), s.facts.mean(s.chosen, "fill_rate")
    parts: list[object] = [cost_of(s.facts, cost), f" a {s.facts.over}"] if s.money else []
    if served is not None:
        parts += [*([" · "] if parts else []), share_of(served), " served at once"]
    return phrase(*parts)  # type: ignore[arg-type]


# finance


def _finance(s: Situation, tied: Cash | None) -> tuple[Bullet, ...]:
    made = []
    if tied is not None:
        own = next(row for row in tied.rows if row.policy == s.chosen)
        parts = [f"Shelf {money(s.facts.units, own.shelf)}"]
        if own.machine is None:
            parts.append(f"road and machine {money(s.facts.units, own.road)}")
        else:
            parts += [
                f"{word} {money(s.facts.units, x)}" for word, x in (("road", own.road), ("machine", own.machine)) if x
            ]
        change = "" if tied.difference is None else f", {_signed(s, tied.difference)}"
        made.append(
            Bullet(
                "Finance first: cash",
                phrase(cost_of(s.facts, own.total), f" tied up{change}"),
                (f"{', '.join(parts)}.",),
            )
        )
    if s.money:
        before = s.facts.mean(s.baseline, "total_cost")
        strong = a_year(s, s.facts.mean(s.chosen, "total_cost"), before if s.changes else None)
        made.append(Bullet("Cost", strong, (_lines(s),)))
    margin, revenue = s.facts.mean(s.chosen, "margin"), s.facts.mean(s.chosen, "revenue")
    if margin is not None and revenue:
        before = s.facts.mean(s.baseline, "margin")
        change = f", {_signed(s, margin - before)}" if s.changes and before is not None else ""
        made.append(
            Bullet(
                "Margin",
                phrase(cost_of(s.facts, margin), f" a {s.facts.over}{change}"),
                phrase("on revenue of ", cost_of(s.facts, revenue, 3), "."),
            )
        )
    return tuple(made)


def _lines(s: Situation) -> str:
    """The cost lines that change most against the baseline; without one, the largest."""
    lines = [(s.facts.title_of(id).lower(), id) for id in s.facts.cost_lines]
    if not s.changes:
        own = sorted(((s.facts.mean(s.chosen, id) or 0.0, name) for name, id in lines), reverse=True)[:3]
        told = [f"{name} {money(s.facts.units, x)}" for x, name in own if x]
    else:
        gaps = [
            ((s.facts.mean(s.chosen, id) or 0.0) - (s.facts.mean(s.baseline, id) or 0.0), name) for name, id in lines
        ]
        told = [f"{name} {_signed(s, x)}" for x, name in sorted(gaps, key=lambda g: -abs(g[0]))[:3] if x]
    text = ", ".join(told)
    return f"{text[:1].upper()}{text[1:]}{' against the baseline' if s.changes and told else ''}."


def _signed(s: Situation, amount: float) -> str:
    """With its sign; '±0' is told as no change."""
    text = money(s.facts.units, abs(amount))
    return f"{'+' if amount >= 0 else MINUS}{text}"


# operations


def _operations(s: Situation) -> tuple[Bullet, ...]:
    made = []
    served, own = s.facts.mean(s.chosen, "fill_rate"), years_of(s, s.chosen)
    if served is not None:
        worst = f", worst {s.month} {share(own.worst_month)}" if own.worst_month is not None else ""
        misses = sentence(s, own) if s.facts.random else ""
        made.append(
            Bullet("Operations first: service", phrase(share_of(served), worst), (misses or "No target to miss.",))
        )
    if (busy := _busy(s)) is not None:
        made.append(busy)
    held, days = s.facts.mean(s.chosen, "on_hand_mean"), s.facts.mean(s.chosen, "days_of_supply")
    if held is not None:
        unit = s.facts.kpi_units.get("days_of_supply", "days")
        strong = (
            phrase(count_of(days), f" {unit} of stock")
            if days is not None
            else phrase(count_of(held), " units in stock")
        )
        before = s.facts.mean(s.baseline, "days_of_supply")
        text = phrase(count_of(held), " units on the shelf")
        if s.changes and before is not None and days is not None:
            text = phrase(text, "; the baseline ", count_of(before), f" {unit}")
        made.append(Bullet("Stock", strong, phrase(text, ".")))
    return tuple(made)


@dataclass(frozen=True)
class Busy:
    """Orders that an echelon places in a bucket: on average, and those that one bucket in twenty exceeds."""

    policy: Policy
    mean: float
    high: float


def busy(s: Situation, policy: Policy) -> Busy | None:
    """Of the most upstream echelon, over the buckets of replication 0, whatever the season and however seldom it orders; None where there
    are too few of them to say so."""
    if s.facts.top is None:
        return None
    found = s.facts.flow(policy, echelon(s.facts.top), "orders")
    if found is None or len(found[0]) < ENOUGH:
        return None
    mean, high = float(found[1]["mean"].mean()), float(np.quantile(found[1]["first"], BUSY))
    return Busy(policy, mean, high) if mean > 0 else None


def _busy(s: Situation) -> Bullet | None:
    """What the swings of orders ask of the most upstream echelon."""
    own, e = busy(s, s.chosen), s.facts.bullwhip_at_top(s.chosen)
    if own is None or s.facts.top is None:
        return None
    place, week = s.facts.place(s.facts.top), s.facts.bucket
    before = busy(s, s.baseline) if s.changes else None
    text = f"The average {week} asks {count(own.mean)}."
    if before is not None:
        text += f" Under the baseline a busy one asks {count(before.high)}."
    if e.mean is not None and abs(e.mean - 1.0) <= CALM:
        text += " Its orders swing as much as demand."
    elif e.mean is not None and not tells_nothing(e.mean, e.half_width):
        told = min(times(e.mean, e.half_width).removesuffix("×"), count(e.mean), key=len)
        text += f" Its orders swing {told} times as much as demand."
    return Bullet(
        f"Busy {week} at {place}",
        (f"{count(own.high)} units, {count(own.high / own.mean)} times the average",),
        (f"One {week} in 20 asks more. {text}",),
    )


# purchasing


def _purchasing(s: Situation, todo: Orders | None) -> tuple[Bullet, ...]:
    made = []
    orders, before = s.facts.mean(s.chosen, "orders_per_year"), s.facts.mean(s.baseline, "orders_per_year")
    if orders is not None:
        strong = phrase(count_of(orders), f" orders a {s.facts.over}")
        if s.changes and before is not None and count(before) != count(orders):
            strong = phrase(strong, ", not ", count_of(before))
        made.append(Bullet("Purchasing first: orders", strong, ("Of all stock points together.",)))
    if todo is not None and "lot to order" in todo.after:
        at = todo.after.index("lot to order")
        lots = [(row.where, row.after[at].text) for row in todo.rows if row.after[at].low is not None][:3]
        made.append(
            Bullet(
                "Lots",
                (" · ".join(text for _, text in lots),),
                (f"Per order of: {'; '.join(where for where, _ in lots)}.",),
            )
        )
    cost, was = s.facts.mean(s.chosen, "ordering_cost"), s.facts.mean(s.baseline, "ordering_cost")
    if s.money and cost:
        strong = a_year(s, cost, was if s.changes else None)
        made.append(Bullet("Cost of ordering", strong, ("The fixed cost of orders.",)))
    return tuple(made)
