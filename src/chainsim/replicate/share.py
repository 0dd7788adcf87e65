"""A share of some work: one of N equal parts, told by arithmetic alone, so that N machines agree without a word between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chainsim.errors import UsageError

if TYPE_CHECKING:  # the command line reads shares, and must answer at once
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_SHARES = 1_000_000
_WRITTEN = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Share:
    """Share `number` (0 … of − 1) of `of`. What is alike is cut in a row (`has`), what is unlike is dealt out like cards
    (`takes`): a dear kind of it falls to everybody.

    >>> [list(range(10))[Share(k, 3).row(10)] for k in range(3)]
    [[0, 1, 2], [3, 4, 5], [6, 7, 8, 9]]
    >>> [Share.owner(unit, 10, 3) for unit in range(10)]
    [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]
    >>> [i for i in range(10) if Share(1, 3).takes(i)]
    [1, 4, 7]
    """

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @staticmethod
    def read(text: str) -> Share:
        """What 'K/N' says. Raises UsageError.

        >>> Share.read("0/10")
        Share(number=0, of=10)
        """
        found = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
        number, of = (int(found[1]), int(found[2])) if found else (0, 0)
        if not found or not 1 <= of <= MOST_SHARES:
            raise UsageError(
                f"--shard takes K/N, share K of N, counted from 0, with N from 1 to {MOST_SHARES:,}; such as 0/10, or "
                f"$SLURM_ARRAY_TASK_ID/1000; not '{text}'"
            )
        if number >= of:
            raise UsageError(
                f"--shard {text}: shares of {of} are counted from 0 to {of - 1}, and there is no share {number}. An array of "
                f"jobs counts the same way where it is asked for 0-{of - 1}"
            )
        return Share(number, of)

    def row(self, total: int) -> slice:
        """Its part of so many units in a row."""
        return slice(self.number * total // self.of, (self.number + 1) * total // self.of)

    def has(self, units: Array, total: int) -> Array:
        """Which of these units, of so many in a row, are its own."""
        mine = self.row(total)
        inside: Array = (units >= mine.start) & (units < mine.stop)
        return inside

    @staticmethod
    def owner(unit: int, total: int, of: int) -> int:
        """The number of the share that has a unit of so many in a row."""
        return ((unit + 1) * of - 1) // total

    def takes(self, item: int) -> bool:
        """Whether an item that is dealt out is its own."""
        return item % self.of == self.number


def several(numbers: list[int]) -> str:
    """Numbers in short, runs of them by their ends.

    >>> several([2, 5, 6, 7, 9])
    '2, 5–7, 9'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in runs)
