"""What a run says on stdout: the recommendation and one line per policy, or everything as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chainsim.cli.console import table

if TYPE_CHECKING:
    import pandas as pd

    from chainsim.study.results import Results


def as_text(results: Results, controlled: pd.DataFrame | None = None) -> str:
    """The recommendation and the table of policies, for a person. controlled: of `study.control`, told below."""
    # the report knows how numbers are written; it is slow to import
    from chainsim.report.glance import glance

    told = glance(results)
    lines = table([*told.columns], [[row[0], *map(plain, row[1:-1]), row[-1]] for row in told.rows])
    more = [] if controlled is None else [_steadier(results, controlled)]
    return "\n\n".join([*map(plain, told.paragraphs), lines, *([plain(told.year)] if told.year else []), *more])


def _steadier(results: Results, controlled: pd.DataFrame) -> str:
    """Estimates with demand as control variate, beside the plain ones."""
    from chainsim.kpis import KPIS
    from chainsim.report.numbers import Units

    units, time = Units(results.manifest["currency"]), results.manifest["time"]["unit"]
    labels = {p["name"]: p["label"] or p["name"] for p in results.manifest["policies"]}
    rows = []
    for row in _records(controlled):
        unit = KPIS.get(row["kpi"]).unit_text(results.manifest["currency"], time)
        ends = [
            units.interval(unit, row[mean], row[half])
            for mean, half in (("mean", "half_width"), ("plain", "plain_half_width"))
        ]
        gain = "" if row["gain"] is None else f"{row['gain']:.2f}"
        rows.append([labels[row["policy"]], KPIS.get(row["kpi"]).title, *map(plain, ends), gain])
    told = table(["policy", "measure", "demand as control variate", "plain", "gain"], rows)
    return (
        "The same replications, corrected by how far customers asked for more or less than expected. Gain: so many replications without "
        f"it one with it is worth; below 1 it harmed.\n{told}"
    )


def as_json(results: Results, controlled: pd.DataFrame | None = None) -> str:
    """Summary of the whole network, comparison, and what was delivered of the service asked (every stock point and group), as one
    JSON object; undefined numbers are null."""
    summary = results.summary
    network = summary[(summary["site"] == "") & (summary["product"] == "")]
    manifest = results.manifest
    content = {
        "scenario": manifest["scenario"],
        "replications": manifest["replications"],
        "seed": manifest["seed"],
        "baseline": manifest["baseline"],
        "summary": _records(network.drop(columns=["site", "product"])),
        "precision": manifest.get("precision"),
        "comparison": _records(results.comparison),
        "pairs": _records(results.pairs) if "pairs.csv" in results.files else [],
        "risk": _records(results.risk) if "risk.csv" in results.files else [],
        "warm_up": _records(results.warm_up) if "warm_up.csv" in results.files else [],
        "delivered": _records(results.delivered) if "delivered.csv" in results.files else [],
    }
    if controlled is not None:
        content["controlled"] = _records(controlled)
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def plain(text: str) -> str:
    """Typographic spaces and signs as any terminal shows them.

    >>> plain("1\\u202f234\\u00a0±\\u00a05, \\u22122")
    '1 234 ± 5, -2'
    """
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2212", "-")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): None if value != value else value for key, value in row.items()}
        for row in frame.to_dict(orient="records")
    ]
