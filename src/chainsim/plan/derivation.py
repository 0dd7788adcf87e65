"""Facts of a scenario's stock points → the numbers their policies run with: before anything is compiled or simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Any

from chainsim.chance.book import StreamBook
from chainsim.errors import Finding, Place, ScenarioError, UsageError
from chainsim.plan.clock import clock_of
from chainsim.plan.crowd import compile_customers
from chainsim.plan.facts import network_facts
from chainsim.plan.network import Network
from chainsim.policies.base import NO_PRICES, NetworkFacts, PointFacts, Policy, Settings, where
from chainsim.policies.knobs import EXTRA
from chainsim.policies.moved import movable, moved
from chainsim.policies.season import in_season
from chainsim.registry import did_you_mean
from chainsim.scenario.model import Alternative, Scenario

Levels = Mapping[tuple[str, str], Settings]
"""What every stock point of an alternative that orders runs with, by site and product."""

Before = Mapping[int, tuple[PointFacts, Settings]]
"""What was derived earlier, with the facts it was derived from; by stock point."""

NAMES = frozenset(["index", "site", "product"])
"""Facts that say which stock point it is, and nothing of it."""
UNITS = "are the units of costs, times and quantities right?"
MOST_UNITS = 2.0**53


@dataclass(frozen=True)
class Derivation:
    """What the policies of one alternative say before anything runs: the facts they were told, and their numbers.

    `facts.points` are in the order of `network.points`, suppliers of unlimited stock left out.
    """

    network: Network
    facts: NetworkFacts
    levels: Levels


def derive_levels(scenario: Scenario, alternatives: Sequence[str] | None = None) -> dict[str, Derivation]:
    """The numbers of several alternatives, all by default, as their policies derive them; `compile_plans` takes them as
    they are, or changed.

    Raises as `compile_plan` does.
    """
    network = Network(scenario)
    crowd = compile_customers(scenario, network, StreamBook(scenario.seed), clock_of(scenario))
    found = {}
    for chosen in chosen_alternatives(scenario, alternatives):
        facts = network_facts(scenario, network, chosen, crowd.facts)
        settings = derive(scenario, chosen, network, facts)
        levels = {(network.points[i].site, network.points[i].product): settings[i] for i in sorted(settings)}
        found[chosen.name] = Derivation(network, facts, levels)
    return found


def chosen_alternatives(scenario: Scenario, names: Sequence[str] | None) -> list[Alternative]:
    """Alternatives by name, all by default. Raises UsageError for an unknown one."""
    return [_alternative(scenario, name) for name in names or [known.name for known in scenario.alternatives]]


def _alternative(scenario: Scenario, name: str) -> Alternative:
    known = {a.name: a for a in scenario.alternatives}
    if name not in known:
        raise UsageError(f"unknown policy '{name}'{did_you_mean(name, list(known))}; known: {', '.join(known)}")
    return known[name]


def derive(
    scenario: Scenario, alternative: Alternative, network: Network, facts: NetworkFacts, before: Before | None = None
) -> dict[int, Settings]:
    """The numbers each stock point runs with. Stock points under one policy object are derived together.

    before: what the same policies derived in another scenario, which is taken where nothing that counts has changed.
    """
    governed: dict[int, list[int]] = {}
    policies: dict[int, Any] = {}
    settings: dict[int, Settings] = {}
    for i in network.replenished:
        point = network.points[i]
        policy = alternative.rules[(point.site, point.product)].policy
        if facts.points[i].demand_mean <= 0.0:
            # a second source may be asked all the same; without given numbers it holds what it has and never orders
            backup = _given(policy, facts, i) if network.lanes_from[i] or network.jobs_from[i] else None
            if backup is not None:
                settings[i] = backup
            continue
        policies[id(policy)] = policy
        governed.setdefault(id(policy), []).append(i)
    findings = []
    for key, members in governed.items():
        try:
            settings.update(derived_by(policies[key], facts, members, before or {}))
        except MemoryError:
            message = "the levels need more memory than there is: costs, lead times or quantities are far apart"
            findings.append(_at_policy(scenario, alternative, network, members[0], message, UNITS, budget=True))
        except (ValueError, ArithmeticError) as error:
            ours = isinstance(error, ValueError) and _raised_by_us(error)
            message = str(error) if ours else f"the levels cannot be derived from numbers this far apart ({error})"
            cure = "" if ours else UNITS
            if NAMELESS in message:
                message = message.replace(NAMELESS, f"{_who(policies[key], facts, members)}: ", 1)
            findings.append(_at_policy(scenario, alternative, network, members[0], message, cure))
    largest: dict[int, float] = {}  # of settings that equal stock points share
    for i, chosen in settings.items():
        if id(chosen) not in largest:
            numbers = [*chosen.p, chosen.order_up_to]
            for page in chosen.pages:
                numbers += page.p
            largest[id(chosen)] = max(map(abs, numbers)) if all(map(isfinite, numbers)) else inf
        point, most = network.points[i], largest[id(chosen)]
        if most == inf:
            message = f"{point.site} / {point.product}: a derived parameter is not finite: {chosen.p}"
            findings.append(_at_policy(scenario, alternative, network, i, message, UNITS))
        elif most > MOST_UNITS:
            message = (
                f"{point.site} / {point.product}: a level of {chosen.order_up_to:.3g} units; sums are exact up to 2^53"
            )
            findings.append(_at_policy(scenario, alternative, network, i, message, UNITS, budget=True))
    if findings:
        raise ScenarioError(findings)
    return settings


def derived_by(policy: Policy, facts: NetworkFacts, members: Sequence[int], before: Before) -> dict[int, Settings]:
    """What one policy derives for its stock points: once for those that differ in their names only, and not again where
    nothing that counts has changed."""
    found: dict[int, Settings] = {}
    seen: dict[Any, Settings] = {}
    if not names_no_place(policy):
        for i, chosen in policy.derive(facts, members).items():
            place = (anywhere(facts.points[i]), chosen.p)  # equal stock points share what follows their season
            if place not in seen:
                seen[place] = settled(policy, facts.points[i], chosen, facts.time_unit)
            found[i] = seen[place]
        return found
    for i in members:
        point, known = facts.points[i], before.get(i)
        if known is not None and _counts_the_same(policy, known[0], point):
            found[i] = known[1]
            continue
        kin = _kin(point)
        if kin not in seen:
            seen[kin] = settled(policy, point, policy.settings(point), facts.time_unit)
        found[i] = seen[kin]
    return found


def names_no_place(policy: Policy) -> bool:
    """Whether the policy derives each stock point by itself, whatever its name: those of this package do; what others write is
    not known."""
    return type(policy).__module__.startswith("chainsim.policies.") and type(policy).derive is Policy.derive


def _counts_the_same(policy: Policy, before: PointFacts, now: PointFacts) -> bool:
    """Whether the policy would derive the same from both, seasons included."""
    return before == now or (not policy.reads_prices(now) and replace(before, **NO_PRICES) == replace(now, **NO_PRICES))


def _kin(point: PointFacts) -> tuple[Any, ...]:
    """The same for stock points that differ in name only. Copies of a stock point share their season, which is long: it is told by
    its identity, so a season that is merely equal is derived again."""
    return tuple(id(x) if name == "season" else x for name, x in vars(point).items() if name not in NAMES)


def anywhere(point: PointFacts) -> PointFacts:
    """The facts without name, place and sources: stock points that are equal in these follow their season alike."""
    return replace(point, index=0, site="", product="", sources=())


def settled(policy: Policy, point: PointFacts, derived: Settings, time_unit: str) -> Settings:
    """What a stock point runs with: what was derived for it, following its season, and raised by what comes on top.

    Raises ValueError where something comes on top of a level that was given.
    """
    found = in_season(policy, point, derived, time_unit)
    extra = getattr(policy, EXTRA, None)
    if extra is None:
        return found
    if not movable(found):
        raise ValueError(
            f"{where(point)}: `{EXTRA}` comes on top of derived levels, and these are given; leave one out"
        )
    return replace(moved(found, extra), promise=None)


def _at_policy(
    scenario: Scenario,
    alternative: Alternative,
    network: Network,
    i: int,
    message: str,
    cure: str = "",
    *,
    budget: bool = False,
) -> Finding:
    """A finding at the policy that governs a stock point, where the file gives it."""
    point = network.points[i]
    at = alternative.rules[(point.site, point.product)].place
    at = at or Finding("error", Place(scenario.name), f"policies.{alternative.name}", "")
    return replace(at, message=message, cure=cure, budget=budget)


NAMELESS = " / : "
"""How a sentence begins about a stock point whose facts equal ones share, so that they know no name."""


def _who(policy: Policy, facts: NetworkFacts, members: Sequence[int]) -> str:
    """The first stock point whose numbers cannot be derived."""
    for i in members:
        try:
            policy.derive(facts, [i])
        except (ValueError, ArithmeticError):
            return where(facts.points[i])
    return where(facts.points[members[0]])


def _raised_by_us(error: BaseException) -> bool:
    """Whether a sentence of ours was raised, or a library stumbled over the numbers."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and not trace.tb_frame.f_globals.get("__name__", "").startswith(("numpy", "scipy"))


def _given(policy: Policy, facts: NetworkFacts, i: int) -> Settings | None:
    """The settings of a stock point no demand is expected at: those whose numbers are all given; else None."""
    if type(policy).derive is not Policy.derive:
        return None
    try:
        settings = policy.settings(facts.points[i])
    except (ValueError, ZeroDivisionError):  # the formulas need demand
        return None
    return settings if all(derived.given for derived in settings.derived) else None
