"""Work: orders placed, and how busy machines and capacities are."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import kpi, ratio
from chainsim.kpis.scopes import ECHELON
from chainsim.kpis.view import View

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
def utilisation(view: View) -> Array:
    opening, closing = view.record.opening["resources"], view.record.closing["resources"]
    kind = closing["kind"]
    machines = (kind == MACHINES) | (kind == RATE)  # with a rate, one lot at a time
    worked = np.where(
        machines, closing["working_time"] - opening["working_time"], closing["started"] - opening["started"]
    )
    periods = view.window / np.where(kind == CAPACITY, closing["period"], 1)
    possible = np.where(machines, closing["machines"] * view.window, closing["capacity"] * periods)
    limited = (machines | (kind == CAPACITY)) & (possible > 0)
    layout = view.plan.layout
    # a resource is shared by the products of its site, so it has no place at a single product
    place = {scope.site: i for i, scope in enumerate(view.scopes.names) if scope.product == ""}
    busy, resources = np.zeros(len(view.scopes)), np.zeros(len(view.scopes))
    share = worked[limited] / possible[limited]
    for site, part in zip(closing["site"][limited].tolist(), share.tolist(), strict=True):
        for name in ("", ECHELON + layout.kinds[site], layout.sites[site]):
            if name in place:
                busy[place[name]] += part
                resources[place[name]] += 1.0
    return ratio(busy, resources)
