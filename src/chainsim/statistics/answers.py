"""What a staged selection may say for one threshold, as numbers; the words are the report's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from chainsim.statistics.observed import Array, Moments
from chainsim.statistics.screening import Marks, Risks, answered, gap_error, lead, service_bounds

Target = float | tuple[float, ...]
State = Literal["no sentence", "nobody", "chosen"]


class Bounds(NamedTuple):
    """An estimate and what is sure of it. Each end is one-sided, as the decisions use it: one of them is as sure as
    they are."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Answer:
    """With the confidence asked for, at once: all of `serves` serve the target in the long run; and no candidate that
    serves target + within or more is more than `gap` cheaper than `winner`.

    state: 'no sentence' before the first look; 'nobody' surely serves; 'chosen'. converged: gap is at most the
    indifference, or everyone is surely short. serves, short (of target + within), dearer (than one that serves):
    candidates of whom that is sure. winner: the cheapest that surely serves. nearest: the candidate whose service
    comes nearest the target, in its worst group; shortfall: target − its service, negative where the sample serves
    but is not sure. service: every candidate's in its worst group. costs: every open candidate's cost minus the
    winner's. replications: seen of each candidate.
    """

    target: Target | None
    state: State
    converged: bool
    serves: tuple[int, ...]
    short: tuple[int, ...]
    dearer: tuple[int, ...]
    winner: int | None
    gap: float | None
    nearest: int | None
    shortfall: float | None
    service: tuple[Bounds | None, ...]
    costs: tuple[Bounds | None, ...]
    replications: tuple[int, ...]


def silence(target: Target | None, candidates: int) -> Answer:
    """Before anything was looked at: no sentence."""
    nothing = (None,) * candidates
    return Answer(target, "no sentence", False, (), (), (), None, None, None, None, nothing, nothing, (0,) * candidates)


def answer(
    target: Target | None, marks: Marks, moments: Moments, risks: Risks, n: int, cost: int, indifference: float
) -> Answer:
    """The answer after a look at n replications of those still open."""
    first = lead(marks, moments, risks, n, cost)
    service, shortfalls = _service(target, moments, risks)
    nearest = min(shortfalls, key=lambda i: (shortfalls[i], i), default=None)
    serves, short, dearer = (tuple(np.flatnonzero(f).tolist()) for f in (marks.serves, marks.short, marks.dearer >= 0))
    return Answer(
        target, "chosen" if first else "nobody", answered(marks, moments, risks, n, cost, indifference), serves, short, dearer,
        first[0] if first else None, first[1] if first else None, nearest, None if nearest is None else shortfalls[nearest],
        service, _costs(first[0] if first else None, marks, moments, gap_error(moments, risks, n, cost), cost),
        tuple(int(count) for count in moments.n),
    )  # fmt: skip


def _service(
    target: Target | None, moments: Moments, risks: Risks
) -> tuple[tuple[Bounds | None, ...], dict[int, float]]:
    """Service of every candidate in the group that is shortest of its target, and that shortfall."""
    found: list[Bounds | None] = []
    shortfalls: dict[int, float] = {}
    low, high = service_bounds(moments, risks)
    for i, ratio in enumerate(moments.service.ratio):
        if target is None or not np.isfinite(ratio).any():
            found.append(None)
            continue
        missing = np.atleast_1d(target) - ratio
        worst = int(np.nanargmax(missing))
        shortfalls[i] = float(missing[worst])
        found.append(Bounds(float(ratio[worst]), float(low[i, worst]), float(high[i, worst])))
    return tuple(found), shortfalls


def _costs(winner: int | None, marks: Marks, moments: Moments, error: Array, cost: int) -> tuple[Bounds | None, ...]:
    if winner is None:
        return (None,) * len(marks.serves)
    gaps = moments.gap[cost, :, winner]
    return tuple(
        Bounds(float(gap), float(gap - e), float(gap + e)) if open_ else None
        for gap, e, open_ in zip(gaps, error[:, winner], marks.alive, strict=True)
    )
