"""Tasks run on the workers of a Dask cluster that the user has: `dask scheduler` and `dask worker`, or anything that gives them.

What travels is small: a task without what it has in common with others, which is sent once (a Plan) and made again by Dask
wherever it was lost. A worker that dies loses what it had in hand: Dask gives it to another, as often as the scheduler's
`allowed-failures` says (three times). A task that was in hand at so many deaths is set aside, tried once more when nothing else is
going on, and then given up by its name: what others did is kept. Dask pickles over the network: for networks that are trusted.
"""

from __future__ import annotations

import asyncio
import logging
import operator
import pickle
import pkgutil
import re
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from queue import Empty, Queue
from typing import Any

from chainsim.errors import MissingPartError, UsageError
from chainsim.replicate.executors.base import J, WorkersLost
from chainsim.version import __version__

log = logging.getLogger(__name__)
_ADDRESS = re.compile(r"inproc://.+|(?:(?:tcp|tls|ucx|wss?)://)?[^\s/]+:\d{1,5}")
ANSWER = 10.0
"""Seconds a scheduler may take to answer."""
LOOK, PATIENCE = 2.0, 60.0
"""Seconds between two looks at whether there are workers, and for how long there may be none."""
_QUIET = threading.Lock()
"""Warnings are of all threads: one at a time does without."""
NAMED = 4
KEPT = "What is finished is kept when there is a results folder"


class Dask:
    """Workers of a cluster, all of them with this version of chainsim; see `connected`."""

    def __init__(self, client: Any, workers: int, without_compiler: Sequence[str] = ()) -> None:
        """workers: threads of all workers together. without_compiler: addresses of workers that have no numba."""
        self.client, self.workers, self.without_compiler = client, workers, without_compiler
        self.stopped = False

    def stop(self) -> None:
        """Whoever waits is told by WorkersLost; what runs is dropped, and nothing is taken any more."""
        self.stopped = True

    def submit(self, tasks: Sequence[J]) -> Iterator[tuple[J, Any]]:
        """As `base.Executor` says; may be called by several threads at the same time. Raises WorkersLost naming the tasks that keep
        killing workers, when all others are done, and where no workers are left."""
        if self.without_compiler and any(getattr(task, "engine", "") == "compiled" for task in tasks):
            raise UsageError(
                f"the compiled engine was chosen, and {len(self.without_compiler)} workers have no numba, such as "
                f"{self.without_compiler[0]}. Install chainsim[fast] there, or ask for --engine simpy"
            )
        deadly: list[int] = []
        yield from self._sent(tasks, range(len(tasks)), deadly)
        given_up: list[int] = []
        for number in deadly:  # alone, so that none is blamed for what its neighbour did, or what they had in common
            yield from self._sent(tasks, [number], given_up)
        if given_up:
            names = ", ".join(str(tasks[number]) for number in given_up[:NAMED])
            raise WorkersLost(
                f"{len(given_up)} of {len(tasks)} tasks killed every worker that took them, perhaps for want of memory: {names}. All "
                "others are done, and kept when there is a results folder: give workers more memory, and --resume."
            )

    def _sent(self, tasks: Sequence[J], numbers: Sequence[int], deadly: list[int]) -> Iterator[tuple[J, Any]]:
        """Some of the tasks, as they end; the numbers of those in hand at too many deaths are added to `deadly`."""
        going = _Going(self)
        try:
            going.send([(number, tasks[number]) for number in numbers])
            while going.waiting:
                number, found, killed = going.next()
                if killed:
                    deadly.append(number)
                else:
                    yield tasks[number], found
        finally:
            going.cancel()


class _Going:
    """Tasks on their way."""

    def __init__(self, cluster: Dask) -> None:
        self.cluster, self.client, self.ended = cluster, cluster.client, Queue[Any]()
        self.waiting: dict[Any, int] = {}
        self.lost: list[Any] = []
        self._shared: dict[int, tuple[Any, Any]] = {}
        # the scheduler reads what it is sent: only functions of the standard library, and bytes, so that it needs no chainsim
        self._carry_out = cluster.client.submit(pkgutil.resolve_name, f"{__name__}:carry_out", pure=False)

    def send(self, tasks: Sequence[tuple[int, Any]]) -> None:
        """Tasks with their numbers."""
        for number, task in tasks:
            recipe, common = copy(task), {}
            for name in getattr(task, "common", ()):
                common[name] = self._sent(getattr(task, name))
                object.__setattr__(recipe, name, None)
            future = self.client.submit(
                operator.call, self._carry_out, __version__, pickle.dumps(recipe), pure=False, **common
            )
            self.waiting[future] = number
            future.add_done_callback(self.ended.put)

    def _sent(self, value: Any) -> Any:
        """A value that several tasks have in common, on the cluster."""
        if id(value) not in self._shared:
            with _QUIET, warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Sending large graph")  # once for all tasks, and not again
                future = self.client.submit(pickle.loads, pickle.dumps(value), pure=False)
            self._shared[id(value)] = future, value  # the value too: no other may get its number
        return self._shared[id(value)][0]

    def next(self) -> tuple[int, Any, bool]:
        """The number of a task that ended, what it returned, and whether it is given up instead."""
        from distributed import KilledWorker

        alone = 0.0
        while True:
            if self.cluster.stopped:
                raise WorkersLost("stopped: what was on its way is dropped")
            try:
                future = self.ended.get(timeout=LOOK)
            except Empty:
                while self.lost:  # a second look, now that nothing else comes
                    self.lost.pop().add_done_callback(self.ended.put)
                alone = 0.0 if self._workers() else alone + LOOK
                if alone >= PATIENCE:
                    raise WorkersLost(
                        f"no workers have been there for {PATIENCE:.0f} s; {len(self.waiting)} tasks are not done. {KEPT}: start "
                        "workers, and --resume."
                    ) from None
                continue
            if future not in self.waiting:
                continue
            status, found = self._ending(future)
            if status in ("lost", "pending"):
                self.lost.append(future)
                continue
            number = self.waiting.pop(future)
            if status == "finished":
                return number, found, False
            if status != "error":
                raise WorkersLost(
                    f"the scheduler has lost what it was given (was it started again?). {KEPT}: --resume."
                )
            if not isinstance(found, KilledWorker):
                raise found
            log.warning("workers died with task %d in hand: it is set aside", number)
            return number, None, True

    @staticmethod
    def _ending(future: Any) -> tuple[str, Any]:
        """How a task ended, and what it returned, or raised. What it returned may be lost with the worker that had it, at any
        moment until it is here: the scheduler has it made again, and the status goes back. So it is read once, and what goes wrong
        on the way here is no end."""
        status = future.status
        if status == "finished":
            try:
                return status, future.result(timeout=PATIENCE)
            except Exception as error:
                status = future.status
                if status == "finished" and not isinstance(
                    error, (OSError, TimeoutError)
                ):  # it is there, and cannot be read
                    raise
                if status == "finished":
                    return "lost", None
        if status == "error":
            return status, future.exception()
        return str(status), None

    def _workers(self) -> int:
        """How many there are; 0 where nobody can say."""
        try:
            return len(self.client.ncores())
        except (OSError, TimeoutError, ValueError, RuntimeError):
            return 0

    def cancel(self) -> None:
        """Leave nothing behind: what nobody waits for any more is not begun, and nothing stays in memory."""
        left = [self._carry_out, *self.waiting, *(future for future, _ in self._shared.values())]
        self.waiting.clear()
        self._shared.clear()
        if self.client.status == "running":
            with suppress(OSError, TimeoutError):  # it has gone in the meantime
                self.client.cancel(left, force=True)


def carry_out(version: str, recipe: bytes, **common: Any) -> Any:
    """On a worker: the task, made whole again. A worker that came later may have another version."""
    if version != __version__:
        raise UsageError(
            f"a worker has chainsim {__version__}, and whoever sends tasks {version}: install the same on both"
        )
    task = pickle.loads(recipe)
    for name, value in common.items():
        object.__setattr__(task, name, value)
    return task.run()


@contextmanager
def connected(address: str) -> Iterator[Dask]:
    """The workers of the scheduler at an address, such as tcp://host:8786, looked at before any work is sent.

    Raises MissingPartError where Dask is not installed here, UsageError where no scheduler answers, where there are no workers, and
    where one has no chainsim or another version, with both.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingPartError(
            "--executor dask needs Dask, which is not installed here: pip install 'chainsim[cluster]'"
        ) from error
    if _ADDRESS.fullmatch(address) is None:  # Dask needs 20 s for this, and leaves a trace
        raise UsageError(
            f"--scheduler takes an address such as tcp://host:8786, which `dask scheduler` prints; not '{address}'"
        )
    try:
        asyncio.run(asyncio.wait_for(_answers(address), ANSWER))  # `Client` waits for ever where something else listens
        client = Client(address, timeout=ANSWER, set_as_default=False, name="chainsim")
    except (OSError, ValueError, TimeoutError) as error:
        why = f" ({str(error).splitlines()[0][:120]})" if str(error) else ""
        raise UsageError(
            f"--scheduler {address}: no Dask scheduler answers there{why}. Start one with `dask scheduler`, which prints its "
            "address, such as tcp://host:8786"
        ) from None
    try:
        yield _looked_at(client, address)
    finally:
        client.close()


async def _answers(address: str) -> None:
    from distributed.core import rpc
    from distributed.security import Security

    async with rpc(address, timeout=ANSWER, connection_args=Security().get_connection_args("client")) as scheduler:
        await scheduler.identity()


def _looked_at(client: Any, address: str) -> Dask:
    known: Mapping[str, int] = client.ncores()
    if not known:
        raise UsageError(
            f"the scheduler at {address} has no workers: start some with `dask worker {address}`, on machines with chainsim "
            f"{__version__}"
        )
    # functions of the standard library, which a worker without chainsim can run as well
    versions = client.run(pkgutil.resolve_name, "chainsim.version:__version__", on_error="return")
    wrong = {
        worker: "none that can be imported" if isinstance(found, BaseException) else str(found)
        for worker, found in versions.items()
        if found != __version__
    }
    if wrong:
        told = "; ".join(f"{worker} has {found}" for worker, found in list(wrong.items())[:NAMED])
        more = f"; and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        raise UsageError(
            f"{len(wrong)} of {len(versions)} workers do not have chainsim {__version__}, which is here: {told}{more}. Install the same "
            "version on all, or stop those workers"
        )
    compilers = client.run(pkgutil.resolve_name, "numba:__version__", on_error="return")
    without = [worker for worker, found in compilers.items() if isinstance(found, BaseException)]
    return Dask(client, sum(known.values()), without)
