"""Put what was measured into statistics.md: `python docs/make_statistics.py` after `python benchmarks/guarantee.py`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("statistics.md")
GUARANTEE = PAGE.parents[1] / "benchmarks" / "guarantee.json"
BEGIN, END = "<!-- guarantee -->", "<!-- /guarantee -->"


def guarantee(rows: Sequence[dict[str, Any]]) -> str:
    """How often the sentence was true and the choice right, by problem; the referee's beside it."""
    lines = [
        "| problem | studies | sentence true at the end | true at every look | right choice | settled | replications | referee: right | its replications |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        shares = " | ".join(f"{100.0 * row[key]:.1f} %" for key in ("held", "always", "right", "converged"))
        referee = (
            f"{100.0 * row['referee_right']:.1f} % | {row['referee_replications']:,.0f}"
            if "referee_right" in row
            else " | "
        )
        lines.append(f"| {row['problem']} | {row['studies']} | {shares} | {row['replications']:,.0f} | {referee} |")
    return "\n".join(lines)


def page() -> str:
    """The page with the table as it is measured."""
    text = PAGE.read_text("utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    return f"{head}{BEGIN}\n{guarantee(json.loads(GUARANTEE.read_text('utf-8')))}\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
