"""Runs killed at moments nobody chose: resumed (or, of shards, merged), the results are those of a straight run, byte for byte.

    python -m tests.crash                    200 kills, or those that are missing of them
    python -m tests.crash --kills 40         so many in all
    python -m tests.crash --ways threads     one way of running only
    python -m tests.crash --first 30         begin with this number, where the ones before were tried elsewhere
    python -m tests.crash --fresh            forget what was tried

Every kill is SIGKILL: of the main process of a run, of a shard, or of a worker of a Dask cluster on loopback (which a new one
replaces). Each is written down in `results/crash/tried.jsonl`; the same command goes on after the last of them. Exit code 0: all
were equal; 1: one was not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Protocol

from chainsim.cli import execute
from tests.reliability.test_first_build import SHOP, sums
from tests.replicate.cluster import Cluster, cluster
from tests.soak import tried

FOLDER = Path(__file__).resolve().parent.parent / "results" / "crash"
RUN = ("run", "s.yaml", "--no-report", "-q")
SHARDS, DAYS = 3, 364


class Run:
    """A command in a process of its own, forked from this one, in which everything is imported and compiled: what is killed is work,
    not the start of Python. Every process it starts holds its output open, too."""

    def __init__(self, place: Path, *words: str) -> None:
        self.said, writes = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.setsid()
                os.chdir(place)
                for stream in (1, 2):
                    os.dup2(writes, stream)
                # this is no file, which what it was before may have been
                sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8") for stream in (1, 2))
                os.close(self.said)
                os.close(writes)
                code = execute(list(words))
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        os.close(writes)

    @property
    def over(self) -> bool:
        """Whether it has come to its end, and is waited for."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def abandon(self) -> None:
        """It and all it started, where nobody waits for it any longer."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.said)

    def ends(self, seconds: float = 900.0) -> int:
        """Its exit code, −9 where it was killed, when it and all it started have ended. Raises AssertionError where they do not, or
        with what it said where it failed."""
        end, text = time.monotonic() + seconds, b""
        try:
            while True:
                ready, _, _ = select.select([self.said], [], [], max(end - time.monotonic(), 0.0))
                assert ready, f"it, or what it started, did not end: {text.decode()}"
                more = os.read(self.said, 65536)
                if not more:
                    break
                text += more
        except KeyboardInterrupt:
            self.abandon()
            raise
        os.close(self.said)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        assert code in (0, -signal.SIGKILL), f"exit code {code}: {text.decode()}"
        return code


def command(place: Path, *words: str) -> None:
    """A command brought to its end."""
    assert Run(place, *words).ends() == 0


def killed(place: Path, seconds: float, *words: str) -> bool:
    """A command that is killed after so long; whether it had not come to its end."""
    run = Run(place, *words)
    time.sleep(seconds)
    run.kill()
    return run.ends() != 0


def warm(place: Path, engine: str) -> None:
    """Everything imported and compiled here, once."""
    here = Path.cwd()
    os.chdir(place)
    try:
        with open(os.devnull, "w") as nothing, redirect_stdout(nothing), redirect_stderr(nothing):
            assert execute([*RUN, "--engine", engine, "--jobs", "1", "--out", "warm"]) == 0
    finally:
        os.chdir(here)


class Way(Protocol):
    """How a scenario is run, killed, and brought to its end."""

    def kill(self, moment: float) -> tuple[bool, bool]:
        """Kill at a share of the time of a straight run; whether it hit, and whether the end is equal."""


class Local:
    """One run of one machine, with straight results, and how long they took."""

    def __init__(self, place: Path, replications: int, *options: str) -> None:
        self.place, self.run = place, (*RUN, *options)
        text = SHOP.replace("horizon: 56", f"horizon: {DAYS}").replace(
            "replications: 4", f"replications: {replications}"
        )
        (place / "s.yaml").write_text(text, "utf-8")
        warm(place, options[1])
        self.seconds = self.timed(*self.run, "--out", "straight")
        self.straight = sums(place / "straight")

    def timed(self, *words: str) -> float:
        """Seconds of a command."""
        begun = time.monotonic()
        command(self.place, *words)
        return time.monotonic() - begun

    def kill(self, moment: float) -> tuple[bool, bool]:
        hit = killed(self.place, moment * self.seconds, *self.run, "--resume")
        command(self.place, *self.run, "--resume")
        equal = sums(self.place / "results/s") == self.straight
        shutil.rmtree(self.place / "results")
        return hit, equal


class Shards(Local):
    """One of three shards is killed, and sent again after the others; then they are put together."""

    def __init__(self, place: Path, replications: int, *options: str) -> None:
        super().__init__(place, replications, *options)
        self.seconds = self.timed(*self.run, "--shard", f"0/{SHARDS}", "--out", "timed")

    def kill(self, moment: float) -> tuple[bool, bool]:
        victim = random.Random(moment).randrange(SHARDS)
        each = [(*self.run, "--shard", f"{k}/{SHARDS}", "--out", "shared") for k in range(SHARDS)]
        hit = killed(self.place, moment * self.seconds, *each[victim])
        for words in each:
            command(self.place, *words)
        command(self.place, "merge", "shared", "-q", "--no-report")
        equal = sums(self.place / "shared") == self.straight
        shutil.rmtree(self.place / "shared")
        return hit, equal


class Dask(Local):
    """A worker of two dies while a run is on the cluster; another is born, as a nanny does, and the run comes to its end."""

    def __init__(self, place: Path, replications: int, stack: ExitStack, *options: str) -> None:
        super().__init__(place, replications, *options)
        self.cluster: Cluster = stack.enter_context(cluster(place, 2))
        self.born = 2
        there = ("--executor", "dask", "--scheduler", self.cluster.address)
        self.there = (*(word for word in self.run if word not in ("--jobs", "1")), *there)
        self.timed(*self.there, "--out", "first")  # in which the workers import what they need
        self.seconds = self.timed(*self.there, "--out", "timed")

    def kill(self, moment: float) -> tuple[bool, bool]:
        run = Run(self.place, *self.there)
        time.sleep(moment * self.seconds)
        over = run.over
        name = random.Random(moment).choice([n for n in self.cluster.processes if n != "scheduler"])
        victim = self.cluster.processes.pop(name)
        victim.kill()
        victim.wait()
        self.cluster.worker(f"worker-{self.born}")
        assert run.ends() == 0
        self.cluster.joined(f"worker-{self.born}")
        self.born += 1
        equal = sums(self.place / "results/s") == self.straight
        shutil.rmtree(self.place / "results")
        return not over, equal


SIMPY = ("--engine", "simpy")
WAYS: dict[str, Callable[[Path, ExitStack], Way]] = {
    "processes": lambda place, _: Local(place, 40, *SIMPY, "--jobs", "2"),
    "threads": lambda place, _: Local(place, 400, "--engine", "compiled", "--jobs", "2"),
    "one by one": lambda place, _: Local(place, 20, *SIMPY, "--jobs", "1"),
    "shards": lambda place, _: Shards(place, 60, *SIMPY, "--jobs", "1"),
    "dask": lambda place, stack: Dask(place, 40, stack, *SIMPY, "--jobs", "1"),
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Runs killed at random moments.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--ways", nargs="*", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--first", type=int, default=0, help="the first moment, where nothing was tried here")
    parser.add_argument("--fresh", action="store_true", help="forget what was tried before")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    file = options.folder / "tried.jsonl"
    if options.fresh:
        file.unlink(missing_ok=True)
    done = tried(file)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        try:
            go_on(options, done, file, Path(folder), stack)
        except KeyboardInterrupt:
            print("interrupted; the same command goes on")
    for way in dict.fromkeys(line["way"] for line in done):
        of_it = [line for line in done if line["way"] == way]
        print(
            f"{way}: {len(of_it)} moments, {sum(line['killed'] for line in of_it)} before the end, {sum(line['equal'] for line in of_it)} equal"
        )
    return 0 if all(line["equal"] for line in done) else 1


def go_on(options: argparse.Namespace, done: list[dict[str, Any]], file: Path, folder: Path, stack: ExitStack) -> None:
    """The moments that are missing, each written down."""
    made: dict[str, Way] = {}
    first = done[-1]["number"] + 1 if done else options.first
    for number in range(first, options.kills):
        name = options.ways[number % len(options.ways)]
        if name not in made:
            place = folder / name.replace(" ", "-")
            place.mkdir()
            made[name] = WAYS[name](place, stack)
        moment = random.Random(number).uniform(0.0, 1.0)
        hit, equal = made[name].kill(moment)
        done.append({"number": number, "way": name, "moment": moment, "killed": hit, "equal": equal})
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(done[-1]) + "\n")
        print(f"{number + 1} of {options.kills}: {name}, at {moment:.0%}: {'killed' if hit else 'was done'}, "
              f"{'equal' if equal else 'NOT EQUAL'}", flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
