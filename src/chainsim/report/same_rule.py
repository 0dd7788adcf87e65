"""Policies that come to the same rule: equal in every measure and every replication, to the last bit.

Under common random numbers two policies with the same rule and the same numbers give the same run, and what gives the same
run in everything that is measured is, for this study, one policy under two names (`Facts.rules`). It is counted once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chainsim.report.verdict import Choice, Narrative


def counted_once(told: Narrative, labels: Sequence[str], groups: Sequence[Sequence[int]]) -> Narrative:
    """What is said of the first policy of each group, as something to be said of all policies."""
    if len(groups) == len(labels):
        return told
    standings = [""] * len(labels)
    for group, word in zip(groups, told.standings, strict=True):
        standings[group[0]] = word
        for twin in group[1:]:
            standings[twin] = f"the same rule as {labels[group[0]]}"
    headline, choice = told.headline, _of_firsts(told.choice, groups)
    if len(groups) == 1:  # nothing to choose between
        headline, standings[0] = "All policies of this run are the same rule.", "the same rule"
        choice = replace(choice, kind="same rule" if choice.kind == "only policy" else choice.kind)
    text = f"{told.text} {sentence(labels, groups)}"
    return replace(told, choice=choice, headline=headline, text=text, standings=tuple(standings))


def _of_firsts(choice: Choice, groups: Sequence[Sequence[int]]) -> Choice:
    """A choice among groups as one among policies: the first of each."""
    runner_up = None if choice.runner_up is None else groups[choice.runner_up][0]
    ties, equal = (tuple(groups[i][0] for i in places) for places in (choice.ties, choice.equal))
    return replace(choice, best=groups[choice.best][0], ties=ties, equal=equal, runner_up=runner_up)


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
