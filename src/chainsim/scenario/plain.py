"""Python values as the tree that a YAML file would give, for scenarios made in code or in a notebook.

Numbers and arrays of NumPy and scalars of pandas stand for what they say; what no file could hold is refused with its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from numbers import Integral, Real
from pathlib import PurePath
from typing import Any

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.scenario.nodes import Node, Path, written
from chainsim.scenario.read import MAX_DEPTH, UNPRINTABLE
from chainsim.scenario.render import escape
from chainsim.scenario.scalars import LONGEST_INTEGER

MAX_VALUES = 2_000_000
"""Most values a scenario made in code may hold: more than a file of the largest size does."""

_NAT = ("expected a date or a length of time, got NaT", "leave the key out")


def node_of(value: Any, file: str, path: Path = ()) -> Node:
    """The tree of a value that stands at `path` of the scenario called `file`. Raises ScenarioError with every finding.

    A number of NumPy, of pandas, a Fraction or a Decimal is a number; an array, a tuple, a range or a Series is the list of
    its values; a time span is a length ('1.5 days'); a date is its ISO text; a pathlib path is its text.

    >>> node_of({"mean": (1, 2.5), "every": timedelta(hours=36)}, "case").plain()
    {'mean': [1, 2.5], 'every': '1.5 days'}
    """
    grower = _Grower(file)
    node = grower.grow(value, path)
    if grower.findings:
        raise ScenarioError(grower.findings)
    return node


class _Grower:
    """Makes nodes of values; what is wrong is collected."""

    def __init__(self, file: str) -> None:
        self.file, self.count, self.full = file, 0, False
        self.findings: list[Finding] = []
        self.open: list[int] = []  # ids of the lists and mappings that hold the value at hand

    def grow(self, value: Any, path: Path) -> Node:
        self.count += 1
        if value is None or isinstance(value, bool):
            return Node(value)
        if isinstance(value, str):
            return Node(self._text(str.__str__(value), path))
        if _is_time(value):
            return self._inside(value, path, self._array)
        if isinstance(value, Integral):
            return Node(self._whole(int(value), path))
        if isinstance(value, Real | Decimal):
            return Node(float(value))
        if isinstance(value, timedelta | date | PurePath):
            return self._written_out(value, path)
        if isinstance(value, Mapping):
            return self._inside(value, path, self._mapping)
        if isinstance(value, list | tuple | range):
            return self._inside(value, path, self._list)
        if hasattr(value, "tolist"):
            return self._inside(value, path, self._array)
        cure = "write them in an order, as a list" if isinstance(value, set | frozenset) else "write what it stands for"
        return self._refuse(path, f"expected a text, a number, a list or a mapping, got {_kind(value)}", cure)

    def _inside(self, value: Any, path: Path, grow: Any) -> Node:
        """What holds others, unless it holds itself, or too many."""
        if id(value) in self.open:
            return self._refuse(path, f"{_kind(value)} that holds itself")
        if len(self.open) >= MAX_DEPTH:
            return self._refuse(path, f"nested more than {MAX_DEPTH} levels deep")
        if self.count > MAX_VALUES:
            if not self.full:
                self._refuse(path, f"more than {MAX_VALUES:,} values", "split long tables off into CSV files")
            self.full = True
            return Node(None)
        self.open.append(id(value))
        node: Node = grow(value, path)
        self.open.pop()
        return node

    def _mapping(self, value: Mapping[Any, Any], path: Path) -> Node:
        held: dict[str, Node] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                shown = escape(str(key)[:60])
                self._refuse((*path, shown), f"a key must be a text, got {_kind(key)}", f"quote it: '{shown}'")
                continue
            name = self._text(str.__str__(key), path)
            held[name] = self.grow(item, (*path, name))
        return Node(held)

    def _list(self, value: Iterable[Any], path: Path) -> Node:
        return Node([self.grow(item, (*path, i)) for i, item in enumerate(value)])

    def _array(self, value: Any, path: Path) -> Node:
        if _is_time(value):  # of a unit below a microsecond they would come out as bare numbers
            if (value != value).any():
                return self._refuse(path, *_NAT)
            value = value.astype(f"{value.dtype.name.partition('[')[0]}[us]")
        plain = value.tolist()
        if hasattr(plain, "tolist"):
            return self._refuse(path, f"expected a number or a list, got {_kind(value)}")
        return self.grow(plain, path)

    def _written_out(self, value: Any, path: Path) -> Node:
        if value != value:  # pandas' NaT
            return self._refuse(path, *_NAT)
        if isinstance(value, timedelta):
            return Node(f"{value / timedelta(days=1):.15g} days")
        if isinstance(value, PurePath):
            return Node(self._text(value.as_posix(), path))
        midnight = isinstance(value, datetime) and value.time() == time()
        return Node((value.date() if midnight else value).isoformat())

    def _text(self, text: str, path: Path) -> str:
        found = UNPRINTABLE.search(text)
        if found:
            self._refuse(path, f"the text {escape(text[:60])} holds a character no text can have")
        return text

    def _whole(self, number: int, path: Path) -> int:
        if abs(number) >= 10**LONGEST_INTEGER:
            self._refuse(path, f"a whole number of more than {LONGEST_INTEGER} digits is too long")
            return 0
        return number

    def _refuse(self, path: Path, message: str, cure: str = "") -> Node:
        self.findings.append(Finding("error", Place(self.file), written(path), message, cure))
        return Node(None)


def _is_time(value: Any) -> bool:
    """Is it one of NumPy's dates or time spans, or an array of them?"""
    return getattr(getattr(value, "dtype", None), "kind", "") in ("m", "M")


def _kind(value: Any) -> str:
    """What a value is, with how it reads when that is short.

    >>> _kind({1}), _kind(3)
    ('a set ({1})', 'an int (3)')
    """
    name, shown = type(value).__name__, escape(repr(value))
    article = "an" if name[0].lower() in "aeiou" else "a"
    return f"{article} {name}" + (f" ({shown})" if len(shown) <= 40 else "")
