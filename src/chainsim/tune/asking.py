"""From what was asked, in a call, on a command line or under `tune:`, to an `Aim`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from chainsim.errors import UsageError
from chainsim.registry import did_you_mean
from chainsim.scenario import kinds
from chainsim.scenario.keys import Key
from chainsim.scenario.model import Scenario
from chainsim.scenario.units import Units
from chainsim.tune.aim import MEASURES, WITHIN, Aim

LEAST_COST = "least_cost"
_NUMBER = re.compile(r" *[0-9]*\.?[0-9]+ *")


def aim_of(scenario: Scenario, asked: Mapping[str, Any]) -> Aim:
    """What a call asks, what the scenario's `tune:` says where it does not, and the scenario's target fill rate where neither names
    a service. Raises UsageError for a word that is not known.
    """
    known = [f.name for f in fields(Aim) if f.name not in ("measure", "target")]
    words = [*MEASURES, LEAST_COST, *known]
    for name in asked:
        if name not in words:
            raise UsageError(f"tune does not know '{name}'{did_you_mean(name, words)}; known: {', '.join(words)}")
    given = {name: value for name, value in asked.items() if value is not None}
    here = {name: value for name, value in scenario.tune.items() if value is not None}
    services = _services(given) or _services({**here, **(here.get("to") or {})}) or _services(scenario.targets)
    if given.get(LEAST_COST) or (here.get(LEAST_COST) and not _services(given)):
        services = _services(given)
        if services:
            raise UsageError(f"{LEAST_COST} and {' and '.join(services)} are two questions: leave one out")
    if len(services) > 1:
        raise UsageError(
            f"one target at a time: {' and '.join(services)} are two; tune for one, and look at the other on the page"
        )
    chosen = {name: value for name, value in {**here, **given}.items() if name in known}
    for name in ("within", "confidence"):
        if name in chosen:
            chosen[name] = share(name, chosen[name])
    for name in ("frontier", "policies"):
        if not isinstance(chosen.get(name, ()), str | list | tuple):
            raise UsageError(f"{name} must be a list, not {chosen[name]!r}")
    if "frontier" in chosen:
        chosen["frontier"] = tuple(share("frontier", value) for value in chosen["frontier"])
    for name in ("policies",):
        if isinstance(chosen.get(name), str):
            chosen[name] = (chosen[name],)
    if not chosen.get("policies", True):
        raise UsageError("policies: name at least one, or leave it out for all")
    if not services:
        return Aim(measure="", **chosen)
    ((measure, given_target),) = services.items()
    target = share(measure, given_target)
    if "within" not in chosen and WITHIN < target < 1.0:  # near 100 % half of what is left
        chosen["within"] = min(WITHIN, (1.0 - target) / 2.0)
    return Aim(measure=measure, target=target, **chosen)


def _services(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in MEASURES if given.get(name) is not None}


def share(name: str, value: Any) -> float:
    """A share as people write it. Raises UsageError.

    >>> share("fill_rate", "97%"), share("within", "0.2 points"), share("within", 0.002)
    (0.97, 0.002, 0.002)
    """
    if not isinstance(value, str) and hasattr(value, "__float__"):
        value = float(value)
    try:
        return kinds.share(
            float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value,
            Key("share", "", None),
            Units(),
        )
    except kinds.Wrong as wrong:
        raise UsageError(f"{name}: {wrong.message}" + (f"; {wrong.cure}" if wrong.cure else "")) from None
