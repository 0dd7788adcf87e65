"""The lot of a stock point, where it may be chosen: √(2KD/h), unless another is materially cheaper.

Lots are compared at equal service: each with the level that just delivers what is asked, between two whole levels where no
whole one does. So the cost over lots is smooth and has one valley, and how levels round is no matter; but where lots are a
few units, when a level more or less is much, with whole levels. With a fill rate asked all lots lose the same sales, and what
those cost is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, Literal

from chainsim.policies.base import Derived, PointFacts, round_up
from chainsim.policies.costs import SOURCES, AtService, Costs, Served, prices_of
from chainsim.policies.levels import economic_lot
from chainsim.policies.service import LevelDriven
from chainsim.policies.stages import priceless, rough_stage_of, same

if TYPE_CHECKING:
    from chainsim.theory.positions import Rule

Kind = Literal["service", "fill_rate"]

MATERIAL = 0.005  # share by which a lot must be cheaper than √(2KD/h) to take its place
MUCH = 3.0  # demand of a review, from which on a lot leaves reviews without an order
LARGEST, MORE = 3.0, 4.0  # of √(2KD/h), and units more
FEW, AROUND = 14, 1.8  # sizes, up to so many times a lot, that are each tried with whole levels


def choose_lot(policy: LevelDriven, point: PointFacts, rule: Rule) -> Derived:
    """Q, or S − s, for a policy that may choose it: the cheapest whose level delivers the service asked; √(2KD/h) where no
    other is materially cheaper, where this is the textbook's business, or no law is known."""
    economic = economic_lot(point)
    watch = getattr(policy, "watch", "position")
    if (
        policy.derivation == "textbook"
        or watch == "echelon"
        or point.demand_size_mean <= 0.0
        or point.production_rate > 0.0
        or point.lot > 0.0
        or point.prices is not None
    ):
        return economic
    target = policy.target(point)
    lot = _lot_for(same(point), rule, target.kind, target.value)
    if lot == economic.value:
        return replace(
            economic, formula=f"{economic.formula}; no lot whose level delivers is cheaper by {MATERIAL:.1%}"
        )
    formula = f"cheapest lot whose level delivers ({SOURCES[rule]}); √(2KD/h) would be {economic.exact:.4g}"
    return replace(economic, value=lot, exact=lot, formula=formula)


@lru_cache(maxsize=256)  # (s, nQ) and (s, S) of a stock point ask in turn
def compared(point: PointFacts, lost_sales_cost: bool = True) -> Costs:
    """What lots cost, roughly, from one step to a few times √(2KD/h)."""
    lot = usual_lot(point)
    most = LARGEST * lot + MORE * (1.0 if point.whole else 0.0)
    served = _served(priceless(point), lot, most)
    prices = prices_of(point, served.scaled.step)
    return Costs(point, served.scaled, prices if lost_sales_cost else replace(prices, lost=0.0), lot, most, served)


@lru_cache(maxsize=256)  # other prices often lead to the same usual lot
def _served(point: PointFacts, lot: float, most: float) -> Served:
    return Served(rough_stage_of(point, lot, most), max(most, lot))


def cheapest_size(point: PointFacts, costs: Costs, cost: Callable[[int], float]) -> float:
    """The lot of least cost(steps), money per time unit, as it may be ordered, in units."""
    cost = cache(cost)
    lowest = _valley(point, costs, cost)
    return min(_near(point, costs, lowest), key=lambda size: cost(costs.scaled.steps(size)))


def usual_lot(point: PointFacts) -> float:
    """√(2KD/h) as it may be ordered."""
    return permitted(point, economic_lot(point).value)


def permitted(point: PointFacts, lot: float) -> float:
    """The lot as it may be ordered: whole units, multiples, not too few and not too many."""
    least, most = max(point.minimum_order, 1.0 if point.whole else 0.0), point.maximum_order or float("inf")
    lot = min(max(lot, least), most)
    grain = _grain(point)
    if grain <= 0.0:
        return lot
    lots = max(round(lot / grain), 1)
    if lots * grain > most and lots > 1:
        lots -= 1
    return round_up(lots * grain, point.whole)


def _grain(point: PointFacts) -> float:
    return point.order_multiple or (1.0 if point.whole else 0.0)


def _valley(point: PointFacts, costs: Costs, cost: Callable[[int], float]) -> float:
    """Where cost(steps) is lowest, in units, whether it may be ordered or not: near √(2KD/h); or as small as can be, where
    a lot is not much more than what every review orders."""
    from chainsim.theory.search import valley

    usual = costs.scaled.steps(usual_lot(point))
    starts = [usual] if usual > MUCH * costs.stage.between_mean else [usual, 1]
    found = [valley(cost, start, 1, costs.basis.most) for start in starts]
    return min(found, key=lambda lot: cost(round(lot))) * costs.scaled.step


def _near(point: PointFacts, costs: Costs, lot: float) -> list[float]:
    """The sizes that may be ordered on either side of a lot."""
    grain = _grain(point)
    if grain <= 0.0:
        return [permitted(point, lot)]
    return _sizes(point, costs, floor(lot / grain), floor(lot / grain) + 1)


def _around(point: PointFacts, costs: Costs, lot: float) -> list[float]:
    """Of whole units, the sizes not far from a lot where those are few; else none."""
    grain = _grain(point)
    if not point.whole or (AROUND - 1.0 / AROUND) * lot > FEW * grain:
        return []
    return _sizes(point, costs, floor(lot / AROUND / grain), ceil(lot * AROUND / grain))


def _sizes(point: PointFacts, costs: Costs, first: int, last: int) -> list[float]:
    """So many grains each, as far as costs are known."""
    sizes = {permitted(point, k * _grain(point)) for k in range(first, last + 1)}
    return sorted(size for size in sizes if costs.scaled.steps(size) <= costs.basis.most)


@lru_cache(maxsize=8192)
def _lot_for(point: PointFacts, rule: Rule, kind: Kind, target: float) -> float:
    costs, usual = compared(point, kind == "service"), usual_lot(point)

    @cache
    def at(lot: int) -> AtService:
        return costs.at_service(rule, lot, kind, target)

    lowest = _valley(point, costs, lambda lot: at(lot).mixed)
    few = _around(point, costs, lowest)

    def cost(size: float) -> float:
        known = at(costs.scaled.steps(size))
        return known.whole if few else known.mixed

    best = min(few or _near(point, costs, lowest), key=cost)
    return best if cost(best) < (1.0 - MATERIAL) * cost(usual) else usual
