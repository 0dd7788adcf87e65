"""The alternatives: one policy for every stock point that is replenished, the most specific rule of the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chainsim.policies.adjust import Adjust
from chainsim.registry import did_you_mean
from chainsim.scenario.checks_names import MOST_LISTED
from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.model import Alternative, PointPolicy
from chainsim.scenario.nodes import Path, written
from chainsim.scenario.render import escape


def expand_policies(draft: Draft) -> None:
    """One Alternative per entry, in the order of the file. Stock points under one rule share one Policy object."""
    for name, made in draft.data["policies"].items():
        rules = _govern(draft, name, made)
        adjust = _adjust(draft, name, made.keys["adjust"] or {}, rules)
        draft.alternatives.append(Alternative(name, made.keys["label"] or name, rules, adjust))


def _govern(draft: Draft, name: str, made: Any) -> dict[PointName, PointPolicy]:
    replenished = [point for point in draft.points if not draft.unlimited(point[0])]
    base: Path = ("policies", name)
    everywhere: tuple[tuple[int, int], PointPolicy, Path] = ((0, 0), _point_policy(draft, made, base), base)
    chosen = dict.fromkeys(replenished, everywhere)
    ties: set[Path] = set()
    at_site: dict[str, list[PointName]] = {}
    for point in replenished:
        at_site.setdefault(point[0], []).append(point)
    for i, rule in enumerate(made.keys["rules"]):
        path: Path = (*base, "rules", i)
        policy = _point_policy(draft, rule, path)
        products = draft.products_of(rule.keys["product"])
        for site, level in draft.chosen_sites(rule.keys, path).items():
            for point in at_site.get(site, ()):
                if point[1] not in products:
                    continue
                levels = (level, products[point[1]])
                if levels > chosen[point][0]:
                    chosen[point] = (levels, policy, path)
                elif levels == chosen[point][0] and path not in ties:
                    ties.add(path)
                    message = f"{point[0]} / {point[1]}: {written(chosen[point][2])} is as specific"
                    draft.error(path, message, "let one rule name the site or product more closely")
    return {point: policy for point, (_, policy, _) in chosen.items()}


def _adjust(draft: Draft, name: str, wanted: Any, rules: Iterable[PointName]) -> dict[PointName, Adjust]:
    """What comes on top of the numbers of each stock point: of what is said for its site, the most specific."""
    chosen: dict[str, tuple[int, Adjust, str]] = {}
    for what, keys in wanted.items():
        path: Path = ("policies", name, "adjust", what)
        sites = draft.sites_of(what) or draft.sites_of({"kind": what})
        if not sites:
            known = [*draft.names.copies, *draft.names.sites, *draft.names.groups, *draft.names.kinds]
            hint = did_you_mean(what, known)
            cure = "" if hint else f"known: {', '.join(escape(each) for each in dict.fromkeys(known[:MOST_LISTED]))}"
            message = f"unknown site, group or kind '{escape(what)}'{hint}"
            draft.findings.append(draft.source.finding(path, message, cure, at_key=True))
        for site, level in sites.items():
            before = chosen.get(site, (0, None, ""))
            if level == before[0]:
                draft.error(
                    path, f"'{before[2]}' is about {site} too, and as specific", "name one of them more closely"
                )
            elif level > before[0]:
                chosen[site] = (level, Adjust(keys["cover"], keys["lots"]), what)
    return {point: chosen[point[0]][1] for point in rules if point[0] in chosen}


def _point_policy(draft: Draft, made: Any, path: Path) -> PointPolicy:
    offset = made.keys.get("offset", 0.0)
    place = draft.source.finding(path, "", at_key=True)
    return PointPolicy(made.thing, offset, made.keys.get("review") or draft.time.review, path, place)
