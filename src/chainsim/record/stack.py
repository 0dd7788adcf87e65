"""Many replications of one policy as one value, so that they are audited and measured together.

NumPy costs some microseconds per call, whatever the length of the arrays: with the replication as the first axis a
block of replications costs hardly more calls than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.record.record import Record
from chainsim.record.totals import TOTALS

Array = np.ndarray[Any, Any]
PART = 8 * 2**20
"""Bytes of replications that are taken together: enough to make calls cheap, and still near the processor."""


@dataclass(frozen=True)
class Records:
    """Replications of one policy. The fields are those of `Record`, stacked: the first axis is the replication.

    replications: their numbers, int64 [replications].
    opening / closing: structured arrays [replications, rows] by table name (`TOTALS`).
    series: float64 [replications, SERIES, rows, buckets], a row for every stock point or group of them; edges: ticks, the same for all.
    waiting, waiting_time: float64 [replications, points]. events: int64 [replications].
    """

    policy: str
    replications: Array
    opening: dict[str, Array]
    closing: dict[str, Array]
    series: Array
    edges: Array
    waiting: Array
    waiting_time: Array
    events: Array

    @classmethod
    def of(cls, records: Sequence[Record]) -> Records:
        """Stack records of the same policy (at least one). A single one is not copied."""
        return cls(
            policy=records[0].policy,
            replications=np.array([r.replication for r in records], np.int64),
            opening={name: _stacked([r.opening[name] for r in records]) for name in TOTALS},
            closing={name: _stacked([r.closing[name] for r in records]) for name in TOTALS},
            series=_stacked([r.series for r in records]),
            edges=records[0].edges,
            waiting=_stacked([np.asarray(r.waiting, np.float64) for r in records]),
            waiting_time=_stacked([np.asarray(r.waiting_time, np.float64) for r in records]),
            events=np.array([r.events for r in records], np.int64),
        )

    def __len__(self) -> int:
        return len(self.replications)

    def __getitem__(self, place: int) -> Records:
        """The block of one at a place, not copied."""
        here = slice(place, place + 1)
        return Records(
            policy=self.policy,
            replications=self.replications[here],
            opening={name: table[here] for name, table in self.opening.items()},
            closing={name: table[here] for name, table in self.closing.items()},
            series=self.series[here],
            edges=self.edges,
            waiting=self.waiting[here],
            waiting_time=self.waiting_time[here],
            events=self.events[here],
        )

    def record(self, place: int) -> Record:
        """The Record at a place, not copied; it has no event log."""
        return Record(
            policy=self.policy,
            replication=int(self.replications[place]),
            opening={name: table[place] for name, table in self.opening.items()},
            closing={name: table[place] for name, table in self.closing.items()},
            series=self.series[place],
            edges=self.edges,
            waiting=self.waiting[place],
            waiting_time=self.waiting_time[place],
            events=int(self.events[place]),
        )

    def singly(self) -> Iterator[Record]:
        """One Record after the other."""
        return (self.record(place) for place in range(len(self)))


def stacks(records: Iterable[Record]) -> Iterator[Records]:
    """Records of one policy in stacks of about `PART` bytes. When making one fails, those before it come first."""
    held: list[Record] = []
    try:
        for record in records:
            held.append(record)
            if len(held) * nbytes(record) >= PART:
                yield Records.of(held)
                held = []
    except Exception:
        if held:
            yield Records.of(held)
        raise
    if held:
        yield Records.of(held)


def nbytes(record: Record) -> int:
    """Bytes of the arrays of one Record, which is what it takes in a stack."""
    tables = [moment[name].nbytes for moment in (record.opening, record.closing) for name in TOTALS]
    return int(sum(tables)) + record.series.nbytes + record.waiting.nbytes + record.waiting_time.nbytes


def add_up(index: Array, values: Array, length: int) -> Array:
    """Sums of values [replications, n] by place: value i goes to place index[i] of `length`, in the order of i.

    >>> add_up(np.array([1, 0, 1]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 2)
    array([[ 2.,  4.],
           [ 5., 10.]])
    """
    rows = len(values)
    place = index + length * np.arange(rows)[:, None]
    sums = np.bincount(place.ravel(), values.ravel(), rows * length)
    return sums.astype(np.float64, copy=False).reshape(rows, length)


def _stacked(arrays: list[Array]) -> Array:
    first = arrays[0]
    if len(arrays) == 1:
        return first[None]
    if first.dtype.names is None:
        return np.stack(arrays)
    # NumPy copies structured rows column by column: as plain bytes it takes a fortieth of the time
    return np.stack([np.ascontiguousarray(a).view(np.uint8) for a in arrays]).view(first.dtype)
