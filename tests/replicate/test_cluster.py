"""Tasks on a Dask cluster: what it is asked, what happens when workers die, and that the numbers are one machine's."""

from __future__ import annotations

import pickle
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import chainsim
from chainsim.cli import execute
from chainsim.errors import BudgetError, MissingPartError, UsageError
from chainsim.replicate.executors import cluster as module
from chainsim.replicate.executors.base import WorkersLost
from chainsim.replicate.executors.cluster import Dask, connected
from chainsim.version import __version__
from tests.experiments.town import TOWN
from tests.study.test_shards import GIVEN

from .test_executors import EVERY, Fake

pytest.importorskip("distributed")


class Promise(Future[Any]):
    """A future as Dask has them."""

    status = "pending"


class Client:
    """A cluster in this process: what is sent is done at once; a task that is deadly so often is given up so often."""

    status = "running"

    def __init__(self, deadly: dict[int, int] | None = None, workers: int = 2) -> None:
        self.deadly, self.sent, self.cancelled = dict(deadly or {}), 0, 0
        self.workers = {f"tcp://{k}": 1 for k in range(workers)}
        self.versions: dict[str, Any] = dict.fromkeys(self.workers, __version__)

    def submit(self, function: Callable[..., Any], *values: Any, pure: bool, **common: Any) -> Promise:
        from distributed import KilledWorker

        promise = Promise()
        if not self.workers:
            return promise
        given = {name: future.result() for name, future in common.items()}
        values = tuple(value.result() if isinstance(value, Promise) else value for value in values)
        self.sent += 1
        number = getattr(pickle.loads(values[2]), "number", -1) if len(values) > 2 else -1
        if self.deadly.get(number, 0) > 0:
            self.deadly[number] -= 1
            promise.status = "error"
            promise.set_exception(KilledWorker("task", "tcp://0", 3))  # type: ignore[arg-type]
        else:
            promise.status = "finished"
            promise.set_result(function(*values, **given))
        return promise

    def cancel(self, futures: list[Any], force: bool) -> None:
        self.cancelled += len(futures)

    def ncores(self) -> dict[str, int]:
        return self.workers

    def run(self, function: Callable[..., Any], name: str, on_error: str) -> dict[str, Any]:
        return self.versions if name.startswith("chainsim") else dict.fromkeys(self.workers, "1")


def numbers(client: Client) -> list[tuple[int, int]]:
    tasks = [Fake(i) for i in range(8)]
    return sorted((task.number, found) for task, found in Dask(client, 2).submit(tasks))


@dataclass(frozen=True)
class Weigh:
    """A task that shares something with others."""

    number: int
    load: bytes | None
    common = ("load",)

    def run(self) -> int:
        assert self.load is not None
        return len(self.load)


def test_every_task_comes_back_once() -> None:
    assert numbers(Client()) == EVERY


def test_what_tasks_share_is_sent_once() -> None:
    client, load = Client(), bytes(1000)
    assert [found for _, found in Dask(client, 2).submit([Weigh(i, load) for i in range(5)])] == [1000] * 5
    assert client.sent == 7  # the way to carry out, the load, five tasks
    assert client.cancelled == 2  # the first two are taken back


def test_a_task_in_hand_at_deaths_of_others_is_tried_alone() -> None:
    assert numbers(Client({3: 1})) == EVERY


def test_k14_a_task_that_kills_every_worker_is_named_and_the_rest_is_done() -> None:
    found = []
    with pytest.raises(BudgetError, match=r"1 of 8 tasks killed every worker.*: task 3\. All others are done"):
        for task, outcome in Dask(Client({3: 2}), 2).submit([Fake(i) for i in range(8)]):
            found.append((task.number, outcome))
    assert sorted(found) == [one for one in EVERY if one[0] != 3]


class Lost(Promise):
    """A result whose worker dies before it is fetched: told as lost, and some looks later there again."""

    looks = 2
    status = property(lambda self: self._look())

    def _look(self) -> str:
        self.looks -= 1
        return "finished" if self.looks < 0 else ("lost", "pending")[self.looks % 2]


def test_a_result_that_died_with_its_worker_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler has it made again; nothing was lost for good."""
    monkeypatch.setattr(module, "LOOK", 0.01)

    class Forgetful(Client):
        def submit(self, function: Callable[..., Any], *values: Any, pure: bool, **common: Any) -> Promise:
            promise = super().submit(function, *values, pure=pure, **common)
            if len(values) > 2:
                again = Lost()
                again.set_result(promise.result())
                return again
            return promise

    assert numbers(Forgetful()) == EVERY


@pytest.mark.parametrize("turns", [("finished", "pending", "finished"), ("pending", "finished"), ("lost", "finished")])
def test_a_status_that_changes_while_it_is_read_loses_nothing(
    turns: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker dies between one look at its result and the next: nothing is no result."""
    monkeypatch.setattr(module, "LOOK", 0.01)

    class Turning(Promise):
        turn = -1
        failed = False

        @property
        def status(self) -> str:  # type: ignore[override]
            self.turn += 1
            return turns[min(self.turn, len(turns) - 1)]

        def result(self, timeout: float | None = None) -> Any:
            if turns[0] == "finished" and not self.failed:
                self.failed = True
                raise OSError("the worker that had it is gone")
            return super().result(timeout)

    class Restless(Client):
        def submit(self, function: Callable[..., Any], *values: Any, pure: bool, **common: Any) -> Promise:
            promise = super().submit(function, *values, pure=pure, **common)
            if len(values) > 2:
                again = Turning()
                again.set_result(promise.result())
                return again
            return promise

    assert numbers(Restless()) == EVERY


def test_what_tasks_have_in_common_is_sent_again_for_one_that_is_tried_alone() -> None:
    """It may have been what was in hand when workers died."""
    client, load = Client({3: 1}), bytes(10)
    assert len(list(Dask(client, 2).submit([Weigh(i, load) for i in range(5)]))) == 5
    assert client.sent == 2 + 5 + 2 + 1


def test_a_scheduler_that_is_gone_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    monkeypatch.setattr(module, "PATIENCE", 0.03)

    class Gone(Client):
        def ncores(self) -> dict[str, int]:
            raise OSError("Timed out trying to connect")

        def cancel(self, futures: list[Any], force: bool) -> None:
            raise OSError("Stream is closed")

    with pytest.raises(WorkersLost, match="no workers have been there"):
        list(Dask(Gone(workers=0), 1).submit([Fake(0)]))

    class Restarted(Client):
        def submit(self, function: Callable[..., Any], *values: Any, pure: bool, **common: Any) -> Promise:
            promise = super().submit(function, *values, pure=pure, **common)
            if len(values) > 2:
                promise.status = "cancelled"
            return promise

    with pytest.raises(WorkersLost, match="the scheduler has lost what it was given"):
        list(Dask(Restarted(), 1).submit([Fake(0)]))


def test_whoever_waits_in_another_thread_is_told_of_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    cluster = Dask(Client(workers=0), 1)
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(lambda: list(cluster.submit([Fake(0)])))
        cluster.stop()
        with pytest.raises(WorkersLost, match="stopped"):
            waits.result(60)


def test_k02_a_tuning_is_the_same_there() -> None:
    """Candidates travel as recipes; what several threads search is one cluster's work. A cluster that is lost is no verdict on a
    candidate."""
    study = chainsim.load_text(yaml.safe_dump({**TOWN, "policies": GIVEN}))
    aim: dict[str, Any] = {"fill_rate": 0.9, "free": "levels", "within": 0.02, "indifference": "20 %", "evaluations": 8}
    here, there = study.tune(**aim, jobs=1), study.tune(**aim, executor=Dask(Client(), 3))
    assert there.facts == here.facts
    assert there.lines == here.lines
    lost = Dask(Client(), 1)
    lost.stop()
    with pytest.raises(WorkersLost, match="stopped"):
        study.tune(**aim, executor=lost)


def test_nobody_waits_for_ever_for_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    monkeypatch.setattr(module, "PATIENCE", 0.03)
    client = Client(workers=0)
    with pytest.raises(BudgetError, match=r"no workers have been there.*8 tasks are not done"):
        list(Dask(client, 1).submit([Fake(i) for i in range(8)]))
    assert client.cancelled == 9


def test_whoever_stops_frees_the_workers() -> None:
    client = Client()
    going = Dask(client, 2).submit([Fake(i) for i in range(8)])
    next(going)
    going.close()  # type: ignore[attr-defined]
    assert client.cancelled == 8


def test_workers_of_another_version_are_refused_before_work() -> None:
    client = Client(workers=3)
    client.versions.update({"tcp://1": "0.0.1", "tcp://2": ModuleNotFoundError("chainsim")})
    with pytest.raises(
        UsageError, match=r"2 of 3 workers .*tcp://1 has 0\.0\.1; tcp://2 has none that can be imported"
    ):
        module._looked_at(client, "tcp://x")
    with pytest.raises(UsageError, match="has no workers"):
        module._looked_at(Client(workers=0), "tcp://x")
    assert module._looked_at(Client(), "tcp://x").workers == 2
    with pytest.raises(UsageError, match=r"a worker has chainsim .*, and whoever sends tasks 0\.0\.1"):
        module.carry_out("0.0.1", b"")


def test_an_engine_that_workers_lack_is_refused_before_work() -> None:
    @dataclass(frozen=True)
    class Compiled:
        engine: str = "compiled"

        def run(self) -> None: ...

    with pytest.raises(UsageError, match=r"1 workers have no numba, such as tcp://1.*--engine simpy"):
        list(Dask(Client(), 2, ["tcp://1"]).submit([Compiled()]))


@pytest.mark.parametrize("address", ["", "nonsense", "http://x:1", "tcp://host", "tcp://host:port"])
def test_what_is_no_address_is_told_at_once(address: str) -> None:
    with pytest.raises(UsageError, match="takes an address such as tcp://host:8786"), module.connected(address):
        pass


def test_what_is_said_where_nobody_answers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(module, "ANSWER", 0.3)
    with pytest.raises(UsageError, match=r"tcp://127\.0\.0\.1:1: no Dask scheduler answers.*dask scheduler"):
        with connected("tcp://127.0.0.1:1"):
            pass
    with socket.create_server(("127.0.0.1", 0)) as silent:  # something listens that is no scheduler
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UsageError, match=f"{address}: no Dask scheduler answers"), connected(address):
            pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPartError, match=r"chainsim\[cluster\]"):
        with connected("tcp://127.0.0.1:1"):
            pass


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--executor", "dusk"), "did you mean 'dask'"),
        (("--executor", "dask"), "needs --scheduler"),
        (("--scheduler", "tcp://x:1"), "goes with --executor dask"),
        (("--executor", "dask", "--scheduler", "tcp://x:1", "--jobs", "2"), "a cluster has its own"),
    ],
)
def test_options_that_do_not_fit(
    options: tuple[str, ...],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text(yaml.safe_dump({**TOWN, "policies": GIVEN}, sort_keys=False), "utf-8")
    assert execute(["run", "t.yaml", "-q", *options]) == 2
    assert told in capsys.readouterr().err
