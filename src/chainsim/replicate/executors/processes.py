"""Tasks run in worker processes, by joblib.

A worker that dies (killed, out of memory) takes every task in flight with it, in joblib as in any pool. The tasks
that did not come back are sent once more; if a worker dies again, the run stops and what finished is kept. A worker
whose parent dies ends within a second or two, instead of waiting, perhaps for ever, for work that nobody will send.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from chainsim.replicate.executors.base import J, Job, WorkersLost

log = logging.getLogger(__name__)
ATTEMPTS = 2


class Processes:
    """So many worker processes, at least two of them: a deadly task must not take this process along."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def submit(self, tasks: Sequence[J]) -> Iterator[tuple[J, Any]]:
        """As `base.Executor` says. Raises WorkersLost when workers die twice."""
        waiting = dict(enumerate(tasks))
        for attempt in range(ATTEMPTS):
            try:
                for number, found in _parallel(dict(waiting), self.workers):
                    yield waiting.pop(number), found
                return
            except _worker_died() as death:
                names = ", ".join(str(task) for task in list(waiting.values())[:4])
                log.warning("a worker process died (attempt %d of %d); not finished: %s", attempt + 1, ATTEMPTS, names)
                if attempt + 1 == ATTEMPTS:
                    raise WorkersLost(
                        f"worker processes died twice, perhaps out of memory; {len(waiting)} blocks are not finished, "
                        f"among them {names}. Finished blocks are kept when the run has a results folder: use fewer "
                        f"jobs and --resume. ({str(death).splitlines()[0]})"
                    ) from death


def _parallel(tasks: Mapping[int, Job], jobs: int) -> Iterator[tuple[int, Any]]:
    # joblib is loaded here, not with the module: a run in one process does without
    from joblib import Parallel, delayed

    pool = Parallel(
        n_jobs=jobs,  # never 1, which joblib runs in this process: a deadly task must not take us along
        backend="loky",
        return_as="generator_unordered",
        batch_size=1,
        pre_dispatch="2*n_jobs",
        initializer=_end_with,  # not with its first task: a worker that never gets one must end with us too
        initargs=(os.getpid(),),
    )
    results = pool(delayed(_numbered)(number, task) for number, task in tasks.items())
    try:
        for result in results:  # noqa: UP028 (`yield from` would close them before what follows)
            yield result
    finally:
        with (
            warnings.catch_warnings(),
            suppress(KeyboardInterrupt),
        ):  # a second Ctrl-C: workers end with us all the same
            warnings.simplefilter("ignore", UserWarning)  # joblib counts what it cancels; whoever stops has told why
            results.close()


def _numbered(number: int, task: Job) -> tuple[int, Any]:
    """What came of a task, with its number: the task itself need not travel back."""
    return number, task.run()


def _end_with(parent: int) -> None:
    """Let this worker end when process `parent`, which started it, does; or has, before the worker came this far."""
    if os.name == "posix":  # on Windows an orphan keeps its parent's number: there joblib ends it, after some minutes
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:  # an orphan gets another parent
        time.sleep(1.0)
    os._exit(1)


def _worker_died() -> type[BaseException]:
    from concurrent.futures.process import BrokenProcessPool  # what joblib raises is a child of this

    return BrokenProcessPool
