"""What points were warned of: in short for a reader, one by one for a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chainsim.experiments.job import Found
from chainsim.experiments.model import Experiment
from chainsim.study.csvtext import Cell
from chainsim.study.telling import told_once

COLUMNS = ("policy", "site", "product", "warning", "points")
"""Of warnings.csv: one row for each thing that is said of a stock point, and the points where it is."""


def in_short(asked: Experiment, found: Sequence[Found], full: str = "warnings.csv") -> list[str]:
    """A policy that runs as it is beside tuned ones, a level that leaves something out: each kind once for all stock points and points,
    with its numbers as ranges. full: where they stand one by one."""
    scenario = asked.base.scenario
    suppliers = {site.name for site in scenario.sites if site.kind == "supplier"}
    ordering = [point for point in scenario.points if point.site not in suppliers]
    names = {name for point in ordering for name in (point.site, point.product)}
    by_policy: dict[str, list[str]] = {}
    told: list[str] = []
    for text in dict.fromkeys(text for one in found for text in one.warnings):
        policy, place, words = _parts(asked, text)
        if place:
            by_policy.setdefault(policy, []).append(f"{place}: {words}")
        else:
            told.append(text)
    for policy, said in by_policy.items():
        told += (f"{policy}: {text}" for text in told_once(said, of=len(ordering), names=names, full=full))
    return told


def one_by_one(asked: Experiment, found: Sequence[Found]) -> Iterator[Sequence[Cell]]:
    """Rows of warnings.csv, in the order in which they were said first."""
    said: dict[str, list[int]] = {}
    for one in found:
        for text in dict.fromkeys(one.warnings):
            said.setdefault(text, []).append(one.number)
    for text, points in said.items():
        policy, place, words = _parts(asked, text)
        site, _, product = place.partition(" / ")
        yield policy, site, product, words, " ".join(map(str, points))


def _parts(asked: Experiment, text: str) -> tuple[str, str, str]:
    """Policy, stock point and sentence of 'policy: site / product: sentence'; the sentence alone where it is of no stock point."""
    policy, _, words = text.partition(": ")
    place, _, sentence = words.partition(": ")
    if policy in asked.alternatives and " / " in place:
        return policy, place, sentence
    return "", "", text
