"""Tasks run here, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chainsim.replicate.executors.base import J


class Here:
    """This thread of this process."""

    workers = 1

    def submit(self, tasks: Sequence[J]) -> Iterator[tuple[J, Any]]:
        """As `base.Executor` says; a task begins when what came of the one before has been taken."""
        return ((task, task.run()) for task in tasks)
