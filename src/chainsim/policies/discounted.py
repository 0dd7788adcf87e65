"""The lot where a unit costs by the size of the order: the textbook's, for steady demand."""

from __future__ import annotations

from math import inf

from chainsim.policies.base import Derived, PointFacts, Prices, round_up, where


def discounted_lot(point: PointFacts, prices: Prices) -> Derived:
    """Q of least purchase, ordering and holding cost: of every price the lot it would want, or the end of its stretch nearest to it,
    the cheapest of these (Hadley & Whitin 1963, chapter 2; Silver, Pyke & Thomas 2017, chapter 4; Zipkin 2000, chapter 3).

    What is not known to it: demand that varies, and how large orders will be of a policy that does not order whole lots. A lot below
    `minimum_order` or beyond `maximum_order` is not considered.
    """
    from chainsim.theory import discounts

    rule = discounts.incremental if prices.incremental else discounts.all_units
    due = 1.0 + prices.duty  # all is divided by it: duty raises the price of a unit, and no other cost
    held = prices.storage if prices.carrying_rate > 0.0 else point.holding_cost  # beside what is a share of the price
    lacking = [
        name
        for name, cost in (("order cost", point.order_cost), ("carrying cost", held or prices.carrying_rate))
        if cost <= 0.0
    ]
    if lacking:
        cure = "give it, or `order_quantity` (policy s_Q), or let this stock point use another policy"
        raise ValueError(f"{where(point)}: a lot at price breaks needs {' and '.join(lacking)} above 0; {cure}")
    try:
        exact = rule(
            point.order_cost / due, point.demand_mean, prices.carrying_rate / due, prices.starts, prices.prices, held / due,
            least=point.minimum_order, most=point.maximum_order or inf,
        ).quantity  # fmt: skip
    except ValueError as error:
        raise ValueError(
            f"{where(point)}: no lot at these price breaks: {error}; change minimum_order or maximum_order"
        ) from None
    kind = "incremental" if prices.incremental else "all-units"
    told = ", ".join(f"{price:g} from {start:g}" for start, price in zip(prices.starts, prices.prices, strict=True))
    formula = f"Q of least purchase, ordering and holding cost at {kind} prices ({told})"
    inputs = {
        "K": point.order_cost,
        "D": point.demand_mean,
        "i" if prices.carrying_rate > 0.0 else "h": prices.carrying_rate or held,
    }
    if prices.duty > 0.0:
        inputs["duty"] = prices.duty
    return Derived("order_quantity", "Q", round_up(exact, point.whole), exact, "units", formula, inputs)
