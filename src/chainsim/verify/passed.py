"""Which known answers this version passed: a few counts kept with the code, refreshed from folders of `chainsim verify`.

`python -m chainsim.verify.passed FOLDER… LEVEL`, with the level of that verification, which may have been made in pieces: some cases
here, others there; one engine here, the other there.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from chainsim.errors import UsageError
from chainsim.verify.rows import Row, row_of, summarise
from chainsim.version import __version__

HOME = "passed.json"


@dataclass(frozen=True)
class Passed:
    """What a verification found. theory_only: cases that are simulated at a higher level; waiting: that lack a feature."""

    version: str
    level: str
    engines: tuple[str, ...]
    cases: int
    passed: int
    theory_only: int
    waiting: int
    comparisons: int

    @staticmethod
    def read() -> Passed:
        """As kept with the code."""
        kept = json.loads((files("chainsim.verify") / HOME).read_text(encoding="utf-8"))
        return Passed(**{**kept, "engines": tuple(kept["engines"])})

    @staticmethod
    def of(folders: Sequence[Path], level: str) -> Passed:
        """From the tables in folders of `chainsim verify`; an engine counts that simulated every case simulated by any.

        Raises UsageError when there is a failure, or no such engine.
        """
        found: dict[Row, None] = {}
        for folder in folders:
            with (folder / "verify.csv").open(encoding="utf-8", newline="") as file:
                found |= dict.fromkeys(row_of(line) for line in csv.DictReader(file))
        ran: dict[str, set[str]] = {}
        for row in found:
            if row.engine:
                ran.setdefault(row.engine, set()).add(row.case)
        engines = tuple(engine for engine, own in ran.items() if own == set().union(*ran.values()))
        if not engines:
            raise UsageError("no engine simulated all of the cases")
        summary = summarise([row for row in found if not row.engine or row.engine in engines])
        if summary.failed:
            raise UsageError(f"{summary.failed} cases failed")
        return Passed(
            __version__, level, engines, summary.cases, summary.passed, summary.not_run, summary.missing,
            summary.quantities,
        )  # fmt: skip

    def sentence(self) -> str:
        """In words.

        >>> Passed("0.1.0", "default", ("simpy",), 88, 80, 0, 8, 1600).sentence()
        'Known answers: chainsim 0.1.0 passed 80 of 88 cases in 1,600 comparisons with theory (chainsim verify, default level, simpy engine); none failed, 8 wait for a missing feature.'
        """
        engines = " and ".join(self.engines) + (" engine" if len(self.engines) == 1 else " engines")
        theory = f", {self.theory_only} were checked in theory only" if self.theory_only else ""
        waiting = f", {self.waiting} wait for a missing feature" if self.waiting else ""
        return (
            f"Known answers: chainsim {self.version} passed {self.passed} of {self.cases} cases in {self.comparisons:,} "
            f"comparisons with theory (chainsim verify, {self.level} level, {engines}); none failed{theory}{waiting}."
        )

    def text(self) -> str:
        """The content of the file kept with the code."""
        return json.dumps(asdict(self), indent=2) + "\n"


if __name__ == "__main__":
    *given, at_level = sys.argv[1:]
    Path(__file__).with_name(HOME).write_text(Passed.of([Path(f) for f in given], at_level).text(), encoding="utf-8")
