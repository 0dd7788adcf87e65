"""Two sets of results side by side: the same policies before and after a change, or in two places; or two different policies.

Replications of the same seed are pairs: replication r has the same random numbers in both, and the same customers wherever demand is the
same. Their differences are steadier than either, and taken over the replications that both have. Results of different seeds know
nothing of each other, and are compared by Welch's interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

from chainsim.errors import UsageError
from chainsim.kpis import KPIS
from chainsim.registry import did_you_mean
from chainsim.statistics import Sample, compare_independent, estimate, judge, settles
from chainsim.statistics.amounts import Amount, amount_for, amounts
from chainsim.statistics.paired import paired_difference
from chainsim.study.arguments import names, told
from chainsim.study.precision import asked_amounts
from chainsim.study.results import Results

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "kpi", "policy", "unit", "first", "second", "difference", "half_width", "verdict", "n", "method", "material", "settles",
)  # fmt: skip

NOT_MEASURED = "not measured"
"""The verdict where one of the two has no value of a measure."""


@dataclass(frozen=True)
class Kinship:
    """How two sets of results belong together. pairs: replications that are pairs, 0 when none are; why: in words."""

    pairs: int
    why: str

    @property
    def method(self) -> str:
        return "paired" if self.pairs else "independent"


def compare(
    first: Results,
    second: Results,
    kpis: Sequence[str] | None = None,
    policies: tuple[str, str] | None = None,
    material: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Second minus first, for every policy that both have, over the whole network.

    policies: instead, this policy of the first against that one of the second (the rule of today against a new one);
    its rows are called 'first → second'. material: differences that begin to matter, such as '1% of total_cost' (of the first's mean);
    None takes those of the first. Columns: kpi, policy, unit, first, second, difference, half_width, verdict (of the second), n, method
    ('paired' or 'independent'; the verdict is 'not measured' where one of them has no value), material, settles (about how many replications would end 'cannot be told apart').
    Paired by replication, over those that both have, when both ran with the same seed and seed scheme, else by Welch's interval;
    `attrs["why"]` says it in words. Raises UsageError when no policy is in both, or for an unknown measure.
    """
    import pandas as pd  # slow to import; whoever only runs does without

    places: tuple[tuple[str, object], ...] = (("first", first), ("second", second))
    for name, results in places:
        if not isinstance(results, Results):
            cure = (
                f": chainsim.Results.load({str(results)!r}) reads a folder" if isinstance(results, str | Path) else ""
            )
            raise UsageError(f"{name} must be Results, not {told(results)}{cure}")
    kpis = None if kpis is None else names("kpis", kpis)
    shared = _shared(first, second, policies)
    if material is None:
        given = first.manifest.get("material", [])
        matters: tuple[Amount, ...] = amounts(given, ()) if given else ()
    else:
        matters = asked_amounts("material", material, ("total_cost",))
    kin = kinship(first, second)
    rows = [_row(first, second, id, pair, kin, matters) for id in kpis or _told(first, second) for pair in shared]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.attrs["why"] = kin.why
    return frame


def kinship(first: Results, second: Results) -> Kinship:
    """Whether replications of two results are pairs, and of how many."""
    one, other = first.manifest, second.manifest
    if any(one[key] != other[key] for key in ("seed", "rng_scheme")):
        return Kinship(0, "the seeds differ, so each has customers of its own")
    n = min(one["replications"], other["replications"])
    over = "" if one["replications"] == other["replications"] else f", over the first {n} replications, which both have"
    own, theirs = (m.get("customers", m["scenario"]["sha256"]) for m in (one, other))
    same = (
        "the same customers"
        if own == theirs
        else "the same seed; the customers are not the same, since demand or the clock differs"
    )
    return Kinship(n, f"{same}{over}")


def _row(
    first: Results, second: Results, id: str, pair: tuple[str, str], kin: Kinship, matters: Sequence[Amount]
) -> tuple[object, ...]:
    kpi, level = KPIS.get(id), float(first.manifest["confidence"])
    a, b = (
        _first(_sample(own, other, policy, id), kin.pairs)
        for own, other, policy in zip((first, second), (second, first), pair, strict=True)
    )
    means = [estimate(sample, level).mean for sample in (a, b)]
    d = paired_difference(b, a, level) if kin.pairs else compare_independent(b, a, level, kpi.direction).difference
    amount = amount_for(id, matters)
    material = None if amount is None else amount.of(means[0])
    unit = kpi.unit_text(first.manifest["currency"], first.manifest["time"]["unit"])
    name = pair[0] if pair[0] == pair[1] else f"{pair[0]} → {pair[1]}"
    verdict = NOT_MEASURED if d.mean is None else judge(d, kpi.direction, material or 0.0)
    needed = settles(d, material or 0.0) if kin.pairs else None
    return id, name, unit, *means, d.mean, d.half_width, verdict, d.n, kin.method, material, needed


def _told(*results: Results) -> list[str]:
    """The measures that any of these has in its tables."""
    there = set().union(*(one.replications["kpi"].unique() for one in results))
    return [id for id in KPIS.names() if id in there]


def _sample(own: Results, other: Results, policy: str, id: str) -> Sample:
    """A measure in every replication; undefined in all of them where it concerns the other's scenario only. Raises UsageError where
    neither has it."""
    if id in _told(own) or id not in _told(other):
        return own.sample(policy, id)
    nothing = [nan] * int(own.manifest["replications"])
    return Sample.of(nothing, nothing, KPIS.get(id).unit)


def _first(sample: Sample, n: int) -> Sample:
    """The first n replications; all for 0."""
    if not n:
        return sample
    below = None if sample.denominators is None else sample.denominators[:n]
    return Sample(sample.numerators[:n], below, sample.share)


def _shared(first: Results, second: Results, policies: tuple[str, str] | None) -> list[tuple[str, str]]:
    """Which policy of the first is compared with which of the second."""
    if policies is not None:
        for own, policy in zip((first, second), policies, strict=True):
            if policy not in own.policies:
                hint = did_you_mean(policy, own.policies)
                raise UsageError(f"unknown policy '{policy}'{hint}; known there: {', '.join(own.policies)}")
        return [policies]
    shared = [(p, p) for p in first.policies if p in second.policies]
    if not shared:
        raise UsageError(
            f"no policy is in both: {', '.join(first.policies)} in the first, {', '.join(second.policies)} in the "
            "second. Name one of each: --policies A,B, or A:policy and B:policy"
        )
    return shared
