"""A Dask cluster on loopback: a scheduler and workers, each a process of its own, as a user starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Cluster:
    """folder: for files and logs. address: of the scheduler."""

    folder: Path
    address: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("wb")
        here = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        made = subprocess.Popen([sys.executable, *command], cwd=self.folder, stdout=log, stderr=log, env=here)
        self.processes[name] = made
        return made

    def worker(self, name: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """One thread, and nobody who starts it again when it is killed."""
        return self.start(
            name, "-m", "distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--name", name, environment=environment,
        )  # fmt: skip

    def joined(self, name: str) -> None:
        """Wait until the scheduler knows a worker."""
        log = self.folder / f"{name}.log"
        until(lambda: b"Starting established connection" in log.read_bytes())


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A scheduler and so many workers, all of which end with the block. The scheduler has no chainsim."""
    found, told = Cluster(folder), folder / "scheduler.json"
    try:
        found.start(
            "scheduler", "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(told),
            environment=without_chainsim(folder),
        )  # fmt: skip
        until(lambda: told.exists() and told.read_bytes() != b"")
        found.address = json.loads(told.read_bytes())["address"]
        for k in range(workers):
            found.worker(f"worker-{k}")
        for k in range(workers):
            found.joined(f"worker-{k}")
        yield found
    finally:
        for process in found.processes.values():
            process.kill()
            process.wait()


def without_chainsim(folder: Path) -> dict[str, str]:
    """The environment of a process that has Dask and no chainsim."""
    hidden = folder / "hidden/chainsim"
    hidden.mkdir(parents=True, exist_ok=True)
    (hidden / "__init__.py").write_text("raise ImportError('not here')", "utf-8")
    return {"PYTHONPATH": str(folder / "hidden")}


def until(there: object, seconds: float = 180.0) -> None:
    """Wait until something is so; on a machine that others use, too."""
    end = time.monotonic() + seconds
    while not there():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)
