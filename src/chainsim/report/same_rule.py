"""Policies that come to the same rule: equal in every measure and every replication, to the last bit.

Under common random numbers two policies with the same rule and the same numbers give the same run, and what gives the same
run in everything that is measured is, for this study, one policy under two names. It is counted once.
"""

from __future__ import annotations

from collections.abc import Sequence

from chainsim.report.facts import Facts


def same_rules(facts: Facts) -> list[list[int]]:
    """Places of the policies, those of one rule together, each group in the order of the page."""
    groups: list[list[int]] = []
    for policy in facts.policies:
        own = _everything(facts, policy.name)
        group = next((g for g in groups if _everything(facts, facts.policies[g[0]].name) == own), None)
        if group is None:
            groups.append([policy.index])
        else:
            group.append(policy.index)
    return groups


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
