"""Put the measured table of `chainsim verify` into how-we-know.md: `python docs/make_how_we_know.py results/verify/verify.csv …`.

Several files are taken as one verification made in pieces: some cases in one, others in another; one engine in one, the other in another.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from chainsim.verify import Row, cases
from chainsim.verify.glance import glance
from chainsim.verify.rows import fate, row_of

PAGE = Path(__file__).with_name("how-we-know.md")
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


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


def main() -> None:
    rows: list[Row] = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8", newline="") as file:
            rows += [row_of(line) for line in csv.DictReader(file)]
    text = PAGE.read_text("utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n{measured(rows)}\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
