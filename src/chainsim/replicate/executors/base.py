"""What an executor is, and what it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeVar

from chainsim.errors import BudgetError


class Job(Protocol):
    """Work that may be done anywhere, in any order: `task.Task`, or anything else that runs and, as text, says what it is.

    For processes it must be possible to pickle it, and what comes of it."""

    def run(self) -> Any:
        """Do it. What it raises ends the whole."""


J = TypeVar("J", bound=Job)


class WorkersLost(BudgetError):
    """Whoever was to do it is gone: nothing is said of the task itself."""


class Executor(Protocol):
    """Where tasks run. One that several threads may wait for at the same time may have a `stop()`: then whoever waits is told, by
    WorkersLost, what runs is dropped, and nothing is taken any more."""

    workers: int
    """How many tasks run at the same time."""

    def submit(self, tasks: Sequence[J]) -> Iterator[tuple[J, Any]]:
        """Run every task; each, with what its `run` returned, as soon as it ends. Closing the iterator stops the rest."""
