"""Compiled code trusts addresses and indices: what stands at the door, and a build that looks at every index."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from chainsim.engines import compiled_engine
from chainsim.engines.base import simulate
from chainsim.engines.compiled.door import INDICES, check
from chainsim.engines.compiled.layout import LISTS, SCALARS, TABLES
from chainsim.engines.pools import Pool
from chainsim.plan.plan import Plan
from tests.engines import features
from tests.engines.cases import plan_of

pytest.importorskip("numba")

CHECKED = """
import sys
from pathlib import Path
from chainsim.engines.compiled.memory import CHECKED
from tests.engines import features
from tests.engines.cases import plan_of
from chainsim.engines.base import simulate
assert CHECKED
for i, (name, text) in enumerate(sorted(features.FEATURES.items())):
    simulate(plan_of(text, Path(sys.argv[1])), 0, engine="compiled", log=True)
print("looked at every index")
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A network with outages and machines, so that every table has a row."""
    document = features.FEATURES["production machines"] | {
        "stock": [
            {
                "site": "s2",
                "initial": {
                    "orders": [{"from": "dc", "quantity": 2, "due": 1}],
                    "shipments": [{"from": "dc", "quantity": 2, "due": 1}],
                },
            }
        ]
    }
    return plan_of(document, tmp_path)


@pytest.mark.parametrize(("table", "column", "target", "least"), INDICES)
def test_an_index_outside_its_table_is_refused(plan: Plan, table: str, column: str, target: str, least: int) -> None:
    check(plan)
    if table == "streams":
        rows = plan.streams.streams.copy()
        broken = replace(plan, streams=replace(plan.streams, streams=rows))
    else:
        rows = getattr(plan, table).copy()
        broken = replace(plan, **{table: rows})
    if not len(rows):
        pytest.skip(f"no {table} here")
    for wrong in (least - 1, 10**6):
        rows[column][0] = wrong
        with pytest.raises(ValueError, match=rf"{table}\.{column} is outside"):
            simulate(broken, 0, engine="compiled")


def test_a_count_that_runs_over_the_end_is_refused(plan: Plan) -> None:
    points = plan.points.copy()
    points["sources"][0] += 1000
    with pytest.raises(ValueError, match=r"points\.sources"):
        simulate(replace(plan, points=points), 0, engine="compiled")


def test_no_name_of_the_world_is_used_twice() -> None:
    names = [*TABLES, *LISTS, *SCALARS]
    assert len(names) == len(set(names))


@pytest.mark.slow
def test_no_feature_leaves_its_tables(tmp_path: Path) -> None:
    """The checked build raises IndexError for any index outside; every feature runs on it."""
    done = subprocess.run(
        [sys.executable, "-c", CHECKED, str(tmp_path)],
        env={**os.environ, "CHAINSIM_CHECKED": "1", "CHAINSIM_CACHE_DIR": str(tmp_path / "cache")},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "looked at every index" in done.stdout


def test_a_loop_that_gets_no_room_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room asked for by one measure and made by another would run for ever at full power."""
    plan = plan_of(features.FEATURES["a crowd"], tmp_path)
    monkeypatch.setattr(Pool, "is_full", lambda *_: False)
    with pytest.raises(
        RuntimeError, match=r"asks for room at tick \d+, and no pool is full \(claims \d+ of \d+, shipm"
    ):
        compiled_engine.simulate(plan, 0)
