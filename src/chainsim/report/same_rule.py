"""Policies that come to the same rule: equal in every measure and every replication, to the last bit.

Under common random numbers two policies with the same rule and the same numbers give the same run, and what gives the same
run in everything that is measured is, for this study, one policy under two names. It is counted once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from chainsim.report.facts import Facts
from chainsim.study.alike import groups_of

if TYPE_CHECKING:
    from chainsim.report.verdict import Narrative


def same_rules(facts: Facts) -> list[list[int]]:
    """Places of the policies, those of one rule together, each group in the order of the page."""
    return groups_of([_everything(facts, policy.name) for policy in facts.policies])


def counted_once(told: Narrative, labels: Sequence[str], groups: Sequence[Sequence[int]]) -> Narrative:
    """What is said of the first policy of each group, as something to be said of all policies."""
    if len(groups) == len(labels):
        return told
    standings = [""] * len(labels)
    for group, word in zip(groups, told.standings, strict=True):
        standings[group[0]] = word
        for twin in group[1:]:
            standings[twin] = f"the same rule as {labels[group[0]]}"
    headline = told.headline
    if len(groups) == 1:  # nothing to choose between
        headline, standings[0] = "All policies of this run are the same rule.", "the same rule"
    text = f"{told.text} {sentence(labels, groups)}"
    return replace(told, chosen=groups[told.chosen][0], headline=headline, text=text, standings=tuple(standings))


def sentence(labels: Sequence[str], groups: Sequence[Sequence[int]]) -> str:
    """Who is the same rule as whom; '' when all differ.

    >>> sentence(["EOQ", "(s, Q)", "JIT"], [[0, 1], [2]])
    'EOQ and (s, Q) are the same rule here (equal in every measure of every replication) and count once.'
    """
    told = []
    for group in groups:
        if len(group) > 1:
            names = [labels[i] for i in group]
            listed = f"{', '.join(names[:-1])} and {names[-1]}"
            told.append(
                f"{listed} are the same rule here (equal in every measure of every replication) and count once."
            )
    return " ".join(told)


def _everything(facts: Facts, name: str) -> tuple[bytes, ...]:
    """All numbers of a policy, NaN equal to NaN: every measure of every replication, and every mean of every scope."""
    tables = facts.tables
    values = tables.replications
    means = tables.summary
    own = values[values["policy"] == name]["value"].to_numpy(float)
    mean = means[means["policy"] == name]["mean"].to_numpy(float)
    return own.tobytes(), mean.tobytes()
