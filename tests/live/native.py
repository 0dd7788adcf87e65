"""The same numbers as chainsim has them: measures of Records, in the order in which a page tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chainsim.engines.compiled_engine import replications
from chainsim.kpis import Scopes, View, measure_block, months_block
from chainsim.live.pack import Packed, pack
from chainsim.plan.plan import Plan

from . import node

Array = np.ndarray[Any, Any]

MANY: Mapping[str, float] = {}
FEW = {"claims": 0.4, "shipments": 0.2, "lots": 0.3}
"""Parts of the rows of pools, so few that they must grow; what is there at the beginning finds room."""
VALUES = """
const at = told('positions.json'), few = told('pools.json'), out = [], grown = [];
for (const where of told('folders.json')) {
  const study = await opened(where, page => {
    for (const group of page.pools) for (const pool of group) pool[1] = Math.ceil(pool[1] * (few[group[0][0]] ?? 1));
  });
  for (const positions of at) for (const k of study.policies()) {
    for (const result of study.values(k, positions).results) for (const part of [...result, ...result.months]) out.push(...part);
  }
  grown.push(...study.machines.map(machine => machine.grown));
}
fs.writeFileSync(folder + '/values.bin', Buffer.from(Float64Array.from(out).buffer));
tell(grown);
"""


def numbers(plan: Plan, packed: Packed) -> Array:
    """Numerators and denominators by replication, measure and scope, and the months after each replication."""
    told = packed.page["program"]["measures"]
    scopes, rows = Scopes.of(plan.layout), []
    for records in replications(plan, 0, packed.page["replications"]):
        view = View(records, plan, scopes)
        found, months = measure_block(view, [m["id"] for m in told]), months_block(view)
        for r in range(len(records)):
            for m, measure in enumerate(told):
                rows.append(found.numerators[r, :, m])
                if measure["below"] is not None:
                    rows.append(found.denominators[r, :, m])
            rows += list(months[r])
    return np.concatenate(rows)


def in_page(
    packed: Sequence[Packed],
    folder: Path,
    positions: Sequence[Mapping[str, int]] = ({},),
    *,
    few: Mapping[str, float] = MANY,
) -> tuple[Array, list[int]]:
    """What node finds in all pages at settings of their levers, for all policies; and how often each memory grew.

    few: part of their rows that some pools have at first."""
    names = [str(i) for i in range(len(packed))]
    for name, one in zip(names, packed, strict=True):
        node.write(one, folder / name)
    grown = node.answer(
        folder, VALUES, {"folders.json": names, "positions.json": list(positions), "pools.json": dict(few)}
    )
    return np.fromfile(folder / "values.bin"), grown


def different(page: Array, native: Array) -> int:
    """How many numbers are not the same; two that are undefined are."""
    assert page.shape == native.shape
    return int((~((page == native) | (np.isnan(page) & np.isnan(native)))).sum())


def compared(
    plans: Sequence[Mapping[str, Plan]], folder: Path, count: int = 2, *, few: Mapping[str, float] = MANY
) -> tuple[int, int]:
    """Numbers compared, and how many of them are different, of pages of these policies."""
    packed = [pack(of, replications=count) for of in plans]
    page, _ = in_page(packed, folder, few=few)
    native = np.concatenate([numbers(plan, one) for of, one in zip(plans, packed, strict=True) for plan in of.values()])
    return len(native), different(page, native)
