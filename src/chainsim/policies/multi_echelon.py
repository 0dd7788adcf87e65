"""`multi_echelon`: base-stock levels set for the whole network at once, ordered one-for-one or in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import A_WAIT, IN_LOTS, POLICIES, NetworkFacts, PointFacts, Promise, Settings
from chainsim.policies.base_stock import BaseStock
from chainsim.policies.by_law import misses, with_law
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.s_Q import FixedQuantity, fixed_quantity
from chainsim.policies.service import ServiceDriven
from chainsim.rules.grid import lots_in
from chainsim.rules.position import watched_quantity

METHODS = ("auto", "echelon_base_stock", "guaranteed_service", "metric")


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """p = (level, batch). The position is the echelon's or the stock point's own, whichever its settings say is watched.

    batch 0: order `level` − position. Else, at or below `level`, the fewest batches that bring it above.
    """
    missing = p[0] - watched_quantity(stock)
    if missing < 0.0:
        return 0.0
    if p[1] <= 0.0:
        return missing
    return (lots_in(missing, p[1]) + 1.0) * p[1]


@POLICIES.register("multi_echelon")
@dataclass(frozen=True, kw_only=True)
class MultiEchelon(ServiceDriven):
    """Safety stock is placed where in the network it does most; each stock point then follows a simple rule.

    Rule: order S − position whenever it is positive; where an order costs something, order batches: at position ≤ r, the
    fewest whole Q that bring it above r, with Q = √(2·K·d / h), K the cost of an order, d demand and h holding cost per
    time unit, and r = S − 1 (whole units; r = S for divisible products). Units: S, r, Q in units of product.

    Methods:
        echelon_base_stock: serial systems. The position is the echelon's: everything at the stock point, on order, and
            downstream, less what end customers wait for. Levels of least cost by the recursion of Clark & Scarf (1960)
            in the form of Chen & Zheng (1994, eqs. 2-4), with batches as echelon-stock (r, nQ), Q nested.
        metric: one warehouse, many retailers. Own positions; levels by the decomposition of Sherbrooke (1968) with the
            two-moment backorders of Graves (1985).
        guaranteed_service: any acyclic network. Own positions; service times and safety stocks z·σ·√τ by Graves &
            Willems (2000), exact on trees by dynamic programming and otherwise by mixed-integer programming.
        auto: echelon_base_stock where stock points form a line, metric where one warehouse serves retailers directly,
            guaranteed_service otherwise.

    The service wanted is `fill_rate`, else `service_level`, else the scenario's target fill rate, else the newsvendor
    ratio b / (b + h), else 0.95. `service_level` is the probability that nothing is owed when the position is at its
    lowest; the newsvendor ratio is the same on average over all positions. Stock points upstream follow from it.

    One stock point with Poisson demand of 5 a day, 2 days of lead time and b / (b + h) = 0.9 is a line of one stage:
    S is the smallest with P(D ≤ S) ≥ 0.9, D ~ Poisson(10).

    >>> from chainsim.policies.base import NetworkFacts, PointFacts, SourceFacts
    >>> shop = PointFacts(index=0, site="shop", product="soup", kind="store", demand_mean=5.0, demand_sd=5.0**0.5,
    ...     demand_interval=0.0, demand_size_mean=1.0, demand_size_sd=0.0, poisson=True, customers=True, lead_mean=2.0,
    ...     lead_sd=0.0, sources=(SourceFacts(None, 1.0, 2.0, 0.0),), crossing=True, review_interval=0.0,
    ...     before_demand=False, unit_cost=10.0, holding_cost=1.0, order_cost=0.0, backorder_cost=9.0,
    ...     lost_sale_cost=0.0, lost_sales=False, target_fill_rate=None, whole=True)
    >>> network = NetworkFacts((shop,), ((),), "day", "EUR", 365.0)
    >>> settings = MultiEchelon().derive(network, [0])[0]
    >>> settings.watch, settings.p  # S, one-for-one
    ('echelon', (14.0, 0.0))
    """

    title = "Multi-echelon base stock"
    summary = "Levels set for the whole network; order up to the level, or in batches where an order costs something."
    source = "Clark & Scarf (1960); Chen & Zheng (1994); Sherbrooke (1968); Graves (1985); Graves & Willems (2000)"
    watches = "echelon"
    rule = staticmethod(order_quantity)
    knobs = Knobs(on_the_logit, lambda policy, known: as_numbers(policy, known))

    method: str = field_of(
        "choice",
        "How the levels are set; auto chooses by the shape of the network.",
        default="auto",
        choices=METHODS,
        example="guaranteed_service",
    )
    service_time: float = field_of(
        "duration",
        "guaranteed_service: the time within which customers are promised their units.",
        default=0.0,
        least=0.0,
        example="2 days",
    )
    batch: str = field_of(
        "choice",
        "Order quantities: the economic order quantity where an order costs something, or one-for-one everywhere.",
        default="eoq",
        choices=("eoq", "none"),
        example="none",
    )
    review_interval: float | None = field_of(
        "duration",
        "Time between reviews. Left out: continuous review.",
        default=None,
        symbol="R",
        example="1 week",
        above=0,
    )

    def derive(self, network: NetworkFacts, points: Sequence[int]) -> dict[int, Settings]:
        """Levels of all stock points, connected group by connected group.

        Raises ValueError when a method was asked for that does not fit the network.
        """
        # imported here: the theory needs scipy, and workers load this module only for its rule
        from chainsim.policies.multi_echelon_levels import levels_of
        from chainsim.policies.multi_echelon_network import connected

        settings: dict[int, Settings] = {}
        for group in connected(network, points):
            settings.update(levels_of(self, group))
        return {i: self._promised(network.points[i], own) for i, own in settings.items()}

    def _promised(self, point: PointFacts, settings: Settings) -> Settings:
        """With what the plan was asked to deliver where customers buy: what lies upstream is a means to that. A wait at its source
        and orders in lots it knows of; of demand it knows two moments."""
        if not point.customers:
            return settings
        target = self.target(point)
        unknown = tuple(word for word in point.unknown if word != IN_LOTS and not word.startswith(A_WAIT))
        if target.from_prices:
            return replace(settings, promise=Promise("cost", None, target.origin, by="network", unknown=unknown))
        asked = Promise(target.kind, target.value, target.origin, by="network", unknown=unknown)
        promise = with_law(asked, point, settings.derived)
        warnings = settings.warnings
        if misses(promise):
            kind = "plans with a simpler law (mean and variance of demand, no undershoot), too little by the model's own laws"
            warnings = (*warnings, f"{kind}: {promise.expected:.2f} where {promise.asked:.4g} is asked")
        return replace(settings, promise=promise, warnings=warnings)


def as_numbers(policy: MultiEchelon, known: Settings) -> FixedQuantity | BaseStock:
    """The same rule at one stock point with its numbers written out: base stock where orders are one for one, (s, Q) where
    they come in batches, watching what the plan has it watch."""
    watch = known.watch or "position"
    if known.p[1] > 0.0:
        return fixed_quantity(policy, known, watch)
    return BaseStock(order_up_to_level=known.p[0], review_interval=policy.review_interval, watch=watch)
