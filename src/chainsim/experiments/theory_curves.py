"""Curves that theory gives of a response against one factor, to be drawn over what was simulated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from chainsim.theory.eoq import lot_cost
from chainsim.theory.lead_time_demand import LeadTimeDemand


@dataclass(frozen=True)
class TheoryCurve:
    """title, source: what is drawn, and whose it is. of: the measure it is about, unless the experiment says otherwise. numbers:
    what it takes. value(x, **numbers): the response at a value of the factor."""

    title: str
    source: str
    of: str
    numbers: tuple[str, ...]
    value: Callable[..., float]


def _eoq(x: float, order_cost: float, demand_rate: float, holding_cost: float) -> float:
    """KD/Q + hQ/2 with D and h per year."""
    return lot_cost(x, order_cost, demand_rate, holding_cost)


def _square_root(x: float, one: float) -> float:
    """√n times what one place has."""
    return one * sqrt(x)


def _newsvendor(x: float, mean: float, sd: float, underage: float, overage: float, periods: float) -> float:
    """Cost per year of stocking up to x before every period: leftovers at c_o, shortages at c_u."""
    demand = LeadTimeDemand(mean, sd, "normal")
    short = demand.loss(x)
    return periods * (overage * (x - mean + short) + underage * short)


CURVES: dict[str, TheoryCurve] = {
    "eoq": TheoryCurve(
        "KD/Q + hQ/2", "Harris 1913; Snyder & Shen 2019, §3.2", "total_cost",
        ("order_cost", "demand_rate", "holding_cost"), _eoq,
    ),
    "square_root": TheoryCurve("√n × one place", "Eppen 1979", "total_cost", ("one",), _square_root),
    "newsvendor": TheoryCurve(
        "c_o·E[(S − D)⁺] + c_u·E[(D − S)⁺]", "Arrow, Harris & Marschak 1951; Snyder & Shen 2019, §4.3", "total_cost",
        ("mean", "sd", "underage", "overage", "periods"), _newsvendor,
    ),
}  # fmt: skip
"""By the name that an experiment writes."""
