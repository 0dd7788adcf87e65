"""Confirmation on replications that no search has seen: who serves the target, and who of those is cheapest, with a guarantee.

Staged selection (`statistics.selection`) on replication numbers from ten million on: the same seed, other years. A candidate that is
refused is raised where customers buy, and everything is confirmed again on replications newer still, each attempt with half of
the error that is left. A sample that ends when everybody is sure flatters: what is told of services and costs is measured after
that, on replications that decided nothing, as many for everyone. Where the service is held exactly, costs are compared carried to exactly the target, along each candidate's
own slope, measured on the search's replications.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from chainsim.errors import UsageError
from chainsim.replicate.share import Share
from chainsim.statistics import (
    Answer,
    Carried,
    Selection,
    Slope,
    Terms,
    at_target,
    confidence_of_attempt,
    look_sizes,
    slope_between,
)
from chainsim.statistics.at_target import NEAR
from chainsim.tune.search import Found, Sizes
from chainsim.tune.trials import Impossible, Seen, Trials

Every = Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]]
FRESH = 10_000_000
"""The first replication that no search uses."""
APART = 1_000_000
"""So many replication numbers lie between one attempt and the next; half as many before those that are told."""
ATTEMPTS = 4
ENOUGH = 100
"""Fresh replications after which a candidate that hardly serves the target is raised, in place of more."""
SPARE = 1.2
"""Of the width that a bound has at the last look: how far above the target a candidate is raised in the end, so that the
luck of newer replications, and the smaller error they may take, seldom refuse it again."""
RAISES = (1, 2, 3, 5, 8, 12, 20, 32, 50, 80)
"""Steps by which a candidate that was refused may be raised."""
REACH = (1, 2, 4, 8)
"""Steps of the selling levels below and above a candidate between which its slope may be read."""


@dataclass(frozen=True)
class Candidate:
    """A found candidate of one alternative, with the slope of its cost against its service, where there is one."""

    trials: Trials
    found: Found
    slope: Slope | None = None

    @property
    def name(self) -> str:
        return self.trials.subject.name

    def raised(self, sizes: Sizes, by: float) -> Candidate:
        """The candidate higher where customers buy: so many steps as its service rises by so much on the search's sample, and one at
        least; itself where nothing sells, or can be moved."""
        found = self.found
        margin = self.trials.margin(found.seen)
        for steps in RAISES:
            spot = replace(found.spot, selling=found.spot.selling + steps)
            written = found.map.at(spot)
            if self.trials.key(written) == self.trials.key(found.written):
                return self
            seen = self.trials.see(written, sizes.last)
            if self.trials.margin(seen) >= margin + by:
                break
        return replace(self, found=replace(found, written=written, spot=spot, seen=seen))


@dataclass(frozen=True)
class Confirmed:
    """What the last confirmation said.

    candidates: those confirmed, as they were in the end. seen: the fresh replications that the answer rests on. told: those after
    them, `told_from` on, that decided nothing: what services and costs are told by. carried: each one's cost at exactly the target
    there; None where it cannot be carried. at_target: whether the answer compares such costs. first: the first replication.
    terms: of the last attempt. attempt: its number. settles: about how many replications would settle it.
    """

    candidates: tuple[Candidate, ...]
    seen: tuple[Seen, ...]
    answer: Answer
    terms: Terms
    first: int
    attempt: int
    at_target: bool
    settles: int | None
    raised: tuple[int, ...]
    told: tuple[Seen, ...] = ()
    told_from: int = 0
    carried: tuple[Carried | None, ...] = ()


def with_slope(candidate: Candidate, sizes: Sizes) -> Candidate:
    """The candidate with its slope, read between settings below and above it on the search's replications."""
    found, trials = candidate.found, candidate.trials
    if len(trials.scopes) != 1:
        return candidate
    for reach in REACH:
        try:
            below, above = (
                trials.see(found.map.at(replace(found.spot, selling=found.spot.selling + by)), sizes.last)
                for by in (-reach, reach)
            )
            if trials.service(above) - trials.service(below) > 5e-4:
                slope = slope_between(below.observed(), above.observed(), range(sizes.last))
                return replace(candidate, slope=slope)
        except (UsageError, Impossible):
            continue
    return candidate


def confirm(
    candidates: Sequence[Candidate],
    sizes: Sizes,
    indifference: float,
    most: int | None,
    every: Every,
) -> Confirmed:
    """The last of as many confirmations as it takes, and what is told of it. most: replications at the last look. every: does the
    same work for each."""
    return _told(_confirmed(candidates, sizes, indifference, most, every), sizes.last, every)


def foresee(candidates: Sequence[Candidate], sizes: Sizes, most: int | None, share: Share, every: Every) -> None:
    """A share of the fresh replications that the first confirmation may take, and of those it is told by, so that they are kept.
    Which of them are needed is known when they are there; those of a second confirmation cannot be foreseen."""

    def brought(candidate: Candidate) -> None:
        looks = look_sizes(most=most)
        for first, count in ((FRESH, looks[-1] if looks else 0), (FRESH + APART // 2, sizes.last)):
            row = share.row(count)
            if row.start < row.stop:
                candidate.trials.fresh(candidate.found.written, first + row.start, row.stop - row.start)

    every(brought, candidates)


def _told(said: Confirmed, count: int, every: Every) -> Confirmed:
    """With so many replications after the answer, and the costs at the target there. Whether a cost can be carried so far is told
    by those that decided."""
    first = said.first + APART // 2
    told = tuple(
        every(lambda candidate: candidate.trials.fresh(candidate.found.written, first, count), said.candidates)
    )
    if len(said.candidates[0].trials.scopes) != 1:
        return replace(said, told=told, told_from=first, carried=(None,) * len(told))
    decided = _carried(said.candidates, said.seen, said.first)
    carried = (
        None if one is None or before is None else replace(one, near=before.near)
        for one, before in zip(_carried(said.candidates, told, first), decided, strict=True)
    )
    return replace(said, told=told, told_from=first, carried=tuple(carried))


def _confirmed(
    candidates: Sequence[Candidate], sizes: Sizes, indifference: float, most: int | None, every: Every
) -> Confirmed:
    aim = candidates[0].trials.aim
    raised = [0] * len(candidates)
    now = list(candidates)
    first = FRESH
    for attempt in range(1, ATTEMPTS + 1):
        confidence = confidence_of_attempt(aim.confidence, attempt)
        said = _attempt(now, indifference, confidence, first, attempt, tuple(raised), most, every)
        refused = _refused(said)
        if not refused or attempt == ATTEMPTS:
            return said
        moved = False
        for i in refused:
            trials = now[i].trials
            bounds = said.answer.service[i]
            fresh = trials.service(said.seen[i])
            unproven = min(aim.target - bounds.low, aim.within) if bounds is not None else 0.0
            if bounds is not None and attempt == ATTEMPTS - 1:  # the luck of the years asks for more than the tolerance
                shrinks = sqrt(len(said.seen[i]) / said.terms.sizes[-1])
                unproven = max(unproven, aim.target + SPARE * shrinks * (fresh - bounds.low) - fresh)
            higher = now[i].raised(sizes, max(aim.searched - fresh, unproven))
            moved |= higher is not now[i]
            if higher is not now[i]:
                now[i], raised[i] = higher, raised[i] + 1
        if not moved:
            return said
        first += APART
    raise AssertionError("unreachable")


def _refused(said: Confirmed) -> list[int]:
    """Candidates of whom it is not sure that they serve, and that could be raised: those that cannot reach it are left."""
    if not said.terms.targets:
        return []
    return [
        i
        for i, candidate in enumerate(said.candidates)
        if i not in said.answer.serves and candidate.found.ceiling is None
    ]


def _attempt(
    candidates: Sequence[Candidate], indifference: float, confidence: float, first: int, attempt: int,
    raised: tuple[int, ...], most: int | None, every: Every,
) -> Confirmed:  # fmt: skip
    trials = candidates[0].trials
    aim = trials.aim
    target = tuple(trials.targets.tolist()) if len(trials.scopes) > 1 else aim.target
    carries = aim.hold == "exactly" and len(trials.scopes) == 1 and all(_carries(c) for c in candidates)
    terms = Terms(
        (target,) if trials.scopes else (), within=aim.within, indifference=indifference, confidence=confidence,
        sizes=look_sizes(most=most),
    )  # fmt: skip
    selection = Selection.of(len(candidates), terms)
    seen: list[Seen | None] = [None] * len(candidates)
    while selection.size is not None and (not selection.done or selection.undecided):
        size = selection.size
        wanted = sorted({*selection.wanted, *selection.undecided})

        def brought(i: int, size: int = size) -> Seen:
            have, candidate = seen[i], candidates[i]
            start = len(have) if have is not None else 0
            if have is not None and start >= size:
                return have
            more = candidate.trials.fresh(candidate.found.written, first + start, size - start)
            return more if have is None else have + more

        for i, found in zip(wanted, every(brought, wanted), strict=True):
            seen[i] = found
        carried = _carried(candidates, seen, first) if carries else [None] * len(candidates)
        selection = selection.look(
            [
                None if s is None else s.observed(None if c is None else c.cost)
                for s, c in zip(seen, carried, strict=True)
            ]
        )
        if size >= ENOUGH and attempt < ATTEMPTS and selection.done and _thin(candidates, seen, selection.undecided):
            break
    done = tuple(s for s in seen if s is not None)
    return Confirmed(
        tuple(candidates), done, selection.answers[0], terms, first, attempt, carries, selection.settles(), raised
    )


def _thin(candidates: Sequence[Candidate], seen: Sequence[Seen | None], undecided: Sequence[int]) -> bool:
    """Whether all who are left undecided lie so little above the target that raising them is cheaper than proving it."""
    margins = [
        candidates[i].trials.margin(s)
        for i in undecided
        if (s := seen[i]) is not None and candidates[i].found.ceiling is None
    ]
    return bool(margins) and max(margins) < candidates[0].trials.aim.within / 4.0


def _carries(candidate: Candidate) -> bool:
    """Whether its cost may be carried to the target along a straight line: told by the search's sample, not by the fresh one."""
    trials = candidate.trials
    return candidate.slope is not None and abs(trials.service(candidate.found.seen) - trials.aim.target) <= NEAR


def _carried(candidates: Sequence[Candidate], seen: Sequence[Seen | None], first: int) -> list[Carried | None]:
    return [
        at_target(s.observed(), candidate.trials.aim.target, candidate.slope, range(first, first + len(s)))
        if s is not None and candidate.slope is not None
        else None
        for candidate, s in zip(candidates, seen, strict=True)
    ]
