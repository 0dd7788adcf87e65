"""The alternatives: one policy for every stock point that is replenished, the most specific rule of the file."""

from __future__ import annotations

from typing import Any

from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.model import Alternative, PointPolicy
from chainsim.scenario.nodes import Path, written


def expand_policies(draft: Draft) -> None:
    """One Alternative per entry, in the order of the file. Stock points under one rule share one Policy object."""
    for name, made in draft.data["policies"].items():
        draft.alternatives.append(Alternative(name, made.keys["label"] or name, _govern(draft, name, made)))


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


def _point_policy(draft: Draft, made: Any, path: Path) -> PointPolicy:
    offset = made.keys.get("offset", 0.0)
    place = draft.source.finding(path, "", at_key=True)
    return PointPolicy(made.thing, offset, made.keys.get("review") or draft.time.review, path, place)
