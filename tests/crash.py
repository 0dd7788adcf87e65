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
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from tests.reliability.test_first_build import SHOP, sums
from tests.replicate.cluster import Cluster, cluster
from tests.soak import tried
from tests.study.test_dying import begin, ends

FOLDER = Path(__file__).resolve().parent.parent / "results" / "crash"
RUN = ("run", "s.yaml", "--no-report", "-q")
SHARDS = 3


def command(place: Path, *words: str) -> None:
    """A command brought to its end."""
    process = begin("-m", "chainsim", *words, cwd=place)
    said = ends(process, 600.0)
    assert process.returncode == 0, said


def killed(place: Path, seconds: float, *words: str) -> bool:
    """A command that is killed after so long; whether it had not come to its end."""
    process = begin("-m", "chainsim", *words, cwd=place)
    time.sleep(seconds)
    process.kill()
    said = ends(process, 60.0)
    assert process.returncode in (0, -9), said
    return process.returncode == -9


class Way(Protocol):
    """How a scenario is run, killed, and brought to its end."""

    def kill(self, moment: float) -> tuple[bool, bool]:
        """Kill at a share of the time of a straight run; whether it hit, and whether the end is equal."""


class Local:
    """One run of one machine, with straight results, and how long they took."""

    def __init__(self, place: Path, replications: int, *options: str) -> None:
        self.place, self.run = place, (*RUN, *options)
        text = SHOP.replace("horizon: 56", "horizon: 1820").replace("replications: 4", f"replications: {replications}")
        (place / "s.yaml").write_text(text, "utf-8")
        self.seconds = self.timed(*self.run, "--out", "straight")
        self.straight = sums(place / "straight")

    def timed(self, *words: str) -> float:
        """Twice: what is compiled or cached is so after the first time."""
        for _ in range(2):
            begun = time.monotonic()
            command(self.place, *words, *(("--overwrite",) if "--shard" not in words else ()))
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
        self.seconds = self.timed(*self.there, "--out", "timed")

    def kill(self, moment: float) -> tuple[bool, bool]:
        process = begin("-m", "chainsim", *self.there, cwd=self.place)
        time.sleep(moment * self.seconds)
        over = process.poll() is not None
        name = random.Random(moment).choice([n for n in self.cluster.processes if n != "scheduler"])
        victim = self.cluster.processes.pop(name)
        victim.kill()
        victim.wait()
        self.cluster.worker(f"worker-{self.born}")
        said = ends(process, 600.0)
        assert process.returncode == 0, said
        self.cluster.joined(f"worker-{self.born}")
        self.born += 1
        equal = sums(self.place / "results/s") == self.straight
        shutil.rmtree(self.place / "results")
        return not over, equal


SIMPY = ("--engine", "simpy")
WAYS: dict[str, Callable[[Path, ExitStack], Way]] = {
    "processes": lambda place, _: Local(place, 30, *SIMPY, "--jobs", "2"),
    "threads": lambda place, _: Local(place, 200, "--engine", "compiled", "--jobs", "2"),
    "one by one": lambda place, _: Local(place, 20, *SIMPY, "--jobs", "1"),
    "shards": lambda place, _: Shards(place, 30, *SIMPY, "--jobs", "1"),
    "dask": lambda place, stack: Dask(place, 30, stack, *SIMPY, "--jobs", "1"),
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
