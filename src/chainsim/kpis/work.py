"""Work: orders placed, and how busy machines and capacities are."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.places import ECHELON, GROUP

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
    opening, closing, resources = (
        view.records.opening["resources"],
        view.records.closing["resources"],
        view.plan.resources,
    )
    kind = resources["kind"]
    machines = (kind == MACHINES) | (kind == RATE)  # with a rate, one lot at a time
    periods = view.window / np.where(kind == CAPACITY, resources["period"], 1)
    possible = np.where(machines, resources["machines"] * view.window, resources["capacity"] * periods)
    layout = view.plan.layout
    # a resource is shared by the products of its site, so it has no place at a single product
    place = {scope.site: i for i, scope in enumerate(view.scopes.names) if scope.product == ""}
    busy, counted = np.zeros((2, len(view.records), len(view.scopes)))
    for k in np.flatnonzero((machines | (kind == CAPACITY)) & (possible > 0)).tolist():
        column = "working_time" if machines[k] else "started"
        share = (closing[column][:, k] - opening[column][:, k]) / possible[k]
        site = int(resources["site"][k])
        groups = layout.site_groups[site] if layout.site_groups else ()
        for name in ("", ECHELON + layout.kinds[site], *(GROUP + g for g in groups), layout.sites[site]):
            if name in place:
                busy[:, place[name]] += share
                counted[:, place[name]] += 1.0
    return ratio(busy, counted)
