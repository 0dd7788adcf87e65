"""Random scenarios through both engines, for as long as one likes: each must pass the audit and be the same to the last bit.

    python -m tests.soak                     until Ctrl-C
    python -m tests.soak --minutes 120       so long
    python -m tests.soak --fresh             forget what was tried
    python -m tests.soak --first 46          begin with this batch, where the ones before were tried elsewhere

The networks are those of the parity tests (`tests/engines/random_networks.py`), with new luck for every batch. A batch is written
down when it is done, in `results/soak/tried.jsonl`; the same command goes on after it. A network that fails is made small, kept
beside, and ends the soak. Exit code 0: nothing was found; 1: something was.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, seed, settings

from chainsim.engines import simpy_engine
from chainsim.plan.compile import compile_plan
from chainsim.record.audit import violations
from tests.engines.pair import difference
from tests.engines.random_networks import lines, rich_networks
from tests.properties.networks import Document, scenario_of

FOLDER = Path(__file__).resolve().parent.parent / "results" / "soak"
KINDS: dict[str, Callable[[], Any]] = {
    "networks": rich_networks,
    "networks with flows": lambda: rich_networks(flows=True),
    "lines": lines,
}
BATCH = 25
REPLICATIONS = 2


def fault(document: Document) -> str:
    """What is wrong with a network in any of its replications, '' when nothing is."""
    plan = compile_plan(scenario_of(document), "only")
    for replication in range(REPLICATIONS):
        broken = violations(simpy_engine.simulate(plan, replication), plan)
        if broken:
            return f"replication {replication}: {broken[0]}"
        apart = difference(plan, replication)
        if apart is not None:
            return f"replication {replication}: {apart}"
    return ""


class Found(AssertionError):
    """A network with a fault: (network, what is wrong)."""


def batch(kind: str, number: int) -> tuple[Document, str] | None:
    """The smallest network of a batch that has a fault; None when none has."""

    @seed(number)
    @settings(
        max_examples=BATCH, deadline=None, derandomize=False, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(KINDS[kind]())
    def all_are_sound(document: Document) -> None:
        wrong = fault(document)
        if wrong:
            raise Found(document, wrong)

    try:
        all_are_sound()
    except Found as found:
        document, wrong = found.args
        return document, wrong
    return None


def tried(file: Path) -> list[dict[str, Any]]:
    """Batches that are done; a line cut short counts for nothing."""
    found = []
    for text in file.read_text("utf-8").splitlines() if file.exists() else ():
        try:
            found.append(json.loads(text))
        except ValueError:
            continue
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Random scenarios through both engines.")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--fresh", action="store_true", help="forget what was tried before")
    parser.add_argument("--first", type=int, default=0, help="the first batch, where nothing was tried here")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    file = options.folder / "tried.jsonl"
    if options.fresh:
        file.unlink(missing_ok=True)
    end = time.monotonic() + 60.0 * options.minutes
    done = tried(file)
    try:
        while time.monotonic() < end:
            number = done[-1]["batch"] + 1 if done else options.first
            kind = list(KINDS)[number % len(KINDS)]
            begun = time.process_time()
            found = batch(kind, number)
            done.append({"batch": number, "kind": kind, "networks": BATCH, "seconds": time.process_time() - begun})
            if found is not None:
                document, wrong = found
                place = options.folder / f"batch-{number}.yaml"
                place.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
                print(f"{place}: {wrong}")
                return 1
            with file.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(done[-1]) + "\n")
    except KeyboardInterrupt:
        print("interrupted; the same command goes on")
    networks = sum(line["networks"] for line in done)
    hours = sum(line["seconds"] for line in done) / 3600.0
    print(
        f"{networks:,} random networks, {networks * REPLICATIONS:,} replications on both engines in {hours:.2f} hours of processor time: "
        "every audit passed, every Record equal to the last bit"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
