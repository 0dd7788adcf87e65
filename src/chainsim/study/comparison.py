"""Two sets of results side by side: the same policies before and after a change, or in two places."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chainsim.errors import UsageError
from chainsim.kpis import KPIS
from chainsim.registry import did_you_mean
from chainsim.statistics import compare as compare_paired
from chainsim.statistics import compare_independent
from chainsim.study.arguments import names, told
from chainsim.study.results import Results

if TYPE_CHECKING:
    import pandas as pd


def compare(
    first: Results,
    second: Results,
    kpis: Sequence[str] | None = None,
    policies: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Second minus first, for every policy that both have, over the whole network.

    policies: instead, this policy of the first against that one of the second (the rule of today against a new one);
    its rows are called 'first → second'. Columns: kpi, policy, first, second, difference, half_width, verdict, n, method. Paired by replication when both ran
    with the same seed, seed scheme and number of replications (their random customers are the same wherever the
    scenarios agree), else by Welch's interval. Raises UsageError when no policy is in both, or for an unknown measure.
    """
    import pandas as pd  # slow to import; whoever only runs does without

    given: tuple[tuple[str, object], ...] = (("first", first), ("second", second))
    for name, results in given:
        if not isinstance(results, Results):
            cure = (
                f": chainsim.Results.load({str(results)!r}) reads a folder" if isinstance(results, str | Path) else ""
            )
            raise UsageError(f"{name} must be Results, not {told(results)}{cure}")
    kpis = None if kpis is None else names("kpis", kpis)

    shared = [(p, p) for p in first.policies if p in second.policies]
    if policies is not None:
        for own, policy in zip((first, second), policies, strict=True):
            if policy not in own.policies:
                hint = did_you_mean(policy, own.policies)
                raise UsageError(f"unknown policy '{policy}'{hint}; known there: {', '.join(own.policies)}")
        shared = [policies]
    if not shared:
        raise UsageError(
            f"no policy is in both: {', '.join(first.policies)} in the first, {', '.join(second.policies)} in the "
            "second. Name one of each: --policies A,B"
        )
    paired = all(first.manifest[key] == second.manifest[key] for key in ("seed", "rng_scheme", "replications"))
    test, method = (compare_paired, "paired") if paired else (compare_independent, "independent")
    level = float(first.manifest["confidence"])
    rows = []
    for id in kpis or KPIS.names():
        kpi = KPIS.get(id)
        for of_first, of_second in shared:
            pair = ((first, of_first), (second, of_second))
            a, b = (results.sample(policy, id) for results, policy in pair)
            c = test(b, a, level, kpi.direction)
            means = [_mean(results, policy, id) for results, policy in pair]
            d = c.difference
            name = of_first if of_first == of_second else f"{of_first} → {of_second}"
            rows.append((id, name, *means, d.mean, d.half_width, c.verdict, d.n, method))
    columns = ["kpi", "policy", "first", "second", "difference", "half_width", "verdict", "n", "method"]
    return pd.DataFrame(rows, columns=columns)


def _mean(results: Results, policy: str, kpi: str) -> float | None:
    return results.estimate(policy, kpi).mean
