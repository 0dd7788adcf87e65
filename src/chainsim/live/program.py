"""Arithmetic that is noted instead of done: symbols that stand for the numbers of one replication, and what is done with them.

A `Symbol` behaves like a NumPy array whose first axis is one replication, as far as measures need it. Each operation is noted once. The page
carries the notes out, replication by replication, in the order of additions that NumPy has: the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

PAIRS = {
    np.add: "+",
    np.subtract: "-",
    np.multiply: "*",
    np.divide: "/",
    np.greater: ">",
    np.greater_equal: ">=",
    np.less: "<",
    np.less_equal: "<=",
    np.equal: "==",
    np.not_equal: "!=",
    np.maximum: "max",
    np.minimum: "min",
}
"""Operations on two operands, by their names in the page."""


OPERANDS = {
    "constant": 0,
    "array": 0,
    "growth": 0,
    "series": 0,
    "take": 1,
    "sum": 1,
    "window": 1,
    "variance": 1,
    "where": 3,
}
"""How many operands of an operation are results of others; 2 of those that are not named: pairs and "join"."""


class Untold(TypeError):
    """Something is done with numbers that a page cannot do."""


class Program:
    """Operations (name, operands …) with the shape of their results; operands are numbers of operations first, then of lists.

    lists: whole numbers, each list once; constants: the same of quantities.
    """

    def __init__(self) -> None:
        self.operations: list[tuple[Any, ...]] = []
        self.shapes: list[Shape] = []
        self.lists: list[Array] = []
        self.constants: list[Array] = []
        self._known: dict[Any, int] = {}

    def note(self, shape: Shape, name: str, *operands: Any) -> Symbol:
        """A symbol for the result of an operation."""
        key = (shape, name, *operands)
        if key not in self._known:
            self._known[key] = len(self.operations)
            self.operations.append((name, *operands))
            self.shapes.append(shape)
        return Symbol(self, self._known[key], shape)

    @property
    def sizes(self) -> list[int]:
        """Numbers in the result of each operation."""
        return [math.prod(shape) for shape in self.shapes]

    def operands_of(self, number: int) -> Sequence[int]:
        """Operations whose results an operation needs."""
        name, *operands = self.operations[number]
        return operands[: OPERANDS.get(name, 2)]

    def renumbered(self, number: int, numbers: Mapping[int, int]) -> Sequence[Any]:
        """The operands of an operation, where operations have other numbers."""
        count = len(self.operands_of(number))
        operands = self.operations[number][1:]
        return [*(numbers[n] for n in operands[:count]), *operands[count:]]

    def whole(self, numbers: Any) -> int:
        """The number of a list of whole numbers."""
        return self._once(self.lists, np.ascontiguousarray(numbers, np.int64))

    def constant(self, value: Any, shape: Shape | None = None) -> Symbol:
        """A symbol for numbers that are known now; shape: to be repeated to it, unless it is a single one."""
        array = np.asarray(value, np.float64)
        if array.size != 1 and shape is not None:
            array = np.broadcast_to(array, shape)
        return self.note(array.shape, "constant", self._once(self.constants, np.ascontiguousarray(array).ravel()))

    def told(self, value: Any, shape: Shape) -> Symbol:
        """An operand of an operation with a result of this shape: all of it, or a single number."""
        symbol = value if isinstance(value, Symbol) else self.constant(value, shape)
        if symbol.size not in (1, math.prod(shape)):
            raise Untold(f"numbers of shape {symbol.shape} are repeated to {shape}")
        return symbol

    def _once(self, held: list[Array], array: Array) -> int:
        key = (id(held), array.tobytes())
        if key not in self._known:
            self._known[key] = len(held)
            held.append(array)
        return self._known[key]


class Symbol(NDArrayOperatorsMixin):
    """Numbers of one replication that are known when the page runs."""

    def __init__(self, program: Program, number: int, shape: Shape) -> None:
        self.program, self.number, self.shape = program, number, shape

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def width(self) -> int:
        """Numbers of a row: buckets of a series, else 1."""
        return self.shape[2] if self.ndim == 3 else 1

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, *_: Any, **__: Any) -> Array:
        raise Untold("a page cannot look at the numbers while it is made")

    def __bool__(self) -> bool:
        raise Untold("a page cannot decide by numbers while it is made")

    def astype(self, *_: Any, **__: Any) -> Symbol:
        """All are 64-bit numbers."""
        return self

    def ravel(self) -> Symbol:
        """The same numbers in one row."""
        return self.reshape(self.size)

    def reshape(self, *shape: int) -> Symbol:
        """The same numbers in another shape."""
        if math.prod(shape) != self.size:
            raise Untold(f"shape {self.shape} as {shape}")
        return Symbol(self.program, self.number, shape)

    def take(self, rows: Any, axis: int = 1) -> Symbol:
        """Some rows (stock points, lanes, scopes), in this order."""
        if axis != 1 or self.ndim < 2:
            raise Untold(f"take along axis {axis}")
        return self._rows((1, len(rows), *self.shape[2:]), rows)

    def __getitem__(self, index: Any) -> Symbol:
        if isinstance(index, np.ndarray) and index.dtype.kind == "i" and self.ndim == 1:
            return self._rows(index.shape, index)
        if (
            isinstance(index, tuple)
            and len(index) == 2
            and index[0] == slice(None)
            and isinstance(index[1], np.ndarray)
        ):
            return self.take(index[1])
        raise Untold(f"index {index}")

    def _rows(self, shape: Shape, rows: Any) -> Symbol:
        count = self.size // self.width
        return self.program.note(
            shape, "take", self.number, self.program.whole(np.asarray(rows, np.int64) % count), self.width
        )

    def added_up(self, group: Any, member: Any, count: int) -> Symbol:
        """Sums over groups of rows, given as pairs (group, row), in the order of the pairs, from 0 on."""
        lists = self.program.whole(group), self.program.whole(member)
        return self.program.note((1, count, *self.shape[2:]), "sum", self.number, *lists, self.width)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Symbol:
        if method == "reduce" and ufunc is np.add and options == {"axis": 1} and self.ndim == 3:
            rows = np.arange(self.shape[1])
            return self.added_up(0 * rows, rows, 1).reshape(1, self.width)
        if method != "__call__" or options or ufunc not in PAIRS:
            raise Untold(f"numpy.{ufunc.__name__}")
        one = [x for x in inputs if not isinstance(x, Symbol) and np.ndim(x) == 0 and x == 1.0]
        if ufunc is np.multiply and one:
            return self
        shape = _together(*inputs)
        a, b = (self.program.told(x, shape) for x in inputs)
        return self.program.note(shape, PAIRS[ufunc], a.number, b.number)

    def __array_function__(self, function: Any, types: Any, args: Sequence[Any], kwargs: Any) -> Any:
        if function is np.where and len(args) == 3 and not kwargs:
            shape = _together(*args)
            condition, yes, no = (self.program.told(x, shape).number for x in args)
            return self.program.note(shape, "where", condition, yes, no)
        if function is np.bincount and len(args) == 3 and self.ndim == 1:
            index, weights, length = args
            rows = weights.reshape(1, weights.size)
            return rows.added_up(index, np.arange(len(index)), length).ravel()
        if function is np.full_like and len(args) == 2 and not kwargs:
            return np.full(self.shape, args[1])
        if function is np.shape:
            return self.shape
        raise Untold(f"numpy.{function.__name__}")


def _together(*values: Any) -> Shape:
    return np.broadcast_shapes(*(x.shape if isinstance(x, Symbol) else np.shape(x) for x in values))
