"""Pages of levels that follow a season, as rows: stock points with the same pages share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from chainsim.plan.plan import Array, Clock
from chainsim.plan.tables import PAGE
from chainsim.policies.base import Page, Settings
from chainsim.policies.moved import Raised

MOST = 10_000
"""Sequences of pages that are remembered."""


@dataclass(frozen=True, eq=False)
class Read:
    """Pages as arrays: tick, number of parameters and wake level of each, and all parameters end to end. A page that
    begins at or after the end of the run is left out."""

    at: Array
    count: Array
    wake_at: Array
    numbers: Array

    @classmethod
    def of(cls, pages: Sequence[Page], clock: Clock) -> Read:
        """The pages of a stock point."""
        ticks = [clock.ticks(page.at) for page in pages]
        kept = [(at, page) for at, page in zip(ticks, pages, strict=True) if at < clock.end]
        return cls(
            np.array([at for at, _ in kept], np.int64),
            np.array([len(page.p) for _, page in kept], np.int64),
            np.array([page.wake_at for _, page in kept], float),
            np.array([x for _, page in kept for x in page.p], float),
        )

    @cached_property
    def first(self) -> Array:
        """Where the parameters of each page begin."""
        return np.cumsum(self.count) - self.count


@dataclass(frozen=True)
class Move:
    """By how much pages are higher, at which places of their parameters (as in `moved.Raised`)."""

    places: tuple[int, ...] = ()
    by: tuple[float, ...] = ()


class PageBook:
    """Compiles pages, and reads each only once, however often levels are moved."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._same: dict[int, tuple[Sequence[Page], Read]] = {}  # by identity; held, so that no other gets its number
        self._equal: dict[Sequence[Page], Read] = {}

    def compile(self, points: Array, settings: Mapping[int, Settings]) -> tuple[Array, Array]:
        """Rows of `tables.PAGE` and the parameters they name; fills in which rows are each stock point's, and the wake
        level of its first."""
        found: dict[tuple[Read, Move, bool], int] = {}  # its first row
        who: list[tuple[int, int, int]] = []  # stock point, its first page, how many
        length = 0
        for i, chosen in settings.items():
            if not chosen.pages:
                continue
            read, move = self._read(chosen.pages)
            key = read, move, bool(points["review_interval"][i] == 0)
            if key not in found:
                found[key] = length
                length += len(read.at)
            who.append((i, found[key], len(read.at)))
        table = PAGE.array(length)
        if not who:
            return table, np.zeros(0)
        table["at"] = np.concatenate([read.at for read, _, _ in found])
        table["count"] = np.concatenate([read.count for read, _, _ in found])
        table["first"] = np.cumsum(table["count"]) - table["count"]
        wake_at = np.concatenate([read.wake_at for read, _, _ in found])
        numbers = np.concatenate([read.numbers for read, _, _ in found])
        at = 0
        for (read, move, continuous), first in found.items():
            rows = slice(first, first + len(read.at))
            for rise in move.by:
                wake_at[rows] += rise
                for place in move.places:
                    numbers[at + place + read.first] += rise
            if not continuous:
                wake_at[rows] = -inf
            at += len(read.numbers)
        table["wake_at"] = wake_at
        at_points, firsts, counts = np.array(who).T
        points["first_page"][at_points], points["pages"][at_points] = firsts, counts
        points["page"][at_points], points["wake_at"][at_points] = firsts, wake_at[firsts]
        return table, numbers

    def _read(self, pages: Sequence[Page]) -> tuple[Read, Move]:
        if isinstance(pages, Raised):
            return self._read(pages.pages)[0], Move(pages.places, pages.by)
        held = self._same.get(id(pages))
        if held is None:
            if len(self._same) > MOST:  # others are derived again and again
                self._same.clear()
                self._equal.clear()
            if pages not in self._equal:
                self._equal[pages] = Read.of(pages, self.clock)
            held = self._same[id(pages)] = pages, self._equal[pages]
        return held[1], Move()
