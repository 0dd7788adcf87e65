"""Statistics of independent replications: arrays in, results out; nothing here simulates.

Intervals for means and ratios (`estimate`), paired comparison, all pairs and comparison with the best; which
candidates serve a target and which of those is cheapest, with a guarantee (`Selection`); cost at exactly the target;
risk beside means; where warm-up ends; variance reduction with its gain. docs/statistics.md says which procedure, why,
what it assumes and what was measured.

Estimates take sums in replication order by `math.fsum`, so that no digit depends on who finished first; `Selection`
keeps the order too.
"""

from __future__ import annotations

from chainsim.statistics.answers import Answer
from chainsim.statistics.at_target import Carried, Slope, at_target, slope_between
from chainsim.statistics.best import Standing, compare_with_best
from chainsim.statistics.estimate import Estimate, estimate
from chainsim.statistics.independent import compare_independent
from chainsim.statistics.multiple import Pair, all_pairs, judge, settles
from chainsim.statistics.observed import Observed
from chainsim.statistics.paired import Comparison, Verdict, compare, replications_needed
from chainsim.statistics.risk import Quantile, Share, miss_share, quantile, worst_bucket, worst_in
from chainsim.statistics.sample import Sample
from chainsim.statistics.selection import Selection, Terms, confidence_of_attempt, look_sizes
from chainsim.statistics.sequential import Chosen, sequential
from chainsim.statistics.variance import Reduced, antithetic, control_variates
from chainsim.statistics.warm_up import WarmUp, mser5, warm_up, welch

__all__ = [
    "Answer",
    "Carried",
    "Chosen",
    "Comparison",
    "Estimate",
    "Observed",
    "Pair",
    "Quantile",
    "Reduced",
    "Sample",
    "Selection",
    "Share",
    "Slope",
    "Standing",
    "Terms",
    "Verdict",
    "WarmUp",
    "all_pairs",
    "antithetic",
    "at_target",
    "compare",
    "compare_independent",
    "compare_with_best",
    "confidence_of_attempt",
    "control_variates",
    "estimate",
    "judge",
    "look_sizes",
    "miss_share",
    "mser5",
    "quantile",
    "replications_needed",
    "sequential",
    "settles",
    "slope_between",
    "warm_up",
    "welch",
    "worst_bucket",
    "worst_in",
]
