"""The same numbers as chainsim has them: measures of Records, in the order in which a page tells them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chainsim.engines.compiled_engine import replications
from chainsim.kpis import Scopes, View, measure_block, months_block
from chainsim.live.pack import Packed
from chainsim.plan.plan import Plan

from . import node

Array = np.ndarray[Any, Any]


def numbers(plan: Plan, count: int, packed: Packed) -> Array:
    """Numerators and denominators by replication, measure and scope, and the months after each replication."""
    told = packed.page["program"]["measures"]
    rows = []
    for records in replications(plan, 0, count):
        view = View(records, plan, Scopes.of(plan.layout))
        parts, months = measure_block(view, [m["id"] for m in told]), months_block(view)
        for r in range(len(records)):
            for m, measure in enumerate(told):
                rows.append(parts.numerators[r, :, m])
                if measure["below"] is not None:
                    rows.append(parts.denominators[r, :, m])
            rows += list(months[r])
    return np.concatenate(rows)


def in_page(packed: Packed, folder: Path, positions: Sequence[dict[str, int]] = ({},), pool: int = 0) -> tuple[Array, int]:
    """What node finds at settings of the levers, for all policies; and how often memory grew. pool: rows of pools at first, if fewer."""
    node.write(packed, folder)
    grown = node.run(folder, node.VALUES, {"positions.json": list(positions), "pools.json": pool})
    return np.fromfile(folder / "values.bin"), int(grown)


def different(page: Array, native: Array) -> int:
    """How many numbers are not the same; two that are undefined are."""
    assert page.shape == native.shape
    return int((~((page == native) | (np.isnan(page) & np.isnan(native)))).sum())


def all_numbers(plans: Sequence[Plan], count: int, packed: Packed) -> Array:
    return np.concatenate([numbers(plan, count, packed) for plan in plans])
