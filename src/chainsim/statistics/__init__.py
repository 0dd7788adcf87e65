"""Statistics of independent replications: intervals for means, paired comparison, quantiles.

Sums are taken in replication order by `math.fsum`, so that no digit depends on who finished first. Room is kept here
for what comes later, one file each: warm-up detection, stopping at a precision, comparison with the best.
"""

from __future__ import annotations

from chainsim.statistics.estimate import Estimate, estimate
from chainsim.statistics.independent import compare_independent
from chainsim.statistics.paired import Comparison, Verdict, compare, replications_needed

__all__ = ["Comparison", "Estimate", "Verdict", "compare", "compare_independent", "estimate", "replications_needed"]
