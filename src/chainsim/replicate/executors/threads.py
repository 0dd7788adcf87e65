"""Tasks run in threads: for work that holds no lock on the interpreter, as the compiled engine's event loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from chainsim.replicate.executors.base import J


class Threads:
    """Threads share memory, and die only with this process; those at work finish their task when we are stopped."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def submit(self, tasks: Sequence[J]) -> Iterator[tuple[J, Any]]:
        """As `base.Executor` says."""
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="chainsim")
        try:
            waiting = {pool.submit(task.run): task for task in tasks}
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
