"""Statistics of independent replications: intervals for means and ratios, paired comparison, comparison with the best, quantiles.

Sums are taken in replication order by `math.fsum`, so that no digit depends on who finished first. Room is kept here
for what comes later, one file each: warm-up detection, stopping at a precision.
"""

from __future__ import annotations

from chainsim.statistics.best import Standing, compare_with_best
from chainsim.statistics.estimate import Estimate, estimate
from chainsim.statistics.independent import compare_independent
from chainsim.statistics.paired import Comparison, Verdict, compare, replications_needed
from chainsim.statistics.sample import Sample

__all__ = [
    "Comparison",
    "Estimate",
    "Sample",
    "Standing",
    "Verdict",
    "compare",
    "compare_independent",
    "compare_with_best",
    "estimate",
    "replications_needed",
]
