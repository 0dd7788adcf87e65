"""What sharing costs: the fixed cost of a shard, of a block kept and read again, of a merge, and of a task on Dask; and what follows
on paper for many machines.

    python benchmarks/shards.py [--dask]

Processor seconds of this process and what it started; the shipped grocer, tables only. --dask starts a scheduler and a worker on
loopback. docs/howto/cluster.md says what was found.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import time
from pathlib import Path

import chainsim
from chainsim.cli import execute
from chainsim.data import scenario_path

REPLICATIONS = 400


def cost(*command: str) -> float:
    """Processor seconds of a command."""
    before = os.times()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert execute(list(command)) == 0, command
    after = os.times()
    return sum(after[:4]) - sum(before[:4])


def shards(folder: Path) -> dict[str, float]:
    """Fixed costs and costs by replication and block."""
    os.chdir(folder)
    (folder / "grocer.yaml").write_bytes(Path(scenario_path("grocer")).read_bytes())
    run = ["run", "grocer.yaml", "-q", "--jobs", "1", "--engine", "compiled", "--replications", str(REPLICATIONS)]
    cost(*run[:-1], "1", "--no-report", "--out", "warm")
    found = {
        "first shard, levels derived and corrected, no replication": cost(*run, "--shard", "0/100000", "--out", "a")
    }
    found["another shard, corrections read, no replication"] = cost(*run, "--shard", "1/100000", "--out", "a")
    few, many = cost(*run, "--shard", "0/1", "--out", "few"), 0.0
    for k in range(100):
        many += cost(*run, "--shard", f"{k}/100", "--out", "many")
    found[f"all {4 * REPLICATIONS} replications in 1 shard"], found["the same in 100 shards"] = few, many
    for name in ("few", "many"):
        blocks = list((folder / name / ".blocks").glob("*.npz"))
        size = sum(path.stat().st_size for path in blocks)
        found[f"{name}: blocks"], found[f"{name}: MB"] = len(blocks), size / 1e6
        found[f"{name}: merge without page"] = cost("merge", name, "--out", f"{name}-merged", "-q", "--no-report")
    return found


def dask(folder: Path) -> dict[str, float]:
    """Wall milliseconds of a task that does nothing, one after the other and many at once."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from chainsim.replicate.executors.cluster import connected
    from tests.replicate.cluster import cluster
    from tests.replicate.test_executors import Fake

    found = {}
    with cluster(folder, 1) as made, connected(made.address) as workers:
        list(workers.submit([Fake(i) for i in range(20)]))
        for count in (1, 200, 2000):
            begun = time.perf_counter()
            list(workers.submit([Fake(10 + i) for i in range(count)]))
            found[f"Dask, {count} empty tasks, ms each"] = 1e3 * (time.perf_counter() - begun) / count
        study = chainsim.load(scenario_path("grocer"))
        begun = time.perf_counter()
        study.run(replications=REPLICATIONS, engine="compiled", executor=workers)
        found[f"Dask, {4 * REPLICATIONS} replications on one worker, s with levels"] = time.perf_counter() - begun
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        measured = dask(Path(place)) if "--dask" in sys.argv else shards(Path(place))
    for name, value in measured.items():
        print(f"{value:12.4g}  {name}")
