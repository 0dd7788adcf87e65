"""What a difference between policies is worth: comparison.csv, pairs.csv and best.csv.

Better, worse, equal for practical purposes, or cannot be told apart; where a measure has no better way, higher or lower. What is
material is an amount of a measure (`material:` of the scenario), a percentage of it one of the baseline's mean. Differences are paired
by replication. comparison.csv is against the baseline, one pair at a time; pairs.csv has all pairs with intervals that hold
together (Bonferroni), policies of the same rule counted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chainsim.kpis import KPIS, Parts
from chainsim.statistics import all_pairs, compare_with_best, estimate, judge, settles
from chainsim.statistics.amounts import Amount, amount_for
from chainsim.statistics.paired import paired_difference
from chainsim.statistics.sample import Sample
from chainsim.study.alike import groups_of
from chainsim.study.csvtext import Cell

COMPARISON = ("kpi", "policy", "baseline", "difference", "half_width", "verdict", "n", "material", "settles")
PAIRS = (
    "kpi", "first", "second", "difference", "half_width", "level", "verdict", "p_value", "n", "material", "settles",
)  # fmt: skip
BEST = ("kpi", "policy", "place", "rival", "gap", "low", "high", "n")
ALWAYS = ("fill_rate", "total_cost")
MOST_NUMBERS = 500_000
"""Pairs × measures × replications up to which every measure that has a better way is compared pair by pair; beyond, those of
`ALWAYS` and those that something is material of."""


def sample_of(measured: Parts, scope: int, k: int) -> Sample:
    """The replications of a measure, by its place among them, at a scope; the first scope is the whole network."""
    above, below = measured.numerators[:, scope, k], measured.denominators[:, scope, k]
    return Sample.of(above.tolist(), below.tolist(), KPIS.get(KPIS.names()[k]).unit)


def comparison(
    kpis: Sequence[str], policies: Sequence[str], measured: Sequence[Parts], level: float, material: Sequence[Amount]
) -> Iterator[Sequence[Cell]]:
    """Every policy against the first in these measures, over the whole network."""
    for id in kpis:
        k, kpi = KPIS.names().index(id), KPIS.get(id)
        baseline = sample_of(measured[0], 0, k)
        matters = _material(id, baseline, material)
        for policy, own in zip(policies[1:], measured[1:], strict=True):
            d = paired_difference(sample_of(own, 0, k), baseline, level)
            verdict = judge(d, kpi.direction, matters or 0.0)
            yield id, policy, policies[0], d.mean, d.half_width, verdict, d.n, matters, settles(d, matters or 0.0)


def pairs(
    kpis: Sequence[str], policies: Sequence[str], measured: Sequence[Parts], level: float, material: Sequence[Amount]
) -> Iterator[Sequence[Cell]]:
    """All pairs of different rules, over the whole network, each measure's pairs together."""
    firsts = [group[0] for group in same_rules(measured)]
    count = len(firsts) * (len(firsts) - 1) // 2
    told = [id for id in kpis if KPIS.get(id).direction != "none"]
    if count * len(told) * len(measured[0].numerators) > MOST_NUMBERS:
        told = [id for id in told if id in ALWAYS or amount_for(id, material) is not None]
    for id in told:
        k = KPIS.names().index(id)
        samples = [sample_of(measured[i], 0, k) for i in firsts]
        matters = _material(id, samples[0], material)
        for pair in all_pairs(samples, level, KPIS.get(id).direction, matters or 0.0):
            d = pair.difference
            names = policies[firsts[pair.first]], policies[firsts[pair.second]]
            yield (
                id, *names, d.mean, d.half_width, d.level, pair.verdict, pair.p_value, d.n, matters, pair.settles,
            )  # fmt: skip


def best(
    kpis: Sequence[str], policies: Sequence[str], measured: Sequence[Parts], level: float
) -> Iterator[Sequence[Cell]]:
    """Every policy against the best of the others, over the whole network, for all policies at once; policies of the same rule count
    once and have the same row."""
    groups = same_rules(measured)
    of = {place: number for number, group in enumerate(groups) for place in group}
    for id in kpis:
        k, kpi = KPIS.names().index(id), KPIS.get(id)
        if kpi.direction == "none":
            continue
        told = compare_with_best([sample_of(measured[group[0]], 0, k) for group in groups], level, kpi.direction)
        for place, policy in enumerate(policies):
            own = told[of[place]]
            rival = "" if own.rival is None else policies[groups[own.rival][0]]
            gap = None if own.gap is None else own.gap.mean
            yield id, policy, own.place, rival, gap, own.low, own.high, 0 if own.gap is None else own.gap.n


def same_rules(measured: Sequence[Parts]) -> list[list[int]]:
    """Places of the policies, those equal in every measure of every replication together."""
    return groups_of([(own.numerators.tobytes(), own.denominators.tobytes()) for own in measured])


def _material(kpi: str, baseline: Sample, material: Sequence[Amount]) -> float | None:
    """The difference that begins to matter, in the measure's unit; None where every sure one does."""
    amount = amount_for(kpi, material)
    return None if amount is None else amount.of(estimate(baseline).mean)
