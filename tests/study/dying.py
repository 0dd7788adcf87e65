"""A main process that dies on the spot while its workers start, wait or work: `python -m tests.study.dying MOMENT`."""

from __future__ import annotations

import os
import signal
import sys
import time
from multiprocessing.process import BaseProcess
from types import SimpleNamespace
from typing import Any

from chainsim.study.cells import Block
from chainsim.study.executor import run_blocks

TASK: Any = SimpleNamespace(block=Block(0, 0, 1))


def answer(task: Any) -> Any:
    return task


def murder(_: Any) -> Any:
    """Kill the main process, and be busy for longer than anybody waits."""
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def while_workers_start() -> None:
    """With one worker started and one to come: joblib holds the lock that lets an idle worker go after five minutes."""
    start = BaseProcess.start

    def start_and_die(process: BaseProcess) -> None:
        start(process)
        os.kill(os.getpid(), signal.SIGKILL)

    BaseProcess.start = start_and_die  # type: ignore[method-assign]
    list(run_blocks([TASK], 2, answer))


def while_a_worker_waits() -> None:
    """The only block is back: one worker of the two never had any."""
    next(run_blocks([TASK], 2, answer))
    os.kill(os.getpid(), signal.SIGKILL)


def while_a_worker_works() -> None:
    list(run_blocks([TASK], 2, murder))


MOMENTS = {moment.__name__: moment for moment in (while_workers_start, while_a_worker_waits, while_a_worker_works)}

if __name__ == "__main__":
    MOMENTS[sys.argv[1]]()
