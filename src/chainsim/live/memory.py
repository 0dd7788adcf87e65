"""What the engine's memory holds before a policy runs, as 64-bit words: what a page writes into its own.

Plans of a lever's positions differ in few words (`Patch`). Levels, wake levels, initial stock, tables of laws and prices follow by
themselves, since Python makes every Plan and only words are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chainsim.chance.book import StreamArrays
from chainsim.chance.tables import DISCRETE
from chainsim.engines.compiled.layout import LISTS, PLACE, SCALARS, TABLES
from chainsim.engines.compiled.loops import known_rules
from chainsim.engines.compiled.state import State
from chainsim.engines.pools import POOLS
from chainsim.live.trace import PRICES
from chainsim.plan.plan import Plan
from chainsim.record.totals import TOTALS

Array = np.ndarray[Any, Any]

CONTROL = "control"
WORKED_ON = (
    "customers",
    "ahead",
    "outages",
    "flows",
    "desks",
    "memory",
    "drawn",
    *TOTALS,
)
"""Arrays that a replication changes, and the next one needs as they were."""
MONEY = tuple(f"money.{name}" for name in PRICES)
"""Prices: the loop never looks at them."""
KEPT = ("series", "waiting", "waiting_time")
"""Arrays that are 0 at the beginning of a replication."""
BLANK = (
    *(f"opening_{name}" for name in TOTALS),
    "variates",
    "ahead_at",
    "ahead_quantity",
    "lines",
)
"""Arrays whose content does not matter before a replication writes it."""
GROWING = tuple(pool for pool in POOLS if not pool.when)
"""Pools that grow while a replication runs in a page, where nothing is logged."""
POOLED = tuple(name for pool in GROWING for name in pool.arrays)
FIXED = tuple(n for n in (*TABLES, *LISTS) if n not in {*WORKED_ON, *KEPT, *BLANK, *POOLED})
"""Arrays that a replication only reads."""
HELD = (CONTROL, *FIXED, *WORKED_ON, *MONEY)
"""Arrays whose words are written into the page, in their order there."""


@dataclass(frozen=True)
class Patch:
    """What another memory has in other words: by array the places, in order, and the words there. room: what it needs for its arrays."""

    changes: Mapping[str, tuple[Array, Array]]
    room: Mapping[str, int]


@dataclass(frozen=True)
class Memory:
    """words: of the arrays `HELD`. empty: words of the arrays that begin empty, and rows of the pools."""

    words: Mapping[str, Array]
    empty: Mapping[str, int]

    @classmethod
    def of(cls, plan: Plan) -> Memory:
        """The memory for a Plan. Its control row has numbers and lengths; addresses are the page's affair, and 0."""
        known, plan = known_rules(plan.rules), replace(plan, streams=_counts_last(plan.streams))
        state = State(plan, [known.index(rule) for rule in plan.rules])
        control = np.zeros_like(state.control)
        for name in (*SCALARS, *(f"{array}_length" for array in state.arrays if array not in POOLED)):
            control[PLACE[name]] = state[name]
        for name in ("instant", "demand_over"):  # as `State.restart` has them
            control[PLACE[name]] = -1
        prices = {f"money.{name}": getattr(plan.money, name) for name in PRICES}
        arrays = {CONTROL: control, **state.arrays, **prices}
        empty = {name: state.arrays[name].nbytes // 8 for name in (*KEPT, *BLANK)}
        return cls(
            {name: _words(arrays[name]) for name in HELD},
            empty | {name: len(state.arrays[name]) for name in POOLED},
        )

    @property
    def room(self) -> dict[str, int]:
        """Words of each array, and rows of each pool."""
        return {name: len(array) for name, array in self.words.items()} | dict(self.empty)

    def patch_to(self, other: Memory) -> Patch:
        """What has to be written over this memory to make the other one."""
        changes = {}
        for name, words in other.words.items():
            n = max(len(words), len(self.words[name]))
            here, there = _padded(self.words[name], n), _padded(words, n)
            places = np.flatnonzero(here != there)
            if len(places):
                changes[name] = places, there[places]
        return Patch(changes, other.room)

    def at(self, name: str, places: Array) -> Array:
        """The words of an array at places, 0 beyond its end."""
        words = self.words[name]
        return _padded(words, max(len(words), int(places.max(initial=-1)) + 1))[places]

    def with_patches(self, patches: Iterable[Patch]) -> dict[str, Array]:
        """All words with patches written into them. A word that several of them touch moves by the sum of what each moves it by, as
        floating-point numbers; of what is none (small counts, indices) the bits of such a sum are those of the sum."""
        words = dict(self.words)
        touched: dict[str, Array] = {}
        for patch in patches:
            for name, (places, there) in patch.changes.items():
                n = int(places[-1]) + 1
                words[name] = _padded(words[name], n, copy=True)
                before = touched[name] = _padded(touched.get(name, np.zeros(n, np.int64)), n)
                again = before[places] > 0
                first, more = places[~again], places[again]
                words[name][first] = there[~again]
                with np.errstate(invalid="ignore"):
                    by = there[again].view(np.float64) - self.at(name, more).view(np.float64)
                    words[name][more] = (words[name][more].view(np.float64) + by).view(np.int64)
                before[places] = 1
        return words


def adds_up(base: Memory, edits: Sequence[Memory], together: Memory) -> bool:
    """Whether the patches of several edits together make the memory of the Plan with all of them.

    edits: the memory with each edit alone, in the order of the levers.
    """
    made = base.with_patches(base.patch_to(edit) for edit in edits)
    for name, words in together.words.items():
        n = max(len(words), len(made[name]))
        if (_padded(made[name], n) != _padded(words, n)).any():
            return False
    return True


@dataclass(frozen=True)
class Moved:
    """What the positions of a lever change in one memory: by array the places that any of them touches, and at each position all words
    there [positions, places]."""

    changes: Mapping[str, tuple[Array, Array]]

    @classmethod
    def of(cls, base: Memory, patches: Sequence[Patch]) -> Moved:
        """From the patch of every position."""
        changes = {}
        for name in HELD:
            touched = [patch.changes[name][0] for patch in patches if name in patch.changes]
            if not touched:
                continue
            places = np.unique(np.concatenate(touched))
            words = np.tile(base.at(name, places), (len(patches), 1))
            for row, patch in zip(words, patches, strict=True):
                if name in patch.changes:
                    where, there = patch.changes[name]
                    row[np.searchsorted(places, where)] = there
            changes[name] = places, words
        return cls(changes)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def runs_again(self) -> bool:
        """Whether more than prices is moved."""
        return any(name not in MONEY for name in self.changes)

    def meets(self, other: Moved) -> bool:
        """Whether the two touch a common word."""
        both = self.changes.keys() & other.changes.keys()
        return any(np.intersect1d(self.changes[n][0], other.changes[n][0]).size for n in both)


def runs(places: Array) -> Iterator[tuple[int, int]]:
    """First place and count of each run of places one after the other.

    >>> list(runs(np.array([3, 4, 9])))
    [(3, 2), (9, 1)]
    """
    for part in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []:
        yield int(part[0]), len(part)


def _counts_last(streams: StreamArrays) -> StreamArrays:
    """The same laws, the tables of counts behind all others: their lengths change with demand, and what is before them stays where it
    is."""
    laws, ends = streams.laws, np.unique(np.append(streams.laws["first"], len(streams.data)))
    counts = np.isin(ends[:-1], laws["first"][laws["kind"] == DISCRETE])
    parts = [
        (first, last)
        for some in (False, True)
        for first, last in zip(ends[:-1][counts == some], ends[1:][counts == some], strict=True)
    ]
    moved, at = {int(ends[-1]): len(streams.data)}, 0  # a law without numbers may stand at the end
    for first, last in parts:
        moved[int(first)], at = at, at + int(last - first)
    laws = laws.copy()
    laws["first"] = [moved[first] for first in laws["first"].tolist()]
    return replace(
        streams, laws=laws, data=np.concatenate([np.zeros(0), *(streams.data[first:last] for first, last in parts)])
    )


def _padded(words: Array, length: int, *, copy: bool = False) -> Array:
    if len(words) >= length:
        return words.copy() if copy else words
    return np.pad(words, (0, length - len(words)))


def _words(array: Array) -> Array:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).view(np.int64)
