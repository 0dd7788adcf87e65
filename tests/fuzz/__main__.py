"""The command: cases in a fixed order, each tried once, in child processes that may die without ending it."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import chainsim
from chainsim.data import scenario_names, scenario_path
from tests.fuzz import books, scenarios, tables
from tests.fuzz.cases import Case, shuffled
from tests.fuzz.judging import MAKER, SHOP, TRADER, fails, judge, tables_of, warm
from tests.fuzz.tried import Line, Tried, tally

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "results" / "fuzz"
BATCH = 100
EVERY_RUN = 8
"""Of the files that are accepted, every eighth is run."""


def all_cases() -> list[Case]:
    """Every case of every scenario and its tables, in a fixed shuffled order."""
    return shuffled(case for scenario in all_scenarios() for case in cases_of(scenario))


def all_scenarios() -> list[Path]:
    """Those that are shipped, the shop of tables, the maker whose items are a workbook, and the trader with whatever key the others
    have not."""
    return [*(scenario_path(name) for name in scenario_names()), SHOP, MAKER, TRADER]


def cases_of(scenario: Path) -> list[Case]:
    """Every case of a scenario and of its tables."""
    found = list(scenarios.broken(scenario))
    for table in tables_of(scenario):
        found += (books if table.endswith(".xlsx") else tables).broken(scenario, table)
    return found


def work(cases: list[Case], tried: Tried, parent: int) -> None:
    """Try cases one after the other, and write each down at once, as long as process `parent` lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with tempfile.TemporaryDirectory() as place:
        for i, case in enumerate(cases):
            if os.getppid() != parent:  # which was killed, and cannot say so
                return
            verdict = judge(case, Path(place) / str(i), run=int(case.key, 16) % EVERY_RUN == 0)
            why = fails(case, verdict)
            if why:
                tried.keep(case)
            tried.write(Line.of(case, verdict, why))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=None, help="try so many more at most")
    parser.add_argument(
        "--skip", type=int, default=0, help="leave out so many from the start, which were tried elsewhere"
    )
    parser.add_argument("--only", nargs="*", default=None, help="scenarios by name, such as maker")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=None, help="stop after so many minutes")
    parser.add_argument("--fresh", action="store_true", help="forget what was tried before")
    parser.add_argument("--again", action="store_true", help="try again what broke before")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    tried = Tried(options.folder, fresh=options.fresh)
    if options.again:
        tried.forget_what_broke()
    cases = all_cases()
    done = {line.key for line in tried.lines()}
    chosen = [case for case in cases[options.skip :] if options.only is None or case.scenario.stem in options.only]
    left = [case for case in chosen if case.key not in done][: options.cases]
    print(f"{len(cases):,} cases, {len(done):,} tried before, {len(left):,} to try now", flush=True)
    end = None if options.minutes is None else time.monotonic() + 60.0 * options.minutes
    try:
        warm()
        for scenario in dict.fromkeys(case.scenario for case in left):
            # children inherit what is known of the file as it was, and have less to derive
            chainsim.load(scenario).explain_policies()
        spread(left, tried, max(1, options.jobs), end)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on", flush=True)
    text, held = tally(tried.lines(), len(cases))
    print(text)
    return 0 if held else 1


def spread(left: list[Case], tried: Tried, jobs: int, end: float | None) -> None:
    """Batches of cases over child processes. A child that dies has died of the first case it did not write down."""
    batches = [left[i : i + BATCH] for i in range(0, len(left), BATCH)]
    running: list[tuple[BaseProcess, list[Case]]] = []
    context = multiprocessing.get_context("fork")
    done = 0
    try:
        while batches or running:
            if end is not None and time.monotonic() > end:
                return
            while batches and len(running) < jobs:
                batch = batches.pop(0)
                child = context.Process(target=work, args=(batch, tried, os.getpid()))
                child.start()
                running.append((child, batch))
            running[0][0].join(0.2)
            for child, batch in [pair for pair in running if not pair[0].is_alive()]:
                running.remove((child, batch))
                if child.exitcode:
                    known = {line.key for line in tried.lines()}
                    rest = [case for case in batch if case.key not in known]
                    tried.keep(rest[0])
                    tried.write(Line.died(rest[0], child.exitcode))
                    batches.insert(0, rest[1:])
                done += len(batch)
                print(f"  {done:,} of {len(left):,}", flush=True)
    finally:
        for child, _ in running:
            child.kill()
            child.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
