"""Where commands simulate: on this machine, or on a cluster that the user has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chainsim.cli.console import note
from chainsim.errors import UsageError
from chainsim.registry import did_you_mean
from chainsim.showing import counted

if TYPE_CHECKING:
    from chainsim.replicate.executors.base import Executor

EXECUTORS = ("local", "dask")


@contextmanager
def executor_of(name: str, scheduler: str | None, jobs: int | None, *, quiet: bool) -> Iterator[Executor | None]:
    """What --executor and --scheduler name; None for this machine. Raises UsageError, MissingPartError."""
    if name not in EXECUTORS:
        raise UsageError(
            f"--executor: unknown '{name}'{did_you_mean(name, list(EXECUTORS))}; known: {', '.join(EXECUTORS)}. For --jobs on this machine, "
            "leave it out"
        )
    if name == "local":
        if scheduler is not None:
            raise UsageError(f"--scheduler {scheduler} goes with --executor dask")
        yield None
        return
    if scheduler is None:
        raise UsageError(
            "--executor dask needs --scheduler ADDRESS, which `dask scheduler` prints, such as tcp://host:8786"
        )
    if jobs is not None:
        raise UsageError(
            "--jobs counts workers of this machine; a cluster has its own: leave one of --jobs and --executor out"
        )
    from chainsim.replicate.executors.cluster import connected

    with connected(scheduler) as cluster:
        if not quiet:
            note(f"{counted(cluster.workers, 'thread')} of Dask workers at {scheduler}")
        yield cluster
