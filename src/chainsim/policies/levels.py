"""Levels derived from a service target by the model's own laws, with the formula that the report shows.

One function, `derived_level`, serves every policy with levels. What it knows: whole demands, the law of the demand, of the
lead time and of the undershoot, orders that cross, lost sales (`theory.service_curve`). What it does not know is carried
in the promise, so that the level can be corrected by simulation or the reader be told; never silent.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from chainsim.policies import textbook
from chainsim.policies.base import MORE_THAN, Derived, PointFacts, Promise, round_up, where
from chainsim.policies.by_law import with_law
from chainsim.policies.discounted import discounted_lot
from chainsim.policies.rough import rough_cost, rough_service
from chainsim.policies.service import LevelDriven, Target
from chainsim.policies.stages import Scaled, curve_of, priceless, same, stage_of

if TYPE_CHECKING:
    from chainsim.theory.positions import Rule


class Levelled(NamedTuple):
    """A derived level with what it promises and what must be said."""

    level: Derived
    promise: Promise | None = None
    warnings: tuple[str, ...] = ()


def derived_level(
    policy: LevelDriven, point: PointFacts, rule: Rule, lot: float = 0.0, *, trigger: str = "at_or_below"
) -> Levelled:
    """S of base stock ('S'), or s of (s, nQ) ('sQ') and (s, S) ('sS') with a lot of `lot` units (S − s there).

    The smallest level such that it and all above reach the target. Raises ValueError with a sentence where none does.
    """
    target = policy.target(point)
    if target.kind == "fill_rate" and target.value >= 1.0:
        raise ValueError(f"{where(point)}: a fill rate of 1 cannot be planned for; take less, such as 0.999")
    unknown = _unknown(policy, point, rule, lot)
    if policy.derivation == "textbook" or point.demand_size_mean <= 0.0:  # a flow has no events
        return _by_textbook(policy, point, rule, lot, target, unknown)
    found = _read(priceless(point), rule, lot, target.kind, target.value)
    symbol, name = ("S", "order_up_to_level") if rule == "S" else ("s", "reorder_point")
    more = (1.0 if point.whole else found.step) if trigger == "below" and rule != "S" else 0.0
    exact = found.level + more
    value = round_up(exact, point.whole)
    formula = f"{_formula(point, symbol, target.kind)}; {found.covers}; {target}; {_expectation(found)}"
    if found.moments:
        formula += "; the law of one demand is from two moments"
    inputs = {"d": point.demand_mean, "σ": point.demand_sd, "L": point.lead_mean, target.symbol: target.value}
    if rule != "S":
        inputs["Q" if rule == "sQ" else "S − s"] = lot
    if found.rough:
        unknown = (*unknown, found.rough)
    promise = Promise(
        target.kind, target.value, target.origin, found.expected, found.one_less,
        "moments" if found.moments else "formula", unknown,
    )  # fmt: skip
    warnings = _of_family(policy)
    if not found.reached:
        noun = "cycle service" if target.kind == "service" else "fill rate"
        warnings = (*warnings, f"no level reaches a {noun} of {target.value:g} here: the best is {found.expected:.3g}")
    return Levelled(Derived(name, symbol, value, exact, "units", formula, inputs), promise, warnings)


class Found(NamedTuple):
    """What the curve says: the level in units and the service there, one unit lower, and how much an order covers."""

    level: float
    step: float
    expected: float
    one_less: float | None
    covers: str
    moments: bool
    rough: str  # why the formula is an approximation here, in words
    reached: bool


@lru_cache(maxsize=8192)  # equal stock points share one level
def _read(point: PointFacts, rule: Rule, lot: float, kind: Literal["service", "fill_rate"], target: float) -> Found:
    from chainsim.theory.service_curve import smallest_level

    scaled = stage_of(point, lot)
    assert scaled is not None
    levels, service = curve_of(point, rule, lot, kind)
    place = smallest_level(levels, service, target)
    reached = place is not None
    if place is None:
        place = int(service.argmax())
    level = float(levels[place]) * scaled.step
    least = least_level(point, rule)
    if level < least:
        place = min(int(levels.searchsorted(least / scaled.step - 1e-9)), len(levels) - 1)
        level = least
    one_less = place - max(1, round(1.0 / scaled.step)) if point.whole else place - 1
    return Found(
        level, scaled.step, float(service[place]), float(service[one_less]) if one_less >= 0 else None,
        _covers(point, scaled), scaled.moments,
        rough_service(scaled, rule, scaled.steps(lot), kind, level / scaled.step), reached,
    )  # fmt: skip


def least_level(point: PointFacts, rule: Rule) -> float:
    """The lowest level that still orders: with lost sales the position never falls below 0, so s ≥ 0, and S ≥ 1 unit."""
    if not point.lost_sales:
        return float("-inf")
    if rule != "S":
        return 0.0
    return 1.0 if point.whole else min(1.0, point.demand_size_mean or 1.0)


def kept_alive(point: PointFacts, level: Derived, rule: Rule) -> Derived:
    """The level, raised to the lowest that still orders where unmet demand is lost."""
    least = least_level(point, rule)
    if level.value >= least:
        return level
    formula = f"{level.formula}; at least {least:g}: with lost sales the position never falls below 0"
    return replace(level, value=least, formula=formula)


def covers(point: PointFacts) -> str:
    """'covers 2 or 3 demands': what a level must last for, in words."""
    scaled = stage_of(same(point))
    return _covers(point, scaled) if scaled else f"covers {point.lead_mean + point.review_interval:g} time units"


def _covers(point: PointFacts, scaled: Scaled) -> str:
    from chainsim.theory.cover import in_words

    stage = scaled.stage
    if stage.rhythm is not None:
        return f"covers {in_words(stage.rhythm.until_next(stage.leads))}"
    low, high = float(stage.leads.min()) + stage.review, float(stage.leads.max()) + stage.review
    return f"covers demand over {low:.4g}" + ("" if high - low < 1e-9 else f" to {high:.4g}") + " time units"


def _by_textbook(
    policy: LevelDriven, point: PointFacts, rule: Rule, lot: float, target: Target, unknown: tuple[str, ...]
) -> Levelled:
    if rule == "S":
        one_for_one = point.review_interval == 0
        level = textbook.order_up_to_level(point, target, policy.lead_time_demand, one_for_one=one_for_one)
    else:
        level = textbook.reorder_point(point, target, policy.lead_time_demand, lot)
    level = kept_alive(point, replace(level, formula=f"textbook: {level.formula}"), rule)
    chosen = policy.derivation == "textbook"
    family = "normal or Poisson" if policy.lead_time_demand == "auto" else policy.lead_time_demand.replace("_", " ")
    said = f"{MORE_THAN}{family} demand over a mean time"
    unknown = (*unknown, said) if chosen else unknown
    promise = Promise(target.kind, target.value, target.origin, by="textbook" if chosen else "moments", unknown=unknown)
    lots = [Derived("order_quantity", "Q", lot, lot, "units", "")] if rule == "sQ" else []
    top = [Derived("order_up_to_level", "S", level.value + lot, level.value + lot, "units", "")] if rule == "sS" else []
    return Levelled(level, with_law(promise, point, [level, *lots, *top]))


def _unknown(policy: LevelDriven, point: PointFacts, rule: Rule, lot: float) -> tuple[str, ...]:
    """What the level does not know of, the stock point's own and the rule's."""
    found = [*point.unknown]
    if getattr(policy, "watch", "position") == "level":
        found.append("watching the inventory level instead of the position")
    if point.minimum_order > max(lot if rule != "S" else 0.0, 1.0 if point.whole else 0.0):
        found.append("a minimum order")
    multiple = point.order_multiple
    lots = rule == "sQ" and multiple > 0.0 and abs(lot / multiple - round(lot / multiple)) < 1e-9
    if multiple > (1.0 if point.whole else 0.0) and not lots:
        found.append("an order multiple")
    if point.maximum_order > 0.0:
        found.append("a maximum order")
    return tuple(found)


def _of_family(policy: LevelDriven) -> tuple[str, ...]:
    if policy.lead_time_demand == "auto":
        return ()
    return (
        f"lead_time_demand: {policy.lead_time_demand} counts with derivation: textbook only; this level is from the model's "
        "own law of demand. Leave it out, or say derivation: textbook",
    )


def _formula(point: PointFacts, symbol: str, kind: str) -> str:
    orders = ""
    if point.lead_sd > 0.0:
        orders = ", orders may cross" if point.crossing else ", orders keep their order"
    lost = ", lost sales" if point.lost_sales else ""
    if kind == "service":
        return f"smallest {symbol} with P(undershoot + D(L) ≤ {symbol}) ≥ α by the model's own laws{orders}{lost}"
    return f"smallest {symbol} with 1 − E[newly short] / E[demand] ≥ β by the model's own laws{orders}{lost}"


def _expectation(found: Found) -> str:
    text = f"expected {found.expected:.4f}"
    return text if found.one_less is None else f"{text}, one less {max(found.one_less, 0.0):.4f}"


def economic_lot(point: PointFacts) -> Derived:
    """Q = √(2KD/h) from the stock point's own order cost, demand and holding cost; √(2KD / (h(1 − D/P))) where a lot is
    made at a finite rate P; the textbook's where a unit costs by the size of the order (`policies.discounted`)."""
    from chainsim.theory.eoq import economic_order_quantity, economic_production_quantity

    if point.lot > 0.0:
        return _kept_lot(point)
    if point.prices is not None:
        return discounted_lot(point, point.prices)
    try:
        if point.production_rate > 0.0:
            costs = (point.order_cost, point.demand_mean, point.holding_cost, point.production_rate)
            exact = economic_production_quantity(*costs).quantity
        else:
            exact = economic_order_quantity(point.order_cost, point.demand_mean, point.holding_cost)
    except ValueError as error:
        cure = "give `order_quantity` (policy s_Q) or the missing cost, or let this stock point use another policy"
        raise ValueError(f"{where(point)}: {error}; {cure}") from None
    inputs = {"K": point.order_cost, "D": point.demand_mean, "h": point.holding_cost}
    formula = "Q = √(2KD/h)"
    if point.production_rate > 0.0:
        formula, inputs["P"] = "Q = √(2KD / (h(1 − D/P)))", point.production_rate
    return Derived("order_quantity", "Q", round_up(exact, point.whole), exact, "units", formula, inputs)


def _kept_lot(point: PointFacts) -> Derived:
    """The lot of the mean demand, where a level is sought for another."""
    return Derived("order_quantity", "Q", point.lot, point.lot, "units", "the lot of the mean demand")


def given(name: str, symbol: str, value: float) -> Derived:
    """A parameter as the user wrote it; never rounded."""
    return Derived(name, symbol, value, value, "units", "given", {}, given=True)


def echelon_needs(watch: str, level: float | None, key: str) -> list[tuple[str, str, str]]:
    """A problem where the echelon is watched without a given level: what is derived covers the own lead time only."""
    if watch != "echelon" or level is not None:
        return []
    cure = f"give `{key}` (base_stock, s_Q, s_S), or use multi_echelon, which derives levels of echelons"
    return [("watch", f"is echelon, which needs a given `{key}`: a derived one is for the stock point by itself", cure)]


def unknown_to(policy: LevelDriven, point: PointFacts, rule: Rule, lot: float) -> tuple[str, ...]:
    """What a level of least cost does not know of, in words."""
    scaled = stage_of(same(point), lot)
    roughly = rough_cost(scaled, rule, lot / scaled.step) if scaled is not None else ""
    priced = "that stock is worth what was paid for it" if point.prices is not None else ""
    return (*_unknown(policy, point, rule, lot), *filter(None, [roughly, priced]))


def warnings_of(policy: LevelDriven) -> tuple[str, ...]:
    """What must be said of any level that the model's own laws give."""
    return _of_family(policy)
