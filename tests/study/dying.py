"""A main process that dies on the spot while its workers start, wait or work: `python -m tests.study.dying MOMENT`."""

from __future__ import annotations

import os
import signal
import sys
import time
from multiprocessing.process import BaseProcess

from chainsim.replicate.executors.processes import Processes


class Answer:
    """A task that is done at once."""

    def run(self) -> str:
        return "done"


class Murder:
    """A task that kills the main process, and is busy for longer than anybody waits."""

    def run(self) -> None:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)


def while_workers_start() -> None:
    """With one worker started and one to come: joblib holds the lock that lets an idle worker go after five minutes."""
    start = BaseProcess.start

    def start_and_die(process: BaseProcess) -> None:
        start(process)
        os.kill(os.getpid(), signal.SIGKILL)

    BaseProcess.start = start_and_die  # type: ignore[method-assign]
    list(Processes(2).submit([Answer()]))


def while_a_worker_waits() -> None:
    """The only task is back: one worker of the two never had any."""
    next(Processes(2).submit([Answer()]))
    os.kill(os.getpid(), signal.SIGKILL)


def while_a_worker_works() -> None:
    list(Processes(2).submit([Murder()]))


MOMENTS = {moment.__name__: moment for moment in (while_workers_start, while_a_worker_waits, while_a_worker_works)}

if __name__ == "__main__":
    MOMENTS[sys.argv[1]]()
