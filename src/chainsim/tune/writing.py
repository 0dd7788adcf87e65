"""The tuned scenario as it is written: every number given, rule by rule, so that it runs as it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from chainsim.fields import info_of
from chainsim.ordering import natural
from chainsim.policies.base import POLICIES, Policy
from chainsim.scenario.model import PointPolicy, Scenario
from chainsim.tune.subject import Place


def policy_entry(scenario: Scenario, name: str, rules: Mapping[Place, PointPolicy]) -> dict[str, Any]:
    """An entry of `policies` whose rules give every stock point its numbers, so that nothing comes on top of them: sites with
    the same numbers share a rule."""
    written: Mapping[str, Any] = (scenario.document or {}).get("policies", {}).get(name, {})
    entry = {key: value for key, value in written.items() if key not in ("rules", "adjust")}
    by_rule: dict[str, tuple[dict[str, Any], dict[str, list[str]]]] = {}
    for (site, product), rule in rules.items():
        plain = _plain(rule, scenario)
        _, products = by_rule.setdefault(repr(plain), (plain, {}))
        products.setdefault(product, []).append(site)
    entry["rules"] = []
    for plain, products in by_rule.values():
        together: dict[tuple[str, ...], list[str]] = {}
        for product, sites in products.items():
            together.setdefault(tuple(sorted(sites, key=natural)), []).append(product)
        for group, names in together.items():
            entry["rules"].append({"site": list(group), "product": sorted(names, key=natural), **plain})
    return entry


def _plain(rule: PointPolicy, scenario: Scenario) -> dict[str, Any]:
    """A rule's keys but for where it holds: type, numbers, and when it is reviewed."""
    policy: Policy = rule.policy
    names = {made: name for name, made in POLICIES.items()}
    usual = {f.name: f.default for f in dataclasses.fields(policy)}  # type: ignore[arg-type]
    plain: dict[str, Any] = {"type": names[type(policy)]}
    for name in info_of(type(policy)):
        value = getattr(policy, name)
        if value is not None and value != usual[name]:
            plain[name] = value
    if rule.offset != 0.0:
        plain["offset"] = rule.offset
    if rule.review != scenario.time.review:
        plain["review"] = rule.review
    return plain


def scenario_text(document: Mapping[str, Any], head: str) -> bytes:
    """A scenario's document as YAML under a line that says where it comes from."""
    import yaml  # only a writer needs it

    class Plain(yaml.SafeDumper):
        """Without anchors: two sections that are equal are two sections."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    text = yaml.dump(dict(document), Dumper=Plain, sort_keys=False, allow_unicode=True, width=120)
    return (f"# {head}\n" + text).encode()
