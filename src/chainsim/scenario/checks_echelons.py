"""Cross-field checks of given echelon levels."""

from __future__ import annotations

from collections.abc import Iterable

from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.model import Alternative

LEVELS = ("order_up_to_level", "reorder_point")


def echelons_nest(draft: Draft) -> None:
    """Warns of an echelon level below the same levels of the stock points it supplies: as long as they hold theirs, its owner
    orders nothing."""
    below: dict[PointName, list[PointName]] = {}
    for lane, _ in draft.lanes:
        below.setdefault((lane.origin, lane.product), []).append((lane.target, lane.product))
    for alternative in draft.alternatives:
        told = set[int]()
        for name, targets in below.items():
            rule = alternative.rules.get(name)
            if rule is None or getattr(rule.policy, "watch", None) != "echelon" or id(rule.policy) in told:
                continue
            for key in LEVELS:
                level, needed = getattr(rule.policy, key, None), _sum(alternative, targets, key)
                if level is not None and needed is not None and level < needed:
                    told.add(id(rule.policy))
                    message = (
                        f"the echelon of {name[0]} / {name[1]} is to hold {level:g}, the stock points below it {needed:g}: as long as "
                        "they do, nothing is ordered there"
                    )
                    cure = f"an echelon level counts all stock downstream; give more than {needed:g}"
                    draft.warn((*rule.path, key), message, cure)
                    break


def _sum(alternative: Alternative, points: Iterable[PointName], key: str) -> float | None:
    """What the stock points right below are to hold; None where one of them has no such level given."""
    policies = [getattr(alternative.rules.get(point), "policy", None) for point in dict.fromkeys(points)]
    levels: list[float | None] = [getattr(policy, key, None) for policy in policies]
    given = [level for level in levels if level is not None]
    return sum(given) if len(given) == len(levels) else None


CHECKS = (echelons_nest,)
