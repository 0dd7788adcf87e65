"""Formulas of a workbook, worked out without a spreadsheet: the handful of functions that our sheets use, on whole ranges."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from openpyxl.utils import range_boundaries
from scipy.stats import t

TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<cells>(?:\'[^\']+\'!|\w+!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)|(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?)'
    r"|(?P<name>[A-Z]+)(?=\()|(?P<sign><=|>=|<>|[-+*/&=<>(),]))"
)


class Book:
    """The values of an openpyxl workbook, its formulas worked out. changes: (sheet, cell) → what is typed there."""

    def __init__(self, book: Any, changes: dict[tuple[str, str], Any] | None = None) -> None:
        self.book, self.changes = book, changes or {}
        self.value = cache(self._value)

    def _value(self, sheet: str, cell: str) -> Any:
        if (sheet, cell) in self.changes:
            return self.changes[sheet, cell]
        content = self.book[sheet][cell].value
        if isinstance(content, str) and self.book[sheet][cell].data_type == "f":
            return _plain(_Reader(self, sheet, content.removeprefix("=")).whole())
        return content

    def cells(self, sheet: str, cells: str) -> Any:
        """One value, or an array of all values of a range."""
        if "!" in cells:
            sheet, cells = cells.rsplit("!", 1)
            sheet = sheet.strip("'")
        cells = cells.replace("$", "")
        if ":" not in cells:
            return self.value(sheet, cells)
        left, top, right, bottom = range_boundaries(cells)
        rows = self.book[sheet].iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right)
        return np.array([[self.value(sheet, c.coordinate) for c in row] for row in rows], object)


class _Reader:
    """Reads a formula from left to right, by rank: comparison, joining of texts, sums, products, signs."""

    def __init__(self, book: Book, sheet: str, formula: str) -> None:
        self.book, self.sheet = book, sheet
        self.tokens = [(m.lastgroup, m[m.lastgroup or 0]) for m in TOKEN.finditer(formula)]
        assert "".join(text for _, text in self.tokens).replace(" ", "") == formula.replace(" ", ""), formula
        self.at = 0

    def whole(self) -> Any:
        found = self._comparison()
        assert self.at == len(self.tokens), self.tokens[self.at :]
        return found

    def _next(self, *signs: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self.tokens[self.at][1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def _chain(self, inner: Callable[[], Any], signs: dict[str, Callable[[Any, Any], Any]]) -> Any:
        left = inner()
        while sign := self._next(*signs):
            left = np.frompyfunc(signs[sign], 2, 1)(left, inner())
        return left

    def _comparison(self) -> Any:
        return self._chain(self._joined, {
            "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
            ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
        })  # fmt: skip

    def _joined(self) -> Any:
        return self._chain(self._sum, {"&": lambda a, b: f"{_as_text(a)}{_as_text(b)}"})

    def _sum(self) -> Any:
        return self._chain(self._product, {"+": lambda a, b: a + b, "-": lambda a, b: a - b})

    def _product(self) -> Any:
        return self._chain(self._signed, {"*": lambda a, b: a * b, "/": lambda a, b: a / b})

    def _signed(self) -> Any:
        if self._next("-"):
            return np.frompyfunc(lambda a: -(float(a)), 1, 1)(self._signed())
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "number":
            return float(text)
        if kind == "cells":
            return self.book.cells(self.sheet, text)
        if kind == "name":
            return self._function(text)
        assert text == "(", self.tokens
        found = self._comparison()
        assert self._next(")")
        return found

    def _function(self, name: str) -> Any:
        assert self._next("(")
        arguments = [self._comparison()]
        while self._next(","):
            arguments.append(self._comparison())
        assert self._next(")")
        return FUNCTIONS[name](*arguments)


def _numbers(cells: Any) -> list[float]:
    return [
        float(x) for x in np.ravel(np.asarray(cells, object)) if isinstance(x, int | float) and not isinstance(x, str)
    ]


def _product(*ranges: Any) -> float:
    arrays = [np.asarray(r, object).astype(float) for r in ranges]
    assert len({a.shape for a in arrays}) == 1, "SUMPRODUCT wants ranges of one shape"
    return float(np.prod(arrays, axis=0).sum())


def _match(value: Any, cells: Any, kind: float) -> int:
    assert kind == 0
    return next((i + 1 for i, x in enumerate(np.ravel(cells)) if x == value), 0)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *a: sum(x for r in a for x in _numbers(r)),
    "SUMPRODUCT": _product,
    "AVERAGE": lambda r: float(np.mean(_numbers(r))),
    "STDEV": lambda r: float(np.std(_numbers(r), ddof=1)),
    "SQRT": lambda x: float(x) ** 0.5,
    "ABS": abs,
    "TINV": lambda p, n: float(t.isf(p / 2.0, n)),
    "AND": lambda *a: all(bool(x) for x in a),
    "IF": lambda test, yes, no: yes if test else no,
    "INDEX": lambda cells, n: np.ravel(cells)[int(n) - 1] if n else None,
    "MATCH": lambda *a: _match(*a),
    "COUNTIF": lambda cells, value: sum(x == value for x in np.ravel(cells)),
}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _as_text(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
