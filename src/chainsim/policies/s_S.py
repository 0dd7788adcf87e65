"""(s, S): at or below s, order up to S."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainsim.fields import field_of, info_of
from chainsim.policies.base import POLICIES, PointFacts, Settings, where
from chainsim.policies.cheapest import cheapest_lots, chosen_lot, least_cost
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.levels import Levelled, echelon_needs, economic_lot, given
from chainsim.policies.lots import choose_lot
from chainsim.policies.s_Q import ReorderPoint
from chainsim.policies.service import without_target
from chainsim.rules.position import watched_quantity

TRIES = 20  # rounds of looking for s where S is given


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order S − what is watched. p = (s, S, 1 if only below s)."""
    watched = watched_quantity(stock)
    if watched > p[0] or (watched == p[0] and p[2] > 0.0):
        return 0.0
    return p[1] - watched


@POLICIES.register("s_S")
@dataclass(frozen=True, kw_only=True)
class MinMax(ReorderPoint):
    """Min-max (s, S): when the position is at or below s, order S − position.

    Symbols: s reorder point, S order-up-to level (units), s ≤ S. Derived: both of least expected cost where no service is
    asked and prices are given; else S = s + Q, Q the cheapest lot whose level delivers, s the smallest that gives the service, with the positions of a min-max rule. `derivation: textbook`: s as for
    (s, Q), s = d·M + z·√(M·σ² + d²·σ_L²).

    Source: Scarf (1960), in Mathematical Methods in the Social Sciences 1959; Silver, Pyke & Thomas (2017), ch. 7. The
    exact optimum for given costs is chainsim.theory.s_S.optimal_s_S (Zheng & Federgruen 1991).

    With s = 10 and S = 20, a customer of 7 takes the position from 13 to 6, and 14 are ordered:

    >>> from chainsim.plan.tables import POINT
    >>> order_quantity(POINT.row(watch=0, whole=1, on_hand=6.0, on_order=0.0, backorders=0.0), (10.0, 20.0, 0.0), [])
    14.0
    """

    title = "Min-max (s, S)"
    summary = "When the position is at or below s, order up to S."
    source = "Scarf (1960); Silver, Pyke & Thomas (2017), ch. 7: S = s + √(2KD/h)"
    rule = staticmethod(order_quantity)
    # s and the distance S − s, never s and S: with S fixed a higher s is a smaller lot
    knobs = Knobs(on_the_logit, lambda policy, known: min_max(policy, known), "reorder_point", top="order_up_to_level")

    reorder_point: float | None = field_of(
        "units",
        "Position at which to order. Left out: derived from the service target.",
        default=None,
        unit="units",
        symbol="s",
        example=60,
    )
    order_up_to_level: float | None = field_of(
        "units",
        "Position to order up to, at least s. Left out: of least expected cost, or s plus the cheapest lot whose level "
        "delivers the service asked.",
        default=None,
        unit="units",
        symbol="S",
        example=260,
    )

    def problems(self) -> list[tuple[str, str, str]]:
        s, S = self.reorder_point, self.order_up_to_level
        missing = echelon_needs(self.watch, s, "reorder_point")
        if s is None or S is None or s <= S:
            return missing
        return [
            ("order_up_to_level", f"is {S:g} but must be at least `reorder_point` ({s:g})", "did you swap s and S?")
        ]

    def reads_prices(self, point: PointFacts) -> bool:
        return self.order_up_to_level is None or (self.reorder_point is None and not self.asks(point))

    def settings(self, point: PointFacts) -> Settings:
        found = Levelled(given("reorder_point", "s", self.reorder_point or 0.0))
        cheapest = self.reorder_point is None and least_cost(self, point)
        if cheapest:
            found, chosen = cheapest_lots(self, point, "sS", None, self.trigger, self.order_up_to_level)
            s = found.level
        if self.order_up_to_level is not None:
            S = given("order_up_to_level", "S", self.order_up_to_level)
            if self.reorder_point is None and not cheapest:
                found = self._below(point, self.order_up_to_level)
            s = found.level
        elif cheapest:
            S = chosen_lot(point, "sS", chosen, s.value)
        else:
            lot = choose_lot(self, point, "sS") if self.reorder_point is None else economic_lot(point)
            if self.reorder_point is None:
                found = self.derive_reorder_point(point, lot.value, up_to=True)
            s = found.level
            S = replace(
                lot, name="order_up_to_level", symbol="S", value=s.value + lot.value, exact=s.exact + lot.exact,
                formula=f"S = s + Q, {lot.formula}", inputs={"s": s.value, "Q": lot.value, **lot.inputs},
            )  # fmt: skip
        if s.value > S.value:
            raise ValueError(
                f"{where(point)}: the derived reorder point s = {s.value:g} is above the given order_up_to_level "
                f"S = {S.value:g}; give both, or leave S out so that it becomes s + Q"
            )
        return Settings(
            (s.value, S.value, self.only_below()),
            order_up_to=S.value,
            derived=(s, S),
            wake_at=s.value,
            warnings=found.warnings,
            promise=found.promise,
        )

    def _below(self, point: PointFacts, up_to: float) -> Levelled:
        """s for a given S: S − s depends on the s sought, so look until they agree; the larger s where they alternate."""
        found = self.derive_reorder_point(point, point.demand_size_mean or 1.0, up_to=True)
        seen: list[Levelled] = []
        for _ in range(TRIES):
            if found.level.value >= up_to or any(found.level.value == other.level.value for other in seen):
                break
            seen.append(found)
            found = self.derive_reorder_point(point, up_to - found.level.value, up_to=True)
        return max([found, *seen[-1:]], key=lambda levelled: levelled.level.value)


def min_max(policy: MinMax, known: Settings) -> MinMax:
    """The policy with these numbers. Levels that follow a season go on being derived, with nothing on top."""
    if known.pages:
        return replace(policy, extra=policy.extra or 0.0)
    return replace(
        policy, **without_target(info_of(type(policy))), reorder_point=known.p[0], order_up_to_level=known.p[1]
    )
