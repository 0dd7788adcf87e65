"""Two components, one product: echelon base stock, every demand releases one assembly and one order of each component.

Symbols: A the component with the longer lead time, B the other, S_1, S_A, S_B echelon base-stock levels (units), L_1
assembly time; unit Poisson demand at rate λ, full backordering. Source: Rosling (1989), Operations Research 37:565-579.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from chainsim.theory.compound_poisson import compound_poisson
from chainsim.theory.lattice import Lattice
from chainsim.theory.serial import SerialLevels, SerialSystem, optimal_levels


class AssemblyStock(NamedTuple):
    """Mean units on hand of A, of B and of the product, owed, in assembly; fill rate."""

    on_hand_a: float
    on_hand_b: float
    on_hand: float
    backorders: float
    in_assembly: float
    fill_rate: float


@dataclass(frozen=True)
class Assembly:
    """rate: λ. assembly_time, lead_time_a ≥ lead_time_b: constant.

    >>> system = Assembly(4.0, assembly_time=1.0, lead_time_a=3.0, lead_time_b=1.5)
    >>> stock = system.stock(level=7, level_a=20, level_b=13)
    >>> round(stock.on_hand_a, 5), round(stock.on_hand, 5), round(stock.fill_rate, 6)
    (2.36043, 2.17057, 0.699642)
    """

    rate: float
    assembly_time: float
    lead_time_a: float
    lead_time_b: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.lead_time_b <= self.lead_time_a:
            raise ValueError("component A is the one with the longer lead time")

    def stock(self, level: int, level_a: int, level_b: int) -> AssemblyStock:
        """Assembly starts when both components are there. Of the echelon net stock X_B = S_B − D(L_B) and X_A = S_A −
        D(L_B) − D(L_A − L_B), the product's position is min(S_1, X_A, X_B), what exceeds it is on hand."""
        common = compound_poisson(self.rate * self.lead_time_b, (1.0,))
        extra = compound_poisson(self.rate * (self.lead_time_a - self.lead_time_b), (1.0,))
        c, e = common.values[:, None], extra.values[None, :]
        odds = common.mass[:, None] * extra.mass[None, :]
        x_a, x_b = level_a - c - e, level_b - c + 0.0 * e
        position = np.minimum(np.minimum(x_a, x_b), level)
        on_hand_a, on_hand_b = float(((x_a - position) * odds).sum()), float(((x_b - position) * odds).sum())
        first = int(position.min())
        mass = np.bincount((position - first).astype(np.int64).ravel(), weights=odds.ravel())
        net = Lattice(1.0, first, np.asarray(mass, np.float64)).plus(
            compound_poisson(self.rate * self.assembly_time, (1.0,)).negative()
        )
        return AssemblyStock(
            on_hand_a,
            on_hand_b,
            net.shortage(0.0),
            net.negative().shortage(0.0),
            self.rate * self.assembly_time,
            1.0 - net.probability_up_to(0.0),
        )

    def cost(
        self, stock: AssemblyStock, holding_cost: float, holding_a: float, holding_b: float, backorder_cost: float
    ) -> float:
        """Echelon holding costs per unit and time unit: components count h_A and h_B on hand and in assembly, the product
        h_1 + h_A + h_B, supplier pipelines nothing; b per unit owed.

        >>> system = Assembly(4.0, assembly_time=1.0, lead_time_a=3.0, lead_time_b=1.5)
        >>> round(system.cost(system.stock(7, 20, 13), 1, 1, 1, 20), 4)
        28.8525
        """
        return (
            holding_a * (stock.on_hand_a + stock.in_assembly)
            + holding_b * (stock.on_hand_b + stock.in_assembly)
            + (holding_cost + holding_a + holding_b) * stock.on_hand
            + backorder_cost * stock.backorders
        )

    def rosling(self, holding_cost: float, holding_a: float, holding_b: float, backorder_cost: float) -> SerialLevels:
        """Optimal balanced policy: the serial system with lead times L_1, L_B, L_A − L_B and echelon costs h_1, h_B, h_A
        has the same levels (product, B, A); units of A still at their supplier cost nothing.

        >>> best = Assembly(4.0, 1.0, 3.0, 1.5).rosling(1, 1, 1, 20)
        >>> best.levels, round(best.cost, 4)
        ((8.0, 15.0, 22.0), 26.3374)
        """
        times = (self.assembly_time, self.lead_time_b, self.lead_time_a - self.lead_time_b)
        line = SerialSystem(times, (holding_cost, holding_b, holding_a), backorder_cost, self.rate)
        best = optimal_levels(line)
        return SerialLevels(best.levels, best.batches, best.cost - holding_a * self.rate * self.lead_time_b)
