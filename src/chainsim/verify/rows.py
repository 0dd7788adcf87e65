"""The table: one row per case, quantity and engine, and what it says altogether."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chainsim.study.csvtext import csv_bytes

Verdict = Literal["passed", "failed", "too wide", "missing", "not run"]
FAILURES = ("failed", "too wide")


@dataclass(frozen=True)
class Row:
    """One comparison.

    how: 'theory' (a formula), 'exact' (one run without chance), 'simulated' (replications); '' when there was none.
    known, mean: numbers, lists or tables; half_width, wanted, z: of the simulated mean. note: what should be known of it.
    """

    case: str
    quantity: str
    where: str
    how: Literal["theory", "exact", "simulated", ""]
    engine: str
    known: Any
    mean: Any
    half_width: float | None
    wanted: float | None
    z: float | None
    n: int
    verdict: Verdict
    note: str = ""


COLUMNS = (
    "case",
    "quantity",
    "where",
    "how",
    "engine",
    "known",
    "mean",
    "half_width",
    "wanted",
    "z",
    "n",
    "verdict",
    "note",
)


def as_csv(rows: Sequence[Row]) -> bytes:
    """The table as CSV, numbers in full."""
    return csv_bytes(COLUMNS, [[_cell(getattr(row, name)) for name in COLUMNS] for row in rows])


def _cell(value: Any) -> Any:
    return "" if value is None else str(value) if isinstance(value, list | tuple | dict) else value


def row_of(line: Mapping[str, str]) -> Row:
    """A row of the CSV again, as far as counting and judging need it: without the known answer and the mean."""
    half_width, wanted, z = (float(line[name]) if line[name] else None for name in ("half_width", "wanted", "z"))
    return Row(
        line["case"], line["quantity"], line["where"], line["how"], line["engine"], None, None,  # type: ignore[arg-type]
        half_width, wanted, z, int(line["n"]), line["verdict"], line["note"],  # type: ignore[arg-type]
    )  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """How many cases there are, and what became of them. Every case is in exactly one of the four counts.

    quantities: comparisons made; reruns: of them, how many agreed only on the second seed.
    """

    cases: int
    passed: int
    failed: int
    missing: int
    not_run: int
    quantities: int
    failures: int
    reruns: int

    def sentence(self) -> str:
        """All of it in one line.

        >>> Summary(88, 80, 0, 8, 0, 900, 0, 1).sentence()
        '88 cases: 80 passed, 0 failed, 8 wait for a missing feature (their theory is checked); 900 comparisons, 0 failures, 1 agreed on the second seed'
        """
        later = f", {self.not_run} checked in theory only at this level" if self.not_run else ""
        return (
            f"{self.cases} case{'' if self.cases == 1 else 's'}: {self.passed} passed, {self.failed} failed, "
            f"{self.missing} wait{'s' if self.missing == 1 else ''} for a missing feature (their theory is checked){later}; "
            f"{self.quantities} comparisons, {self.failures} failures, {self.reruns} agreed on the second seed"
        )


def summarise(rows: Sequence[Row]) -> Summary:
    """Count cases by their worst row."""
    verdicts: dict[str, set[str]] = {}
    for row in rows:
        verdicts.setdefault(row.case, set()).add(row.verdict)
    counts = Counter(fate(v) for v in verdicts.values())
    return Summary(
        cases=len(verdicts),
        passed=counts["passed"],
        failed=counts["failed"],
        missing=counts["missing"],
        not_run=counts["not run"],
        quantities=sum(row.how != "" for row in rows),
        failures=sum(row.verdict in FAILURES for row in rows),
        reruns=sum("second seed" in row.note and row.verdict == "passed" for row in rows),
    )


def fate(verdicts: set[str]) -> Literal["passed", "failed", "missing", "not run"]:
    """What became of a case, from the verdicts of its rows.

    >>> fate({"passed", "too wide"}), fate({"passed", "missing"}), fate({"passed"})
    ('failed', 'missing', 'passed')
    """
    if verdicts & set(FAILURES):
        return "failed"
    if "missing" in verdicts:
        return "missing"
    return "not run" if "not run" in verdicts else "passed"


def digits(value: Any, significant: int = 6) -> str:
    """A number as a table shows it; a list by its length when it is long.

    >>> digits(0.0719433555), digits(12.0), digits([1, 2]), digits(list(range(40))), digits(None), digits(0.000392079, 3)
    ('0.0719434', '12', '1; 2', '40 numbers', 'undefined', '0.000392')
    >>> digits(6245174.2), digits(33612.0, 3)
    ('6245170', '33600')
    """
    if value is None:
        return "undefined"
    if isinstance(value, dict):
        return digits([value[key] for key in sorted(value)])
    if isinstance(value, list | tuple):
        from chainsim.verify.judging import flat

        numbers = list(flat(value))
        return "; ".join(digits(x) for x in numbers) if len(numbers) <= 6 else f"{len(numbers)} numbers"
    if isinstance(value, float) and not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "undefined"
    if not isinstance(value, int | float):
        return str(value)
    text = f"{value:.{significant}g}"
    if "e+0" in text:  # millions are read more easily with all their zeros
        text = f"{float(text):.0f}"
    return text.replace("-", "−")
