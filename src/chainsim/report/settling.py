"""How stock settles from the start of the run on: what Welch's picture shows, on the page and as a file.

Stock of the whole network is averaged over replications and smoothed; where the lines have levelled out, counting may begin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chainsim.report.facts import Array, Facts, Policy
from chainsim.report.numbers import length, several
from chainsim.report.phrases import listed
from chainsim.report.starting import starts
from chainsim.statistics import welch

FEWEST = 12
"""Buckets below which there is nothing to smooth."""
PART = 20
"""The window reaches over a twentieth of the run to either side."""


@dataclass(frozen=True)
class Line:
    """Smoothed stock on hand, by time since the start of the run."""

    starts: Array
    values: Array


@dataclass(frozen=True)
class Settling:
    """title: what was found of the start; caption: what is drawn."""

    lines: Mapping[Policy, Line]
    title: str
    caption: str


def settling(facts: Facts) -> Settling | None:
    """None where there are hardly any buckets, or nothing was kept of the start."""
    table = facts.tables.series
    whole = table[(table["site"] == "") & (table["product"] == "") & (table["statistic"] == "mean")]
    kept = {p: whole[whole["policy"] == p.name].sort_values("start") for p in facts.policies}
    n = min((len(own) for own in kept.values()), default=0)
    if n < FEWEST:
        return None
    window = max(1, n // PART)
    lines = {}
    for policy, own in kept.items():
        smooth = welch(own["on_hand"].to_numpy(float), window)
        lines[policy] = Line(own["start"].to_numpy(float)[: len(smooth)] + facts.warm_up, smooth)
    buckets = (
        f"{several(2 * window + 1, 'bucket')} of {length(float(facts.manifest['time']['bucket']), facts.time_unit)}"
    )
    mean = f"the average of {several(facts.n, 'replication')}" if facts.n > 1 else "the only replication"
    caption = f"Welch’s picture: stock on hand of the whole network at the ends of buckets, {mean}, each point the mean over {buckets} (fewer at the start)."
    return Settling(lines, _title(facts), caption)


def _title(facts: Facts) -> str:
    """What was found of the start."""
    found = starts(facts)
    sure = [s.label for s in found if s.sure]
    if sure:
        return f"Stock still settles when counting begins: {listed(sure, 'and')}"
    if found and facts.warm_up and all(s.cut is not None for s in found):
        return "Stock has settled when counting begins"
    return "When does the start end? Stock from the first moment on"
