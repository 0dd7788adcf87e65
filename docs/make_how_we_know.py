"""Put measured tables into how-we-know.md: `python docs/make_how_we_know.py results/verify/verify.csv …`.

Without a file of `chainsim verify` only the table of coverage is put in, from what `benchmarks/interval_coverage.py` wrote.
Several files are taken as one verification made in pieces: some cases in one, others in another; one engine in one, the other in another.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chainsim.verify import Row, cases
from chainsim.verify.glance import glance
from chainsim.verify.rows import fate, row_of

PAGE = Path(__file__).with_name("how-we-know.md")
COVERAGE = Path(__file__).parents[1] / "benchmarks" / "interval_coverage.json"


def measured(rows: Sequence[Row]) -> str:
    """One line per case: comparisons, the largest |z|, the widest interval against what is asked for, the verdict."""
    lines = [
        "| case | | formulas | simulated | by | largest \\|z\\| | widest half-width ÷ wanted | replications | verdict |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for id, case in cases().items():
        own = [row for row in rows if row.case == id]
        told = glance(own)
        verdicts = {
            "passed": "passed", "failed": "**failed**", "missing": f"waits for: {case.missing}", "not run": "theory only at this level"
        }  # fmt: skip
        verdict = verdicts[fate({row.verdict for row in own})]
        if told.second:
            verdict += f" ({told.second} on the second seed)"
        width = "exact" if told.exact else "" if told.width is None else f"{told.width:.2f}"
        lines.append(
            f"| {id} | {case.title} | {told.formulas or ''} | {told.simulated or ''} | {' and '.join(told.engines)} | "
            f"{'' if told.z is None else f'{told.z:.1f}'} | {width} | {told.replications or ''} | {verdict} |"
        )
    return "\n".join(lines)


def coverage(rows: Sequence[dict[str, Any]]) -> str:
    """How often intervals hold the truth, by quantity, estimator and size of the study."""
    lines = [
        "| quantity | estimated as | replications | truth | mean of the estimates | mean half-width | intervals that hold the truth | of studies |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        held, error = 100.0 * row["coverage"], 196.0 * row["standard_error"]
        lines.append(
            f"| {row['quantity']} | {row['method']} | {row['replications']} | {row['truth']:.4f} | {row['mean']:.4f} | "
            f"{row['half_width']:.4f} | {held:.1f} ± {error:.1f} % | {row['studies']} |"
        )
    return "\n".join(lines)


def between(text: str, name: str, table: str) -> str:
    """The page with a table between its two marks."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, tail = text.split(begin)[0], text.split(end)[1]
    return f"{head}{begin}\n{table}\n{end}{tail}"


def main() -> None:
    rows: list[Row] = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8", newline="") as file:
            rows += [row_of(line) for line in csv.DictReader(file)]
    text = PAGE.read_text("utf-8")
    if rows:
        text = between(text, "measured", measured(rows))
    text = between(text, "coverage", coverage(json.loads(COVERAGE.read_text("utf-8"))))
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
