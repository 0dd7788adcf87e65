"""Production of things made of things: work in process, what waits for components, and stock by what it is to the plant.

Undefined, not 0, where nothing is made of components: who has no bills of materials need not read of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan
from chainsim.record.stack import add_up

Array = np.ndarray[Any, Any]
NO_BILLS = "nothing here is made of components, or a component"
WINDOW = "length of the window"
VALUE = "{currency}"


def has_bills(plan: Plan) -> bool:
    """Whether anything is made of components."""
    return len(plan.assemblies) > 0


@kpi(
    "work_in_process",
    concerns=has_bills,
    title="Work in process",
    unit="units",
    direction="lower",
    definition="Time average of units whose components left stock and that are not finished: waiting for a machine or for capacity, "
    "on a machine, in their lead time.",
    denominator=WINDOW,
    undefined=NO_BILLS,
)
def work_in_process(view: View) -> Ratio:
    return _mean(view, _in_work(view))


@kpi(
    "waiting_for_components",
    concerns=has_bills,
    title="Waiting for components",
    unit="units",
    direction="lower",
    definition="Time average of units of production orders that are placed and not released because a component is lacking.",
    denominator=WINDOW,
    undefined=NO_BILLS,
)
def waiting_for_components(view: View) -> Ratio:
    return _mean(view, _at_maker(view, view.assembly_flow("waiting_time")))


@kpi(
    "component_shortage",
    concerns=has_bills,
    title="Component shortage",
    unit="units",
    direction="lower",
    definition="Time average of what components are owed beyond what is on hand of them: to jobs, to customers and to sites "
    "downstream. It tells which component was short, where several make jobs wait.",
    denominator=WINDOW,
    undefined=NO_BILLS,
)
def component_shortage(view: View) -> Ratio:
    return _mean(view, view.flow("short_time"))


@kpi(
    "raw_value_mean",
    concerns=has_bills,
    title="Raw materials",
    unit=VALUE,
    direction="lower",
    definition="Average value on hand of components that are used where they lie and not made there.",
    denominator=WINDOW,
    undefined=NO_BILLS,
)
def raw_value_mean(view: View) -> Ratio:
    return _value(view, _components(view) & ~_made(view))


@kpi(
    "parts_value_mean",
    concerns=has_bills,
    title="Parts made",
    unit=VALUE,
    direction="lower",
    definition="Average value on hand of components that are used where they are made.",
    denominator=WINDOW,
    undefined=NO_BILLS,
)
def parts_value_mean(view: View) -> Ratio:
    return _value(view, _components(view) & _made(view))


@kpi(
    "work_value_mean",
    concerns=has_bills,
    title="Value of work in process",
    unit=VALUE,
    direction="lower",
    definition="Work in process at the value of its components: value is added when a unit is finished.",
    denominator=WINDOW,
    undefined=NO_BILLS,
)
def work_value_mean(view: View) -> Ratio:
    return _mean(view, _in_work(view, worth=True))


@kpi(
    "finished_value_mean",
    concerns=has_bills,
    title="Finished goods",
    unit=VALUE,
    direction="lower",
    definition="Average value on hand of what is no component where it lies.",
    denominator=WINDOW,
    undefined=NO_BILLS,
)
def finished_value_mean(view: View) -> Ratio:
    return _value(view, ~_components(view))


def _in_work(view: View, *, worth: bool = False) -> Array:
    """Unit-ticks of work in process where it is made, or money-ticks of its components [replications, points]."""
    lanes = view.plan.assemblies["lane"]
    ticks = view.under_way[:, lanes]
    return _at_maker(view, ticks * view.plan.money.in_transit_value[lanes] if worth else ticks)


def _at_maker(view: View, by_assembly: Array) -> Array:
    """Values [replications, assemblies] at the stock points of what is made [replications, points]."""
    plan = view.plan
    return add_up(plan.lanes["target"][plan.assemblies["lane"]], by_assembly, len(plan.points))


def _components(view: View) -> Array:
    """Stock points that something is made of at their site."""
    components: Array = view.plan.points["desk"] >= 0
    return components


def _made(view: View) -> Array:
    """Stock points that production at their site supplies."""
    made: Array = view.plan.points["resource"] >= 0
    return made


def _value(view: View, chosen: Array) -> Ratio:
    """Average value on hand of some stock points."""
    return _mean(view, view.flow("on_hand_time") * view.plan.money.unit_cost * np.where(chosen, 1.0, 0.0))


def _mean(view: View, ticks: Array) -> Ratio:
    """Time average; undefined at scopes in which nothing is made of components and nothing is one."""
    plan = view.plan
    concerned = np.where(_components(view), 1.0, 0.0)
    concerned[plan.lanes["target"][plan.assemblies["lane"]]] = 1.0
    counts = view.total(np.broadcast_to(concerned, (len(view.records), len(plan.points)))) > 0.0
    return ratio(view.total(ticks), np.where(counts, view.window, 0.0))
