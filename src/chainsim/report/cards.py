"""The four figures at the top: service, money, cash in stock, bullwhip, of the policy the page is about."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.report.facts import Facts, Policy
from chainsim.report.intervals import alone, beside
from chainsim.report.numbers import HARD, PLAIN, UNDEFINED, grouped, on, percent, several, spread
from chainsim.report.precision import tells_nothing, times
from chainsim.report.shortfall import asked_of

NOTHING = "1 = no amplification"


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
    goal = f"target {percent(facts.target)}" if facts.target is not None else ""
    if facts.target is None:
        own = asked_of(facts, policy)
        goal = f"its levels were asked for {own}" if own else "no service asked for"
    others = [
        f"{facts.title_of(kpi).lower()} {alone(facts.units, 'share', other)}".replace(" ", HARD)
        for kpi in ("cycle_service_level", "ready_rate")
        if (other := facts.estimate(policy, kpi)).mean is not None
    ]
    text = alone(facts.units, "share", e)
    return Card(
        "Fill rate",
        text,
        e.mean,
        (_joined(beside(facts.units, "share", e), goal), " · ".join(others)),
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
    """The cash that carrying cost is charged on; without a value of stock, its units."""
    units = facts.estimate(policy, "on_hand_mean")
    days = facts.estimate(policy, "days_of_supply")
    on_hand = f"{facts.units.value('units', units.mean, units.half_width)} on hand"
    supply = (
        ""
        if days.mean is None
        else f"{on(PLAIN, days.mean, days.half_width)}{HARD}{facts.kpi_units['days_of_supply']} of supply"
    )
    cash = facts.estimate(policy, "charged_value_mean")
    if not cash.mean:
        text = facts.units.value("units", units.mean, units.half_width)
        return Card(
            "Average stock on hand",
            text,
            units.mean,
            (spread(facts.units, "units", units.mean, units.half_width), supply),
        )
    unit = facts.kpi_units["charged_value_mean"]
    shelf = facts.mean(policy, "inventory_value_mean") or 0.0
    road = cash.mean - shelf
    # what stands at the ends of buckets may be charged instead of what stood over time: then there are no two parts
    parts = "all of it on the shelf" if abs(road) <= 1e-9 * cash.mean else ""
    if road > 1e-9 * cash.mean:
        scale = facts.units.scale(unit, [(cash.mean, None), (shelf, None), (road, None)])
        parts = (
            f"{scale.told(on(scale, shelf))} on the shelf, {scale.told(on(scale, road))} on the road or in production"
        )
    return Card(
        facts.title_of("charged_value_mean"),
        facts.units.value(unit, cash.mean, cash.half_width),
        cash.mean,
        (_joined(spread(facts.units, unit, cash.mean, cash.half_width), parts), _joined(on_hand, supply)),
    )


def _bullwhip(facts: Facts, policy: Policy) -> Card:
    title = f"Bullwhip at {facts.place(facts.top)}" if facts.top else "Bullwhip at the source"
    e = facts.bullwhip_at_top(policy)
    if e.mean is None:
        return Card(title, UNDEFINED, None, (e.method.removeprefix("undefined: "),))
    if tells_nothing(e.mean, e.half_width):
        return Card(
            title,
            "cannot be told",
            None,
            (f"with {several(e.n, 'replication')}: {times(e.mean, e.half_width, interval=True)}", NOTHING),
        )
    note = "orders there against end demand"
    base = facts.bullwhip_at_top(facts.baseline)
    if policy.index != 0 and base.mean is not None:
        note = f"{times(base.mean, base.half_width)} under {facts.baseline.label}"
    interval = times(e.mean, e.half_width, interval=True).rpartition(HARD)[2]
    interval = f"±{HARD}{interval.removesuffix('×')}" if spread(facts.units, "ratio", e.mean, e.half_width) else ""
    return Card(title, times(e.mean, e.half_width), e.mean, (_joined(interval, note), NOTHING))


def _joined(*parts: str) -> str:
    return " · ".join(p for p in parts if p)
