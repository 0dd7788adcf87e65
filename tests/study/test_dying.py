"""A run killed from outside leaves nobody behind: no worker, no helper of joblib's that keeps our output open."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chainsim.cli import execute
from tests.reliability.test_first_build import SHOP, sums

from .dying import MOMENTS

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and process groups as POSIX has them")
ROOT = Path(__file__).resolve().parents[2]


def begin(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    """Python in a session of its own; every process it starts holds its output open, too."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def ends(process: subprocess.Popen[str], seconds: float) -> str:
    """Wait for it and all it started; what they said. Raises TimeoutExpired, having ended them, when they stay."""
    try:
        return "".join(process.communicate(timeout=seconds))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


@pytest.mark.parametrize("moment", MOMENTS)
def test_workers_end_with_the_process_that_started_them(moment: str) -> None:
    process = begin("-m", "tests.study.dying", moment, cwd=ROOT)
    said = ends(process, 30.0)
    assert process.returncode == -signal.SIGKILL, said


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("engine", "replications", "seed"), [("simpy", 60, 1), ("compiled", 300, 2)])
def test_killed_at_any_moment_and_resumed_is_the_straight_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, replications: int, seed: int
) -> None:
    """P46: 20 moments nobody chose, in processes (simpy) and in threads (compiled). Every fourth run is brought to its end
    afterwards, and one that came to its end before it was killed makes way for a new one."""
    monkeypatch.chdir(tmp_path)
    text = SHOP.replace("horizon: 56", "horizon: 1820").replace("replications: 4", f"replications: {replications}")
    (tmp_path / "s.yaml").write_text(text, "utf-8")
    command = ["run", "s.yaml", "--no-report", "--engine", engine, "--jobs", "2", "-q"]
    assert execute([*command, "--out", "warm"]) == 0  # the compiled engine is built once
    started = time.monotonic()
    ends(begin("-m", "chainsim", *command, "--out", "straight", cwd=tmp_path), 120.0)
    duration = time.monotonic() - started
    moments = random.Random(seed)
    killed = 0
    for turn in range(20):
        process = begin("-m", "chainsim", *command, "--resume", cwd=tmp_path)
        time.sleep(moments.uniform(0.0, duration))
        process.kill()
        said = ends(process, 30.0)
        killed += process.returncode == -signal.SIGKILL
        assert process.returncode in (0, -signal.SIGKILL), said
        if turn % 4 == 3:
            assert execute([*command, "--resume"]) == 0
        if turn % 4 == 3 or process.returncode == 0:
            assert sums(tmp_path / "results/s") == sums(tmp_path / "straight")
            shutil.rmtree(tmp_path / "results")
    assert killed > 5
