"""Where blocks run: in this process, in worker processes by joblib, or in threads. The results are the same.

A worker that dies (killed, out of memory) takes every block in flight with it, in joblib as in any pool. The blocks
that did not come back are sent once more; if a worker dies again, the run stops and what finished is kept. A worker
whose parent dies ends within a second or two, instead of waiting, perhaps for ever, for work that nobody will send.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from chainsim.errors import BudgetError, UsageError
from chainsim.study.cells import Block, Failure, Outcome, Task, simulate_block

log = logging.getLogger(__name__)

SMALL = 100_000.0
"""Events below which starting workers costs more than it saves."""
ATTEMPTS = 2
Result = Outcome | Failure


def check_jobs(jobs: int | None) -> None:
    """Raises UsageError unless `jobs` is None, −1 or at least 1."""
    if jobs is not None and jobs != -1 and jobs < 1:
        raise UsageError(f"the number of jobs must be at least 1, or -1 for all cores, not {jobs}")


def choose_jobs(jobs: int | None, blocks: int, events: float) -> int:
    """How many workers: None decides by size, −1 is every core allowed; anything else below 1 is a UsageError."""
    check_jobs(jobs)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if jobs is None:
        jobs = 1 if events < SMALL else cores
    if jobs == -1:
        jobs = cores
    if jobs > 8 * cores:
        log.warning("%d jobs asked for on %d cores: using %d", jobs, cores, 8 * cores)
        jobs = 8 * cores
    return max(1, min(jobs, blocks))


def run_blocks(
    tasks: Sequence[Task], jobs: int, work: Callable[[Task], Result] = simulate_block, *, threads: bool = False
) -> Iterator[Result]:
    """What became of every block, in order of completion; `threads` instead of processes."""
    if jobs == 1:
        for task in tasks:
            yield work(task)
        return
    if threads:
        yield from _threaded(tasks, jobs, work)
        return
    waiting: dict[Block, Task] = {task.block: task for task in tasks}
    for attempt in range(ATTEMPTS):
        try:
            for result in _parallel(list(waiting.values()), jobs, work):
                del waiting[result.block]
                yield result
            return
        except _worker_died() as death:
            names = ", ".join(f"'{t.plan.policy}' from replication {t.block.first}" for t in list(waiting.values())[:4])
            log.warning("a worker process died (attempt %d of %d); not finished: %s", attempt + 1, ATTEMPTS, names)
            if attempt + 1 == ATTEMPTS:
                raise BudgetError(
                    f"worker processes died twice, perhaps out of memory; {len(waiting)} blocks are not finished, "
                    f"among them {names}. Finished blocks are kept when the run has a results folder: use fewer jobs "
                    f"and --resume. ({str(death).splitlines()[0]})"
                ) from death


def _parallel(tasks: list[Task], jobs: int, work: Callable[[Task], Result]) -> Iterator[Result]:
    # joblib is loaded here, not with the module: a run in one process does without
    from joblib import Parallel, delayed

    pool = Parallel(
        n_jobs=jobs,  # never 1, which joblib runs in this process: a deadly block must not take us along
        backend="loky",
        return_as="generator_unordered",
        batch_size=1,
        pre_dispatch="2*n_jobs",
        initializer=_end_with,  # not with its first block: a worker that never gets one must end with us too
        initargs=(os.getpid(),),
    )
    results = pool(delayed(work)(task) for task in tasks)
    try:
        for result in results:  # noqa: UP028 (`yield from` would close them before what follows)
            yield result
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # joblib counts what it cancels; whoever stops has told why
            results.close()


def _threaded(tasks: Sequence[Task], jobs: int, work: Callable[[Task], Result]) -> Iterator[Result]:
    """Threads share memory, and die only with this process; those at work finish their block when we are stopped."""
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="chainsim")
    try:
        for future in as_completed([pool.submit(work, task) for task in tasks]):
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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
