"""Put the measured table of `chainsim verify` into how-we-know.md: `python docs/make_how_we_know.py results/verify/verify.csv …`.

Several files are taken as one verification made in pieces: some cases in one, others in another; one engine in one, the other in another.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from chainsim.verify import cases

PAGE = Path(__file__).with_name("how-we-know.md")
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


def measured(rows: list[dict[str, str]]) -> str:
    """One line per case: comparisons, the largest |z|, the widest interval against what is asked for, the verdict."""
    lines = [
        "| case | | formulas | simulated | by | largest \\|z\\| | widest half-width ÷ wanted | replications | verdict |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for id, case in cases().items():
        own = [r for r in rows if r["case"] == id]
        formulas = len({r["quantity"] for r in own if r["how"] == "theory"})
        runs = [r for r in own if r["how"] in ("exact", "simulated")]
        engines = sorted({r["engine"] for r in runs}, reverse=True)
        simulated = len({(r["quantity"], r["where"]) for r in runs})
        scores = [abs(float(r["z"])) for r in runs if r["z"]]
        widths = [float(r["half_width"]) / float(r["wanted"]) for r in runs if r["wanted"] and float(r["wanted"])]
        most = max((int(r["n"]) for r in runs), default=0)
        bad = [r for r in own if r["verdict"] in ("failed", "too wide")]
        again = any("second seed" in r["note"] for r in runs)
        verdict = "**failed**" if bad else f"waits for: {case.missing}" if case.missing else "passed"
        lines.append(
            f"| {id} | {case.title} | {formulas or ''} | {simulated or ''} | {' and '.join(engines)} | {f'{max(scores):.1f}' if scores else ''} | "
            f"{f'{max(widths):.2f}' if widths else 'exact' if runs else ''} | {most or ''} | "
            f"{verdict}{' (one on the second seed)' if again and not bad else ''} |"
        )
    return "\n".join(lines)


def main() -> None:
    rows: list[dict[str, str]] = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    text = PAGE.read_text("utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n{measured(rows)}\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
