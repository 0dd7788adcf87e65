"""Which executor a piece of work gets, and with how many workers."""

from __future__ import annotations

import logging
import os
from numbers import Integral
from typing import Any

from chainsim.engines.base import ENGINES
from chainsim.errors import UsageError
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.here import Here
from chainsim.replicate.executors.processes import Processes
from chainsim.replicate.executors.threads import Threads

log = logging.getLogger(__name__)

SMALL = 100_000.0
"""Events below which starting workers costs more than it saves."""


def check_jobs(jobs: Any) -> None:
    """Raises UsageError unless `jobs` is None, −1 or a whole number of at least 1."""
    whole = isinstance(jobs, Integral) and not isinstance(jobs, bool)
    if jobs is not None and not (whole and (jobs == -1 or jobs >= 1)):
        raise UsageError(f"the number of jobs must be a whole number, at least 1, or -1 for all cores, not {jobs!r}")


def choose_jobs(jobs: int | None, tasks: int, events: float) -> int:
    """How many workers for so many tasks: None decides by size, −1 is every core allowed; anything else below 1 is a
    UsageError."""
    check_jobs(jobs)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if jobs is None:
        jobs = 1 if events < SMALL else cores
    if jobs == -1:
        jobs = cores
    if jobs > 8 * cores:
        log.warning("%d jobs asked for on %d cores: using %d", jobs, cores, 8 * cores)
        jobs = 8 * cores
    return max(1, min(jobs, tasks))


def executor_for(engine: str, workers: int) -> Executor:
    """Here for one worker; else what lets the engine of that name use several cores."""
    if workers == 1:
        return Here()
    return Threads(workers) if ENGINES[engine].workers == "threads" else Processes(workers)
