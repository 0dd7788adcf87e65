"""Runs killed at moments nobody chose: resumed (or, of shards, merged), the results are those of a straight run, byte for byte.

    python -m tests.crash                    200 kills, or those that are missing of them
    python -m tests.crash --kills 40         so many in all
    python -m tests.crash --ways threads     one way of running only
    python -m tests.crash --fresh            forget what was tried

Every kill is SIGKILL of the main process, written down in `results/crash/tried.jsonl`; the same command goes on after the last of
them. Exit code 0: all were equal; 1: one was not.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.reliability.test_first_build import SHOP, sums
from tests.soak import tried
from tests.study.test_dying import begin, ends

FOLDER = Path(__file__).resolve().parent.parent / "results" / "crash"
RUN = ("run", "s.yaml", "--no-report", "-q", "--jobs", "2")


class Way(NamedTuple):
    """How a scenario is run: options of the command, and how many replications make it last for seconds."""

    options: tuple[str, ...]
    replications: int


WAYS = {
    "processes": Way(("--engine", "simpy"), 60),
    "threads": Way(("--engine", "compiled"), 400),
    "one by one": Way(("--engine", "simpy", "--jobs", "1"), 40),
}


def command(place: Path, way: Way, *more: str) -> str:
    """A run brought to its end; what it said."""
    process = begin("-m", "chainsim", *RUN, *way.options, *more, cwd=place)
    said = ends(process, 300.0)
    assert process.returncode == 0, said
    return said


class Place:
    """A folder with a scenario, its straight results, and how long they took."""

    def __init__(self, place: Path, way: Way) -> None:
        self.place, self.way = place, way
        text = SHOP.replace("horizon: 56", "horizon: 1820").replace(
            "replications: 4", f"replications: {way.replications}"
        )
        (place / "s.yaml").write_text(text, "utf-8")
        command(place, way, "--out", "straight", "--replications", "2")  # what is compiled is compiled once
        begun = time.monotonic()
        command(place, way, "--out", "straight", "--overwrite")
        self.seconds = time.monotonic() - begun
        self.straight = sums(place / "straight")

    def kill(self, moment: float) -> tuple[int, bool]:
        """Run, kill after a share of the time of a straight run; the exit code and whether resuming gives the same bytes."""
        process = begin("-m", "chainsim", *RUN, *self.way.options, "--resume", cwd=self.place)
        time.sleep(moment * self.seconds)
        process.kill()
        said = ends(process, 60.0)
        assert process.returncode in (0, -9), said
        command(self.place, self.way, "--resume")
        equal = sums(self.place / "results/s") == self.straight
        shutil.rmtree(self.place / "results")
        return process.returncode, equal


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Runs killed at random moments.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--ways", nargs="*", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--fresh", action="store_true", help="forget what was tried before")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    file = options.folder / "tried.jsonl"
    if options.fresh:
        file.unlink(missing_ok=True)
    done = tried(file)
    places: dict[str, Place] = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            for number in range(len(done), options.kills):
                way = options.ways[number % len(options.ways)]
                if way not in places:
                    (Path(folder) / way).mkdir()
                    places[way] = Place(Path(folder) / way, WAYS[way])
                moment = random.Random(number).uniform(0.0, 1.0)
                code, equal = places[way].kill(moment)
                line = {"number": number, "way": way, "moment": moment, "killed": code == -9, "equal": equal}
                done.append(line)
                with file.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(line) + "\n")
                print(f"{number + 1} of {options.kills}: {way}, at {moment:.0%}: {'killed' if code == -9 else 'was done'}, "
                      f"{'equal' if equal else 'NOT EQUAL'}", flush=True)  # fmt: skip
        except KeyboardInterrupt:
            print("interrupted; the same command goes on")
    for way in dict.fromkeys(line["way"] for line in done):
        of_it = [line for line in done if line["way"] == way]
        print(
            f"{way}: {len(of_it)} moments, {sum(line['killed'] for line in of_it)} killed, {sum(line['equal'] for line in of_it)} equal"
        )
    return 0 if all(line["equal"] for line in done) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
