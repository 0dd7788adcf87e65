"""One set of threads for several who have work at the same time: nobody waits while a thread is free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from types import TracebackType
from typing import Any

from chainsim.replicate.executors.base import J


class Shared:
    """Threads that outlive what is submitted; whoever made them closes them, as a context. Tasks may not submit tasks."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="chainsim")

    def submit(self, tasks: Sequence[J]) -> Iterator[tuple[J, Any]]:
        """As `base.Executor` says; may be called by several threads at the same time."""
        waiting = {self._pool.submit(task.run): task for task in tasks}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        finally:
            wait([future for future in waiting if not future.cancel()])  # what runs may use what the next task uses

    def __enter__(self) -> Shared:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
