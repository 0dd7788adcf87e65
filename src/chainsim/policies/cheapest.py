"""Levels and lots of least expected cost, from the stock point's own laws and prices.

Where prices of stock and of waiting (or of lost sales) are known and no service is asked, levels are set at least cost and
service follows. Where a service is asked, the lot is the cheapest among those whose level delivers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from chainsim.policies.base import Derived, PointFacts, Promise, round_up
from chainsim.policies.levels import Levelled, covers, economic_lot, unknown_to, warnings_of
from chainsim.policies.service import LevelDriven, Target, has_prices
from chainsim.policies.stages import LONGEST, Scaled, same, stage_of

if TYPE_CHECKING:
    from chainsim.theory.cost_rate import Prices
    from chainsim.theory.least_cost import PositionCost
    from chainsim.theory.positions import Rule
    from chainsim.theory.stage import Sums

LOTS, LOTS_CROSSING = 12, 6  # tried where lots must be tried, besides √(2KD/h); where each has lead times of its own
SMALLEST, LARGEST = 0.3, 2.0  # of √(2KD/h)
SMALLEST_CROSSING, LARGEST_CROSSING = 0.2, 1.5  # orders that cross make smaller lots worth more
COARSE, COARSE_LEADS = 512, 24  # points of a lattice, and lead times, that are enough to choose a lot
LONGEST_SEARCH = 3000  # steps of a lot up to which (s, S) is searched by its own algorithm
ROOM = 3.0  # lots of √(2KD/h) that positions must hold on either side, more where waiting is cheap
LITTLE = 0.5  # fill rate below which least cost may surprise
SOURCES = {
    "S": "least G(S); Zipkin 2000, §6.2.3",
    "sQ": "K·orders + mean of G over s + 1 … s + Q; Zheng & Chen 1992, Hadley & Whitin 1963",
    "sS": "{K + Σ m(j)·G(S − j)} / Σ m(j); Zheng & Federgruen 1991",
}


def least_cost(policy: LevelDriven, point: PointFacts) -> bool:
    """Whether levels are set at least cost: no service is asked, and prices are known."""
    return (
        policy.fill_rate is None
        and policy.service_level is None
        and point.target_fill_rate is None
        and policy.derivation != "textbook"
        and getattr(policy, "watch", "position") != "echelon"
        and point.demand_size_mean > 0.0  # a flow has no events
        and has_prices(point)
    )


class Cheapest(NamedTuple):
    """Level (S, or s) and lot (Q, or S − s), in units; money per time unit; the fill rate that follows."""

    level: float
    lot: float
    cost: float
    fill_rate: float
    step: float


def cheapest_base_stock(policy: LevelDriven, point: PointFacts) -> Levelled:
    """S of least expected cost. What an order costs is no matter: one is placed at every review that saw demand."""
    found = _base_stock(same(point))
    return _told(policy, point, "S", found, found.level)


def cheapest_lots(
    policy: LevelDriven, point: PointFacts, rule: Rule, lot: float | None, trigger: str, up_to: float | None = None
) -> tuple[Levelled, Cheapest]:
    """s, and what goes with it: of (s, nQ), or of (s, S). A lot (units) or S (`up_to`) that is given is kept; else it is
    chosen with s. Raises ValueError where an order or stock has no price."""
    if lot is None and up_to is None and (point.production_rate > 0.0 or point.lot > 0.0):
        lot = economic_lot(point).value
    found = _lots(same(point), rule, lot, up_to)
    more = (1.0 if point.whole else found.step) if trigger == "below" else 0.0
    return _told(policy, point, rule, found, found.level + more), found


def chosen_lot(point: PointFacts, rule: Rule, found: Cheapest, s: float) -> Derived:
    """Q, or S, that was chosen together with s."""
    economic = economic_lot(point)
    formula = f"at least expected cost, with s ({SOURCES[rule]}); √(2KD/h) would be {economic.exact:.4g}"
    inputs = dict(economic.inputs)
    if rule == "sQ":
        return Derived("order_quantity", "Q", found.lot, found.lot, "units", f"Q {formula}", inputs)
    return Derived(
        "order_up_to_level",
        "S",
        found.level + found.lot,
        found.level + found.lot,
        "units",
        f"S {formula}",
        {"s": s, **inputs},
    )


def choose_lot(policy: LevelDriven, point: PointFacts, rule: Rule) -> Derived:
    """Q, or S − s, for a policy that may choose it: the cheapest whose level delivers the service asked; √(2KD/h) where
    this is the textbook's business, or no law is known."""
    economic = economic_lot(point)
    watch = getattr(policy, "watch", "position")
    if (
        policy.derivation == "textbook"
        or watch == "echelon"
        or point.demand_size_mean <= 0.0
        or point.production_rate > 0.0
        or point.lot > 0.0
    ):
        return economic
    lot = _lot_for(same(point), rule, policy.target(point))
    formula = f"cheapest lot whose level delivers ({SOURCES[rule]}); √(2KD/h) would be {economic.exact:.4g}"
    return replace(economic, value=lot, exact=lot, formula=formula)


def _told(policy: LevelDriven, point: PointFacts, rule: Rule, found: Cheapest, value: float) -> Levelled:
    symbol, name = ("S", "order_up_to_level") if rule == "S" else ("s", "reorder_point")
    price = {"p": point.lost_sale_cost} if point.lost_sales else {"b": point.backorder_cost}
    formula = (
        f"{symbol} of least expected cost at these prices by the model's own laws ({SOURCES[rule]}); {covers(point)}; "
        f"expected cost {found.cost:.5g} per time unit; service follows: fill rate {found.fill_rate:.4f}"
    )
    scaled = stage_of(same(point))
    assert scaled is not None
    if scaled.moments:
        formula += "; the law of one demand is from two moments"
    inputs = {"d": point.demand_mean, "σ": point.demand_sd, "L": point.lead_mean, "h": point.holding_cost, **price}
    if rule != "S":
        inputs |= {"K": point.order_cost, "Q" if rule == "sQ" else "S − s": found.lot}
    promise = Promise(
        "cost", None, "least expected cost at the prices given; no service is asked", found.fill_rate,
        by="moments" if scaled.moments else "formula", unknown=unknown_to(policy, point, rule, found.lot),
    )  # fmt: skip
    warnings = warnings_of(policy)
    if found.fill_rate < LITTLE:
        told = (
            f"at these prices waiting is cheap: least cost serves {100 * found.fill_rate:.0f} % of demand from stock. Give "
            "`fill_rate` or `service_level` if more is meant"
        )
        warnings = (*warnings, told)
    return Levelled(Derived(name, symbol, value, value, "units", formula, inputs), promise, warnings)


@lru_cache(maxsize=8192)  # equal stock points share their levels
def _base_stock(point: PointFacts) -> Cheapest:
    from chainsim.theory.cost_rate import cost_rate_one_for_one
    from chainsim.theory.stage import Sums

    scaled = _scaled(point)
    stage = scaled.stage
    cost = cost_rate_one_for_one(stage, Sums(stage, stage.reach(0)), _prices(point, scaled), 0, stage.reach(0))
    return _priced(scaled, "S", cost.best, 0, cost.at(cost.best))


@lru_cache(maxsize=8192)
def _lots(point: PointFacts, rule: Rule, lot: float | None, up_to: float | None) -> Cheapest:
    work = _Costs(point, lot or up_to)
    if lot is not None:
        return work.with_lot(rule, work.scaled.steps(lot))
    if up_to is not None:
        return work.below(up_to)
    economic = economic_lot(point).value
    if not work.crossing(SMALLEST_CROSSING * economic):
        found = work.best(rule)
        if found is not None and abs(_permitted(point, found.lot) - found.lot) < 1e-9 * found.lot:
            return found
    tried = {size: work.with_lot(rule, work.scaled.steps(size)) for size in _sizes(point, economic, crossing=True)}
    ordered = sorted(tried)
    k = ordered.index(min(tried, key=lambda size: tried[size].cost))
    for other in (ordered[max(k - 1, 0)], ordered[min(k + 1, len(ordered) - 1)]):
        between_them = _permitted(point, (other * ordered[k]) ** 0.5)
        if between_them not in tried:
            tried[between_them] = work.with_lot(rule, work.scaled.steps(between_them))
    return min(tried.values(), key=lambda found: found.cost)


@lru_cache(maxsize=8192)
def _lot_for(point: PointFacts, rule: Rule, target: Target) -> float:
    from chainsim.theory.service_curve import curve, smallest_level

    economic = economic_lot(point).value
    # cost is flat in the lot; the level that goes with it is read from a fine lattice
    work = _Costs(point, coarse=True)
    best, cheapest = economic, float("inf")
    for size in (economic, *_sizes(point, economic, work.crossing(SMALLEST_CROSSING * economic))):
        levels, service = curve(work.stage, rule, work.scaled.steps(size), target.kind)
        place = smallest_level(levels, service, target.value)
        if place is None:
            continue
        level = max(int(levels[place]), 0) if point.lost_sales else int(levels[place])
        cost = work.of_levels(rule, work.scaled.steps(size)).at(level)
        if cost < cheapest * (1.0 - 1e-9):
            best, cheapest = size, cost
    return best


class _Costs:
    """What positions and levels of one stock point cost."""

    def __init__(self, point: PointFacts, given: float | None = None, *, coarse: bool = False) -> None:
        """given: a lot, or an S, that need not be found. Raises ValueError where one must be, and has no price."""
        from chainsim.theory.crossing import few
        from chainsim.theory.stage import Sums

        self.lot = max(given, 1.0) if given is not None else economic_lot(point).value
        self.point, self.scaled = point, _scaled(point, LARGEST * self.lot, COARSE if coarse else LONGEST)
        stage = self.stage = self.scaled.stage
        if coarse:  # lost sales as if they were owed
            leads = few(stage.leads, COARSE_LEADS) if stage.rhythm is None else stage.leads
            stage = self.stage = replace(stage, leads=leads, lost=False)
        self.prices = _prices(point, self.scaled)
        self.reach = stage.reach(0)
        self.sums: Sums = Sums(stage, self.reach)
        self.between = self.sums.mass(self.sums.between())
        self.time = stage.between_mean / stage.per_time
        h, b = point.holding_cost, point.backorder_cost
        longer = 1.0 if point.lost_sales or b <= 0.0 else min(((h + b) / b) ** 0.5, 10.0)
        self.room = ceil(ROOM * longer * self.lot / self.scaled.step + 3.0 * stage.between_mean) + 8
        self._known: dict[float, PositionCost] = {}

    def crossing(self, smallest: float) -> bool:
        """Whether what a position costs depends on the lot, since lead times in order of receipt do."""
        stage = self.stage
        spacing = max(smallest / self.scaled.step / stage.per_time, stage.interval)
        return stage.orders != "keep" and float(stage.leads.max() - stage.leads.min()) > spacing

    def cost_of_position(self, lot: int, order: float | None = None) -> PositionCost:
        """G, with lots of so many steps."""
        from chainsim.theory.cost_rate import cost_rate

        order = order or float(lot)
        key = order if self.crossing(lot * self.scaled.step) else 0.0
        if key not in self._known:
            leads = self.stage.leads_of_orders(order) if key else self.stage.leads
            first, count = -self.room, self.reach + 2 * self.room
            self._known[key] = cost_rate(self.stage, self.sums, leads, self.prices, first, count)
        return self._known[key]

    def of_levels(self, rule: Rule, lot: int) -> PositionCost:
        """C(s), with lots of so many steps."""
        from chainsim.theory.cost_rate import cost_of_levels
        from chainsim.theory.service_laws import laws_of

        laws = laws_of(self.stage, rule, lot)
        cost = self.cost_of_position(lot, laws.order)
        return cost_of_levels(laws, cost, rule, self.prices.order, self.stage.per_time)

    def with_lot(self, rule: Rule, lot: int) -> Cheapest:
        """The cheapest s for a lot."""
        cost = self.of_levels(rule, lot)
        return _priced(self.scaled, rule, cost.best, lot, cost.at(cost.best))

    def best(self, rule: Rule) -> Cheapest | None:
        """The cheapest lot and s of all; None where (s, S) would be sought too long."""
        from chainsim.theory.least_cost import best_lot, best_min_max

        steps = self.scaled.steps(self.lot)
        cost = self.cost_of_position(steps)
        if rule == "sQ":
            lot = best_lot(cost, self.prices.order, self.between, self.time)
            return _priced(self.scaled, rule, lot.reorder_point, lot.order_quantity, lot.cost)
        if steps > LONGEST_SEARCH:
            return None
        both = best_min_max(cost, self.prices.order, self.between, self.time)
        s, S = both.reorder_point, both.order_up_to_level
        return _priced(self.scaled, rule, s, S - s, both.cost)

    def below(self, up_to: float) -> Cheapest:
        """The cheapest s for a given S."""
        from chainsim.theory.least_cost import best_reorder_point_below

        top = floor(up_to / self.scaled.step + 1e-9)
        cost = self.cost_of_position(self.scaled.steps(self.lot))
        found = best_reorder_point_below(cost, top, self.prices.order, self.between, self.time)
        return _priced(self.scaled, "sS", found.reorder_point, top - found.reorder_point, found.cost)


def _priced(scaled: Scaled, rule: Rule, level: int, lot: int, cost: float) -> Cheapest:
    from chainsim.theory.service_curve import curve

    levels, service = curve(scaled.stage, rule, lot, "fill_rate")
    k = min(max(int(levels.searchsorted(level)), 0), len(levels) - 1)
    fill_rate = float(service[k]) if level >= levels[0] else 0.0
    return Cheapest(level * scaled.step, lot * scaled.step, cost, min(max(fill_rate, 0.0), 1.0), scaled.step)


def _scaled(point: PointFacts, lot: float = 0.0, most: int = LONGEST) -> Scaled:
    scaled = stage_of(point, lot, most)
    assert scaled is not None
    return scaled


def _prices(point: PointFacts, scaled: Scaled) -> Prices:
    from chainsim.theory.cost_rate import Prices

    lost = point.lost_sales
    owed, gone = (0.0, point.lost_sale_cost) if lost else (point.backorder_cost, 0.0)
    return Prices(point.holding_cost * scaled.step, owed * scaled.step, gone * scaled.step, point.order_cost)


def _limits(point: PointFacts) -> tuple[float, float]:
    """The least and the most units that an order may have."""
    return max(point.minimum_order, 1.0 if point.whole else 0.0), point.maximum_order or float("inf")


def _permitted(point: PointFacts, lot: float) -> float:
    """The lot as it may be ordered: whole units, multiples, not too few and not too many."""
    least, most = _limits(point)
    lot = min(max(lot, least), most)
    grain = point.order_multiple or (1.0 if point.whole else 0.0)
    if grain <= 0.0:
        return lot
    lots = max(round(lot / grain), 1)
    if lots * grain > most and lots > 1:
        lots -= 1
    return round_up(lots * grain, point.whole)


def _sizes(point: PointFacts, economic: float, crossing: bool) -> Iterator[float]:
    """Lots to try, different ones, from few times √(2KD/h) to many."""
    smallest, largest, count = (
        (SMALLEST_CROSSING, LARGEST_CROSSING, LOTS_CROSSING) if crossing else (SMALLEST, LARGEST, LOTS)
    )
    ratio = (largest / smallest) ** (1.0 / (count - 1))
    yield from dict.fromkeys(_permitted(point, economic * smallest * ratio**k) for k in range(count))
