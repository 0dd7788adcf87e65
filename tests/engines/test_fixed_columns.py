"""The field tables say which columns may change in a replication; no rule changes another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainsim.demand.tables import CUSTOMER
from chainsim.engines.processes import everybody
from chainsim.engines.simpy_engine import put_under_way
from chainsim.engines.world import World
from chainsim.plan.tables import FLOW, LANE, OUTAGE, POINT, RESOURCE
from chainsim.plan.tables_terms import TERMS

from .cases import plan_of
from .features import FEATURES

TABLES = {
    "points": POINT,
    "lanes": LANE,
    "customers": CUSTOMER,
    "resources": RESOURCE,
    "outages": OUTAGE,
    "flows": FLOW,
    "terms": TERMS,
}
RUN = (
    "reviews early",
    "initial state",
    "production machines",
    "production capacity",
    "outage of a site repeated",
    "sourcing split",
    "expedite, dual index",
    "yield lost",
    "departures by the calendar, a way",
    "departures by chance on whole days, no way",
    "lifetime 6, lifo",
    "lifetimes and transshipment",
    "age travels, yield all, lifo",
    "loads, until 9 in vehicles",
    "seasons",
    "flow, s_Q",
    "sterman given, after_demand",
)


def changed(world: Any) -> dict[str, set[str]]:
    """Columns that are not what the plan says, by table."""
    found = {}
    for name, table in TABLES.items():
        before, now = getattr(world.plan, name), table.record(getattr(world, name))
        found[name] = {c for c in table.names if not np.array_equal(before[c], now[c])}
    return found


@pytest.mark.parametrize("feature", RUN)
def test_what_is_fixed_stays(feature: str, tmp_path: Path) -> None:
    world = World(plan_of(FEATURES[feature], tmp_path), 0)
    put_under_way(world)
    everybody(world)
    world.run_until(world.end)
    for name, columns in changed(world).items():
        assert columns & {c.name for c in TABLES[name].fixed} == set()
    assert "demanded" in changed(world)["points"]
