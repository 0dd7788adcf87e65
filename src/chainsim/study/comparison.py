"""Two sets of results side by side: the same policies before and after a change, or in two places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chainsim.errors import UsageError
from chainsim.kpis import KPIS
from chainsim.statistics import compare as compare_paired
from chainsim.statistics import compare_independent
from chainsim.study.results import Results

if TYPE_CHECKING:
    import pandas as pd


def compare(first: Results, second: Results, kpis: Sequence[str] | None = None) -> pd.DataFrame:
    """Second minus first, for every policy that both have, over the whole network.

    Columns: kpi, policy, first, second, difference, half_width, verdict, n, method. Paired by replication when both ran
    with the same seed, seed scheme and number of replications (their random customers are the same wherever the
    scenarios agree), else by Welch's interval. Raises UsageError when no policy is in both, or for an unknown measure.
    """
    import pandas as pd  # slow to import; whoever only runs does without

    shared = [p for p in first.policies if p in second.policies]
    if not shared:
        raise UsageError(
            f"no policy is in both: {', '.join(first.policies)} in the first, {', '.join(second.policies)} in the "
            "second"
        )
    paired = all(first.manifest[key] == second.manifest[key] for key in ("seed", "rng_scheme", "replications"))
    test, method = (compare_paired, "paired") if paired else (compare_independent, "independent")
    level = float(first.manifest["confidence"])
    rows = []
    for id in kpis or KPIS.names():
        kpi = KPIS.get(id)
        for policy in shared:
            a, b = (results.sample(policy, id) for results in (first, second))
            c = test(b, a, level, kpi.direction)
            means = [_mean(results, policy, id) for results in (first, second)]
            d = c.difference
            rows.append((id, policy, *means, d.mean, d.half_width, c.verdict, d.n, method))
    columns = ["kpi", "policy", "first", "second", "difference", "half_width", "verdict", "n", "method"]
    return pd.DataFrame(rows, columns=columns)


def _mean(results: Results, policy: str, kpi: str) -> float | None:
    return results.estimate(policy, kpi).mean
