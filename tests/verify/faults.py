"""Deliberate faults, one at a time, in a copy of the sources; for each the whole `chainsim verify --quick`, which must fail.

    python tests/verify/faults.py                          all of them (minutes each: what misses runs again): exit code and failed comparisons
    python tests/verify/faults.py lead_time_one_day_long … these only

Faults of the kind libraries of this field have shipped: a lead time off by one, an order below s instead of at or below it,
a fill rate that is a ready rate. Exit code 0: unbroken it passes and every fault makes it fail; 1: otherwise; 2: no such fault.

(`tests/mutations.py` shows that the test suite notices faults, `tests/engines/mutations.py` that the comparison of the engines does;
here it is the command that a user can run.)
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Fault(NamedTuple):
    """In `src/chainsim/file`, `old` (found exactly once) becomes `new`."""

    file: str
    old: str
    new: str


FILL_RATE = 'return ratio(view.units("filled", "requested_filled"), view.demanded)'
FAULTS = {
    "lead_time_one_day_long": Fault(  # the simulation alone: theory and derived levels keep the right lead time
        "rules/move.py",
        "w.expect(SHIPMENT_DUE, due, s)",
        "w.expect(SHIPMENT_DUE, due + w.plan.clock.ticks_per_unit, s)",
    ),
    "s_Q_orders_below_s": Fault("policies/s_Q.py", "if short < 0.0:", "if short <= 0.0:"),
    "s_S_orders_below_s": Fault("policies/s_S.py", "if watched > p[0] or", "if watched >= p[0] or"),
    "review_and_demand_swapped": Fault("rules/calendar.py", ".before_demand == 1 else", ".before_demand == 0 else"),
    "position_ignores_backorders": Fault(
        "rules/position.py",
        "position: float = stock.on_hand + stock.unseen + stock.on_order - stock.backorders",
        "position: float = stock.on_hand + stock.unseen + stock.on_order",
    ),
    "fill_rate_is_ready_rate": Fault("kpis/service.py", FILL_RATE, "return ready_rate(view)"),
    "fill_rate_counts_late_units": Fault(
        "kpis/service.py",
        FILL_RATE,
        'return ratio(view.units("filled", "requested_filled") + view.units("backfilled"), view.demanded)',
    ),
}


class Outcome(NamedTuple):
    """What `verify --quick` said: exit code, wrong numbers, the cases they are of, all comparisons, seconds, last words."""

    code: int
    wrong: int
    cases: list[str]
    comparisons: int
    seconds: float
    words: str


def quick(fault: Fault | None) -> Outcome:
    """Copy the sources, break them, and run the whole command on the SimPy engine."""
    with tempfile.TemporaryDirectory() as folder:
        package, out = Path(folder) / "chainsim", Path(folder) / "out"
        shutil.copytree(ROOT / "src/chainsim", package)
        if fault is not None:
            file = package / fault.file
            text = file.read_text(encoding="utf-8")
            assert text.count(fault.old) == 1, f"{fault.file} does not say once: {fault.old!r}"
            file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
        ours = dict(os.environ, PYTHONPATH=folder, PYTHONDONTWRITEBYTECODE="1")
        command = [
            sys.executable,
            "-m",
            "chainsim",
            "verify",
            "--quick",
            "--engine",
            "simpy",
            "--out",
            str(out),
            "--quiet",
        ]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=ours, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        rows: list[dict[str, str]] = []
        if (out / "verify.csv").exists():
            with (out / "verify.csv").open(encoding="utf-8", newline="") as table:
                rows = list(csv.DictReader(table))
    wrong = [row for row in rows if row["verdict"] in ("failed", "too wide")]
    words = (done.stderr or done.stdout).strip().splitlines()[-1:]
    cases = list(dict.fromkeys(row["case"] for row in wrong))
    return Outcome(done.returncode, len(wrong), cases, sum(row["how"] != "" for row in rows), seconds, "".join(words))


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in FAULTS]
    if unknown:
        print(f"no such fault: {', '.join(unknown)}; there are {', '.join(FAULTS)}", file=sys.stderr)
        return 2
    missed = 0
    for name in ("none", *(names or FAULTS)):
        told = quick(FAULTS.get(name))
        right = told.code == 0 if name == "none" else told.code == 1 and told.wrong > 0
        missed += not right
        where = f" in {len(told.cases)} cases: {' '.join(told.cases)}" if told.wrong else ""
        print(
            f"{name}: exit {told.code}, {told.wrong} of {told.comparisons} comparisons failed{where} ({told.seconds:.0f} s)",
            flush=True,
        )
        if not right:
            print(f"    NOT AS IT SHOULD BE: {told.words}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
