"""What is aimed at: a service, where it is measured and how nearly it must be met; or least cost alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from chainsim.errors import UsageError
from chainsim.kpis import Detail, Scope
from chainsim.places import ECHELON, GROUP
from chainsim.registry import did_you_mean
from chainsim.scenario.language_tune import FREE
from chainsim.scenario.model import Scenario

MEASURES = ("fill_rate", "cycle_service_level", "ready_rate")
HOLD = ("exactly", "at_least")
AT = ("network", "kind", "site")
GROUPS = ("kind", "site", "stock_point")
NOUNS = {
    "fill_rate": "of units at once",
    "cycle_service_level": "of replenishment cycles without a stock-out",
    "ready_rate": "of the time with stock on hand",
}
"""What a service is a share of, after 'serves at least 97.0 %'."""
WITHIN = 0.002
"""The tolerance where none is asked for; half of what is left below 100 % where that is less."""
Free = Literal["service", "levels", "levels and lots"]


@dataclass(frozen=True)
class Aim:
    """measure: '' for least cost alone. target: the service, as a share. at: where it is measured, each at least: the
    network, every kind of site or every site where customers buy, or a group of sites by its name.

    within: tolerance, in the measure's unit; the search aims at target + within ÷ 2. hold: whether costs are compared at
    exactly the target, or as they are for at least the target. free: which numbers may be moved, of all policies or by
    policy. groups: stock points whose numbers are moved together: by kind, site or each alone; or the name of a group of
    sites, whose sites alone are tuned. indifference, material: money per year, or a share of the cheapest cost.
    frontier: services at which the curve is told. evaluations: most for each policy. as_today: the policy that is today's practice.
    """

    measure: str = "fill_rate"
    target: float = 0.0
    at: str = "network"
    within: float = WITHIN
    hold: str = "exactly"
    free: str | Mapping[str, str] = "levels and lots"
    groups: str = "kind"
    indifference: float | str = "0.5 %"
    material: float | str = "1 %"
    confidence: float = 0.95
    frontier: Sequence[float] = (0.90, 0.95, 0.97, 0.98, 0.99)
    evaluations: int | None = None
    as_today: str | None = None
    policies: Sequence[str] = field(default=())

    @property
    def searched(self) -> float:
        """The service the search aims at."""
        return self.target + self.within / 2.0

    @property
    def detail(self) -> Detail:
        """How far down measures are taken."""
        return "network" if self.at == "network" or not self.measure else "site" if self.at == "site" else "echelon"

    def free_of(self, policy: str) -> Free:
        """Which numbers of a policy may be moved."""
        if isinstance(self.free, str):
            return cast(Free, self.free)
        return cast(Free, self.free.get(policy, "levels and lots"))

    def scopes(self, known: Sequence[Scope], scenario: Scenario) -> tuple[int, ...]:
        """Numbers of the scopes at which the target is to be met."""
        if self.at == "network":
            return (0,)
        kinds = {site.name: site.kind for site in scenario.sites}
        buying = {demand.site for demand in scenario.demands}
        names = {
            "kind": {ECHELON + kinds[site] for site in buying},
            "site": buying,
        }.get(self.at, {GROUP + self.at})
        return tuple(i for i, scope in enumerate(known) if scope.site in names and not scope.product)


def checked(aim: Aim, scenario: Scenario) -> Aim:
    """The aim with its policies filled in. Raises UsageError that says what is wrong, what was expected, and the cure."""
    names = [a.name for a in scenario.alternatives]
    _one_of("the service to hold", aim.measure, ("", *MEASURES))
    _one_of("hold", aim.hold, HOLD)
    for policy, free in aim.free.items() if isinstance(aim.free, Mapping) else [("", aim.free)]:
        _one_of("free", free, FREE)
        if policy:
            _one_of("a policy under free", policy, names)
    groups = sorted({group for site in scenario.sites for group in site.groups})
    _one_of("groups", aim.groups, (*GROUPS, *groups))
    _one_of("where the target is met", aim.at, (*AT, *groups))
    _between("confidence", aim.confidence, 0.5, 1.0)
    if aim.measure:
        _between(aim.measure, aim.target, 0.0, 1.0)
        if not 0.0 < aim.within < 1.0 - aim.target:
            raise UsageError(
                f"within must be above 0 and leave room below 100 %: {aim.within:g} on top of {aim.target:g} does not"
            )
        for point in aim.frontier:
            _between("a service of the frontier", point, 0.0, 1.0)
    for name, value in (("indifference", aim.indifference), ("material", aim.material)):
        amount_of(name, value, 1.0)
    if aim.evaluations is not None and (not isinstance(aim.evaluations, int) or aim.evaluations < 1):
        raise UsageError(f"evaluations must be a whole number of at least 1, not {aim.evaluations!r}")
    policies = tuple(aim.policies) or tuple(names)
    for policy in (*policies, *([aim.as_today] if aim.as_today else [])):
        _one_of("a policy", policy, names)
    if len(set(policies)) < len(policies):
        raise UsageError("policies: name each only once")
    return dataclasses.replace(aim, policies=policies, frontier=tuple(sorted(set(aim.frontier))))


def amount_of(name: str, value: float | str, cheapest: float) -> float:
    """Money per year that a share of the cheapest cost, or an amount, comes to. Raises UsageError.

    >>> amount_of("material", "1 %", 30_000.0), amount_of("material", 250, 30_000.0)
    (300.0, 250.0)
    """
    text = str(value).strip()
    try:
        found = float(text.removesuffix("%")) / 100.0 * cheapest if text.endswith("%") else float(text)
    except ValueError:
        found = -1.0
    if not 0.0 <= found < float("inf"):
        raise UsageError(f"{name} must be an amount of money per year, or a share such as '0.5 %', not {value!r}")
    return found


def _one_of(what: str, value: Any, known: Sequence[str]) -> None:
    if value not in known:
        told = ", ".join(repr(name) for name in known if name)
        hint = did_you_mean(value, list(known)) if isinstance(value, str) else ""
        raise UsageError(f"{what} must be one of {told}, not {value!r}{hint}")


def _between(what: str, value: Any, low: float, high: float) -> None:
    if not isinstance(value, int | float) or not low < value < high:
        cure = f"; did you mean {value / 100:g}?" if isinstance(value, int | float) and low < value / 100 < high else ""
        raise UsageError(f"{what} must lie above {low:g} and below {high:g}, not {value!r}{cure}")
