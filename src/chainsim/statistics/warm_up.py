"""Where the start of a run ends: MSER-5 and Welch's moving average on a series averaged over replications, and when
they must not be asked.

MSER-5 cuts where the standard error of the rest is least (K. P. White, Simulation 69(6), 1997, 323-334; K. P. White,
M. J. Cobb & S. C. Spratt, Winter Simulation Conference 2000, 755-761). It takes for granted that the series settles.
A season, a step in the middle or a drift to the end make it answer with a number all the same, so they are looked for
first, with replications as the independent observations:

* *season*, if the cycle is known: analysis of variance of the phases of the last whole cycles, replications × phases,
  F with the degrees of freedom 1 and R − 1 that hold for any correlation of phases (S. Geisser & S. W. Greenhouse,
  Annals of Mathematical Statistics 29(3), 1958, 885-891);
* *step*: two levels fitted by least squares; the jump must be sure (t over replications, Bonferroni over places) and
  of a size that matters, and the series level before and after, which one that fades is not;
* *drift*: after the cut the later half still differs from the earlier by more than matters, surely.

A plateau at the start that then jumps (stock before the first orders arrive) looks like a step: within the first
`EARLY` of the series it counts as the start, later only who knows the model can tell. What is too small to be sure of
among so few replications is not seen: more replications see more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from chainsim.errors import UsageError

Array = np.ndarray[Any, np.dtype[np.float64]]
State = Literal["cut", "season", "step", "drift", "too short"]

BATCH, FEWEST = 5, 40
SURE = 0.01  # error of saying season, step or drift where there is none
PLACES = 20  # places of a step that are as good as independent of each other
EARLY = 0.2
LEVEL = 0.25  # of the change: a slope before or after it that is less makes no slope of it
HARMONICS = 6


@dataclass(frozen=True)
class WarmUp:
    """What the series says about its start.

    state: 'cut': leave out the first `cut` buckets (0: nothing); 'season': it repeats every cycle, `cut` is found
    after the season was taken out, None with fewer than three cycles; 'step': its level changes at bucket `at` by
    `change`, and stays; 'drift': it still moves at the end, by `change` between the halves after the cut; 'too
    short': MSER-5 cuts at its limit of half the series, or there are fewer than 40 buckets. cut is None wherever a
    number would mislead. checked: whether there were replications enough (two) to look for season, step and drift.
    """

    state: State
    cut: int | None
    at: int | None = None
    change: float | None = None
    checked: bool = True


def warm_up(series: Array, cycle: int | None = None, material: float = 0.05) -> WarmUp:
    """The warm-up that a series [replication, bucket] needs, or why it cannot be told.

    cycle: buckets of a season that may be in it. material: the change that matters, as a share of the level. Raises
    UsageError for a series that is empty or no numbers, a cycle below 2, or a negative material.

    >>> rng = np.random.default_rng(1)
    >>> fading = 100.0 + 80.0 * np.exp(-np.arange(200) / 8.0) + rng.normal(size=(10, 200))
    >>> warm_up(fading).state, 30 <= warm_up(fading).cut <= 60
    ('cut', True)
    >>> warm_up(np.where(np.arange(200) < 90, 100.0, 130.0) + rng.normal(size=(10, 200)))
    WarmUp(state='step', cut=None, at=90, change=30.0..., checked=True)
    """
    rows = np.atleast_2d(np.asarray(series, np.float64))
    if rows.ndim != 2 or rows.size == 0 or not np.isfinite(rows).all():
        raise UsageError("a series to find the warm-up of is [replication, bucket], of numbers, and not empty")
    if (cycle is not None and cycle < 2) or not material >= 0.0:
        raise UsageError(
            f"a cycle has two buckets or more, and what is material is at least 0: not {cycle!r} and {material!r}"
        )
    buckets, checked = rows.shape[1], len(rows) > 1
    if buckets < FEWEST:
        return WarmUp("too short", None, checked=False)
    if cycle is not None and checked and (found := _season(rows, cycle, material)) is not None:
        return found
    mean = rows.mean(axis=0)
    if checked and (found := _step(rows, material)) is not None:
        return found
    cut = mser5(mean)
    if cut is None:
        return WarmUp("too short", None, checked=checked)
    if checked and (change := _drift(rows[:, cut:], material)) is not None:
        return WarmUp("drift", None, change=change)
    return WarmUp("cut", cut, checked=checked)


def mser5(series: Array) -> int | None:
    """Buckets to cut by MSER-5, a multiple of five; None where the least lies at the end of the half it may cut,
    which says that the series is too short.

    >>> mser5(np.array([9.0] * 10 + [1.0, 2.0] * 40)), mser5(np.arange(100.0))
    (10, None)
    """
    # scipy comes with the theory, and is loaded here, not with the module: workers never need it
    from chainsim.theory.output_series import mser

    found = mser(series.tolist(), BATCH)
    return None if found.cut_batches >= found.batches // 2 - 1 else found.cut


def welch(series: Array, window: int) -> Array:
    """Welch's picture: the average over replications, each bucket the mean of those at most `window` away, at the
    start of as many as there are on both sides; `window` buckets shorter than the series. P. D. Welch (1983); Law,
    Simulation Modeling and Analysis, 5th ed., section 9.5.1.

    Raises UsageError for a window below 1 or above a quarter of the series.

    >>> welch(np.array([[1.0, 5.0, 3.0, 7.0, 5.0, 9.0, 7.0, 11.0]]), 1).round(6).tolist()
    [1.0, 3.0, 5.0, 5.0, 7.0, 7.0, 9.0]
    """
    mean = np.atleast_2d(np.asarray(series, np.float64)).mean(axis=0)
    if not 1 <= window <= len(mean) // 4:
        raise UsageError(f"Welch's window lies between 1 and a quarter of the {len(mean)} buckets, not {window!r}")
    sums = np.concatenate([[0.0], mean.cumsum()])
    i = np.arange(len(mean) - window)
    reach = np.minimum(i, window)
    smooth: Array = (sums[i + reach + 1] - sums[i - reach]) / (2 * reach + 1)
    return smooth


def _season(rows: Array, cycle: int, material: float) -> WarmUp | None:
    """Whether phases of the last cycles differ; the cut after taking them out, where there are three cycles."""
    buckets = rows.shape[1]
    cycles = buckets // cycle
    if cycles < 2:
        return WarmUp("too short", None, checked=False)
    used = cycles - 1  # the first may still be the start
    tail = rows[:, buckets - used * cycle :]
    phases = tail.reshape(len(rows), used, cycle).mean(axis=1)
    profile = phases.mean(axis=0)
    if np.ptp(profile) <= material * np.abs(profile).mean() or not _phases_differ(phases):
        return None
    cut = mser5(rows.mean(axis=0) - _wave(tail.mean(axis=0), buckets, cycle)) if cycles >= 3 else None
    return WarmUp("season", cut, change=float(np.ptp(profile)))


def _wave(tail: Array, buckets: int, cycle: int) -> Array:
    """The season of the last cycles as a few harmonics, for every bucket: so few that taking it out leaves the noise
    as it was."""
    turns = 2.0 * np.pi * np.arange(buckets)[:, None] * np.arange(1, min(HARMONICS, (cycle - 1) // 2 or 1) + 1) / cycle
    waves = np.hstack([np.cos(turns), np.sin(turns)])
    size = np.linalg.lstsq(waves[-len(tail) :], tail - tail.mean(), rcond=None)[0]
    season: Array = waves @ size
    return season


def _phases_differ(phases: Array) -> bool:
    """Replications × phases, two-way without interaction, the conservative F(1, R − 1): phase by phase, and in
    twelfths of the cycle."""
    from scipy.special import fdtri

    cycle = phases.shape[1]
    months = np.stack([part.mean(axis=1) for part in np.array_split(phases, min(12, cycle), axis=1)], axis=1)
    return any(_ratio_of_variances(each) > fdtri(1, len(phases) - 1, 1.0 - SURE / 2.0) for each in (phases, months))


def _ratio_of_variances(phases: Array) -> float:
    r, p = phases.shape
    middle = phases.mean(axis=0)
    between = r * float(np.square(middle - middle.mean()).sum()) / (p - 1)
    rest = phases - middle - phases.mean(axis=1, keepdims=True) + phases.mean()
    within = float(np.square(rest).sum()) / ((p - 1) * (r - 1))
    return between / within if within > 0.0 else np.inf


def _step(rows: Array, material: float) -> WarmUp | None:
    """The one change of level that explains most, if it is sure, matters and comes after a level."""
    mean = rows.mean(axis=0)
    n = len(mean)
    places = np.arange(BATCH, n - BATCH)
    sums = mean.cumsum()
    before, after = sums[places - 1] / places, (sums[-1] - sums[places - 1]) / (n - places)
    at = int(places[np.argmax(places * (n - places) * np.square(after - before))])
    change, sure = _change(rows[:, :at], rows[:, at:], SURE / PLACES)
    if not sure or at < EARLY * n or abs(change) <= material * max(abs(mean[:at].mean()), abs(mean[at:].mean())):
        return None
    last = (n - at) // 2
    slopes = (
        _change(rows[:, at // 2 : 3 * at // 4], rows[:, 3 * at // 4 : at], 0.05),
        _change(rows[:, at : at + last], rows[:, at + last :], 0.05),
    )
    moving = any(clear and 2.0 * abs(slope) > LEVEL * abs(change) for slope, clear in slopes)
    return None if moving else WarmUp("step", None, at, change)


def _drift(rows: Array, material: float) -> float | None:
    """By how much the later half of what is left lies higher, if that is sure and matters."""
    half = rows.shape[1] // 2
    change, sure = _change(rows[:, :half], rows[:, half:], SURE)
    return (
        change
        if sure and abs(change) > material * max(abs(rows[:, :half].mean()), abs(rows[:, half:].mean()))
        else None
    )


def _change(before: Array, after: Array, error: float) -> tuple[float, bool]:
    """How much higher the mean of the later part is, and whether that it differs is sure but for this error."""
    from scipy.special import stdtrit

    differences = after.mean(axis=1) - before.mean(axis=1)
    r = len(differences)
    change = float(differences.mean())
    return change, bool(abs(change) > stdtrit(r - 1, 1.0 - error / 2.0) * differences.std(ddof=1) / np.sqrt(r))
