"""The four figures at the top: service, money, stock, bullwhip, of the policy the page recommends."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.report.facts import Facts, Policy
from chainsim.report.numbers import HARD, PLAIN, UNDEFINED, grouped, on, percent, spread


@dataclass(frozen=True)
class Card:
    """A figure: what it is, the number for people and exactly, and one or two lines below."""

    title: str
    text: str
    value: float | None
    notes: tuple[str, ...]


def cards(facts: Facts, policy: Policy) -> list[Card]:
    """The four figures of a policy."""
    return [_service(facts, policy), _money(facts, policy), _stock(facts, policy), _bullwhip(facts, policy)]


def _service(facts: Facts, policy: Policy) -> Card:
    e = facts.estimate(policy, "fill_rate")
    goal = "no target set" if facts.target is None else f"target {percent(facts.target)}"
    others = [
        f"{facts.title_of(kpi).lower()} {facts.units.value('share', other.mean, other.half_width)}"
        for kpi in ("cycle_service_level", "ready_rate")
        if (other := facts.estimate(policy, kpi)).mean is not None
    ]
    text = facts.units.value("share", e.mean, e.half_width)
    return Card(
        "Fill rate",
        text,
        e.mean,
        (_joined(spread(facts.units, "share", e.mean, e.half_width), goal), " · ".join(others)),
    )


def _money(facts: Facts, policy: Policy) -> Card:
    e = facts.estimate(policy, "total_cost")
    unit = facts.kpi_units["total_cost"]
    if not e.mean:
        return Card("Total cost per year", UNDEFINED, None, ("the scenario has no costs",))
    baseline = facts.baseline
    before = facts.mean(baseline, "total_cost")
    note = "this is the baseline" if policy.index == 0 and len(facts.policies) > 1 else ""
    if policy.index != 0 and before:
        change = e.mean / before - 1.0
        sign = "+" if change > 0 else ""
        note = f"{sign}{grouped(100 * change, 0 if abs(change) >= 0.1 else 1)}{HARD}% against {baseline.label}"
    text = facts.units.value(unit, e.mean, e.half_width).removesuffix("/year")
    return Card("Total cost per year", text, e.mean, (spread(facts.units, unit, e.mean, e.half_width), note))


def _stock(facts: Facts, policy: Policy) -> Card:
    e = facts.estimate(policy, "on_hand_mean")
    notes = []
    if value := facts.estimate(policy, "inventory_value_mean").mean:
        notes.append(f"{facts.units.value(facts.kpi_units['inventory_value_mean'], value)} at unit cost")
    if (days := facts.estimate(policy, "days_of_supply")).mean is not None:
        notes.append(f"{on(PLAIN, days.mean, days.half_width)}{HARD}{facts.kpi_units['days_of_supply']} of supply")
    text = facts.units.value("units", e.mean, e.half_width)
    return Card(
        "Average stock on hand", text, e.mean, (spread(facts.units, "units", e.mean, e.half_width), " · ".join(notes))
    )


def _bullwhip(facts: Facts, policy: Policy) -> Card:
    top = facts.place(facts.echelons[-1]) if facts.echelons else "the source"
    e = facts.estimate(policy, "bullwhip_cumulative")
    title = f"Bullwhip at {top}"
    if e.mean is None:
        return Card(title, UNDEFINED, None, (e.method.removeprefix("undefined: "),))
    note = "orders there against end demand"
    base = facts.estimate(facts.baseline, "bullwhip_cumulative")
    if policy.index != 0 and base.mean is not None:
        note = f"{on(PLAIN, base.mean, base.half_width)}× under {facts.baseline.label}"
    return Card(
        title,
        f"{on(PLAIN, e.mean, e.half_width)}×",
        e.mean,
        (_joined(spread(facts.units, "ratio", e.mean, e.half_width), note), "1 = no amplification"),
    )


def _joined(*parts: str) -> str:
    return " · ".join(p for p in parts if p)
