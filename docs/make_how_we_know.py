"""Put what was measured into how-we-know.md.

    python docs/make_how_we_know.py                                # what is delivered, and how often intervals hold the truth, from benchmarks/*.json
    python docs/make_how_we_know.py results/verify/verify.csv …    # and the table of `chainsim verify`

Several files are taken as one verification made in pieces: some cases in one, others in another; one engine in one, the other in another.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chainsim.verify import Row, cases
from chainsim.verify.glance import glance
from chainsim.verify.rows import fate, row_of

PAGE = Path(__file__).with_name("how-we-know.md")
DELIVERY = PAGE.parents[1] / "benchmarks" / "delivery.json"
GROUPS = {
    "single": "single stages",
    "featured": "single stages with a feature no formula knows",
    "network": "shops of networks",
}
ROADS = {"textbook": "the textbook's levels", "formula": "by formula", "asked": "as run"}
COVERAGE = PAGE.parents[1] / "benchmarks" / "interval_coverage.json"


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


def delivered(found: Mapping[str, Any]) -> str:
    """What is delivered of the service asked: shares by how the level came, how well warnings fit, the worst."""
    lines = [
        "| models | levels | | right | short | over | worst |",
        "|---|---|---|---|---|---|---|",
    ]
    for group, told in found["summary"].items():
        for road, name in ROADS.items():
            if road in told:
                shares = " | ".join(f"{told[road][verdict]:.1%}" for verdict in ("right", "short", "over"))
                lines.append(f"| {GROUPS[group]} | {told['levels']} | {name} | {shares} | {told[road]['worst']:+.3f} |")
    lines += [
        "",
        "| models | corrected by short simulations | right of those not corrected | misses as run | of these without a warning | "
        "right ones with a warning | verdicts still in doubt |",
        "|---|---|---|---|---|---|---|",
    ]
    for group, told in found["summary"].items():
        kept = told["not corrected"]
        lines.append(
            f"| {GROUPS[group]} | {told['calibrated']} of {told['levels']} | {kept['right']} of {kept['levels']} | {told['misses']} | "
            f"{told['misses_without_warning']} | {told['right_with_warning']:.1%} | {told['in_doubt']} |"
        )
    if found["worst"]:
        lines += ["", f"The worst {len(found['worst'])} as run, and what is approximate about them:", ""]
        lines += ["| model | asked | delivered | why | warned |", "|---|---|---|---|---|"]
    for row in found["worst"]:
        lines.append(
            f"| {row['model']}: {row['story']} | {row['target']:g} | {row['asked']:.3f} ± {row['half_width']:.3f} | "
            f"{'; '.join([*row['features'], row['reason']]).strip('; ')} | {row['warning'] or 'no'} |"
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


def put(name: str, table: str) -> None:
    """Replace what stands between the marks of this name."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = PAGE.read_text("utf-8")
    head, tail = text.split(begin)[0], text.split(end)[1]
    PAGE.write_text(f"{head}{begin}\n{table}\n{end}{tail}", "utf-8")


def main() -> None:
    rows: list[Row] = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8", newline="") as file:
            rows += [row_of(line) for line in csv.DictReader(file)]
    if rows:
        put("measured", measured(rows))
    if DELIVERY.exists():
        put("delivered", delivered(json.loads(DELIVERY.read_text("utf-8"))))
    if COVERAGE.exists():
        put("coverage", coverage(json.loads(COVERAGE.read_text("utf-8"))))


if __name__ == "__main__":
    main()
