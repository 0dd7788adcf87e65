"""Loads: how well vehicles are filled, and what goods wait for a load."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def has_vehicles(plan: Plan) -> bool:
    """Whether vehicles are counted anywhere."""
    return bool((plan.terms["capacity"] > 0.0).any())


def has_docks(plan: Plan) -> bool:
    """Whether goods wait for a load anywhere."""
    return bool((plan.terms["gathers"] == 1).any())


def _of(view: View, column: str, of: str, amount: Array) -> Array:
    """Amounts by lane where a column of its terms is above 0, at the stock points that receive."""
    lanes = np.zeros(len(view.plan.lanes))
    lanes[view.plan.terms["lane"]] = view.plan.terms[of] > 0
    return view.total(view.at_target(view.terms_flow(column) * lanes * amount))


@kpi(
    "vehicles_per_year",
    concerns=has_vehicles,
    title="Vehicles",
    unit="vehicles/year",
    direction="lower",
    definition="Vehicles that left on lanes with a `vehicle`, per year: for each shipment as few as could carry it.",
    denominator="length of the window",
)
def vehicles_per_year(view: View) -> Array:
    return _of(view, "vehicles", "capacity", np.ones(len(view.plan.lanes))) * view.per_year


@kpi(
    "load_factor",
    concerns=has_vehicles,
    title="Load factor",
    unit="share",
    direction="higher",
    definition="Units that left in vehicles ÷ what these could have carried.",
    denominator="vehicles that left in the window × their capacity",
    undefined="no vehicle left",
)
def load_factor(view: View) -> Ratio:
    everywhere, capacity = np.ones(len(view.plan.lanes)), np.zeros(len(view.plan.lanes))
    capacity[view.plan.terms["lane"]] = view.plan.terms["capacity"]
    return ratio(_of(view, "carried", "capacity", everywhere), _of(view, "vehicles", "capacity", capacity))


@kpi(
    "load_mean",
    concerns=has_docks,
    title="Mean load",
    unit="units",
    direction="none",
    definition="Units that left on lanes that `consolidate` ÷ shipments they were.",
    denominator="shipments that left these lanes in the window",
    undefined="nothing left",
)
def load_mean(view: View) -> Ratio:
    everywhere = np.ones(len(view.plan.lanes))
    return ratio(_of(view, "carried", "gathers", everywhere), _of(view, "loads", "gathers", everywhere))


@kpi(
    "load_wait",
    concerns=has_docks,
    title="Wait for a load",
    unit="{time}",
    direction="lower",
    definition="Time integral of the units that wait at docks ÷ units that left from there: by Little's law what a unit waits.",
    denominator="units that left lanes that `consolidate` in the window",
    undefined="nothing left",
)
def load_wait(view: View) -> Ratio:
    everywhere = np.ones(len(view.plan.lanes))
    waited = _of(view, "dock_time", "gathers", everywhere) / view.plan.clock.ticks_per_unit
    return ratio(waited, _of(view, "carried", "gathers", everywhere))
