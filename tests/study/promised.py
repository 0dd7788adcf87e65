"""Scenarios of one shop, and levels that say what they do not know of, whatever the policies' formulas know by now."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import yaml

import chainsim
from chainsim.plan.derivation import Derivation, derive_levels
from chainsim.policies.base import Promise
from chainsim.policies.moved import movable, moved
from chainsim.scenario.model import Scenario
from chainsim.study import calibration, running

SHOP: dict[str, Any] = {
    "chainsim": 1,
    "title": "One shop",
    "time": {"unit": "day", "warm_up": 50, "horizon": 365},
    "replications": 5,
    "seed": 1,
    "products": {"u": {"unit_cost": 1}},
    "sites": {"s": {"kind": "supplier"}, "shop": {"kind": "store"}},
    "lanes": [{"from": "s", "to": "shop", "lead_time": 2, "order_cost": 10}],
    "demand": [{"site": "shop", "product": "u", "quantity": {"dist": "poisson", "mean": 20}}],
    "costs": {"currency": "EUR", "holding_cost": "0.01 per day"},
    "policies": {"a": {"type": "R_S", "review_interval": 1, "fill_rate": 0.97}},
}


def scenario(change: Callable[[dict[str, Any]], None] = lambda d: None) -> Scenario:
    document = copy.deepcopy(SHOP)
    change(document)
    return chainsim.load_text(yaml.safe_dump(document)).scenario


def promise(monkeypatch: pytest.MonkeyPatch, *unknown: str, level: float | None = None, by: Any = "formula") -> None:
    """From now on every derived level says that it does not know of these, where that makes sense; `level`: where it is
    said to begin."""

    def one_promised(the_scenario: Scenario, name: str, derived: Derivation) -> Derivation:
        rules = next(a.rules for a in the_scenario.alternatives if a.name == name)
        facts = {(p.site, p.product): p for p in derived.facts.points}
        levels = {}
        for place, settings in derived.levels.items():
            policy: Any = rules[place].policy
            if all(d.given for d in settings.derived):
                levels[place] = settings
                continue
            target = policy.target(facts[place])
            sources = {
                f"a wait at {derived.facts.points[s.origin].site}" for s in facts[place].sources if s.origin is not None
            }
            here = tuple(word for word in unknown if not word.startswith("a wait") or word in sources)
            told = Promise(target.kind, target.value, target.origin, by=by, unknown=here)
            if level is not None:
                settings = moved(settings, level - settings.derived[movable(settings)[0]].value)
            levels[place] = replace(settings, promise=told, warnings=())
        return replace(derived, levels=levels)

    def promised(the_scenario: Scenario, alternatives: Sequence[str] | None = None) -> dict[str, Derivation]:
        derivations = derive_levels(the_scenario, alternatives)
        return {name: one_promised(the_scenario, name, derived) for name, derived in derivations.items()}

    monkeypatch.setattr(calibration, "derive_levels", promised)
    monkeypatch.setattr(running, "derive_levels", promised)
