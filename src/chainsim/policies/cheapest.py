"""Levels of least expected cost, and lots with them, from the stock point's own laws and prices.

Where prices of stock and of waiting (or of lost sales) are known and no service is asked, levels are set at least cost and
service follows. Where a service is asked: `policies.lots`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from chainsim.policies.base import Derived, PointFacts, Promise
from chainsim.policies.costs import SOURCES, Chosen, Costs, prices_of
from chainsim.policies.levels import Levelled, covers, economic_lot, unknown_to, warnings_of
from chainsim.policies.lots import LARGEST, cheapest_size, compared, permitted
from chainsim.policies.service import LevelDriven, has_prices
from chainsim.policies.stages import Scaled, same, stage_of

if TYPE_CHECKING:
    from chainsim.theory.positions import Rule

LITTLE = 0.5  # fill rate below which least cost may surprise


def least_cost(policy: LevelDriven, point: PointFacts) -> bool:
    """Whether levels are set at least cost: no service is asked, and prices are known."""
    return (
        not policy.asks(point)
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
    if lot is None and up_to is None and (point.production_rate > 0.0 or point.lot > 0.0 or point.prices is not None):
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
        chosen = Derived("order_quantity", "Q", found.lot, found.lot, "units", f"Q {formula}", inputs)
        return chosen if point.prices is None else economic
    if point.prices is not None:
        formula = f"= s + Q; {economic.formula}"
    return Derived(
        "order_up_to_level",
        "S",
        found.level + found.lot,
        found.level + found.lot,
        "units",
        f"S {formula}",
        {"s": s, **inputs},
    )


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

    scaled = stage_of(point)
    assert scaled is not None
    stage, prices = scaled.stage, prices_of(point, scaled.step)
    cost = cost_rate_one_for_one(stage, Sums(stage, stage.reach(0)), prices, 0, stage.reach(0))
    return _priced(scaled, "S", Chosen(cost.best, 0, cost.at(cost.best)))


@lru_cache(maxsize=8192)
def _lots(point: PointFacts, rule: Rule, lot: float | None, up_to: float | None) -> Cheapest:
    if lot is None and up_to is None:
        costs = _costs(point, economic_lot(point).value)
        found = costs.best(rule)
        if found is not None and not costs.depends_on(found.lot):
            size = found.lot * costs.scaled.step
            if abs(permitted(point, size) - size) < 1e-9 * size:
                return _priced(costs.scaled, rule, found)
        lot = _lot(point, rule)
    costs = _costs(point, max(lot or up_to or 0.0, 1.0))
    found = costs.with_lot(rule, costs.scaled.steps(lot)) if lot is not None else costs.below(up_to or 0.0)
    return _priced(costs.scaled, rule, found)


def _lot(point: PointFacts, rule: Rule) -> float:
    """The lot of least cost, its level at least cost too, where it is sought size by size."""
    costs = compared(point)
    return cheapest_size(point, costs, lambda steps: costs.with_lot(rule, steps).cost)


def _costs(point: PointFacts, lot: float) -> Costs:
    scaled = stage_of(point, LARGEST * lot)
    assert scaled is not None
    return Costs(point, scaled, prices_of(point, scaled.step), lot)


def _priced(scaled: Scaled, rule: Rule, found: Chosen) -> Cheapest:
    from chainsim.theory.service_curve import curve

    levels, service = curve(scaled.stage, rule, found.lot, "fill_rate")
    k = min(max(int(levels.searchsorted(found.level)), 0), len(levels) - 1)
    fill_rate = float(service[k]) if found.level >= levels[0] else 0.0
    step = scaled.step
    return Cheapest(found.level * step, found.lot * step, found.cost, min(max(fill_rate, 0.0), 1.0), step)
