"""What the charts found, in a title each: the same words on the page, in the picture files and in a notebook."""

from __future__ import annotations

from collections.abc import Sequence

from chainsim.report.facts import Facts, Policy, echelon
from chainsim.report.numbers import percent, several
from chainsim.report.precision import tells_nothing, times
from chainsim.report.verdict import Narrative
from chainsim.statistics import Estimate

BULLWHIP = "bullwhip_cumulative"
FEW, BLOB = 6, 4.0
"""A point is left out of a picture of more than so many when the others take less than one part in so many of an axis."""


def cost_service(facts: Facts, narrative: Narrative, money: bool, shown: Sequence[Policy]) -> str:
    """Of cost against service."""
    chosen = facts.policies[narrative.chosen]
    if len(shown) == 1:
        reached = facts.units.value("share", facts.mean(shown[0], "fill_rate"))
        return f"{shown[0].label} fills {reached} of demand at once"
    ties = [p.label for p in facts.policies if narrative.standings[p.index] == "no clear winner"]
    if ties:
        return (
            f"{' and '.join(ties)} cannot be told apart"
            if len(ties) == 2
            else f"{len(ties)} policies cannot be told apart"
        )
    if narrative.choice.kind == "same rule":
        return "All policies shown are the same rule"
    if facts.target is None:
        return f"{chosen.label} {'costs least' if money else 'serves best'}"
    if narrative.standings[narrative.chosen] == "recommended":
        return f"{chosen.label} meets the {percent(facts.target)} target{' at the lowest cost' if money else ' best'}"
    return f"No policy reaches the {percent(facts.target)} target; {chosen.label} comes closest"


def cost_stack(facts: Facts, narrative: Narrative, lines: Sequence[str]) -> str:
    """Of costs: the line in which the recommended policy and the dearest differ most; with one policy its largest line."""
    chosen = facts.policies[narrative.chosen]
    costs = {p.name: facts.mean(p, "total_cost") or 0.0 for p in facts.policies}
    dearest = max(facts.policies, key=lambda p: costs[p.name])
    gap = {id: (facts.mean(dearest, id) or 0.0) - (facts.mean(chosen, id) or 0.0) for id in lines}
    most = max(gap, key=lambda id: gap[id])
    if dearest.name != chosen.name and gap[most] > 0:
        unit = facts.kpi_units[most]
        return f"{chosen.label} saves most against {dearest.label} on {facts.title_of(most).lower()}: {facts.units.value(unit, gap[most])}"
    largest = max(lines, key=lambda id: facts.mean(chosen, id) or 0.0)
    share = (facts.mean(chosen, largest) or 0.0) / costs[chosen.name]
    return f"{facts.title_of(largest)} is {percent(round(share, 2))} of the cost of {chosen.label}"


def bullwhip(facts: Facts, narrative: Narrative, kinds: Sequence[str]) -> str:
    """Of the bullwhip at the most upstream echelon."""
    top = kinds[-1]
    chosen = facts.policies[narrative.chosen]
    at_top = {p.name: facts.estimate(p, BULLWHIP, echelon(top)) for p in facts.policies}
    own = at_top[chosen.name]
    where = f"Bullwhip at {facts.place(top)}"
    if tells_nothing(own.mean, own.half_width):
        return f"{where} cannot be told with {several(own.n, 'replication')} under {chosen.label}"
    known = [p for p in facts.policies if not tells_nothing(at_top[p.name].mean, at_top[p.name].half_width)]
    ranked = sorted((p for p in known if at_top[p.name].mean is not None), key=lambda p: at_top[p.name].mean or 0.0)
    said = f"{_times(own)} under {chosen.label}"
    if not ranked:
        return f"{where}: {said}"
    # against the one that amplifies most; if that is the policy the page is about, against the calmest
    other = ranked[0] if ranked[-1].name == chosen.name else ranked[-1]
    if _times(at_top[other.name]) != _times(own):
        said += f", {_times(at_top[other.name])} under {other.label}"
    return f"{where}: {said}"


def _times(e: Estimate) -> str:
    return times(e.mean, e.half_width)


def far_off(points: list[tuple[float, float]], kept: list[bool]) -> list[bool]:
    """Points so far from all others that those would shrink into one blob; at most a third of them, and none that must be kept.

    >>> far_off([*((x, 90.0 + x) for x in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)), (90.0, 20.0)], [False] * 7)
    [False, False, False, False, False, False, True]
    """
    out = [False] * len(points)
    if len(points) <= FEW:  # few points can be told apart in any picture
        return out
    for _ in range(len(points) // 3):
        inside = [i for i, gone in enumerate(out) if not gone]
        best, gain = -1, BLOB
        for i in inside:
            rest = [points[j] for j in inside if j != i]
            if kept[i] or len(rest) < 2:
                continue
            for axis in (0, 1):
                wide = _range([points[j][axis] for j in inside])
                narrow = max(_range([p[axis] for p in rest]), 0.01 * abs(rest[0][axis]))
                if narrow and wide / narrow > gain:
                    best, gain = i, wide / narrow
        if best < 0:
            break
        out[best] = True
    return out


def _range(values: list[float]) -> float:
    return max(values) - min(values)
