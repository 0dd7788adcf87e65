"""Work: orders placed, and how busy machines and capacities are."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.places import ECHELON, GROUP
from chainsim.record.stack import add_up

Array = np.ndarray[Any, Any]
MACHINES, CAPACITY, RATE = 1, 2, 3  # plan.tables.RESOURCE.kind


@kpi(
    "orders_per_year",
    title="Orders per year",
    unit="per year",
    direction="lower",
    definition="Replenishment orders placed by stock points, per year.",
    denominator="length of the window",
)
def orders_per_year(view: View) -> Array:
    return view.total(view.flow("orders")) * view.per_year


@kpi(
    "utilisation",
    title="Utilisation",
    unit="share",
    direction="none",
    definition="Machine time worked ÷ machine time there was; with a capacity per period: units started ÷ units that "
    "could have started. Over several sites: the plain average.",
    denominator="machines × length of the window, or capacity × periods of the window",
    undefined="nothing here has a limited capacity of its own",
)
def utilisation(view: View) -> Ratio:
    resources = view.plan.resources
    kind = resources["kind"]
    machines = (kind == MACHINES) | (kind == RATE)  # with a rate, one lot at a time
    periods = view.window / np.where(kind == CAPACITY, resources["period"], 1)
    possible = np.where(machines, resources["machines"] * view.window, resources["capacity"] * periods)
    used = np.where(machines, view.resource_flow("working_time"), view.resource_flow("started"))
    return of_machines(view, used, possible, machines | (kind == CAPACITY))


def of_machines(view: View, used: Array, possible: Array, counts: Array) -> Ratio:
    """The average of used ÷ possible over those resources that count. used [replications, resources], the others [resources]."""
    layout = view.plan.layout
    # a resource is shared by the products of its site, so it has no place at a single product
    place = {scope.site: i for i, scope in enumerate(view.scopes.names) if scope.product == ""}
    pairs = []
    for k in np.flatnonzero(counts & (possible > 0)).tolist():
        site = int(view.plan.resources["site"][k])
        groups = layout.site_groups[site] if layout.site_groups else ()
        names = ("", ECHELON + layout.kinds[site], *(GROUP + g for g in groups), layout.sites[site])
        pairs += [(place[name], k) for name in names if name in place]
    scope, resource = np.array(pairs, np.int64).reshape(-1, 2).T
    busy = add_up(scope, used.take(resource, axis=1) / possible[resource], len(view.scopes))
    counted = np.bincount(scope, minlength=len(view.scopes)).astype(np.float64)
    return ratio(busy, np.broadcast_to(counted, busy.shape))
