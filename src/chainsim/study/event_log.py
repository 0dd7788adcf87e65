"""The event log of one replication as a table people can read: places by name, kinds in words, times as dates.

Runs keep no logs, which would be larger than all results: the replication is simulated again, on the same random numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainsim.engines.base import simulate
from chainsim.engines.parity import LINE, PHASES
from chainsim.errors import OutputError, UsageError
from chainsim.kpis import measure
from chainsim.plan.compile import compile_plan
from chainsim.plan.derivation import derive_levels
from chainsim.plan.plan import Plan
from chainsim.record.record import EVENT_KINDS, Record
from chainsim.scenario.model import Scenario
from chainsim.study import arguments
from chainsim.study.calibration import calibrated
from chainsim.study.store import PLANNED

if TYPE_CHECKING:
    import pandas as pd


def logged(plan: Plan, replication: int) -> Record:
    """The replication with its event log."""
    return simulate(plan, replication, log=True)


def as_table(record: Record, plan: Plan, start: str | date | None = None) -> pd.DataFrame:
    """The event log of a Record, a line an event; see `Results.log`."""
    import pandas as pd  # slow to import, and for people only

    lines = np.array([tuple(line) for line in record.log or ()], LINE)
    layout, lanes = plan.layout, plan.lanes
    origin = np.where(lanes["origin"] < 0, lanes["target"], lanes["origin"])  # production leads to where it begins

    def named(codes: Any, names: Sequence[str]) -> Any:
        return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(names)))

    def end_of(points: Any) -> Any:
        """The site at one end of each line's lane; nothing where there is no lane."""
        sites = np.append(layout.site[points], -1)  # the last is that of lane -1
        return named(sites[lines["lane"]], layout.sites)

    def numbered(name: str) -> Any:
        return pd.arrays.IntegerArray(lines[name].copy(), lines[name] < 0)

    table = pd.DataFrame(
        {
            "time": lines["tick"] / plan.clock.ticks_per_unit,
            "measured": lines["tick"] >= plan.clock.warm_up,
            "phase": named(lines["phase"], PHASES),
            "event": named(lines["kind"], EVENT_KINDS),
            "site": named(layout.site[lines["point"]], layout.sites),
            "product": named(layout.product[lines["point"]], layout.products),
            "quantity": lines["quantity"].copy(),
            "from_site": end_of(origin),
            "to_site": end_of(lanes["target"]),
            **{name: lines[name].copy() for name in ("on_hand", "on_order", "backorders")},
            **{name: numbered(name) for name in ("claim", "shipment")},
        }
    )
    start = plan.clock.start or None if start is None else start
    if start is not None:
        table.insert(1, "date", _dates(lines["tick"], plan, start))
    return table


def _dates(ticks: Any, plan: Plan, start: str | date) -> Any:
    import pandas as pd

    if plan.clock.unit == "period":
        raise UsageError("start: abstract periods have no dates; leave it out, or give time.unit hour, day or week")
    first = pd.to_datetime(start, errors="coerce") if isinstance(start, str | date) else pd.NaT
    if pd.isna(first):
        raise UsageError(f"start must be a date such as '2026-01-05', not {arguments.told(start)}")
    return first + pd.to_timedelta(ticks, unit="us")  # a tick is a microsecond


def plan_again(files: Mapping[str, bytes], manifest: Mapping[str, Any], folder: Path | None, policy: str) -> Plan:
    """The Plan of one policy of a results folder, from its scenario and the corrections of levels in its manifest.

    Raises OutputError without a scenario, ScenarioError when it cannot be read (a table too large to be kept with the
    results is missing, a policy of another package is not loaded).
    """
    from chainsim.scenario.load import read, written_as

    if "scenario.yaml" not in files:
        raise OutputError("these results have no scenario.yaml, so no replication can be simulated again")

    def of(name: str) -> Scenario:
        scenario = read(written_as(files[name].decode(), name, folder))
        chosen = tuple(alternative for alternative in scenario.alternatives if alternative.name == policy)
        return replace(scenario, alternatives=chosen)

    scenario = of("scenario.yaml")
    planned = of(PLANNED) if PLANNED in files else scenario
    known = manifest.get("calibration", [])
    levels = calibrated(planned, derive_levels(planned), known=known).levels[policy]
    return compile_plan(scenario, policy, levels=levels)


def check_same(record: Record, plan: Plan, of_results: Mapping[str, float]) -> None:
    """Raises OutputError when a replication that was simulated again is not the one whose measures, over the whole network,
    the results tell: another version, another table of past demand, another rule of the same name."""
    again = measure(record, plan, "network")
    for kpi, value in zip(again.ids, again.values[0].tolist(), strict=True):
        told = of_results.get(kpi, value)
        if value != told and not (value != value and told != told):
            raise OutputError(
                f"replication {record.replication} of '{plan.policy}', simulated again, is not the one of these results: "
                f"{kpi} is {value:g} now, {told:g} in the tables. Was it another version of chainsim, or another table? Run "
                "the scenario again."
            )
