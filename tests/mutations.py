"""P49: deliberate faults. Break one rule, see a test fail.

    python tests/mutations.py              every fault, in a copy of the sources; exit code 1 if one survives
    python tests/mutations.py --list       what they are
    python tests/mutations.py NAME …       only these

Each fault is a change of one place in one source file, made in a temporary copy (the sources themselves are never touched),
and names the quickest tests that must notice it. The faults are listed in `tests/mutations.yaml`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "chainsim"


class Mutation(NamedTuple):
    """In `file`, the one place that says `old` says `new`; `tests` (pytest's names for them) must notice."""

    name: str
    meaning: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


class Verdict(NamedTuple):
    """What became of a fault: the first test that failed, or nothing where it survived."""

    mutation: Mutation
    killed_by: str
    seconds: float


def mutations() -> list[Mutation]:
    """All of them, in the order of the file."""
    entries = yaml.safe_load((ROOT / "tests" / "mutations.yaml").read_text("utf-8"))
    return [Mutation(name, **{**entry, "tests": tuple(entry["tests"])}) for name, entry in entries.items()]


@contextmanager
def copy_of_sources(mutation: Mutation | None = None) -> Iterator[Path]:
    """A folder with the sources, and in them the fault. Raises ValueError unless its text is there exactly once."""
    with tempfile.TemporaryDirectory(prefix="chainsim-mutation-") as folder:
        copy = Path(folder, "src", "chainsim")
        shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns("__pycache__"))
        Path(folder, "scenarios").symlink_to(ROOT / "scenarios")
        if mutation is not None:
            file = copy / mutation.file
            text = file.read_text("utf-8")
            if text.count(mutation.old) != 1:
                raise ValueError(
                    f"{mutation.name}: {mutation.file} says {text.count(mutation.old)} times: {mutation.old}"
                )
            file.write_text(text.replace(mutation.old, mutation.new), "utf-8")
        yield copy.parent


def run_tests(sources: Path, tests: Sequence[str]) -> tuple[int, str]:
    """pytest's exit code and output, with chainsim imported from `sources`. Failures are not made small: one is enough."""
    options = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--no-header",
        "--tb=no",
        "--hypothesis-profile=first_failure",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(sources), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def verdict_on(mutation: Mutation) -> Verdict:
    """Make the fault, run its tests."""
    begun = time.perf_counter()
    with copy_of_sources(mutation) as sources:
        code, output = run_tests(sources, mutation.tests)
    failed = [line.split(" ")[1] for line in output.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    if code not in (0, 1) or (code == 1 and not failed):
        raise RuntimeError(f"{mutation.name}: pytest ended with {code}\n{output}")
    return Verdict(mutation, failed[0] if code else "", time.perf_counter() - begun)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Break one rule at a time and see a test fail.")
    parser.add_argument("names", nargs="*", help="which faults; default all")
    parser.add_argument("--list", action="store_true", help="say what they are, run nothing")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1), help="how many at once")
    chosen = parser.parse_args(arguments)
    known = {mutation.name: mutation for mutation in mutations()}
    if unknown := set(chosen.names) - set(known):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; see --list")
    wanted = [known[name] for name in chosen.names] or list(known.values())
    if chosen.list:
        for mutation in wanted:
            print(f"{mutation.name:32} {mutation.meaning}")
        return 0
    begun = time.perf_counter()
    with copy_of_sources() as sources:
        code, output = run_tests(sources, sorted({test for mutation in wanted for test in mutation.tests}))
    if code:
        print(f"The tests fail without any fault; mend that first.\n{output}")
        return 1
    print(f"{'fault':32} {'seconds':>7}  killed by")
    survivors = []
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for verdict in pool.map(verdict_on, wanted):
            print(f"{verdict.mutation.name:32} {verdict.seconds:7.1f}  {verdict.killed_by or 'SURVIVED'}", flush=True)
            if not verdict.killed_by:
                survivors.append(verdict.mutation.name)
    killed = len(wanted) - len(survivors)
    print(f"{killed} of {len(wanted)} faults were noticed, in {time.perf_counter() - begun:.0f} s.")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
