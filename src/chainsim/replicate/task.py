"""One task: some replications of a Plan, simulated and read; what a worker does, and what it hands back."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from chainsim.engines.base import replications, simulate
from chainsim.errors import BudgetError, ChainsimError, ConservationError
from chainsim.plan.plan import Plan
from chainsim.record.record import Event, Record
from chainsim.record.stack import Records, stacks

R = TypeVar("R")
Arrays = TypeVar("Arrays", bound=tuple[Any, ...])
Logs = Sequence[Sequence[Event]]
"""The event log of each replication; () unless the task keeps logs."""
Reader = Callable[[Plan], Callable[[Records, Logs], R]]
"""Given a Plan, the function that reads its replications, as many at once as the engine hands over, in order. It travels to
workers with its task: a class, or a `partial` of one, whose instances keep what is the same for all replications."""


class ReplicationError(ChainsimError):
    """One replication failed; the message names policy, replication and seed, a note carries the trace."""


@dataclass(frozen=True, order=True)
class Block:
    """Replications first … first + count − 1 of one of the Plans that are replicated together: its number among them."""

    of: int
    first: int
    count: int

    @property
    def end(self) -> int:
        """The first replication after it."""
        return self.first + self.count


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """What was read of the replications of a block, in order: one part for each stack of them."""

    block: Block
    parts: tuple[R, ...]


@dataclass(frozen=True)
class Failure:
    """A block that failed, as plain data: exceptions do not travel well between processes.

    replication: the first that failed. family: what to raise for it. kind, message: the error's own class and words.
    exit_code: that of an error of ours, None for any other. trace: where it was raised.
    """

    block: Block
    replication: int
    family: type[Exception]
    kind: str
    message: str
    exit_code: int | None
    trace: str

    @property
    def text(self) -> str:
        """What an error of ours says; any other with the name of its class."""
        return self.message if self.exit_code is not None else f"{self.kind}: {self.message}"

    def error(self) -> Exception:
        """To be raised where there is no more to say."""
        made = self.family(self.text)
        made.add_note(self.trace)
        return made


FAMILIES = (BudgetError, ConservationError, MemoryError)


@dataclass(frozen=True)
class Task(Generic[R]):
    """All a worker needs for one block. logged: the reader wants event logs."""

    block: Block
    plan: Plan
    engine: str
    reader: Reader[R]
    logged: bool = False
    common: ClassVar[tuple[str, ...]] = ("plan",)
    """What it shares with other tasks, and need not travel with each."""

    def __str__(self) -> str:
        return f"'{self.plan.policy}' from replication {self.block.first}"

    def run(self) -> Outcome[R] | Failure:
        """Simulate and read every replication of the block; never raises."""
        parts: list[R] = []
        next_one = self.block.first
        try:
            read = self.reader(self.plan)
            for records, logs in self._simulated():
                try:
                    parts.append(read(records, logs))
                except Exception as error:
                    return self._first_failure(read, records, logs) or self._failure(error, next_one)
                next_one += len(records)
            return Outcome(self.block, tuple(parts))
        except Exception as error:  # told to the caller with its place; the other blocks go on
            return self._failure(error, next_one)

    def _simulated(self) -> Iterator[tuple[Records, Logs]]:
        if not self.logged:
            for records in replications(self.plan, self.block.first, self.block.count, engine=self.engine):
                yield records, ()
            return
        logs: list[Sequence[Event]] = []

        def singly() -> Iterator[Record]:
            for replication in range(self.block.first, self.block.end):
                record = simulate(self.plan, replication, engine=self.engine, log=True)
                logs.append(record.log or ())
                yield record

        for records in stacks(singly()):
            yield records, logs[-len(records) :]

    def _first_failure(self, read: Callable[[Records, Logs], R], records: Records, logs: Logs) -> Failure | None:
        """Told of the first of these that cannot be read by itself."""
        for place in range(len(records)):
            try:
                read(records[place], logs[place : place + 1])
            except Exception as error:
                return self._failure(error, int(records.replications[place]))
        return None

    def _failure(self, error: Exception, replication: int) -> Failure:
        return Failure(
            block=self.block,
            replication=replication,
            family=next((family for family in FAMILIES if isinstance(error, family)), ReplicationError),
            kind=type(error).__name__,
            message=str(error),
            exit_code=error.exit_code if isinstance(error, ChainsimError) else None,
            trace="".join(traceback.format_exception(error)),
        )


def joined(parts: Sequence[Arrays]) -> Arrays:
    """Parts of several stacks or blocks as one, where they are NamedTuples of arrays whose first axis is the replication."""
    arrays = (np.concatenate(same) if len(same) > 1 else same[0] for same in zip(*parts, strict=True))
    return type(parts[0])(*arrays)
