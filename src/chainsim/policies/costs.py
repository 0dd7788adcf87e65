"""What positions and levels of one stock point cost, at its own laws and prices."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from chainsim.policies.base import PointFacts
from chainsim.policies.stages import Scaled

if TYPE_CHECKING:
    from chainsim.theory.cost_rate import Prices
    from chainsim.theory.least_cost import PositionCost
    from chainsim.theory.positions import Rule
    from chainsim.theory.service_curve import Array, Integers, Kind
    from chainsim.theory.service_laws import Laws
    from chainsim.theory.stage import Stage

LONGEST_SEARCH = 3000  # steps of a lot up to which (s, S) is searched by its own algorithm
ROOM = 3.0  # lots that positions must hold on either side, more where waiting is cheap
SOURCES = {
    "S": "least G(S); Zipkin 2000, §6.2.3",
    "sQ": "K·orders + mean of G over s + 1 … s + Q; Zheng & Chen 1992, Hadley & Whitin 1963",
    "sS": "{K + Σ m(j)·G(S − j)} / Σ m(j); Zheng & Federgruen 1991",
}


class Chosen(NamedTuple):
    """Level (S, or s) and lot (Q, or S − s), in steps; money per time unit."""

    level: int
    lot: int
    cost: float


class AtService(NamedTuple):
    """Money per time unit with the smallest level on the lattice that delivers; and with as much less as delivers just what
    is asked, the mix of two levels. Infinite where none delivers."""

    whole: float
    mixed: float


class Served:
    """What lots of one stock point serve, up to the largest, in units: the same whatever prices are."""

    def __init__(self, scaled: Scaled, most: float) -> None:
        from chainsim.theory.service_laws import Basis

        self.scaled, self.basis = scaled, Basis(scaled.stage, scaled.steps(most))
        self._owing = replace(scaled.stage, lost=False)
        self._known: dict[tuple[Rule, int, Kind], tuple[Laws, Integers, Array]] = {}

    def by_level(self, rule: Rule, lot: int, kind: Kind) -> tuple[Laws, Integers, Array]:
        """The laws of a lot, and what it serves at every level, sales that are lost as if they were owed."""
        from chainsim.theory.service_curve import curve

        if (rule, lot, kind) not in self._known:
            laws = self.basis.laws(rule, lot)
            self._known[rule, lot, kind] = laws, *curve(self._owing, rule, lot, kind, laws)
        return self._known[rule, lot, kind]


class Costs:
    """Costs on the lattice of `scaled`. lot: the size that lots have, about, in units; most: the largest asked for. served: what these
    serve, where it is known."""

    def __init__(
        self,
        point: PointFacts,
        scaled: Scaled,
        prices: Prices,
        lot: float,
        most: float = 0.0,
        served: Served | None = None,
    ) -> None:
        self.served = served or Served(scaled, max(most, lot))
        self.scaled, self.prices, self.lot = scaled, prices, scaled.steps(lot)
        self.stage: Stage = scaled.stage
        self.basis = self.served.basis
        self.reach = self.stage.reach(0)
        h, b = point.holding_cost, point.backorder_cost
        longer = 1.0 if point.lost_sales or b <= 0.0 else min(((h + b) / b) ** 0.5, 10.0)
        self.room = ceil(ROOM * longer * self.basis.most + 3.0 * self.stage.between_mean) + 8
        self._known: dict[float, PositionCost] = {}
        self._of_levels: dict[tuple[Rule, int], PositionCost] = {}

    def depends_on(self, lot: int) -> bool:
        """Whether what a position costs depends on the lot, since lead times in order of receipt do."""
        stage = self.stage
        spacing = max(lot / stage.per_time, stage.interval)
        return stage.orders != "keep" and float(stage.leads.max() - stage.leads.min()) > spacing

    def of_position(self, lot: int, order: float = 0.0) -> PositionCost:
        """G, with lots of so many steps, orders of that mean."""
        from chainsim.theory.cost_rate import cost_rate

        key = (order or float(lot)) if self.depends_on(lot) else 0.0
        if key not in self._known:
            leads = self.stage.leads_of_orders(key) if key else self.stage.leads
            first, count = -self.room, self.reach + 2 * self.room
            self._known[key] = cost_rate(self.stage, self.basis.sums, leads, self.prices, first, count)
        return self._known[key]

    def of_levels(self, rule: Rule, laws: Laws, lot: int) -> PositionCost:
        """C(s), with lots of so many steps and their laws."""
        from chainsim.theory.cost_rate import cost_of_levels

        if (rule, lot) not in self._of_levels:
            cost = self.of_position(lot, laws.order)
            self._of_levels[rule, lot] = cost_of_levels(laws, cost, rule, self.prices.order, self.stage.per_time)
        return self._of_levels[rule, lot]

    def at_service(self, rule: Rule, lot: int, kind: Kind, target: float) -> AtService:
        """What a lot costs with the level that just delivers the service, sales that are lost as if they were owed."""
        from chainsim.theory.service_curve import smallest_level

        laws, levels, service = self.served.by_level(rule, lot, kind)
        cost = self.of_levels(rule, laws, lot)
        place = smallest_level(levels, service, target)
        if place is None:
            return AtService(float("inf"), float("inf"))
        level = int(levels[place])
        if self.stage.lost and level <= 0:  # no level is lower
            return AtService(cost.at(0), cost.at(0))
        more = service[place] - service[place - 1] if place > 0 else 0.0
        share = min((service[place] - target) / more, 1.0) if more > 0.0 else 0.0  # of one level less
        whole = cost.at(level)
        return AtService(whole, whole if share <= 0.0 else (1.0 - share) * whole + share * cost.at(level - 1))

    def with_lot(self, rule: Rule, lot: int) -> Chosen:
        """The cheapest s for a lot."""
        cost = self.of_levels(rule, self.basis.laws(rule, lot), lot)
        return Chosen(cost.best, lot, cost.at(cost.best))

    def best(self, rule: Rule) -> Chosen | None:
        """The cheapest lot and s of all, if lead times in order of receipt were the same for all lots; None where (s, S)
        would be sought too long."""
        from chainsim.theory.least_cost import best_lot, best_min_max

        cost, order_cost, time = self.of_position(self.reach), self.prices.order, self._time
        if rule == "sQ":
            lot = best_lot(cost, order_cost, self.basis.between, time)
            return Chosen(lot.reorder_point, lot.order_quantity, lot.cost)
        if self.lot > LONGEST_SEARCH:
            return None
        both = best_min_max(cost, order_cost, self.basis.between, time)
        return Chosen(both.reorder_point, both.order_up_to_level - both.reorder_point, both.cost)

    def below(self, up_to: float) -> Chosen:
        """The cheapest s for a given S, in units."""
        from chainsim.theory.least_cost import best_reorder_point_below

        top = floor(up_to / self.scaled.step + 1e-9)
        cost = self.of_position(self.lot)
        found = best_reorder_point_below(cost, top, self.prices.order, self.basis.between, self._time)
        return Chosen(found.reorder_point, top - found.reorder_point, found.cost)

    @property
    def _time(self) -> float:
        """Between two reviews; of one customer, where each is reviewed."""
        return self.stage.between_mean / self.stage.per_time


def prices_of(point: PointFacts, step: float) -> Prices:
    """The prices of one step of a lattice."""
    from chainsim.theory.cost_rate import Prices

    owed, gone = (0.0, point.lost_sale_cost) if point.lost_sales else (point.backorder_cost, 0.0)
    return Prices(point.holding_cost * step, owed * step, gone * step, point.order_cost)
