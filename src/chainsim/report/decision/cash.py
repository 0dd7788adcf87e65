"""What is tied up: the stock that carrying cost is charged on, on the shelf, on the road and in the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chainsim.report.decision.orders import OPEN
from chainsim.report.decision.situation import Situation
from chainsim.report.decision.spoken import count, money, share
from chainsim.report.facts import Facts, Policy, echelon
from chainsim.report.numbers import length
from chainsim.study.wording import in_a_row

NOTHING = 1e-9
"""A part of less than this share of the whole is rounding."""


@dataclass(frozen=True)
class Tied:
    """A policy's cash. machine: in production; None where it cannot be told from what is on the road."""

    policy: Policy
    total: float
    shelf: float
    road: float
    machine: float | None


@dataclass(frozen=True)
class Cash:
    """title: the finding; rows: by policy; note: what it is at. difference: cash that the choice needs more than the baseline."""

    title: str
    rows: tuple[Tied, ...]
    difference: float | None
    note: str


def cash(s: Situation) -> Cash | None:
    """None where stock has no value."""
    rows = tuple(tied for p in s.facts.policies if (tied := tied_up(s.facts, p)) is not None)
    own = next((row for row in rows if row.policy == s.chosen), None)
    before = next((row for row in rows if row.policy == s.baseline), None)
    if own is None:
        return None
    units = s.facts.units
    difference = own.total - before.total if before is not None and s.changes else None
    against = ""
    if difference is not None:
        same, label = abs(difference) < 0.005 * own.total, s.baseline.label
        more = "more" if difference > 0 else "less"
        against = f", as much as {label}" if same else f", {money(units, abs(difference))} {more} than {label}"
    return Cash(f"Cash: {money(units, own.total)}{against}", rows, difference, _note(s, difference))


def tied_up(facts: Facts, policy: Policy) -> Tied | None:
    """The parts of a policy's cash; None without any."""
    total, shelf = facts.mean(policy, "charged_value_mean"), facts.mean(policy, "inventory_value_mean")
    if not total or shelf is None:
        return None
    # with stock counted at the ends of buckets what is charged may be less than what stood there over time
    away = max(total - shelf, 0.0)
    away = away if away > NOTHING * total else 0.0
    machine = _machine(facts, policy, away) if away else 0.0
    road = away if machine is None else max(away - machine, 0.0)
    return Tied(policy, total, total - away, road if road > NOTHING * total else 0.0, machine)


def _machine(facts: Facts, policy: Policy, away: float) -> float | None:
    """What is in production, at the echelons into which nothing comes by road; None where an echelon has both, or parts were not
    kept."""
    inbound: dict[str, set[bool]] = {}
    for lane in facts.tables.network["lanes"]:
        inbound.setdefault(facts.echelon_of(lane["to"]), set()).add(bool(lane["production"]))
    work = facts.mean(policy, "work_value_mean")
    if work is not None:  # things made of components: their work in process is a measure of its own
        return min(work, away)
    making = 0.0
    for kind in facts.echelons:
        ways = inbound.get(echelon(kind), set())
        if True not in ways:
            continue
        held = facts.mean(policy, "inventory_value_mean", echelon(kind))
        charged = facts.mean(policy, "charged_value_mean", echelon(kind))
        if ways == {True, False} or held is None or charged is None:
            return None
        making += max(charged - held, 0.0)
    return making if making <= away * (1.0 + 1e-6) else None


def _note(s: Situation, difference: float | None) -> str:
    told = [
        "Average stock at unit cost: what the carrying cost is charged on.",
        *_split(s),
        *_kinds(s),
        *_idle(s),
        *_ages(s),
    ]
    gap = s.cost_gap(s.baseline).difference.mean if s.changes and s.choice.kind not in OPEN else None
    if difference is not None and gap is not None and gap > 0 and s.facts.over == "year" and difference > 0.01 * gap:
        months = 12.0 * difference / gap
        if months <= 60:
            told.append(f"The {money(s.facts.units, gap)} a year it saves pays that back in {_months(months)}.")
    return " ".join(told)


def _split(s: Situation) -> Iterator[str]:
    """What the shelf is for: lots, and what lies there besides."""
    facts, policy = s.facts, s.chosen
    if not {"cycle_stock_value", "safety_stock_value"} <= set(facts.kpis):  # of results made before these measures were
        return
    cycle, besides = facts.mean(policy, "cycle_stock_value"), facts.mean(policy, "safety_stock_value")
    if cycle is not None and besides is not None and cycle + besides > 0.0:
        yield f"Of the shelf, {money(facts.units, cycle)} is cycle stock (half a lot), {money(facts.units, besides)} lies there in case or ahead of time."


KINDS = {
    "raw_value_mean": "raw materials",
    "parts_value_mean": "parts made",
    "work_value_mean": "work in process",
    "finished_value_mean": "finished goods",
}
"""What stock is to a plant that makes things of components, by measure."""


def _kinds(s: Situation) -> Iterator[str]:
    """What lies and what is in work, where something is made of components; and how much waits for them, for which most."""
    facts, policy = s.facts, s.chosen
    held = {words: value for id, words in KINDS.items() if id in facts.kpis and (value := facts.mean(policy, id))}
    if held:
        yield f"{in_a_row([f'{money(facts.units, value)} of {words}' for words, value in held.items()])}."
    waiting = facts.mean(policy, "waiting_for_components") if "waiting_for_components" in facts.kpis else None
    if waiting:
        short = {
            (point["site"], point["product"]): facts.mean(policy, "component_shortage", point["site"], point["product"])
            or 0.0
            for point in facts.tables.network["stock_points"]
            if not point["unlimited"]
        }
        site, product = max(short, key=lambda place: short[place])
        most = f", most of them for {product} at {site}" if short[site, product] > 0.0 else ""
        yield f"{count(waiting)} units on order wait for components on average{most}."


IDLE = {"excess_value": "excess stock", "dead_value": "dead stock"}
"""What nobody will ask for soon, or asked for lately, by measure."""


def _idle(s: Situation) -> Iterator[str]:
    """What lies there for nothing, where a stock rule says from when on."""
    facts, policy = s.facts, s.chosen
    held = {
        words: value for id, words in IDLE.items() if id in facts.kpis and (value := facts.mean(policy, id)) is not None
    }
    if held:
        told = [
            f"{money(facts.units, value)} of {words}" if value > 0.0 else f"no {words}" for words, value in held.items()
        ]
        yield f"At the end of the run there is {in_a_row(told)}."


def _ages(s: Situation) -> Iterator[str]:
    """How much life goods have left when they come in, where their age travels."""
    left = s.facts.mean(s.chosen, "remaining_life") if "remaining_life" in s.facts.kpis else None
    if left is not None:
        spoiled = s.facts.mean(s.chosen, "spoiled_rate") or 0.0
        late = f"; {share(spoiled)} spoil under way" if spoiled > 0.0 else ""
        yield f"Goods come in with {length(float(f'{left:.2g}'), s.facts.time_unit)} of life left on average{late}."


def _months(months: float) -> str:
    n = max(1, round(months))
    return f"about {n} month{'' if n == 1 else 's'}"
