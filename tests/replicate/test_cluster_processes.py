"""A real Dask scheduler and real workers, each a process of its own on loopback: one killed in the middle, Ctrl-C, a task that kills
every worker; the numbers are one machine's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from chainsim.cli import execute
from chainsim.errors import BudgetError, UsageError
from chainsim.replicate.executors.cluster import connected
from tests.experiments.town import GRID, TOWN
from tests.study.test_shards import GIVEN, contents

from .cluster import Cluster, cluster, until, without_chainsim
from .test_executors import EVERY

pytest.importorskip("distributed")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    document = {**TOWN, "policies": GIVEN, "replications": 60, "time": {**TOWN["time"], "horizon": 728}}
    (tmp_path / "town.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return tmp_path


def on(made: Cluster, out: str, *more: str) -> list[str]:
    return [
        "run", "town.yaml", "--out", out, "--no-report", "-q", "--engine", "simpy", "--executor", "dask", "--scheduler",
        made.address, *more,
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_k14_a_worker_killed_in_the_middle_changes_nothing(town: Path) -> None:
    """K2, K14: the files of a run on two workers, one of which dies, are those of one process."""
    assert execute(["run", "town.yaml", "--out", "one", "--no-report", "-q", "--engine", "simpy", "--jobs", "1"]) == 0
    with cluster(town, 2) as made:
        going = subprocess.Popen([sys.executable, "-m", "chainsim", *on(made, "two")], cwd=town)
        until(lambda: len(list(town.glob("two/.blocks/*.npz"))) >= 3)
        made.processes["worker-0"].kill()
        assert going.wait(500) == 0
    assert made.processes["worker-0"].returncode == -signal.SIGKILL
    assert contents(town / "two") == contents(town / "one")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_j01_ctrl_c_frees_the_workers_and_what_is_done_is_kept(town: Path) -> None:
    assert execute(["run", "town.yaml", "--out", "one", "--no-report", "-q", "--engine", "simpy", "--jobs", "1"]) == 0
    with cluster(town, 2) as made:
        going = subprocess.Popen([sys.executable, "-m", "chainsim", *on(made, "two")], cwd=town, stderr=subprocess.PIPE)
        until(lambda: len(list(town.glob("two/.blocks/*.npz"))) >= 2)
        going.send_signal(signal.SIGINT)
        _, said = going.communicate(timeout=180)
        assert going.returncode == 130, said
        assert b"--resume" in said
        from distributed import Client as Real

        with Real(made.address, set_as_default=False) as client:
            until(lambda: not any(client.processing().values()))
            kept = len(list(town.glob("two/.blocks/*.npz")))
        assert execute(on(made, "two", "--resume")) == 0
        assert kept < len(list(town.glob("two/.blocks/*.npz")))
    assert contents(town / "two") == contents(town / "one")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_k02_experiments_and_stress_tests_are_the_same_there(town: Path) -> None:
    levels = {**GRID, "scenario": "town.yaml", "replications": 2, "levels": ["rederived", "kept"]}
    (town / "futures.yaml").write_text(yaml.safe_dump(levels, sort_keys=False), "utf-8")
    commands = (
        ("experiment", "futures.yaml", "-q", "--no-report", "--engine", "simpy"),
        (
            "stress",
            "town.yaml",
            "-q",
            "--engine",
            "simpy",
            "--only",
            "nodes,library",
            "--replications",
            "2",
            "--no-buffers",
        ),
        ("tune", "town.yaml", "-q", "--engine", "simpy", "--to", "fill_rate=90%", "--free", "levels", "--within", "2%",
         "--indifference", "20%", "--evaluations", "8", "--set", "time.horizon=112"),
    )  # fmt: skip
    with cluster(town, 2) as made:
        for command in commands:
            assert execute([*command, "--out", f"here/{command[0]}", "--jobs", "1"]) == 0
            there = ("--executor", "dask", "--scheduler", made.address)
            assert execute([*command, "--out", f"there/{command[0]}", *there]) == 0
            assert contents(town / "there" / command[0]) == contents(town / "here" / command[0])


@dataclass(frozen=True)
class Deadly:
    """A task that kills its worker where it is the third."""

    number: int

    def __str__(self) -> str:
        return f"task {self.number}"

    def run(self) -> int:
        if self.number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.05)
        return 10 * self.number


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_deadly_task_is_named_and_others_come_back(tmp_path: Path) -> None:
    """Workers are started again as they die, as a nanny, Slurm or Kubernetes does; one without chainsim is refused."""
    with cluster(tmp_path, 2) as made, connected(made.address) as workers:
        found, born = [], 2
        tasks = [Deadly(i) for i in range(8)]
        over = threading.Event()

        def bear() -> None:
            nonlocal born
            while not over.wait(0.2):
                alive = [n for n, p in made.processes.items() if n != "scheduler" and p.poll() is None]
                if len(alive) < 2:
                    made.worker(f"worker-{born}")
                    born += 1

        nurse = threading.Thread(target=bear, daemon=True)
        nurse.start()
        with pytest.raises(BudgetError, match=r"1 of 8 tasks killed every worker that took them.*task 3"):
            for task, outcome in workers.submit(tasks):
                found.append((task.number, outcome))
        over.set()
        nurse.join()
        assert sorted(found) == [one for one in EVERY if one[0] != 3]
        made.worker("bare", without_chainsim(tmp_path))
        made.joined("bare")
        with pytest.raises(UsageError, match=r"has none that can be imported"):
            with connected(made.address):
                pass
    assert json.loads((tmp_path / "scheduler.json").read_bytes())["address"] == made.address
