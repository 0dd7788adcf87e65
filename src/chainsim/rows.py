"""State as rows: one field table makes the Python row, the NumPy record and the manual's page.

A rule receives rows and changes their fields. In the simpy engine a row is an object with slots (quick to read
and write, easy to look at); in compiled code it will be a record of a structured array. Both are made from the
same `Table`, so the same rule runs on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Column:
    """One field of a row: `type` is 'i8' (index, count, tick), 'u8' (key word) or 'f8' (quantity)."""

    name: str
    type: str
    meaning: str
    initial: float = 0


@dataclass(frozen=True)
class Table:
    """A named list of columns: those that stay as they are during a replication, and those that may change."""

    name: str
    fixed: tuple[Column, ...]
    state: tuple[Column, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return self.fixed + self.state

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype([(c.name, c.type) for c in self.columns])

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    def array(self, length: int) -> np.ndarray[Any, Any]:
        """A structured array of this table with every column at its initial value."""
        array = np.zeros(length, self.dtype)
        for c in self.columns:
            if c.initial:
                array[c.name] = c.initial
        return array

    def row_class(self) -> type:
        """A class with one slot per column, made once per table and cached."""
        return _row_class(self)

    def rows(self, array: np.ndarray[Any, Any]) -> list[Any]:
        """Python rows with the values of a structured array (whole columns as int, quantities as float)."""
        cls = self.row_class()
        return [cls(*values) for values in array.tolist()]

    def row(self, **values: float) -> Any:
        """One Python row to try a rule on: these columns as given, all others at their initial value.

        Raises TypeError for a column that the table has not.

        >>> Table("Cup", (Column("tea", "f8", "ml"), Column("owner", "i8", "-1: nobody", -1))).row(tea=200.0)
        Cup(tea=200.0, owner=-1)
        """
        unknown = sorted(set(values) - set(self.names))
        if unknown:
            raise TypeError(f"{self.name} has no column {', '.join(unknown)}; it has {', '.join(self.names)}")
        (row,) = self.rows(self.array(1))
        for name, value in values.items():
            setattr(row, name, value)
        return row

    def record(self, rows: list[Any]) -> np.ndarray[Any, Any]:
        """The structured array of Python rows."""
        array = np.zeros(len(rows), self.dtype)
        for name in self.names:
            array[name] = [getattr(row, name) for row in rows]
        return array


_CLASSES: dict[Table, type] = {}


def _row_class(table: Table) -> type:
    if table not in _CLASSES:
        names = table.names

        def __init__(self: Any, *values: Any) -> None:
            for name, value in zip(names, values, strict=True):
                setattr(self, name, value)

        def __repr__(self: Any) -> str:
            return f"{table.name}(" + ", ".join(f"{n}={getattr(self, n)}" for n in names) + ")"

        _CLASSES[table] = type(table.name, (), {"__slots__": names, "__init__": __init__, "__repr__": __repr__})
    return _CLASSES[table]
