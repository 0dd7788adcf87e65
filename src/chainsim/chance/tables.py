"""From a uniform to a variate by looking up a table: the same bits in Python, in NumPy and in compiled code.

A *law* is one row for each piece of a distribution (see `chance.base.Piece`): which table, scale and shift. Evaluation
uses + − × ÷, comparisons and the binary exponent of u, never a logarithm, whose last bit differs between machines.

- linear: u itself (constant, uniform);
- continuous: t = min(u, 1 − u) is sorted by its binary exponent into 52 octaves, each into equal cells, and in each
  cell a polynomial of degree 5 interpolates the quantile function at Chebyshev points. The error, checked between the
  points when the table is built, is below 1e-9 of the value or of the interquartile range, whichever is larger;
- discrete: values with their cumulative probabilities; a guide table says where to begin the search (Chen & Asau,
  "On generating random variates from an empirical distribution", AIIE Transactions 6 (1974), 163–166).

`evaluate_one` and `evaluate` are the same text for one number and for an array; a test holds them to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import numpy as np

from chainsim.chance.base import Array, Distribution
from chainsim.chance.simple import UNIT_INTERVAL
from chainsim.chance.streams import SMALLEST
from chainsim.rows import Column as C
from chainsim.rows import Table

LINEAR, CONTINUOUS, DISCRETE = 0, 1, 2
OCTAVES = 52
TERMS = 6
ACCURACY = 1e-9
BELOW_HALF = 0.5 - 2.0**-54

LAW = Table(
    "Law",
    (
        C("kind", "i8", "0 linear, 1 continuous, 2 discrete"),
        C("first", "i8", "first number of its table in the flat array of all tables"),
        C("size", "i8", "continuous: cells in an octave; discrete: number of values"),
        C("guides", "i8", "discrete: length of the guide table"),
        C("start", "f8", "u at which this piece begins"),
        C("end", "f8", "u at which this piece ends; the next row is the next piece", 1.0),
        C("scale", "f8", "multiplies what the table says"),
        C("shift", "f8", "added to it"),
    ),
)


@lru_cache(
    maxsize=8192
)  # alternatives share their tables, points of a sweep too; a season of weeks for 30 products is 2,000
def build(shape: Distribution) -> tuple[int, int, int, Array]:
    """(kind, size, guides, numbers) of the table of a shape.

    Raises ValueError with a sentence when the shape is too extreme for a table of 1e-9 accuracy.
    """
    if shape == UNIT_INTERVAL:
        kind, size, guides, numbers = LINEAR, 0, 0, np.zeros(0)
    elif shape.discrete:
        kind, size, guides, numbers = _build_discrete(shape)
    else:
        kind, size, guides, numbers = _build_continuous(shape)
    numbers.flags.writeable = False
    return kind, size, guides, numbers


def evaluate_one(u: float, k: int, laws: Sequence[Any], data: Sequence[float]) -> float:
    """The variate of law k at u, 0 < u < 1. Plain numbers only, so that it can be compiled."""
    while u >= laws[k].end:
        k += 1
    law = laws[k]
    width = law.end - law.start
    if width < 1.0:
        u = (u - law.start) / width
        if u < SMALLEST:
            u = SMALLEST
        if u > 1.0 - SMALLEST:
            u = 1.0 - SMALLEST
        if u == 0.5:
            u = BELOW_HALF
    x: float = u
    if law.kind == CONTINUOUS:
        t = u
        if u > 0.5:
            t = 1.0 - u
        fraction, exponent = split(t)
        position = (fraction - 0.5) * (2.0 * law.size)
        cell = int(position)
        r = position - cell
        i = (exponent + OCTAVES) * law.size + cell
        if u > 0.5:
            i += OCTAVES * law.size
        i = law.first + i * TERMS
        x = data[i]
        for term in range(1, TERMS):
            x = x * r + data[i + term]
    elif law.kind == DISCRETE:
        i = int(data[law.first + 2 * law.size + int(u * law.guides)])
        while u >= data[law.first + i]:
            i += 1
        x = data[law.first + law.size + i]
    return float(x * law.scale + law.shift)


def split(x: float) -> tuple[float, int]:
    """x = fraction · 2^exponent with ½ ≤ fraction < 1. Compiled code has its own, which looks at the bits."""
    return math.frexp(x)


def evaluate(u: Array, k: Any, laws: np.ndarray[Any, Any], data: Array) -> Array:
    """The variates at all of u; k is one law for all, or an array with one for each."""
    law = laws[k]
    if np.ndim(law) == 0 and law["start"] == 0.0 and law["end"] == 1.0:  # one piece, one law: nothing to choose
        whole: Array = _lookup(int(law["kind"]), u, law, data) * law["scale"] + law["shift"]
        return whole
    beyond = u >= law["end"]
    while beyond.any():
        k = k + beyond
        law = laws[k]
        beyond = u >= law["end"]
    width = law["end"] - law["start"]
    if np.min(width) < 1.0:
        inner = np.minimum(np.maximum((u - law["start"]) / width, SMALLEST), 1.0 - SMALLEST)
        u = np.where(width < 1.0, np.where(inner == 0.5, BELOW_HALF, inner), u)
    if np.ndim(law) == 0:
        x = _lookup(int(law["kind"]), u, law, data)
    else:
        x = u.copy()
        for kind in np.unique(law["kind"]):
            of_kind = law["kind"] == kind
            x[of_kind] = _lookup(int(kind), u[of_kind], law[of_kind], data)
    variates: Array = x * law["scale"] + law["shift"]
    return variates


def _lookup(kind: int, u: Array, law: Any, data: Array) -> Array:
    if kind == LINEAR:
        return u
    return _continuous(u, law, data) if kind == CONTINUOUS else _discrete(u, law, data)


def _continuous(u: Array, law: Any, data: Array) -> Array:
    upper = u > 0.5
    fraction, exponent = np.frexp(np.where(upper, 1.0 - u, u))
    position = (fraction - 0.5) * (2.0 * law["size"])
    cell = position.astype(np.int64)
    r = position - cell
    i = (exponent + OCTAVES + OCTAVES * upper) * law["size"] + cell
    i = law["first"] + i * TERMS
    x: Array = data[i]
    for term in range(1, TERMS):
        x = x * r + data[i + term]
    return x


def _discrete(u: Array, law: Any, data: Array) -> Array:
    if np.ndim(law) == 0:
        first, size = int(law["first"]), int(law["size"])
        found = np.searchsorted(data[first : first + size], u, side="right")
        return data[first + size + found]
    low = np.zeros(len(u), np.int64)  # bisection for the first cumulative probability above u
    high = law["size"] - 1
    while (low < high).any():
        middle = (low + high) // 2
        right = u >= data[law["first"] + middle]
        low, high = np.where(right, np.minimum(middle + 1, high), low), np.where(right, high, middle)
    found = law["first"] + law["size"] + low
    values: Array = data[found]
    return values


def _build_discrete(shape: Distribution) -> tuple[int, int, int, Array]:
    values, cumulative = shape.cumulative()
    guides = 1 << max(0, len(values) - 1).bit_length()
    begin = np.searchsorted(cumulative, np.arange(guides) / guides, side="right")
    return DISCRETE, len(values), guides, np.concatenate((cumulative, values, begin.astype(np.float64)))


def _build_continuous(shape: Distribution) -> tuple[int, int, int, Array]:
    points, solve = _interpolation()
    between = np.concatenate(([0.0, 1.0 - 1e-9], (points[:-1] + points[1:]) / 2.0))
    quarter = np.array([0.25])
    spread = float(shape.upper_quantile(quarter)[0] - shape.quantile(quarter)[0])
    worst = math.inf
    for cells in (8, 16, 32, 64):
        numbers = []
        worst = 0.0
        for function in (shape.quantile, shape.upper_quantile):
            coefficients = _product(function(_grid(cells, points)), solve)
            exact = function(_grid(cells, between))
            error = np.abs(_product(coefficients, np.vander(between, TERMS).T) - exact)
            worst = max(worst, float(np.max(error / np.maximum(np.abs(exact), spread))))
            numbers.append(coefficients.ravel())
        if worst < ACCURACY:
            return CONTINUOUS, cells, 0, np.concatenate(numbers)
    raise ValueError(
        f"{shape} is too extreme: its table would be wrong by {worst:.1g} of the value, more than {ACCURACY:g}. "
        "Choose a smaller coefficient of variation."
    )


@cache
def _interpolation() -> tuple[Array, Array]:
    """The Chebyshev points of the unit interval, and for each the polynomial that is 1 there and 0 at the others, its highest
    power first: exact fractions, rounded once."""
    points = [0.5 - 0.5 * math.cos((k + 0.5) * math.pi / TERMS) for k in range(TERMS)]
    exact = [Fraction(x) for x in points]
    rows = []
    for j, x in enumerate(exact):
        row = [Fraction(1)]
        for other in exact[:j] + exact[j + 1 :]:
            row = [(a - other * b) / (x - other) for a, b in zip((*row, Fraction(0)), (Fraction(0), *row), strict=True)]
        rows.append([float(a) for a in row])
    return np.array(points), np.array(rows)


def _product(a: Array, b: Array) -> Array:
    """a @ b, added up in the order of the columns of a. Libraries of linear algebra add in an order of the processor's own."""
    total: Array = a[:, :1] * b[0]
    for j in range(1, len(b)):
        total = total + a[:, j : j + 1] * b[j]
    return total


def _grid(cells: int, inside: Array) -> Array:
    """t at relative places `inside` every cell: [octave × cell, place]. Octave i covers 2^(i − 53) to 2^(i − 52)."""
    octave, cell = np.divmod(np.arange(OCTAVES * cells), cells)
    left = np.ldexp(0.5 + cell / (2.0 * cells), octave - OCTAVES)
    width = np.ldexp(0.5 / cells, octave - OCTAVES)
    grid: Array = left[:, None] + width[:, None] * inside
    return grid
